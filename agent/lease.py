"""How long the hub surely waits for this agent: after that, no Job is created."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

MARGIN_S = 15.0
"""Of a lease, left to requests that are on their way when it ends."""


class Lease:
    """Renewed by every poll that went well, from the moment on at which the poll began: when the hub got it is
    not known, when it was sent is. Monotonic: nobody's clock but this machine's, which cannot be set back."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._since: float | None = None
        self._seconds = 0.0

    def now(self) -> float:
        return self._clock()

    def renew(self, begun: float, seconds: float) -> None:
        with self._lock:
            if self._since is None or begun > self._since:
                self._since, self._seconds = begun, seconds

    def end(self) -> None:
        """Another process has the lease: at once."""
        with self._lock:
            self._since = None

    def may_create(self) -> bool:
        with self._lock:
            return self._since is not None and self._clock() - self._since < self._seconds - MARGIN_S

    @property
    def age(self) -> float | None:
        """Seconds since the last poll that went well began; None where there was none."""
        with self._lock:
            return None if self._since is None else self._clock() - self._since
