"""Aggregates to trees: one expression of a SELECT list each."""

from __future__ import annotations

from collections.abc import Callable
from typing import assert_never

from sqlglot import exp

from assay.compiler import ir
from assay.compiler.dialects import Dialect, sql
from assay.compiler.dialects.functions import double
from assay.compiler.dialects.sql import Node
from assay.compiler.lower.expressions import Expressions
from assay.compiler.lower.failing import can_fail
from assay.compiler.tree import replace
from assay.compiler.types import FLOATS, INTEGERS, MAX_DIGITS, TEXTS, Kind, Type, decimal


def lower_aggregate(aggregate: ir.Aggregate, scope: Expressions, derived: str | None = None) -> Node:
    """`derived` names the column that a grouped DUPLICATES or ORPHANS reads from its sub-select."""
    dialect = scope.dialect
    aggregate = protected(aggregate)
    args = [scope.lower(arg) for arg in aggregate.args]
    where = scope.optional(aggregate.where)
    match aggregate.function:
        case ir.Aggregation.ROWS:
            return count_where(dialect, where)
        case ir.Aggregation.COUNT:
            return sql.filtered(sql.count(args[0]), where)
        case ir.Aggregation.COUNT_IF:
            return count_where(dialect, sql.all_of(where, args[0]))
        case ir.Aggregation.DISTINCT:
            keys = [ordered(arg, x, dialect) for arg, x in zip(args, aggregate.args, strict=True)]
            present = [sql.is_not_null(arg) for arg in args] if len(args) > 1 else []
            return sql.filtered(sql.count_distinct(keys), sql.all_of(where, *present))
        case ir.Aggregation.DUPLICATES:
            return _derived(derived, args, where, dialect, lambda column: sql.gt(column, sql.number(1)))
        case ir.Aggregation.ORPHANS:
            return _derived(derived, args, where, dialect, sql.negate)
        case ir.Aggregation.SUM:
            return _total(sql.filtered(sql.func("SUM", args[0]), where), aggregate.args[0].type, dialect)
        case ir.Aggregation.MIN:
            return sql.filtered(dialect.minimum(args[0], aggregate.args[0].type), where)
        case ir.Aggregation.MAX:
            return sql.filtered(dialect.maximum(args[0], aggregate.args[0].type), where)
        case ir.Aggregation.STDDEV:
            return _spread("STDDEV_SAMP", args[0], _double(args[0], aggregate, 0, dialect), where)
        case ir.Aggregation.VARIANCE:
            return _spread("VAR_SAMP", args[0], _double(args[0], aggregate, 0, dialect), where)
        case ir.Aggregation.CORRELATION:
            left, right = (_double(arg, aggregate, place, dialect) for place, arg in enumerate(args))
            return _correlation(args, sql.func("CORR", _within(left, where), right), where)
        case ir.Aggregation.PERCENTILE:
            return _percentile(aggregate, args[0], where, dialect)
        case ir.Aggregation.NEWEST:
            kind = aggregate.args[0].type
            return dialect.micros(sql.filtered(sql.func("MAX", args[0]), where), kind)
        case _:
            assert_never(aggregate.function)


def protected(aggregate: ir.Aggregate) -> ir.Aggregate:
    """An argument that can fail is computed only in rows that `where` lets through, on every engine: null is
    passed over by each aggregate. FILTER does not say what is computed first."""
    where = aggregate.where
    if where is None or not any(map(can_fail, aggregate.args)):
        return aggregate
    args = tuple(ir.Case(((where, arg),), None, arg.type, True) for arg in aggregate.args)
    return replace(aggregate, args=args, where=None)


def count_where(dialect: Dialect, where: Node | None) -> Node:
    """The number of rows for which `where` is true; of all rows without it."""
    if where is not None and dialect.count_if == "function":
        return sql.func("COALESCE", sql.func("COUNT_IF", where), sql.number(0))
    return counted(dialect, where)


def counted(dialect: Dialect, where: Node | None) -> Node:
    """The same as a bare aggregate, which can stand before OVER."""
    if where is None:
        return sql.count_rows()
    if dialect.count_if == "case":
        return sql.count(sql.case([(where, sql.number(1))], None))
    return sql.filtered(sql.count_rows(), where)


def ordered(node: Node, expr: ir.Expr, dialect: Dialect) -> Node:
    """A key to be sorted or hashed: its text by bytes, which is also much the fastest."""
    return dialect.ordered(node, expr.type)


def _total(found: Node, kind: Type, dialect: Dialect) -> Node:
    """A sum of decimals has the language's 38 digits: where an engine adds on beyond them, it is an error as well."""
    if kind.kind is not Kind.DECIMAL or kind.precision is None:
        return found
    return sql.cast(found, dialect.type_name(decimal(MAX_DIGITS, kind.scale or 0)))


def _derived(
    name: str | None, keys: list[Node], where: Node | None, dialect: Dialect, test: Callable[[Node], Node]
) -> Node:
    if name is None:
        raise ValueError("a scan of its own has a source of its own")
    present = [sql.is_not_null(key) for key in keys]
    return count_where(dialect, sql.all_of(where, *present, test(sql.column(name))))


def _double(node: Node, aggregate: ir.Aggregate, place: int, dialect: Dialect) -> Node:
    return double(node, aggregate.args[place].type, dialect.types)


def _spread(name: str, value: Node, real: Node, where: Node | None) -> Node:
    """Exactly 0 where all values are equal, whatever the engine's rounding leaves; NaN and null stay."""
    found = sql.filtered(sql.func(name, real), where)
    return sql.mul(found, sql.case([(_varies(value, where), sql.number(1))], sql.number(0)))


def _correlation(sides: list[Node], found: Node, where: Node | None) -> Node:
    """Null where a side does not vary: CORR gives the noise of its sums there, or NaN."""
    left, right = sides
    first = _varies(left, sql.all_of(where, sql.is_not_null(right)))
    both = sql.all_of(first, _varies(right, sql.all_of(where, sql.is_not_null(left))))
    return sql.case([(both or first, found)], None)


def _varies(value: Node, where: Node | None) -> Node:
    return sql.compare(exp.LT, *(sql.filtered(sql.func(end, value), where) for end in ("MIN", "MAX")))


def _within(value: Node, where: Node | None) -> Node:
    """Null for rows out of scope, which aggregates pass over."""
    return value if where is None else sql.case([(where, value)], None)


def _percentile(aggregate: ir.Aggregate, arg: Node, where: Node | None, dialect: Dialect) -> Node:
    kind = aggregate.args[0].type
    smooth = kind.kind in (*INTEGERS, Kind.DECIMAL, *FLOATS, Kind.INTERVAL)
    value = double(arg, kind, dialect.types) if smooth else dialect.ordered(arg, kind)
    fraction = "0.5" if aggregate.fraction is None else f"{aggregate.fraction:f}"
    return sql.within_group(
        "PERCENTILE_CONT" if smooth else "PERCENTILE_DISC", fraction, _within(value, where)
    )


def result(aggregate: ir.Aggregate) -> str:
    """The kind of number that a measure gives, as `MeasureSpec.result` has it."""
    match aggregate.function:
        case (
            ir.Aggregation.ROWS
            | ir.Aggregation.COUNT
            | ir.Aggregation.COUNT_IF
            | ir.Aggregation.DISTINCT
            | ir.Aggregation.DUPLICATES
            | ir.Aggregation.ORPHANS
        ):
            return "count"
        case ir.Aggregation.STDDEV | ir.Aggregation.VARIANCE | ir.Aggregation.CORRELATION:
            return "double"
        case ir.Aggregation.NEWEST:
            return "micros"
        case ir.Aggregation.SUM | ir.Aggregation.MIN | ir.Aggregation.MAX:
            return _kind(aggregate.args[0].type)
        case ir.Aggregation.PERCENTILE:
            kind = _kind(aggregate.args[0].type)
            return "double" if kind in ("integer", "decimal") else kind
        case _:
            assert_never(aggregate.function)


def _kind(type_: Type) -> str:
    kind = type_.kind
    if kind in INTEGERS or kind is Kind.INTERVAL:
        return "integer"
    if kind in FLOATS:
        return "double"
    if kind in TEXTS or kind in (Kind.UUID, Kind.JSON, Kind.ANY):
        return "text"
    return str(kind)
