"""A connection to the warehouse: retried while the server is away, every failure in coded form."""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Literal, LiteralString

import psycopg
from psycopg import sql as text

from assay.protocol.report import Reason
from assay.protocol.source import PostgresSource
from assay.protocol.warehouse import Warehouse
from assay.runner.engines.port import EngineError
from assay.runner.engines.postgres_connect import Row, coded, connect
from assay.runner.store import StoreError
from assay.runner.warehouses.postgres_schema import FORMAT

_FIRST_WAIT = 0.25
_LONGEST_WAIT = 4.0
_CANCEL_SECONDS = 5.0
_NOT_THERE = ("42P01", "3F000", "42883")
_SETTINGS = {
    "TimeZone": "UTC",
    "DateStyle": "ISO",
    "search_path": "pg_catalog, pg_temp",
    "statement_timeout": "15min",
    "lock_timeout": "30s",
    "idle_in_transaction_session_timeout": "2h",
}


class PostgresSession:
    """One connection. Raises StoreError and nothing else."""

    def __init__(self, warehouse: Warehouse, base: Path | None, wait_seconds: float) -> None:
        self.schema = text.Identifier(warehouse.schema)
        self._password = warehouse.server.password
        self.connection = _connected(warehouse.server, base, wait_seconds)
        settings = {**_SETTINGS, **{name: str(value) for name, value in warehouse.server.options.items()}}
        try:
            for name, value in settings.items():
                self.all("SELECT pg_catalog.set_config($1, $2, false)", [name, value])
            found = self.all("SELECT version FROM {schema}.format")
        except StoreError:
            self.close()
            raise
        if found != [(FORMAT,)]:
            self.close()
            raise StoreError("WrongFormat", f"the tables of `{warehouse.schema}` are of another version")

    def begin(self, mode: Literal["READ WRITE", "READ ONLY"] = "READ WRITE") -> None:
        self.all(f"BEGIN TRANSACTION ISOLATION LEVEL READ COMMITTED, {mode}")

    def sql(self, statement: LiteralString, **names: str) -> text.Composed:
        """The statement with its identifiers: `{schema}`, and those that are given."""
        given = {name: text.Identifier(value) for name, value in names.items()}
        return text.SQL(statement).format(schema=self.schema, **given)

    def all(self, statement: LiteralString, values: Sequence[object] = (), **names: str) -> list[Row]:
        try:
            cursor = psycopg.RawCursor(self.connection)
            cursor.execute(self.sql(statement, **names), values)
            return cursor.fetchall() if cursor.description is not None else []
        except Exception as error:  # noqa: BLE001
            fault = self.fault(error)
        raise fault

    def fault(self, error: BaseException) -> StoreError:
        found = coded(error, self._password)
        detail = found.detail
        if found.code in _NOT_THERE:
            detail += "\n`assay warehouse init` makes the tables of a warehouse"
        return StoreError(found.code, detail)

    def cancel(self) -> None:
        """From another thread. Where the server cannot be told, its timeouts are all that is left."""
        with suppress(Exception):
            self.connection.cancel_safe(timeout=_CANCEL_SECONDS)

    def close(self) -> None:
        self.connection.close()


def run_script(server: PostgresSource, base: Path | None, script: str) -> None:
    """Runs the statements of a script, with its own transaction in it. Raises StoreError."""
    connection = _connected(server, base, 0.0)
    try:
        connection.execute(script.encode())
        return
    except Exception as error:  # noqa: BLE001
        found = coded(error, server.password)
        fault = StoreError(found.code, found.detail)
    finally:
        connection.close()
    raise fault


def _connected(server: PostgresSource, base: Path | None, wait_seconds: float) -> psycopg.Connection[Row]:
    """A server that is starting, or has no connection left, is asked again; one that refuses is not."""
    until = time.monotonic() + wait_seconds
    pause = _FIRST_WAIT
    while True:
        try:
            return connect(server, base)
        except EngineError as error:
            fault = StoreError(error.code, error.detail)
            if error.reason is not Reason.CONNECTION or time.monotonic() + pause > until:
                break
        # Many that wait must not knock in step.
        time.sleep(pause * (0.5 + os.urandom(1)[0] / 256))
        pause = min(pause * 2, _LONGEST_WAIT)
    raise fault
