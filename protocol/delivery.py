"""Messages between runner and hub: a start that only one pod gets, results in batches, one commit.

A generation counts the pods that were let through the start gate of an attempt; writes of an older one are
refused. A batch is identified by (run, attempt, generation, seq): the same bytes again are answered as the
first time, others are refused.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from msgspec import Meta

from assay.protocol.agent import ReasonCode
from assay.protocol.report import CheckResult, Code, Count, Outcome, Report, Summary
from assay.protocol.wire import (
    MAX_BATCHES,
    MAX_CHECKS,
    Answer,
    ContractName,
    Digest,
    Fence,
    Instant,
    Request,
    Seconds,
    Uid,
    encode,
    sha256,
)

Generation = Annotated[int, Meta(ge=1, le=1000)]
BATCH_CHECKS = 500
"""Results that a runner puts into one batch."""


class StartRequest(Request, frozen=True):
    """plan_sha256: the bundle that the pod has before it."""

    fence: Fence
    pod_uid: Uid
    runner_version: Annotated[str, Meta(max_length=40)]
    plan_sha256: Digest


class Started(Answer, frozen=True):
    """The gate is open for this pod. deadline_s: from now."""

    generation: Generation
    heartbeat_s: Seconds
    deadline_s: Seconds


class HeartbeatRequest(Request, frozen=True):
    generation: Generation


class Heartbeat(Answer, frozen=True):
    cancel: bool


class ResultsRequest(Request, frozen=True):
    generation: Generation
    checks: Annotated[tuple[CheckResult, ...], Meta(max_length=MAX_CHECKS)]


class CommitRequest(Request, frozen=True):
    """The report without its checks, and what the batches were: their number and the digest of their digests
    (`wire.root_sha256`). Everything becomes readable at once, or nothing does."""

    generation: Generation
    count: Annotated[int, Meta(ge=1, le=MAX_BATCHES)]
    root_sha256: Digest
    bundle: Digest
    contract: ContractName
    version: Annotated[str, Meta(max_length=100)]
    dialect: Code
    now: Instant
    seconds: Seconds
    outcome: Outcome
    summary: Summary
    scans: Count = 0
    store_failed: bool = False
    store_code: Code | None = None


class EndWord(StrEnum):
    INTERRUPTED = "interrupted"
    ERROR = "error"


class OutcomeRequest(Request, frozen=True):
    """The runner's last word where there is nothing to commit. `interrupted` opens the gate to another pod."""

    generation: Generation
    word: EndWord
    reason_code: ReasonCode
    code: Code | None = None


class Outgoing(Answer, frozen=True):
    """What waits in the warehouse's outbox until the hub has it: a report, and the digest of the parameters that
    the run had (`params_sha256`). Another attempt of the same run delivers it, where it would compute the same."""

    params_sha256: Digest
    report: Report


def params_sha256(params: dict[str, str]) -> str:
    return sha256(encode(params))
