"""Rows for property tests: columns of many types, few different values, so that equal ones meet often."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

NULL = "NULL"


@dataclass(frozen=True, slots=True)
class Column:
    """`cells` are SQL constants that DuckDB and PostgreSQL read alike; `literals` the contract's. `rare` are cells
    for which much cannot be computed."""

    name: str
    declared: str
    sql_type: str
    cells: tuple[str, ...]
    literals: tuple[str, ...]
    rare: tuple[str, ...] = ()


_WHOLE = ("-3", "0", "1", "2", "7")
_DECIMAL = ("-1.50", "0.00", "0.10", "2.25", "99.99")
_NOT_FINITE = tuple(f"CAST('{word}' AS {{}})" for word in ("NaN", "Infinity", "-Infinity", "-0"))
_DOUBLE = ("-2.5", "0", "0.1", "0.5", "0.7", "1", "1024.125")
_WORDS = (
    "",
    " ",
    "a",
    "A",
    "ab",
    "b a",
    "a%b",
    "é",
    "🙂",
    "n/a",
    "ab ",
    "10",
    "x_1",
    "É",
    "a''b",
    "\\",
    "1e1",
    " 7",
)
_LINES = ("a\nb", "ab\n", "\t", "\u00a0", "e\u0301")
_DAYS = ("1999-12-31", "2024-01-31", "2024-02-29", "2024-12-30", "2025-01-01")
_CLOCKS = ("00:00:00", "08:30:00", "23:59:59.5")
_UUIDS = tuple(f"550e8400-e29b-41d4-a716-44665544000{digit}" for digit in "012")
# Years that intervals do not take out of those that Python, and so the reference, can say.
_FAR = ("1000-01-01", "1582-10-10", "1969-12-31", "4000-12-31")


def _quoted(values: tuple[str, ...], word: str = "") -> tuple[str, ...]:
    return tuple(f"{word}'{value}'" for value in values)


_MOMENTS = tuple(f"{day} {clock}" for day in _DAYS[1:4] for clock in _CLOCKS)

COLUMNS = (
    Column("i", "int", "int", _WHOLE, _WHOLE, ("2147483647", "-2147483648")),
    Column("s", "smallint", "smallint", _WHOLE, _WHOLE, ("32767", "-32768")),
    Column(
        "b",
        "bigint",
        "bigint",
        (*_WHOLE, "4000000000"),
        (*_WHOLE, "4_000_000_000"),
        ("9223372036854775807", "-9223372036854775807"),
    ),
    Column("d", "decimal(8, 2)", "decimal(8, 2)", _DECIMAL, _DECIMAL, ("999999.99",)),
    Column("n", "decimal(38, 10)", "decimal(38, 10)", _DECIMAL, _DECIMAL, (f"{'9' * 28}.{'9' * 10}",)),
    Column("o", "decimal", "decimal(10, 3)", (*_DECIMAL, "0.125"), _DECIMAL),
    Column(
        "f",
        "double",
        "double precision",
        _DOUBLE,
        _DOUBLE,
        (*(word.format("double precision") for word in _NOT_FINITE), "1e150", "-1e-60"),
    ),
    Column(
        "r",
        "float",
        "real",
        ("-1", "0.1", "0.25", "8"),
        ("-1", "0.1", "0.25", "8"),
        tuple(word.format("real") for word in _NOT_FINITE),
    ),
    Column("t", "text", "text", _quoted((*_WORDS, *_LINES)), _quoted(_WORDS)),
    Column("u", "varchar(8)", "varchar(8)", _quoted(_WORDS), _quoted(_WORDS)),
    Column("c", "char(3)", "char(3)", _quoted(("a", "ab", "abc", "")), _quoted(("a", "ab", "abc"))),
    Column("day", "date", "date", _quoted(_DAYS, "DATE "), _quoted(_DAYS, "date "), _quoted(_FAR, "DATE ")),
    Column("clock", "time", "time", _quoted(_CLOCKS, "TIME "), _quoted(_CLOCKS, "time ")),
    Column(
        "moment",
        "timestamp",
        "timestamp",
        _quoted((*_MOMENTS, "2024-03-31 02:30:00.000001"), "TIMESTAMP "),
        _quoted(_MOMENTS, "timestamp "),
        _quoted(tuple(f"{day} 12:00:00" for day in _FAR), "TIMESTAMP "),
    ),
    Column(
        "instant",
        "timestamptz",
        "timestamptz",
        (
            *(f"'{moment}+00'" for moment in _MOMENTS),
            "'2024-03-31 02:30:00.000001+02'",
            "'2024-01-31 23:59:59.5-11'",
        ),
        tuple(f"timestamptz '{moment}Z'" for moment in _MOMENTS),
        tuple(f"'{day} 12:00:00+00'" for day in _FAR),
    ),
    Column("p", "boolean", "boolean", ("true", "false"), ("true", "false")),
    Column("q", "boolean", "boolean", ("true", "false"), ("true", "false")),
    Column("g", "uuid", "uuid", _quoted(_UUIDS), tuple(f"cast('{one}' as uuid)" for one in _UUIDS)),
)
BY_NAME = {column.name: column for column in COLUMNS}
NUMBERS = ("i", "s", "b", "d", "n", "o", "f", "r")
EXACT = ("i", "s", "b", "d", "n", "o")
INTEGERS = ("i", "s", "b")
TEXTS = ("t", "u", "c")
FLAGS = ("p", "q")
PARTS = ("year", "quarter", "month", "day", "day_of_week", "day_of_year")
KEYS = ("i", "b", "d", "n", "o", "f", "r", "t", "u", "c", "day", "clock", "moment", "instant", "p", "g")
ORDERED = tuple(column.name for column in COLUMNS if column.name not in (*FLAGS, "g"))

Row = tuple[str, ...]


TARGET = ("i", "t", "day", "g", "d")
"""The columns of the table that references point to."""


def rows(chance: Random, names: Sequence[str], most: int, *, rare: bool = False) -> list[Row]:
    """A third of the tables is as long as that, the others are shorter; one of six cells is NULL, and where there
    are `rare` ones one of twelve is rare."""
    count = chance.choice((most, chance.randint(2, most), chance.randint(0, 2)))
    return [tuple(_cell(chance, BY_NAME[name], rare) for name in names) for _ in range(count)]


def _cell(chance: Random, column: Column, rare: bool) -> str:
    if chance.randrange(6) == 0:
        return NULL
    return chance.choice(column.rare if rare and column.rare and chance.randrange(10) == 0 else column.cells)


def tables_sql(dataset: list[Row], target: list[Row]) -> str:
    declared = ", ".join(f'"{column.name}" {column.sql_type}' for column in COLUMNS)
    others = ", ".join(f'"{name}" {BY_NAME[name].sql_type}' for name in TARGET)
    parts = [f"CREATE TABLE public.things ({declared});", f"CREATE TABLE public.others ({others});"]
    parts += [f"INSERT INTO public.things VALUES ({', '.join(row)});" for row in dataset]
    parts += [f"INSERT INTO public.others VALUES ({', '.join(row)});" for row in target]
    return "\n".join(parts)
