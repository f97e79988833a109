"""Both engines behind one fixture: the same tables, made by the same statements."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pytest

from assay.protocol.source import DuckdbSource, PostgresSource, Source
from assay.runner.engines import open_session
from assay.runner.engines.port import Session
from tests.runner.warehouses import Accounts, Place, accounts, duckdb_place, postgres_place
from tests.support.postgres import Server


@dataclass
class Engine:
    """`write` runs statements as somebody else does, outside of any session under test."""

    dialect: str
    source: Source
    write: Callable[[str], None]
    password: str = ""

    def open(self, *, statement_seconds: float | None = None) -> Session:
        return open_session(self.source, lookup=lambda _: self.password, statement_seconds=statement_seconds)


def duckdb_engine(folder: Path) -> Engine:
    path = folder / "source.duckdb"

    def write(statements: str) -> None:
        with duckdb.connect(str(path)) as connection:
            connection.execute("SET TimeZone = 'UTC'")
            connection.execute("CREATE SCHEMA IF NOT EXISTS public")
            connection.execute(statements)

    return Engine("duckdb", DuckdbSource(path=str(path)), write)


def postgres_engine(server: Server) -> Engine:
    def write(statements: str) -> None:
        with server.connect() as connection:
            connection.execute(statements.encode())

    source = PostgresSource(
        server.host, server.dbname, server.user, port=server.port, password="${env.DB_PASSWORD}"
    )
    return Engine("postgres", source, write, server.password)


@pytest.fixture(params=["duckdb", "postgres"])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    if request.param == "duckdb":
        yield duckdb_engine(tmp_path)
    else:
        yield postgres_engine(request.getfixturevalue("postgres_database"))


@pytest.fixture
def made(postgres_database: Server) -> Iterator[Accounts]:
    """A PostgreSQL warehouse with its accounts."""
    with accounts(postgres_database) as found:
        yield found


@pytest.fixture(params=["duckdb", "postgres"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    """Each warehouse in turn."""
    if request.param == "duckdb":
        return duckdb_place(tmp_path)
    return postgres_place(request.getfixturevalue("made"))
