"""The line between a cluster and the hub: it ends TLS, passes every request on, keeps every byte, and fails as told.

What agent and pods say to the hub, and what it answers, is what leaves the customer's network. The demo shows it; the
tests search it, and cut it.
"""

from __future__ import annotations

import http.client
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from enum import Enum

HEAD = 65_536
PATIENCE = 60.0
"""Seconds that a hub may take for an answer; a poll waits for half of it."""


class Fault(Enum):
    """What happens to one request instead of an answer."""

    REFUSE = "the connection ends before the hub has heard anything"
    LOSE = "the hub has done it, and the answer is lost"
    HANG = "nothing comes back, and the connection stays open"
    TWICE = "the hub gets it twice; the second answer is given"
    ERROR = "500"
    BUSY = "503 with Retry-After"
    SLOW = "a second late"


@dataclass(slots=True)
class Exchange:
    """One request and its answer, headers and all. at: seconds of `time.monotonic`."""

    at: float
    method: str
    path: str
    request: bytes
    answer: bytes = b""
    status: int = 0
    fault: Fault | None = None

    @property
    def body(self) -> bytes:
        return self.request.partition(b"\r\n\r\n")[2]

    @property
    def answered(self) -> bytes:
        return self.answer.partition(b"\r\n\r\n")[2]


@dataclass
class Relay:
    """port: where it listens, on 127.0.0.1. fault: asked for each request; None lets it pass. cut: while it is
    true every connection is refused, as if the hub's network were gone."""

    target: int
    port: int = 0
    fault: Callable[[Exchange], Fault | None] = lambda _: None
    cut: bool = False
    exchanges: list[Exchange] = field(default_factory=list)
    _open: set[socket.socket] = field(default_factory=set)

    def bytes(self) -> bytes:
        """Everything that went either way so far."""
        return b"\n".join(part for one in list(self.exchanges) for part in (one.request, one.answer))

    def of(self, method: str, ending: str) -> list[Exchange]:
        """The exchanges of one endpoint, by the end of its path."""
        return [one for one in list(self.exchanges) if one.method == method and one.path.endswith(ending)]


@contextmanager
def relaying(target: int, tls: ssl.SSLContext | None = None) -> Iterator[Relay]:
    """Listens on a free port, and passes on to 127.0.0.1:target in plain HTTP."""
    listener = socket.create_server(("127.0.0.1", 0), backlog=256)
    relay = Relay(target, listener.getsockname()[1])
    threading.Thread(target=_accept, args=(listener, relay, tls), daemon=True).start()
    try:
        yield relay
    finally:
        for one in [listener, *relay._open]:
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()


def _accept(listener: socket.socket, relay: Relay, tls: ssl.SSLContext | None) -> None:
    with suppress(OSError):
        while True:
            connection = listener.accept()[0]
            if relay.cut:
                connection.close()
                continue
            threading.Thread(target=_serve, args=(connection, relay, tls), daemon=True).start()


def _serve(connection: socket.socket, relay: Relay, tls: ssl.SSLContext | None) -> None:
    upstream = http.client.HTTPConnection("127.0.0.1", relay.target, timeout=PATIENCE)
    with suppress(OSError, http.client.HTTPException):
        if tls is not None:
            connection.settimeout(10)
            connection = tls.wrap_socket(connection, server_side=True)
        connection.settimeout(300)
        relay._open.add(connection)
        with connection:
            while (asked := _read(connection)) is not None and not relay.cut:
                if not _pass_on(connection, upstream, relay, asked):
                    break
    relay._open.discard(connection)
    upstream.close()


def _read(connection: socket.socket) -> Exchange | None:
    """A whole request, by its Content-Length; our clients use nothing else."""
    data = b""
    while b"\r\n\r\n" not in data:
        more = connection.recv(HEAD)
        if not more:
            return None
        data += more
    head = data.partition(b"\r\n\r\n")[0]
    length = int(_headers(head).get("content-length", "0"))
    while len(data) < len(head) + 4 + length:
        more = connection.recv(HEAD)
        if not more:
            return None
        data += more
    method, path, _ = head.split(b"\r\n", 1)[0].decode("latin-1").split(" ", 2)
    return Exchange(time.monotonic(), method, path, data)


def _pass_on(
    connection: socket.socket, upstream: http.client.HTTPConnection, relay: Relay, asked: Exchange
) -> bool:
    """Whether the connection may be used for another request."""
    relay.exchanges.append(asked)
    asked.fault = relay.fault(asked)
    match asked.fault:
        case Fault.REFUSE:
            return False
        case Fault.HANG:
            while connection.recv(HEAD):
                pass
            return False
        case Fault.ERROR | Fault.BUSY:
            busy = asked.fault is Fault.BUSY
            line = b"HTTP/1.1 503 Busy\r\nRetry-After: 1\r\n" if busy else b"HTTP/1.1 500 Error\r\n"
            connection.sendall(line + b"Content-Length: 0\r\n\r\n")
            return True
        case Fault.TWICE:
            _ask(upstream, asked)
        case Fault.SLOW:
            time.sleep(1)
        case Fault.LOSE | None:
            pass
    _ask(upstream, asked)
    if asked.fault is Fault.LOSE or relay.cut:
        return False
    connection.sendall(asked.answer)
    return True


def _ask(upstream: http.client.HTTPConnection, asked: Exchange) -> None:
    head, _, body = asked.request.partition(b"\r\n\r\n")
    headers = {name: value for name, value in _headers(head).items() if name not in ("host", "connection")}
    upstream.request(asked.method, asked.path, body or None, headers)
    answer = upstream.getresponse()
    data = answer.read()
    lines = [f"HTTP/1.1 {answer.status} {answer.reason}"]
    skipped = ("content-length", "transfer-encoding", "connection")
    lines += [f"{name}: {value}" for name, value in answer.getheaders() if name.lower() not in skipped]
    if answer.status not in (204, 304):
        lines.append(f"content-length: {len(data)}")
    asked.status = answer.status
    asked.answer = "\r\n".join([*lines, "", ""]).encode("latin-1") + data


def _headers(head: bytes) -> dict[str, str]:
    lines = head.decode("latin-1").split("\r\n")[1:]
    return {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
