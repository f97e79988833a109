"""One walk over the checks: every check becomes a verdict, its numbers are asked for, its rows are noted."""

from __future__ import annotations

from fractions import Fraction
from typing import assert_never

from assay.compiler import ir
from assay.compiler.diagnostics import Sink
from assay.compiler.plan import Apply, Bound, Capture, Formula, Plan, Verdict
from assay.compiler.planning import rewrite
from assay.compiler.planning.numbers import Numbers
from assay.compiler.planning.rows import capture
from assay.compiler.planning.strategies import HasStrategies
from assay.compiler.tree import replace

_ZERO = ir.Constant(0)
_ONE = ir.Constant(1)


def plan(contract: ir.Contract, dialect: HasStrategies, sink: Sink) -> Plan:  # noqa: ARG001
    """The plan of a checked contract. Every contract has one; the sink is part of every stage's signature."""
    strategies = dialect.strategies
    numbers = Numbers(contract, strategies)
    verdicts: list[Verdict] = []
    grouped: list[int | None] = []
    captures: list[Capture] = []
    for check in contract.checks:
        match check:
            case ir.MetricCheck():
                verdict, scan = _metric_verdict(check, numbers)
            case ir.RowCheck(head, breaking, scope, at_least):
                failed = numbers.formula(rewrite.count_if(breaking, scope))
                verdict, scan = _row_verdict(head, failed, scope, at_least, numbers), None
            case ir.UniqueCheck(head, keys, scope, at_least):
                failed = numbers.formula(rewrite.duplicates(keys, scope))
                verdict, scan = _row_verdict(head, failed, scope, at_least, numbers), None
            case ir.ReferenceCheck(head, keys, target, scope, at_least):
                failed = numbers.formula(rewrite.orphans(keys, target, scope))
                verdict, scan = _row_verdict(head, failed, scope, at_least, numbers), None
            case _:
                assert_never(check)
        verdicts.append(verdict)
        grouped.append(scan)
        shown = capture(contract, check)
        if shown is not None:
            captures.append(shown)
    scans, names = numbers.scans()
    named = tuple(
        verdict if scan is None else replace(verdict, scan=names[scan])
        for verdict, scan in zip(verdicts, grouped, strict=True)
    )
    return Plan(contract, strategies.dialect, scans, named, tuple(captures))


def _row_verdict(
    head: ir.Head, failed: Formula, scope: ir.Expr | None, at_least: Fraction | None, numbers: Numbers
) -> Verdict:
    tested = numbers.formula(rewrite.rows(scope))
    if at_least is None:
        bounds = (Bound("=", _ZERO, None, head.level),)
        return Verdict(head, ir.Unit.COUNT, failed, bounds, failed, tested, ir.Egress.OPEN, None)
    share = Apply("sub", (_ONE, Apply("div", (failed, tested))))
    bounds = (Bound(">=", ir.Constant(at_least), None, head.level),)
    return Verdict(head, ir.Unit.RATIO, share, bounds, failed, tested, ir.Egress.OPEN, None)


def _metric_verdict(check: ir.MetricCheck, numbers: Numbers) -> tuple[Verdict, int | None]:
    metrics: list[ir.Metric] = [check.metric]
    for bound in check.bounds:
        metrics.append(bound.low)
        if bound.high is not None:
            metrics.append(bound.high)
    failed: Formula | None = None
    tested: Formula | None = None
    scan: int | None = None
    if check.by:
        formulas, opened = numbers.grouped(tuple(metrics), check.by)
        scan = id(opened)
    else:
        formulas = tuple(numbers.formula(metric) for metric in metrics)
        failed, tested = _blamed(check, numbers)
    rest = iter(formulas[1:])
    bounds = tuple(
        Bound(bound.op, next(rest), None if bound.high is None else next(rest), bound.level)
        for bound in check.bounds
    )
    return Verdict(check.head, check.unit, formulas[0], bounds, failed, tested, check.egress, None), scan


def _blamed(check: ir.MetricCheck, numbers: Numbers) -> tuple[Formula | None, Formula | None]:
    """How many rows are to blame and out of how many, where the metric counts bad rows."""
    rows = check.failed_rows
    match rows:
        case None:
            return None, None
        case ir.RowCheck(_, breaking, scope, _):
            failed = rewrite.count_if(breaking, scope)
        case ir.UniqueCheck(_, keys, scope, _):
            failed = rewrite.duplicates(keys, scope)
        case ir.ReferenceCheck(_, keys, target, scope, _):
            failed = rewrite.orphans(keys, target, scope)
        case _:
            assert_never(rows)
    return numbers.formula(failed), numbers.formula(rewrite.rows(rows.scope))
