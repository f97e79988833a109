"""Waiting without asking again and again: who waits for a topic is told when a transaction woke it.

    pool:TENANT:POOL     something was queued; one of those who wait is told
    agent:TENANT:AGENT   something changed for this agent
    run:TENANT:RUN       the run's state changed

A wake-up may be lost (a process ends); whoever waits has a time limit and looks for himself then.
"""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Callable, Iterable, Sequence


def pool_topic(tenant: str, pool: str) -> str:
    return f"pool:{tenant}:{pool}"


def agent_topic(tenant: str, agent: str) -> str:
    return f"agent:{tenant}:{agent}"


def run_topic(tenant: str, run: str) -> str:
    return f"run:{tenant}:{run}"


class Wakeups:
    """Those who wait in this process, and a relay to those in others."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: dict[str, list[asyncio.Future[None]]] = {}
        self.relay: Callable[[Iterable[str]], None] | None = None
        self.closed = False

    async def wait(self, topics: Sequence[str], seconds: float) -> bool:
        """Waits for one of the topics; False when the time was up. `listen` loses no wake-up in between."""
        return await self.listen(topics).wait(seconds)

    def listen(self, topics: Sequence[str]) -> Listener:
        """Begins to listen at once: look at the store after this, and wait after that."""
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        with self._lock:
            for topic in topics:
                self._waiting.setdefault(topic, []).append(future)
            if self.closed:
                future.set_result(None)
        return Listener(self, topics, future)

    def tell(self, topics: Iterable[str]) -> None:
        """After a commit, from any thread: wakes who waits here, and passes it on."""
        told = list(dict.fromkeys(topics))
        self.hear(told)
        if told and self.relay is not None:
            self.relay(told)

    def hear(self, topics: Iterable[str]) -> None:
        """Wakes who waits in this process."""
        woken: list[asyncio.Future[None]] = []
        with self._lock:
            for topic in topics:
                waiting = self._waiting.get(topic)
                if not waiting:
                    continue
                if topic.startswith("pool:"):
                    woken.append(waiting.pop(0))
                else:
                    woken.extend(waiting)
                    waiting.clear()
        for future in woken:
            with contextlib.suppress(RuntimeError):  # its loop is closed: nobody waits any more
                future.get_loop().call_soon_threadsafe(_finish, future)

    def close(self) -> None:
        """The process will end: wakes all, and whoever waits from now on does not wait. In the loop's thread."""
        with self._lock:
            self.closed = True
            woken = [future for waiting in self._waiting.values() for future in waiting]
        for future in woken:
            _finish(future)

    def leave(self, topics: Sequence[str], future: asyncio.Future[None]) -> None:
        with self._lock:
            for topic in topics:
                waiting = self._waiting.get(topic)
                if waiting is None:
                    continue
                if future in waiting:
                    waiting.remove(future)
                if not waiting:
                    del self._waiting[topic]


class Listener:
    """One who waits; use as a context manager, or wait once."""

    def __init__(self, wakeups: Wakeups, topics: Sequence[str], future: asyncio.Future[None]) -> None:
        self._wakeups = wakeups
        self._topics = topics
        self._future = future

    async def wait(self, seconds: float) -> bool:
        try:
            done, _ = await asyncio.wait((self._future,), timeout=seconds)
            return bool(done)
        finally:
            self.close()

    def end(self) -> None:
        """Waits no longer. In the loop's thread."""
        _finish(self._future)

    def close(self) -> None:
        self._wakeups.leave(self._topics, self._future)

    def __enter__(self) -> Listener:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _finish(future: asyncio.Future[None]) -> None:
    if not future.done():
        future.set_result(None)
