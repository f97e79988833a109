"""What ends a run from outside, while it runs: SIGTERM, a person at the hub, or another pod in its place."""

from __future__ import annotations

import threading
from enum import Enum

from assay.runner.cancel import Cancel


class Word(Enum):
    SIGTERM = "Interrupted"
    CANCELLED = "Cancelled"
    FENCED = "Fenced"


class Ending:
    """The first word counts. `end` may be called from any thread, and more than once."""

    def __init__(self, cancel: Cancel) -> None:
        self.word: Word | None = None
        self.cancel = cancel
        self._heard = threading.Event()
        self._lock = threading.Lock()

    def end(self, word: Word) -> None:
        with self._lock:
            if self.word is None:
                self.word = word
        self._heard.set()
        self.cancel.stop()

    def wait(self, seconds: float) -> bool:
        """Sleeps, unless and until there is a word; tells whether there is."""
        return self._heard.wait(seconds)
