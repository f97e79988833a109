"""The poll: one request renews every lease of the agent and says what it should do."""

from __future__ import annotations

from typing import Any

from sqlalchemy import and_, bindparam, select, update

from assay.hub.agents.claiming import TOLD, claim, claim_known, delivery
from assay.hub.agents.sessions import LEASE_S
from assay.hub.callers import AgentCaller
from assay.hub.machine import is_terminal
from assay.hub.refusal import Refusal
from assay.hub.store.tx import Tx, mine
from assay.hub.tables import agent_sessions, attempts
from assay.hub.tables.work import LIVE
from assay.protocol.agent import Delivery, Held, Known, Phase, Poll, PollRequest, Reference
from assay.protocol.crash import crash_point
from assay.protocol.wire import ErrorCode

IDLE_MS = 10_000
"""Until the next poll of an agent that does not wait for its answer."""
AGAIN_MS = 500
"""Until the next poll of one that waits, or that was just given something."""
BUSY_BACKLOG = 200
"""Transactions that wait for the store at which agents are asked to come half as often."""
_RENEW = (
    update(agent_sessions)
    .where(
        mine(agent_sessions),
        agent_sessions.c.id == bindparam("s"),
        agent_sessions.c.agent == bindparam("a"),
        agent_sessions.c.superseded_at.is_(None),
    )
    .values(lease_until=bindparam("until"))
    .returning(
        agent_sessions.c.id,
        agent_sessions.c.agent,
        agent_sessions.c.epoch,
        agent_sessions.c.pool,
        agent_sessions.c.cluster,
        agent_sessions.c.protocol,
    )
)
_HELD = select(*TOLD, attempts.c.state, attempts.c.cancel_requested_at).where(
    mine(attempts), attempts.c.session == bindparam("s"), attempts.c.state.in_(LIVE)
)
_OTHERS = (
    select(
        attempts.c.instruction,
        attempts.c.attempt,
        attempts.c.state,
        attempts.c.cluster,
        attempts.c.job_fence,
        attempts.c.session,
        attempts.c.cancel_requested_at,
        agent_sessions.c.lease_until.label("session_until"),
        agent_sessions.c.superseded_at.label("session_over"),
    )
    .outerjoin(
        agent_sessions,
        and_(agent_sessions.c.tenant == attempts.c.tenant, agent_sessions.c.id == attempts.c.session),
    )
    .where(mine(attempts), attempts.c.instruction.in_(bindparam("ids", expanding=True)))
)
_ADOPT = (
    update(attempts)
    .where(
        mine(attempts),
        attempts.c.instruction == bindparam("i"),
        attempts.c.attempt == bindparam("n"),
        attempts.c.session == bindparam("old"),
        attempts.c.state.in_(("applied", "running", "committed")),
    )
    .values(session=bindparam("s"), agent=bindparam("a"))
)
Key = tuple[str, int]


def poll(tx: Tx, caller: AgentCaller, request: PollRequest) -> Poll:
    """Renews the session's lease, repeats what the agent does not know yet, and claims for its free slots."""
    session = tx.row(_RENEW, s=request.session, a=caller.agent, until=tx.now + LEASE_S * 1_000_000)
    if session is None or session.epoch != request.epoch:
        raise Refusal(ErrorCode.SESSION_SUPERSEDED, "another process of this agent has begun")
    known = {(item.instruction, item.attempt): item for item in request.known}
    deliver: dict[Key, Delivery] = {}
    cancel: list[Reference] = []
    unnamed: list[Held] = []
    for row in tx.rows(_HELD, s=session.id):
        seen = known.pop((row.instruction, row.attempt), None)
        if seen is None and row.state in ("applied", "running", "committed"):
            unnamed.append(Held(instruction=row.instruction, attempt=row.attempt, fence=row.fence))
        if row.state == "leased":
            if seen is None or seen.fence != row.fence:
                deliver[row.instruction, row.attempt] = delivery(tx, row)
        elif _is_unwanted(row):
            cancel.append(_reference(row))
    orphans, forget = _settle(tx, session, known, cancel) if known else ([], [])
    rows = claim_known(tx, session, orphans) if orphans else []
    free = request.free_slots - len(deliver)
    if free > 0:
        rows += claim(tx, session, free, [kind.value for kind in request.kinds])
    for row in rows:
        deliver[row.instruction, row.attempt] = delivery(tx, row)
    crash_point("hub-after-claim")
    return Poll(
        next_poll_ms=_pace(tx, request, bool(deliver)),
        deliver=tuple(deliver.values()),
        cancel=tuple(cancel),
        forget=tuple(item for item in forget if (item.instruction, item.attempt) not in deliver),
        unnamed=tuple(unnamed),
    )


def _settle(
    tx: Tx, session: Any, known: dict[Key, Known], cancel: list[Reference]
) -> tuple[list[Key], list[Reference]]:
    """What the agent knows and this session does not hold: adopted, claimed anew, ended or forgotten."""
    ids = sorted({instruction for instruction, _ in known})
    found = {(row.instruction, row.attempt): row for row in tx.rows(_OTHERS, ids=ids)}
    orphans: list[Key] = []
    forget: list[Reference] = []
    for key, item in known.items():
        row = found.get(key)
        if row is None or is_terminal(row.state):
            _end(item, cancel, forget)
        elif row.state == "queued":
            if row.job_fence is not None and row.cluster == session.cluster:
                orphans.append(key)
            else:
                _end(item, cancel, forget)
        elif _is_held(row, tx.now):
            forget.append(Reference(instruction=item.instruction, attempt=item.attempt))
        elif row.cluster == session.cluster and _adopt(tx, session, row) and _is_unwanted(row):
            cancel.append(_reference(row))
    return orphans, forget


def _adopt(tx: Tx, session: Any, row: Any) -> bool:
    """What runs in this cluster and whose agent is gone is this one's from now on."""
    key = {"i": row.instruction, "n": row.attempt}
    return bool(tx.changed(_ADOPT, **key, old=row.session, s=session.id, a=session.agent))


def _is_unwanted(row: Any) -> bool:
    return row.cancel_requested_at is not None and row.state != "committed"


def _end(item: Known, cancel: list[Reference], forget: list[Reference]) -> None:
    """A Job that nobody wants is ended first, and forgotten when it is over."""
    over = item.phase in (Phase.DELIVERED, Phase.ENDED)
    (forget if over else cancel).append(Reference(instruction=item.instruction, attempt=item.attempt))


def _is_held(row: Any, now: int) -> bool:
    return row.session_over is None and row.session_until is not None and row.session_until >= now


def _reference(row: Any) -> Reference:
    return Reference(instruction=row.instruction, attempt=row.attempt)


def _pace(tx: Tx, request: PollRequest, given: bool) -> int:
    base = AGAIN_MS if given or request.wait_s > 0 else IDLE_MS
    return round(base * (1 + tx.backlog / BUSY_BACKLOG))
