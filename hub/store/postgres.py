"""PostgreSQL: each job in a transaction of its own, by as many threads as there are connections.

Every transaction takes a role that owns nothing: `assay_tenant`, which row-level security lets see one tenant's
rows, or `assay_hub` for the hub's own work. What the database asks to repeat is repeated; a commit whose answer
was lost is not, it is refused as unavailable, and the client's repetition finds what was done.
"""

from __future__ import annotations

import random
import re
import threading
import time
from collections.abc import Callable
from typing import Any, cast

import psycopg
import structlog
from sqlalchemy import Connection, create_engine
from sqlalchemy.engine import Engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool

from assay.hub.address import postgres_url
from assay.hub.keyring import Keyring
from assay.hub.refusal import Raced, unavailable
from assay.hub.store.fair import FairQueue
from assay.hub.store.job import Job
from assay.hub.store.tx import HUB, Tx
from assay.hub.store.wake import Wakeups
from assay.protocol.crash import crash_point

THREADS = 8
READERS = 4
CONNECT_S = 5
STATEMENT_S = 10
LOCK_S = 5
IDLE_S = 30
PATIENCE_S = 8.0
"""How long a job is tried again before it is refused."""
AGAIN = frozenset(("40001", "40P01", "55P03", "23505", "57P01", "57P02", "57P03", "55000"))
"""SQLSTATEs after which the same job may succeed: serialization, deadlock, lock timeout, a key that another
transaction has just added (the job sees it now), shutdown and restart."""
ISOLATION = {True: "REPEATABLE READ READ ONLY", False: "READ COMMITTED"}
TENANT = re.compile(r"[0-9a-z]{26}")
log = structlog.get_logger("assay.hub.store")


def engine(address: str) -> Engine:
    """Connections in autocommit mode, with a time limit on everything; transactions are begun by hand."""
    limits = (
        f"-c statement_timeout={STATEMENT_S}s -c lock_timeout={LOCK_S}s"
        f" -c idle_in_transaction_session_timeout={IDLE_S}s -c timezone=UTC"
    )
    return create_engine(
        postgres_url(address),
        poolclass=NullPool,
        isolation_level="AUTOCOMMIT",
        hide_parameters=True,
        connect_args={
            "connect_timeout": CONNECT_S,
            "application_name": "assay-hub",
            "options": limits,
            "keepalives_idle": 30,
            "tcp_user_timeout": 20_000,
        },
    )


class Postgres:
    def __init__(
        self, address: str, keys: Keyring, wakeups: Wakeups, clock: Callable[[], int] | None = None
    ) -> None:
        self._engine = engine(address)
        self._keys = keys
        self._wakeups = wakeups
        self._clock = clock
        self._writes: FairQueue[Job] = FairQueue()
        self._reads: FairQueue[Job] = FairQueue()
        self._threads = [
            threading.Thread(target=self._serve, args=(queue, reading), name=f"hub-{word}-{n}", daemon=True)
            for queue, reading, word, count in (
                (self._writes, False, "writer", THREADS),
                (self._reads, True, "reader", READERS),
            )
            for n in range(count)
        ]
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
        self._engine.dispose()

    def _serve(self, queue: FairQueue[Job], reading: bool) -> None:
        line = _Line(self._engine)
        while jobs := queue.take(1):
            (job,) = jobs
            if not job.future.set_running_or_notify_cancel():
                continue
            topics: list[str] = []
            try:
                value = self._patiently(line, job, reading, topics)
            except BaseException as error:  # noqa: BLE001 - whatever it was, the one who waits must know
                line.drop_if_broken()
                job.future.set_exception(error)
            else:
                job.future.set_result(value)
                self._wakeups.tell(topics)
        line.drop()

    def _patiently(self, line: _Line, job: Job, reading: bool, topics: list[str]) -> Any:
        until = time.monotonic() + PATIENCE_S
        pause = 0.01
        while True:
            try:
                return self._once(line, job, reading, topics)
            except _Again as again:
                topics.clear()
                if time.monotonic() + pause > until:
                    log.error("the database does not answer", code=again.code)
                    raise unavailable() from None
                time.sleep(random.uniform(0, pause))  # noqa: S311 - jitter
                pause = min(pause * 2, 1.0)

    def _once(self, line: _Line, job: Job, reading: bool, topics: list[str]) -> Any:
        """One try. Raises _Again where nothing was kept and the same may succeed."""
        try:
            connection = line.get()
            now = self._begin(line, job.tenant, reading)
            tx = Tx(connection, job.tenant, now, self._keys, len(self._writes))
            value = job.work(tx)
            crash_point("hub-before-commit")
        except Exception as error:
            line.roll_back()
            raise _translated(error) from error
        except BaseException:  # noqa: BLE001 - the end of the thread must not leave a transaction open
            line.roll_back()
            raise unavailable() from None
        try:
            line.raw.execute("COMMIT")
        except psycopg.Error as error:
            line.drop()
            log.error("the answer to a commit was lost", code=error.sqlstate or type(error).__name__)
            if error.sqlstate in ("40001", "40P01"):
                raise _Again(error.sqlstate) from error
            raise unavailable() from None
        crash_point("hub-after-commit")
        topics += tx.topics
        return value

    def _begin(self, line: _Line, tenant: str, reading: bool) -> int:
        """Begins as the role that the job needs, and reads the clock: one round trip."""
        role = "assay_hub" if tenant == HUB else "assay_tenant"
        if tenant != HUB and TENANT.fullmatch(tenant) is None:
            raise ValueError("not a tenant's id")
        begin = (
            f"BEGIN ISOLATION LEVEL {ISOLATION[reading]}; SET LOCAL ROLE {role};"  # noqa: S608 - checked above
            f" SELECT set_config('assay.tenant', '{tenant}', true),"
            " (extract(epoch FROM clock_timestamp()) * 1000000)::bigint"
        )
        cursor = line.raw.execute(begin.encode())
        while cursor.nextset():
            pass
        ((_, now),) = cursor.fetchall()
        return int(now) if self._clock is None else self._clock()


class _Again(Exception):
    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class _Line:
    """A thread's own connection, made when it is needed and thrown away when it is broken."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._connection: Connection | None = None

    def get(self) -> Connection:
        if self._connection is None:
            self._connection = self._engine.connect()
        return self._connection

    @property
    def raw(self) -> psycopg.Connection[tuple[Any, ...]]:
        return cast("psycopg.Connection[tuple[Any, ...]]", self.get().connection.driver_connection)

    def roll_back(self) -> None:
        if self._connection is None:
            return
        try:
            self.raw.execute("ROLLBACK")
        except (psycopg.Error, DBAPIError):
            self.drop()

    def drop_if_broken(self) -> None:
        if self._connection is not None and (self._connection.invalidated or self.raw.closed):
            self.drop()

    def drop(self) -> None:
        """Closes it, whatever state it is in; the next `get` makes another."""
        connection, self._connection = self._connection, None
        if connection is not None:
            try:
                connection.invalidate()
                connection.close()
            except (psycopg.Error, DBAPIError):
                pass


def _translated(error: Exception) -> BaseException:
    """What the database asks to repeat, what it cannot do now, and faults of ours as they are."""
    if isinstance(error, Raced):
        return _Again("raced")
    cause = error.orig if isinstance(error, DBAPIError) else error
    if not isinstance(cause, psycopg.Error):
        return error
    code = cause.sqlstate
    if code is None or code in AGAIN or code.startswith("08"):
        return _Again(code or type(cause).__name__)
    if isinstance(cause, psycopg.OperationalError):
        log.error("the database refused", code=code)
        return unavailable()
    return error
