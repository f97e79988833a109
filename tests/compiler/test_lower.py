"""What is printed is what was meant: executed on both engines, read back, refused where it cannot be said."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction

import pytest
from sqlglot import exp

from assay.compiler import ir
from assay.compiler.codes import table
from assay.compiler.diagnostics import Sink
from assay.compiler.dialects import DIALECTS, sql
from assay.compiler.lower import Lowered, lower, sql_text
from assay.compiler.lower.formulas import constant, default_text
from assay.compiler.lower.printing import to_sql
from assay.compiler.lower.proof import Misprint, prove
from assay.compiler.planning import plan
from assay.compiler.types import BIGINT, BOOLEAN, DATE, DOUBLE, INT, INTERVAL, JSON, TEXT, TIMESTAMPTZ, Type
from assay.protocol import bundle
from assay.runner.formulas import Scope, evaluate
from assay.runner.values import from_cell
from tests.compiler.build_ir import (
    COUNTRY,
    CUSTOMER_ID,
    EMAIL,
    ORDER_ID,
    PLACED_AT,
    STATUS,
    aggregate,
    breaks,
    call,
    contract,
    head,
    metric,
    rows,
    sample,
    text,
    unique,
)
from tests.dialects.engines import Engine, engines, fill, plain
from tests.support.postgres import Server

TWO = (("a", TEXT), ("b", TEXT))


@pytest.fixture(scope="module")
def running(postgres_module_database: Server) -> Iterator[list[Engine]]:
    with engines(postgres_module_database) as found:
        yield found


def lowered(whole: ir.Contract, dialect: str) -> Lowered:
    sink = Sink()
    made = lower(plan(whole, DIALECTS[dialect], sink), DIALECTS[dialect], sink)
    assert not sink.failed, sink.items
    return made


def faults(whole: ir.Contract, dialect: str) -> list[str]:
    sink = Sink()
    lower(plan(whole, DIALECTS[dialect], sink), DIALECTS[dialect], sink)
    templates = table()
    for item in sink.items:
        assert templates[item.code].message.format(**item.facts)
        assert templates[item.code].help.format(**item.facts)
    return [item.code for item in sink.items]


def numbers(engine: Engine, made: Lowered) -> dict[str, object]:
    """Every measure of ungrouped queries, guards followed; every group of the others."""
    found: dict[str, object] = {}
    for query in made.bundle.queries:
        if query.guard is not None:
            formula = query.guard.formula
            read = formula.args if isinstance(formula, bundle.Apply) else (formula,)
            values = [found[arg.name] for arg in read if isinstance(arg, bundle.MeasureValue)]
            if values[0] == (values[1] if len(values) > 1 else 0):
                found[query.measures[0].name] = query.guard.otherwise
                continue
        result = engine.rows(bundle.compose(query))
        names = [item.name for item in query.measures]
        if query.keys:
            wide = len(query.keys)
            found[query.id] = {row[:wide]: tuple(map(plain, row[wide:])) for row in result}
        else:
            found.update(zip(names, map(plain, result[0]), strict=True))
    return found


def value(engine: Engine, whole: ir.Contract) -> object:
    """The number of the one check of a contract."""
    made = lowered(whole, engine.name)
    found = numbers(engine, made)
    values = {name: from_cell(cell, "integer") for name, cell in found.items()}
    return evaluate(made.bundle.checks[0].value, Scope(values, {}))


def shown(engine: Engine, whole: ir.Contract) -> list[tuple[object, ...]]:
    made = lowered(whole, engine.name)
    return sorted(engine.rows(bundle.compose_capture(made.bundle.captures[0])), key=repr)


def orders(engine: Engine, *rows_: tuple[ir.Scalar, ...]) -> None:
    fill(engine, "orders", [(c.name, c.type) for c in (ORDER_ID, CUSTOMER_ID, STATUS, COUNTRY)], rows_)


def narrow(*checks: ir.Check, filter_: ir.Expr | None = None) -> ir.Contract:
    return contract(*checks, columns=(ORDER_ID, CUSTOMER_ID, STATUS, COUNTRY), filter_=filter_)


def reference(scope: ir.Expr | None = None) -> ir.ReferenceCheck:
    target = ir.Target(("customers",), ("id",))
    return ir.ReferenceCheck(head("ref", "references", "customer_id"), (CUSTOMER_ID,), target, scope, None)


# ---------------------------------------------------------------- rows


def test_orphans_are_counted_once_though_the_target_holds_a_key_twice(running: list[Engine]) -> None:
    for engine in running:
        orders(engine, (1, 1, "new", "BE"), (2, 2, "new", "BE"), (3, None, "new", "BE"), (4, 9, "old", "NL"))
        fill(engine, "customers", [("id", BIGINT)], [[1], [1], [1], [None]])
        assert value(engine, narrow(reference())) == 2
        assert value(engine, narrow(reference(call("eq", STATUS, text("old"))))) == 1
        assert shown(engine, narrow(reference())) == [(2, 2), (4, 9)]


def test_a_target_with_the_same_column_names_is_no_trap(running: list[Engine]) -> None:
    target = ir.Target(("customers",), ("customer_id",))
    check = ir.ReferenceCheck(head("ref"), (CUSTOMER_ID,), target, call("eq", STATUS, text("new")), None)
    for engine in running:
        orders(engine, (1, 1, "new", "BE"), (2, 2, "new", "BE"), (3, 3, "old", "BE"))
        fill(engine, "customers", [("customer_id", BIGINT), ("status", TEXT)], [[1, "new"], [7, "new"]])
        assert value(engine, narrow(check)) == 1


def test_a_composite_reference(running: list[Engine]) -> None:
    target = ir.Target(("pairs",), ("a", "b"))
    check = ir.ReferenceCheck(head("ref"), (CUSTOMER_ID, COUNTRY), target, None, None)
    for engine in running:
        orders(engine, (1, 1, "", "BE"), (2, 1, "", "NL"), (3, None, "", "BE"), (4, 1, "", None))
        fill(engine, "pairs", [("a", BIGINT), ("b", TEXT)], [[1, "BE"], [None, "NL"], [1, None]])
        assert value(engine, narrow(check)) == 1


def test_duplicates_count_every_row_of_a_repeated_key(running: list[Engine]) -> None:
    for engine in running:
        orders(engine, *((n, key, "new", "BE") for n, key in enumerate([1, 1, 2, None, None, 3, 3, 3])))
        assert value(engine, narrow(unique(CUSTOMER_ID))) == 5
        assert value(engine, narrow(unique(ORDER_ID))) == 0
        assert [row[0] for row in shown(engine, narrow(unique(CUSTOMER_ID)))] == [0, 1, 5, 6, 7]


def test_a_composite_key_is_not_text_joined(running: list[Engine]) -> None:
    a, b = ir.Column("a", TEXT, True), ir.Column("b", TEXT, True)
    whole = contract(unique(a, b), columns=(a, b))
    for engine in running:
        fill(engine, "orders", TWO, [["x||y", "z"], ["x", "y||z"], ["x", None], ["x", None]])
        assert value(engine, whole) == 0
        fill(engine, "orders", TWO, [["x", "y"], ["x", "y"], ["x", None], ["x", None]])
        assert value(engine, whole) == 2


def test_a_missing_value_is_no_duplicate(running: list[Engine]) -> None:
    key = ir.Call("nullif", (COUNTRY, text("n/a")), TEXT, True)
    check = ir.UniqueCheck(head("unique", "unique", "country"), (key,), None, None)
    for engine in running:
        orders(engine, (1, 1, "", "n/a"), (2, 1, "", "n/a"), (3, 1, "", "BE"), (4, 1, "", "BE"))
        assert value(engine, narrow(check)) == 2
        assert shown(engine, narrow(check)) == [(3, "BE"), (4, "BE")]


def test_null_in_a_list_breaks_nothing_and_hides_nothing(running: list[Engine]) -> None:
    listed = call("in", STATUS, text("new"), text("paid"))
    for engine in running:
        orders(engine, (1, 1, "new", ""), (2, 1, None, ""), (3, 1, "odd", ""))
        assert value(engine, narrow(breaks("in", call("not", listed)))) == 1
        assert value(engine, narrow(breaks("not_in", listed))) == 1


def test_the_filter_reaches_every_query(running: list[Engine]) -> None:
    only = call("eq", COUNTRY, text("BE"))
    for engine in running:
        orders(
            engine,
            (1, 1, "x", "BE"),
            (2, 1, "x", "NL"),
            (3, 1, None, "BE"),
            (4, 2, "x", "NL"),
            (5, 2, "x", "NL"),
        )
        fill(engine, "customers", [("id", BIGINT)], [[2]])
        assert value(engine, narrow(metric("rows", rows()), filter_=only)) == 2
        assert value(engine, narrow(unique(CUSTOMER_ID), filter_=only)) == 2
        assert value(engine, narrow(reference(), filter_=only)) == 2
        assert len(shown(engine, narrow(unique(CUSTOMER_ID), filter_=only))) == 2


def test_groups_without_a_bad_row_are_judged(running: list[Engine]) -> None:
    dups = metric("dups", aggregate(ir.Aggregation.DUPLICATES, CUSTOMER_ID), "=", 0, by=(COUNTRY,))
    lost = ir.Aggregate(
        ir.Aggregation.ORPHANS, (CUSTOMER_ID,), BIGINT, None, None, ir.Target(("customers",), ("id",))
    )
    orphaned = metric("lost", ir.MetricCall("div", (lost, rows())), "=", 0, by=(COUNTRY,))
    scoped = aggregate(ir.Aggregation.DUPLICATES, CUSTOMER_ID, where=call("eq", STATUS, text("a")))
    for engine in running:
        orders(
            engine,
            (1, 1, "a", "BE"),
            (2, 1, "b", "BE"),
            (3, 2, "a", "NL"),
            (4, 1, "a", "NL"),
            (5, None, "a", None),
            (6, None, "a", None),
        )
        fill(engine, "customers", [("id", BIGINT)], [[1], [1]])
        found = numbers(engine, lowered(narrow(dups), engine.name))["s1"]
        assert found == {("BE",): (2,), ("NL",): (0,), (None,): (0,)}
        found = numbers(engine, lowered(narrow(orphaned), engine.name))["s1"]
        assert found == {("BE",): (0, 2), ("NL",): (1, 2), (None,): (0, 2)}
        found = numbers(engine, lowered(narrow(metric("s", scoped, by=(COUNTRY,))), engine.name))["s1"]
        assert found == {("BE",): (0,), ("NL",): (0,), (None,): (0,)}


def test_an_empty_table_gives_zero_counts(running: list[Engine]) -> None:
    for engine in running:
        orders(engine)
        fill(engine, "customers", [("id", BIGINT)], [])
        assert value(engine, narrow(reference())) == 0
        assert value(engine, narrow(unique(CUSTOMER_ID, COUNTRY))) == 0
        assert set(numbers(engine, lowered(narrow(unique(ORDER_ID)), engine.name)).values()) == {0}


@pytest.mark.parametrize("dialect", list(DIALECTS))
def test_binds_are_placed_as_the_driver_takes_them(dialect: str) -> None:
    made = lowered(sample(), dialect).bundle
    assert [bind.name for bind in made.binds] == ["now", "today", "since"]
    assert made.binds[2].default == "today-7d"
    assert {"duckdb": "CAST($since AS ", "postgres": "CAST($3 AS "}[dialect] in made.queries[0].source
    assert made.queries[0].binds == ("since",)
    assert made.queries[0].columns == ("placed_at",)


@pytest.mark.parametrize("dialect", list(DIALECTS))
def test_fragments_name_what_they_read(dialect: str) -> None:
    made = lowered(sample(), dialect).bundle
    by_name = {measure.name: measure for query in made.queries for measure in query.measures}
    assert by_name["m1"].columns == ()
    assert all(m.columns for m in made.queries[0].measures if m.name != "m1")
    orphan = next(query for query in made.queries if query.tables)
    assert orphan.tables == (("customers",),)
    assert set(orphan.columns) == {"placed_at", "customer_id"}


def test_a_ratio_by_rows_is_null_without_rows_and_other_divisions_are_not() -> None:
    share = ir.MetricCall("div", (aggregate(ir.Aggregation.COUNT, EMAIL), rows()))
    other = ir.MetricCall("div", (rows(), aggregate(ir.Aggregation.SUM, ORDER_ID)))
    made = lowered(contract(metric("a", share), metric("b", other)), "duckdb").bundle
    assert [check.value.op for check in made.checks if isinstance(check.value, bundle.Apply)] == [
        "ratio",
        "div",
    ]


# ---------------------------------------------------------------- text


@pytest.mark.parametrize("dialect", list(DIALECTS))
def test_the_text_is_the_same_every_time(dialect: str) -> None:
    assert sql_text(lowered(sample(), dialect)) == sql_text(lowered(sample(), dialect))


@pytest.mark.parametrize("dialect", list(DIALECTS))
def test_words_of_a_contract_cannot_leave_a_comment(dialect: str) -> None:
    evil = ir.Head("orders.x\n; DROP TABLE a; --", "rule", "", "*/ x", "f", 1, (), ir.LevelName.FAIL)
    check = ir.RowCheck(evil, call("is_null", EMAIL), None, None)
    text_ = sql_text(lowered(contract(check), dialect))
    assert all(line.startswith("--") for line in text_.splitlines() if "DROP" in line)


@pytest.mark.parametrize("dialect", list(DIALECTS))
def test_the_readable_text_is_the_statement(dialect: str) -> None:
    made = lowered(sample(), dialect)
    statements = [" ".join(part.split()).rstrip(";") for part in _statements(sql_text(made))]
    composed = [bundle.compose(query) for query in made.bundle.queries]
    composed += [bundle.compose_capture(capture) for capture in made.bundle.captures]
    assert statements == composed


def _statements(text_: str) -> list[str]:
    lines = [line for line in text_.splitlines() if not line.startswith("--")]
    return [part for part in "\n".join(lines).split(";\n") if part.strip()]


@pytest.mark.parametrize("dialect", list(DIALECTS))
def test_a_text_that_means_something_else_is_a_fault(dialect: str) -> None:
    a, b = sql.column("a"), sql.column("b")
    flat = sql.make(exp.Mul, this=sql.make(exp.Add, this=a, expression=b), expression=sql.number(2))
    with pytest.raises(Misprint):
        to_sql(flat, dialect)
    with pytest.raises(Misprint):
        prove('"a" +', sql.add(a, b), dialect)
    assert to_sql(sql.mul(sql.add(a, b), sql.number(2)), dialect) == '("a" + "b") * 2'


@pytest.mark.parametrize("dialect", list(DIALECTS))
def test_parentheses_stand_where_they_are_needed(dialect: str) -> None:
    a, b, c = (sql.column(name) for name in "abc")
    both = sql.all_of(sql.any_of(a, b), c)
    assert both is not None
    assert to_sql(both, dialect) == '("a" OR "b") AND "c"'
    assert to_sql(sql.negate(both), dialect) == 'NOT (("a" OR "b") AND "c")'
    assert to_sql(sql.negate(sql.negate(sql.is_null(a))), dialect) == '"a" IS NULL'
    assert to_sql(sql.eq(sql.is_null(a), sql.eq(b, c)), dialect) == '("a" IS NULL) = ("b" = "c")'
    assert to_sql(sql.sub(a, sql.sub(b, c)), dialect) == '"a" - ("b" - "c")'
    assert to_sql(sql.sub(a, sql.number(-1)), dialect) == '"a" - -1'
    assert to_sql(sql.neg(sql.number(-1)), dialect) == "-(-1)"
    assert to_sql(sql.negate(sql.between(a, b, c)), dialect) == '"a" NOT BETWEEN "b" AND "c"'


# ---------------------------------------------------------------- constants and defaults


@pytest.mark.parametrize(
    ("value_", "kind", "written"),
    [
        (None, "null", ""),
        (True, "boolean", "true"),
        (-5, "number", "-5"),
        (Decimal("1E+3"), "number", "1000"),
        (Fraction(1, 3), "number", "1/3"),
        ("a'b", "text", "a'b"),
        (date(2024, 1, 2), "date", "2024-01-02"),
        (datetime(2024, 1, 2, 3), "timestamp", "2024-01-02T03:00:00"),
        (datetime(2024, 1, 2, 3, tzinfo=UTC), "timestamptz", "2024-01-02T03:00:00+00:00"),
        (ir.Duration(0, 7_200_000_000), "seconds", "7200"),
    ],
)
def test_constants(value_: ir.Scalar | Fraction, kind: str, written: str) -> None:
    assert constant(value_) == bundle.Const(kind, written)


def _moved(base: ir.Expr, months: int, micros: int) -> ir.Expr:
    return ir.Call("shift", (base, ir.Literal(ir.Duration(months, micros), INTERVAL)), base.type, False)


@pytest.mark.parametrize(
    ("expr", "written"),
    [
        (None, None),
        (ir.Literal(5, BIGINT), "5"),
        (ir.Bind("today", DATE), "today"),
        (_moved(ir.Bind("today", DATE), 0, -7 * 86_400_000_000), "today-7d"),
        (_moved(ir.Bind("now", TIMESTAMPTZ), 1, 90_000_000), "now+1mon+90s"),
        (_moved(_moved(ir.Bind("now", TIMESTAMPTZ), 0, 1), -12, 0), "now+1us-12mon"),
        (ir.Cast(ir.Bind("today", DATE), TIMESTAMPTZ, False, False), "today"),
    ],
)
def test_defaults(expr: ir.Expr | None, written: str | None) -> None:
    assert default_text(expr) == written


# ---------------------------------------------------------------- what a dialect cannot say


def test_a_gap_is_told_once_for_each_check() -> None:
    price = ir.Column("price", DOUBLE, True)
    bad = breaks("bad", call("eq", ir.Cast(price, TEXT, False, True), text("1")), "price")
    good = breaks("good", call("is_null", price), "price")
    assert faults(contract(good, bad, columns=(price,)), "duckdb") == ["E401"]
    assert faults(contract(good, bad, columns=(price,)), "postgres") == ["E401"]


def test_try_cast_to_json_is_a_gap_of_postgres() -> None:
    bad = breaks("bad", call("is_null", ir.Cast(EMAIL, JSON, True, True)), "email")
    assert faults(contract(bad), "duckdb") == []
    assert faults(contract(bad), "postgres") == ["E402"]


def test_names_that_a_dialect_cannot_hold() -> None:
    long = ir.Column("é" * 32, TEXT, True)
    assert faults(contract(breaks("x", call("is_null", long)), columns=(long,)), "duckdb") == []
    assert faults(contract(breaks("x", call("is_null", long)), columns=(long,)), "postgres") == ["E404"]
    assert faults(contract(table=("a", "b", "c", "d")), "duckdb") == ["E405"]
    param = ir.Param("two words", BIGINT, ir.Literal(1, BIGINT))
    assert faults(contract(params=(param,)), "duckdb") == ["E406"]
    assert faults(contract(params=(param,)), "postgres") == []
    assert faults(contract(breaks("x", call("eq", EMAIL, text("\0")))), "duckdb") == ["E401"]


def test_a_default_that_needs_an_engine() -> None:
    product = ir.Call("mul", (ir.Literal(2, BIGINT), ir.Literal(5, BIGINT)), BIGINT, False)
    assert faults(contract(params=(ir.Param("least", BIGINT, product),)), "duckdb") == ["E403"]


def test_an_expression_that_repeats_itself_without_end() -> None:
    """The tree shares the parts that the text repeats, so the tree is small and the text is not."""
    score: ir.Expr = ir.Column("score", DOUBLE, True)
    for _ in range(40):
        score = ir.Call("round", (score, ir.Literal(1, INT)), DOUBLE, True)
    nested = contract(breaks("x", ir.Call("gt", (score, ir.Literal(1, DOUBLE)), BOOLEAN, True)))
    assert faults(nested, "postgres") == ["E401"]


# ---------------------------------------------------------------- cost


def test_lowering_is_linear() -> None:
    def seconds(count: int) -> float:
        checks = [breaks(f"r{n}", call("eq", STATUS, text(str(n))), "status") for n in range(count)]
        found = plan(contract(*checks), DIALECTS["duckdb"], Sink())
        start = time.process_time()
        lower(found, DIALECTS["duckdb"], Sink())
        return time.process_time() - start

    small = min(seconds(300) for _ in range(3))
    assert seconds(3000) < max(30 * small, 1.0)


def test_types_keep_their_parts() -> None:
    money = Type(CUSTOMER_ID.type.kind.DECIMAL, precision=12, scale=2)
    amount = ir.Column("amount", money, True)
    made = lowered(contract(columns=(amount, PLACED_AT)), "duckdb").bundle
    assert made.columns[0].type == bundle.TypeSpec("decimal", 12, 2)
