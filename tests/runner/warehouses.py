"""Both warehouses for tests: written by who may write only, read by who may read only, aged by their owner."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import msgspec
import psycopg

from assay.protocol.report import Outcome, Report, Summary
from assay.protocol.source import PostgresSource
from assay.protocol.warehouse import Warehouse
from assay.runner.engines.port import Cell
from assay.runner.store import Reader, RunHead, Store, StoredRows
from assay.runner.store import Warehouse as Port
from assay.runner.warehouses.duckdb import DuckdbStore
from assay.runner.warehouses.postgres import PostgresStore
from assay.runner.warehouses.postgres_schema import Roles, ddl
from tests.support.postgres import Server

NOW = datetime(2024, 5, 1, 12, tzinfo=UTC)


def given(*batches: list[tuple[Cell, ...]]) -> Iterator[list[tuple[Cell, ...]]]:
    return iter(batches)


@dataclass(frozen=True)
class Place:
    """sql: statements of the owner; gives the rows of the last one."""

    kind: str
    writer: Port
    reader: Reader
    sql: Callable[[str], list[tuple[object, ...]]]

    def age(self, days: int) -> None:
        """As if everything had been written so many days before."""
        for column in ("written", "expires"):
            self.sql(f"UPDATE {self.table('runs')} SET {column} = {column} - INTERVAL '{days} days'")

    def table(self, name: str) -> str:
        return f"assay.{name}" if self.kind == "postgres" else name

    def again(self) -> Store:
        """Another process that writes."""
        if isinstance(self.writer, DuckdbStore):
            return DuckdbStore(self.writer.path, wait_seconds=1)
        assert isinstance(self.writer, PostgresStore)
        return PostgresStore(self.writer._warehouse, wait_seconds=1)


def duckdb_place(folder: Path) -> Place:
    store = DuckdbStore(folder / "store" / "rows.duckdb", wait_seconds=1)

    def sql(statements: str) -> list[tuple[object, ...]]:
        with duckdb.connect(str(store.path)) as connection:
            return connection.execute(statements).fetchall()

    return Place("duckdb", store, store, sql)


@dataclass(frozen=True)
class Accounts:
    """A warehouse made by `ddl`, and two accounts on it: one that writes, one that reads."""

    server: Server
    roles: Roles
    writer: Warehouse
    reader: Warehouse


@contextmanager
def accounts(server: Server) -> Iterator[Accounts]:
    """Roles are of the whole server: these have names of their own, and are removed."""
    tag = secrets.token_hex(4)
    roles = Roles(f"owner_{tag}", f"writer_{tag}", f"reader_{tag}")
    given = {"runner": roles.writer, "person": roles.reader}
    password = secrets.token_hex(12)
    with server.connect() as connection:
        connection.execute(ddl("assay", roles).encode())
        for name, role in given.items():
            connection.execute(
                f"CREATE ROLE {name}_{tag} LOGIN PASSWORD '{password}' IN ROLE {role}".encode()
            )

    def warehouse(name: str) -> Warehouse:
        user = f"{name}_{tag}"
        return Warehouse(
            PostgresSource(server.host, server.dbname, user, port=server.port, password=password)
        )

    try:
        yield Accounts(server, roles, warehouse("runner"), warehouse("person"))
    finally:
        with server.connect() as connection:
            for name in (roles.owner, roles.writer, roles.reader):
                connection.execute(f"DROP OWNED BY {name} CASCADE".encode())
            for name in (*(f"{one}_{tag}" for one in given), roles.owner, roles.writer, roles.reader):
                connection.execute(f"DROP ROLE {name}".encode())


def postgres_place(made: Accounts) -> Place:
    def sql(statements: str) -> list[tuple[object, ...]]:
        with made.server.connect() as connection:
            cursor = connection.execute(statements.encode())
            return cursor.fetchall() if cursor.description is not None else []

    writer = PostgresStore(made.writer, wait_seconds=1)
    return Place("postgres", writer, PostgresStore(made.reader, wait_seconds=1), sql)


def elsewhere(warehouse: Warehouse, **changes: object) -> Warehouse:
    """The warehouse with another server, user or password."""
    server = msgspec.structs.replace(warehouse.server, **changes)
    return msgspec.structs.replace(warehouse, server=server)


def store(warehouse: Warehouse, wait: float = 1.0) -> PostgresStore:
    return PostgresStore(warehouse, wait_seconds=wait)


def write(warehouse: Warehouse, run_id: str = "r1", check: str = "check", value: Cell = 1) -> None:
    """A run with one failed row."""
    made = store(warehouse)
    try:
        made.begin(head(run_id))
        made.keep(check, [("a", "INTEGER")], given([(value,)]))
        made.finish(report(run_id))
    finally:
        made.close()


def connect(warehouse: Warehouse) -> psycopg.Connection:
    server = warehouse.server
    return psycopg.connect(
        host=server.host,
        port=int(server.port),
        dbname=server.database,
        user=server.user,
        password=server.password,
        autocommit=True,
    )


def head(run_id: str = "r1", *, keep_days: int | None = None) -> RunHead:
    return RunHead(run_id, "shop.orders", "1.0.0", NOW, keep_days)


def report(run_id: str = "r1") -> Report:
    return Report(
        format=1,
        run=run_id,
        bundle="sha256:" + "0" * 64,
        contract="shop.orders",
        version="1.0.0",
        dialect="duckdb",
        now="2024-05-01T12:00:00Z",
        seconds=1.0,
        outcome=Outcome.FAILED,
        summary=Summary(failed=1),
        checks=(),
    )


def cells(found: StoredRows | None) -> list[tuple[Cell, ...]]:
    return [] if found is None else [row for batch in found.batches for row in batch]


def slow_rows(started: threading.Event, go_on: threading.Event) -> Iterator[list[tuple[Cell, ...]]]:
    yield [(number,) for number in range(1000)]
    started.set()
    assert go_on.wait(20)
    for _ in range(2000):
        yield [(number,) for number in range(1000)]
