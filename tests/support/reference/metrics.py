"""Metrics: arithmetic over aggregates, exact where no float is in it. NULL in, NULL out, but for coalesce."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from fractions import Fraction
from typing import TypeVar, assert_never

from assay.compiler import ir
from assay.compiler.types import TEXT
from assay.protocol.report import Reason
from tests.support.reference.moments import micros_since_epoch
from tests.support.reference.numbers import COUNTING, Tables, aggregate
from tests.support.reference.rows import Binds, Row
from tests.support.reference.values import RowError, Value, equal, less, micros_of, of_cell, rounded, to_float

DIGITS = 12
Number = TypeVar("Number", Fraction, float)


@dataclass(slots=True)
class Calculation:
    """One metric over some rows. `empty` turns true when a share of no rows was met."""

    rows: Sequence[Row]
    binds: Binds
    tables: Tables
    empty: bool = field(default=False, init=False)

    def value(self, metric: ir.Metric) -> Value:
        match metric:
            case ir.Aggregate():
                return aggregate(metric, self.rows, self.binds, self.tables)
            case ir.Constant(value):
                return of_constant(value)
            case ir.BindValue("now_micros"):
                return micros_since_epoch(self.binds["now"])
            case ir.BindValue(name):
                return self.binds[name]
            case ir.MetricCall("coalesce", args):
                return next((v for v in (self.value(arg) for arg in args) if v is not None), None)
            case ir.MetricCall(op, args):
                values = [self.value(arg) for arg in args]
                if None in values:
                    return None
                if op == "div" and values[1] == 0 and counts_rows(args[1]):
                    self.empty = True
                    return None
                return _calculated(op, values)
            case _:
                assert_never(metric)

    def holds(self, bound: ir.Bound, value: Value) -> bool | None:
        """Whether a promise is kept; None where a side of it is NULL and the other does not break it."""
        low = self.value(bound.low)
        if bound.op != "between":
            return None if low is None else compared(bound.op, value, low)
        high = None if bound.high is None else self.value(bound.high)
        sides = [
            None if low is None else compared(">=", value, low),
            None if high is None else compared("<=", value, high),
        ]
        if False in sides:
            return False
        return None if None in sides else True


def of_constant(value: ir.Scalar | Fraction) -> Value:
    if isinstance(value, ir.Duration):
        return micros_of(value) / 10**6
    return value if isinstance(value, Fraction) else of_cell(value, TEXT)


def counts_rows(metric: ir.Metric) -> bool:
    """Whether a metric is a number of rows: a share of none of them has no answer, and is no fault."""
    match metric:
        case ir.Aggregate(function):
            return function in COUNTING
        case ir.MetricCall("add" | "sub", args):
            return all(counts_rows(arg) for arg in args)
        case _:
            return False


def _calculated(op: ir.MetricOp, values: list[Value]) -> Value:
    first = values[0]
    match op:
        case "least" | "greatest":
            return _extreme("<" if op == "least" else ">", values)
        case "neg" if isinstance(first, Fraction | float):
            return -first
        case "abs" if isinstance(first, Fraction | float):
            return -first if first < 0 else first
        case "round" if isinstance(first, Fraction | float):
            digits = int(to_float(values[1])) if len(values) > 1 else 0
            exact = rounded(Fraction(first), digits)
            return float(exact) if isinstance(first, float) else exact
        case "add" | "sub" if isinstance(first, date):
            return _moved(op, first, values[1])
        case "add" | "sub" | "mul" | "div":
            return _arithmetic(op, first, values[1])
        case _:
            raise TypeError(f"{op} of {values}")


def _extreme(op: str, values: list[Value]) -> Value:
    best = values[0]
    for value in values[1:]:
        if compared(op, value, best):
            best = value
    return best


def _moved(op: str, moment: date, by: Value) -> Value:
    if isinstance(by, date):
        return (micros_since_epoch(moment) - micros_since_epoch(by)) / 10**6
    assert isinstance(by, Fraction)
    span = timedelta(microseconds=int(by * 10**6))
    return moment + span if op == "add" else moment - span


def _arithmetic(op: str, left: Value, right: Value) -> Value:
    if op == "div" and right == 0:
        raise RowError(Reason.DIVISION_BY_ZERO)
    if isinstance(left, Fraction) and isinstance(right, Fraction):
        return _operated(op, left, right)
    return _operated(op, to_float(left), to_float(right))


def _operated(op: str, left: Number, right: Number) -> Number:
    match op:
        case "add":
            return left + right
        case "sub":
            return left - right
        case "mul":
            return left * right
        case _:
            return left / right


def compared(op: str, left: Value, right: Value) -> bool:
    """Floats are compared, as they are shown, by their first twelve digits."""
    a, b = _comparable(left, right)
    match op:
        case "=":
            return equal(a, b)
        case "<>":
            return not equal(a, b)
        case "<":
            return less(a, b)
        case "<=":
            return not less(b, a)
        case ">":
            return less(b, a)
        case _:
            return not less(a, b)


def _comparable(left: Value, right: Value) -> tuple[Value, Value]:
    if isinstance(left, float) or isinstance(right, float):
        return shown(to_float(left)), shown(to_float(right))
    if isinstance(left, date) and isinstance(right, date):
        return _instant(left), _instant(right)
    return left, right


def shown(value: float) -> float:
    return float(f"{value:.{DIGITS}g}")


def _instant(moment: date) -> datetime:
    """A date is its first instant; a moment without zone is UTC."""
    whole = moment if isinstance(moment, datetime) else datetime.combine(moment, time())
    return whole.replace(tzinfo=None) if whole.tzinfo is None else whole.astimezone(UTC).replace(tzinfo=None)
