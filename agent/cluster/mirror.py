"""A copy of the objects of one kind, kept true by list and watch. It forgets nothing and invents nothing: after
any doubt everything is listed anew, and at least every few minutes.
"""

from __future__ import annotations

import random
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from time import monotonic
from typing import Generic, Protocol, TypeVar

import msgspec
import structlog

from assay.agent.cluster.answers import Kind, Refused
from assay.agent.cluster.api import Api
from assay.agent.cluster.objects import Head, Meta, RawList, Status, WatchEvent
from assay.protocol import decoding
from assay.protocol.crash import crash_point

PAGE = 500
_chance = random.SystemRandom()
log = structlog.get_logger("assay.agent.mirror")


class _Has(Protocol):
    @property
    def metadata(self) -> Meta: ...


T = TypeVar("T", bound=_Has)


@dataclass(frozen=True, slots=True)
class Pace:
    """Seconds.

    watch     how long the server keeps one watch; then everything is listed anew
    silence   how long a watch may say nothing: servers send a bookmark each minute
    first, cap   pauses after a failure
    settled   a watch that lasted longer was none
    """

    watch: int = 290
    silence: float = 90.0
    first: float = 0.5
    cap: float = 15.0
    settled: float = 5.0


class Mirror(Generic[T]):
    """changed   called with each object that came, changed or (gone=True) went, from the mirror's own thread
    unreadable   called with the name of each that does not fit its type: the mirror goes on without it

    `get` and `all` give what the cluster had when it was last heard of; `synced` is set after the first list.
    """

    def __init__(
        self,
        api: Api,
        path: str,
        selector: str,
        kind: type[T],
        changed: Callable[[T, bool], None],
        unreadable: Callable[[str], None] = lambda _name: None,
        pace: Pace | None = None,
    ) -> None:
        self._api = api
        self._path = path
        self._selector = selector
        self._decoder = decoding.decoder(kind)
        self._changed = changed
        self._unreadable = unreadable
        self._pace = pace or Pace()
        self._objects: dict[str, T] = {}
        self._lock = threading.Lock()
        self._heard = monotonic()
        self.synced = threading.Event()
        self.lists = 0

    @property
    def silent(self) -> float:
        """Seconds since the API server was last heard of."""
        return monotonic() - self._heard

    def get(self, name: str) -> T | None:
        with self._lock:
            return self._objects.get(name)

    def all(self) -> tuple[T, ...]:
        with self._lock:
            return tuple(self._objects.values())

    def run(self, stop: threading.Event) -> None:
        """Until `stop` is set; a watch that waits just then ends with its silence at the latest."""
        failures = 0
        while not stop.is_set():
            why, after, begun = "over", 0.0, None
            try:
                version = self.list()
                begun = monotonic()
                self._watch(version, stop)
            except Refused as refused:
                why, after = refused.kind.value, refused.retry_after or 0.0
            lasted = 0.0 if begun is None else monotonic() - begun
            # A watch that did its time is followed by a list at once, and so is the first one that broke.
            failures = 0 if lasted > self._pace.settled else failures + 1
            log.debug("list again", path=self._path, why=why, lasted=round(lasted, 1))
            stop.wait(after + self._pause(failures, begun is not None))

    def _pause(self, failures: int, listed: bool) -> float:
        tries = failures - 1 if listed else failures
        most = min(self._pace.cap, self._pace.first * 2.0 ** min(tries - 1, 10))
        return most * _chance.random() if tries > 0 else 0.0

    # -- list

    def list(self) -> str:
        """Takes over everything that is there, and tells what is new or gone. Raises Refused."""
        found: dict[str, T] = {}
        odd: set[str] = set()
        version = ""
        for page in self._pages():
            version = page.metadata.resource_version
            for raw in page.items:
                item = self._read(raw)
                if isinstance(item, str):
                    odd.add(item)
                else:
                    found[item.metadata.name] = item
        with self._lock:
            before, self._objects = self._objects, found
        self.lists += 1
        self.synced.set()
        for name, item in found.items():
            known = before.get(name)
            if known is None or known.metadata.resource_version != item.metadata.resource_version:
                self._changed(item, False)
        for name, item in before.items():
            if name not in found and name not in odd:
                self._changed(item, True)
        return version

    def _pages(self) -> Iterator[RawList]:
        query = {"labelSelector": self._selector, "limit": str(PAGE)}
        while True:
            page = self._api.request("GET", self._path, query=query).read(RawList)
            self._heard = monotonic()
            yield page
            if not page.metadata.continue_:
                return
            query["continue"] = page.metadata.continue_

    # -- watch

    def _watch(self, version: str, stop: threading.Event) -> None:
        query = {
            "labelSelector": self._selector,
            "watch": "true",
            "allowWatchBookmarks": "true",
            "resourceVersion": version,
            "timeoutSeconds": str(self._pace.watch),
        }
        with self._api.stream(self._path, query, self._pace.silence) as lines:
            for line in lines:
                self._heard = monotonic()
                if stop.is_set():
                    return
                self._event(line)

    def _event(self, line: bytes) -> None:
        try:
            event = decoding.decode(line, WatchEvent)
        except (ValueError, RecursionError):
            raise Refused(Kind.GARBAGE) from None
        if event.type == "BOOKMARK":
            return
        if event.type == "ERROR":
            # After a restart of the server, "410 Gone" comes like this, in an answer with 200.
            raise Refused(Kind.GONE if _code(event.object) == 410 else Kind.LATER)
        item = self._read(event.object)
        crash_point("agent-mid-watch")
        if isinstance(item, str):
            return
        gone = event.type == "DELETED"
        with self._lock:
            if gone:
                self._objects.pop(item.metadata.name, None)
            else:
                self._objects[item.metadata.name] = item
        self._changed(item, gone)

    def _read(self, raw: msgspec.Raw) -> T | str:
        """The object, or the name of one that does not fit."""
        try:
            return self._decoder.decode(raw)
        except (ValueError, RecursionError):
            name = "?"
            with suppress(ValueError, RecursionError):
                name = decoding.decode(raw, Head).metadata.name
        self._unreadable(name)
        return name


def _code(raw: msgspec.Raw) -> int:
    try:
        return decoding.decode(raw, Status).code
    except (ValueError, RecursionError):
        return 0
