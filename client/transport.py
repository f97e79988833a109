"""One exchange of bytes with the hub: one try, no redirect, no encoding, every wait and every size limited.

Nothing is taken from the environment: no proxy, no certificate file, no log of session keys.
"""

from __future__ import annotations

import ssl
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from socket import SHUT_RDWR, socket
from typing import Any

import urllib3
from urllib3 import exceptions
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

from assay.client.errors import Cause, Unreachable
from assay.protocol.address import Address

MAX_ANSWER = 16 << 20
"""Bytes of an answer; the largest is a committed report of as many checks as a contract can have."""
_CHUNK = 1 << 16


@dataclass(frozen=True, slots=True)
class Timeouts:
    """Seconds: for a connection; for the next bytes; for all of one exchange."""

    connect: float = 5.0
    read: float = 30.0
    total: float = 60.0


@dataclass(frozen=True, slots=True)
class Answered:
    status: int
    headers: Mapping[str, str]
    body: bytes


class Transport:
    """Connections to one hub, kept open between requests. May be used from several threads.

    ca      root certificates in PEM, a file or their text, in place of the system's
    connections  kept open; more may be used at a time
    Raises OSError for a file or text that is none (an ssl.SSLError is one), ValueError for a proxy that would see
    the token.
    """

    def __init__(
        self,
        address: Address,
        *,
        ca: Path | str | None = None,
        proxy: Address | None = None,
        connections: int = 4,
    ) -> None:
        self._address = address
        given: dict[str, Any] = {"maxsize": connections, "retries": False}
        if address.scheme == "https":
            given |= {"ssl_context": _verifying(ca), "cert_reqs": "CERT_REQUIRED"}
        elif proxy is not None:
            raise ValueError("a proxy is for https:// only: it would read the token")
        if proxy is not None and proxy.scheme == "https":
            given["proxy_ssl_context"] = _verifying(ca)
        self._pools = (
            urllib3.PoolManager(**given) if proxy is None else urllib3.ProxyManager(proxy.origin, **given)
        )
        self._pools.pool_classes_by_scheme = {"http": _PlainPool, "https": _SecurePool}

    def exchange(
        self, method: str, path: str, headers: Mapping[str, str], body: bytes | None, timeouts: Timeouts
    ) -> Answered:
        """Raises Unreachable. `path` is in ASCII, escaped."""
        watch = _Watch(timeouts.total)
        try:
            answered = self._exchange(method, path, headers, body, timeouts)
            if not watch.over:
                return answered
            fault = Unreachable(Cause.TIMEOUT)
        except Unreachable as error:
            fault = error
        except Exception as error:  # noqa: BLE001 - whatever a library says, it may quote what was sent
            fault = Unreachable(Cause.TIMEOUT if watch.over else _cause(error))
        finally:
            watch.end()
        raise fault

    def _exchange(
        self, method: str, path: str, headers: Mapping[str, str], body: bytes | None, timeouts: Timeouts
    ) -> Answered:
        response = self._pools.urlopen(
            method,
            self._address.origin + path,
            body=body,
            headers={**headers, "Accept-Encoding": "identity"},
            timeout=urllib3.Timeout(
                connect=min(timeouts.connect, timeouts.total), read=min(timeouts.read, timeouts.total)
            ),
            redirect=False,
            preload_content=False,
            decode_content=False,
        )
        whole = False
        try:
            if response.headers.get("Content-Encoding", "identity") != "identity":
                raise Unreachable(Cause.ENCODED)
            data = bytearray()
            while chunk := response.read(_CHUNK, decode_content=False):
                data += chunk
                if len(data) > MAX_ANSWER:
                    raise Unreachable(Cause.TOO_LARGE)
            whole = True
            return Answered(response.status, response.headers, bytes(data))
        finally:
            # A connection on which something is still to come cannot be used for the next request.
            if not whole:
                response.close()
            response.release_conn()

    def close(self) -> None:
        self._pools.clear()


def _verifying(ca: Path | str | None) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.hostname_checks_common_name = False
    if ca is None:
        context.load_default_certs(ssl.Purpose.SERVER_AUTH)
    elif isinstance(ca, str):
        context.load_verify_locations(cadata=ca)
    else:
        context.load_verify_locations(cafile=ca)
    return context


_CAUSES: tuple[tuple[type[Exception], Cause], ...] = (
    (exceptions.NameResolutionError, Cause.NAME),
    (exceptions.ConnectTimeoutError, Cause.CONNECT),
    (exceptions.NewConnectionError, Cause.CONNECT),
    (exceptions.ProxyError, Cause.PROXY),
    (exceptions.SSLError, Cause.TLS),
    (exceptions.ReadTimeoutError, Cause.TIMEOUT),
    (exceptions.LocationValueError, Cause.NAME),
    (exceptions.HTTPError, Cause.DROPPED),
    (OSError, Cause.DROPPED),
)


def _cause(error: Exception) -> Cause:
    inner: object = error
    for _ in range(4):
        if isinstance(inner, ssl.SSLCertVerificationError):
            return Cause.CERTIFICATE
        inner = inner.args[-1] if isinstance(inner, Exception) and inner.args else None
    return next((cause for kind, cause in _CAUSES if isinstance(error, kind)), Cause.GARBAGE)


# -- the whole of an exchange has a limit, too: each read may be quick, and there may be many


class _Watch:
    """Ends the connection of this thread's exchange at its deadline, under whoever reads from it."""

    def __init__(self, seconds: float) -> None:
        self.over = False
        self._until = time.monotonic() + seconds
        self._timer: threading.Timer | None = None
        _mine.watch = self

    def begin(self, connection: HTTPConnection) -> None:
        if connection.sock is None:
            connection.connect()
        # Kept here: the connection gives it away to an answer that ends with it.
        self._timer = threading.Timer(self._until - time.monotonic(), self._stop, [connection.sock])
        self._timer.daemon = True
        self._timer.start()

    def end(self) -> None:
        _mine.watch = None
        if self._timer is not None:
            self._timer.cancel()

    def _stop(self, connected: socket) -> None:
        self.over = True
        with suppress(OSError):
            # Not SSLSocket's own: that takes the session from under the thread that reads.
            socket.shutdown(connected, SHUT_RDWR)


class _Mine(threading.local):
    watch: _Watch | None = None


_mine = _Mine()


def _watched(connection: HTTPConnection) -> None:
    if _mine.watch is not None:
        _mine.watch.begin(connection)


class _Plain(HTTPConnection):
    def request(self, *args: Any, **kwargs: Any) -> None:
        _watched(self)
        super().request(*args, **kwargs)


class _Secure(HTTPSConnection):
    def request(self, *args: Any, **kwargs: Any) -> None:
        _watched(self)
        super().request(*args, **kwargs)


class _PlainPool(HTTPConnectionPool):
    ConnectionCls: type[Any] = _Plain


class _SecurePool(HTTPSConnectionPool):
    ConnectionCls: type[Any] = _Secure
