"""Formulas of the plan to those of the bundle. Thresholds stay out of SQL: the runner judges."""

from __future__ import annotations

from datetime import date, datetime, time
from decimal import Decimal
from fractions import Fraction
from typing import assert_never

from assay.compiler import ir, plan
from assay.compiler.lower.expressions import microseconds
from assay.protocol import bundle


class Formulas:
    """`counts` are the names of the measures that count rows: a quotient by them is null for none."""

    def __init__(self, counts: set[str]) -> None:
        self._counts = counts

    def lower(self, formula: plan.Formula) -> bundle.Formula:
        match formula:
            case plan.Apply(op, args):
                word = "ratio" if op == "div" and self._counts_rows(args[1]) else op
                return bundle.Apply(word, tuple([self.lower(arg) for arg in args]))
            case plan.MeasureRef(name):
                return bundle.MeasureValue(name)
            case ir.Constant(value):
                return constant(value)
            case ir.BindValue(name):
                return bundle.BindRef(name)
            case _:
                assert_never(formula)

    def optional(self, formula: plan.Formula | None) -> bundle.Formula | None:
        return None if formula is None else self.lower(formula)

    def _counts_rows(self, formula: plan.Formula) -> bool:
        match formula:
            case plan.MeasureRef(name):
                return name in self._counts
            case plan.Apply(op, args):
                return op in ("add", "sub") and all(self._counts_rows(arg) for arg in args)
            case ir.Constant() | ir.BindValue():
                return False
            case _:
                assert_never(formula)


def constant(value: ir.Scalar | Fraction) -> bundle.Const:
    match value:
        case None:
            return bundle.Const("null", "")
        case bool():
            return bundle.Const("boolean", "true" if value else "false")
        case int():
            return bundle.Const("number", str(value))
        case Decimal():
            return bundle.Const("number", f"{value:f}")
        case Fraction():
            return bundle.Const("number", str(value))
        case float():
            return bundle.Const("number", repr(value))
        case str():
            return bundle.Const("text", value)
        case datetime():
            return bundle.Const("timestamp" if value.tzinfo is None else "timestamptz", value.isoformat())
        case date():
            return bundle.Const("date", value.isoformat())
        case time():
            return bundle.Const("time", value.isoformat())
        case ir.Duration():
            return bundle.Const("seconds", str(Fraction(microseconds(value), 1_000_000)))
        case _:
            assert_never(value)


def default_text(expr: ir.Expr | None) -> str | None:
    """The default of a parameter as the runner reads it, or None where a run must give the value.

    Raises ValueError for an expression that has no such form.
    """
    match expr:
        case None:
            return None
        case ir.Literal(None, _):
            return None
        case ir.Literal(value, _):
            return constant(value).text
        case ir.Bind(("now" | "today") as name, _):
            return name
        case ir.Cast(operand, _, _):
            return default_text(operand)
        case ir.Call("shift", (moment, ir.Literal(ir.Duration(months, micros), _))):
            base = default_text(moment)
            if base is None or not base.startswith(("now", "today")):
                raise ValueError("a moved constant")
            return base + _offset(months, "mon") + _micros_offset(micros)
        case ir.Call("neg", (ir.Literal(int() | Decimal() | float() as value, _),)):
            return constant(-value).text
        case _:
            raise ValueError("not a constant")


def _offset(count: int, unit: str) -> str:
    return f"{count:+d}{unit}" if count else ""


def _micros_offset(micros: int) -> str:
    for unit, size in (("d", 86_400_000_000), ("h", 3_600_000_000), ("m", 60_000_000), ("s", 1_000_000)):
        if micros % size == 0:
            return _offset(micros // size, unit)
    return _offset(micros, "us")
