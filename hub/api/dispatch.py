"""One request's journey: path, method, headers, caller, query, body, service, answer. Each step may refuse."""

from __future__ import annotations

import re
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import structlog

from assay.hub import idempotency
from assay.hub.api import conditions, requests
from assay.hub.api.answers import JSON, Answer, Send, send_answer
from assay.hub.api.operations import Operations
from assay.hub.api.problems import plain, problem
from assay.hub.api.requests import Disconnected, Receive
from assay.hub.api.routes import Route, Routes
from assay.hub.api.services import Service, takes_precondition
from assay.hub.callers import Caller, Callers, KeyCaller, may, unauthenticated
from assay.hub.keyring import KeyProblem
from assay.hub.refusal import Refusal, not_found
from assay.hub.store import Store, Tx
from assay.hub.users.pages import Query
from assay.protocol.endpoints import Credential, Endpoint
from assay.protocol.wire import ErrorCode, encode

NUMBERS = frozenset(("attempt", "seq"))
"""Parameters of a path that are numbers; all others are text."""
_BRACES = re.compile(r"\{(\w+)\}")
_BEARER = re.compile(r"[Bb]earer +([A-Za-z0-9._~+/=-]{1,8192})")
_KEY = re.compile(r"[\x21-\x7e]{1,200}")
NOT_FOUND = problem(not_found())
log = structlog.get_logger("assay.hub.api")


@dataclass(frozen=True, slots=True)
class Call:
    """A request that was let through. arguments: what the service takes behind `tx` and the caller.
    identity: the bytes that a repetition under the same idempotency key must have."""

    endpoint: Endpoint
    caller: Caller
    arguments: tuple[Any, ...]
    key: str | None
    identity: bytes


@dataclass(frozen=True, slots=True)
class Served:
    """What a service gave, encoded within its transaction. response: before it was encoded; None where the
    answer is that of an earlier request. revision: for the ETag."""

    status: int
    body: bytes
    response: Any = None
    revision: int = 0


Longer = Callable[["Api", Call, Receive], Awaitable[Served]]
"""Serves an endpoint that waits for something else than the store."""


class Api:
    """The ASGI application of all endpoints."""

    def __init__(
        self,
        store: Store,
        services: Mapping[str, Service],
        operations: Operations,
        *,
        longer: Mapping[str, Longer],
        callers: Callers | None = None,
    ) -> None:
        self.store = store
        self.services = services
        self.operations = operations
        self._telemetry = operations.telemetry
        self._longer = longer
        self.callers = callers or Callers(store)
        self._routes = Routes()
        self._parameters = {path: _BRACES.findall(path) for path in self._routes.paths}

    async def __call__(self, scope: Any, receive: Receive, send: Send) -> None:
        began = time.perf_counter()
        seen = Seen()
        try:
            answer = await self._answer(scope, receive, seen)
        except Disconnected:
            self._telemetry.gone()
            return
        self._telemetry.done(seen.endpoint, seen.caller, answer.status, time.perf_counter() - began)
        await send_answer(answer, send, head=scope["method"] == "HEAD")

    async def _answer(self, scope: Any, receive: Receive, seen: Seen) -> Answer:
        try:
            return await self._serve(scope, receive, seen)
        except Refusal as refusal:
            return NOT_FOUND if refusal.code is ErrorCode.NOT_FOUND else problem(refusal)
        except Disconnected:
            raise
        except KeyProblem as error:
            log.error("the master key does not fit", endpoint=seen.name, why=str(error))
            return plain(ErrorCode.UNAVAILABLE, "the hub's master key does not fit its store")
        except Exception as error:  # noqa: BLE001 - the last door: a fault of ours is logged and told as one
            log.error("internal error", endpoint=seen.name, **fault(error))
            return plain(ErrorCode.INTERNAL)

    async def _serve(self, scope: Any, receive: Receive, seen: Seen) -> Answer:
        route = self._routes.find(scope["raw_path"])
        if route is None:
            return NOT_FOUND
        endpoint = route.endpoint(scope["method"])
        if endpoint is None:
            refusal = Refusal(ErrorCode.METHOD_NOT_ALLOWED, f"the path takes {route.allowed}")
            return problem(refusal, (b"allow", route.allowed.encode()))
        seen.endpoint = endpoint
        given = requests.headers(scope["headers"])
        if endpoint.credential is Credential.NONE:
            requests.query(endpoint, scope["query_string"])
            await requests.body(endpoint, given, receive)
            return await self.operations.answer(endpoint)
        requests.accepts_json(given)
        caller = seen.caller = await self._caller(endpoint, route, given)
        query = requests.query(endpoint, scope["query_string"])
        key = requests.header_text(given, "Idempotency-Key", _KEY) if endpoint.idempotent else None
        body = await requests.body(endpoint, given, receive)
        arguments = self._arguments(endpoint, route, given, query, body)
        identity = "/".join(route.values).encode() + b"\n" + body if key is not None else b""
        call = Call(endpoint, caller, arguments, key, identity)
        longer = self._longer.get(endpoint.name)
        served = await (self.run(call) if longer is None else longer(self, call, receive))
        return _answered(endpoint, given, served)

    async def _caller(self, endpoint: Endpoint, route: Route, given: Mapping[bytes, bytes]) -> Caller:
        found = _BEARER.fullmatch(given.get(b"authorization", b"").decode("latin-1"))
        if found is None:
            raise unauthenticated()
        run, attempt = "", 0
        if endpoint.credential is Credential.JOB:
            run, attempt = route.values[0], int(route.values[1])
        caller = await self.callers.find(endpoint.credential, found[1], run, attempt)
        if isinstance(caller, KeyCaller) and endpoint.role is not None and not may(caller, endpoint.role):
            raise Refusal(ErrorCode.FORBIDDEN, f"this needs the role {endpoint.role}")
        return caller

    def _arguments(
        self,
        endpoint: Endpoint,
        route: Route,
        given: Mapping[bytes, bytes],
        query: dict[str, Any],
        body: bytes,
    ) -> tuple[Any, ...]:
        names = self._parameters[endpoint.path]
        values: list[Any] = [
            int(text) if name in NUMBERS else text for name, text in zip(names, route.values, strict=True)
        ]
        if endpoint.request is not None:
            values.append(requests.parse(body, endpoint.request))
        if endpoint.query:
            values.append(Query(**query))
        if takes_precondition(endpoint):
            values.append(conditions.precondition(given))
        return tuple(values)

    async def run(self, call: Call, *more: Any) -> Served:
        """Calls the service in a transaction. more: further arguments of the service."""
        tenant = call.caller.tenant
        work = partial(_served, self.services[call.endpoint.name], call, more)
        if call.endpoint.method == "GET":
            return await self.store.read(tenant, work)
        if call.key is None:
            return await self.store.write(tenant, work)
        return await self.store.write(tenant, partial(_once, call, call.key, work))


@dataclass(slots=True)
class Seen:
    """What is known of a request so far, for logs and numbers."""

    endpoint: Endpoint | None = None
    caller: Caller | None = None

    @property
    def name(self) -> str:
        return self.endpoint.name if self.endpoint is not None else "none"


def _served(service: Service, call: Call, more: tuple[Any, ...], tx: Tx) -> Served:
    response = service(tx, call.caller, *call.arguments, *more)
    body = response if isinstance(response, bytes) else encode(response)
    return Served(call.endpoint.status, body, response, getattr(response, "revision", 0))


def _once(call: Call, key: str, work: Callable[[Tx], Served], tx: Tx) -> Served:
    """The work, or what it gave when the same was asked for under the same key."""
    known = idempotency.recall(tx, call.endpoint.name, key, call.identity)
    if known is not None:
        return Served(*known)
    served = work(tx)
    idempotency.keep(tx, call.endpoint.name, key, call.identity, served.status, served.body)
    return served


def _answered(endpoint: Endpoint, given: Mapping[bytes, bytes], served: Served) -> Answer:
    if not endpoint.etag:
        return Answer(served.status, JSON, served.body)
    tag = conditions.tag(served.revision, served.body)
    headers = (*JSON, (b"etag", tag.encode()))
    if endpoint.method == "GET" and conditions.unchanged(given, tag):
        return Answer(304, headers, b"")
    return Answer(served.status, headers, served.body)


def fault(error: BaseException) -> dict[str, str]:
    """Where something of ours went wrong, without the error's words: they may hold what a request held."""
    frame = error.__traceback__
    while frame is not None and frame.tb_next is not None:
        frame = frame.tb_next
    where = ""
    if frame is not None:
        code = frame.tb_frame.f_code
        where = f"{'/'.join(code.co_filename.split('/')[-3:])}:{frame.tb_lineno} in {code.co_name}"
    return {"kind": type(error).__name__, "where": where}
