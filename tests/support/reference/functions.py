"""The rows of the function table, each from its sentence there. `and`, `or` and `coalesce` are in `rows`."""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction

from assay.compiler import ir
from assay.compiler.types import FLOATS, INTEGERS, Kind, Type
from assay.protocol.report import Reason
from tests.support.reference import moments, texts
from tests.support.reference.values import RowError, Value, equal, less, rounded, to_float, to_fraction

_LIMITS = {Kind.SMALLINT: 2**15, Kind.INT: 2**31, Kind.BIGINT: 2**63}


def apply(call: ir.Call, args: list[Value]) -> Value:
    name = call.function
    if name in _WITH_NULLS:
        return _WITH_NULLS[name](args)
    if any(arg is None for arg in args):
        return None
    if name in texts.FUNCTIONS:
        return texts.FUNCTIONS[name](args)
    if name in moments.PARTS:
        return moments.part(name, args[0])
    match name:
        case "add" | "sub" | "mul" | "div" | "mod":
            return _arithmetic(name, args[0], args[1], call.type)
        case "neg":
            return _whole(-_number(args[0]), call.type)
        case "shift":
            length = call.args[1]
            assert isinstance(length, ir.Literal)
            assert isinstance(length.value, ir.Duration)
            return moments.shift(args[0], length.value, call.type)
        case "days_between":
            return moments.days_between(args[0], args[1])
        case "elapsed":
            return moments.elapsed(args[0], args[1])
        case "date_trunc":
            return moments.truncated(str(args[0]), args[1])
        case "round":
            digits = int(to_fraction(args[1])) if len(args) > 1 else 0
            return _round(args[0], digits, call.type)
        case "abs":
            number = _number(args[0])
            return _whole(-number if number < 0 else number, call.type)
        case "floor" | "ceil":
            number = _number(args[0])
            if isinstance(number, float) and not math.isfinite(number):
                return number
            found = Fraction(math.floor(number) if name == "floor" else math.ceil(number))
            return float(found) if isinstance(number, float) else found
        case "sign":
            number = _number(args[0])
            return Fraction((number > 0) - (number < 0))
        case "sqrt" | "ln" | "exp" | "power":
            return _real(name, [to_float(arg) for arg in args])
        case _:
            return _COMPARED[name](args)


def _number(value: Value) -> Fraction | float:
    if isinstance(value, Fraction | float):
        return value
    raise TypeError(f"no number: {value!r}")


def _whole(value: Fraction | float, type_: Type) -> Value:
    """An exact number must fit its type."""
    if type_.kind is Kind.DECIMAL and type_.precision is not None:
        if abs(value) >= 10 ** (type_.precision - (type_.scale or 0)):
            raise RowError(Reason.OVERFLOW)
        return value
    limit = _LIMITS.get(type_.kind)
    if limit is not None and not -limit <= value < limit:
        raise RowError(Reason.OVERFLOW)
    return value


def _arithmetic(name: str, left: Value, right: Value, type_: Type) -> Value:
    if name == "div" or isinstance(left, float) or isinstance(right, float):
        return _doubles(name, to_float(left), to_float(right))
    a, b = to_fraction(left), to_fraction(right)
    match name:
        case "add":
            return _whole(a + b, type_)
        case "sub":
            return _whole(a - b, type_)
        case "mul":
            return _whole(a * b, type_)
        case _:
            if b == 0:
                raise RowError(Reason.DIVISION_BY_ZERO)
            rest = abs(a) % abs(b)
            return rest if a >= 0 else -rest


def _doubles(name: str, a: float, b: float) -> float:
    match name:
        case "add":
            found = a + b
        case "sub":
            found = a - b
        case "mul":
            found = a * b
        case _:
            if b == 0:
                raise RowError(Reason.DIVISION_BY_ZERO)
            found = a / b
    if math.isinf(found) and math.isfinite(a) and math.isfinite(b):
        raise RowError(Reason.OVERFLOW)
    return found


def _real(name: str, args: list[float]) -> float:
    try:
        match name:
            case "sqrt":
                return math.sqrt(args[0])
            case "ln":
                return math.log(args[0])
            case "exp":
                found = math.exp(args[0])
            case _:
                found = math.pow(args[0], args[1])
    except ValueError:
        raise RowError(Reason.DATA_ERROR) from None
    except OverflowError:
        raise RowError(Reason.OVERFLOW) from None
    if found == 0 and args[0] != 0 and all(math.isfinite(arg) for arg in args):
        raise RowError(Reason.OVERFLOW)
    return found


def _round(value: Value, digits: int, type_: Type) -> Value:
    number = _number(value)
    if isinstance(number, Fraction):
        return _whole(rounded(number, digits), type_)
    if not math.isfinite(number):
        return number
    scale = 10.0 ** abs(digits)
    scaled = number * scale if digits >= 0 else number / scale
    if not math.isfinite(scaled):
        return number
    whole = float(math.trunc(scaled))
    if abs(scaled - whole) >= 0.5:
        whole += math.copysign(1, scaled)
    return whole / scale if digits >= 0 else whole * scale


def _not(args: list[Value]) -> Value:
    return None if args[0] is None else not args[0]


def _in(args: list[Value]) -> Value:
    first, *others = args
    if first is None:
        return None
    if any(other is not None and equal(first, other) for other in others):
        return True
    return None if None in others else False


def _between(args: list[Value]) -> Value:
    """`x >= low and x <= high`, either of which may be unknown."""
    value, low, high = args
    sides = [
        None if value is None or low is None else not less(value, low),
        None if value is None or high is None else not less(high, value),
    ]
    if False in sides:
        return False
    return None if None in sides else True


def _nullif(args: list[Value]) -> Value:
    first, second = args
    return None if first is not None and second is not None and equal(first, second) else first


def _extreme(greatest: bool) -> Callable[[list[Value]], Value]:
    def pick(args: list[Value]) -> Value:
        if None in args:
            return None
        best = args[0]
        for value in args[1:]:
            if less(best, value) if greatest else less(value, best):
                best = value
        return best

    return pick


_WITH_NULLS: dict[str, Callable[[list[Value]], Value]] = {
    "not": _not,
    "is_null": lambda args: args[0] is None,
    "is_not_null": lambda args: args[0] is not None,
    "is_true": lambda args: args[0] is True,
    "in": _in,
    "between": _between,
    "nullif": _nullif,
    "greatest": _extreme(True),
    "least": _extreme(False),
}
_COMPARED: dict[str, Callable[[list[Value]], Value]] = {
    "eq": lambda args: equal(*args),
    "ne": lambda args: not equal(*args),
    "lt": lambda args: less(args[0], args[1]),
    "le": lambda args: not less(args[1], args[0]),
    "gt": lambda args: less(args[1], args[0]),
    "ge": lambda args: not less(args[0], args[1]),
}
KNOWN = frozenset(
    {"and", "or", "coalesce", "add", "sub", "mul", "div", "mod", "neg", "shift", "days_between", "elapsed"}
    | {"date_trunc", "round", "abs", "floor", "ceil", "sign", "sqrt", "ln", "exp", "power"}
    | set(_WITH_NULLS)
    | set(_COMPARED)
    | set(texts.FUNCTIONS)
    | set(moments.PARTS)
)
NUMBERS = (*INTEGERS, Kind.DECIMAL, *FLOATS)
