"""Every row of the function table with its edges: arguments, and what both engines must give."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import TypeAlias

from assay.compiler import ir
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
from tests.dialects.engines import ERROR

CHAR3 = Type(Kind.CHAR, length=3)
FLOAT = Type(Kind.FLOAT)
MONEY = decimal(12, 2)


@dataclass(frozen=True, slots=True)
class Fixed:
    """An argument that must be a literal."""

    value: ir.Scalar
    type: Type


Arg: TypeAlias = tuple[Type, ir.Scalar] | Fixed


@dataclass(frozen=True, slots=True)
class FunctionCase:
    function: str
    result: Type
    args: tuple[Arg, ...]
    expected: object

    def __str__(self) -> str:
        shown = ", ".join(repr(a.value) if isinstance(a, Fixed) else repr(a[1]) for a in self.args)
        return f"{self.function}({shown})"


def case(function: str, result: Type, *args: Arg, gives: object) -> FunctionCase:
    return FunctionCase(function, result, args, gives)


def i(value: int | None) -> Arg:
    return (INT, value)


def big(value: int | None) -> Arg:
    return (BIGINT, value)


def small(value: int | None) -> Arg:
    return (SMALLINT, value)


def d(value: str | None) -> Arg:
    return (MONEY, None if value is None else Decimal(value))


def f(value: float | None) -> Arg:
    return (DOUBLE, value)


def t(value: str | None) -> Arg:
    return (TEXT, value)


def c3(value: str) -> Arg:
    return (CHAR3, value)


def b(value: bool | None) -> Arg:
    return (BOOLEAN, value)


def day(value: str | None) -> Arg:
    return (DATE, None if value is None else date.fromisoformat(value))


def ts(value: str | None) -> Arg:
    return (TIMESTAMP, None if value is None else datetime.fromisoformat(value))


def tz(value: str | None) -> Arg:
    return (TIMESTAMPTZ, None if value is None else datetime.fromisoformat(value).replace(tzinfo=UTC))


def lit(value: ir.Scalar) -> Fixed:
    return Fixed(value, TEXT if isinstance(value, str) else BIGINT)


def span(months: int = 0, days: int = 0, hours: int = 0, micros: int = 0) -> Fixed:
    return Fixed(ir.Duration(months, days * 86_400_000_000 + hours * 3_600_000_000 + micros), INTERVAL)


MAX_SMALL, MAX_INT, MAX_BIG = 2**15 - 1, 2**31 - 1, 2**63 - 1
NAN, INF = math.nan, math.inf

ARITHMETIC = (
    case("add", INT, i(2), i(3), gives=5),
    case("add", INT, i(2), i(None), gives=None),
    case("add", BIGINT, i(MAX_INT), i(1), gives=2**31),
    case("add", INT, small(MAX_SMALL), small(1), gives=2**15),
    case("add", BIGINT, big(MAX_BIG), big(1), gives=ERROR),
    case("add", INT, i(MAX_INT), i(1), gives=ERROR),
    case("add", decimal(13, 2), d("0.10"), d("0.20"), gives=Decimal("0.3")),
    case("add", DOUBLE, f(0.1), f(0.2), gives=0.1 + 0.2),
    case("add", DOUBLE, (FLOAT, 0.5), f(1.0), gives=1.5),
    case("sub", INT, i(2), i(3), gives=-1),
    case("sub", BIGINT, big(-MAX_BIG), big(2), gives=ERROR),
    case("mul", BIGINT, i(100_000), i(100_000), gives=10**10),
    case("mul", decimal(24, 4), d("1.50"), d("1.50"), gives=Decimal("2.25")),
    case("div", DOUBLE, i(7), i(2), gives=3.5),
    case("div", DOUBLE, d("1.00"), i(3), gives=1 / 3),
    case("div", DOUBLE, i(7), i(0), gives=ERROR),
    case("div", DOUBLE, f(7.0), f(0.0), gives=ERROR),
    case("div", DOUBLE, f(7.0), f(-0.0), gives=ERROR),
    case("div", DOUBLE, i(None), i(0), gives=None),
    case("div", DOUBLE, i(7), i(None), gives=None),
    case("div", DOUBLE, i(7), lit(2), gives=3.5),
    case("mod", INT, i(-7), i(3), gives=-1),
    case("mod", INT, i(7), i(-3), gives=1),
    case("mod", BIGINT, small(7), big(4), gives=3),
    case("mod", INT, i(7), i(0), gives=ERROR),
    case("neg", INT, i(-5), gives=5),
    case("neg", DOUBLE, f(2.5), gives=-2.5),
    case("abs", INT, i(-5), gives=5),
    case("abs", MONEY, d("-0.50"), gives=Decimal("0.5")),
    case("round", MONEY, d("2.50"), gives=3),
    case("round", MONEY, d("-2.50"), gives=-3),
    case("round", MONEY, d("1.25"), lit(1), gives=Decimal("1.3")),
    case("round", MONEY, d("155.00"), lit(-1), gives=160),
    case("round", DOUBLE, f(2.5), gives=3.0),
    case("round", DOUBLE, f(-2.5), gives=-3.0),
    case("round", DOUBLE, f(0.49999999999999994), gives=0.0),
    case("round", DOUBLE, f(1e300), gives=1e300),
    case("round", DOUBLE, f(1.25), lit(1), gives=1.3),
    case("round", DOUBLE, f(155.0), lit(-1), gives=160.0),
    case("round", DOUBLE, f(INF), gives=INF),
    case("round", DOUBLE, f(None), gives=None),
    case("round", INT, i(5), gives=5),
    case("round", INT, i(155), lit(-1), gives=160),
    case("floor", DOUBLE, f(-2.5), gives=-3.0),
    case("floor", MONEY, d("2.50"), gives=2),
    case("floor", INT, i(2), gives=2),
    case("ceil", DOUBLE, f(-2.5), gives=-2.0),
    case("ceil", MONEY, d("2.01"), gives=3),
    case("sign", INT, d("-2.50"), gives=-1),
    case("sign", INT, f(0.0), gives=0),
    case("sign", INT, i(9), gives=1),
    case("sqrt", DOUBLE, i(9), gives=3.0),
    case("sqrt", DOUBLE, d("2.25"), gives=1.5),
    case("sqrt", DOUBLE, f(-1.0), gives=ERROR),
    case("sqrt", DOUBLE, f(None), gives=None),
    case("power", DOUBLE, i(2), i(10), gives=1024.0),
    case("power", DOUBLE, f(0.0), f(-1.0), gives=ERROR),
    case("power", DOUBLE, f(-8.0), f(0.5), gives=ERROR),
    case("power", DOUBLE, f(10.0), f(400.0), gives=ERROR),
    case("power", DOUBLE, f(None), f(1.0), gives=None),
    case("power", DOUBLE, f(10.0), f(-400.0), gives=ERROR),
    case("power", DOUBLE, f(0.0), f(2.0), gives=0.0),
    case("power", DOUBLE, f(math.inf), f(2.0), gives=math.inf),
    case("ln", DOUBLE, i(1), gives=0.0),
    case("ln", DOUBLE, f(0.0), gives=ERROR),
    case("ln", DOUBLE, f(-1.0), gives=ERROR),
    case("exp", DOUBLE, i(0), gives=1.0),
    case("exp", DOUBLE, f(1000.0), gives=ERROR),
    case("exp", DOUBLE, f(-1000.0), gives=ERROR),
    case("exp", DOUBLE, f(math.inf), gives=math.inf),
    case("exp", DOUBLE, f(-math.inf), gives=0.0),
    case("exp", DOUBLE, f(None), gives=None),
    case("mul", DOUBLE, f(1e200), f(1e200), gives=ERROR),
    case("mul", DOUBLE, f(math.inf), f(-1.0), gives=-math.inf),
    case("mul", DOUBLE, f(None), f(1e200), gives=None),
    case("add", DOUBLE, f(1.7e308), f(1.7e308), gives=ERROR),
    case("sub", DOUBLE, f(-1.7e308), f(1.7e308), gives=ERROR),
    case("div", DOUBLE, f(1e200), f(1e-200), gives=ERROR),
)

LOGIC = (
    case("eq", BOOLEAN, i(1), i(1), gives=True),
    case("eq", BOOLEAN, t("a"), t("A"), gives=False),
    case("eq", BOOLEAN, c3("ab"), t("ab"), gives=True),
    case("eq", BOOLEAN, t("ab "), t("ab"), gives=False),
    case("eq", BOOLEAN, f(NAN), f(NAN), gives=True),
    case("eq", BOOLEAN, f(0.1), d("0.10"), gives=True),
    case(
        "eq",
        BOOLEAN,
        (UUID, "550e8400-e29b-41d4-a716-446655440000"),
        Fixed("550E8400-E29B-41D4-A716-446655440000", UUID),
        gives=True,
    ),
    case("eq", BOOLEAN, day("2024-01-01"), ts("2024-01-01 00:00:00"), gives=True),
    case("eq", BOOLEAN, i(1), i(None), gives=None),
    case("ne", BOOLEAN, t("a"), t("b"), gives=True),
    case("lt", BOOLEAN, t("B"), t("a"), gives=True),
    case("lt", BOOLEAN, t("z"), t("é"), gives=True),
    case("lt", BOOLEAN, t("a"), t("a "), gives=True),
    case("lt", BOOLEAN, t("\uffff"), t("\U0001f600"), gives=True),
    case("lt", BOOLEAN, f(INF), f(NAN), gives=True),
    case("le", BOOLEAN, d("1.00"), i(1), gives=True),
    case("gt", BOOLEAN, day("2024-02-01"), day("2024-01-31"), gives=True),
    case("gt", BOOLEAN, ts("2024-01-01 00:00:00.000001"), day("2024-01-01"), gives=True),
    case("ge", BOOLEAN, tz("2024-01-01 00:00:00"), tz("2024-01-01 00:00:00"), gives=True),
    case("ge", BOOLEAN, (TIME, time(10, 0)), (TIME, time(9, 59)), gives=True),
    case("between", BOOLEAN, i(2), lit(1), lit(2), gives=True),
    case("between", BOOLEAN, t("b"), lit("B"), lit("a"), gives=False),
    case("between", BOOLEAN, i(None), lit(1), lit(2), gives=None),
    case("in", BOOLEAN, t("a"), lit("a"), lit("b"), gives=True),
    case("in", BOOLEAN, t(None), lit("a"), gives=None),
    case("in", BOOLEAN, t("x"), lit("a"), Fixed(None, TEXT), gives=None),
    case("in", BOOLEAN, c3("a"), lit("a"), gives=True),
    case("and", BOOLEAN, b(True), b(None), gives=None),
    case("and", BOOLEAN, b(False), b(None), gives=False),
    case("and", BOOLEAN, b(True), b(True), b(True), gives=True),
    case("or", BOOLEAN, b(True), b(None), gives=True),
    case("or", BOOLEAN, b(False), b(None), gives=None),
    case("not", BOOLEAN, b(None), gives=None),
    case("not", BOOLEAN, b(True), gives=False),
    case("is_null", BOOLEAN, t(None), gives=True),
    case("is_null", BOOLEAN, t(""), gives=False),
    case("is_not_null", BOOLEAN, t(""), gives=True),
    case("is_true", BOOLEAN, b(None), gives=False),
    case("is_true", BOOLEAN, b(True), gives=True),
    case("coalesce", INT, i(None), i(2), gives=2),
    case("coalesce", decimal(12, 2), i(None), d("2.50"), gives=Decimal("2.5")),
    case("coalesce", TEXT, t(None), lit("x"), gives="x"),
    case("nullif", TEXT, t("n/a"), lit("n/a"), gives=None),
    case("nullif", INT, i(1), i(None), gives=1),
    case("greatest", INT, i(1), i(None), gives=None),
    case("greatest", INT, i(1), i(3), i(2), gives=3),
    case("greatest", TEXT, t("B"), t("a"), gives="a"),
    case("least", TEXT, t("B"), t("a"), gives="B"),
    case("least", INT, i(4), lit(2), gives=2),
    case("least", INT, i(None), lit(2), gives=None),
)

TEXTS = (
    case("like", BOOLEAN, t("abc"), lit("a%"), gives=True),
    case("like", BOOLEAN, t("a%c"), lit("a\\%_"), gives=True),
    case("like", BOOLEAN, t("abc"), lit("a\\%_"), gives=False),
    case("like", BOOLEAN, t("a\nb"), lit("a_b"), gives=True),
    case("like", BOOLEAN, t("A"), lit("a"), gives=False),
    case("like", BOOLEAN, t("a\\"), lit("a\\"), gives=True),
    case("like", BOOLEAN, t("é"), lit("_"), gives=True),
    case("concat", TEXT, t("a"), t("b"), t("c"), gives="abc"),
    case("concat", TEXT, t("a"), t(None), gives=None),
    case("concat", TEXT, c3("a"), t("b"), gives="ab"),
    case("lower", TEXT, t("ABC"), gives="abc"),
    case("upper", TEXT, t("abc"), gives="ABC"),
    case("trim", TEXT, t("  a\t "), gives="a\t"),
    case("trim", TEXT, t("\u00a0 a "), gives="\u00a0 a"),
    case("ltrim", TEXT, t("  a "), gives="a "),
    case("rtrim", TEXT, t(" a  "), gives=" a"),
    case("length", BIGINT, t("añ🤦"), gives=3),
    case("length", BIGINT, t("🤦🏼"), gives=2),
    case("length", BIGINT, t(""), gives=0),
    case("length", BIGINT, c3("a"), gives=1),
    case("substring", TEXT, t("abcdef"), i(2), i(3), gives="bcd"),
    case("substring", TEXT, t("abc"), i(2), gives="bc"),
    case("substring", TEXT, t("abc"), i(0), i(2), gives="a"),
    case("substring", TEXT, t("abc"), i(-1), i(3), gives="a"),
    case("substring", TEXT, t("abc"), i(-5), i(3), gives=""),
    case("substring", TEXT, t("abc"), i(-1), gives="abc"),
    case("substring", TEXT, t("abc"), i(2), i(0), gives=""),
    case("substring", TEXT, t("abc"), i(2), i(-1), gives=ERROR),
    case("substring", TEXT, t("abc"), i(9), gives=""),
    case("substring", TEXT, t("abc"), i(None), gives=None),
    case("substring", TEXT, t("a🤦bc"), lit(2), lit(2), gives="🤦b"),
    case("substring", TEXT, t("abc"), big(2), big(1), gives="b"),
    case("left", TEXT, t("a🤦b"), lit(2), gives="a🤦"),
    case("left", TEXT, t("ab"), lit(0), gives=""),
    case("right", TEXT, t("a🤦b"), lit(2), gives="🤦b"),
    case("right", TEXT, t("ab"), lit(5), gives="ab"),
    case("replace", TEXT, t("abab"), t("a"), t("x"), gives="xbxb"),
    case("replace", TEXT, t("ab"), t(""), t("x"), gives="ab"),
    case("position", BIGINT, t("añb"), t("b"), gives=3),
    case("position", BIGINT, t("ab"), t("x"), gives=0),
    case("position", BIGINT, t("ab"), t(""), gives=1),
    case("starts_with", BOOLEAN, t("abc"), t("ab"), gives=True),
    case("starts_with", BOOLEAN, t("abc"), t(""), gives=True),
    case("starts_with", BOOLEAN, t("a%c"), t("a_"), gives=False),
    case("ends_with", BOOLEAN, t("abc"), t("bc"), gives=True),
    case("ends_with", BOOLEAN, t("abc"), t(""), gives=True),
    case("ends_with", BOOLEAN, t("c"), t("bc"), gives=False),
    case("contains", BOOLEAN, t("a%c"), t("%"), gives=True),
    case("contains", BOOLEAN, t("abc"), t("_"), gives=False),
    case("contains", BOOLEAN, t(None), t("_"), gives=None),
)

MOMENTS = (
    case("shift", DATE, day("2024-01-31"), span(months=1), gives=date(2024, 2, 29)),
    case("shift", DATE, day("2024-01-31"), span(days=7), gives=date(2024, 2, 7)),
    case("shift", DATE, day("2024-01-01"), span(days=-1), gives=date(2023, 12, 31)),
    case("shift", TIMESTAMP, day("2024-01-01"), span(hours=-1), gives=datetime(2023, 12, 31, 23)),
    case("shift", TIMESTAMP, ts("2024-01-01 10:00:00"), span(hours=30), gives=datetime(2024, 1, 2, 16)),
    case(
        "shift",
        TIMESTAMPTZ,
        tz("2024-03-31 10:00:00"),
        span(months=-1, days=1),
        gives="2024-03-01 10:00:00+00",
    ),
    case(
        "shift",
        TIMESTAMP,
        ts("2024-01-01 00:00:00"),
        span(micros=-1),
        gives=datetime(2023, 12, 31, 23, 59, 59, 999999),
    ),
    case("days_between", BIGINT, day("2024-02-01"), day("2024-03-01"), gives=29),
    case("days_between", BIGINT, day("2024-03-01"), day(None), gives=None),
    case(
        "elapsed", INTERVAL, ts("2024-01-01 00:00:00"), ts("2024-01-02 00:00:00.000001"), gives=86_400_000_001
    ),
    case("elapsed", INTERVAL, tz("2024-01-02 00:00:00"), tz("2024-01-01 00:00:00"), gives=-86_400_000_000),
    case("elapsed", INTERVAL, ts("1969-12-31 23:59:59.5"), ts("1970-01-01 00:00:00"), gives=500_000),
    case("elapsed", INTERVAL, ts(None), ts("1970-01-01 00:00:00"), gives=None),
    case("year", INT, day("2024-05-17"), gives=2024),
    case("quarter", INT, day("2024-05-17"), gives=2),
    case("month", INT, ts("2024-05-17 23:59:59"), gives=5),
    case("day", INT, tz("2024-05-17 23:59:59"), gives=17),
    case("day_of_week", INT, day("2024-05-19"), gives=7),
    case("day_of_week", INT, day("2024-05-20"), gives=1),
    case("day_of_year", INT, day("2024-12-31"), gives=366),
    case("hour", INT, tz("2024-05-17 23:59:59"), gives=23),
    case("minute", INT, ts("2024-05-17 23:59:59"), gives=59),
    case("second", INT, ts("2024-05-17 23:59:59.999999"), gives=59),
    case("second", INT, ts(None), gives=None),
    case("date_trunc", DATE, lit("month"), day("2024-05-17"), gives=date(2024, 5, 1)),
    case("date_trunc", DATE, lit("week"), day("2024-05-19"), gives=date(2024, 5, 13)),
    case("date_trunc", DATE, lit("hour"), day("2024-05-19"), gives=date(2024, 5, 19)),
    case("date_trunc", TIMESTAMP, lit("quarter"), ts("2024-05-17 10:11:12"), gives=datetime(2024, 4, 1)),
    case(
        "date_trunc",
        TIMESTAMP,
        lit("second"),
        ts("2024-05-17 10:11:12.9"),
        gives=datetime(2024, 5, 17, 10, 11, 12),
    ),
    case("date_trunc", TIMESTAMPTZ, lit("day"), tz("2024-05-17 10:11:12"), gives="2024-05-17 00:00:00+00"),
    case("date_trunc", TIMESTAMPTZ, lit("year"), tz("2024-05-17 10:11:12"), gives="2024-01-01 00:00:00+00"),
)

CASES = (*ARITHMETIC, *LOGIC, *TEXTS, *MOMENTS)
