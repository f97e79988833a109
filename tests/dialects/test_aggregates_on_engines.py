"""Every aggregate gives the same number on every engine: over values, over nothing, within a scope."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal

import duckdb
import psycopg
import pytest

from assay.compiler import ir
from assay.compiler.dialects import DIALECTS
from assay.compiler.lower.aggregates import lower_aggregate, result
from assay.compiler.lower.expressions import Expressions
from assay.compiler.lower.printing import to_sql
from assay.compiler.types import (
    BIGINT,
    BOOLEAN,
    DATE,
    DOUBLE,
    INT,
    INTERVAL,
    SMALLINT,
    TEXT,
    TIME,
    TIMESTAMP,
    TIMESTAMPTZ,
    UUID,
    Kind,
    Type,
    decimal,
)
from tests.dialects.engines import ERROR, Engine, engines, fill, plain
from tests.support.postgres import Server

A = ir.Aggregation
MONEY = decimal(12, 2)
FLOAT = Type(Kind.FLOAT)
CHAR2 = Type(Kind.CHAR, length=2)
MAX = 2**63 - 1
ONE = "550e8400-e29b-41d4-a716-446655440000"
TWO = "550e8400-e29b-41d4-a716-446655440001"
NAN, INF = math.nan, math.inf


@dataclass(frozen=True, slots=True)
class AggregateCase:
    function: ir.Aggregation
    type: Type
    values: tuple[ir.Scalar, ...]
    expected: object
    kind: str
    fraction: str | None = None

    def __str__(self) -> str:
        return f"{self.function.value} of {self.type} {self.values}"


def case(
    function: ir.Aggregation,
    type_: Type,
    values: list[ir.Scalar],
    gives: object,
    kind: str,
    at: str | None = None,
) -> AggregateCase:
    return AggregateCase(function, type_, tuple(values), gives, kind, at)


def money(*values: str) -> list[ir.Scalar]:
    return [Decimal(value) for value in values]


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


CASES = (
    case(A.ROWS, INT, [1, None], 2, "count"),
    case(A.ROWS, INT, [], 0, "count"),
    case(A.COUNT, INT, [1, None], 1, "count"),
    case(A.COUNT_IF, BOOLEAN, [True, False, None], 1, "count"),
    case(A.DISTINCT, INT, [1, 1, 2, None], 2, "count"),
    case(A.DISTINCT, TEXT, ["a", "A", "a ", "a", None], 3, "count"),
    case(A.DISTINCT, CHAR2, ["a", "a ", "b"], 2, "count"),
    case(A.DISTINCT, DOUBLE, [NAN, NAN, INF], 2, "count"),
    case(A.DISTINCT, UUID, [ONE, ONE.upper(), TWO], 2, "count"),
    case(A.SUM, SMALLINT, [32767, 32767], 65534, "integer"),
    case(A.SUM, BIGINT, [MAX, MAX], 2 * MAX, "integer"),
    case(A.SUM, INT, [], None, "integer"),
    case(A.SUM, INT, [None], None, "integer"),
    case(A.SUM, MONEY, money("0.10", "0.20"), Decimal("0.3"), "decimal"),
    case(A.SUM, DOUBLE, [0.5, 0.25], 0.75, "double"),
    case(A.SUM, FLOAT, [0.5, 0.25], 0.75, "double"),
    case(A.MIN, INT, [3, 1, None], 1, "integer"),
    case(A.MIN, TEXT, ["b", "B", "é"], "B", "text"),
    case(A.MAX, TEXT, ["b", "B", "é"], "é", "text"),
    case(A.MAX, CHAR2, ["a", "b"], "b", "text"),
    case(A.MIN, BOOLEAN, [True, False], False, "boolean"),
    case(A.MAX, BOOLEAN, [True, False], True, "boolean"),
    case(A.MAX, DATE, [date(2024, 1, 1), date(2023, 1, 1)], date(2024, 1, 1), "date"),
    case(A.MAX, TIME, [time(1), time(2)], time(2), "time"),
    case(A.MIN, TIMESTAMP, [at("2024-01-01 10:00:00")], at("2024-01-01 10:00:00"), "timestamp"),
    case(A.MAX, DOUBLE, [1.0, INF], INF, "double"),
    case(A.MAX, DOUBLE, [INF, NAN], NAN, "double"),
    case(A.MIN, MONEY, [], None, "decimal"),
    case(A.STDDEV, INT, [1, 2, 3, 4], 1.2909944487358056, "double"),
    case(A.STDDEV, INT, [1], None, "double"),
    case(A.STDDEV, MONEY, money("1.00", "3.00"), math.sqrt(2), "double"),
    case(A.VARIANCE, DOUBLE, [1.0, 3.0, None], 2.0, "double"),
    case(A.VARIANCE, DOUBLE, [], None, "double"),
    case(A.PERCENTILE, INT, [1, 2, 3, 4], 2.5, "double", "0.5"),
    case(A.PERCENTILE, INT, [1, 2, 3, 4], 1.75, "double", "0.25"),
    case(A.PERCENTILE, MONEY, money("1.00", "2.00"), 1.9, "double", "0.9"),
    case(A.PERCENTILE, INT, [5, None], 5.0, "double", "0"),
    case(A.PERCENTILE, DOUBLE, [], None, "double", "0.5"),
    case(A.PERCENTILE, TEXT, ["a", "B", "c"], "a", "text", "0.5"),
    case(A.PERCENTILE, DATE, [date(2024, 1, d) for d in (1, 2, 3, 4)], date(2024, 1, 2), "date", "0.5"),
    case(A.PERCENTILE, DATE, [date(2024, 1, d) for d in (1, 2, 3, 4)], date(2024, 1, 4), "date", "0.76"),
    case(A.NEWEST, DATE, [date(1970, 1, 2), date(1970, 1, 1)], 86_400_000_000, "micros"),
    case(A.NEWEST, TIMESTAMP, [at("1970-01-01 00:00:00.000001")], 1, "micros"),
    case(A.NEWEST, TIMESTAMP, [at("1969-12-31 23:59:59.999999")], -1, "micros"),
    case(
        A.NEWEST,
        TIMESTAMPTZ,
        [at("2024-01-01 00:00:00.123456").replace(tzinfo=UTC)],
        1704067200123456,
        "micros",
    ),
    case(A.NEWEST, TIMESTAMPTZ, [None], None, "micros"),
)


@pytest.fixture(scope="module")
def running(postgres_module_database: Server) -> Iterator[list[Engine]]:
    with engines(postgres_module_database) as found:
        yield found


def number(engine: Engine, aggregate: ir.Aggregate) -> object:
    dialect = DIALECTS[engine.name]
    text = to_sql(lower_aggregate(aggregate, Expressions(dialect, {})), dialect.name)
    try:
        return plain(engine.rows(f'SELECT {text} FROM "many"')[0][0])
    except (duckdb.Error, psycopg.Error):
        return ERROR


def same(found: object, expected: object) -> bool:
    if isinstance(expected, float) and isinstance(found, float):
        return math.isclose(found, expected, rel_tol=1e-12) or (math.isnan(found) and math.isnan(expected))
    return found is expected or (found == expected and isinstance(found, bool) == isinstance(expected, bool))


@pytest.mark.parametrize("case", CASES, ids=str)
def test_aggregate(case: AggregateCase, running: list[Engine]) -> None:
    column = ir.Column("c", case.type, True)
    args = () if case.function is A.ROWS else (column,)
    fraction = None if case.fraction is None else Decimal(case.fraction)
    inside = ir.Call("eq", (ir.Column("scope", INT, True), ir.Literal(1, INT)), BOOLEAN, True)
    whole = ir.Aggregate(case.function, args, case.type, None, fraction)
    scoped = ir.Aggregate(case.function, args, case.type, inside, fraction)
    assert result(whole) == case.kind
    for engine in running:
        columns = [("c", case.type), ("scope", INT)]
        fill(engine, "many", columns, [(value, 1) for value in case.values])
        assert same(found := number(engine, whole), case.expected), f"{engine.name} gives {found!r}"
        assert same(found := number(engine, scoped), case.expected), f"{engine.name} gives {found!r} in scope"
        outside = [
            *[(value, 1) for value in case.values],
            *[(value, 0) for value in case.values],
            (None, None),
        ]
        fill(engine, "many", columns, outside)
        assert same(found := number(engine, scoped), case.expected), (
            f"{engine.name} counts what is out of scope"
        )


def test_composite_keys(running: list[Engine]) -> None:
    a, b = ir.Column("a", TEXT, True), ir.Column("b", INT, True)
    distinct = ir.Aggregate(A.DISTINCT, (a, b), BIGINT)
    for engine in running:
        fill(
            engine, "many", [("a", TEXT), ("b", INT)], [("x", 1), ("x", 1), ("x", 2), ("x", None), (None, 1)]
        )
        assert number(engine, distinct) == 2


def test_correlation(running: list[Engine]) -> None:
    a, b = ir.Column("a", INT, True), ir.Column("b", MONEY, True)
    inside = ir.Call("gt", (a, ir.Literal(0, INT)), BOOLEAN, True)
    whole = ir.Aggregate(A.CORRELATION, (a, b), DOUBLE)
    for engine in running:
        columns = [("a", INT), ("b", MONEY)]
        fill(engine, "many", columns, [(1, Decimal(2)), (2, Decimal(4)), (3, Decimal(6)), (4, None)])
        assert same(number(engine, whole), 1.0)
        fill(engine, "many", columns, [(1, Decimal(2)), (2, Decimal(2))])
        assert number(engine, whole) is None
        fill(engine, "many", columns, [(1, Decimal(2)), (2, Decimal(4)), (-9, Decimal(100))])
        assert same(number(engine, ir.Aggregate(A.CORRELATION, (a, b), DOUBLE, inside)), 1.0)


def test_waiting_times_are_microseconds(running: list[Engine]) -> None:
    start, end = ir.Column("s", TIMESTAMP, True), ir.Column("e", TIMESTAMP, True)
    waited = ir.Call("elapsed", (start, end), INTERVAL, True)
    long = ir.Call("gt", (waited, ir.Literal(ir.Duration(0, 3_600_000_000), INTERVAL)), BOOLEAN, True)
    for engine in running:
        times = [
            (at("2024-01-01 00:00:00"), at("2024-01-01 01:00:00")),
            (at("2024-01-01 00:00:00"), at("2024-01-01 03:00:00")),
        ]
        fill(engine, "many", [("s", TIMESTAMP), ("e", TIMESTAMP)], times)
        assert number(engine, ir.Aggregate(A.SUM, (waited,), INTERVAL)) == 4 * 3_600_000_000
        assert same(
            number(engine, ir.Aggregate(A.PERCENTILE, (waited,), INTERVAL, None, Decimal("0.5"))), 7.2e9
        )
        assert number(engine, ir.Aggregate(A.COUNT_IF, (long,), BIGINT)) == 1


def test_an_overflow_is_an_error_and_not_a_number(running: list[Engine]) -> None:
    column = ir.Column("c", BIGINT, True)
    doubled = ir.Call("mul", (column, ir.Literal(2, BIGINT)), BIGINT, True)
    for engine in running:
        fill(engine, "many", [("c", BIGINT)], [(MAX,)])
        assert number(engine, ir.Aggregate(A.SUM, (doubled,), BIGINT)) == ERROR
