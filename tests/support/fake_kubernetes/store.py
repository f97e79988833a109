"""Objects with versions and a history: what lists and watches are made of."""

from __future__ import annotations

import copy
import queue
import threading
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

Tree = dict[str, Any]
Key = tuple[str, str, str]
"""plural, namespace (empty for what has none), name"""
KINDS = {
    "configmaps": "ConfigMap",
    "events": "Event",
    "jobs": "Job",
    "leases": "Lease",
    "namespaces": "Namespace",
    "nodes": "Node",
    "pods": "Pod",
    "resourcequotas": "ResourceQuota",
    "secrets": "Secret",
    "serviceaccounts": "ServiceAccount",
}
VERSIONS = {"jobs": "batch/v1", "leases": "coordination.k8s.io/v1"}


class Refusal(Exception):
    def __init__(self, status: int, body: Tree) -> None:
        super().__init__(body["message"])
        self.status, self.body = status, body


def refuse(status: int, reason: str, message: str, **details: Any) -> Refusal:
    body = {
        "apiVersion": "v1",
        "kind": "Status",
        "status": "Failure",
        "code": status,
        "reason": reason,
        "message": message,
        "details": details,
    }
    return Refusal(status, body)


@dataclass(frozen=True, slots=True)
class Event:
    version: int
    kind: str
    plural: str
    item: Tree
    before: Tree | None


@dataclass(slots=True, eq=False)
class Watcher:
    plural: str
    namespace: str
    events: queue.Queue[Event | None] = field(default_factory=queue.Queue)


class Store:
    """lock: held by whoever reads and then writes. written: called after each change, under the lock."""

    def __init__(self) -> None:
        self.lock = threading.RLock()
        self.version = 1
        self.oldest = 1
        self.objects: dict[Key, Tree] = {}
        self.history: list[Event] = []
        self.watchers: set[Watcher] = set()
        self.written: Callable[[], None] = lambda: None

    def get(self, key: Key) -> Tree:
        with self.lock:
            found = self.objects.get(key)
            if found is None:
                raise refuse(404, "NotFound", f'{key[0]} "{key[2]}" not found')
            return found

    def all(self, plural: str, namespace: str = "") -> list[Tree]:
        with self.lock:
            return [
                item
                for (kind, where, _), item in sorted(self.objects.items(), key=lambda pair: pair[0])
                if kind == plural and namespace in ("", where)
            ]

    def create(self, plural: str, namespace: str, item: Tree) -> Tree:
        with self.lock:
            name = item["metadata"]["name"]
            if (plural, namespace, name) in self.objects:
                raise refuse(409, "AlreadyExists", f'{plural} "{name}" already exists')
            made = copy.deepcopy(item)
            made.setdefault("spec", {})
            made["metadata"] |= {"uid": str(uuid.uuid4()), "creationTimestamp": now()}
            if namespace:
                made["metadata"]["namespace"] = namespace
            return self._put("ADDED", plural, namespace, made, None)

    def replace(self, plural: str, item: Tree) -> Tree:
        with self.lock:
            namespace = item["metadata"].get("namespace", "")
            before = self.get((plural, namespace, item["metadata"]["name"]))
            if _plain(before) == _plain(item):
                return before
            return self._put("MODIFIED", plural, namespace, copy.deepcopy(item), before)

    def remove(self, plural: str, item: Tree) -> None:
        with self.lock:
            namespace = item["metadata"].get("namespace", "")
            found = self.objects.pop((plural, namespace, item["metadata"]["name"]), None)
            if found is not None:
                self._tell("DELETED", plural, copy.deepcopy(found), found)

    def _put(self, kind: str, plural: str, namespace: str, item: Tree, before: Tree | None) -> Tree:
        self.objects[plural, namespace, item["metadata"]["name"]] = item
        self._tell(kind, plural, item, before)
        return self.objects.get((plural, namespace, item["metadata"]["name"]), item)

    def _tell(self, kind: str, plural: str, item: Tree, before: Tree | None) -> None:
        self.version += 1
        item["metadata"]["resourceVersion"] = str(self.version)
        event = Event(self.version, kind, plural, copy.deepcopy(item), copy.deepcopy(before))
        self.history.append(event)
        for watcher in list(self.watchers):
            if watcher.plural == plural and watcher.namespace in ("", item["metadata"].get("namespace", "")):
                watcher.events.put(event)
        self.written()

    def watch(self, plural: str, namespace: str, since: int) -> Watcher:
        """Raises 410 where the history does not go back so far."""
        with self.lock:
            if since < self.oldest:
                raise refuse(410, "Expired", f"too old resource version: {since} ({self.oldest})")
            watcher = Watcher(plural, namespace)
            for event in self.history:
                where = event.item["metadata"].get("namespace", "")
                if event.version > since and event.plural == plural and namespace in ("", where):
                    watcher.events.put(event)
            self.watchers.add(watcher)
            return watcher

    def compact(self) -> None:
        """Forgets the history: whoever was away must list."""
        with self.lock:
            self.oldest = self.version + 1
            self.version += 1
            self.history.clear()

    def end_watches(self) -> None:
        with self.lock:
            for watcher in list(self.watchers):
                watcher.events.put(None)


def now() -> str:
    import datetime

    return datetime.datetime.now(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _plain(item: Tree) -> Tree:
    return item | {"metadata": {k: v for k, v in item["metadata"].items() if k != "resourceVersion"}}


def merged(item: Any, patch: Any) -> Any:
    """RFC 7396."""
    if not isinstance(patch, dict):
        return patch
    result = dict(item) if isinstance(item, dict) else {}
    for key, value in patch.items():
        if value is None:
            result.pop(key, None)
        else:
            result[key] = merged(result.get(key), value)
    return result
