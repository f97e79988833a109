"""Aggregates that follow from cheaper ones, as formulas over aggregates."""

from __future__ import annotations

from assay.compiler import ir
from assay.compiler.types import BIGINT, BOOLEAN

COUNTING = frozenset(
    {
        ir.Aggregation.ROWS,
        ir.Aggregation.COUNT,
        ir.Aggregation.COUNT_IF,
        ir.Aggregation.DISTINCT,
        ir.Aggregation.DUPLICATES,
        ir.Aggregation.ORPHANS,
    }
)
"""Aggregations that count: never null, 0 over no rows."""


def rows(where: ir.Expr | None) -> ir.Aggregate:
    return ir.Aggregate(ir.Aggregation.ROWS, (), BIGINT, where)


def count_if(predicate: ir.Expr, where: ir.Expr | None) -> ir.Aggregate:
    return ir.Aggregate(ir.Aggregation.COUNT_IF, (predicate,), BIGINT, where)


def duplicates(keys: tuple[ir.Expr, ...], where: ir.Expr | None) -> ir.Aggregate:
    return ir.Aggregate(ir.Aggregation.DUPLICATES, keys, BIGINT, where)


def orphans(keys: tuple[ir.Expr, ...], target: ir.Target, where: ir.Expr | None) -> ir.Aggregate:
    return ir.Aggregate(ir.Aggregation.ORPHANS, keys, BIGINT, where, target=target)


def distinct(keys: tuple[ir.Expr, ...], where: ir.Expr | None) -> ir.Aggregate:
    return ir.Aggregate(ir.Aggregation.DISTINCT, keys, BIGINT, where)


def present(keys: tuple[ir.Expr, ...], where: ir.Expr | None) -> ir.Aggregate:
    """The rows with no null in `keys`."""
    if len(keys) == 1:
        return ir.Aggregate(ir.Aggregation.COUNT, keys, BIGINT, where)
    tests: tuple[ir.Expr, ...] = tuple(ir.Call("is_not_null", (key,), BOOLEAN, False) for key in keys)
    return count_if(ir.Call("and", tests, BOOLEAN, False), where)


def cheaper(aggregate: ir.Aggregate) -> ir.Metric | None:
    """An equal metric that engines answer faster, or None.

    Rows where an expression is null are all rows less those that COUNT it: both are read by many checks.
    """
    if aggregate.function is not ir.Aggregation.COUNT_IF:
        return None
    match aggregate.args[0]:
        case ir.Call("is_null", (operand,)) if _plain(operand):
            return ir.MetricCall("sub", (rows(aggregate.where), present((operand,), aggregate.where)))
        case ir.Call("is_not_null", (operand,)) if _plain(operand):
            return present((operand,), aggregate.where)
        case _:
            return None


def _plain(operand: ir.Expr) -> bool:
    return isinstance(operand, ir.Column)
