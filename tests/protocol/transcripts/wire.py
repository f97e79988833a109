"""HTTP to the byte: what a client really sends, and what a hub really answers."""

from __future__ import annotations

import http.client
import re
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from tests.protocol.transcripts.form import Message

LEFT_OUT = frozenset(("host", "connection", "date"))
_DATE = re.compile(r"\w{3}, \d{2} \w{3} \d{4} \d{2}:\d{2}:\d{2} GMT")
TIMEOUT = 60.0
MOST = 4 << 20
"""A request that says that it has more is not asked for its body: no endpoint takes it."""


def exchange(host: str, port: int, request: Message) -> Message:
    """Sends exactly these bytes and gives what is answered. A request may promise a body that it does not have."""
    with socket.create_connection((host, port), TIMEOUT) as sock:
        lines = [f"{request.start} HTTP/1.1", f"Host: {host}:{port}"]
        lines += [f"{name}: {value}" for name, value in request.headers]
        sock.sendall("\r\n".join([*lines, "", ""]).encode("latin-1") + request.body)
        answer = http.client.HTTPResponse(sock, method=request.start.partition(" ")[0])
        answer.begin()
        headers = answer.getheaders()
        body = answer.read()
    dates = [value for name, value in headers if name.lower() == "date"]
    assert len(dates) == 1, headers
    assert _DATE.fullmatch(dates[0]), dates
    return Message(str(answer.status), _kept(headers), body)


def _kept(headers: list[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    return tuple((name, value) for name, value in headers if name.lower() not in LEFT_OUT)


@contextmanager
def serving(answer: Callable[[Message], Message]) -> Iterator[tuple[str, int]]:
    """A server for clients: each request is answered by the function."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _do(self) -> None:
            size = int(self.headers.get("Content-Length", 0))
            if size > MOST:
                size, self.close_connection = 0, True
            request = Message(
                f"{self.command} {self.path}", _kept(self.headers.items()), self.rfile.read(size)
            )
            told = answer(request)
            self.send_response_only(int(told.start))
            for name, value in told.headers:
                self.send_header(name, value)
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(told.body)

        do_GET = do_POST = do_PUT = do_DELETE = do_HEAD = do_PATCH = _do

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield "127.0.0.1", server.server_port
    finally:
        server.shutdown()
        server.server_close()
        thread.join(TIMEOUT)
