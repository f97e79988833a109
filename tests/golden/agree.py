"""Holds a report against the reference judge."""

from __future__ import annotations

import math
import struct
from collections.abc import Mapping
from datetime import date, datetime, time
from fractions import Fraction

from assay.compiler import ir
from assay.compiler.types import Kind
from assay.protocol.report import CheckResult, Outcome, Report, Unit
from tests.golden.running import Kept, plain
from tests.support.reference import Judged, Table, masked
from tests.support.reference.values import Value


def disagreements(report: Report, reference: dict[str, Judged]) -> list[str]:
    """One line for each thing that the report says otherwise."""
    found = [f"{name}: not in the report" for name in reference if name not in {c.id for c in report.checks}]
    for check in report.checks:
        judged = reference.get(check.id)
        if judged is None:
            found.append(f"{check.id}: not in the contract")
            continue
        found += [f"{check.id}: {difference}" for difference in _differences(check, judged)]
    return found


def _differences(check: CheckResult, judged: Judged) -> list[str]:
    facts: list[tuple[str, object, object]] = [
        ("outcome", check.outcome.value, judged.outcome.value),
        ("failed rows", check.failed_rows, judged.failed),
        ("tested rows", check.tested_rows, judged.tested),
        ("groups", check.groups, judged.groups),
        ("failed groups", check.failed_groups, judged.failed_groups),
    ]
    if check.reason not in (judged.reasons or {judged.reason}):
        facts.append(("reason", check.reason.value, judged.reason.value))
    if check.outcome is Outcome.ERROR:
        # Rows and groups of a check that could not be computed are not told.
        facts = [fact for fact in facts if fact[0] in ("outcome", "reason")]
    found = [f"{name} {said}, should be {wanted}" for name, said, wanted in facts if said != wanted]
    if not check.withheld and not same(check.value, judged.value, check.unit):
        found.append(f"value {check.value}, should be {judged.value!r}")
    return found


def row_disagreements(
    contract: ir.Contract, report: Report, kept: Kept, reference: dict[str, Judged], dataset: Table
) -> list[str]:
    """Failed rows that should not be among those that were kept, or are not; where all were kept."""
    found = []
    for check in report.checks:
        judged = reference[check.id]
        rows = kept.rows.get(check.id)
        if rows is None or judged.rows is None or len(judged.rows) != len(rows):
            continue
        shown = list(rows[0]) if rows else []
        wanted = sorted(
            _row(
                {
                    name: _cell(contract, name, masked(contract, name, dataset.rows[place][name]))
                    for name in shown
                }
            )
            for place in judged.rows
        )
        given = [{name: _cell(contract, name, row[name]) for name in shown} for row in rows]
        if sorted(_row(row) for row in given) != wanted:
            found.append(f"{check.id}: other rows were kept than failed")
    return found


def _cell(contract: ir.Contract, name: str, cell: object) -> object:
    """A `float` has the digits that it can hold, whichever driver gave it."""
    single = any(column.name == name and column.type.kind is Kind.FLOAT for column in contract.columns)
    return struct.unpack("f", struct.pack("f", cell))[0] if single and isinstance(cell, float) else cell


def _row(cells: Mapping[str, object]) -> str:
    return repr([plain(cell) for cell in cells.values()])


def same(text: str | None, value: Value, unit: Unit) -> bool:
    """Whether a written value is this one; texts have no room in a report."""
    if text is None or value is None:
        return (text is None) == (value is None or isinstance(value, str))
    match value:
        case bool():
            return text == ("true" if value else "false")
        case Fraction() | float():
            exact = isinstance(value, Fraction) and unit is not Unit.RATIO and _ends(value)
            if exact:
                return Fraction(text) == value
            return math.isclose(float(text), value, rel_tol=1e-11, abs_tol=1e-300)
        case datetime() if value.tzinfo is not None:
            return datetime.fromisoformat(text) == value
        case datetime() | date() | time():
            return text == value.isoformat()
        case _:
            return False


def _ends(value: Fraction) -> bool:
    """Whether it can be written as a decimal."""
    rest = value.denominator
    for prime in (2, 5):
        while rest % prime == 0:
            rest //= prime
    return rest == 1
