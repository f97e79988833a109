"""Where failed rows go: the port. The rows are the customer's, and never leave with a report."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from assay.protocol.report import Report
from assay.runner.engines.port import Cell


@dataclass(frozen=True, slots=True)
class RunHead:
    """keep_days: after so many days what is kept of the contract's runs is removed; None: never."""

    run: str
    contract: str
    version: str
    now: datetime
    keep_days: int | None


@dataclass(frozen=True, slots=True)
class StoredRun:
    run: str
    contract: str
    version: str
    now: datetime
    outcome: str
    report: bytes
    checks: dict[str, int]
    """Rows kept, by check."""


@dataclass(frozen=True, slots=True)
class StoredRows:
    """columns: names and DuckDB types. `batches` streams."""

    run: str
    check: str
    columns: tuple[tuple[str, str], ...]
    batches: Iterator[list[tuple[Cell, ...]]]


@dataclass(frozen=True, slots=True)
class StoredGroup:
    """value: of the metric, as text; None where there is none, or where it may not be kept."""

    keys: tuple[str, ...]
    outcome: str
    value: str | None
    failed: int | None


class StoreError(Exception):
    """code may leave: a SQLSTATE, or a name; detail stays on this side."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(code)
        self.code = code
        self.detail = detail


class Store(Protocol):
    """What one run writes. Every method raises StoreError, or what `batches` raises, and nothing else.
    Nothing of a run is seen by readers before `finish`. What an earlier try of the same run wrote is replaced
    as a whole."""

    def begin(self, head: RunHead) -> None:
        """What follows belongs to this run. Connects to nothing yet."""
        ...

    def keep(
        self, check: str, columns: Sequence[tuple[str, str]], batches: Iterable[list[tuple[Cell, ...]]]
    ) -> int:
        """Writes the failed rows of one check; gives their number. `columns`: names and DuckDB types. When
        `batches` raises, nothing of the check is kept."""
        ...

    def keep_groups(self, check: str, groups: Sequence[StoredGroup]) -> None: ...

    def finish(self, report: Report) -> None:
        """Makes the run readable, at once, and removes what is older than it may be."""
        ...

    def cancel(self) -> None:
        """From another thread: ends what the store is waiting for, with a StoreError there. Raises nothing."""
        ...

    def close(self) -> None:
        """What was not finished is gone. The store can be used again."""
        ...


class Reader(Protocol):
    """What was kept. Every method raises StoreError and nothing else."""

    def runs(
        self, contract: str | None = None, *, run: str | None = None, limit: int = 100
    ) -> list[StoredRun]:
        """The newest first; those of a contract, or the one that is named."""
        ...

    def read(
        self, run: str, check: str, *, contract: str | None = None, batch: int = 1000
    ) -> StoredRows | None:
        """The failed rows of one check in one run (`last`: the newest run that kept some of it), in the order
        they came; None where there are none."""
        ...

    def groups(self, run: str, check: str) -> list[StoredGroup]: ...


class Warehouse(Store, Reader, Protocol):
    def prune(self) -> int:
        """Removes the runs whose days are over; gives their number."""
        ...
