"""Requests that wait: each holds a connection to its client and nothing else, no thread and no transaction."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

from assay.hub.api.requests import Disconnected, Receive
from assay.hub.store.wake import Listener, Wakeups

T = TypeVar("T")


async def until(
    look: Callable[[], Awaitable[T]],
    done: Callable[[T], bool],
    *,
    wakeups: Wakeups,
    topics: Sequence[str],
    seconds: float,
    receive: Receive,
) -> T:
    """Looks, and looks again whenever one of the topics is woken, until it is done or the time is over. The
    last look is the answer. Raises Disconnected where the client goes away meanwhile."""
    loop = asyncio.get_running_loop()
    end = loop.time() + seconds
    while True:
        with wakeups.listen(topics) as listener:
            found = await look()
            left = end - loop.time()
            if done(found) or left <= 0:
                return found
            await _wait(listener, left, receive, lambda: wakeups.hear(topics))
        if wakeups.closed:
            return found


async def _wait(listener: Listener, seconds: float, receive: Receive, pass_on: Callable[[], None]) -> None:
    """pass_on: for a wake-up that came to a client that went away."""
    gone = asyncio.ensure_future(_gone(receive))
    gone.add_done_callback(lambda _: listener.end())
    try:
        await listener.wait(seconds)
        if gone.done():
            pass_on()
            raise Disconnected
    finally:
        gone.cancel()


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
