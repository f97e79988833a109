"""One attempt as this process sees it. A memo, not a memory: everything in it was told by the hub or the cluster, and
would be told again."""

from __future__ import annotations

import re
import threading
from dataclasses import dataclass, field

import msgspec

from assay.agent.cluster.jobs import ACKED, FENCE, VISITS
from assay.agent.cluster.objects import Job, Pod, Tree
from assay.protocol.agent import Delivery, Known, Phase, ReasonCode, job_name

Key = tuple[str, int]
"""instruction, attempt"""
_NAME = re.compile(r"assay-([0-9a-hjkmnp-tv-z]{26})-a([1-9][0-9]{0,3})")
MOST_FAULTS = 2
"""After so many exceptions in its handling, or deaths of the process that had it, an attempt is poison."""

_SEEING = threading.Lock()


def key_of(name: str) -> Key | None:
    """Which attempt's Job has this name. Labels and annotations can be changed by others, a name cannot."""
    found = _NAME.fullmatch(name)
    return None if found is None else (found[1], int(found[2]))


class Made(msgspec.Struct, frozen=True):
    """What became of an order: the objects to apply, and what hub and cluster know them by."""

    plan_sha256: str
    checks_sha256: str
    spec_sha256: str
    job: Tree
    config_map: Tree


@dataclass(slots=True, eq=False)
class Attempt:
    """delivery   the newest lease; None for an attempt that was found in the cluster and not delivered
    delivered_at  on the lease's clock
    told_fence    as it was last known, where there is neither delivery nor Job any more
    mine          the hub knows this process as the one that sees to it; None: it was not asked yet
    found         its Job was there before this process had heard of it
    visited       its Job was marked before it was looked into
    gone          its Job was there, and was deleted
    asked         the hub has no interest in it, and was asked whether that is because it has heard its end
    faults        exceptions in its handling; failures: refusals in a row
    failing       why it is being ended as failed
    acknowledged  the hub has heard the end of it
    """

    instruction: str
    attempt: int
    delivery: Delivery | None = None
    delivered_at: float = 0.0
    told_fence: int | None = None
    job: Job | None = None
    pods: dict[str, Pod] = field(default_factory=dict)
    order: bytes | None = None
    made: Made | None = None
    accepted: bool = False
    job_token: str | None = None
    furnished: bool = False
    told_applied: bool = False
    told_running: bool = False
    mine: bool | None = None
    found: bool = False
    visited: bool = False
    cancel: bool = False
    gone: bool = False
    asked: bool = False
    faults: int = 0
    failures: int = 0
    failing: ReasonCode | None = None
    waiting_since: float | None = None
    acknowledged: bool = False

    @property
    def key(self) -> Key:
        return self.instruction, self.attempt

    @property
    def name(self) -> str:
        return job_name(self.instruction, self.attempt)

    @property
    def fence(self) -> int | None:
        """Of the newest lease; for a Job that was found, of the one that it was last touched under."""
        if self.delivery is not None:
            return self.delivery.fence
        if self.told_fence is not None:
            return self.told_fence
        text = "" if self.job is None else self.job.metadata.annotations.get(FENCE, "")
        return int(text) if text.isascii() and text.isdigit() and len(text) < 17 and int(text) else None

    @property
    def visits(self) -> int:
        text = "" if self.job is None else self.job.metadata.annotations.get(VISITS, "")
        return int(text) if text.isascii() and text.isdigit() and len(text) < 4 else 0

    @property
    def phase(self) -> Phase:
        if self.job is None:
            return Phase.ACCEPTED if self.accepted else Phase.DELIVERED
        if self.job.ended is not None:
            return Phase.ENDED
        if not self.job.started:
            return Phase.ACCEPTED
        running = any(pod.state.running or pod.state.terminated for pod in self.pods.values())
        return Phase.RUNNING if running else Phase.APPLIED

    @property
    def takes_slot(self) -> bool:
        return self.mine is not False and not self.settled and self.phase is not Phase.ENDED

    @property
    def settled(self) -> bool:
        """The hub has heard the end of it, from this process or from one before."""
        return self.acknowledged or self.expires

    @property
    def expires(self) -> bool:
        return self.job is not None and ACKED in self.job.metadata.annotations

    def see(self, job: Job) -> bool:
        """Its Job as it was just told, by a watch or by the answer to a change of ours: the two come through different
        threads, and the older of them may come last. False for one that is older than what is known."""
        with _SEEING:
            if not _newer(job, self.job):
                return False
            self.job = job
            return True

    def known(self) -> Known | None:
        """As a poll tells it; None where its fence cannot be read."""
        fence = self.fence
        if fence is None:
            return None
        uid = None if self.job is None else self.job.metadata.uid
        return Known(
            instruction=self.instruction, attempt=self.attempt, fence=fence, phase=self.phase, job_uid=uid
        )

    def lease_anew(self, delivery: Delivery, now: float) -> None:
        """What was done under an older lease is asked for again; what was found out stays."""
        if self.delivery is not None and self.delivery.order_sha256 != delivery.order_sha256:
            self.order = None
        self.delivery, self.delivered_at = delivery, now
        self.made, self.accepted, self.job_token = None, False, None
        self.furnished = self.told_applied = self.told_running = False
        self.mine, self.failing, self.failures, self.waiting_since = True, None, 0, None


def _newer(one: Job, other: Job | None) -> bool:
    if other is None or one.metadata.uid != other.metadata.uid:
        return True
    versions = one.metadata.resource_version, other.metadata.resource_version
    return not all(version.isdigit() for version in versions) or int(versions[0]) >= int(versions[1])
