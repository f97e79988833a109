"""What a handler works with, and what it may answer."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import Enum
from typing import TypeAlias

from assay.agent.attempt import Attempt, Key
from assay.agent.cluster.jobs import Jobs
from assay.agent.compiling import Compiler
from assay.agent.hub import Hub
from assay.agent.lease import Lease
from assay.agent.metrics import Metrics
from assay.agent.settings import Settings


class Then(Enum):
    """NEXT: the next handler. WAIT: nothing to do until hub or cluster say something new."""

    NEXT = "next"
    WAIT = "wait"


NEXT, WAIT = Then.NEXT, Then.WAIT
Step: TypeAlias = Then | float
"""A number: look again in so many seconds, whatever happens."""


class Book:
    """The attempts that this process knows of. Threads come from everywhere."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._attempts: dict[Key, Attempt] = {}

    def get(self, key: Key) -> Attempt | None:
        with self._lock:
            return self._attempts.get(key)

    def enter(self, key: Key) -> Attempt:
        """The attempt of this key, perhaps new."""
        with self._lock:
            return self._attempts.setdefault(key, Attempt(*key))

    def strike(self, attempt: Attempt) -> None:
        with self._lock:
            if self._attempts.get(attempt.key) is attempt:
                del self._attempts[attempt.key]

    def all(self) -> tuple[Attempt, ...]:
        with self._lock:
            return tuple(self._attempts.values())

    def clear(self) -> None:
        with self._lock:
            self._attempts.clear()


@dataclass(slots=True)
class Agent:
    """pool: as the hub told it when the session began."""

    settings: Settings
    hub: Hub
    jobs: Jobs
    compiler: Compiler
    lease: Lease
    metrics: Metrics
    pool: str
    book: Book = field(default_factory=Book)

    def free(self, of: Iterable[Attempt] | None = None) -> int:
        """Slots that are not taken."""
        taken = sum(attempt.takes_slot for attempt in (self.book.all() if of is None else of))
        return max(0, self.settings.slots - taken)
