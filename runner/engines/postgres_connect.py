"""The connection to a PostgreSQL server, of a data source or of a warehouse.

It is made from what is configured alone. The PG* variables of the environment, password files and client
certificates in the home folder would change where it goes and what it shows; they are kept out. A password is
given to a server by SCRAM only, and over TLS with a verified name, unless the configuration says otherwise or
the server is on this machine.
"""

from __future__ import annotations

import os
import re
import select
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TypeAlias, cast

import psycopg
from psycopg import pq
from psycopg.adapt import AdaptersMap, Buffer
from psycopg.conninfo import make_conninfo
from psycopg.types.datetime import DateLoader, TimeLoader, TimestampLoader, TimestamptzLoader
from psycopg.types.string import StrDumper, TextLoader

from assay.protocol.report import Reason
from assay.protocol.source import PostgresSource
from assay.runner.engines.duckdb_files import confined
from assay.runner.engines.port import Cell, EngineError
from assay.runner.engines.postgres_types import reason_of

Row: TypeAlias = tuple[Cell, ...]
_LOCAL = ("localhost", "127.0.0.1", "::1")
_REFUSED = re.compile(rb'\tErrorResponse\t S "[^"]*" V "[A-Z]+" C "([0-9A-Z]{5})"')
_environment = threading.Lock()


def connect(source: PostgresSource, base: Path | None) -> psycopg.Connection[Row]:
    """In autocommit mode. Raises EngineError. `base` as for `open_session`.

    One attempt, as a refused password may count towards a lockout. libpq keeps the SQLSTATE of a refusal to itself,
    and its message is in the server's language: it is read from libpq's trace of the protocol, kept in memory.

    https://www.postgresql.org/docs/current/libpq-control.html#LIBPQ-PQTRACE
    """
    parameters = _parameters(source, base)
    state = None
    try:
        with _clean_environment(), _trace() as trace:
            started = pq.PGconn.connect_start(make_conninfo("", **parameters).encode())
            if trace is not None:
                started.trace(trace.fileno())
            try:
                _finish(started, float(parameters["connect_timeout"]))
            except BaseException:
                if trace is not None:
                    started.untrace()
                    state = _refusal(trace)
                started.finish()
                raise
            if trace is not None:
                started.untrace()
        started.nonblocking = 1
        connection = cast("psycopg.Connection[Row]", psycopg.Connection(started))
        connection.autocommit = True
        connection.prepare_threshold = None
        adapt(connection.adapters)
        return connection
    except Exception as error:  # noqa: BLE001
        fault = coded(error, source.password, connecting=True)
    if state is not None:
        fault = EngineError(reason_of(state)[0], state, fault.detail)
    raise fault


@contextmanager
def _trace() -> Iterator[IO[bytes] | None]:
    """A file without a place on disk, as the trace shows what a log must not; None where the system has none."""
    if not hasattr(os, "memfd_create"):
        yield None
        return
    with open(os.memfd_create("trace"), "w+b") as trace:  # noqa: PTH123 - no path
        yield trace


def _refusal(trace: IO[bytes]) -> str | None:
    """The SQLSTATE with which a server refused a connection."""
    trace.seek(0)
    found = _REFUSED.findall(trace.read())
    return found[-1].decode() if found else None


def _finish(connection: pq.abc.PGconn, seconds: float) -> None:
    until = time.monotonic() + seconds
    while True:
        status = (
            pq.PollingStatus.FAILED if connection.status == pq.ConnStatus.BAD else connection.connect_poll()
        )
        left = until - time.monotonic()
        match status:
            case pq.PollingStatus.OK:
                return
            case pq.PollingStatus.READING if left > 0:
                select.select([connection.socket], [], [], left)
            case pq.PollingStatus.WRITING if left > 0:
                select.select([], [connection.socket], [], left)
            case pq.PollingStatus.FAILED:
                raise psycopg.OperationalError(connection.get_error_message("utf-8"))
            case _:
                raise psycopg.errors.ConnectionTimeout("connection timeout expired")


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


def coded(error: BaseException, password: str, *, connecting: bool = False) -> EngineError:
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


def adapt(adapters: AdaptersMap) -> None:
    """Numbers, moments, booleans and bytes as Python has them; all else as PostgreSQL writes it. A moment
    that Python cannot hold (`infinity`, the year 20000) is text, too."""
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
