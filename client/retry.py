"""Again, until a deadline, so that many who lost the same hub do not come back in step.

A pause is drawn evenly between nothing and the whole back-off ("full jitter"), after the back-off was cut to
its cap: cutting afterwards would send everybody at the cap. What is left until the deadline is a cap as well,
so the last tries come closer together. Where the hub said Retry-After, the pause is that and a draw on top.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from assay.client.errors import HubError

T = TypeVar("T")
_chance = random.SystemRandom()


@dataclass(frozen=True, slots=True)
class Retry:
    """first, cap: seconds. least: with less than this left, there is no other try.

    clock, sleep, chance   monotonic seconds; a pause, perhaps cut short; an even draw from 0 to 1
    """

    first: float = 0.5
    cap: float = 60.0
    least: float = 1.0
    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], object] = time.sleep
    chance: Callable[[], float] = _chance.random

    def pause(self, failures: int, left: float, after: float | None = None) -> float | None:
        """Seconds until the next try after so many failures in a row; None: there is none."""
        if left < self.least or (after is not None and after >= left):
            return None
        backoff = min(self.cap, self.first * 2.0 ** min(failures - 1, 60), left - (after or 0.0))
        return (after or 0.0) + backoff * self.chance()

    def run(
        self,
        once: Callable[[float], T],
        *,
        until: float,
        again: Callable[[HubError], bool] = lambda error: error.retryable,
        tell: Callable[[HubError, int], None] = lambda _error, _failures: None,
    ) -> T:
        """What `once` gives in the end. It is called with the seconds left until `until` (by `clock`), and at
        least once. Raises the last HubError where another try is no use, or there is no time for it."""
        failures = 0
        while True:
            try:
                return once(max(until - self.clock(), self.least))
            except HubError as error:
                fault = error
            failures += 1
            pause = None
            if again(fault):
                pause = self.pause(failures, until - self.clock(), fault.retry_after)
            if pause is None:
                raise fault
            tell(fault, failures)
            self.sleep(pause)
