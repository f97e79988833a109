"""An HTTP server that does what one tells it to: a behaviour per request, over a real socket, TLS or not."""

from __future__ import annotations

import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

Behaviour = Callable[[socket.socket], None]


@dataclass(frozen=True)
class Request:
    method: str
    target: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Server:
    """behaviours: one per request, the last for all that follow. requests: those that came in whole."""

    port: int
    behaviours: list[Behaviour]
    requests: list[Request] = field(default_factory=list)
    connections: int = 0
    heard: bytearray = field(default_factory=bytearray)
    """Every byte that came in."""

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def secure_url(self) -> str:
        return f"https://127.0.0.1:{self.port}"

    def next(self) -> Behaviour:
        return self.behaviours.pop(0) if len(self.behaviours) > 1 else self.behaviours[0]


@contextmanager
def serving(*behaviours: Behaviour, tls: ssl.SSLContext | None = None) -> Iterator[Server]:
    listening = socket.create_server(("127.0.0.1", 0))
    server = Server(listening.getsockname()[1], list(behaviours))
    open_: list[socket.socket] = []
    threading.Thread(target=_accept, args=(listening, server, tls, open_), daemon=True).start()
    try:
        yield server
    finally:
        # `close` alone would leave a thread in accept(), with the port still open.
        for one in [listening, *open_]:
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()


def _accept(
    listening: socket.socket, server: Server, tls: ssl.SSLContext | None, open_: list[socket.socket]
) -> None:
    with suppress(OSError):
        while True:
            connection = listening.accept()[0]
            server.connections += 1
            open_.append(connection)
            threading.Thread(target=_serve, args=(connection, server, tls), daemon=True).start()


def _serve(connection: socket.socket, server: Server, tls: ssl.SSLContext | None) -> None:
    with suppress(OSError):
        if tls is not None:
            connection = tls.wrap_socket(connection, server_side=True)
        with connection:
            while (request := _read(connection, server)) is not None:
                server.requests.append(request)
                server.next()(connection)


def _read(connection: socket.socket, server: Server) -> Request | None:
    data = b""
    while b"\r\n\r\n" not in data:
        more = connection.recv(65536)
        if not more:
            return None
        server.heard += more
        data += more
    head, _, body = data.partition(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    headers = {key.lower(): value.strip() for key, _, value in (line.partition(":") for line in lines)}
    while len(body) < int(headers.get("content-length", "0")):
        more = connection.recv(65536)
        server.heard += more
        body += more
    method, target, _ = first.split(" ")
    return Request(method, target, headers, body)


# -- behaviours


def raw(data: bytes, *, close: bool = True) -> Behaviour:
    def behave(connection: socket.socket) -> None:
        connection.sendall(data)
        if close:
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    return behave


def answer(body: bytes = b"{}", status: int = 200, **headers: str) -> Behaviour:
    lines = [f"HTTP/1.1 {status} Any", f"Content-Length: {len(body)}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return raw("\r\n".join([*lines, "", ""]).encode() + body, close=False)


def drop(connection: socket.socket) -> None:
    """The connection ends without an answer; whether something was done is for nobody to know."""
    with suppress(OSError):
        connection.shutdown(socket.SHUT_RDWR)


def reset(connection: socket.socket) -> None:
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
    connection.close()


def silent(connection: socket.socket) -> None:
    """Half-open: the other end is there, and never says a word."""
    with suppress(OSError):
        while connection.recv(65536):
            pass


def dripping(data: bytes, seconds: float = 0.02) -> Behaviour:
    """A byte at a time: each read is quick, all of them take for ever."""

    def behave(connection: socket.socket) -> None:
        with suppress(OSError):
            for place in range(len(data)):
                connection.sendall(data[place : place + 1])
                time.sleep(seconds)

    return behave
