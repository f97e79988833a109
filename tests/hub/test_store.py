"""The store's promises, on both databases."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import create_engine, select, update

from assay.hub import migrations
from assay.hub.address import Problem, is_sqlite, parse, postgres_url
from assay.hub.keyring import KeyProblem, Keyring
from assay.hub.refusal import Refusal
from assay.hub.store import HUB, Store, Tx, mine, open_store
from assay.hub.store.clock import SteadyClock
from assay.hub.store.fair import FairQueue
from assay.hub.store.wake import run_topic
from assay.hub.tables import METADATA, audit, enrolments, tenant_keys, tenants
from assay.hub.tenants import create_tenant, renew_keys, rewrap
from assay.protocol import crash
from assay.protocol.wire import ErrorCode
from tests.support.hub import MASTER, Clock, opened

NAMES = select(tenants.c.name)
SUBJECTS = select(audit.c.subject).where(mine(audit)).order_by(audit.c.subject)


def note(subject: str, then: Exception | None = None) -> Callable[[Tx], str]:
    def work(tx: Tx) -> str:
        tx.add(audit, id=tx.new_id(), at=tx.now, actor="hub", action="test", subject=subject)
        if then is not None:
            raise then
        return subject

    return work


def subjects(tx: Tx) -> list[str]:
    return [row.subject for row in tx.rows(SUBJECTS)]


@pytest.fixture
def tenant(store: Store) -> str:
    return store.write_now(HUB, lambda tx: create_tenant(tx, "acme"))


def test_the_migrations_make_the_tables_of_the_code(address: str) -> None:
    url = parse(address) if is_sqlite(address) else postgres_url(address)
    with create_engine(url).connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, METADATA) == []


def test_a_second_upgrade_changes_nothing(address: str) -> None:
    assert migrations.upgrade(address) == (migrations.newest(), migrations.newest())


def test_a_store_that_is_not_there_is_a_clear_problem(tmp_path: Path) -> None:
    with pytest.raises(Problem, match="assay hub init"):
        open_store(f"sqlite:///{tmp_path}/none.db", Keyring([MASTER]))
    with pytest.raises(Problem, match="sqlite:///PATH"):
        open_store("mysql://root:secret@x/y", Keyring([MASTER]))


def test_what_was_answered_is_kept_and_what_was_refused_is_not(address: str, clock: Clock) -> None:
    with opened(address, clock) as store:
        tenant = store.write_now(HUB, lambda tx: create_tenant(tx, "acme"))
        assert store.write_now(tenant, note("kept")) == "kept"
        with pytest.raises(Refusal):
            store.write_now(tenant, note("gone", Refusal(ErrorCode.CONFLICT)))
        with pytest.raises(ZeroDivisionError):
            store.write_now(tenant, note("gone", ZeroDivisionError()))
    with opened(address, clock) as store:
        assert store.read_now(tenant, subjects) == ["kept"]


def test_many_writers_at_once_lose_nothing_and_spoil_nothing(store: Store, tenant: str) -> None:
    async def all_of_them() -> list[str | BaseException]:
        return await asyncio.gather(
            *(
                store.write(tenant, note(f"{n:03}", ZeroDivisionError() if n % 7 == 0 else None))
                for n in range(200)
            ),
            return_exceptions=True,
        )

    results = asyncio.run(all_of_them())
    kept = [f"{n:03}" for n in range(200) if n % 7]
    assert [r for r in results if isinstance(r, str)] == kept
    assert store.read_now(tenant, subjects) == kept


def test_the_loop_goes_on_while_a_write_waits(store: Store, tenant: str) -> None:
    gate = threading.Event()

    async def main() -> str:
        slow = asyncio.create_task(store.write(tenant, lambda _: gate.wait(10)))
        await asyncio.sleep(0.05)
        gate.set()
        return str(await slow)

    assert asyncio.run(main()) == "True"


def test_a_crash_before_the_commit_answers_nobody(store: Store, tenant: str) -> None:
    def cut() -> None:
        raise crash.Crash

    crash.arm("hub-before-commit", then=cut)
    with pytest.raises(Refusal) as refused:
        store.write_now(tenant, note("lost"))
    assert refused.value.code is ErrorCode.UNAVAILABLE
    assert refused.value.retry_after
    assert store.write_now(tenant, note("next")) == "next"
    assert store.read_now(tenant, subjects) == ["next"]


def test_a_tenant_sees_only_its_own_rows(store: Store, tenant: str) -> None:
    other = store.write_now(HUB, lambda tx: create_tenant(tx, "other"))
    store.write_now(tenant, note("mine"))
    assert store.read_now(other, subjects) == []
    assert store.read_now(HUB, lambda tx: len(tx.rows(select(audit.c.id)))) == 1


@pytest.mark.usefixtures("tenant")
def test_a_name_is_given_once(store: Store) -> None:
    with pytest.raises(Refusal) as refused:
        store.write_now(HUB, lambda tx: create_tenant(tx, "acme"))
    assert refused.value.code is ErrorCode.CONFLICT


def test_row_level_security_holds_without_the_tenant_condition(postgres_store: Store) -> None:
    store = postgres_store
    tenant = store.write_now(HUB, lambda tx: create_tenant(tx, "acme"))
    other = store.write_now(HUB, lambda tx: create_tenant(tx, "other"))
    store.write_now(tenant, note("mine"))
    everything = select(audit.c.subject)
    assert store.read_now(other, lambda tx: tx.connection.execute(everything).all()) == []
    changed = store.write_now(
        other, lambda tx: tx.connection.execute(update(audit).values(subject="taken")).rowcount
    )
    assert changed == 0
    with pytest.raises(Exception, match="row-level security"):
        store.write_now(other, lambda tx: tx.acting(tenant).add(
            enrolments, id=tx.new_id(), pool="p", hash=b"h", created_at=0, expires_at=0
        ))  # fmt: skip


def test_sealed_bytes_open_only_in_their_row_and_tenant(store: Store, tenant: str) -> None:
    other = store.write_now(HUB, lambda tx: create_tenant(tx, "other"))
    sealed = store.write_now(tenant, lambda tx: tx.seal(audit, "1", b"secret"))
    assert b"secret" not in sealed
    assert store.read_now(tenant, lambda tx: tx.open(audit, "1", sealed)) == b"secret"
    for who, table, row in ((tenant, audit, "2"), (tenant, tenants, "1"), (other, audit, "1")):
        with pytest.raises(KeyProblem):
            store.read_now(who, lambda tx, table=table, row=row: tx.open(table, row, sealed))  # type: ignore[misc]
    with pytest.raises(KeyProblem):
        store.read_now(tenant, lambda tx: tx.open(audit, "1", sealed[:-1] + b"x"))


def test_the_master_key_is_changed_while_old_rows_stay_readable(address: str, clock: Clock) -> None:
    old, new = MASTER, b"n" * 32
    store = open_store(address, Keyring([old]), clock=clock, durable=False)
    tenant = store.write_now(HUB, lambda tx: create_tenant(tx, "acme"))
    sealed = store.write_now(tenant, lambda tx: tx.seal(audit, "1", b"secret"))
    store.close()
    store = open_store(address, Keyring([new, old]), clock=clock, durable=False)
    assert store.read_now(tenant, lambda tx: tx.open(audit, "1", sealed)) == b"secret"
    assert rewrap(store.write_now) == 1
    assert rewrap(store.write_now) == 0
    store.close()
    store = open_store(address, Keyring([new]), clock=clock, durable=False)
    assert store.read_now(tenant, lambda tx: tx.open(audit, "1", sealed)) == b"secret"
    store.close()
    store = open_store(address, Keyring([old]), clock=clock, durable=False)
    with pytest.raises(KeyProblem, match="not known here"):
        store.read_now(tenant, lambda tx: tx.open(audit, "1", sealed))
    store.close()


def test_a_data_key_is_renewed_every_month(store: Store, tenant: str, clock: Clock) -> None:
    first = store.write_now(tenant, lambda tx: tx.seal(audit, "1", b"before"))
    assert store.write_now(HUB, renew_keys) == 0
    clock.pass_(31 * 86_400)
    assert store.write_now(HUB, renew_keys) == 1
    second = store.write_now(tenant, lambda tx: tx.seal(audit, "1", b"after"))
    assert (first[1:5], second[1:5]) == (b"\0\0\0\1", b"\0\0\0\2")
    assert store.read_now(tenant, lambda tx: tx.open(audit, "1", first)) == b"before"
    assert len(store.read_now(HUB, lambda tx: tx.rows(select(tenant_keys.c.version)))) == 2


def test_whoever_waits_for_a_run_is_told_after_the_commit(store: Store, tenant: str) -> None:
    async def main() -> tuple[bool, bool]:
        topic = run_topic(tenant, "r")
        listener = store.wakeups.listen([topic])
        await store.write(tenant, lambda tx: tx.wake(topic))
        return await listener.wait(5), await store.wakeups.wait([topic], 0.01)

    assert asyncio.run(main()) == (True, False)


def test_a_second_process_on_one_sqlite_file_is_refused(empty_sqlite: Path) -> None:
    address = f"sqlite:///{empty_sqlite}"
    with opened(address), pytest.raises(Problem, match="SQLite serves one"):
        open_store(address, Keyring([MASTER]))


def test_two_stores_on_one_postgres_hear_each_other(postgres_address: str) -> None:
    async def main(one: Store, two: Store) -> bool:
        for _ in range(20):  # the other's LISTEN may not stand yet
            listener = one.wakeups.listen(["run:t:r"])
            await two.write(HUB, lambda tx: tx.wake("run:t:r"))
            if await listener.wait(0.5):
                return True
        return False

    with opened(postgres_address) as one, opened(postgres_address) as two:
        assert asyncio.run(main(one, two))


def test_the_queue_serves_tenants_in_turn_and_refuses_when_it_is_full() -> None:
    queue: FairQueue[str] = FairQueue(most=10, most_of_lane=6)
    for n in range(6):
        queue.put("busy", f"busy{n}")
    queue.put("calm", "calm0")
    with pytest.raises(Refusal) as refused:
        queue.put("busy", "one too many")
    assert refused.value.code is ErrorCode.TOO_MANY_REQUESTS
    assert queue.take(3) == ["busy0", "calm0", "busy1"]
    queue.close()
    assert len(queue.take(100)) == 4
    assert queue.take() == []


def test_the_clock_does_not_jump_with_the_machines() -> None:
    wall, steady = [1_000_000_000], [0]
    clock = SteadyClock(lambda: wall[0], lambda: steady[0])
    wall[0] += 3_600_000_000
    steady[0] += 1_000_000
    assert clock() == 1_001_010_000
    wall[0] -= 7_200_000_000
    steady[0] += 1_000_000
    assert clock() == 1_002_000_000


def test_ids_are_in_order_of_time(store: Store, tenant: str, clock: Clock) -> None:
    first = store.read_now(tenant, lambda tx: tx.new_id())
    clock.pass_(1)
    second = store.read_now(tenant, lambda tx: tx.new_id())
    assert len(first) == 26
    assert first < second
