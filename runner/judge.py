"""Rules over numbers: the promises of a check held against the values of its measures. Pure.

Null in, null out (but for coalesce); a check whose value is null is not evaluated. All bounds are judged, and
the worst level that is broken is the outcome.
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from fractions import Fraction
from typing import TypeVar, assert_never

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
from assay.runner.values import Value, ValueFault, from_bind, from_const, rounded

WORST = 10
_MANY = 10_000
_FROM_GOOD = (Outcome.PASSED, Outcome.WARNED, Outcome.NOT_EVALUATED, Outcome.FAILED, Outcome.ERROR)
RANK = {outcome: rank for rank, outcome in enumerate(_FROM_GOOD)}
_BROKEN = (RANK[Outcome.WARNED], RANK[Outcome.FAILED])
OPERATIONS = {
    "add": (2, 2),
    "sub": (2, 2),
    "mul": (2, 2),
    "div": (2, 2),
    "ratio": (2, 2),
    "neg": (1, 1),
    "abs": (1, 1),
    "round": (1, 2),
    "least": (1, _MANY),
    "greatest": (1, _MANY),
    "coalesce": (1, _MANY),
}
"""Operations of formulas, and how few and how many arguments they take."""


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


@dataclass(slots=True)
class Scope:
    """What a formula may look up. `faults` are the measures that could not be computed."""

    values: Mapping[str, Value | ValueFault]
    binds: Mapping[str, object]
    empty: bool = field(default=False, init=False)
    """A ratio over no rows was met on the way."""


def worst(outcomes: list[Outcome]) -> Outcome:
    return max(outcomes, key=RANK.__getitem__, default=Outcome.NOT_EVALUATED)


# -- formulas


def evaluate(formula: Formula, scope: Scope) -> Value:
    """Raises ValueFault where there is no value for a reason other than null."""
    match formula:
        case Const():
            return from_const(formula.kind, formula.text)
        case MeasureValue():
            value = scope.values.get(formula.name)
            if isinstance(value, ValueFault):
                raise value
            return value
        case BindRef("now_micros"):
            return _microseconds(scope.binds.get("now"))
        case BindRef():
            return from_bind(scope.binds.get(formula.name))
        case Apply():
            return _apply(formula, scope)
        case _:
            assert_never(formula)


def _microseconds(now: object) -> Fraction:
    """`now` as whole microseconds since 1970-01-01 UTC, the form of a measure of kind micros."""
    if not isinstance(now, datetime):
        raise ValueFault(Reason.TYPE_MISMATCH)
    return Fraction((now - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1))


def _apply(formula: Apply, scope: Scope) -> Value:
    if formula.op == "coalesce":
        for arg in formula.args:
            value = evaluate(arg, scope)
            if value is not None:
                return value
        return None
    args = [evaluate(arg, scope) for arg in formula.args]
    if any(value is None for value in args):
        return None
    if formula.op == "ratio" and args[1] == 0:
        scope.empty = True
        return None
    try:
        value = _calculate(formula.op, args)
    except OverflowError:
        raise ValueFault(Reason.OVERFLOW) from None
    if isinstance(value, float) and not math.isfinite(value):
        raise ValueFault(Reason.NOT_FINITE)
    return value


def _calculate(op: str, args: list[Value]) -> Value:
    match op, args:
        case ("add", [datetime() | date() as moment, Fraction() | float() as seconds]) | (
            "add",
            [Fraction() | float() as seconds, datetime() | date() as moment],
        ):
            return _moved(moment, seconds)
        case "sub", [datetime() | date() as moment, Fraction() | float() as seconds]:
            return _moved(moment, -seconds)
        case "sub", [datetime() | date() as left, datetime() | date() as right]:
            later, earlier = _moments(left, right)
            return Fraction((later - earlier) // timedelta(microseconds=1), 1_000_000)
        case "least", _:
            return _extreme(args, "<")
        case "greatest", _:
            return _extreme(args, ">")
        case "neg", [Fraction() | float() as number]:
            return -number
        case "abs", [Fraction() | float() as number]:
            return number if number >= 0 else -number
        case "round", [Fraction() | float() as number, *digits]:
            return _round(number, digits[0] if digits else Fraction(0))
        case _, [Fraction() | float() as left, Fraction() | float() as right]:
            return arithmetic(op, left, right)
        case _:
            raise ValueFault(Reason.TYPE_MISMATCH)


def arithmetic(op: str, left: Fraction | float, right: Fraction | float) -> Fraction | float:
    if isinstance(left, Fraction) and isinstance(right, Fraction):
        return _binary(op, left, right)
    return _binary(op, float(left), float(right))


_N = TypeVar("_N", Fraction, float)


def _binary(op: str, left: _N, right: _N) -> _N:
    match op:
        case "add":
            return left + right
        case "sub":
            return left - right
        case "mul":
            return left * right
        case "div" | "ratio":
            if right == 0:
                raise ValueFault(Reason.DIVISION_BY_ZERO)
            return left / right
        case _:
            raise ValueFault(Reason.TYPE_MISMATCH)


def _moved(moment: datetime | date, seconds: Fraction | float) -> Value:
    span = timedelta(microseconds=round(seconds * 1_000_000))
    if not isinstance(moment, datetime) and span % timedelta(days=1):
        moment = datetime(moment.year, moment.month, moment.day)
    return moment + span


def _round(number: Fraction | float, digits: Value) -> Value:
    """Half away from zero, as SQL rounds decimals."""
    if not isinstance(digits, Fraction):
        raise ValueFault(Reason.TYPE_MISMATCH)
    scale = Fraction(10) ** int(digits)
    exact = Fraction(number) * scale
    whole = math.floor(abs(exact) + Fraction(1, 2))
    value = Fraction(whole if exact >= 0 else -whole) / scale
    return float(value) if isinstance(number, float) else value


def _extreme(args: list[Value], op: str) -> Value:
    best = args[0]
    for value in args[1:]:
        if compare(op, value, best):
            best = value
    return best


# -- comparison


def compare(op: str, left: Value, right: Value) -> bool:
    """Both sides not null. Raises ValueFault for kinds that do not compare."""
    match left, right:
        case (bool(), bool()) | (str(), str()):
            return _holds(op, left, right)
        case (Fraction() | float(), Fraction() | float()):
            if isinstance(left, float) or isinstance(right, float):
                try:
                    left, right = rounded(float(left)), rounded(float(right))
                except OverflowError:
                    raise ValueFault(Reason.OVERFLOW) from None
            return _holds(op, left, right)
        case (datetime() | date(), datetime() | date()):
            return _holds(op, *_moments(left, right))
        case time(), time():
            return _holds(op, left.replace(tzinfo=None), right.replace(tzinfo=None))
        case _:
            raise ValueFault(Reason.TYPE_MISMATCH)


def _moments(left: datetime | date, right: datetime | date) -> tuple[datetime, datetime]:
    """Dates are their midnight; a moment without zone is UTC."""
    pair = []
    for moment in (left, right):
        if not isinstance(moment, datetime):
            moment = datetime(moment.year, moment.month, moment.day)
        pair.append(moment.replace(tzinfo=None))
    return pair[0], pair[1]


def _holds(op: str, left: object, right: object) -> bool:
    test: Callable[[object, object], object]
    match op:
        case "=":
            return left == right
        case "<>":
            return left != right
        case "<":
            test = _less
        case ">":
            left, right, test = right, left, _less
        case "<=":
            left, right, test = right, left, _not_less
        case ">=":
            test = _not_less
        case _:
            raise ValueFault(Reason.TYPE_MISMATCH)
    return bool(test(left, right))


def _less(left: object, right: object) -> object:
    return left < right  # type: ignore[operator]


def _not_less(left: object, right: object) -> object:
    return not left < right  # type: ignore[operator]


# -- checks


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


# -- groups


@dataclass(frozen=True, slots=True, order=True)
class Group:
    """A judged group. Its keys are cells of the source: they stay on this side."""

    badness: tuple[int, int, float]
    keys: tuple[str, ...]
    judged: Judged = field(compare=False)


class _Reversed(tuple[str, ...]):
    """Orders keys backwards: of equally bad groups the first by key stay, whatever the engine's order."""

    __slots__ = ()

    def __lt__(self, other: tuple[str, ...]) -> bool:
        return tuple(self) > tuple(other)


@dataclass(slots=True)
class Groups:
    """Groups of one check, judged one by one; only the worst are kept."""

    check: CheckSpec
    binds: Mapping[str, object]
    seen: int = 0
    broken: int = 0
    failed: int | None = None
    tested: int | None = None
    _outcome: Judged | None = None
    _rank: int = -1
    _heap: list[tuple[tuple[int, int, float], _Reversed, int, Group]] = field(default_factory=list)

    def add(self, keys: Callable[[], tuple[str, ...]], values: Mapping[str, Value | ValueFault]) -> None:
        judged = judge(self.check, values, self.binds)
        self.seen += 1
        if judged.outcome in (Outcome.WARNED, Outcome.FAILED):
            self.broken += 1
        if judged.failed is not None:
            self.failed = (self.failed or 0) + judged.failed
        if judged.tested is not None:
            self.tested = (self.tested or 0) + judged.tested
        rank = RANK[judged.outcome]
        if rank > self._rank:
            self._outcome, self._rank = judged, rank
        if judged.outcome is Outcome.PASSED:
            return
        badness = (rank, judged.failed or 0, judged.distance)
        if len(self._heap) == WORST and badness < self._heap[0][0]:
            return
        group = Group(badness, keys(), judged)
        item = (badness, _Reversed(group.keys), self.seen, group)
        if len(self._heap) < WORST:
            heapq.heappush(self._heap, item)
        elif self._heap[0] < item:
            heapq.heapreplace(self._heap, item)

    def wants(self, rank: int, failed: int, distance: float, keys: Callable[[], tuple[str, ...]]) -> bool:
        """Whether a group of this verdict changes more than the counts, and so is to be added in full."""
        if rank > self._rank:
            return True
        if rank == 0:
            return False
        if len(self._heap) < WORST:
            return True
        least = self._heap[0]
        badness = (rank, failed, distance)
        return keys() <= tuple(least[1]) if badness == least[0] else badness > least[0]

    def count(self, rank: int, failed: int | None, tested: int | None) -> None:
        """A group that is not wanted in full."""
        self.seen += 1
        if rank in _BROKEN:
            self.broken += 1
        if failed is not None:
            self.failed = (self.failed or 0) + failed
        if tested is not None:
            self.tested = (self.tested or 0) + tested

    def judged(self) -> Judged:
        if self._outcome is None:
            return Judged(Outcome.NOT_EVALUATED, Reason.NO_ROWS, None, self.failed, self.tested)
        top = self._outcome
        return Judged(top.outcome, top.reason, None, self.failed, self.tested, top.code)

    def worst(self) -> tuple[Group, ...]:
        """The worst first."""
        groups = [item[-1] for item in self._heap]
        return tuple(sorted(groups, key=lambda group: (tuple(-part for part in group.badness), group.keys)))
