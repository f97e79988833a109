"""What is known of a metric while a check is put together."""

from __future__ import annotations

from fractions import Fraction

from assay.compiler import ir
from assay.compiler.check.types import is_number, is_text
from assay.compiler.tree import Node
from assay.compiler.types import DOUBLE, UNKNOWN, Kind, Type


class Counted(Node, frozen=True):
    """A metric that counts rows.

    tested   the rows among which it counts
    bad      the rows that it counts, where these are to blame: a condition (with its scope) or a key
    """

    name: str
    tested: ir.Expr | None
    bad: ir.Expr | tuple[ir.Expr, ...] | None


class Value(Node, frozen=True):
    """A typed metric.

    percent     a share that the author wrote with `%`
    counted     set where the metric is a bare row count, which a percentage divides by the rows tested
    sensitive   a value of a sensitive column flows into it
    own         it is one cell's own value, as the least and the greatest are
    words       one of these is a text, which no report can hold
    least, most the bounds that every outcome keeps, where that is known
    """

    metric: ir.Metric
    unit: ir.Unit
    type: Type
    percent: bool = False
    counted: Counted | None = None
    sensitive: bool = False
    own: bool = False
    words: bool = False
    least: int | None = None
    most: int | None = None


ABSENT = Value(ir.Constant(None), ir.Unit.NUMBER, UNKNOWN)
"""Stands for a metric whose fault was reported."""


def is_absent(value: Value) -> bool:
    return value.type.kind is Kind.UNKNOWN


_UNITS = {
    Kind.DATE: ir.Unit.DATE,
    Kind.TIME: ir.Unit.TIME,
    Kind.TIMESTAMP: ir.Unit.TIMESTAMP,
    Kind.TIMESTAMPTZ: ir.Unit.TIMESTAMP,
    Kind.BOOLEAN: ir.Unit.BOOLEAN,
    Kind.INTERVAL: ir.Unit.DURATION,
}


def unit_of(kind: Type) -> ir.Unit:
    return ir.Unit.TEXT if is_text(kind) else _UNITS.get(kind.kind, ir.Unit.NUMBER)


def of_type(metric: ir.Metric, kind: Type) -> Value:
    return Value(metric, unit_of(kind), kind)


def constant(value: ir.Scalar | Fraction, kind: Type) -> Value:
    return Value(ir.Constant(value), unit_of(kind), DOUBLE if is_number(kind) else kind)


def unit_name(value: Value) -> str:
    """What a value is, in words."""
    if value.unit is ir.Unit.TIMESTAMP:
        return str(value.type)
    return "percentage" if value.percent else str(value.unit)
