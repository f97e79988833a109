"""The HTTP side: paths and verbs, admission, watches as chunks, faults."""

from __future__ import annotations

import copy
import json
import queue
import socket
import threading
import time
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.support.fake_kubernetes.controller import Controller, quota
from tests.support.fake_kubernetes.faults import Fault, Faults
from tests.support.fake_kubernetes.rights import EVERYBODY, GROUPS, Rule, allowed
from tests.support.fake_kubernetes.store import (
    KINDS,
    VERSIONS,
    Event,
    Refusal,
    Store,
    Tree,
    Watcher,
    merged,
    now,
    refuse,
)

ADMIN, AGENT = "admin-token", "agent-token"
IMMUTABLE = ("template", "completions", "completionMode", "podFailurePolicy")


class FakeKubernetes:
    """An API server at `url`. As context manager it ends with its block.

    agent_rules   what AGENT, a bearer token, may in every namespace
    warn          namespaces that warn of every Job: its pods break Pod Security (they are not made, either)
    requests      `METHOD path` of everything that was asked, in order
    """

    def __init__(self) -> None:
        self.store = Store()
        self.controller = Controller(self.store)
        self.faults = Faults()
        self.agent_rules: tuple[Rule, ...] = ()
        self.warn: set[str] = set()
        self.denied: set[str] = set()
        self.bookmark_seconds = 1.0
        self.keys: list[Tree] = []
        self.requests: list[str] = []
        server = self

        class Bound(Handler):
            fake = server

        self._http = _Server(("127.0.0.1", 0), Bound)
        self.url = f"http://127.0.0.1:{self._http.server_address[1]}"
        threading.Thread(target=self._http.serve_forever, daemon=True, args=(0.05,)).start()

    def __enter__(self) -> FakeKubernetes:
        return self

    def __exit__(self, *ended: object) -> None:
        self.close()

    def close(self) -> None:
        self.controller.close()
        self.store.end_watches()
        self._http.shutdown()
        self._http.server_close()

    def restart(self) -> None:
        """Connections break, and what watches knew is too old."""
        self.store.compact()
        self._http.cut()

    def fault(self, pattern: str, **what: Any) -> Fault:
        return self.faults.add(Fault(pattern, **what))


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self._open: set[socket.socket] = set()

    def process_request(self, request: Any, client_address: Any) -> None:
        self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        self._open.discard(request)
        super().shutdown_request(request)

    def cut(self) -> None:
        for each in list(self._open):
            _end(each)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that left is no news."""


class Handler(BaseHTTPRequestHandler):
    fake: FakeKubernetes
    protocol_version = "HTTP/1.1"
    # A small answer after its head waits for nobody's acknowledgement.
    disable_nagle_algorithm = True
    wbufsize = -1

    def log_message(self, format: str, *args: object) -> None:
        pass

    def do_GET(self) -> None:
        self._serve()

    do_POST = do_PATCH = do_DELETE = do_PUT = do_GET

    def _serve(self) -> None:
        parts = urlsplit(self.path)
        query = {key: values[0] for key, values in parse_qs(parts.query).items()}
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.fake.requests.append(f"{self.command} {parts.path}")
        fault = self.fake.faults.next(f"{self.command} {self.path}")
        if fault is not None:
            time.sleep(fault.delay)
            if fault.drop == "before":
                return self._drop()
            if fault.status:
                return self._answer(fault.status, fault.body, fault.headers)
        try:
            status, answer, headers = self._do(parts.path, query, body)
        except Refusal as refusal:
            status, answer, headers = refusal.status, refusal.body, {}
        if fault is not None and fault.drop == "after":
            return self._drop()
        if isinstance(answer, Watcher):
            return self._watch(answer, query)
        return self._answer(status, answer, headers)

    def _drop(self) -> None:
        self.close_connection = True
        _end(self.connection)

    def _answer(self, status: int, answer: Any, headers: Mapping[str, str]) -> None:
        data = json.dumps(answer).encode()
        self.send_response(status)
        for name, value in {"Content-Type": "application/json", **headers}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    # -- what is asked

    def _do(self, path: str, query: dict[str, str], body: bytes) -> tuple[int, Any, dict[str, str]]:
        token = self.headers.get("Authorization", "").removeprefix("Bearer ").removeprefix("bearer ")
        if token not in (ADMIN, AGENT):
            raise refuse(401, "Unauthorized", "Unauthorized")
        if path == "/.well-known/openid-configuration":
            return 200, {"issuer": "https://kubernetes.default.svc"}, {}
        if path == "/openid/v1/jwks":
            if "application/jwk-set+json" not in self.headers.get("Accept", ""):
                raise refuse(406, "NotAcceptable", "only application/jwk-set+json")
            return 200, {"keys": self.fake.keys}, {}
        sent = json.loads(body) if body else {}
        words = [word for word in path.split("/") if word][2 if path.startswith("/api/") else 3 :]
        namespace = ""
        if len(words) > 2 and words[0] == "namespaces":
            namespace, words = words[1], words[2:]
        plural, name, sub = (*words, "", "")[:3]
        if plural in ("selfsubjectaccessreviews", "selfsubjectrulesreviews"):
            return 201, self._review(plural, sent, token), {}
        if plural not in KINDS:
            raise refuse(404, "NotFound", "the server could not find the requested resource")
        self._authorize(token, plural, name, namespace, query)
        with self.fake.store.lock:
            match self.command:
                case "GET" if name:
                    return 200, self._stamped(plural, self.fake.store.get((plural, namespace, name))), {}
                case "GET" if query.get("watch") == "true":
                    return self._start_watch(plural, namespace, query)
                case "GET":
                    return 200, self._list(plural, namespace, query), {}
                case "POST":
                    return self._create(plural, namespace, sent)
                case "PATCH":
                    return self._patch(plural, namespace, name, sub, sent)
                case _:
                    return self._delete(plural, namespace, name, sent)

    def _authorize(
        self, token: str, plural: str, name: str, namespace: str, query: Mapping[str, str]
    ) -> None:
        verbs = {"POST": "create", "PATCH": "patch", "DELETE": "delete"}
        reading = "get" if name else "watch" if query.get("watch") == "true" else "list"
        verb = verbs.get(self.command, reading)
        group = GROUPS.get(plural, "")
        if token == ADMIN or allowed(self.fake.agent_rules, group, plural, verb, name):
            return
        what = f'{plural}{"." + group if group else ""} "{name}" is forbidden: User "agent" cannot {verb}'
        raise refuse(403, "Forbidden", f'{what} resource "{plural}" in the namespace "{namespace}"')

    def _review(self, plural: str, sent: Tree, token: str) -> Tree:
        rules = (Rule("*", ("*",), ("*",)),) if token == ADMIN else (*self.fake.agent_rules, *EVERYBODY)
        if plural == "selfsubjectrulesreviews":
            return {"status": {"resourceRules": [rule.tree() for rule in rules], "incomplete": False}}
        asked = sent["spec"]["resourceAttributes"]
        ok = allowed(rules, asked.get("group", ""), asked["resource"], asked["verb"], asked.get("name", ""))
        return {"status": {"allowed": ok}}

    # -- reading

    def _stamped(self, plural: str, item: Tree) -> Tree:
        return {"apiVersion": VERSIONS.get(plural, "v1"), "kind": KINDS[plural]} | copy.deepcopy(item)

    def _list(self, plural: str, namespace: str, query: Mapping[str, str]) -> Tree:
        found = [item for item in self.fake.store.all(plural, namespace) if _selected(item, query)]
        limit, start = int(query.get("limit", "0")), int(query.get("continue", "0"))
        page = found[start : start + limit] if limit else found
        meta = {"resourceVersion": str(self.fake.store.version)}
        if limit and start + limit < len(found):
            meta["continue"] = str(start + limit)
        return {"kind": KINDS[plural] + "List", "metadata": meta, "items": copy.deepcopy(page)}

    def _start_watch(
        self, plural: str, namespace: str, query: Mapping[str, str]
    ) -> tuple[int, Any, dict[str, str]]:
        since = int(query.get("resourceVersion", "0") or "0")
        return 200, self.fake.store.watch(plural, namespace, since or self.fake.store.version), {}

    def _watch(self, watcher: Watcher, query: Mapping[str, str]) -> None:
        until = time.monotonic() + float(query.get("timeoutSeconds", "300"))
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        self.wfile.flush()
        try:
            self._send_events(watcher, query, until)
            self.wfile.write(b"0\r\n\r\n")
        except OSError:
            self.close_connection = True
        finally:
            self.fake.store.watchers.discard(watcher)

    def _send_events(self, watcher: Watcher, query: Mapping[str, str], until: float) -> None:
        while (left := until - time.monotonic()) > 0:
            try:
                event = watcher.events.get(timeout=min(left, self.fake.bookmark_seconds))
            except queue.Empty:
                if query.get("allowWatchBookmarks") != "true":
                    continue
                version = {"metadata": {"resourceVersion": str(self.fake.store.version)}}
                self._send({"type": "BOOKMARK", "object": {"kind": KINDS[watcher.plural], **version}})
                continue
            if event is None:
                gone = refuse(410, "Expired", "too old resource version")
                self._send({"type": "ERROR", "object": gone.body})
                return
            told = _told(event, query)
            if told is not None:
                self._send({"type": told, "object": self._stamped(watcher.plural, event.item)})

    def _send(self, event: Tree) -> None:
        data = json.dumps(event).encode() + b"\n"
        self.wfile.write(f"{len(data):x}\r\n".encode() + data + b"\r\n")
        self.wfile.flush()

    # -- writing

    def _create(self, plural: str, namespace: str, sent: Tree) -> tuple[int, Any, dict[str, str]]:
        headers: dict[str, str] = {}
        if plural == "jobs":
            name = sent["metadata"]["name"]
            if ("jobs", namespace, name) not in self.fake.store.objects:
                _admit(sent, namespace in self.fake.denied)
                quota(self.fake.store, namespace, name)
            if namespace in self.fake.warn:
                headers["Warning"] = (
                    '299 - "would violate PodSecurity \\"restricted:latest\\": runAsNonRoot != true"'
                )
                self.fake.controller.blocked.add(namespace)
        return 201, self._stamped(plural, self.fake.store.create(plural, namespace, sent)), headers

    def _patch(
        self, plural: str, namespace: str, name: str, sub: str, sent: Tree
    ) -> tuple[int, Any, dict[str, str]]:
        content = self.headers.get("Content-Type", "")
        key = (plural, namespace, name)
        if content.startswith("application/apply-patch") and key not in self.fake.store.objects:
            return 201, self._stamped(plural, self.fake.store.create(plural, namespace, sent)), {}
        before = self.fake.store.get(key)
        wanted = sent.get("metadata", {}).get("uid")
        if wanted is not None and wanted != before["metadata"]["uid"]:
            cause = {"reason": "FieldValueInvalid", "field": "metadata.uid", "message": "field is immutable"}
            raise refuse(
                422, "Invalid", f'"{name}" is invalid: metadata.uid: field is immutable', causes=[cause]
            )
        after = merged(before, {"status": sent.get("status", {})} if sub == "status" else sent)
        if plural == "jobs" and any(after["spec"].get(k) != before["spec"].get(k) for k in IMMUTABLE):
            raise refuse(422, "Invalid", f'Job.batch "{name}" is invalid: spec: field is immutable')
        if plural in ("configmaps", "secrets") and before.get("immutable"):
            raise refuse(422, "Invalid", "field is immutable when `immutable` is set")
        return 200, self._stamped(plural, self.fake.store.replace(plural, after)), {}

    def _delete(
        self, plural: str, namespace: str, name: str, options: Tree
    ) -> tuple[int, Any, dict[str, str]]:
        item = copy.deepcopy(self.fake.store.get((plural, namespace, name)))
        wanted = options.get("preconditions", {}).get("uid")
        if wanted is not None and wanted != item["metadata"]["uid"]:
            raise refuse(409, "Conflict", f"Precondition failed: UID in precondition: {wanted}")
        if plural == "pods" and options.get("gracePeriodSeconds") != 0:
            self.fake.controller.delete_pod(item)
        elif plural == "jobs" and options.get("propagationPolicy") == "Foreground":
            if "deletionTimestamp" not in item["metadata"]:
                item["metadata"] |= {"deletionTimestamp": now(), "finalizers": ["foregroundDeletion"]}
                self.fake.store.replace(plural, item)
        else:
            self.fake.store.remove(plural, item)
        return 200, self._stamped(plural, item), {}


def _admit(job: Tree, denied: bool) -> None:
    name = job["metadata"]["name"]
    if denied:
        what = f"jobs.batch \"{name}\" is forbidden: ValidatingAdmissionPolicy 'assay-jobs' with binding"
        raise refuse(422, "Invalid", f"{what} 'assay-jobs' denied request: no such image")
    if not isinstance(job["spec"].get("activeDeadlineSeconds", 1), int) or len(name) > 63:
        raise refuse(422, "Invalid", f'Job.batch "{name}" is invalid')


def _selected(item: Tree | None, query: Mapping[str, str]) -> bool:
    if item is None:
        return False
    for word in filter(None, query.get("labelSelector", "").split(",")):
        key, _, value = word.partition("=")
        if item["metadata"].get("labels", {}).get(key) != value:
            return False
    for word in filter(None, query.get("fieldSelector", "").split(",")):
        path, _, value = word.partition("=")
        found: Any = item
        for key in path.split("."):
            found = found.get(key, {})
        if (found or "") != value:
            return False
    return True


def _told(event: Event, query: Mapping[str, str]) -> str | None:
    """An object that is no longer selected is as good as deleted, to a watch."""
    is_in, was_in = _selected(event.item, query), _selected(event.before, query)
    if event.kind == "DELETED":
        return "DELETED" if was_in else None
    if is_in:
        return "MODIFIED" if was_in else "ADDED"
    return "DELETED" if was_in else None


def _end(connection: socket.socket) -> None:
    try:
        connection.shutdown(socket.SHUT_RDWR)
    except OSError:
        return
