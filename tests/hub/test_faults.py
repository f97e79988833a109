"""A database that is full, slow, away or in a quarrel: a clear refusal that says when to come again, and nothing
that was acknowledged is lost."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from psycopg import sql
from sqlalchemy import bindparam, select, update

from assay.hub.address import Problem, conninfo
from assay.hub.refusal import Refusal
from assay.hub.store import HUB, Store, Tx, line, mine
from assay.hub.store import postgres as backend
from assay.hub.store.sqlite import Sqlite, _raw
from assay.hub.tables import audit
from assay.hub.tenants import create_tenant
from assay.protocol.wire import ErrorCode
from tests.support.hub import opened

_SUBJECTS = select(audit.c.subject).where(mine(audit)).order_by(audit.c.id)
_TOUCH = update(audit).where(mine(audit), audit.c.subject == bindparam("s")).values(revision=1)


def note(subject: str) -> Callable[[Tx], str]:
    def work(tx: Tx) -> str:
        tx.add(audit, id=tx.new_id(), at=tx.now, actor="hub", action="test", subject=subject)
        return subject

    return work


def subjects(tx: Tx) -> list[str]:
    return [row.subject for row in tx.rows(_SUBJECTS)]


def refused(work: Callable[[], object]) -> Refusal:
    with pytest.raises(Refusal) as found:
        work()
    return found.value


@pytest.fixture
def tenant_of() -> Callable[[Store], str]:
    return lambda store: store.write_now(HUB, lambda tx: create_tenant(tx, "acme"))


def test_a_full_disk_is_refused_and_reading_goes_on(
    sqlite_address: str, tenant_of: Callable[[Store], str]
) -> None:
    with opened(sqlite_address) as store:
        tenant = tenant_of(store)
        store.write_now(tenant, note("before"))
        database = store._database
        assert isinstance(database, Sqlite)
        raw = _raw(database._writer)
        pages = raw.execute("PRAGMA page_count").fetchone()[0]
        raw.execute(f"PRAGMA max_page_count={pages}")
        kept = ["before"]
        refusal: Refusal | None = None
        while refusal is None and len(kept) < 500:
            try:
                kept.append(store.write_now(tenant, note(f"{len(kept):03}" + "x" * 250)))
            except Refusal as found:
                refusal = found
        assert refusal is not None
        assert (refusal.code, bool(refusal.retry_after)) == (ErrorCode.UNAVAILABLE, True)
        assert sorted(store.read_now(tenant, subjects)) == sorted(kept)
        raw.execute("PRAGMA max_page_count=1000000")
        kept.append(store.write_now(tenant, note("after")))
        assert sorted(store.read_now(tenant, subjects)) == sorted(kept)


def test_a_database_file_that_was_damaged_is_refused(
    sqlite_address: str, tenant_of: Callable[[Store], str], tmp_path: Path
) -> None:
    with opened(sqlite_address) as store:
        tenant = tenant_of(store)
    path = tmp_path / "hub.db"
    data = bytearray(path.read_bytes())
    data[4096 * 2 :] = b"\xff" * (len(data) - 4096 * 2)
    path.write_bytes(bytes(data))
    with pytest.raises((Problem, Refusal)), opened(sqlite_address) as store:
        store.write_now(tenant, note("x"))


@contextmanager
def connected(address: str, database: str | None = None) -> Iterator[psycopg.Connection]:
    changed = {} if database is None else {"dbname": database}
    with psycopg.connect(conninfo(address), autocommit=True, **changed) as connection:  # type: ignore[arg-type]
        yield connection


END_ALL = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name LIKE 'assay-hub%'"


def test_connections_that_were_cut_are_made_anew_without_a_word(
    postgres_address: str, tenant_of: Callable[[Store], str]
) -> None:
    with opened(postgres_address) as store, connected(postgres_address) as other:
        tenant = tenant_of(store)
        for n in range(20):
            other.execute(END_ALL)
            assert store.write_now(tenant, note(str(n))) == str(n)
        assert len(store.read_now(tenant, subjects)) == 20


def test_a_database_that_is_away_is_refused_until_it_is_back(
    postgres_address: str, tenant_of: Callable[[Store], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backend, "PATIENCE_S", 0.5)
    with opened(postgres_address) as store, connected(postgres_address, "postgres") as other:
        tenant = tenant_of(store)
        store.write_now(tenant, note("before"))
        name = sql.Identifier(conninfo(postgres_address).rpartition("/")[2])
        other.execute(sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS false").format(name))
        other.execute(END_ALL)
        for ask in (lambda: store.write_now(tenant, note("lost")), lambda: store.read_now(tenant, subjects)):
            refusal = refused(ask)
            assert (refusal.code, bool(refusal.retry_after)) == (ErrorCode.UNAVAILABLE, True)
        other.execute(sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS true").format(name))
        store.write_now(tenant, note("after"))
        assert sorted(store.read_now(tenant, subjects)) == ["after", "before"]


def test_a_slow_database_is_refused_in_time_and_the_loop_goes_on(
    postgres_address: str, tenant_of: Callable[[Store], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backend, "PATIENCE_S", 0.5)
    monkeypatch.setattr(line, "LOCK_S", 1)

    async def main(store: Store, tenant: str) -> tuple[list[object], int]:
        asked = asyncio.gather(*(store.write(tenant, note(str(n))) for n in range(3)), return_exceptions=True)
        turns = 0
        while not asked.done():
            await asyncio.sleep(0.01)
            turns += 1
        return list(await asked), turns

    with opened(postgres_address) as store, connected(postgres_address) as other:
        tenant = tenant_of(store)
        with other.transaction():
            other.execute("LOCK TABLE audit IN ACCESS EXCLUSIVE MODE")
            answers, turns = asyncio.run(main(store, tenant))
        assert all(isinstance(answer, Refusal) and answer.code is ErrorCode.UNAVAILABLE for answer in answers)
        assert turns > 10
        assert store.write_now(tenant, note("after")) == "after"
        assert store.read_now(tenant, subjects) == ["after"]


def test_a_deadlock_is_settled_by_doing_one_again(
    postgres_address: str, tenant_of: Callable[[Store], str]
) -> None:
    """Between two hubs: one process does not take the second of two jobs that wait for each other."""
    with opened(postgres_address) as store, opened(postgres_address) as other:
        tenant = tenant_of(store)
        for subject in ("a", "b"):
            store.write_now(tenant, note(subject))
        meet = threading.Barrier(2, timeout=20)
        tries: list[str] = []

        def both(first: str, second: str) -> Callable[[Tx], int]:
            def work(tx: Tx) -> int:
                tries.append(first)
                done = tx.changed(_TOUCH, s=first)
                if tries.count(first) == 1:
                    meet.wait()
                return done + tx.changed(_TOUCH, s=second)

            return work

        results: list[int] = []
        pairs = ((store, "a", "b"), (other, "b", "a"))
        threads = [
            threading.Thread(
                target=lambda its=its, pair=pair: results.append(its.write_now(tenant, both(*pair)))
            )
            for its, *pair in pairs
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert results == [2, 2]
        assert len(tries) >= 3
