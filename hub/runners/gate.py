"""The start gate: one pod at a time runs an attempt, and none runs one that is over."""

from __future__ import annotations

from typing import Any

from sqlalchemy import bindparam, or_, update

from assay.hub import machine
from assay.hub.callers import JobCaller
from assay.hub.endings import deadline_after
from assay.hub.machine import Event
from assay.hub.refusal import Refusal, conflicting_replay, illegal, not_found, unavailable
from assay.hub.store.tx import Tx
from assay.hub.tables import attempts
from assay.protocol.delivery import (
    EndWord,
    Heartbeat,
    HeartbeatRequest,
    OutcomeRequest,
    Started,
    StartRequest,
)
from assay.protocol.wire import ErrorCode, Nothing, encode, sha256

HEARTBEAT_S = 15
SILENT_US = 45_000_000
"""A pod that was not heard for so long may be followed by another one of the same Job."""
_BEAT = (
    update(attempts)
    .where(
        *machine.SELECTED,
        attempts.c.generation == bindparam("g"),
        or_(attempts.c.state == "running", attempts.c.state == "committed"),
    )
    .values(heartbeat_at=bindparam("now"))
    .returning(attempts.c.cancel_requested_at)
)


def start(tx: Tx, caller: JobCaller, run: str, attempt: int, request: StartRequest) -> Started:
    """Opens the gate to the first pod of a Job that is still wanted, and to a second one only when the first
    was interrupted or is silent."""
    row = read(tx, caller, run, attempt)
    if caller.pod_uid not in (None, request.pod_uid):
        raise Refusal(ErrorCode.FORBIDDEN, "the token is another pod's", pointer="/pod_uid")
    if row.job_fence is None or not row.job_fence <= request.fence <= row.fence:
        raise Refusal(ErrorCode.STALE_FENCE, "the Job was made with another fence")
    if request.plan_sha256 != row.plan_sha256:
        raise Refusal(ErrorCode.PLAN_MISMATCH, "the pod has another plan than the agent has told")
    if machine.is_terminal(row.state) or row.cancel_requested_at is not None:
        raise illegal()
    if tx.now >= row.deadline_at:
        raise Refusal(ErrorCode.EXPIRED, "its deadline is over")
    match row.state:
        case "queued" | "leased":
            raise unavailable(5.0, "the attempt is between two processes of its agent")
        case "accepted" | "applied":
            return _first(tx, row, request)
        case "running" if row.pod_uid == request.pod_uid and not row.interrupted:
            return _again(tx, row, run, attempt)
        case "running" if row.interrupted or row.heartbeat_at + SILENT_US < tx.now:
            return _take_over(tx, row, request)
        case "committed":
            # Nothing is left to do: not a matter of waiting.
            raise illegal()
        case _:
            raise _taken()


def heartbeat(tx: Tx, caller: JobCaller, run: str, attempt: int, request: HeartbeatRequest) -> Heartbeat:
    """The pod is alive. cancel: it should end, because a person asked for it or the attempt is over."""
    _own(caller, run, attempt)
    beat = tx.row(_BEAT, i=run, n=attempt, g=request.generation, now=tx.now)
    if beat is not None:
        return Heartbeat(cancel=beat.cancel_requested_at is not None)
    row = read(tx, caller, run, attempt)
    if request.generation != row.generation:
        raise stale_generation()
    return Heartbeat(cancel=True)


def end_run(tx: Tx, caller: JobCaller, run: str, attempt: int, request: OutcomeRequest) -> Nothing:
    """The last word of a pod that has nothing to commit. It does not end the attempt: its Job does."""
    row = read(tx, caller, run, attempt)
    if request.generation != row.generation:
        raise stale_generation()
    digest = sha256(encode(request))
    if row.word_sha256 is not None:
        if row.word_sha256 != digest:
            raise conflicting_replay()
        return Nothing()
    machine.happen(
        tx,
        Event.LAST_WORD,
        row,
        {"generation": row.generation},
        word_sha256=digest,
        word_reason=request.reason_code.value,
        interrupted=request.word is EndWord.INTERRUPTED,
    )
    return Nothing()


def read(tx: Tx, caller: JobCaller, run: str, attempt: int) -> Any:
    """The attempt that the caller's token is for; any other does not exist for it."""
    _own(caller, run, attempt)
    return machine.read(tx, run, attempt)


def _own(caller: JobCaller, run: str, attempt: int) -> None:
    if (caller.run, caller.attempt) != (run, attempt):
        raise not_found()


def stale_generation() -> Refusal:
    return Refusal(ErrorCode.STALE_FENCE, "another pod has taken over")


def _first(tx: Tx, row: Any, request: StartRequest) -> Started:
    machine.happen(
        tx,
        Event.START,
        row,
        {"fence": row.fence, "generation": row.generation, "cancel_requested_at": None},
        generation=row.generation + 1,
        pod_uid=request.pod_uid,
        started_at=tx.now,
        heartbeat_at=tx.now,
        applied_at=row.applied_at or tx.now,
        deadline_at=min(row.deadline_at, deadline_after(tx.now, row.deadline_s)),
    )
    return _started(tx, row, row.generation + 1, tx.now)


def _again(tx: Tx, row: Any, run: str, attempt: int) -> Started:
    """The pod was not told the first time, however long ago: that it asks is the newest sign of its life."""
    if tx.row(_BEAT, i=run, n=attempt, g=row.generation, now=tx.now) is None:
        raise _taken()
    return _started(tx, row, row.generation, row.started_at)


def _taken() -> Refusal:
    return Refusal(ErrorCode.ALREADY_STARTED, "another pod runs this attempt", retry_after=15.0)


def _take_over(tx: Tx, row: Any, request: StartRequest) -> Started:
    machine.happen(
        tx,
        Event.TAKE_OVER,
        row,
        {"generation": row.generation, "pod_uid": row.pod_uid, "cancel_requested_at": None},
        generation=row.generation + 1,
        pod_uid=request.pod_uid,
        heartbeat_at=tx.now,
        interrupted=False,
        word_sha256=None,
        word_reason=None,
    )
    return _started(tx, row, row.generation + 1, row.started_at)


def _started(tx: Tx, row: Any, generation: int, started_at: int) -> Started:
    left = started_at + row.deadline_s * 1_000_000 - tx.now
    return Started(generation=generation, heartbeat_s=HEARTBEAT_S, deadline_s=max(0, left) / 1_000_000)
