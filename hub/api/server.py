"""Listens, serves, and ends without leaving anybody half answered."""

from __future__ import annotations

import asyncio
import contextlib
import ipaddress
import signal
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import structlog
import uvicorn

from assay.hub.address import Problem
from assay.hub.api.connections import LimitedProtocol, Limits, limited
from assay.hub.store import Store

KEEP_ALIVE_S = 75
STOP_S = 30
"""Until what is in flight is answered when the hub ends; then it is cut off."""
BACKLOG = 4_096
log = structlog.get_logger("assay.hub.api")


@dataclass(frozen=True, slots=True)
class Listening:
    """Where the hub listens. plain: without TLS also beyond this machine, as behind a proxy that has it."""

    host: str = "127.0.0.1"
    port: int = 8420
    tls_cert: Path | None = None
    tls_key: Path | None = None
    plain: bool = False
    limits: Limits = field(default_factory=Limits)

    def check(self) -> None:
        """Raises Problem where what was asked for is not safe or not whole."""
        if (self.tls_cert is None) != (self.tls_key is None):
            raise Problem("--tls-cert and --tls-key go together")
        if self.tls_cert is None and not self.plain and not is_loopback(self.host):
            raise Problem(
                f"{self.host} is not this machine alone, and there is no TLS: give --tls-cert and --tls-key, or"
                " --insecure-listen where a proxy in front has it"
            )

    @property
    def scheme(self) -> str:
        return "https" if self.tls_cert is not None else "http"


def is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def bind(listening: Listening) -> socket.socket:
    """Takes the port, before anything else is done: a second hub says so at once. Raises Problem."""
    listening.check()
    try:
        infos = socket.getaddrinfo(listening.host, listening.port, type=socket.SOCK_STREAM)
        family, kind, protocol, _, address = infos[0]
        taken = socket.socket(family, kind, protocol)
    except OSError as error:
        raise Problem(f"cannot listen on {listening.host}: {error.strerror}") from None
    try:
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        taken.bind(address)
    except OSError as error:
        taken.close()
        raise Problem(f"cannot listen on {listening.host} port {listening.port}: {error.strerror}") from None
    return taken


def tls_context(listening: Listening) -> ssl.SSLContext | None:
    """TLS 1.2 or newer. Raises Problem where certificate and key cannot be used."""
    if listening.tls_cert is None:
        return None
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    try:
        context.load_cert_chain(listening.tls_cert, listening.tls_key)
    except (OSError, ssl.SSLError) as error:
        raise Problem(f"the certificate or its key cannot be used: {error.strerror or error}") from None
    return context


class Server(uvicorn.Server):
    """Ends on SIGTERM or SIGINT: takes no more connections, answers those who wait, and gives the rest STOP_S.
    A second signal ends it at once."""

    def __init__(self, app: Any, store: Store, listening: Listening, started: Callable[[], None]) -> None:
        context = tls_context(listening)
        super().__init__(
            uvicorn.Config(
                app,
                http=limited(listening.limits),
                ws="none",
                loop="uvloop",
                lifespan="on",
                log_config=None,
                access_log=False,
                server_header=False,
                proxy_headers=False,
                timeout_keep_alive=KEEP_ALIVE_S,
                timeout_graceful_shutdown=STOP_S,
                backlog=BACKLOG,
                ssl_context_factory=None if context is None else lambda _config, _default: context,
            )
        )
        self._store = store
        self._started = started

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self._started()

    async def on_tick(self, counter: int) -> bool:
        if counter % 10 == 0:
            now = asyncio.get_running_loop().time()
            for connection in list(self.server_state.connections):
                if isinstance(connection, LimitedProtocol):
                    connection.sweep(now)
        return await super().on_tick(counter)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._store.wakeups.close()
        await super().shutdown(sockets)

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """As uvicorn, but the signals that ended the server are not raised again: it has ended as asked."""
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        before = {number: signal.signal(number, self._stop) for number in (signal.SIGINT, signal.SIGTERM)}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    def _stop(self, number: int, frame: Any) -> None:  # noqa: ARG002 - a signal handler's signature
        if self.should_exit:
            self.force_exit = True
        self.should_exit = True
