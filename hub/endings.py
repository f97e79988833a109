"""How an attempt ends, and whether another follows. Rules only: who applies them writes."""

from __future__ import annotations

from typing import Any

from assay.hub.machine import Event
from assay.protocol.agent import AttemptOutcome, CompleteRequest
from assay.protocol.agent import ReasonCode as R

GRACE_S = 60
"""What a cluster gives a pod to end, after the deadline of its Job."""
MARGIN_S = 60
"""What is kept in hand for clocks that differ."""
BACKOFF_S = 30
"""Before the second attempt; twice as long before each next one, ten minutes at most."""
LONGEST_BACKOFF_S = 600
RETRYABLE = frozenset(
    (R.JOB_FAILED, R.JOB_MISSING, R.JOB_DELETED, R.DEADLINE_EXCEEDED, R.EVICTED, R.SOURCE_UNAVAILABLE,
     R.RESULT_UNDELIVERED, R.RESULT_MISSING, R.FENCED, R.INTERRUPTED, R.START_TIMEOUT, R.IMAGE_PULL,
     R.UNSCHEDULABLE, R.QUOTA, R.CLUSTER_UNAVAILABLE, R.SHUTTING_DOWN)
)  # fmt: skip
"""Reasons after which the same may succeed; after all others it would fail again."""


def deadline_after(start: int, deadline_s: int) -> int:
    """When a Job that started at `start` cannot run any more, whoever is silent."""
    return start + (deadline_s + GRACE_S + MARGIN_S) * 1_000_000


def backoff_us(attempt: int) -> int:
    return int(min(BACKOFF_S * 2 ** (attempt - 1), LONGEST_BACKOFF_S)) * 1_000_000


def complete_as(now: int, row: Any, request: CompleteRequest) -> tuple[Event | None, dict[str, Any]]:
    """What the agent's last word means in the state that the attempt is in; None where it means nothing."""
    if row.state == "committed":
        warning = request.outcome is not AttemptOutcome.SUCCEEDED
        return Event.FINISH, {
            "ended_at": now,
            "warning": warning,
            "reason_code": request.reason_code.value,
        }
    if row.state == "leased":
        if request.outcome is not AttemptOutcome.FAILED:
            return None, {}
        return Event.REJECT, _failed(now, row, request.reason_code)
    if row.state not in ("accepted", "applied", "running"):
        return None, {}
    if row.cancel_requested_at is not None:
        return Event.CONFIRM_CANCEL, {"ended_at": now, "reason_code": R.CANCEL_REQUESTED.value}
    match request.outcome:
        case AttemptOutcome.LOST:
            return Event.LOSE, _lost(now, row, request.reason_code)
        case AttemptOutcome.SUCCEEDED:
            return Event.FAIL, _failed(now, row, R.RESULT_MISSING)
        case AttemptOutcome.FAILED | AttemptOutcome.CANCELLED:
            reason = request.reason_code
            if reason is R.JOB_FAILED and row.word_reason is not None:
                reason = R(row.word_reason)
            return Event.FAIL, _failed(now, row, reason)


def _failed(now: int, row: Any, reason: R) -> dict[str, Any]:
    """The Job was seen over: the next attempt may start after a pause."""
    retry = reason in RETRYABLE and row.attempt < row.max_attempts
    return {
        "ended_at": now,
        "reason_code": reason.value,
        "retry_at": now + backoff_us(row.attempt) if retry else None,
    }


def _lost(now: int, row: Any, reason: R) -> dict[str, Any]:
    """The Job is missing, but a pod that has passed the start gate may still run, until its deadline."""
    values = _failed(now, row, reason)
    if values["retry_at"] is not None and row.state == "running":
        values["retry_at"] = max(values["retry_at"], row.deadline_at)
    return values
