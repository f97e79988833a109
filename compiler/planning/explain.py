"""A plan in plain words: which SELECTs will run, what each reads, and why it stands alone."""

from __future__ import annotations

from collections.abc import Iterator
from typing import assert_never

from assay.compiler import ir
from assay.compiler.plan import Plan, Scan, measures_of

_SHOWN_CHECKS = 6
_SERIAL = (ir.Aggregation.DISTINCT, ir.Aggregation.PERCENTILE)


def explain_plan(plan: Plan) -> str:
    """For `assay explain`: each SELECT with its reason and its checks, then what failed rows cost."""
    serves = _serves(plan)
    always = sum(1 for scan in plan.scans if scan.guard is None)
    guarded = len(plan.scans) - always
    table = ".".join(plan.contract.table)
    lines = [
        f"{_count(always, 'pass', 'passes')} over {table}"
        + (f", {guarded} more on demand" if guarded else "")
    ]
    if plan.contract.filter is not None:
        lines.append("every pass sees only the rows that the filter lets through")
    for scan in plan.scans:
        lines.append("")
        lines.append(f"{scan.id}  {_reads(scan)}")
        lines.append(f"    {_reason(scan)}")
        lines.append(f"    for {_listed(serves.get(scan.id, []))}")
    if plan.captures:
        lines.append("")
        checks = _count(len(plan.captures), "check", "checks")
        lines.append(
            f"failed rows: one more SELECT for each of {checks} that breaks, at most "
            f"{plan.captures[0].keep} rows each; none where all pass"
        )
    return "\n".join(lines) + "\n"


def _reads(scan: Scan) -> str:
    numbers = _count(len(scan.measures), "number", "numbers")
    if scan.by:
        return f"{numbers} for each group of {', '.join(column.name for column in scan.by)}"
    return numbers


def _reason(scan: Scan) -> str:
    only = scan.measures[0].aggregate
    if scan.by:
        shaped = any(
            m.aggregate.function in (ir.Aggregation.DUPLICATES, ir.Aggregation.ORPHANS) for m in scan.measures
        )
        return "one pass with GROUP BY" + (", its rows marked beforehand" if shaped else "")
    match only.function:
        case ir.Aggregation.DUPLICATES:
            keys = ", ".join(_names(only))
            if scan.form == "ascending":
                return f"whether {keys} only ascends, which proves it unique: a pass that keeps nothing"
            if scan.form == "marked":
                return f"distinct {keys}, each as one bit of a word; runs only if that is still open"
            if scan.guard is None:
                return f"rows whose ({keys}) stands more than once: a pass that sorts or hashes every key"
            return f"rows whose {keys} stands more than once; runs only if that is still open"
        case ir.Aggregation.ORPHANS:
            target = "" if only.target is None else ".".join(only.target.table)
            if scan.form == "found":
                return f"rows whose {', '.join(_names(only))} is in {target}: a pass over both tables"
            return f"rows whose {', '.join(_names(only))} is not in {target}: a pass over both tables"
        case (
            ir.Aggregation.ROWS
            | ir.Aggregation.COUNT
            | ir.Aggregation.COUNT_IF
            | ir.Aggregation.DISTINCT
            | ir.Aggregation.SUM
            | ir.Aggregation.MIN
            | ir.Aggregation.MAX
            | ir.Aggregation.STDDEV
            | ir.Aggregation.VARIANCE
            | ir.Aggregation.PERCENTILE
            | ir.Aggregation.CORRELATION
            | ir.Aggregation.NEWEST
        ):
            read = f"one pass that reads {_listed(sorted(_columns(scan))) or 'no column'}"
            alone = all(measure.aggregate.function in _SERIAL for measure in scan.measures)
            return (
                f"{read}; apart from the rest, which it would keep from running in parallel"
                if alone
                else read
            )
        case _:
            assert_never(only.function)


def _names(aggregate: ir.Aggregate) -> list[str]:
    found: dict[str, None] = {}
    for arg in aggregate.args:
        found.update(dict.fromkeys(_read(arg)))
    return list(found)


def _columns(scan: Scan) -> set[str]:
    found: set[str] = set()
    for measure in scan.measures:
        for arg in measure.aggregate.args:
            found.update(_read(arg))
        if measure.aggregate.where is not None:
            found.update(_read(measure.aggregate.where))
    return found


def _read(expr: ir.Expr) -> Iterator[str]:
    match expr:
        case ir.Column(name):
            yield name
        case ir.Call(_, args):
            for arg in args:
                yield from _read(arg)
        case ir.Matches(operand) | ir.Cast(operand):
            yield from _read(operand)
        case ir.Case(whens, otherwise):
            for test, then in whens:
                yield from _read(test)
                yield from _read(then)
            if otherwise is not None:
                yield from _read(otherwise)
        case ir.Literal() | ir.Bind():
            return
        case _:
            assert_never(expr)


def _serves(plan: Plan) -> dict[str, list[str]]:
    """The ids of the checks that read a number of each scan."""
    home = {measure.name: scan.id for scan in plan.scans for measure in scan.measures}
    found: dict[str, list[str]] = {scan.id: [] for scan in plan.scans}
    for verdict in plan.verdicts:
        for place in dict.fromkeys(home[name] for name in verdict.measures()):
            found[place].append(verdict.head.id)
    for scan in plan.scans:
        if scan.guard is not None:
            for name in measures_of(scan.guard.formula):
                known = found[home[name]]
                known.extend(check for check in found[scan.id] if check not in known)
    return found


def _listed(words: list[str]) -> str:
    if len(words) <= _SHOWN_CHECKS:
        return ", ".join(words)
    return ", ".join(words[:_SHOWN_CHECKS]) + f" and {len(words) - _SHOWN_CHECKS} more"


def _count(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"
