"""Data sources behind one port.

port            what a session is; every failure in coded form
duckdb          database files, Parquet and CSV
duckdb_files    files as tables: which file is a table, and the types of a CSV file
duckdb_types    DuckDB's types in the language's terms, and back
postgres        PostgreSQL
postgres_connect  its connection: TLS, authentication, SQLSTATEs
postgres_types  PostgreSQL's types in the language's terms

`open_session` picks the adapter, and loads its driver only then.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import assert_never

from assay.protocol.bundle import ColumnSpec
from assay.protocol.report import Reason
from assay.protocol.source import (
    DuckdbSource,
    MissingValueError,
    PostgresSource,
    Source,
    WrongValueError,
    resolve,
)
from assay.runner.engines.port import EngineError, Session, Table


def open_session(
    source: Source,
    *,
    lookup: Callable[[str], str | None] | None = None,
    base: Path | None = None,
    declared: Mapping[Table, Sequence[ColumnSpec]] | None = None,
    statement_seconds: float | None = None,
) -> Session:
    """A session on `source`; raises EngineError.

    lookup    gives the value of a placeholder by its name
    base      the folder that file paths start at and may not leave; None: paths are taken as they are
    declared  the columns of a table by the contract: a CSV file has no types of its own
    """
    try:
        filled = resolve(source, lookup or (lambda _: None))
    except (MissingValueError, WrongValueError) as error:
        fault = EngineError(Reason.CONNECTION, type(error).__name__, str(error))
    else:
        return open_filled(filled, base=base, declared=declared, statement_seconds=statement_seconds)
    raise fault


def open_filled(
    source: Source,
    *,
    base: Path | None = None,
    declared: Mapping[Table, Sequence[ColumnSpec]] | None = None,
    statement_seconds: float | None = None,
) -> Session:
    """As `open_session`, of a source whose placeholders are filled in: a value is not looked into again."""
    match source:
        case DuckdbSource():
            from assay.runner.engines.duckdb import open_duckdb

            return open_duckdb(source, base, declared or {}, statement_seconds)
        case PostgresSource():
            from assay.runner.engines.postgres import open_postgres

            return open_postgres(source, base, statement_seconds)
        case _:
            assert_never(source)
