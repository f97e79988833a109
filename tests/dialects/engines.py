"""Runs one lowered expression on real engines, over a table of one row so that nothing is folded away."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Protocol

import duckdb
import psycopg

from assay.compiler import ir
from assay.compiler.dialects import DIALECTS, Dialect
from assay.compiler.dialects.sql import Node
from assay.compiler.lower.expressions import Expressions, literal
from assay.compiler.lower.printing import quote, to_sql
from assay.compiler.types import Kind, Type
from tests.support.postgres import Server

ERROR = "an error"
NATIVE = {
    "duckdb": {Kind.CHAR: "CHAR", Kind.VARCHAR: "VARCHAR", Kind.JSON: "VARCHAR", Kind.FLOAT: "REAL"},
    "postgres": {Kind.CHAR: "CHAR", Kind.VARCHAR: "VARCHAR", Kind.JSON: "JSONB", Kind.FLOAT: "REAL"},
}


class Engine(Protocol):
    name: str

    def rows(self, sql: str) -> list[tuple[object, ...]]: ...


class DuckdbEngine:
    name = "duckdb"

    def __init__(self) -> None:
        self._connection = duckdb.connect(":memory:")
        self._connection.execute("SET TimeZone = 'UTC'")

    def rows(self, sql: str) -> list[tuple[object, ...]]:
        return self._connection.execute(sql).fetchall()


class PostgresEngine:
    name = "postgres"

    def __init__(self, connection: psycopg.Connection) -> None:
        self._connection = connection
        connection.autocommit = True
        connection.execute("SET TimeZone = 'UTC'")

    def rows(self, sql: str) -> list[tuple[object, ...]]:
        found = psycopg.ClientCursor(self._connection).execute(sql.encode())
        return found.fetchall() if found.description else []


@contextmanager
def engines(server: Server) -> Iterator[list[Engine]]:
    with server.connect() as connection:
        yield [DuckdbEngine(), PostgresEngine(connection)]


def native(type_: Type, dialect: Dialect) -> str:
    if type_.kind is Kind.DECIMAL:
        return f"DECIMAL({type_.precision}, {type_.scale})"
    if type_.kind is Kind.ARRAY and type_.item is not None:
        return native(type_.item, dialect) + "[]"
    name = NATIVE[dialect.name].get(type_.kind) or dialect.types[type_.kind]
    return name if type_.length is None else f"{name}({type_.length})"


def fill(
    engine: Engine, table: str, columns: Sequence[tuple[str, Type]], rows: Sequence[Sequence[ir.Scalar]]
) -> None:
    """A fresh table with these rows, values written as the compiler writes constants."""
    dialect = DIALECTS[engine.name]
    engine.rows(f"DROP TABLE IF EXISTS {quote(table)}")
    declared = ", ".join(f"{quote(name)} {native(type_, dialect)}" for name, type_ in columns)
    engine.rows(f"CREATE TABLE {quote(table)} ({declared})")
    for row in rows:
        values = ", ".join(
            to_sql(literal(value, type_, dialect), dialect.name) if value is not None else "NULL"
            for value, (_, type_) in zip(row, columns, strict=True)
        )
        engine.rows(f"INSERT INTO {quote(table)} VALUES ({values})")


def printed(expr: ir.Expr, dialect: Dialect) -> str:
    tree: Node = Expressions(dialect, {}).lower(expr)
    return to_sql(tree, dialect.name)


def value_of(engine: Engine, expr: ir.Expr, table: str) -> object:
    """The expression over the one row of the table; ERROR where the engine says so."""
    text = printed(expr, DIALECTS[engine.name])
    if expr.type.kind is Kind.TIMESTAMPTZ:
        text = f"CAST({text} AS VARCHAR)"
    try:
        return plain(engine.rows(f"SELECT {text} FROM {quote(table)}")[0][0])
    except (duckdb.Error, psycopg.Error):
        return ERROR


def plain(value: object) -> object:
    """Numbers of one value are equal whatever their class."""
    if isinstance(value, Decimal):
        return value.normalize() + 0
    if isinstance(value, datetime) and value.tzinfo is not None:
        return value.astimezone(UTC)
    return value


__all__ = [
    "ERROR",
    "Engine",
    "date",
    "datetime",
    "engines",
    "fill",
    "native",
    "plain",
    "printed",
    "time",
    "value_of",
]
