"""Which expressions can be an error in some row, so that conditions must keep such rows from them."""

from __future__ import annotations

from decimal import Decimal
from math import ceil
from typing import assert_never

from assay.compiler import ir
from assay.compiler.types import FLOATS, INTEGERS, MAX_DIGITS, Kind

_FALLIBLE = frozenset(("div", "mod", "sqrt", "ln", "exp", "power", "substring"))
_LIMITS = {Kind.SMALLINT: 2**15, Kind.INT: 2**31, Kind.BIGINT: 2**63}
_SMALL = {"length": 2**31, "position": 2**31, "days_between": 2**31, "sign": 1, "year": 2**31}
"""How far from zero these can be, whatever their type could hold."""


def can_fail(expr: ir.Expr) -> bool:
    """Whether a value of a row can make it an error."""
    match expr:
        case ir.Call(function, args):
            return function in _FALLIBLE or _overflows(expr) or any(map(can_fail, args))
        case ir.Cast(operand, _, lenient):
            return can_fail(operand) or not lenient
        case ir.Matches(operand):
            return can_fail(operand)
        case ir.Case(whens, otherwise):
            return any(can_fail(test) or can_fail(then) for test, then in whens) or (
                otherwise is not None and can_fail(otherwise)
            )
        case ir.Literal() | ir.Column() | ir.Bind():
            return False
        case _:
            assert_never(expr)


def _overflows(call: ir.Call) -> bool:
    """Whether plain arithmetic can leave the range of its type."""
    kind = call.type.kind
    match call.function:
        case "add" | "sub" | "mul" if kind in FLOATS:
            return True
        case "add" | "sub" | "mul" if kind is Kind.DECIMAL:
            return call.type.precision in (None, MAX_DIGITS)
        case "add" | "sub" | "mul" | "neg" | "abs" if kind in INTEGERS:
            return _reach(call) >= _LIMITS[kind]
        case "round" if kind in INTEGERS:
            return any(
                isinstance(x, ir.Literal) and isinstance(x.value, int) and x.value < 0 for x in call.args[1:]
            )
        case _:
            return False


def _reach(expr: ir.Expr) -> int:
    """How far from zero a whole number can be."""
    match expr:
        case ir.Literal(int() as value):
            return abs(value)
        case ir.Literal(Decimal() as value):
            return ceil(abs(value))
        case ir.Call("add" | "sub", (left, right)):
            return _reach(left) + _reach(right)
        case ir.Call("mul", (left, right)):
            return _reach(left) * _reach(right)
        case ir.Call("neg" | "abs", (operand,)):
            return _reach(operand)
        case ir.Call("mod", (_, ir.Literal(int() as divisor))):
            return abs(divisor)
        case ir.Call(function) if function in _SMALL:
            return _SMALL[function]
        case _:
            return _LIMITS.get(expr.type.kind, 2**63)
