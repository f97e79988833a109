"""A store that looks at the first failed rows of each check on their way into the real one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from assay.protocol.report import Report
from assay.runner.engines.port import Cell
from assay.runner.store import RunHead, Store, StoredGroup

ROWS = 3


@dataclass(slots=True)
class Seen:
    columns: tuple[tuple[str, str], ...]
    rows: list[tuple[Cell, ...]] = field(default_factory=list)


class Preview:
    """Keeps what `inner` is given, up to ROWS rows a check, for the terminal of this run."""

    def __init__(self, inner: Store) -> None:
        self.inner = inner
        self.seen: dict[str, Seen] = {}

    def begin(self, head: RunHead) -> None:
        self.inner.begin(head)

    def keep(
        self, check: str, columns: Sequence[tuple[str, str]], batches: Iterable[list[tuple[Cell, ...]]]
    ) -> int:
        seen = self.seen[check] = Seen(tuple(columns))
        return self.inner.keep(check, columns, _watched(batches, seen.rows))

    def keep_groups(self, check: str, groups: Sequence[StoredGroup]) -> None:
        self.inner.keep_groups(check, groups)

    def finish(self, report: Report) -> None:
        self.inner.finish(report)

    def cancel(self) -> None:
        self.inner.cancel()

    def close(self) -> None:
        self.inner.close()


def _watched(
    batches: Iterable[list[tuple[Cell, ...]]], rows: list[tuple[Cell, ...]]
) -> Iterator[list[tuple[Cell, ...]]]:
    for batch in batches:
        if len(rows) < ROWS:
            rows.extend(batch[: ROWS - len(rows)])
        yield batch
