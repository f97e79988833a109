"""What `verify` says of each check, in words: the value, the bound, the reason. Pure; drawing is elsewhere.

`local` marks what is a cell of the data or a database's message: for the terminal of the person who runs
it, never for a pipe, a file or a log.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING

from assay.cli import human
from assay.cli.screen import harmless
from assay.protocol.report import Outcome, Reason

if TYPE_CHECKING:
    from assay.protocol.bundle import BoundSpec, Bundle, CheckSpec, Formula
    from assay.protocol.report import CheckResult, Report
    from assay.runner.details import CheckDetail, Details

WORDS = {
    Outcome.PASSED: "passed",
    Outcome.WARNED: "warned",
    Outcome.NOT_EVALUATED: "not evaluated",
    Outcome.FAILED: "failed",
    Outcome.ERROR: "error",
}
ORDER = tuple(WORDS)

REASONS = {
    Reason.WITHIN_BOUNDS: "as promised",
    Reason.OUT_OF_BOUNDS: "out of bounds",
    Reason.NO_ROWS: "there are no rows to judge",
    Reason.NULL_VALUE: "the value is null",
    Reason.NOT_FINITE: "the value is not a finite number",
    Reason.DIVISION_BY_ZERO: "a division by zero",
    Reason.MISSING_TABLE: "the table is not there, or may not be seen",
    Reason.MISSING_COLUMN: "a column is not there",
    Reason.TYPE_MISMATCH: "a column has another type",
    Reason.EXTRA_COLUMN: "there are columns that the contract does not name",
    Reason.COLUMN_ORDER: "the columns stand in another order",
    Reason.DATA_ERROR: "a value cannot be read as its type",
    Reason.OVERFLOW: "a number is too large for its type",
    Reason.TIMEOUT: "it took too long",
    Reason.CANCELLED: "it was stopped before it was done",
    Reason.PERMISSION: "the database does not allow it",
    Reason.CONNECTION: "the data source cannot be reached",
    Reason.RESOURCES: "the database ran out of memory or room",
    Reason.ENGINE_ERROR: "the database cannot do it",
}

_OPS = {"<=": "at most", ">=": "at least", "<": "below", ">": "above", "=": "", "<>": "other than"}


@dataclass(frozen=True, slots=True)
class Verdict:
    """One check. `bound` is what was promised, where that can be said as a value; `words` is the contract's
    text."""

    outcome: Outcome
    id: str
    value: str
    bound: str = ""
    words: str = ""
    place: str = ""
    local_value: str = ""
    local: tuple[str, ...] = ()
    groups: tuple[tuple[str, ...], ...] = field(default=())
    keys: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    plain: bool = False
    """There is nothing to say but that every row held."""


@dataclass(frozen=True, slots=True)
class Absent:
    """Why no check at all could run. `subject` and `why` are one line; then the place, and what can help."""

    subject: str
    why: str
    count: str
    place: str
    lines: tuple[str, ...]
    local: tuple[str, ...] = ()


def verdicts(bundle: Bundle, report: Report, details: Details | None) -> list[Verdict]:
    """In the order of badness, then of the contract: what needs a look stands last, next to the summary."""
    specs = {spec.id: spec for spec in bundle.checks}
    found: list[Verdict] = []
    for result in report.checks:
        detail = details.checks.get(result.id) if details is not None else None
        found.append(_verdict(bundle, specs.get(result.id), result, detail))
    return sorted(found, key=lambda verdict: ORDER.index(verdict.outcome))


def _verdict(
    bundle: Bundle, spec: CheckSpec | None, result: CheckResult, detail: CheckDetail | None
) -> Verdict:
    line = spec.line if spec is not None else bundle.schema.line
    words = (spec.prose or spec.words) if spec is not None else bundle.schema.words
    local, local_value = _local(result, detail)
    return Verdict(
        outcome=result.outcome,
        id=result.id,
        value=_value(spec, result),
        bound=_bounds(spec, result) if spec is not None else "",
        words=_one_line(words),
        place=f"{bundle.file}:{line}",
        local_value=local_value,
        local=local,
        groups=_groups(result, detail),
        keys=_keys(bundle, spec) if detail is not None else (),
        columns=spec.columns if spec is not None else (),
        plain=spec is None
        or (result.failed_rows == 0 and result.groups is None and _counts_rows(spec, result)),
    )


def _value(spec: CheckSpec | None, result: CheckResult) -> str:
    match result.outcome:
        case Outcome.ERROR:
            return REASONS[result.reason] + (f" ({result.code})" if result.code else "")
        case Outcome.NOT_EVALUATED:
            return REASONS[result.reason]
        case _:
            pass
    if spec is None:
        return "" if result.reason is Reason.WITHIN_BOUNDS else REASONS[result.reason]
    if result.groups is not None:
        bad = result.failed_groups or 0
        return (
            f"{bad:,} of {human.plural(result.groups, 'group')}"
            if bad
            else human.plural(result.groups, "group")
        )
    if result.withheld:
        return "value withheld"
    if result.failed_rows is not None and result.tested_rows is not None and _counts_rows(spec, result):
        return (
            human.share(result.failed_rows, result.tested_rows)
            if result.failed_rows
            else human.rows(result.tested_rows)
        )
    if result.value is None:
        return "" if result.reason is Reason.WITHIN_BOUNDS else REASONS[result.reason]
    return human.value(result.value, result.unit)


def _counts_rows(spec: CheckSpec, result: CheckResult) -> bool:
    """Whether the value is those rows, or their share."""
    if result.value is None:
        return True
    if result.unit == "count":
        return spec.failed == spec.value
    return result.unit == "ratio" and bool(result.tested_rows)


def _bounds(spec: CheckSpec, result: CheckResult) -> str:
    """The promise that was broken, or nearest to it; empty where the check is simply that no row breaks
    it."""
    if result.outcome not in (Outcome.WARNED, Outcome.FAILED):
        return ""
    level = "warn" if result.outcome is Outcome.WARNED else "fail"
    texts = [text for bound in spec.bounds if bound.level == level and (text := bound_text(bound, spec.unit))]
    if texts == ["0"] and spec.failed is not None:
        return ""
    return " and ".join(texts)


def bound_text(bound: BoundSpec, unit: str) -> str:
    low = _constant(bound.low, unit)
    if low is None:
        return ""
    if bound.op == "between":
        high = _constant(bound.high, unit) if bound.high is not None else None
        return f"{low} to {high}" if high is not None else ""
    return f"{_OPS[bound.op]} {low}".strip()


def _constant(formula: Formula, unit: str) -> str | None:
    if getattr(formula, "kind", None) is None:
        return None
    kind, text = formula.kind, formula.text  # type: ignore[union-attr]
    if kind in ("number", "seconds"):
        numerator, _, denominator = text.partition("/")
        value = Decimal(numerator) / Decimal(denominator or 1)
        if kind == "seconds" or unit == "duration":
            return human.duration(value)
        return human.percent(value) if unit == "ratio" else human.number(str(value))
    if kind == "text":
        return f"'{harmless(text)}'"
    return human.instant(text) if kind in ("timestamp", "timestamptz") else text


def _local(result: CheckResult, detail: CheckDetail | None) -> tuple[tuple[str, ...], str]:
    if detail is None:
        return (), ""
    lines = [_one_line(fault.text) for fault in detail.schema]
    lines += [_one_line(text) for text in (detail.message, detail.capture_message) if text]
    if detail.rows_left_out:
        lines.append("failed rows are shown without " + ", ".join(map(harmless, detail.rows_left_out)))
    value = detail.value if result.withheld and detail.value is not None else ""
    return tuple(lines), _one_line(value)


def _keys(bundle: Bundle, spec: CheckSpec | None) -> tuple[str, ...]:
    """The columns that a check groups by."""
    for query in bundle.queries:
        if spec is not None and query.id == spec.query:
            return tuple(", ".join(key.columns) or key.name for key in query.keys)
    return ()


def _groups(result: CheckResult, detail: CheckDetail | None) -> tuple[tuple[str, ...], ...]:
    """The worst groups that broke a promise: their keys, and the value as the report would say it."""
    if detail is None or result.outcome is Outcome.PASSED:
        return ()
    found: list[tuple[str, ...]] = []
    for group in detail.groups[:3]:
        judged = group.judged
        if judged.outcome in (Outcome.PASSED,):
            continue
        if judged.failed is not None and judged.tested:
            text = human.share(judged.failed, judged.tested)
        else:
            text = _plain_value(judged.value, result.unit)
        found.append((*map(_one_line, group.keys), text))
    return tuple(found)


def _plain_value(value: object, unit: str) -> str:
    from assay.runner.values import shown

    text = shown(value, unit)  # type: ignore[arg-type]
    return human.value(text, unit) if text is not None else harmless(str(value))


def _one_line(text: str) -> str:
    return harmless(" ".join(text.split()))


def tally(*reports: Report) -> list[tuple[Outcome, str]]:
    """`18 passed`, `2 warned`, …: only what there is."""
    total = {outcome: sum(getattr(r.summary, outcome.value) for r in reports) for outcome in ORDER}
    order = (Outcome.PASSED, Outcome.WARNED, Outcome.FAILED, Outcome.NOT_EVALUATED, Outcome.ERROR)
    names = {**WORDS, Outcome.ERROR: "in error"}
    return [(outcome, f"{total[outcome]:,} {names[outcome]}") for outcome in order if total[outcome]]


def counts(*reports: Report) -> str:
    return ", ".join(text for _, text in tally(*reports)) or "no checks"


def effort(*reports: Report, seconds: float | None = None) -> str:
    """`1 scan · 0.42 s`."""
    spent = sum(report.seconds for report in reports) if seconds is None else seconds
    return f"{human.plural(sum(report.scans for report in reports), 'scan')} · {human.elapsed(spent)}"
