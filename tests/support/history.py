"""What happened between a hub, its agents and their pods, and the promises that every such history keeps.

Whoever drives a hub (a model with a virtual clock, a real cluster) tells what he sees, as he sees it; a broken
promise is raised at once. The numbers are those of the promises:

    I1   at most one attempt of a run is committed
    I2   at most one Job for an attempt, in one cluster
    I3   two attempts of a run never run SQL at once
    I4   a terminal state never changes, and states follow the machine's table
    I5   the fence of an instruction grows with every lease
    I6   whatever crashes, every instruction comes to an end
    I7   what was acknowledged can be read, and is what was sent
    I8   nothing of one tenant is seen or changed with the credentials of another
    I11  a fire time of a schedule fires once
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache

from assay.hub.machine import TRANSITIONS
from assay.protocol.report import CheckResult
from assay.protocol.user import TERMINAL, RunState

SILENT_S = 45
"""A pod that was not heard for so long may be followed by another."""


class Violation(AssertionError):
    """A promise is broken."""

    def __init__(self, promise: str, words: str) -> None:
        super().__init__(f"{promise}: {words}")
        self.promise = promise


@dataclass(frozen=True, slots=True)
class Seen:
    """An attempt as the store has it at one moment."""

    state: str
    fence: int
    waits: bool
    """A next attempt is planned."""


@cache
def reachable() -> dict[str, frozenset[str]]:
    """From each state, every state that the machine's table leads to, itself among them."""
    steps: dict[str, set[str]] = {state.value: {state.value} for state in RunState}
    for transition in TRANSITIONS:
        for before in transition.before:
            steps[before.value].add((transition.after or before).value)
    while True:
        grown = {state: set().union(*(steps[to] for to in found)) for state, found in steps.items()}
        if grown == steps:
            return {state: frozenset(found) for state, found in steps.items()}
        steps = grown


@dataclass
class History:
    attempts: dict[tuple[str, int], Seen] = field(default_factory=dict)
    fences: dict[str, tuple[int, str]] = field(default_factory=dict)
    jobs: dict[tuple[str, int], str] = field(default_factory=dict)
    running: dict[str, dict[str, tuple[int, int]]] = field(default_factory=dict)
    """By run and pod: its attempt, and when the hub last heard it."""
    generations: dict[tuple[str, int], int] = field(default_factory=dict)
    committed: dict[str, tuple[int, tuple[CheckResult, ...]]] = field(default_factory=dict)
    fired: set[tuple[str, int]] = field(default_factory=set)

    def states(self, found: Mapping[tuple[str, int], Seen]) -> None:
        """Every attempt, as it is now."""
        for key, before in self.attempts.items():
            now = found.get(key)
            if now is None:
                raise Violation("I7", f"attempt {key} has gone")
            if RunState(before.state) in TERMINAL and now.state != before.state:
                raise Violation("I4", f"attempt {key} was {before.state} and is {now.state}")
            if now.state not in reachable()[before.state]:
                raise Violation("I4", f"attempt {key} went from {before.state} to {now.state}")
            if now.fence < before.fence:
                raise Violation("I5", f"the fence of {key} went from {before.fence} to {now.fence}")
        self.attempts = dict(found)

    def leased(self, run: str, fence: int, agent: str) -> None:
        """A lease was handed out, or told to its agent once more."""
        last = self.fences.get(run, (0, ""))
        if fence < last[0] or (fence == last[0] and agent != last[1]):
            raise Violation("I5", f"run {run} was leased to {agent} with fence {fence} after {last}")
        self.fences[run] = (fence, agent)

    def job_created(self, run: str, attempt: int, cluster: str) -> None:
        """A create call made a new Job (one that only found it does not count)."""
        other = self.jobs.setdefault((run, attempt), cluster)
        if other != cluster:
            raise Violation("I2", f"attempt {attempt} of {run} has a Job in two clusters")

    def sql_begins(self, run: str, attempt: int, pod: str, generation: int, now: int) -> None:
        """A pod has passed the start gate and will read data."""
        pods = self.running.setdefault(run, {})
        for other, (its, heard) in pods.items():
            if its != attempt:
                raise Violation("I3", f"attempts {its} and {attempt} of {run} run at once")
            if other != pod and now - heard < SILENT_S * 1_000_000:
                raise Violation("I3", f"two pods of attempt {attempt} of {run} run at once")
        pods[pod] = (attempt, now)
        self.generations[run, attempt] = max(generation, self.generations.get((run, attempt), 0))

    def heard(self, run: str, pod: str, now: int) -> None:
        """The hub has answered a heartbeat of a pod that runs."""
        pods = self.running.get(run, {})
        if pod in pods:
            pods[pod] = (pods[pod][0], now)

    def sql_ends(self, run: str, pod: str) -> None:
        self.running.get(run, {}).pop(pod, None)

    def commit_acknowledged(
        self, run: str, attempt: int, generation: int, checks: Iterable[CheckResult]
    ) -> None:
        """The hub has answered a commit of these results with success."""
        if generation < self.generations.get((run, attempt), 0):
            raise Violation("I1", f"a pod of {run} has committed after another had taken over")
        sent = tuple(checks)
        before = self.committed.setdefault(run, (attempt, sent))
        if before[0] != attempt:
            raise Violation("I1", f"attempts {before[0]} and {attempt} of {run} are both committed")
        if before[1] != sent:
            raise Violation("I7", f"two commits of {run} were acknowledged, of other results")

    def results_read(self, run: str, attempt: int, checks: Iterable[CheckResult]) -> None:
        """What the hub shows as the results of a run."""
        if run in self.committed and self.committed[run] != (attempt, tuple(checks)):
            raise Violation("I7", f"the results of {run} are not those that were acknowledged")

    def fires(self, found: Iterable[tuple[str, int]]) -> None:
        """Every fire time for which there is a run."""
        seen: set[tuple[str, int]] = set()
        for one in found:
            if one in seen:
                raise Violation("I11", f"schedule {one[0]} fired twice for {one[1]}")
            seen.add(one)
        self.fired = seen

    def over(self) -> None:
        """Long after everything: all is at its end."""
        for (run, attempt), seen in self.attempts.items():
            if RunState(seen.state) not in TERMINAL or seen.waits:
                raise Violation("I6", f"attempt {attempt} of {run} is still {seen.state}")
        for run, (attempt, _) in self.committed.items():
            if self.attempts[run, attempt].state != RunState.SUCCEEDED:
                state = self.attempts[run, attempt].state
                raise Violation("I7", f"run {run} was committed and is {state}")
