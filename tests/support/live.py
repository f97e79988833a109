"""A hub that answers over real HTTP, in a thread of the test, and a client that sends what it is told."""

from __future__ import annotations

import http.client
import json
import ssl
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import msgspec

from assay.hub.api.build import build
from assay.hub.api.connections import Limits
from assay.hub.api.server import Listening, Server, bind
from assay.hub.compiling import Compiler
from assay.hub.serving import add_tenant
from assay.hub.store import Store
from assay.protocol.endpoints import BY_NAME
from tests.support.hub import opened

TIMEOUT = 60.0


@dataclass(frozen=True, slots=True)
class Reply:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def code(self) -> str:
        """Of a refusal."""
        return str(self.json["code"])


@dataclass
class Http:
    """Requests to one address, each on a connection of its own."""

    host: str
    port: int
    token: str = ""
    context: ssl.SSLContext | None = None

    @property
    def url(self) -> str:
        return f"{'https' if self.context else 'http'}://{self.host}:{self.port}"

    def ask(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        token: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Reply:
        """body: bytes as they are, or a message to encode."""
        given = dict(headers or {})
        secret = self.token if token is None else token
        if secret:
            given.setdefault("Authorization", f"Bearer {secret}")
        data = body
        if body is not None and not isinstance(body, bytes):
            data = msgspec.json.encode(body)
            given.setdefault("Content-Type", "application/json")
        connection = self.connection()
        try:
            connection.request(method, path, data, given)
            answer = connection.getresponse()
            names = {name.lower(): value for name, value in answer.getheaders()}
            return Reply(answer.status, names, answer.read())
        finally:
            connection.close()

    def connection(self) -> http.client.HTTPConnection:
        if self.context is not None:
            return http.client.HTTPSConnection(self.host, self.port, timeout=TIMEOUT, context=self.context)
        return http.client.HTTPConnection(self.host, self.port, timeout=TIMEOUT)

    def call(
        self, name: str, body: Any = None, /, *, token: str | None = None, query: str = "", **at: Any
    ) -> Any:
        """An endpoint by its name; gives the decoded answer. Raises AssertionError where it is refused."""
        endpoint = BY_NAME[name]
        reply = self.ask(endpoint.method, endpoint.path.format(**at) + query, body, token=token)
        assert reply.status == endpoint.status, (name, reply.status, reply.body)
        return msgspec.json.decode(reply.body, type=endpoint.response)


@dataclass
class LiveHub:
    """`http` speaks with the first tenant's admin key; `others` are the keys of the further tenants."""

    store: Store
    http: Http
    keys: dict[str, str] = field(default_factory=dict)
    server: Server | None = None


@contextmanager
def live(
    address: str,
    clock: Callable[[], int] | None = None,
    *,
    tenants: tuple[str, ...] = ("acme", "umbrella"),
    upkeep: bool = True,
    limits: Limits | None = None,
    listening: Listening | None = None,
    context: ssl.SSLContext | None = None,
    compiler: Compiler | None = None,
) -> Iterator[LiveHub]:
    """Serves the store at the address until the test is over; makes the tenants that are not there yet. compiler: one
    that outlives the hub."""
    chosen = listening or Listening(port=0, limits=limits or Limits())
    given, compiler = compiler, compiler or Compiler()
    with opened(address, clock) as store:
        sock = bind(chosen)
        keys = {name: add_tenant(store, name).key for name in tenants}
        begun = threading.Event()
        server = Server(build(store, compiler, upkeep=upkeep), store, chosen, begun.set)
        thread = threading.Thread(target=server.run, args=([sock],), daemon=True)
        thread.start()
        try:
            assert begun.wait(TIMEOUT)
            http_ = Http(sock.getsockname()[0], sock.getsockname()[1], next(iter(keys.values()), ""), context)
            yield LiveHub(store, http_, keys, server)
        finally:
            server.should_exit = True
            thread.join(TIMEOUT)
            if given is None:
                compiler.close()
