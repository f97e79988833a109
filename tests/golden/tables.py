"""The tables of a case as the reference judge takes them, read from DuckDB."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from assay.compiler import types
from assay.compiler.types import Kind, Type
from assay.protocol.source import DuckdbSource
from tests.support.reference import Table

_TYPES = {
    "BOOLEAN": types.BOOLEAN,
    "SMALLINT": types.SMALLINT,
    "INTEGER": types.INT,
    "BIGINT": types.BIGINT,
    "FLOAT": types.FLOAT,
    "DOUBLE": types.DOUBLE,
    "VARCHAR": types.TEXT,
    "UUID": types.UUID,
    "JSON": types.JSON,
    "BLOB": types.BINARY,
    "DATE": types.DATE,
    "TIME": types.TIME,
    "TIMESTAMP": types.TIMESTAMP,
    "TIMESTAMP WITH TIME ZONE": types.TIMESTAMPTZ,
}
_DECIMAL = re.compile(r"DECIMAL\((\d+),\s*(\d+)\)")


def tables_of(source: DuckdbSource) -> dict[tuple[str, ...], Table]:
    with duckdb.connect(Path(source.path), read_only=True) as connection:
        names = connection.execute(
            "SELECT schema_name, table_name FROM duckdb_tables() WHERE NOT internal"
        ).fetchall()
        return {(schema, name): _table(connection, schema, name) for schema, name in names}


def _table(connection: duckdb.DuckDBPyConnection, schema: str, name: str) -> Table:
    path = ".".join('"' + part.replace('"', '""') + '"' for part in (schema, name))
    described = connection.execute(f"DESCRIBE {path}").fetchall()
    columns = tuple((str(row[0]), type_of(str(row[1]))) for row in described)
    items = [_read(column, type_) for column, type_ in columns]
    fetched = connection.execute(f"SELECT {', '.join(items)} FROM {path}").fetchall()
    rows = tuple(
        {
            column: cell.replace(tzinfo=UTC)
            if type_.kind is Kind.TIMESTAMPTZ and isinstance(cell, datetime)
            else cell
            for (column, type_), cell in zip(columns, row, strict=True)
        }
        for row in fetched
    )
    return Table(columns, rows)


def _read(column: str, type_: Type) -> str:
    name = '"' + column.replace('"', '""') + '"'
    return f"timezone('UTC', {name})" if type_.kind is Kind.TIMESTAMPTZ else name


def type_of(native: str) -> Type:
    if native.endswith("[]"):
        return Type(Kind.ARRAY, item=type_of(native[:-2]))
    sized = _DECIMAL.fullmatch(native)
    return types.decimal(int(sized[1]), int(sized[2])) if sized else _TYPES.get(native, types.ANY)
