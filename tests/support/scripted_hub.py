"""The runner's side of a hub, over real HTTP: one run, its start gate, generations, batches and the commit.

It keeps the protocol as the hub does, as far as a runner can see: tests/runner/test_hubs_agree.py compares their
answers. Beyond that it misbehaves on demand: `faults` says what happens to the next calls of an endpoint.
"""

from __future__ import annotations

import re
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Literal

import msgspec

from assay.protocol import delivery
from assay.protocol.endpoints import PARAMETERS, RUNNER_ENDPOINTS, Endpoint
from assay.protocol.report import CheckResult
from assay.protocol.wire import STATUS, ErrorCode, Nothing, Problem, encode, root_sha256, sha256

TOKEN = "pod-token"
Fault = Literal["drop before", "drop after", "silent", "garbage"] | int
"""What happens to a call instead: a connection that ends before or after the hub has acted, no answer at all, an
answer of something else, or a status with Retry-After 1."""


class Refusal(Exception):
    def __init__(self, code: ErrorCode) -> None:
        self.code = code


@dataclass
class ScriptedHub:
    """What the hub knows of the one run that it has."""

    run: str
    attempt: int = 1
    fences: tuple[int, int] = (1, 1)
    plan: str | None = None
    """None: whatever the pod has."""
    state: str = "applied"
    tokens: set[str] = field(default_factory=lambda: {TOKEN})
    heartbeat_s: float = 0.2
    deadline_s: float = 3600.0
    silent_s: float = 45.0
    cancel: bool = False
    pod: str | None = None
    generation: int = 0
    interrupted: bool = False
    beat: float = 0.0
    words: list[delivery.OutcomeRequest] = field(default_factory=list)
    batches: dict[tuple[int, int], bytes] = field(default_factory=dict)
    commit: delivery.CommitRequest | None = None
    commits: int = 0
    """Commits that changed something."""
    faults: dict[str, list[Fault]] = field(default_factory=dict)
    called: list[str] = field(default_factory=list)
    """Endpoints, in order; those that met a fault too."""
    on_call: Callable[[str], None] = lambda _name: None
    heard: bytearray = field(default_factory=bytearray)
    """Every byte that runners have sent."""
    url: str = ""
    lock: threading.RLock = field(default_factory=threading.RLock)

    @property
    def checks(self) -> tuple[CheckResult, ...]:
        """What readers see: nothing before the commit."""
        commit = self.commit
        if commit is None:
            return ()
        found = [self.batches[commit.generation, seq] for seq in range(commit.count)]
        return tuple(
            check
            for data in found
            for check in msgspec.json.decode(data, type=delivery.ResultsRequest).checks
        )

    # -- the endpoints

    def start(self, request: delivery.StartRequest, _body: bytes, _seq: int) -> delivery.Started:
        low, high = self.fences
        if not low <= request.fence <= high:
            raise Refusal(ErrorCode.STALE_FENCE)
        if self.plan not in (None, request.plan_sha256):
            raise Refusal(ErrorCode.PLAN_MISMATCH)
        if self.cancel or self.state not in ("accepted", "applied", "running"):
            raise Refusal(ErrorCode.ILLEGAL_TRANSITION)
        if self.state == "running" and not (self.pod == request.pod_uid and not self.interrupted):
            if not self.interrupted and time.monotonic() < self.beat + self.silent_s:
                raise Refusal(ErrorCode.ALREADY_STARTED)
            self.generation += 1
        elif self.state != "running":
            self.generation += 1
        self.state, self.pod, self.interrupted, self.beat = (
            "running",
            request.pod_uid,
            False,
            time.monotonic(),
        )
        return delivery.Started(
            generation=self.generation, heartbeat_s=self.heartbeat_s, deadline_s=self.deadline_s
        )

    def heartbeat(self, request: delivery.HeartbeatRequest, _body: bytes, _seq: int) -> delivery.Heartbeat:
        self._current(request.generation)
        self.beat = time.monotonic()
        return delivery.Heartbeat(cancel=self.cancel or self.state not in ("running", "committed"))

    def put_results(self, request: delivery.ResultsRequest, body: bytes, seq: int) -> Nothing:
        self._current(request.generation)
        place = (request.generation, seq)
        if self.state != "running" and self.batches.get(place) != body:
            raise Refusal(ErrorCode.ILLEGAL_TRANSITION)
        if self.batches.setdefault(place, body) != body:
            raise Refusal(ErrorCode.CONFLICTING_REPLAY)
        return Nothing()

    def commit_results(self, request: delivery.CommitRequest, _body: bytes, _seq: int) -> Nothing:
        self._current(request.generation)
        if self.state != "running":
            if self.commit is None:
                raise Refusal(ErrorCode.ILLEGAL_TRANSITION)
            if self.commit != request:
                raise Refusal(ErrorCode.CONFLICTING_REPLAY)
            return Nothing()
        found = sorted(seq for generation, seq in self.batches if generation == request.generation)
        if found != list(range(request.count)):
            raise Refusal(ErrorCode.INCOMPLETE_RESULTS)
        digests = [sha256(self.batches[request.generation, seq]) for seq in found]
        if root_sha256(digests) != request.root_sha256:
            raise Refusal(ErrorCode.INCOMPLETE_RESULTS)
        self.state, self.commit = "committed", request
        self.commits += 1
        return Nothing()

    def end_run(self, request: delivery.OutcomeRequest, _body: bytes, _seq: int) -> Nothing:
        self._current(request.generation)
        said = [word for word in self.words if word.generation == request.generation]
        if said and said[-1] != request:
            raise Refusal(ErrorCode.CONFLICTING_REPLAY)
        if said:
            return Nothing()
        if self.state != "running":
            raise Refusal(ErrorCode.ILLEGAL_TRANSITION)
        self.words.append(request)
        self.interrupted = request.word is delivery.EndWord.INTERRUPTED
        return Nothing()

    def _current(self, generation: int) -> None:
        if generation != self.generation:
            raise Refusal(ErrorCode.STALE_FENCE)

    # -- one call

    def answer(self, endpoint: Endpoint, parameters: dict[str, str], token: str, body: bytes) -> Any:
        if token not in self.tokens:
            raise Refusal(ErrorCode.UNAUTHENTICATED)
        if (parameters["run"], parameters["attempt"]) != (self.run, str(self.attempt)):
            raise Refusal(ErrorCode.NOT_FOUND)
        try:
            request = msgspec.json.decode(body, type=endpoint.request)
        except msgspec.ValidationError:
            raise Refusal(ErrorCode.INVALID) from None
        with self.lock:
            return getattr(self, endpoint.name)(request, body, int(parameters.get("seq", "0")))

    def next_fault(self, name: str) -> Fault | None:
        with self.lock:
            self.called.append(name)
            waiting = self.faults.get(name, [])
            return waiting.pop(0) if waiting else None


@contextmanager
def serving_hub(hub: ScriptedHub, tls: ssl.SSLContext | None = None) -> Iterator[ScriptedHub]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(hub))
    server.daemon_threads = True
    if tls is not None:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    hub.url = f"{'http' if tls is None else 'https'}://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    try:
        yield hub
    finally:
        server.shutdown()
        server.server_close()


def _pattern(endpoint: Endpoint) -> re.Pattern[str]:
    path = re.escape(endpoint.path).replace(r"\{", "{").replace(r"\}", "}")
    return re.compile(re.sub(r"\{(\w+)\}", lambda found: f"(?P<{found[1]}>{PARAMETERS[found[1]]})", path))


_ROUTES = [(endpoint, _pattern(endpoint)) for endpoint in RUNNER_ENDPOINTS]


def _handler(hub: ScriptedHub) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def handle(self) -> None:
            with suppress(OSError):
                super().handle()

        def log_message(self, format: str, *args: object) -> None:
            pass

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            with hub.lock:
                hub.heard += self.requestline.encode() + bytes(self.headers) + body + b"\n"
            for endpoint, pattern in _ROUTES:
                found = pattern.fullmatch(self.path)
                if found and endpoint.method == self.command:
                    with suppress(OSError):
                        self._call(endpoint, found.groupdict(), body)
                    return
            self._send(404, b"")

        do_PUT = do_POST

        def _call(self, endpoint: Endpoint, parameters: dict[str, str], body: bytes) -> None:
            hub.on_call(endpoint.name)
            fault = hub.next_fault(endpoint.name)
            if fault == "silent":
                self.rfile.read(1)
            if fault in ("drop before", "silent"):
                self.close_connection = True
                return
            if isinstance(fault, int):
                self._send(fault, b"", **{"Retry-After": "1"})
                return
            token = self.headers.get("Authorization", "").removeprefix("Bearer ")
            try:
                status, data = 200, encode(hub.answer(endpoint, parameters, token, body))
            except Refusal as refusal:
                status = STATUS[refusal.code]
                data = encode(Problem(type="about:blank", title="refused", status=status, code=refusal.code))
            if fault == "drop after":
                self.close_connection = True
                return
            self._send(status, b"<html>" if fault == "garbage" else data)

        def _send(self, status: int, data: bytes, **headers: str) -> None:
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

    return Handler
