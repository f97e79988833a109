"""A queue of keys: each once, later where it is asked for, and never in two hands at a time."""

from __future__ import annotations

import heapq
import itertools
import threading
import time
from collections.abc import Callable
from typing import Generic, TypeVar

K = TypeVar("K")


class WorkQueue(Generic[K]):
    """A key that is added while somebody works on it comes again after that."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._changed = threading.Condition()
        self._due: dict[K, float] = {}
        self._heap: list[tuple[float, int, K]] = []
        self._number = itertools.count()
        self._held: set[K] = set()
        self._closed = False

    def __len__(self) -> int:
        with self._changed:
            return len(self._due)

    def add(self, key: K, seconds: float = 0.0) -> None:
        """An earlier time counts, where the key waits already."""
        due = self._clock() + seconds
        with self._changed:
            before = self._due.get(key)
            if before is not None and before <= due:
                return
            self._due[key] = due
            heapq.heappush(self._heap, (due, next(self._number), key))
            self._changed.notify()

    def take(self) -> K | None:
        """Waits for a key that is due and in nobody's hands; None once the queue is closed."""
        with self._changed:
            while not self._closed:
                wait = self._next_due()
                if wait is not None and wait <= 0:
                    due, _, key = heapq.heappop(self._heap)
                    if self._due.get(key) != due:
                        continue
                    if key in self._held:
                        # `done` puts it back.
                        continue
                    del self._due[key]
                    self._held.add(key)
                    return key
                self._changed.wait(wait)
            return None

    def _next_due(self) -> float | None:
        return self._heap[0][0] - self._clock() if self._heap else None

    def done(self, key: K) -> None:
        with self._changed:
            self._held.discard(key)
            due = self._due.get(key)
            if due is not None:
                heapq.heappush(self._heap, (due, next(self._number), key))
                self._changed.notify()

    def close(self) -> None:
        with self._changed:
            self._closed = True
            self._changed.notify_all()
