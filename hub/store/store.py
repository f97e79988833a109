"""One way in to both databases."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any, TypeVar

from assay.hub import migrations
from assay.hub.address import Problem, is_sqlite, sqlite_path
from assay.hub.keyring import Keyring
from assay.hub.refusal import unavailable
from assay.hub.store.clock import SteadyClock
from assay.hub.store.job import Database, Job
from assay.hub.store.tx import Tx
from assay.hub.store.wake import Wakeups

T = TypeVar("T")
WAIT_S = 20.0
"""How long whoever asked waits for his transaction, in the queue and in the database."""


class Store:
    """Runs functions in transactions. `work` gets a `Tx`, changes nothing else, and may be called again.

    A write is answered after its commit has reached the disk. tenant: whose rows the function sees, or HUB.
    Refusals: 429 where too much waits, 503 where the database does not answer; whatever `work` raises comes
    out as it is, and what it wrote is rolled back.
    """

    def __init__(self, database: Database, wakeups: Wakeups, close: Callable[[], None]) -> None:
        self._database = database
        self._close = close
        self.wakeups = wakeups

    async def write(self, tenant: str, work: Callable[[Tx], T]) -> T:
        job = Job(tenant, work)
        self._database.write(job)
        result: T = await _answer(job)
        return result

    async def read(self, tenant: str, work: Callable[[Tx], T]) -> T:
        job = Job(tenant, work)
        self._database.read(job)
        result: T = await _answer(job)
        return result

    def write_now(self, tenant: str, work: Callable[[Tx], T]) -> T:
        """For threads and programs without an event loop."""
        job = Job(tenant, work)
        self._database.write(job)
        result: T = _wait(job)
        return result

    def read_now(self, tenant: str, work: Callable[[Tx], T]) -> T:
        job = Job(tenant, work)
        self._database.read(job)
        result: T = _wait(job)
        return result

    def close(self) -> None:
        """Does what waits, then lets go of the database."""
        self._close()


def open_store(
    address: str,
    keys: Keyring,
    *,
    clock: Callable[[], int] | None = None,
    durable: bool = True,
    beside: bool = False,
) -> Store:
    """Opens the store at `sqlite:///PATH` or `postgresql://…`. clock: instead of the store's own, in tests.
    beside: for a few changes while a hub serves; who waits in that hub is not told of them on SQLite.

    Raises Problem where there is none, where its tables are of another version, or where another process has
    the SQLite file.
    """
    migrations.require_current(address)
    wakeups = Wakeups()
    if is_sqlite(address):
        from assay.hub.store.sqlite import InUse, Sqlite

        try:
            lite = Sqlite(
                sqlite_path(address), keys, wakeups, clock or SteadyClock(), durable=durable, beside=beside
            )
        except InUse as error:
            raise Problem(str(error)) from None
        return Store(lite, wakeups, lite.close)
    from assay.hub.store.postgres import Postgres
    from assay.hub.store.relay import Relay

    database = Postgres(address, keys, wakeups, clock)
    relay = Relay(address, wakeups)

    def close() -> None:
        database.close()
        relay.close()

    return Store(database, wakeups, close)


async def _answer(job: Job) -> Any:
    try:
        async with asyncio.timeout(WAIT_S):
            return await asyncio.wrap_future(job.future)
    except TimeoutError:
        raise unavailable() from None


def _wait(job: Job) -> Any:
    try:
        return job.future.result(WAIT_S)
    except TimeoutError:
        job.future.cancel()
        raise unavailable() from None
