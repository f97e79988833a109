"""Where failed rows go: the port. The rows are the customer's, and never leave with a report."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from assay.protocol.report import Report
from assay.runner.engines.port import Cell
from assay.runner.judge import Group


@dataclass(frozen=True, slots=True)
class RunHead:
    """keep_days: after so many days the rows of the contract's runs are removed; None: never."""

    run: str
    contract: str
    version: str
    now: datetime
    keep_days: int | None


class StoreError(Exception):
    """code may leave; detail stays on this side."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(code)
        self.code = code
        self.detail = detail


class Store(Protocol):
    """What one run writes. Every method raises StoreError, or what `batches` raises, and nothing else.
    Nothing of a run is seen by readers before `finish`."""

    def keep(
        self,
        head: RunHead,
        check: str,
        columns: Sequence[tuple[str, str]],
        batches: Iterable[list[tuple[Cell, ...]]],
    ) -> int:
        """Writes the failed rows of one check; gives their number. `columns`: names and DuckDB types. When
        `batches` raises, nothing of the check is kept."""
        ...

    def keep_groups(self, head: RunHead, check: str, groups: Sequence[Group]) -> None: ...

    def finish(self, report: Report) -> None: ...

    def close(self) -> None: ...
