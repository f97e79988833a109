"""Heartbeats from a thread of their own: the hub hears that the pod lives, and the pod whether it is wanted."""

from __future__ import annotations

import random
import threading

from assay.client import HubError, Refused
from assay.protocol.wire import ErrorCode
from assay.runner.ending import Ending, Word
from assay.runner.hub import Hub, said
from assay.runner.telling import Log

_jitter = random.SystemRandom()


class Heart:
    """Beats from `with` to its end. A hub that is away ends nothing; one that has given the run to another pod
    does, and so does a person who wants it to end."""

    def __init__(self, hub: Hub, every: float, ending: Ending, log: Log) -> None:
        self._hub = hub
        self._every = max(every, 0.05)
        self._ending = ending
        self._log = log
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._beats, name="heart", daemon=True)

    def __enter__(self) -> Heart:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        # Not waited for: a call that hangs would keep a process that has nothing more to do.
        self._over.set()

    def _beats(self) -> None:
        while not self._over.wait(self._every * _jitter.uniform(0.8, 1.0)):
            try:
                self.beat()
            except Exception as error:  # noqa: BLE001 - a thread that dies in silence is a pod that is silent
                self._log.tell("heartbeat", type(error).__name__)

    def beat(self) -> None:
        """Asks once whether the run is still wanted, of this pod."""
        try:
            if self._hub.heartbeat(self._every):
                self._ending.end(Word.CANCELLED)
        except HubError as error:
            self._log.tell("heartbeat", said(error))
            if isinstance(error, Refused) and error.code in _OVER:
                self._ending.end(Word.FENCED)


_OVER = (ErrorCode.STALE_FENCE, ErrorCode.ILLEGAL_TRANSITION, ErrorCode.EXPIRED, ErrorCode.NOT_FOUND)
