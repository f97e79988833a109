"""What one connection may take: headers that never end, bodies that nobody reads, answers that nobody takes, and
too many of them. uvicorn has limits for none of these with httptools."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from assay.hub.api.answers import Answer
from assay.hub.api.problems import plain
from assay.protocol.wire import ErrorCode


@dataclass(frozen=True, slots=True)
class Limits:
    """connections: open at once. header_bytes: of one request's line and headers. headers_s: until they are
    there, and until the rest of a request that was answered already is there. taken_s: until a client takes
    what stands ready for it."""

    connections: int = 8_000
    header_bytes: int = 32_768
    headers_s: float = 10.0
    taken_s: float = 30.0


class LimitedProtocol(HttpToolsProtocol):
    """`due`: when the connection is closed unless something happens before; `sweep` looks at it."""

    limits = Limits()
    due: float | None = None
    _header_size = 0
    _in_headers = True
    _whole = True

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self.due = self.loop.time() + self.limits.headers_s
        if len(self.connections) > self.limits.connections:
            self._refuse(plain(ErrorCode.UNAVAILABLE, "too many connections are open"))

    def data_received(self, data: bytes) -> None:
        if self.transport.is_closing():
            return
        if self._in_headers:
            self._header_size += len(data)
            if self._header_size > self.limits.header_bytes and not self._ends_headers(data):
                self._refuse(plain(ErrorCode.HEADERS_TOO_LARGE))
                return
        super().data_received(data)

    def _ends_headers(self, data: bytes) -> bool:
        """Whether the headers end within what is allowed: what follows them is a body."""
        end = data.find(b"\r\n\r\n")
        return end >= 0 and self._header_size - len(data) + end <= self.limits.header_bytes

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._in_headers, self._whole = True, False
        self.due = self.loop.time() + self.limits.headers_s

    def on_headers_complete(self) -> None:
        self._in_headers, self._header_size = False, 0
        self.due = None
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        self._in_headers, self._whole = True, True
        super().on_message_complete()

    def on_response_complete(self) -> None:
        super().on_response_complete()
        if not self._whole and not self.transport.is_closing():
            self._unset_keepalive_if_required()
            self.due = self.loop.time() + self.limits.headers_s

    def pause_writing(self) -> None:
        super().pause_writing()
        self.due = self.loop.time() + self.limits.taken_s

    def resume_writing(self) -> None:
        super().resume_writing()
        self.due = None

    def timeout_keep_alive_handler(self) -> None:
        self.due = None
        super().timeout_keep_alive_handler()

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002 - uvicorn's words are not ours
        self._refuse(plain(ErrorCode.MALFORMED, "this is no HTTP request"))

    def sweep(self, now: float) -> None:
        """Ends the connection where its time is over."""
        if self.due is None or now < self.due:
            return
        if self._whole is False and self._in_headers:
            self._refuse(plain(ErrorCode.REQUEST_TIMEOUT, "the headers of a request took too long"))
        else:
            self.transport.abort()

    def _refuse(self, answer: Answer) -> None:
        """Answers without a request, and closes."""
        self.due = None
        headers = (
            *answer.headers,
            (b"content-length", str(len(answer.body)).encode()),
            (b"connection", b"close"),
        )
        lines = [name + b": " + value + b"\r\n" for name, value in headers]
        self.transport.write(b"".join((STATUS_LINE[answer.status], *lines, b"\r\n", answer.body)))
        self.transport.close()


def limited(limits: Limits) -> type[LimitedProtocol]:
    """The protocol with other limits, for uvicorn, which makes one of each connection."""
    return type("LimitedProtocol", (LimitedProtocol,), {"limits": limits})
