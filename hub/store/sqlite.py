"""SQLite: one process, one thread that writes, many that read.

Writes that wait are put into one transaction, each behind a savepoint of its own, and are answered after
the commit has reached the disk: what one fsync costs is shared by all of them.
"""

from __future__ import annotations

import fcntl
import sqlite3
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

import structlog
from sqlalchemy import Connection, create_engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool

from assay.hub.keyring import Keyring
from assay.hub.refusal import unavailable
from assay.hub.store.fair import FairQueue
from assay.hub.store.job import Job
from assay.hub.store.tx import Tx
from assay.hub.store.wake import Wakeups
from assay.protocol.crash import crash_point

TOGETHER = 64
"""Writes that share a commit, at most."""
READERS = 4
BUSY_MS = 5_000
log = structlog.get_logger("assay.hub.store")


class InUse(Exception):
    """Another process has the database."""


def connect(path: Path, *, durable: bool = True, read_only: bool = False) -> Connection:
    """A connection of its own. durable: a commit reaches the disk before it is over."""

    def make() -> sqlite3.Connection:
        made = sqlite3.connect(path, timeout=BUSY_MS / 1000, isolation_level=None, check_same_thread=False)
        made.execute("PRAGMA journal_mode=WAL")
        made.execute(f"PRAGMA synchronous={'FULL' if durable else 'OFF'}")
        made.execute("PRAGMA foreign_keys=ON")
        made.execute("PRAGMA temp_store=MEMORY")
        made.execute("PRAGMA journal_size_limit=67108864")
        if read_only:
            made.execute("PRAGMA query_only=ON")
        return made

    engine = create_engine(
        "sqlite+pysqlite://",
        creator=make,
        poolclass=NullPool,
        isolation_level="AUTOCOMMIT",
        hide_parameters=True,
    )
    return engine.connect()


def lock(path: Path) -> Any:
    """Takes the database for this process, until the file that it gives is closed. Raises InUse."""
    handle = path.with_name(path.name + ".lock").open("a")
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        handle.close()
        raise InUse(
            f"another hub process uses {path}: SQLite serves one; several can share a PostgreSQL"
        ) from None
    return handle


class Sqlite:
    def __init__(
        self,
        path: Path,
        keys: Keyring,
        wakeups: Wakeups,
        clock: Callable[[], int],
        *,
        durable: bool = True,
        beside: bool = False,
    ) -> None:
        self._lock = None if beside else lock(path)
        self._keys = keys
        self._wakeups = wakeups
        self._clock = clock
        self._writes: FairQueue[Job] = FairQueue()
        self._reads: FairQueue[Job] = FairQueue()
        self._writer = connect(path, durable=durable)
        self._readers = [connect(path, durable=durable, read_only=True) for _ in range(READERS)]
        self._threads = [threading.Thread(target=self._serve_writes, name="hub-writer", daemon=True)]
        for number, reader in enumerate(self._readers):
            self._threads.append(
                threading.Thread(
                    target=self._serve_reads, args=(reader,), name=f"hub-reader-{number}", daemon=True
                )
            )
        for thread in self._threads:
            thread.start()

    def write(self, job: Job) -> None:
        self._writes.put(job.tenant, job)

    def read(self, job: Job) -> None:
        self._reads.put(job.tenant, job)

    def close(self) -> None:
        self._writes.close()
        self._reads.close()
        for thread in self._threads:
            thread.join(timeout=30)
        for connection in (self._writer, *self._readers):
            connection.close()
        if self._lock is not None:
            self._lock.close()

    def _serve_writes(self) -> None:
        while jobs := self._writes.take(TOGETHER):
            together = [job for job in jobs if job.future.set_running_or_notify_cancel()]
            if together:
                self._commit(together)

    def _commit(self, jobs: list[Job]) -> None:
        """One transaction of several jobs; they are answered when it is on the disk."""
        raw = _raw(self._writer)
        outcomes: list[tuple[Job, Any, BaseException | None]] = []
        topics: list[str] = []
        try:
            raw.execute("BEGIN IMMEDIATE")
            now = self._clock()
            for job in jobs:
                tx = Tx(self._writer, job.tenant, now, self._keys, len(self._writes))
                outcomes.append((job, *self._one(raw, job, tx)))
                topics += tx.topics
            crash_point("hub-before-commit")
            raw.execute("COMMIT")
        except BaseException as error:  # noqa: BLE001 - whatever it was, nothing was kept and all must know
            if raw.in_transaction:
                raw.execute("ROLLBACK")
            log.error("the transaction was not kept", kind=type(error).__name__)
            for job in jobs:
                job.future.set_exception(unavailable())
            return
        crash_point("hub-after-commit")
        for job, value, failed in outcomes:
            if failed is None:
                job.future.set_result(value)
            else:
                job.future.set_exception(failed)
        self._wakeups.tell(topics)

    def _one(self, raw: sqlite3.Connection, job: Job, tx: Tx) -> tuple[Any, BaseException | None]:
        """One job behind its savepoint. Raises where the whole transaction is gone."""
        raw.execute("SAVEPOINT job")
        try:
            value = job.work(tx)
        except Exception as error:
            if not raw.in_transaction:
                raise
            raw.execute("ROLLBACK TO job")
            raw.execute("RELEASE job")
            tx.topics.clear()
            return None, _translated(error)
        raw.execute("RELEASE job")
        return value, None

    def _serve_reads(self, connection: Connection) -> None:
        raw = _raw(connection)
        while jobs := self._reads.take(1):
            (job,) = jobs
            if not job.future.set_running_or_notify_cancel():
                continue
            try:
                raw.execute("BEGIN")
                value = job.work(Tx(connection, job.tenant, self._clock(), self._keys))
            except Exception as error:  # noqa: BLE001 - each job's own fault is its own answer
                job.future.set_exception(_translated(error))
            else:
                job.future.set_result(value)
            finally:
                if raw.in_transaction:
                    raw.execute("ROLLBACK")


def _raw(connection: Connection) -> sqlite3.Connection:
    return cast(sqlite3.Connection, connection.connection.driver_connection)


def _translated(error: Exception) -> BaseException:
    """A database that is full, locked or broken is a refusal; a fault of ours stays what it is."""
    cause = error.orig if isinstance(error, DBAPIError) else error
    if isinstance(cause, sqlite3.OperationalError) or type(cause) is sqlite3.DatabaseError:
        log.error("the database refused", code=getattr(cause, "sqlite_errorname", ""))
        return unavailable()
    return error
