"""PostgreSQL: one connection, one REPEATABLE READ READ ONLY transaction from open to close.

A failed statement must not end the transaction, as the snapshot would go with it: one savepoint is set at the
start and returned to after a failure. Nothing is ever written, so nothing is lost by that.

The connection is made from the data source alone. The PG* variables of the environment, password files and
client certificates in the home folder would change where it goes and what it shows; they are kept out. A
password is given to a server by SCRAM only, and over TLS with a verified name, unless the configuration says
otherwise or the server is on this machine.
"""

from __future__ import annotations

import os
import re
import select
import threading
import time
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TypeAlias, cast

import psycopg
from psycopg import pq
from psycopg import sql as text
from psycopg.adapt import AdaptersMap, Buffer
from psycopg.conninfo import make_conninfo
from psycopg.types.datetime import DateLoader, TimeLoader, TimestampLoader, TimestamptzLoader
from psycopg.types.string import StrDumper, TextLoader

from assay.protocol.report import Reason
from assay.protocol.source import PostgresSource
from assay.runner.engines.duckdb_files import confined
from assay.runner.engines.port import BindValue, CatalogColumn, Cell, EngineError, Table
from assay.runner.engines.postgres_types import from_native, reason_of, stored_as

_Row: TypeAlias = tuple[Cell, ...]
_SELECT = re.compile(r"\s*(SELECT|WITH|VALUES|TABLE)\b", re.IGNORECASE)
_LOCAL = ("localhost", "127.0.0.1", "::1")
_CANCEL_SECONDS = 5.0
_CHUNKS = pq.version() >= 170000
_REFUSED = re.compile(rb'\tErrorResponse\t S "[^"]*" V "[A-Z]+" C "([0-9A-Z]{5})"')
_environment = threading.Lock()

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
    session = PostgresSession(_connect(source, _parameters(source, base)), source.password)
    try:
        session.begin(source, statement_seconds)
    except BaseException:
        session.close()
        raise
    return session


def _connect(source: PostgresSource, parameters: dict[str, str | int]) -> psycopg.Connection[_Row]:
    try:
        with _clean_environment():
            connection = psycopg.connect("", autocommit=True, context=_adapters(), **parameters)  # type: ignore[arg-type]
        connection.prepare_threshold = None
        return connection
    except psycopg.errors.ConnectionTimeout as error:
        fault = _coded(error, source.password, connecting=True)
    except Exception as error:  # noqa: BLE001
        fault = _coded(error, source.password, connecting=True)
        state = _refusal(parameters)
        if state is not None:
            fault = EngineError(reason_of(state)[0], state, fault.detail)
    raise fault


def _refusal(parameters: dict[str, str | int]) -> str | None:
    """The SQLSTATE with which a server refuses a connection. libpq keeps it to itself, and its message is in
    the server's language: the connection is tried once more, with libpq's trace of the protocol in memory.

    https://www.postgresql.org/docs/current/libpq-control.html#LIBPQ-PQTRACE
    """
    if not hasattr(os, "memfd_create"):
        return None
    with _clean_environment(), open(os.memfd_create("trace"), "rb") as trace:  # noqa: PTH123 - no path
        try:
            connection = pq.PGconn.connect_start(make_conninfo("", **parameters).encode())
            try:
                connection.trace(trace.fileno())
                _finish(connection, float(parameters["connect_timeout"]))
            finally:
                connection.untrace()
                connection.finish()
        except (psycopg.Error, OSError, ValueError):
            return None
        trace.seek(0)
        found = _REFUSED.findall(trace.read())
    return found[-1].decode() if found else None


def _finish(connection: pq.abc.PGconn, seconds: float) -> None:
    until = time.monotonic() + seconds
    while (left := until - time.monotonic()) > 0:
        match connection.connect_poll():
            case pq.PollingStatus.READING:
                select.select([connection.socket], [], [], left)
            case pq.PollingStatus.WRITING:
                select.select([], [connection.socket], [], left)
            case _:
                return


def _parameters(source: PostgresSource, base: Path | None) -> dict[str, str | int]:
    local = source.host in _LOCAL or source.host.startswith("/")
    if "," in source.host:
        raise EngineError(Reason.CONNECTION, "WrongHost", "a data source has one host")
    mode = source.sslmode or ("prefer" if local else "verify-full")
    given: dict[str, str | int] = {
        "host": source.host,
        "port": source.port,
        "dbname": source.database,
        "user": source.user,
        "sslmode": mode,
        "sslcertmode": "disable",
        "gssencmode": "disable",
        "channel_binding": source.channel_binding,
        "passfile": f"{os.devnull}/none",
        "client_encoding": "utf8",
        "application_name": str(source.options.get("application_name", "assay")),
        "connect_timeout": source.connect_timeout,
        "keepalives": 1,
        "keepalives_idle": 30,
        "keepalives_interval": 10,
        "keepalives_count": 3,
        "tcp_user_timeout": 30_000,
    }
    if source.sslrootcert:
        system = source.sslrootcert == "system"
        given["sslrootcert"] = "system" if system else str(confined(base, source.sslrootcert))
    elif mode == "verify-full":
        given["sslrootcert"] = "system"
    elif mode == "verify-ca":
        raise EngineError(Reason.CONNECTION, "NoRootCertificate", "sslmode verify-ca needs `sslrootcert`")
    if source.password:
        given["password"] = source.password
    if source.require_auth or source.password:
        given["require_auth"] = source.require_auth or "scram-sha-256"
    return given


@contextmanager
def _clean_environment() -> Iterator[None]:
    """libpq takes whatever is not said from PG* variables, and has some that cannot be said otherwise."""
    with _environment:
        kept = {name: os.environ.pop(name) for name in list(os.environ) if name.startswith("PG")}
        try:
            yield
        finally:
            os.environ.update(kept)


class PostgresRows:
    """A result that is still coming in; it ends when the session runs something else."""

    def __init__(
        self,
        columns: Callable[[], list[tuple[str, str]]],
        first: list[_Row],
        more: Iterator[list[_Row]],
    ) -> None:
        self._columns = columns
        self._first = first
        self._more = more

    @property
    def columns(self) -> Sequence[tuple[str, str]]:
        return self._columns()

    def batches(self) -> Iterator[list[_Row]]:
        if self._first:
            yield self._first
            yield from self._more


class PostgresSession:
    dialect = "postgres"

    def __init__(self, connection: psycopg.Connection[_Row], password: str) -> None:
        self._connection = connection
        self._password = password
        self._cancelled = False
        self._failed = False
        self._active: Generator[list[_Row], None, None] | None = None

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

    def one(self, sql: str, binds: Mapping[str, BindValue]) -> _Row:
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
        self, cursor: psycopg.RawCursor[_Row], sql: str, values: list[BindValue], batch: int
    ) -> Generator[list[_Row], None, None]:
        """Row by row from the socket. The extended protocol takes exactly one statement."""
        self._recover()
        batches = self._batches(cursor, sql, values, batch)
        self._active = batches
        return batches

    def _batches(
        self, cursor: psycopg.RawCursor[_Row], sql: str, values: list[BindValue], batch: int
    ) -> Generator[list[_Row], None, None]:
        done = False
        stream = cast(
            "Generator[_Row, None, None]", cursor.stream(sql.encode(), values, size=batch if _CHUNKS else 1)
        )
        try:
            rows: list[_Row] = []
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

    def _all(self, sql: str, values: list[BindValue]) -> list[_Row]:
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

    def _run(self, cursor: psycopg.RawCursor[_Row], sql: str, values: list[BindValue]) -> None:
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
        fault = _coded(error, self._password)
        if self._cancelled and fault.code == "57014":
            return EngineError(Reason.CANCELLED, fault.code, fault.detail)
        return fault


def _select(sql: str) -> str:
    if not _SELECT.match(sql):
        raise EngineError(Reason.PERMISSION, "NotASelect", "only one SELECT may run", retry_smaller=True)
    return sql


def _coded(error: BaseException, password: str, *, connecting: bool = False) -> EngineError:
    state = error.sqlstate if isinstance(error, psycopg.Error) else None
    detail = str(error)
    if password:
        detail = detail.replace(password, "…")
    if state:
        reason, smaller = reason_of(state)
        return EngineError(reason, state, detail, retry_smaller=smaller)
    code = type(error).__name__
    if connecting or isinstance(error, psycopg.OperationalError | psycopg.InterfaceError):
        return EngineError(Reason.CONNECTION, code, detail)
    if isinstance(error, psycopg.DataError | UnicodeError):
        return EngineError(Reason.DATA_ERROR, code, detail, retry_smaller=True)
    return EngineError(Reason.ENGINE_ERROR, code, detail, retry_smaller=isinstance(error, psycopg.Error))


# -- cells


class _Date(DateLoader):
    def load(self, data: Buffer) -> Cell:  # type: ignore[override]
        try:
            return super().load(data)
        except psycopg.DataError:
            return bytes(data).decode()


class _Time(TimeLoader):
    def load(self, data: Buffer) -> Cell:  # type: ignore[override]
        try:
            return super().load(data)
        except psycopg.DataError:
            return bytes(data).decode()


class _Timestamp(TimestampLoader):
    def load(self, data: Buffer) -> Cell:  # type: ignore[override]
        try:
            return super().load(data)
        except psycopg.DataError:
            return bytes(data).decode()


class _Timestamptz(TimestamptzLoader):
    def load(self, data: Buffer) -> Cell:  # type: ignore[override]
        try:
            return super().load(data)
        except psycopg.DataError:
            return bytes(data).decode()


@cache
def _adapters() -> AdaptersMap:
    """Numbers, moments, booleans and bytes as Python has them; all else as PostgreSQL writes it. A moment
    that Python cannot hold (`infinity`, the year 20000) is text, too."""
    adapters = AdaptersMap(psycopg.adapters)
    adapters.register_dumper(str, StrDumper)
    for info in adapters.types:
        if info.array_oid:
            adapters.register_loader(info.array_oid, TextLoader)
    for name in ("json", "jsonb", "uuid", "interval", "timetz", "inet", "cidr"):
        adapters.register_loader(name, TextLoader)
    adapters.register_loader("date", _Date)
    adapters.register_loader("time", _Time)
    adapters.register_loader("timestamp", _Timestamp)
    adapters.register_loader("timestamptz", _Timestamptz)
    return adapters
