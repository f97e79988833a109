"""What goes back over the wire."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

Headers = tuple[tuple[bytes, bytes], ...]
Send = Callable[[Any], Awaitable[None]]

COMMON: Headers = (
    (b"cache-control", b"no-store"),
    (b"x-content-type-options", b"nosniff"),
)
JSON: Headers = ((b"content-type", b"application/json"), *COMMON)


@dataclass(frozen=True, slots=True)
class Answer:
    """headers: without the length, which is added when it is sent."""

    status: int
    headers: Headers
    body: bytes


async def send_answer(answer: Answer, send: Send, *, head: bool = False) -> None:
    """head: the headers of the answer alone, as HEAD asks for them."""
    length = str(len(answer.body)).encode()
    headers = answer.headers if answer.status == 304 else (*answer.headers, (b"content-length", length))
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    await send({"type": "http.response.body", "body": b"" if head else answer.body})
