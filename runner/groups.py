"""Checks by groups: each group is judged by itself, and the worst outcome is the check's. Pure."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from assay.protocol.bundle import CheckSpec
from assay.protocol.report import Outcome, Reason
from assay.runner.judge import RANK, Judged, judge
from assay.runner.values import Value, ValueFault

WORST = 10
_BROKEN = (RANK[Outcome.WARNED], RANK[Outcome.FAILED])


@dataclass(frozen=True, slots=True, order=True)
class Group:
    """A judged group. Its keys are cells of the source: they stay on this side."""

    badness: tuple[int, int, float]
    keys: tuple[str, ...]
    judged: Judged = field(compare=False)


class _Reversed(tuple[str, ...]):
    """Orders keys backwards: of equally bad groups the first by key stay, whatever the engine's order."""

    __slots__ = ()

    def __lt__(self, other: tuple[str, ...]) -> bool:
        return tuple(self) > tuple(other)


@dataclass(slots=True)
class Groups:
    """Groups of one check, judged one by one; only the worst are kept."""

    check: CheckSpec
    binds: Mapping[str, object]
    seen: int = 0
    broken: int = 0
    failed: int | None = None
    tested: int | None = None
    _outcome: Judged | None = None
    _rank: int = -1
    _heap: list[tuple[tuple[int, int, float], _Reversed, int, Group]] = field(default_factory=list)

    def add(self, keys: Callable[[], tuple[str, ...]], values: Mapping[str, Value | ValueFault]) -> None:
        judged = judge(self.check, values, self.binds)
        self.seen += 1
        if judged.outcome in (Outcome.WARNED, Outcome.FAILED):
            self.broken += 1
        if judged.failed is not None:
            self.failed = (self.failed or 0) + judged.failed
        if judged.tested is not None:
            self.tested = (self.tested or 0) + judged.tested
        rank = RANK[judged.outcome]
        if rank > self._rank:
            self._outcome, self._rank = judged, rank
        if judged.outcome is Outcome.PASSED:
            return
        badness = (rank, judged.failed or 0, judged.distance)
        if len(self._heap) == WORST and badness < self._heap[0][0]:
            return
        group = Group(badness, keys(), judged)
        item = (badness, _Reversed(group.keys), self.seen, group)
        if len(self._heap) < WORST:
            heapq.heappush(self._heap, item)
        elif self._heap[0] < item:
            heapq.heapreplace(self._heap, item)

    def wants(self, rank: int, failed: int, distance: float, keys: Callable[[], tuple[str, ...]]) -> bool:
        """Whether a group of this verdict changes more than the counts, and so is to be added in full."""
        if rank > self._rank:
            return True
        if rank == 0:
            return False
        if len(self._heap) < WORST:
            return True
        least = self._heap[0]
        badness = (rank, failed, distance)
        return keys() <= tuple(least[1]) if badness == least[0] else badness > least[0]

    def count(self, rank: int, failed: int | None, tested: int | None) -> None:
        """A group that is not wanted in full."""
        self.seen += 1
        if rank in _BROKEN:
            self.broken += 1
        if failed is not None:
            self.failed = (self.failed or 0) + failed
        if tested is not None:
            self.tested = (self.tested or 0) + tested

    def judged(self) -> Judged:
        if self._outcome is None:
            return Judged(Outcome.NOT_EVALUATED, Reason.NO_ROWS, None, self.failed, self.tested)
        top = self._outcome
        return Judged(top.outcome, top.reason, None, self.failed, self.tested, top.code)

    def worst(self) -> tuple[Group, ...]:
        """The worst first."""
        groups = [item[-1] for item in self._heap]
        return tuple(sorted(groups, key=lambda group: (tuple(-part for part in group.badness), group.keys)))
