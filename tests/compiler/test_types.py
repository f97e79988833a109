"""Synonyms become one type, types meet only where every engine agrees, decimals stay exact."""

from __future__ import annotations

from decimal import Decimal

import pytest

from assay.compiler.check.types import arithmetic, castable, common, in_range, in_scale, of_number
from assay.compiler.types import (
    BIGINT,
    BOOLEAN,
    DATE,
    DOUBLE,
    FLOAT,
    INT,
    JSON,
    NULL,
    SMALLINT,
    TEXT,
    TIME,
    TIMESTAMP,
    TIMESTAMPTZ,
    UNKNOWN,
    UUID,
    Kind,
    Type,
    decimal,
)
from tests.support.contracts import codes, meaning, row

VARCHAR = Type(Kind.VARCHAR, length=5)


@pytest.mark.parametrize(
    ("written", "kind"),
    [
        ("string", "text"),
        ("varchar", "text"),
        ("character varying(16)", "varchar(16)"),
        ("char", "char(1)"),
        ("integer", "int"),
        ("INT8", "bigint"),
        ("tinyint", "smallint"),
        ("numeric(10, 2)", "decimal(10,2)"),
        ("numeric(10)", "decimal(10,0)"),
        ("decimal", "decimal"),
        ("double precision", "double"),
        ("float(24)", "float"),
        ("float(53)", "double"),
        ("timestamp with time zone", "timestamptz"),
        ("timestamp(3) with time zone", "timestamptz"),
        ("timestamp without time zone", "timestamp"),
        ("datetime", "timestamp"),
        ("bytea", "binary"),
        ("jsonb", "json"),
        ("array<array<string>>", "array<array<text>>"),
        ("any", "any"),
    ],
)
def test_synonyms(written: str, kind: str) -> None:
    assert str(meaning(f"column x {written}").columns[-1].type) == kind


@pytest.mark.parametrize(
    "written",
    ["decimal(39)", "decimal(2, 3)", "decimal(0)", "varchar(0)", "int(11)", "timestamp(10)"],
)
def test_sizes_that_no_engine_takes(written: str) -> None:
    assert codes(f"column x {written}") == ["E347"]


def test_an_unknown_type_is_silent_further_down() -> None:
    assert codes("column x nmber = 'a' length < 5\nrule r: x + 1 = 'a'\ncheck avg(x) > 5") == ["E203"]


@pytest.mark.parametrize(
    ("a", "b", "both"),
    [
        (SMALLINT, BIGINT, BIGINT),
        (INT, decimal(5, 2), decimal(12, 2)),
        (decimal(38, 0), decimal(38, 20), decimal(38, 20)),
        (INT, FLOAT, DOUBLE),
        (FLOAT, FLOAT, FLOAT),
        (VARCHAR, TEXT, TEXT),
        (DATE, TIMESTAMP, TIMESTAMP),
        (DATE, TIMESTAMPTZ, TIMESTAMPTZ),
        (NULL, INT, INT),
        (TIMESTAMP, TIMESTAMPTZ, None),
        (TEXT, DATE, None),
        (TEXT, INT, None),
        (TEXT, UUID, None),
        (BOOLEAN, INT, None),
        (TIME, TIMESTAMP, None),
    ],
)
def test_what_meets(a: Type, b: Type, both: Type | None) -> None:
    assert common(a, b) == both
    assert common(b, a) == both


@pytest.mark.parametrize(
    ("op", "a", "b", "gives"),
    [
        ("add", INT, INT, BIGINT),
        ("add", decimal(5, 2), decimal(7, 1), decimal(9, 2)),
        ("mul", decimal(5, 2), decimal(7, 1), decimal(12, 3)),
        ("mul", decimal(30, 10), decimal(30, 10), decimal(38, 20)),
        ("mul", decimal(30, 20), decimal(30, 20), UNKNOWN),
        ("sub", decimal(38, 2), INT, decimal(38, 2)),
        ("div", INT, INT, DOUBLE),
        ("mod", SMALLINT, INT, INT),
        ("add", INT, DOUBLE, DOUBLE),
    ],
)
def test_arithmetic(op: str, a: Type, b: Type, gives: Type) -> None:
    assert arithmetic(op, a, b) == gives


def test_literals_have_the_narrowest_type() -> None:
    assert of_number(Decimal(5)) == INT
    assert of_number(Decimal(2**40)) == BIGINT
    assert of_number(Decimal("1.50")) == decimal(3, 2)
    assert of_number(Decimal("0.005")) == decimal(3, 3)


def test_ranges_and_scales() -> None:
    assert in_range(32767, SMALLINT)
    assert not in_range(32768, SMALLINT)
    assert not in_range(Decimal(100), decimal(4, 2))
    assert in_scale(Decimal("1.50"), decimal(4, 1))
    assert not in_scale(Decimal("1.55"), decimal(4, 1))


def test_casts() -> None:
    assert castable(TEXT, DATE)
    assert castable(TIMESTAMPTZ, DATE)
    assert not castable(INT, DATE)
    assert not castable(JSON, INT)


@pytest.mark.parametrize(
    "expression",
    [
        "day + 2 hours > seen_at",
        "placed_at - placed_at < 2 hours",
        "day - day < 5",
        "2 days + day > day",
        "case status when 'a' then amount else 0 end > 5",
        "coalesce(amount, id, 0) > 5",
        "left(status, 2) || 'x' like 'a%'",
        "date_trunc('month', day) = day",
        "cast('2024-01-31' as date) < day",
        "-amount < +5",
        "id % 2 = 0",
        "round(amount, 1) = amount",
        "try_cast(status as int) is not null",
        "status in ('a', lower('B'))",
        "1e3 < amount",
        "placed_at > timestamptz '2024-01-31 10:00:00+02:00'",
        "hour(placed_at) between 8 and 18",
        "greatest(day, placed_at) > now()",
    ],
)
def test_what_is_well_typed(expression: str) -> None:
    assert codes(f"rule r: {expression}") == []


@pytest.mark.parametrize("literal", ["2024-02-30", "2024-1-1", "24-01-01", "today"])
def test_dates_must_exist(literal: str) -> None:
    assert codes(f"rule r: day > date '{literal}'") == ["E323"]


def test_a_moment_with_an_offset_becomes_utc() -> None:
    check = row("rule r: placed_at > timestamptz '2024-01-31 01:00+02:00'", "orders.r")
    assert "2024, 1, 30, 23, 0" in repr(check.breaking)
