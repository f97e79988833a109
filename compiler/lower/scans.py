"""Scans and captures to fragments: the SELECT list, and what stands from FROM to the end of WHERE."""

from __future__ import annotations

from dataclasses import dataclass
from typing import assert_never

from sqlglot import exp

from assay.compiler import ir, plan
from assay.compiler.dialects import Dialect, sql
from assay.compiler.dialects.sql import Node
from assay.compiler.lower.aggregates import count_where, counted, lower_aggregate, ordered, result
from assay.compiler.lower.expressions import Expressions
from assay.compiler.lower.failing import can_fail
from assay.compiler.lower.formulas import Formulas
from assay.compiler.lower.printing import source_sql, to_sql
from assay.compiler.types import BOOLEAN
from assay.protocol import bundle

DATASET = "assay_dataset"
TARGET = "assay_target"
KEYS = "assay_keys"
ROWS = "assay_rows"
STEP = "assay_step"


@dataclass(frozen=True, slots=True)
class _Source:
    """Printed from FROM on, with what it reads."""

    text: str
    columns: tuple[str, ...]
    binds: tuple[str, ...]
    tables: tuple[tuple[str, ...], ...] = ()


class Scans:
    """Lowers the scans and captures of one plan."""

    def __init__(self, dialect: Dialect, table: tuple[str, ...], places: dict[str, int]) -> None:
        self._dialect = dialect
        self._table = table
        self._places = places
        self._plain: dict[ir.Expr | None, _Source] = {}
        self._names: dict[tuple[str, str | None], bundle.Fragment] = {}

    # ------------------------------------------------------------ scans

    def query(self, scan: plan.Scan, formulas: Formulas) -> bundle.Query:
        derived: dict[str, str] = {}
        only = scan.measures[0].aggregate
        if scan.by:
            source = self._grouped_source(scan, derived)
        elif only.function is ir.Aggregation.DUPLICATES:
            ways = {"ascending": self._ascending, "marked": self._marked}
            return ways.get(scan.form, self._duplicates)(scan, only, formulas)
        elif only.function is ir.Aggregation.ORPHANS:
            return (self._orphans if scan.form == "exact" else self._joined)(scan, only, formulas)
        else:
            source = self._source(scan.filter)
        keys = tuple(self._key(column, place) for place, column in enumerate(scan.by, 1))
        measures = tuple(self._measure(measure, derived.get(measure.name)) for measure in scan.measures)
        return self._query(scan, source, measures, keys, formulas)

    def _query(
        self,
        scan: plan.Scan,
        source: _Source,
        measures: tuple[bundle.MeasureSpec, ...],
        keys: tuple[bundle.Fragment, ...],
        formulas: Formulas,
    ) -> bundle.Query:
        guard = scan.guard
        return bundle.Query(
            scan.id,
            source.text,
            measures,
            keys,
            source.columns,
            source.binds,
            source.tables,
            None if guard is None else bundle.GuardSpec(formulas.lower(guard.formula), guard.otherwise),
        )

    def _measure(self, measure: plan.Measure, derived: str | None) -> bundle.MeasureSpec:
        scope = self._scope()
        text = to_sql(lower_aggregate(measure.aggregate, scope, derived), self._dialect.name)
        return bundle.MeasureSpec(
            measure.name, text, result(measure.aggregate), tuple(scope.columns), tuple(scope.binds)
        )

    def _key(self, column: ir.Column, place: int) -> bundle.Fragment:
        scope = self._scope()
        text = to_sql(scope.lower(column), self._dialect.name)
        return bundle.Fragment(f"g{place}", text, tuple(scope.columns))

    def _duplicates(self, scan: plan.Scan, only: ir.Aggregate, formulas: Formulas) -> bundle.Query:
        """The sizes of the groups of equal keys that are larger than one, summed."""
        scope = self._scope()
        condition = _spared(scan.filter, only.where)
        keys = _kept(only.args, condition)
        query = self._repeated(keys, condition, scope, [sql.alias(sql.count_rows(), ROWS)])
        source = self._made(sql.subquery(query, KEYS), None, scope)
        counted = sql.func("COALESCE", sql.func("SUM", sql.column(ROWS)), sql.number(0))
        measure = bundle.MeasureSpec(scan.measures[0].name, to_sql(counted, self._dialect.name), "count")
        return self._query(scan, source, (measure,), (), formulas)

    def _ascending(self, scan: plan.Scan, only: ir.Aggregate, formulas: Formulas) -> bundle.Query:
        """The rows whose key is not greater than the one before: a window without an order keeps nothing."""
        scope = self._scope()
        condition = _spared(scan.filter, only.where)
        (expr,) = _kept(only.args, condition)
        key = scope.lower(expr)
        test = sql.all_of(scope.optional(condition), sql.is_not_null(key))
        before = sql.windowed(sql.func("LAG", ordered(key, expr, self._dialect)), [])
        step = sql.alias(sql.compare(exp.LTE, ordered(key, expr, self._dialect), before), STEP)
        source = self._made(sql.subquery(sql.select([step], sql.table(self._table), test), KEYS), None, scope)
        text = to_sql(count_where(self._dialect, sql.column(STEP)), self._dialect.name)
        measure = bundle.MeasureSpec(scan.measures[0].name, text, "count")
        return self._query(scan, source, (measure,), (), formulas)

    def _marked(self, scan: plan.Scan, only: ir.Aggregate, formulas: Formulas) -> bundle.Query:
        """The distinct keys: one row for each word of 64 neighbours, in which each key sets its bit."""
        marked = self._dialect.marked
        if marked is None:
            raise ValueError("a strategy that the dialect does not have")
        scope = self._scope()
        condition = _spared(scan.filter, only.where)
        (expr,) = _kept(only.args, condition)
        key = scope.lower(expr)
        word, marks = marked(key)
        test = sql.all_of(scope.optional(condition), sql.is_not_null(key))
        query = sql.select([sql.alias(marks, ROWS)], sql.table(self._table), test, [word])
        source = self._made(sql.subquery(query, KEYS), None, scope)
        bits = sql.func("SUM", sql.func("BIT_COUNT", sql.column(ROWS)))
        text = to_sql(sql.func("COALESCE", bits, sql.number(0)), self._dialect.name)
        return self._query(
            scan, source, (bundle.MeasureSpec(scan.measures[0].name, text, "count"),), (), formulas
        )

    def _repeated(
        self,
        keys: tuple[ir.Expr, ...],
        condition: ir.Expr | None,
        scope: Expressions,
        items: list[Node],
    ) -> Node:
        """The keys that stand in more than one row; a row with a null in its key has none."""
        lowered = [scope.lower(key) for key in keys]
        group = [ordered(node, key, self._dialect) for node, key in zip(lowered, keys, strict=True)]
        test = sql.all_of(scope.optional(condition), *(sql.is_not_null(node) for node in lowered))
        having = sql.gt(sql.count_rows(), sql.number(1))
        return sql.select(items or group, sql.table(self._table), test, group, having)

    def _orphans(self, scan: plan.Scan, only: ir.Aggregate, formulas: Formulas) -> bundle.Query:
        scope = self._scope(DATASET)
        source = self._orphan_source(only.args, only.target, _spared(scan.filter, only.where), scope)
        measure = bundle.MeasureSpec(
            scan.measures[0].name, to_sql(sql.count_rows(), self._dialect.name), "count"
        )
        return self._query(scan, source, (measure,), (), formulas)

    def _joined(self, scan: plan.Scan, only: ir.Aggregate, formulas: Formulas) -> bundle.Query:
        """The rows whose key is among the distinct keys of the target: each row is found once at the most."""
        scope = self._scope(DATASET)
        target = only.target
        if target is None:
            raise ValueError("a reference without a target")
        names = [sql.column(name) for name in target.columns]
        known = sql.select(names, sql.table(target.table), group=names)
        condition = _spared(scan.filter, only.where)
        keys = [scope.lower(key) for key in _kept(only.args, condition)]
        on = sql.all_of(
            *(sql.eq(sql.column(n, TARGET), key) for n, key in zip(target.columns, keys, strict=True))
        )
        if on is None:
            raise ValueError("a reference without a key")
        test = scope.optional(condition)
        join = (sql.subquery(known, TARGET), on)
        source = self._made(sql.table(self._table, DATASET), test, scope, (target.table,), join)
        counted = to_sql(sql.count_rows(), self._dialect.name)
        measure = bundle.MeasureSpec(scan.measures[0].name, counted, "count")
        return self._query(scan, source, (measure,), (), formulas)

    def _orphan_source(
        self,
        exprs: tuple[ir.Expr, ...],
        target: ir.Target | None,
        condition: ir.Expr | None,
        scope: Expressions,
    ) -> _Source:
        """An anti-join: a target that holds a key twice does not count a row twice."""
        if target is None:
            raise ValueError("a reference without a target")
        keys = [scope.lower(key) for key in _kept(exprs, condition)]
        test = sql.all_of(
            scope.optional(condition),
            *(sql.is_not_null(key) for key in keys),
            sql.negate(self._found(keys, target)),
        )
        return self._made(sql.table(self._table, DATASET), test, scope, (target.table,))

    def _found(self, keys: list[Node], target: ir.Target) -> Node:
        """Whether the keys, none of them null, stand in the target."""
        if self._dialect.anti_join == "not in":
            columns = [sql.column(name, TARGET) for name in target.columns]
            known = sql.all_of(*(sql.is_not_null(column) for column in columns))
            return sql.is_in_query(keys, sql.select(columns, sql.table(target.table, TARGET), known))
        pairs = [
            sql.eq(sql.column(name, TARGET), key) for name, key in zip(target.columns, keys, strict=True)
        ]
        inner = sql.select([sql.number(1)], sql.table(target.table, TARGET), sql.all_of(*pairs))
        return sql.exists(inner)

    def _grouped_source(self, scan: plan.Scan, derived: dict[str, str]) -> _Source:
        """Groups with no duplicate and no orphan are judged as well, so what decides about a row is computed
        beside it and counted in the groups."""
        shaped = [
            measure
            for measure in scan.measures
            if measure.aggregate.function in (ir.Aggregation.DUPLICATES, ir.Aggregation.ORPHANS)
        ]
        if not shaped:
            return self._source(scan.filter)
        scope = self._scope(DATASET)
        made: list[Node] = []
        items: list[Node] = [sql.star()]
        tables: dict[tuple[str, ...], None] = {}
        for place, measure in enumerate(shaped, 1):
            aggregate = measure.aggregate
            name = derived[measure.name] = f"assay_{place}"
            keys = [scope.lower(key) for key in _kept(aggregate.args, aggregate.where)]
            if aggregate.target is not None:
                tables[aggregate.target.table] = None
                items.append(sql.alias(self._found(keys, aggregate.target), name))
                continue
            if any(map(can_fail, aggregate.args)):
                # DuckDB takes what can fail for volatile, and has no groups of it in a window.
                names = [f"{name}_{number}" for number in range(1, len(keys) + 1)]
                made += [sql.alias(key, one) for key, one in zip(keys, names, strict=True)]
                keys = [sql.column(one, DATASET) for one in names]
            groups = [scope.lower(column) for column in scan.by]
            rows = counted(self._dialect, scope.optional(aggregate.where))
            items.append(sql.alias(sql.windowed(rows, [*groups, *keys]), name))
        source, test = sql.table(self._table, DATASET), scope.optional(scan.filter)
        if made:
            source, test = sql.subquery(sql.select([sql.star(), *made], source, test), DATASET), None
        return self._made(sql.subquery(sql.select(items, source, test), ROWS), None, scope, tuple(tables))

    # ------------------------------------------------------------ captures

    def capture(self, capture: plan.Capture) -> bundle.CaptureSpec:
        rows = capture.rows
        match rows:
            case ir.RowCheck(_, breaking, scope, _):
                source = self._source(_spared(capture.filter, scope, breaking))
                table = None
            case ir.UniqueCheck():
                source = self._unique_rows(rows, capture.filter)
                table = None
            case ir.ReferenceCheck():
                table = DATASET
                condition = _spared(capture.filter, rows.scope)
                source = self._orphan_source(rows.keys, rows.target, condition, self._scope(DATASET))
            case _:
                assert_never(rows)
        columns = tuple(self._column(name, table) for name in capture.columns)
        return bundle.CaptureSpec(
            capture.check, columns, source.text, capture.keep, source.columns, source.binds, source.tables
        )

    def _column(self, name: str, table: str | None) -> bundle.Fragment:
        found = self._names.get((name, table))
        if found is None:
            text = to_sql(sql.column(name, table), self._dialect.name)
            found = self._names[name, table] = bundle.Fragment(name, text, (name,))
        return found

    def _unique_rows(self, check: ir.UniqueCheck, filter_: ir.Expr | None) -> _Source:
        scope = self._scope()
        condition = _spared(filter_, check.scope)
        keys = _kept(check.keys, condition)
        repeated = self._repeated(keys, condition, scope, [])
        found = sql.is_in_query([scope.lower(key) for key in keys], repeated)
        test = sql.all_of(scope.optional(condition), found)
        return self._made(sql.table(self._table), test, scope)

    # ------------------------------------------------------------ sources

    def _scope(self, table: str | None = None) -> Expressions:
        return Expressions(self._dialect, self._places, table)

    def _source(self, condition: ir.Expr | None) -> _Source:
        made = self._plain.get(condition)
        if made is None:
            scope = self._scope()
            made = self._made(sql.table(self._table), scope.optional(condition), scope)
            self._plain[condition] = made
        return made

    def _made(
        self,
        source: Node,
        where: Node | None,
        scope: Expressions,
        tables: tuple[tuple[str, ...], ...] = (),
        join: tuple[Node, Node] | None = None,
    ) -> _Source:
        text = source_sql(source, where, self._dialect.name, join)
        return _Source(text, tuple(scope.columns), tuple(scope.binds), tables)


def _spared(*conditions: ir.Expr | None) -> ir.Expr | None:
    """The conditions of a WHERE as one, in a CASE each where a row that one of them leaves out could make the next
    an error: engines choose their own order."""
    found: ir.Expr | None = None
    for test in reversed(conditions):
        if found is None or test is None:
            found = found or test
        elif can_fail(found):
            found = ir.Case(((test, found),), None, BOOLEAN, True)
        else:
            found = ir.Call("and", (test, found), BOOLEAN, True)
    return found


def _kept(keys: tuple[ir.Expr, ...], condition: ir.Expr | None) -> tuple[ir.Expr, ...]:
    """Keys that are computed in the rows of the condition only; null in the others, as if they had none."""
    if condition is None:
        return keys
    return tuple(ir.Case(((condition, key),), None, key.type, True) if can_fail(key) else key for key in keys)
