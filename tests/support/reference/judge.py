"""The checks of a contract, one by one, over tables that are lists of rows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from fractions import Fraction
from typing import TypeAlias, assert_never

from assay.compiler import ir
from assay.compiler.types import Kind, Type
from assay.protocol.report import Outcome, Reason
from tests.support.reference import schema
from tests.support.reference.casts import cast
from tests.support.reference.metrics import Calculation
from tests.support.reference.numbers import orphans, repeated
from tests.support.reference.rows import Binds, Row, columns_of, is_true, value_of
from tests.support.reference.values import RowError, Value, key, of_cell

_TEXT = Type(Kind.TEXT)
_WORST = (Outcome.PASSED, Outcome.WARNED, Outcome.NOT_EVALUATED, Outcome.FAILED, Outcome.ERROR)
Name: TypeAlias = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """`columns` as the database has them, in order; rows hold cells as a driver gives them."""

    columns: tuple[tuple[str, Type], ...]
    rows: tuple[Mapping[str, object], ...]


@dataclass(frozen=True, slots=True)
class Judged:
    """`rows` are the places of the failed rows in the table, from 0; None where no row is to blame.

    reasons   of an outcome by groups: those of all groups with the worst outcome, `reason` being one of them
    """

    outcome: Outcome
    reason: Reason
    value: Value = None
    failed: int | None = None
    tested: int | None = None
    rows: frozenset[int] | None = None
    groups: int | None = None
    failed_groups: int | None = None
    reasons: frozenset[Reason] = field(default_factory=frozenset)


def judge(
    contract: ir.Contract, tables: Mapping[Name, Table], now: datetime, params: Mapping[str, str]
) -> dict[str, Judged]:
    """The outcome of every check by its id, that of the schema among them."""
    return _Judge(contract, tables, bound(contract, now, params)).all()


def bound(contract: ir.Contract, now: datetime, params: Mapping[str, str]) -> dict[str, Value]:
    """What is fixed once per run: `now`, `today` and the parameters."""
    binds: dict[str, Value] = {"now": now.astimezone(UTC), "today": now.astimezone(UTC).date()}
    for param in contract.params:
        given = params.get(param.name)
        if given is not None:
            binds[param.name] = cast(given, _TEXT, param.type)
        elif param.default is not None:
            binds[param.name] = cast(value_of(param.default, {}, binds), param.default.type, param.type)
    return binds


class _Judge:
    def __init__(self, contract: ir.Contract, tables: Mapping[Name, Table], binds: Binds) -> None:
        self.contract = contract
        self.tables = tables
        self.binds = binds
        self.dataset = tables.get(contract.table)
        declared = {column.name: column.type for column in contract.columns}
        self.cells = {
            name: [
                {
                    column: of_cell(cell, declared.get(column, native) if name == contract.table else native)
                    for (column, native), cell in zip(table.columns, row.values(), strict=True)
                }
                for row in table.rows
            ]
            for name, table in tables.items()
        }

    def all(self) -> dict[str, Judged]:
        found = {self.contract.schema.id: self._schema()}
        for check in self.contract.checks:
            fault = self._fault(check)
            try:
                found[check.head.id] = self._check(check) if fault is None else Judged(Outcome.ERROR, fault)
            except RowError as error:
                found[check.head.id] = Judged(Outcome.ERROR, error.reason)
        return found

    def _schema(self) -> Judged:
        if self.dataset is None:
            return Judged(Outcome.ERROR, Reason.MISSING_TABLE)
        faults = schema.faults(self.contract, self.dataset.columns)
        outcome = Outcome.FAILED if faults else Outcome.PASSED
        return Judged(outcome, faults[0] if faults else Reason.WITHIN_BOUNDS, Fraction(len(faults)))

    def _fault(self, check: ir.Check) -> Reason | None:
        """Why a check cannot be asked of these tables."""
        if self.dataset is None or any(target.table not in self.tables for target in _targets(check)):
            return Reason.MISSING_TABLE
        there = dict(self.dataset.columns)
        used = columns_of(self.contract.filter, *_expressions(check))
        if any(name not in there for name in used):
            return Reason.MISSING_COLUMN
        for column in self.contract.columns:
            if column.name in used and not schema.comparable(column.type, there[column.name]):
                return Reason.TYPE_MISMATCH
        return None

    # ------------------------------------------------------------ rows

    def _scope(self, where: ir.Expr | None) -> list[int]:
        """The places of the rows that the filter and `where` let through."""
        return [
            place
            for place, row in enumerate(self.cells[self.contract.table])
            if is_true(self.contract.filter, row, self.binds) and is_true(where, row, self.binds)
        ]

    def _broken(self, check: ir.RowCheck | ir.UniqueCheck | ir.ReferenceCheck) -> tuple[list[int], list[int]]:
        """The places of the failed rows and of the tested ones."""
        rows = self.cells[self.contract.table]
        tested = self._scope(check.scope)
        match check:
            case ir.RowCheck():
                return [place for place in tested if is_true(check.breaking, rows[place], self.binds)], tested
            case ir.UniqueCheck() | ir.ReferenceCheck():
                keys = [tuple(value_of(k, rows[place], self.binds) for k in check.keys) for place in tested]
                found = (
                    repeated(keys)
                    if isinstance(check, ir.UniqueCheck)
                    else orphans(keys, check.target, self.cells)
                )
                return [tested[place] for place in found], tested
            case _:
                assert_never(check)

    # ------------------------------------------------------------ checks

    def _check(self, check: ir.Check) -> Judged:
        match check:
            case ir.MetricCheck() if check.by:
                return self._grouped(check)
            case ir.MetricCheck():
                return self._metric(check)
            case ir.RowCheck() | ir.UniqueCheck() | ir.ReferenceCheck():
                failed, tested = self._broken(check)
                return _of_rows(check.head.level, failed, tested, check.at_least)
            case _:
                assert_never(check)

    def _metric(self, check: ir.MetricCheck) -> Judged:
        rows = [self.cells[self.contract.table][place] for place in self._scope(None)]
        failed: list[int] | None = None
        tested: list[int] | None = None
        if check.failed_rows is not None:
            failed, tested = self._broken(check.failed_rows)
        judged = _of_metric(check, Calculation(rows, self.binds, self.cells), tested)
        if failed is None or tested is None:
            return judged
        return Judged(
            judged.outcome, judged.reason, judged.value, len(failed), len(tested), frozenset(failed)
        )

    def _grouped(self, check: ir.MetricCheck) -> Judged:
        groups: dict[tuple[object, ...], list[Row]] = {}
        for place in self._scope(None):
            row = self.cells[self.contract.table][place]
            groups.setdefault(key(tuple(row[column.name] for column in check.by)), []).append(row)
        judged = [_of_group(check, Calculation(rows, self.binds, self.cells)) for rows in groups.values()]
        broken = sum(one.outcome in (Outcome.WARNED, Outcome.FAILED) for one in judged)
        if not judged:
            return Judged(Outcome.NOT_EVALUATED, Reason.NO_ROWS, groups=0, failed_groups=0)
        worst = max((one.outcome for one in judged), key=_WORST.index)
        reasons = frozenset(one.reason for one in judged if one.outcome is worst)
        return Judged(worst, min(reasons), groups=len(judged), failed_groups=broken, reasons=reasons)


def _of_group(check: ir.MetricCheck, calculation: Calculation) -> Judged:
    try:
        return _of_metric(check, calculation, None)
    except RowError as error:
        # A number that is not finite spoils its group; what the database refuses spoils all of them.
        if error.reason in (Reason.NOT_FINITE, Reason.DIVISION_BY_ZERO):
            return Judged(Outcome.ERROR, error.reason)
        raise


def _of_rows(level: ir.LevelName, failed: list[int], tested: list[int], at_least: Fraction | None) -> Judged:
    counts = (len(failed), len(tested), frozenset(failed))
    value = Fraction(len(failed))
    kept = not failed
    if at_least is not None:
        if not tested:
            return Judged(Outcome.NOT_EVALUATED, Reason.NO_ROWS, None, *counts)
        value = 1 - Fraction(len(failed), len(tested))
        kept = value >= at_least
    if kept:
        return Judged(Outcome.PASSED, Reason.WITHIN_BOUNDS, value, *counts)
    return Judged(_outcome(level), Reason.OUT_OF_BOUNDS, value, *counts)


def _of_metric(check: ir.MetricCheck, calculation: Calculation, tested: Sequence[int] | None) -> Judged:
    value = calculation.value(check.metric)
    if value is None:
        none = calculation.empty or tested == []
        return Judged(Outcome.NOT_EVALUATED, Reason.NO_ROWS if none else Reason.NULL_VALUE)
    outcome = Outcome.PASSED
    unknown = False
    for promise in check.bounds:
        kept = calculation.holds(promise, value)
        unknown = unknown or kept is None
        if kept is False:
            outcome = max(outcome, _outcome(promise.level), key=_WORST.index)
    if unknown and outcome is not Outcome.FAILED:
        none = calculation.empty
        return Judged(Outcome.NOT_EVALUATED, Reason.NO_ROWS if none else Reason.NULL_VALUE, value)
    passed = outcome is Outcome.PASSED
    return Judged(outcome, Reason.WITHIN_BOUNDS if passed else Reason.OUT_OF_BOUNDS, value)


def _outcome(level: ir.LevelName) -> Outcome:
    return Outcome.FAILED if level is ir.LevelName.FAIL else Outcome.WARNED


# ---------------------------------------------------------------- what a check reads


def _metrics(check: ir.Check) -> Iterator[ir.Metric]:
    if isinstance(check, ir.MetricCheck):
        pending: list[ir.Metric | None] = [check.metric]
        for promise in check.bounds:
            pending += [promise.low, promise.high]
        while pending:
            metric = pending.pop()
            if isinstance(metric, ir.MetricCall):
                pending += metric.args
            elif metric is not None:
                yield metric


def _expressions(check: ir.Check) -> Iterator[ir.Expr | None]:
    match check:
        case ir.RowCheck():
            yield from (check.breaking, check.scope)
        case ir.UniqueCheck() | ir.ReferenceCheck():
            yield from (*check.keys, check.scope)
        case ir.MetricCheck():
            for metric in _metrics(check):
                if isinstance(metric, ir.Aggregate):
                    yield from (*metric.args, metric.where)
            yield from check.by
            if check.failed_rows is not None:
                yield from _expressions(check.failed_rows)
        case _:
            assert_never(check)


def _targets(check: ir.Check) -> Iterator[ir.Target]:
    match check:
        case ir.ReferenceCheck(target=target):
            yield target
        case ir.MetricCheck():
            for metric in _metrics(check):
                if isinstance(metric, ir.Aggregate) and metric.target is not None:
                    yield metric.target
            if check.failed_rows is not None:
                yield from _targets(check.failed_rows)
        case ir.RowCheck() | ir.UniqueCheck():
            return
        case _:
            assert_never(check)
