"""What an agent says about one attempt. Each word carries the fence that it was leased with; the same word again
is answered as the first time, another one in its place is refused."""

from __future__ import annotations

from typing import Any

from sqlalchemy import bindparam, select

from assay.hub import machine, tokens
from assay.hub.agents.orders import instruction_of
from assay.hub.callers import AgentCaller
from assay.hub.endings import complete_as, deadline_after
from assay.hub.machine import Event
from assay.hub.refusal import Refusal, conflicting_replay, illegal
from assay.hub.store.tx import Tx, mine
from assay.hub.store.wake import pool_topic
from assay.hub.tables import agents, attempts
from assay.hub.tokens import TokenKind
from assay.protocol.agent import (
    Accepted,
    AcceptRequest,
    CompleteRequest,
    EventRequest,
    Phase,
    ReleaseRequest,
    job_name,
)
from assay.protocol.wire import ErrorCode, Nothing, encode, sha256

RELEASED_US = 10_000_000
"""How long what was given back rests in the queue."""
_CLUSTER = select(agents.c.cluster).where(mine(agents), agents.c.id == bindparam("a"))


def accept(tx: Tx, caller: AgentCaller, instruction: str, attempt: int, request: AcceptRequest) -> Accepted:
    """The agent's plan means the checks that were published; from now on the attempt stays in its cluster."""
    row = _held(tx, caller, instruction, attempt, request.fence)
    if row.state != "leased":
        if (row.plan_sha256, row.job_auth) != (request.plan_sha256, request.job_auth):
            raise conflicting_replay() if row.plan_sha256 else illegal()
        return Accepted(job_token=_open_token(tx, row))
    if tx.now >= row.not_after:
        raise Refusal(ErrorCode.EXPIRED, "its time to start is over")
    if request.order_sha256 != row.order_sha256:
        raise Refusal(ErrorCode.PLAN_MISMATCH, "this is not the order of this attempt")
    if request.checks_sha256 != instruction_of(tx, instruction).checks_sha256:
        raise Refusal(ErrorCode.PLAN_MISMATCH, "the plan has other checks than the published contract")
    if request.job_name != job_name(instruction, attempt):
        raise Refusal(ErrorCode.INVALID, "an attempt's Job has one name", pointer="/job_name")
    token, kept = _job_token(tx, row, request)
    _happen(
        tx,
        Event.ACCEPT,
        row,
        accepted_at=tx.now,
        cluster=tx.one(_CLUSTER, a=caller.agent).cluster,
        job_fence=row.job_fence or row.fence,
        plan_sha256=request.plan_sha256,
        job_name=request.job_name,
        job_auth=request.job_auth,
        deadline_at=deadline_after(row.not_after, row.deadline_s),
        **kept,
    )
    return Accepted(job_token=token)


def report_event(
    tx: Tx, caller: AgentCaller, instruction: str, attempt: int, request: EventRequest
) -> Nothing:
    """Where the Job stands. What was said before is not said again; numbers only grow."""
    row = _held(tx, caller, instruction, attempt, request.fence)
    digest = sha256(encode(request))
    if row.event_seq is not None and request.seq <= row.event_seq:
        if request.seq == row.event_seq and digest != row.event_sha256:
            raise conflicting_replay()
        return Nothing()
    if row.job_uid is not None and request.job_uid not in (None, row.job_uid):
        raise Refusal(ErrorCode.CONFLICT, "the attempt has another Job already", pointer="/job_uid")
    applied = request.phase in (Phase.APPLIED, Phase.RUNNING, Phase.ENDED)
    told: dict[str, Any] = {
        "event_seq": request.seq,
        "event_sha256": digest,
        "job_uid": request.job_uid or row.job_uid,
        "pod_name": request.pod_name or row.pod_name,
    }
    if row.state == "accepted" and applied:
        by = min(row.deadline_at, deadline_after(tx.now, row.deadline_s))
        _happen(tx, Event.APPLY, row, applied_at=tx.now, deadline_at=by, **told)
    else:
        _happen(tx, Event.REPORT, row, **told)
    return Nothing()


def complete(
    tx: Tx, caller: AgentCaller, instruction: str, attempt: int, request: CompleteRequest
) -> Nothing:
    """The Job is over, or cannot be. A commit wins over whatever became of the Job."""
    row = _held(tx, caller, instruction, attempt, request.fence)
    digest = sha256(encode(request))
    event, values = complete_as(tx.now, row, request)
    if machine.is_terminal(row.state):
        said = row.reported_sha256
        if said == digest or (said is None and row.state == request.outcome.value):
            return Nothing()
        raise conflicting_replay() if said else illegal()
    if event is None:
        raise illegal()
    _happen(tx, event, row, reported_sha256=digest, exit_code=request.exit_code, **values)
    return Nothing()


def release(tx: Tx, caller: AgentCaller, instruction: str, attempt: int, request: ReleaseRequest) -> Nothing:
    """Not here, not now: back into the queue, under the same number, behind a short rest."""
    row = machine.read(tx, instruction, attempt)
    if row.state == "queued" and row.fence == request.fence:
        return Nothing()
    row = _held(tx, caller, instruction, attempt, request.fence)
    _happen(
        tx,
        Event.RELEASE,
        row,
        session=None,
        agent=None,
        not_before=tx.now + RELEASED_US,
        reason_code=request.reason_code.value,
    )
    tx.wake(pool_topic(tx.tenant, row.pool))
    return Nothing()


def _held(tx: Tx, caller: AgentCaller, instruction: str, attempt: int, fence: int) -> Any:
    """The attempt, if this agent holds it with this fence."""
    row = machine.read(tx, instruction, attempt)
    if row.fence != fence or row.agent != caller.agent:
        raise Refusal(ErrorCode.STALE_FENCE, "the attempt was leased anew since")
    return row


def _happen(tx: Tx, event: Event, row: Any, **values: Any) -> None:
    """The event, if nothing has changed since the row was read."""
    seen = {
        "fence": row.fence,
        "agent": row.agent,
        "state": row.state,
        "event_seq": row.event_seq,
        "cancel_requested_at": row.cancel_requested_at,
    }
    machine.happen(tx, event, row, seen, **values)


def _job_token(tx: Tx, row: Any, request: AcceptRequest) -> tuple[str | None, dict[str, Any]]:
    """What the pod will say who it is with: the token of an accept before this one, or a new one."""
    if request.job_auth != "token":
        return None, {}
    if row.job_token is not None:
        return _open_token(tx, row), {}
    token = tokens.mint(TokenKind.JOB)
    sealed = tx.seal(attempts, f"{row.instruction}/{row.attempt}", token.encode())
    return token, {"job_token": sealed, "job_token_hash": tokens.hash_of(token)}


def _open_token(tx: Tx, row: Any) -> str | None:
    if row.job_token is None or row.job_auth != "token":
        return None
    return tx.open(attempts, f"{row.instruction}/{row.attempt}", row.job_token).decode()
