"""PostgreSQL: one connection, one REPEATABLE READ READ ONLY transaction from open to close.

A failed statement must not end the transaction, as the snapshot would go with it: one savepoint is set at the
start and returned to after a failure. Nothing is ever written, so nothing is lost by that.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from pathlib import Path
from typing import cast

import psycopg
from psycopg import pq
from psycopg import sql as text

from assay.protocol.report import Reason
from assay.protocol.source import PostgresSource
from assay.runner.engines.port import BindValue, CatalogColumn, EngineError, Table
from assay.runner.engines.postgres_connect import Row, coded, connect
from assay.runner.engines.postgres_types import from_native, shortened, stored_as

_SELECT = re.compile(r"\s*(SELECT|WITH|VALUES|TABLE)\b", re.IGNORECASE)
_CANCEL_SECONDS = 5.0
_CHUNKS = pq.version() >= 170000

_NOTICE = """; SELECT pg_catalog.set_config('client_connection_check_interval', '5s', true)
WHERE pg_catalog.current_setting('client_connection_check_interval', true) IS NOT NULL
  AND pg_catalog.version() LIKE '%linux%'"""
# A client that was killed says nothing: its query would run on, beside that of whoever comes next. From version 14.
# https://www.postgresql.org/docs/current/runtime-config-connection.html#GUC-CLIENT-CONNECTION-CHECK-INTERVAL

_COLUMNS = """
SELECT a.attname,
       pg_catalog.format_type(a.atttypid, a.atttypmod),
       CASE WHEN t.typtype = 'd' THEN pg_catalog.format_type(t.typbasetype, t.typtypmod) END,
       NOT (a.attnotnull OR t.typnotnull)
FROM pg_catalog.pg_attribute a
JOIN pg_catalog.pg_class c ON c.oid = a.attrelid
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
WHERE n.nspname = $1 AND c.relname = $2 AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
  AND a.attnum > 0 AND NOT a.attisdropped
ORDER BY a.attnum
"""


def open_postgres(
    source: PostgresSource, base: Path | None, statement_seconds: float | None = None
) -> PostgresSession:
    session = PostgresSession(connect(source, base), source.password)
    try:
        session.begin(source, statement_seconds)
    except BaseException:
        session.close()
        raise
    return session


class PostgresRows:
    """A result that is still coming in; it ends when the session runs something else."""

    def __init__(
        self,
        columns: Callable[[], list[tuple[str, str]]],
        first: list[Row],
        more: Iterator[list[Row]],
    ) -> None:
        self._columns = columns
        self._first = first
        self._more = more

    @property
    def columns(self) -> Sequence[tuple[str, str]]:
        return self._columns()

    def batches(self) -> Iterator[list[Row]]:
        if self._first:
            yield self._first
            yield from self._more


class PostgresSession:
    dialect = "postgres"

    def __init__(self, connection: psycopg.Connection[Row], password: str) -> None:
        self._connection = connection
        self._password = password
        self._cancelled = False
        self._failed = False
        self._active: Generator[list[Row], None, None] | None = None

    def begin(self, source: PostgresSource, statement_seconds: float | None) -> None:
        settings = {
            "TimeZone": "UTC",
            "DateStyle": "ISO",
            "IntervalStyle": "postgres",
            "bytea_output": "hex",
            "search_path": "pg_catalog, pg_temp",
            "idle_in_transaction_session_timeout": "0",
            **{name: str(value) for name, value in source.options.items() if name != "application_name"},
        }
        if statement_seconds is not None:
            settings["statement_timeout"] = str(max(1, int(statement_seconds * 1000)))
        statements: list[text.SQL | text.Composed] = [
            text.SQL("BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY"),
            *(
                text.SQL("; SELECT pg_catalog.set_config({}, {}, true)").format(name, value)
                for name, value in settings.items()
            ),
            text.SQL(_NOTICE),
            text.SQL("; SAVEPOINT assay"),
        ]
        self._plain(text.Composed(statements))

    def catalog(self, table: Table) -> tuple[CatalogColumn, ...] | None:
        match table:
            case [name]:
                schema = "public"
                # The SELECT names the table without its schema, and so must find it.
                self._plain(text.SQL("SET LOCAL search_path TO pg_catalog, public, pg_temp; SAVEPOINT assay"))
            case [schema, name]:
                pass
            case [database, schema, name] if database == self._connection.info.dbname:
                pass
            case _:
                return None
        found = self._all(_COLUMNS, [schema, name])
        columns = tuple(
            CatalogColumn(str(column), from_native(str(base or native)), str(native), bool(nullable))
            for column, native, base, nullable in found
        )
        return columns or None

    def one(self, sql: str, binds: Mapping[str, BindValue]) -> Row:
        rows = self._all(_select(sql), list(binds.values()))
        if not rows:
            raise EngineError(Reason.ENGINE_ERROR, "NoRow", "a SELECT of numbers gave no row")
        return rows[0]

    def rows(self, sql: str, binds: Mapping[str, BindValue], *, batch: int = 1000) -> PostgresRows:
        cursor = psycopg.RawCursor(self._connection)
        batches = self._stream(cursor, _select(sql), list(binds.values()), batch)
        first = next(batches, [])

        def columns() -> list[tuple[str, str]]:
            if cursor.description is None:
                # A stream without a row says nothing of its columns.
                self._run(cursor, sql, list(binds.values()))
            return [
                (column.name, stored_as(column.type_code, column.precision, column.scale))
                for column in cursor.description or ()
            ]

        return PostgresRows(columns, first, batches)

    def shortened(self, sql: str, column: CatalogColumn, most: int) -> str:
        return shortened(sql, column.type, column.native, most)

    def cancel(self) -> None:
        self._cancelled = True
        try:
            self._connection.cancel_safe(timeout=_CANCEL_SECONDS)
            return
        except Exception as error:  # noqa: BLE001
            fault = self._coded(error)
        raise fault

    def close(self) -> None:
        self._connection.close()

    # -- inside

    def _stream(
        self, cursor: psycopg.RawCursor[Row], sql: str, values: list[BindValue], batch: int
    ) -> Generator[list[Row], None, None]:
        """Row by row from the socket. The extended protocol takes exactly one statement."""
        self._recover()
        batches = self._batches(cursor, sql, values, batch)
        self._active = batches
        return batches

    def _batches(
        self, cursor: psycopg.RawCursor[Row], sql: str, values: list[BindValue], batch: int
    ) -> Generator[list[Row], None, None]:
        done = False
        stream = cast(
            "Generator[Row, None, None]", cursor.stream(sql.encode(), values, size=batch if _CHUNKS else 1)
        )
        try:
            rows: list[Row] = []
            for row in stream:
                rows.append(row)
                if len(rows) == batch:
                    yield rows
                    rows = []
            if rows:
                yield rows
            done = True
            return
        except Exception as error:  # noqa: BLE001
            fault = self._coded(error)
        finally:
            stream.close()
            self._failed = self._failed or not done
        raise fault

    def _all(self, sql: str, values: list[BindValue]) -> list[Row]:
        batches = self._stream(psycopg.RawCursor(self._connection), sql, values, 1000)
        return [row for batch in batches for row in batch]

    def _plain(self, statements: text.SQL | text.Composed) -> None:
        self._recover()
        try:
            self._connection.execute(statements)
            return
        except Exception as error:  # noqa: BLE001
            fault = self._coded(error)
            self._failed = True
        raise fault

    def _run(self, cursor: psycopg.RawCursor[Row], sql: str, values: list[BindValue]) -> None:
        self._recover()
        try:
            cursor.execute(sql.encode(), values, binary=False)
            return
        except Exception as error:  # noqa: BLE001
            fault = self._coded(error)
            self._failed = True
        raise fault

    def _recover(self) -> None:
        if self._active is not None:
            self._active.close()
            self._active = None
        if self._failed:
            self._failed = False
            self._plain(text.SQL("ROLLBACK TO SAVEPOINT assay"))

    def _coded(self, error: BaseException) -> EngineError:
        fault = coded(error, self._password)
        if self._cancelled and fault.code == "57014":
            return EngineError(Reason.CANCELLED, fault.code, fault.detail)
        return fault


def _select(sql: str) -> str:
    if not _SELECT.match(sql):
        raise EngineError(Reason.PERMISSION, "NotASelect", "only one SELECT may run", retry_smaller=True)
    return sql
