"""The smallest client that speaks the hub's protocol: one request at a time on each connection, no library in between,
so that the machine's cores are the hub's."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import msgspec

PATIENCE_S = 60
_encode = msgspec.json.Encoder().encode


class Connection(asyncio.Protocol):
    """Keeps one connection open; opens it again where the hub has closed it."""

    def __init__(self, host: str, port: int) -> None:
        self._place = (host, port)
        self._transport: asyncio.Transport | None = None
        self._waiter: asyncio.Future[tuple[int, bytes]] | None = None
        self._data = b""
        self._turn = asyncio.Lock()

    async def ask(self, method: str, path: str, token: str, body: Any = None) -> tuple[int, bytes]:
        """Status and body. body: a message, or bytes."""
        data = b"" if body is None else body if isinstance(body, bytes) else _encode(body)
        kind = "Content-Type: application/json\r\n" if body is not None else ""
        head = (
            f"{method} {path} HTTP/1.1\r\nHost: hub\r\nAuthorization: Bearer {token}\r\n{kind}"
            f"Content-Length: {len(data)}\r\n\r\n"
        )
        async with self._turn:
            return await self._exchange(method, path, head.encode() + data)

    async def _exchange(self, method: str, path: str, request: bytes) -> tuple[int, bytes]:
        loop = asyncio.get_running_loop()
        if self._transport is None or self._transport.is_closing():
            await loop.create_connection(lambda: self, *self._place)
        assert self._transport is not None
        self._waiter = loop.create_future()
        self._transport.write(request)
        try:
            async with asyncio.timeout(PATIENCE_S):
                return await self._waiter
        except TimeoutError:
            raise RuntimeError(f"no answer to {method} {path} in {PATIENCE_S} s") from None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport  # type: ignore[assignment]
        self._data = b""

    def data_received(self, data: bytes) -> None:
        self._data = data = self._data + data
        end = data.find(b"\r\n\r\n")
        if end < 0:
            return
        at = data.find(b"content-length: ", 0, end) + 16
        size = int(data[at : data.index(b"\r\n", at)])
        if len(data) < end + 4 + size or self._waiter is None:
            return
        self._data = b""
        waiter, self._waiter = self._waiter, None
        if not waiter.done():
            waiter.set_result((int(data[9:12]), data[end + 4 :]))

    def connection_lost(self, exc: Exception | None) -> None:
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_exception(exc or ConnectionResetError())

    def close(self) -> None:
        if self._transport is not None:
            self._transport.close()


@dataclass
class Times:
    """Seconds of each request of a kind, and the answers that were refusals."""

    seconds: list[float] = field(default_factory=list)
    refused: dict[int, int] = field(default_factory=dict)

    def add(self, seconds: float, status: int) -> None:
        self.seconds.append(seconds)
        if status >= 400:
            self.refused[status] = self.refused.get(status, 0) + 1

    def at(self, share: float) -> float:
        """Milliseconds that this share of the requests stayed within."""
        ordered = sorted(self.seconds)
        return 1000 * ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else 0.0

    def text(self) -> str:
        refused = f", refused {self.refused}" if self.refused else ""
        return (
            f"{len(self.seconds):,} requests, p50 {self.at(0.5):.1f} ms, p99 {self.at(0.99):.1f} ms,"
            f" max {self.at(1):.0f} ms{refused}"
        )


async def timed(times: Times, connection: Connection, *request: Any) -> tuple[int, bytes]:
    began = time.perf_counter()
    status, body = await connection.ask(*request)
    times.add(time.perf_counter() - began, status)
    return status, body


async def together(coroutines: Iterable[Any], most: int) -> list[Any]:
    """Runs them, so many at a time."""
    room = asyncio.Semaphore(most)

    async def one(coroutine: Any) -> Any:
        async with room:
            return await coroutine

    return list(await asyncio.gather(*(one(c) for c in coroutines)))
