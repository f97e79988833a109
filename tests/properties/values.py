"""Rows for property tests: columns of many types, few different values, so that equal ones meet often."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

NULL = "NULL"


@dataclass(frozen=True, slots=True)
class Column:
    """`cells` are SQL constants that DuckDB and PostgreSQL read alike; `literals` the contract's."""

    name: str
    declared: str
    sql_type: str
    cells: tuple[str, ...]
    literals: tuple[str, ...]


_WHOLE = ("-3", "0", "1", "2", "7")
_DECIMAL = ("-1.50", "0.00", "0.10", "2.25", "99.99")
NOT_FINITE = tuple(f"CAST('{word}' AS double precision)" for word in ("NaN", "Infinity", "-Infinity"))
_DOUBLE = ("-2.5", "0", "0.5", "1", "1024.125")
_WORDS = ("", " ", "a", "A", "ab", "b a", "a%b", "é", "🙂", "n/a", "ab ", "10", "x_1")
_DAYS = ("1999-12-31", "2024-01-31", "2024-02-29", "2024-12-30", "2025-01-01")
_CLOCKS = ("00:00:00", "08:30:00", "23:59:59.5")


def _quoted(values: tuple[str, ...], word: str = "") -> tuple[str, ...]:
    return tuple(f"{word}'{value}'" for value in values)


_MOMENTS = tuple(f"{day} {clock}" for day in _DAYS[1:4] for clock in _CLOCKS)

COLUMNS = (
    Column("i", "int", "int", _WHOLE, _WHOLE),
    Column("s", "smallint", "smallint", _WHOLE, _WHOLE),
    Column("b", "bigint", "bigint", (*_WHOLE, "4000000000"), (*_WHOLE, "4_000_000_000")),
    Column("d", "decimal(8, 2)", "decimal(8, 2)", _DECIMAL, _DECIMAL),
    Column("f", "double", "double precision", _DOUBLE, _DOUBLE),
    Column("r", "float", "real", ("-1", "0.25", "8"), ("-1", "0.25", "8")),
    Column("t", "text", "text", _quoted(_WORDS), _quoted(_WORDS)),
    Column("u", "varchar(8)", "varchar(8)", _quoted(_WORDS), _quoted(_WORDS)),
    Column("c", "char(3)", "char(3)", _quoted(("a", "ab", "abc", "")), _quoted(("a", "ab", "abc"))),
    Column("day", "date", "date", _quoted(_DAYS, "DATE "), _quoted(_DAYS, "date ")),
    Column("clock", "time", "time", _quoted(_CLOCKS, "TIME "), _quoted(_CLOCKS, "time ")),
    Column(
        "moment", "timestamp", "timestamp", _quoted(_MOMENTS, "TIMESTAMP "), _quoted(_MOMENTS, "timestamp ")
    ),
    Column(
        "instant",
        "timestamptz",
        "timestamptz",
        tuple(f"'{moment}+00'" for moment in _MOMENTS),
        tuple(f"timestamptz '{moment}Z'" for moment in _MOMENTS),
    ),
    Column("p", "boolean", "boolean", ("true", "false"), ("true", "false")),
    Column("q", "boolean", "boolean", ("true", "false"), ("true", "false")),
)
BY_NAME = {column.name: column for column in COLUMNS}
NUMBERS = ("i", "s", "b", "d", "f", "r")
EXACT = ("i", "s", "b", "d")
INTEGERS = ("i", "s", "b")
TEXTS = ("t", "u", "c")
FLAGS = ("p", "q")
PARTS = ("year", "quarter", "month", "day", "day_of_week", "day_of_year")
KEYS = ("i", "b", "d", "t", "u", "c", "day", "moment", "instant", "p")
ORDERED = tuple(column.name for column in COLUMNS if column.name not in FLAGS)

Row = tuple[str, ...]


TARGET = ("i", "t", "day")
"""The columns of the table that references point to."""


def rows(chance: Random, names: Sequence[str], most: int) -> list[Row]:
    """A third of the tables is as long as that, the others are shorter; one of six cells is NULL."""
    count = chance.choice((most, chance.randint(2, most), chance.randint(0, 2)))
    return [tuple(_cell(chance, BY_NAME[name]) for name in names) for _ in range(count)]


def _cell(chance: Random, column: Column) -> str:
    return NULL if chance.randrange(6) == 0 else chance.choice(column.cells)


def tables_sql(dataset: list[Row], target: list[Row]) -> str:
    declared = ", ".join(f'"{column.name}" {column.sql_type}' for column in COLUMNS)
    others = ", ".join(f'"{name}" {BY_NAME[name].sql_type}' for name in TARGET)
    parts = [f"CREATE TABLE public.things ({declared});", f"CREATE TABLE public.others ({others});"]
    parts += [f"INSERT INTO public.things VALUES ({', '.join(row)});" for row in dataset]
    parts += [f"INSERT INTO public.others VALUES ({', '.join(row)});" for row in target]
    return "\n".join(parts)
