"""Every test of the store and the engine runs on both databases."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from assay.hub import migrations
from assay.hub.store import Store
from tests.support.hub import Clock, address_of, copy, opened, template
from tests.support.postgres import Server, database


@pytest.fixture(scope="session")
def empty_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return template(tmp_path_factory.mktemp("hub") / "empty.db")


@pytest.fixture(scope="session")
def empty_postgres(postgres_server: Server) -> Iterator[Server]:
    with database(postgres_server) as fresh:
        migrations.upgrade(address_of(fresh))
        yield fresh


@pytest.fixture
def sqlite_address(empty_sqlite: Path, tmp_path: Path) -> str:
    return copy(empty_sqlite, tmp_path / "hub.db")


@pytest.fixture
def postgres_address(postgres_server: Server, empty_postgres: Server) -> Iterator[str]:
    with database(postgres_server, template=empty_postgres.dbname) as fresh:
        yield address_of(fresh)


@pytest.fixture(params=["sqlite", "postgres"])
def address(request: pytest.FixtureRequest) -> str:
    """Where an empty store of this version is."""
    found: str = request.getfixturevalue(f"{request.param}_address")
    return found


@contextmanager
def fresh_address(request: pytest.FixtureRequest, folder: Path, store: str) -> Iterator[str]:
    """An empty store that several tests share, on the database that `store` names."""
    if store == "sqlite":
        yield copy(request.getfixturevalue("empty_sqlite"), folder / "hub.db")
        return
    template = request.getfixturevalue("empty_postgres")
    with database(request.getfixturevalue("postgres_server"), template=template.dbname) as fresh:
        yield address_of(fresh)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def postgres_store(postgres_address: str, clock: Clock) -> Iterator[Store]:
    with opened(postgres_address, clock) as made:
        yield made


@pytest.fixture
def store(address: str, clock: Clock) -> Iterator[Store]:
    with opened(address, clock) as made:
        yield made
