"""The one loop that speaks to the hub by itself: says what this process knows, hears what to do."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable

import structlog

from assay.agent.attempt import Attempt, Key
from assay.agent.context import Agent
from assay.agent.hub import Superseded
from assay.agent.lease import MARGIN_S
from assay.agent.work import WorkQueue
from assay.agent.workers import Troubles
from assay.client import Cause, HubError, Refused, Retry, Unreachable
from assay.protocol.agent import Cluster, Held, Known, Poll, Session
from assay.protocol.crash import crash_point

MOST_KNOWN = 5_000
OFFER_S = 60.0
"""How often a Job that another agent sees to is asked about: that agent may be gone."""
UNAUTHENTICATED_S = 300.0
TOKEN_S = 5.0
"""Until the token's file is looked at again, where there is none yet."""
AGAIN_S = 0.5
"""Until the next poll, after one whose answer was wanted at once."""
GAP_S = 0.2
"""Between two polls, at least: many Jobs may end at once."""
_chance = random.SystemRandom()
log = structlog.get_logger("assay.agent.polling")


class Polling:
    """enter    an attempt of the book, with what the cluster is known to have of it
    draining   nothing new is asked for: the process is about to end
    """

    def __init__(
        self,
        agent: Agent,
        cluster: Cluster,
        queue: WorkQueue[Key],
        troubles: Troubles,
        enter: Callable[[Key], Attempt],
    ) -> None:
        self._agent = agent
        self._cluster = cluster
        self._queue = queue
        self._troubles = troubles
        self._enter = enter
        self._wake = threading.Event()
        self._retry = Retry(first=0.5, cap=30.0)
        self._offered: dict[Key, float] = {}
        self._first = True
        self.draining = threading.Event()

    def run(self, stop: threading.Event, polled: Callable[[], None]) -> None:
        """Until `stop` is set. polled: called after each poll that went well."""
        failures = 0
        while not stop.is_set():
            try:
                pause = self.once()
                failures = 0
                polled()
            except Superseded:
                self._supersede()
                return
            except HubError as error:
                failures += 1
                pause = self.pause(error, failures)
                self._agent.metrics.polls.labels(
                    "refused" if isinstance(error, Refused) else "unreachable"
                ).inc()
                log.warning("no poll", why=str(error), failures=failures, again_s=round(pause, 1))
                stop.wait(pause)
                continue
            stop.wait(GAP_S)
            self._wake.wait(max(0.0, pause - GAP_S))
            self._wake.clear()

    def wake(self) -> None:
        """A slot is free: the next poll is not waited for."""
        self._wake.set()

    def once(self) -> float:
        """One poll; the session is opened where there is none. Gives the seconds until the next. Raises HubError
        and Superseded."""
        session = self._agent.hub.session or self.open()
        begun = self._agent.lease.now()
        known = self._known(begun)
        idle = self.draining.is_set() or self._troubles.rights_missing.is_set()
        free = 0 if idle else self._agent.free()
        patience = self._wait(session, free)
        wait = 0.0 if self._first or self._asks(known) else patience
        answer = self._agent.hub.poll(free, list(known.values()), wait)
        self._agent.lease.renew(begun, session.lease_s)
        self._first = False
        crash_point("agent-after-poll")
        self._agent.metrics.polls.labels("good").inc()
        self._take(answer, known, begun)
        self._agent.metrics.free.set(self._agent.free())
        self._agent.metrics.in_flight.set(self._agent.settings.slots - self._agent.free())
        pause = answer.next_poll_ms / 1000
        # The hub says when to come again without waiting; the next poll will wait there.
        return min(pause, AGAIN_S) if wait < patience else pause

    def open(self) -> Session:
        """Raises HubError."""
        begun = self._agent.lease.now()
        session = self._agent.hub.open_session(self._cluster)
        self._agent.pool = session.pool
        self._agent.lease.renew(begun, session.lease_s)
        log.info("session", epoch=session.epoch, pool=session.pool)
        return session

    def _wait(self, session: Session, free: int) -> float:
        """Two polls in a row must fit into what the lease leaves; with no slot free there is nothing to wait for
        but a slot, and that this process knows first."""
        if free == 0:
            return 0.0
        return max(0.0, min(session.poll_s, 25.0, (session.lease_s - MARGIN_S) / 2 - 2.0))

    def _asks(self, known: dict[Key, Known]) -> bool:
        """Whether the answer is needed for something: then it is not waited for work."""
        found = (self._agent.book.get(key) for key in known)
        return any(attempt is not None and not attempt.mine for attempt in found)

    def _known(self, now: float) -> dict[Key, Known]:
        """Its own, and from time to time those that may have become free."""
        known: dict[Key, Known] = {}
        for attempt in sorted(self._agent.book.all(), key=lambda each: each.mine is not True):
            if attempt.mine is False and now - self._offered.get(attempt.key, now) < OFFER_S:
                continue
            told = None if attempt.expires else attempt.known()
            if told is not None and len(known) < MOST_KNOWN:
                known[attempt.key] = told
        return known

    # -- what the hub says

    def _take(self, answer: Poll, known: dict[Key, Known], now: float) -> None:
        forgotten = {(item.instruction, item.attempt) for item in answer.forget}
        for key in known.keys() - forgotten:
            attempt = self._agent.book.get(key)
            if attempt is not None and not attempt.mine:
                attempt.mine = True
                self._queue.add(key)
        for key in forgotten:
            self._forget(key, now)
        for delivery in answer.deliver:
            key = delivery.instruction, delivery.attempt
            attempt = self._enter(key)
            if attempt.delivery is None or attempt.delivery.fence < delivery.fence:
                self._agent.metrics.delivered.inc()
                attempt.lease_anew(delivery, now)
                self._queue.add(key)
        for held in answer.unnamed:
            self._look_for(held, known)
        for reference in answer.cancel:
            attempt = self._agent.book.get((reference.instruction, reference.attempt))
            if attempt is not None and not attempt.cancel:
                attempt.cancel = True
                self._queue.add(attempt.key)

    def _look_for(self, held: Held, known: dict[Key, Known]) -> None:
        """The hub knows of a Job that this process did not name: it is not there, or its fence cannot be read."""
        key = held.instruction, held.attempt
        if key in known:
            return
        attempt = self._enter(key)
        if attempt.mine and attempt.delivery is not None:
            return  # delivered since, or told in the meantime
        attempt.mine, attempt.told_fence = True, held.fence
        attempt.gone = attempt.gone or attempt.job is None
        self._queue.add(key)

    def _forget(self, key: Key, now: float) -> None:
        """Not this process's, or nobody's any more. Its Job is left alone."""
        attempt = self._agent.book.get(key)
        if attempt is None:
            return
        if attempt.job is None:
            self._agent.book.strike(attempt)
            self._offered.pop(key, None)
            return
        self._offered[key] = now
        if attempt.job.ended is not None and not attempt.asked:
            # Reported before, and its process died then? Saying it once more tells.
            attempt.mine = attempt.asked = True
            self._queue.add(key)
            return
        attempt.mine = False
        attempt.delivery = attempt.made = attempt.order = attempt.job_token = attempt.told_fence = None

    def _supersede(self) -> None:
        """Another process of this agent has begun. This one creates nothing more and keeps nothing; it does not
        end, as it would be started again and take the session back."""
        self._troubles.superseded.set()
        self._agent.lease.end()
        self._agent.book.clear()
        self._agent.metrics.polls.labels("superseded").inc()
        log.error("superseded: another process has this agent's token; two replicas need a token each")

    def pause(self, error: HubError, failures: int) -> float:
        if isinstance(error, Refused) and error.status == 401:
            most = min(UNAUTHENTICATED_S, 5.0 * 2.0 ** min(failures - 1, 10))
            return most / 2 + _chance.random() * most / 2
        if isinstance(error, Unreachable) and error.cause is Cause.TOKEN:
            return TOKEN_S
        return self._retry.pause(failures, 1e9, error.retry_after) or 1.0
