"""The clock of a store that has none of its own (SQLite)."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

SLEW = 0.01
"""How fast a difference to the machine's clock is made up: 36 seconds an hour, less than the minute that the
rules of leases and deadlines keep in hand."""


def _wall() -> int:
    return time.time_ns() // 1000


def _steady() -> int:
    return (
        time.clock_gettime_ns(time.CLOCK_BOOTTIME) // 1000
        if hasattr(time, "CLOCK_BOOTTIME")
        else (time.monotonic_ns() // 1000)
    )


class SteadyClock:
    """Starts at the machine's time and then never jumps: whoever sets the machine's clock, durations stay
    true, and the difference is made up slowly. Gives microseconds since 1970."""

    def __init__(self, wall: Callable[[], int] = _wall, steady: Callable[[], int] = _steady) -> None:
        self._wall = wall
        self._steady = steady
        self._lock = threading.Lock()
        self._at = steady()
        self._now = wall()

    def __call__(self) -> int:
        with self._lock:
            at = self._steady()
            passed = max(0, at - self._at)
            ahead = self._wall() - (self._now + passed)
            most = int(passed * SLEW)
            self._now += passed + max(-most, min(most, ahead))
            self._at = at
            return self._now
