"""Stopping a run from outside: a signal handler, another thread, or the run's own deadline."""

from __future__ import annotations

import threading
from contextlib import suppress

from assay.protocol.report import Reason
from assay.runner.engines.port import EngineError, Session
from assay.runner.store import Store

_AGAIN = 1.0
_PATIENCE = 20
"""How often a run is told to stop before a warehouse that it writes to is told, too: what is just being committed
may be."""


class Cancel:
    """`stop` may be called from a signal handler, at any time and more than once. The first reason counts."""

    def __init__(self) -> None:
        self.reason: Reason | None = None
        self._session: Session | None = None
        self._store: Store | None = None
        self._told = 0
        self._timers: list[threading.Timer] = []

    def stop(self, reason: Reason = Reason.CANCELLED) -> None:
        """A server that is told between two statements forgets it: told again until the run has ended."""
        if self.reason is None:
            self.reason = reason
        session, store = self._session, self._store
        self._told += 1
        if session is not None:
            # Where the server cannot be told, closing the connection is all that is left.
            with suppress(EngineError):
                session.cancel()
        if store is not None and self._told > _PATIENCE:
            store.cancel()
        if session is not None or store is not None:
            self._later(_AGAIN, self.reason)

    def check(self) -> None:
        """Raises EngineError when the run is to stop."""
        if self.reason is not None:
            raise EngineError(self.reason, "Stopped", "the run was stopped")

    def attach(self, session: Session, seconds: float | None) -> None:
        self._session = session
        if seconds is not None:
            self._later(seconds, Reason.TIMEOUT)
        if self.reason is not None:
            self.stop()

    def detach(self) -> None:
        self._session = None

    def writes_to(self, store: Store) -> None:
        """From now to `over`."""
        self._store = store

    def over(self) -> None:
        """There is nothing more to stop."""
        self._session = self._store = None
        for timer in self._timers:
            timer.cancel()
        self._timers.clear()

    def _later(self, seconds: float, reason: Reason) -> None:
        timer = threading.Timer(seconds, self.stop, [reason])
        timer.daemon = True
        self._timers.append(timer)
        timer.start()
