"""Rules over numbers: the promises of a check held against the values of its measures. Pure.

A check whose value is null is not evaluated. All bounds are judged, and the worst level that is broken is the outcome.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from assay.protocol.bundle import (
    Apply,
    BindRef,
    BoundSpec,
    CheckSpec,
    Const,
    Formula,
    GuardSpec,
    MeasureValue,
)
from assay.protocol.report import Outcome, Reason
from assay.runner.formulas import Scope, compare, evaluate
from assay.runner.values import Value, ValueFault

_FROM_GOOD = (Outcome.PASSED, Outcome.WARNED, Outcome.NOT_EVALUATED, Outcome.FAILED, Outcome.ERROR)
RANK = {outcome: rank for rank, outcome in enumerate(_FROM_GOOD)}


class MissingMeasureError(ValueFault):
    """A measure was not computed; `code` is the driver's."""

    def __init__(self, reason: Reason, code: str | None) -> None:
        super().__init__(reason)
        self.code = code


@dataclass(frozen=True, slots=True)
class Judged:
    outcome: Outcome
    reason: Reason
    value: Value = None
    failed: int | None = None
    tested: int | None = None
    code: str | None = None
    distance: float = 0.0
    """How far the value is from the broken bound: orders groups of one level."""


def worst(outcomes: list[Outcome]) -> Outcome:
    return max(outcomes, key=RANK.__getitem__, default=Outcome.NOT_EVALUATED)


def judge(check: CheckSpec, values: Mapping[str, Value | ValueFault], binds: Mapping[str, object]) -> Judged:
    """One check over one set of values: the whole dataset, or one group."""
    scope = Scope(values, binds)
    try:
        value = evaluate(check.value, scope)
        failed = _count(check.failed, scope)
        tested = _count(check.tested, scope)
        if value is None:
            empty = scope.empty or tested == 0
            reason = Reason.NO_ROWS if empty else Reason.NULL_VALUE
            return Judged(Outcome.NOT_EVALUATED, reason, None, failed, tested)
        outcome, distance = Outcome.PASSED, 0.0
        unknown = False
        for bound in check.bounds:
            holds = _promise(bound, value, scope)
            if holds is None:
                unknown = True
            elif not holds:
                broken = Outcome.FAILED if bound.level == "fail" else Outcome.WARNED
                outcome = worst([outcome, broken])
                distance = max(distance, _distance(bound, value, scope))
        if unknown and outcome is not Outcome.FAILED:
            reason = Reason.NO_ROWS if scope.empty else Reason.NULL_VALUE
            return Judged(Outcome.NOT_EVALUATED, reason, value, failed, tested)
        reason = Reason.WITHIN_BOUNDS if outcome is Outcome.PASSED else Reason.OUT_OF_BOUNDS
        return Judged(outcome, reason, value, failed, tested, distance=distance)
    except ValueFault as fault:
        code = fault.code if isinstance(fault, MissingMeasureError) else None
        return Judged(Outcome.ERROR, fault.reason, code=code)


def passes_guard(
    guard: GuardSpec, values: Mapping[str, Value | ValueFault], binds: Mapping[str, object]
) -> bool:
    """Whether the scan is needed. Raises ValueFault where the guard itself has no value."""
    value = evaluate(guard.formula, Scope(values, binds))
    return value is not None and value != 0


def _promise(bound: BoundSpec, value: Value, scope: Scope) -> bool | None:
    low = evaluate(bound.low, scope)
    if bound.op != "between":
        return None if low is None else compare(bound.op, value, low)
    high = evaluate(bound.high, scope) if bound.high is not None else None
    sides = [compare(op, value, limit) for op, limit in ((">=", low), ("<=", high)) if limit is not None]
    if not all(sides):
        return False
    return True if len(sides) == 2 else None


def _distance(bound: BoundSpec, value: Value, scope: Scope) -> float:
    if not isinstance(value, Fraction | float):
        return 0.0
    limits = [evaluate(side, scope) for side in (bound.low, bound.high) if side is not None]
    try:
        gaps = [abs(float(value) - float(limit)) for limit in limits if isinstance(limit, Fraction | float)]
    except OverflowError:
        return math.inf
    return min(gaps, default=0.0)


def _count(formula: Formula | None, scope: Scope) -> int | None:
    if formula is None:
        return None
    value = evaluate(formula, Scope(scope.values, scope.binds))
    return max(int(value), 0) if isinstance(value, Fraction) else None


def measures_in(check: CheckSpec) -> list[str]:
    """The measures that a check's formulas read."""
    found: dict[str, None] = {}
    formulas: list[Formula | None] = [check.value, check.failed, check.tested]
    for bound in check.bounds:
        formulas += [bound.low, bound.high]
    while formulas:
        formula = formulas.pop()
        match formula:
            case MeasureValue():
                found[formula.name] = None
            case Apply():
                formulas += formula.args
            case Const() | BindRef() | None:
                pass
    return list(found)
