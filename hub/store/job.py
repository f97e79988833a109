"""One function that waits for its transaction, and what both databases do with it."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any, Protocol

from assay.hub.store.tx import Tx


@dataclass(frozen=True, slots=True, eq=False)
class Job:
    """tenant: or HUB. future: done only after the commit."""

    tenant: str
    work: Callable[[Tx], Any]
    future: Future[Any] = field(default_factory=Future)


class Database(Protocol):
    """Where jobs are done; each ends with its future set. Refusals: 429 where too much waits, 503 where the
    database does not answer in time."""

    def write(self, job: Job) -> None: ...

    def read(self, job: Job) -> None: ...

    def close(self) -> None: ...
