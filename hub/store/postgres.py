"""PostgreSQL: jobs that wait share a transaction, and several processes share the database.

Every job runs as a role that owns nothing: `assay_tenant`, which row-level security lets see one tenant's rows, or
`assay_hub` for the hub's own work. What the database asks to repeat is repeated; a commit whose answer was lost is
not, it is refused as unavailable, and the client's repetition finds what was done.

Jobs share a transaction as on SQLite, but without savepoints, which would cost two round trips each: a refusal before
anything was written leaves nothing behind; after that, or after a fault, the transaction is rolled back and done again
without that job, which then has one of its own.
"""

from __future__ import annotations

import random
import re
import threading
import time
from collections.abc import Callable, Sequence
from typing import Any

import psycopg
import structlog
from sqlalchemy.exc import DBAPIError

from assay.hub.keyring import Keyring
from assay.hub.refusal import Raced, Refusal, unavailable
from assay.hub.store.fair import FairQueue
from assay.hub.store.job import Job
from assay.hub.store.line import Line, engine
from assay.hub.store.tx import HUB, Tx
from assay.hub.store.wake import Wakeups
from assay.protocol.crash import crash_point

WRITERS = 2
READERS = 2
TOGETHER = 32
"""Jobs that share a transaction, at most."""
SPOILERS = 3
"""So many jobs may spoil the transaction that they share before each is given its own."""
PATIENCE_S = 8.0
"""How long jobs are tried again before they are refused."""
AGAIN = frozenset(("40001", "40P01", "55P03", "23505", "57P01", "57P02", "57P03", "55000"))
"""SQLSTATEs after which the same job may succeed: serialization, deadlock, lock timeout, a key that another
transaction has just added (the job sees it now), shutdown and restart."""
ISOLATION = {True: "REPEATABLE READ READ ONLY", False: "READ COMMITTED"}
TENANT = re.compile(r"[0-9a-z]{26}")
log = structlog.get_logger("assay.hub.store")
Outcome = tuple[Any, BaseException | None]


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
                (self._writes, False, "writer", WRITERS),
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

    def line(self) -> Line:
        return Line(self._engine)

    def close(self) -> None:
        self._writes.close()
        self._reads.close()
        for thread in self._threads:
            thread.join(timeout=30)
        self._engine.dispose()

    def _serve(self, queue: FairQueue[Job], reading: bool) -> None:
        line = self.line()
        while jobs := queue.take(TOGETHER):
            begun = [job for job in jobs if job.future.set_running_or_notify_cancel()]
            for group in _groups(begun, reading):
                self.settle(line, group, reading)
        line.drop()

    def settle(self, line: Line, jobs: Sequence[Job], reading: bool) -> None:
        """Does the jobs, and answers them after the commit."""
        until = time.monotonic() + PATIENCE_S
        pause = 0.01
        together, alone = list(jobs), list[Job]()
        while chosen := together or alone[:1]:
            try:
                outcomes, topics = self._once(line, chosen, reading)
            except _Failed as failed:
                if failed.job is not None and len(chosen) > 1:
                    together = [job for job in together if job is not failed.job]
                    alone.append(failed.job)
                    if len(alone) == SPOILERS:
                        together, alone = [], [*together, *alone]
                    continue
                reason = failed.reason
                if isinstance(reason, _Again):
                    if time.monotonic() + pause <= until:
                        time.sleep(random.uniform(0, pause))  # noqa: S311 - jitter
                        pause = min(pause * 2, 1.0)
                        continue
                    log.error("the database does not answer", code=reason.code)
                    reason = unavailable()
                outcomes, topics = [(None, reason)] * len(chosen), []
            _answer(chosen, outcomes)
            self._wakeups.tell(topics)
            together, alone = ([], alone) if together else ([], alone[1:])

    def _once(
        self, line: Line, jobs: Sequence[Job], reading: bool
    ) -> tuple[Sequence[Outcome], Sequence[str]]:
        """One transaction of all of them. Raises _Failed where nothing was kept."""
        outcomes: list[Outcome] = []
        topics: list[str] = []
        doing: Job | None = None
        try:
            connection = line.get()
            now = self._begin(line, jobs[0].tenant, reading)
            tenant = jobs[0].tenant
            for job in jobs:
                if job.tenant != tenant:
                    line.raw.execute(_acting_as(job.tenant))
                    tenant = job.tenant
                doing = job
                outcomes.append(_do(job, Tx(connection, tenant, now, self._keys, len(self._writes)), topics))
            crash_point("hub-before-commit")
        except Exception as error:
            reason = _translated(error)
            line.roll_back()
            raise _Failed(doing if line.is_whole else None, reason) from error
        except BaseException:  # noqa: BLE001 - the end of the thread must not leave a transaction open
            line.roll_back()
            raise _Failed(None, unavailable()) from None
        try:
            line.raw.execute("COMMIT")
        except psycopg.Error as error:
            line.drop()
            log.error("the answer to a commit was lost", code=error.sqlstate or type(error).__name__)
            again = error.sqlstate in ("40001", "40P01")
            raise _Failed(None, _Again(error.sqlstate or "") if again else unavailable()) from None
        crash_point("hub-after-commit")
        return outcomes, topics

    def _begin(self, line: Line, tenant: str, reading: bool) -> int:
        """Begins as the role that the job needs, and reads the clock: one round trip."""
        cursor = line.raw.execute(
            f"BEGIN ISOLATION LEVEL {ISOLATION[reading]};".encode()
            + _acting_as(tenant)
            + b"; SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint"
        )
        while cursor.nextset():
            pass
        ((now,),) = cursor.fetchall()
        return int(now) if self._clock is None else self._clock()


class _Again(Exception):
    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class _Failed(Exception):
    """Nothing of the transaction was kept. job: the one in which it went wrong; None where it was none's fault.
    reason: what it is answered; _Again where the same may succeed."""

    def __init__(self, job: Job | None, reason: BaseException) -> None:
        super().__init__(str(reason))
        self.job = job
        self.reason = reason


def _groups(jobs: Sequence[Job], reading: bool) -> list[list[Job]]:
    """What shares a transaction: writes in the order of their tenants, so that no two transactions wait for each
    other crosswise; and each of the hub's own by itself, because it may touch the rows of all."""
    together = sorted((job for job in jobs if reading or job.tenant != HUB), key=lambda job: job.tenant)
    alone = [[job] for job in jobs if not reading and job.tenant == HUB]
    return [together, *alone] if together else alone


def _acting_as(tenant: str) -> bytes:
    """From here on in the transaction, the rows of this tenant are seen, or as HUB those of all."""
    if tenant != HUB and TENANT.fullmatch(tenant) is None:
        raise ValueError("not a tenant's id")
    role = "assay_hub" if tenant == HUB else "assay_tenant"
    return f"SET LOCAL ROLE {role}; SET LOCAL assay.tenant = '{tenant}'".encode()


def _do(job: Job, tx: Tx, topics: list[str]) -> Outcome:
    """Raises what leaves the transaction in a state that cannot be kept."""
    try:
        value = job.work(tx)
    except Raced:
        raise
    except Refusal as refusal:
        if tx.wrote:
            raise
        return None, refusal
    topics += tx.topics
    return value, None


def _answer(jobs: Sequence[Job], outcomes: Sequence[Outcome]) -> None:
    for job, (value, failed) in zip(jobs, outcomes, strict=True):
        if failed is None:
            job.future.set_result(value)
        else:
            job.future.set_exception(failed)


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
