"""A hub's store for a test, on either database, with a clock that the test moves."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from sqlalchemy.engine import URL

from assay.hub import migrations
from assay.hub.keyring import Keyring
from assay.hub.store import Store, open_store
from assay.hub.store.job import Job
from assay.hub.store.postgres import Postgres
from assay.hub.store.sqlite import Sqlite
from tests.support.postgres import Server, database, postgres

START = 1_750_000_000_000_000
"""An instant in June 2025, in microseconds."""
SECOND = 1_000_000
MASTER = bytes(range(32))


@dataclass
class Clock:
    """Stands still until the test moves it. In microseconds."""

    now: int = START

    def __call__(self) -> int:
        return self.now

    def pass_(self, seconds: float) -> None:
        self.now += round(seconds * SECOND)


def address_of(server: Server) -> str:
    return URL.create(
        "postgresql", server.user, server.password, server.host, server.port, server.dbname
    ).render_as_string(hide_password=False)


def template(path: Path) -> Path:
    """An empty SQLite store of this version, to be copied."""
    migrations.upgrade(f"sqlite:///{path}")
    return path


def copy(source: Path, target: Path) -> str:
    """A copy of an SQLite store; gives its address."""
    with closing(sqlite3.connect(source)) as one, closing(sqlite3.connect(target)) as other:
        one.backup(other)
    return f"sqlite:///{target}"


@contextmanager
def opened(
    address: str, clock: Callable[[], int] | None = None, *, durable: bool = False, masters: int = 1
) -> Iterator[Store]:
    keys = Keyring([MASTER, *(bytes([n]) * 32 for n in range(1, masters))])
    store = open_store(address, keys, clock=clock, durable=durable)
    try:
        yield store
    finally:
        store.close()


def inline(store: Store) -> None:
    """Lets a store do its jobs in the caller's thread, each in a transaction of its own: a model with one thread
    does not pay for another."""
    database = store._database
    if isinstance(database, Sqlite):
        work = _on_sqlite(database)
    else:
        assert isinstance(database, Postgres)
        work = _on_postgres(database)
    database.write = work  # type: ignore[assignment,method-assign]
    database.read = work  # type: ignore[assignment,method-assign]


def _on_sqlite(database: Sqlite) -> Callable[[Job], None]:
    return lambda job: database._commit([job])


def _on_postgres(database: Postgres) -> Callable[[Job], None]:
    line = database.line()
    return lambda job: database.settle(line, [job], False)


@contextmanager
def stores(kind: str, folder: Path) -> Iterator[Callable[[], str]]:
    """For programs that are no tests: gives a function that makes an empty store and tells its address."""
    numbers = count()
    if kind == "sqlite":
        empty = template(folder / "empty.db")
        yield lambda: copy(empty, folder / f"hub-{next(numbers)}.db")
        return
    with postgres() as server, ExitStack() as stack:

        def fresh() -> str:
            address = address_of(stack.enter_context(database(server)))
            migrations.upgrade(address)
            return address

        yield fresh
