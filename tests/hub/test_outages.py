"""A hub over HTTP while its database restarts, is slow or is full: whoever asks is told to come again, nothing that was
acknowledged is lost, nothing is done twice, and the hub goes on by itself."""

from __future__ import annotations

import ctypes
import ctypes.util
import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from assay.hub import migrations
from assay.hub.address import conninfo, sqlite_path
from assay.hub.store import HUB, Tx, line
from assay.hub.store import postgres as backend
from assay.hub.store.sqlite import Sqlite, _raw
from tests.support.closing import lacking
from tests.support.hub import address_of
from tests.support.live import live
from tests.support.outage import Load
from tests.support.postgres import Server, Unavailable, own_postgres


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backend, "PATIENCE_S", 0.3)


@pytest.mark.slow
def test_a_database_that_is_killed_and_comes_back_under_load() -> None:
    try:
        made = own_postgres(synchronous_commit="on")
        server = made.__enter__()
    except Unavailable as error:
        lacking("postgres", "PostgreSQL of our own", error)
    with suppress(Unavailable):
        migrations.upgrade(address_of(server.server))
    try:
        with live(address_of(server.server)) as hub:
            with Load(hub) as load:
                for _ in range(2):
                    load.goes_on()
                    server.crash()
                    load.is_refused()
                    load.until(lambda: hub.http.ask("GET", "/readyz").status == 503)
                    assert hub.http.ask("GET", "/healthz").status == 200
                    server.start()
                    load.goes_on()
            load.until(lambda: hub.http.ask("GET", "/readyz").status == 200)
            load.nothing_is_lost()
    finally:
        made.__exit__(None, None, None)


@pytest.mark.slow
@pytest.mark.parametrize("limit", ["LOCK_S", "STATEMENT_S"])
def test_a_database_that_is_slow_under_load(
    postgres_address: str, monkeypatch: pytest.MonkeyPatch, limit: str
) -> None:
    """Slower than the time limit of what is asked."""
    monkeypatch.setattr(line, limit, 1)
    with live(postgres_address) as hub:
        with Load(hub) as load, psycopg.connect(conninfo(postgres_address)) as other:
            load.goes_on()
            other.execute("LOCK TABLE attempts IN ACCESS EXCLUSIVE MODE")
            load.is_refused()
            other.rollback()
            load.goes_on()
        load.nothing_is_lost()


@pytest.mark.slow
def test_an_sqlite_file_that_cannot_grow_under_load(sqlite_address: str) -> None:
    with live(sqlite_address) as hub:
        database = hub.store._database
        assert isinstance(database, Sqlite)

        def limit(pages: int) -> Callable[[Tx], object]:
            """In the writer's own thread: a connection is not for two at once."""
            return lambda _: _raw(database._writer).execute(f"PRAGMA max_page_count={pages}")

        with Load(hub) as load:
            load.goes_on()
            path = sqlite_path(sqlite_address)
            hub.store.write_now(HUB, limit(path.stat().st_size // 4096))
            load.is_refused()
            hub.store.write_now(HUB, limit(1_000_000))
            load.goes_on()
        load.nothing_is_lost()


@contextmanager
def small_disk(size: str) -> Iterator[Path]:
    """A file system of its own, which PostgreSQL's account may reach: pytest's folders are closed to it."""
    folder = Path(tempfile.mkdtemp(prefix="assay-disk-"))
    folder.chmod(0o711)
    libc = ctypes.CDLL(ctypes.util.find_library("c"), use_errno=True)
    if libc.mount(b"tmpfs", str(folder).encode(), b"tmpfs", 0, f"size={size},mode=0777".encode()):
        folder.rmdir()
        # root can, and a cluster needs root
        lacking("cluster", "a full disk", f"cannot mount a tmpfs: {os.strerror(ctypes.get_errno())}")
    try:
        yield folder
    finally:
        libc.umount2(str(folder).encode(), 2)
        folder.rmdir()


def fill(path: Path) -> None:
    with path.open("wb", buffering=0) as file, suppress(OSError):
        while True:
            file.write(b"\0" * 4096)


@pytest.mark.slow
def test_a_disk_that_is_full_under_load(postgres_server: Server, empty_postgres: Server) -> None:
    if os.environ.get("ASSAY_TEST_POSTGRES"):
        pytest.skip("a full disk: not run: the server of ASSAY_TEST_POSTGRES may be on another machine")
    with small_disk("64m") as disk, postgres_server.connect() as admin:
        place = disk / "data"
        place.mkdir()
        place.chmod(0o777)
        name = f"assay_full_{os.getpid()}"
        owner = _owner_of(admin)
        os.chown(place, owner.st_uid, owner.st_gid)
        place.chmod(0o700)
        admin.execute(sql.SQL("CREATE TABLESPACE {} LOCATION {}").format(sql.Identifier(name), str(place)))
        try:
            admin.execute(
                sql.SQL("CREATE DATABASE {0} TEMPLATE {1} TABLESPACE {0}").format(
                    sql.Identifier(name), sql.Identifier(empty_postgres.dbname)
                )
            )
            address = address_of(postgres_server).rpartition("/")[0] + f"/{name}"
            with live(address) as hub:
                with Load(hub) as load:
                    load.goes_on()
                    fill(disk / "filler")
                    load.is_refused()
                    (disk / "filler").unlink()
                    load.goes_on()
                load.nothing_is_lost()
        finally:
            admin.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
            admin.execute(sql.SQL("DROP TABLESPACE IF EXISTS {}").format(sql.Identifier(name)))


def _owner_of(admin: psycopg.Connection) -> os.stat_result:
    row = admin.execute("SHOW data_directory").fetchone()
    assert row is not None
    return Path(row[0]).stat()
