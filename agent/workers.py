"""Threads that take attempts from the queue and handle them; and what becomes of one whose handling was refused."""

from __future__ import annotations

import random
import threading
from dataclasses import dataclass, field

import structlog

from assay.agent.attempt import MOST_FAULTS, Attempt, Key
from assay.agent.chain import handle
from assay.agent.cluster.answers import Kind
from assay.agent.cluster.answers import Refused as ClusterRefused
from assay.agent.cluster.objects import Job
from assay.agent.context import Agent, Then
from assay.agent.handlers.apply import late
from assay.agent.handlers.ending import give_back
from assay.agent.hub import Over, Superseded
from assay.agent.work import WorkQueue
from assay.client import HubError
from assay.protocol.agent import ReasonCode

THREADS = 8
FIRST_S, CAP_S = 0.5, 30.0
FORBIDDEN_S = 60.0
PARKED = MOST_FAULTS + 3
"""Exceptions after which an attempt is not touched any more: not even ending it worked."""
_chance = random.SystemRandom()
log = structlog.get_logger("assay.agent")


@dataclass(slots=True)
class Troubles:
    """What keeps the agent from working, for its health. Each is set and taken back by whoever sees it."""

    superseded: threading.Event = field(default_factory=threading.Event)
    rights_missing: threading.Event = field(default_factory=threading.Event)


class Workers:
    def __init__(
        self, agent: Agent, queue: WorkQueue[Key], troubles: Troubles, threads: int = THREADS
    ) -> None:
        self._agent = agent
        self._queue = queue
        self._troubles = troubles
        self._threads = [
            threading.Thread(target=self._serve, name=f"agent-worker-{n}", daemon=True)
            for n in range(threads)
        ]

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def join(self, seconds: float) -> None:
        """After the queue was closed: waits for what is in hand."""
        for thread in self._threads:
            if thread.ident is not None:
                thread.join(timeout=seconds)

    def _serve(self) -> None:
        while (key := self._queue.take()) is not None:
            try:
                again = self.step(key)
            finally:
                self._queue.done(key)
            if again is not None:
                self._queue.add(key, again)

    def step(self, key: Key) -> float | None:
        """Handles one attempt as far as it goes; gives the seconds after which to look again. Never raises:
        whatever one attempt does, the others are handled."""
        attempt = self._agent.book.get(key)
        if attempt is None or attempt.faults >= PARKED or self._troubles.superseded.is_set():
            return None
        try:
            step = handle(self._agent, attempt)
        except Over:
            self._let_go(attempt)
            return None
        except Superseded:
            self._troubles.superseded.set()
            self._agent.lease.end()
            return None
        except ClusterRefused as refused:
            return self._refused(attempt, refused)
        except HubError as error:
            attempt.failures += 1
            log.info("the hub refused", run=attempt.instruction, attempt=attempt.attempt, why=str(error))
            return self._later(attempt, error.retry_after)
        except Exception as error:  # noqa: BLE001 - one attempt's fault is not the others'
            attempt.faults += 1
            log.error(
                "a fault in the handling",
                run=attempt.instruction,
                attempt=attempt.attempt,
                kind=type(error).__name__,
                at=_place(error),
                faults=attempt.faults,
            )
            return FIRST_S
        attempt.failures = 0
        return None if isinstance(step, Then) else step

    def _let_go(self, attempt: Attempt) -> None:
        """The hub says that this process has no more say in it. A Job that is there stays in the book: whether it is
        anybody's is asked again at the next poll."""
        log.info("let go", run=attempt.instruction, attempt=attempt.attempt)
        if attempt.job is None:
            self._agent.book.strike(attempt)
            return
        attempt.delivery = attempt.made = attempt.order = attempt.job_token = attempt.told_fence = None
        attempt.accepted = attempt.cancel = False
        attempt.mine = None

    def _refused(self, attempt: Attempt, refused: ClusterRefused) -> float | None:
        attempt.failures += 1
        log.info("the cluster refused", run=attempt.instruction, attempt=attempt.attempt, why=str(refused))
        match refused.kind:
            case Kind.FORBIDDEN:
                self._troubles.rights_missing.set()
                return self._give_back(attempt, ReasonCode.RIGHTS_MISSING) or FORBIDDEN_S
            case Kind.CHANGED | Kind.MISSING:
                # Something else than what was last seen: what is there is looked at again.
                attempt.job = self._look(attempt)
                return FIRST_S
            case _ if attempt.job is None and late(self._agent, attempt):
                return self._give_back(attempt, ReasonCode.CLUSTER_UNAVAILABLE)
            case _:
                return self._later(attempt, refused.retry_after)

    def _look(self, attempt: Attempt) -> Job | None:
        try:
            return self._agent.jobs.get(attempt.name)
        except ClusterRefused:
            return attempt.job

    def _give_back(self, attempt: Attempt, reason: ReasonCode) -> float | None:
        """Back into the queue, unless a Job is there already."""
        if attempt.job is not None:
            return FORBIDDEN_S
        try:
            give_back(self._agent, attempt, reason)
        except Over:
            self._agent.book.strike(attempt)
        except HubError as error:
            return self._later(attempt, error.retry_after)
        return None

    def _later(self, attempt: Attempt, after: float | None) -> float:
        most = min(CAP_S, FIRST_S * 2.0 ** min(attempt.failures - 1, 10))
        return (after or 0.0) + most * _chance.random()


def _place(error: BaseException) -> str:
    """Where it was raised; its words may hold anything."""
    frame = error.__traceback__
    while frame is not None and frame.tb_next is not None:
        frame = frame.tb_next
    if frame is None:
        return ""
    return f"{frame.tb_frame.f_code.co_name}:{frame.tb_lineno}"
