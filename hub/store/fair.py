"""What waits to be done by the store: in turn by tenant, so that a busy one delays itself."""

from __future__ import annotations

import threading
from collections import OrderedDict, deque
from typing import Generic, TypeVar

from assay.hub.refusal import busy

T = TypeVar("T")


class FairQueue(Generic[T]):
    """A bounded queue that serves its lanes in turn. Threads put and take."""

    def __init__(self, most: int = 10_000, most_of_lane: int = 2_500) -> None:
        self._lanes: OrderedDict[str, deque[T]] = OrderedDict()
        self._size = 0
        self._most = most
        self._most_of_lane = most_of_lane
        self._closed = False
        self._changed = threading.Condition()

    def __len__(self) -> int:
        return self._size

    def put(self, lane: str, item: T) -> None:
        """Refused as too many requests where the lane or the whole queue is full."""
        with self._changed:
            if self._closed:
                raise busy(5.0, "the hub is shutting down")
            waiting = self._lanes.get(lane)
            if self._size >= self._most or (waiting is not None and len(waiting) >= self._most_of_lane):
                raise busy(1.0)
            if waiting is None:
                waiting = self._lanes[lane] = deque()
            waiting.append(item)
            self._size += 1
            self._changed.notify()

    def take(self, most: int = 1) -> list[T]:
        """Waits for items and takes some, a lane after the other. Empty once the queue is closed and drained."""
        with self._changed:
            while not self._size:
                if self._closed:
                    return []
                self._changed.wait()
            taken: list[T] = []
            while self._lanes and len(taken) < most:
                lane, waiting = self._lanes.popitem(last=False)
                taken.append(waiting.popleft())
                if waiting:
                    self._lanes[lane] = waiting
            self._size -= len(taken)
            return taken

    def close(self) -> None:
        """Nothing more comes in; what is there is still served."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()
