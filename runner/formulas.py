"""Formulas over measures, and comparisons of their values. Pure.

Null in, null out (but for coalesce). Exact numbers are fractions, and stay exact.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from fractions import Fraction
from typing import TypeVar, assert_never

from assay.protocol.bundle import Apply, BindRef, Const, Formula, MeasureValue
from assay.protocol.report import Reason
from assay.runner.values import Value, ValueFault, from_bind, from_const, rounded

_MANY = 10_000
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


@dataclass(slots=True)
class Scope:
    """What a formula may look up. `faults` are the measures that could not be computed."""

    values: Mapping[str, Value | ValueFault]
    binds: Mapping[str, object]
    empty: bool = field(default=False, init=False)
    """A ratio over no rows was met on the way."""


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
