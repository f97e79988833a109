"""What is over by the clock. One statement a rule, with its condition inside, so that any number of hub processes
may run it at any time: what has changed in between is not touched."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import Update, and_, bindparam, case, exists, literal, not_, select
from sqlalchemy.sql.elements import BindParameter, ColumnElement

from assay.hub.endings import BACKOFF_S, LONGEST_BACKOFF_S
from assay.hub.machine import LAPSED, Event, step
from assay.hub.store.tx import HUB, Tx
from assay.hub.store.wake import agent_topic, pool_topic, run_topic
from assay.hub.tables import agent_sessions, attempts
from assay.protocol.agent import ReasonCode
from assay.protocol.crash import crash_point

COMMITTED_GRACE_US = 120_000_000
"""How long a commit waits for its agent's word before it is a success without it."""
_TOLD = (
    attempts.c.tenant,
    attempts.c.instruction,
    attempts.c.attempt,
    attempts.c.pool,
    attempts.c.agent,
    attempts.c.state,
)
_NOW: BindParameter[int] = bindparam("now")


def _session_lives() -> ColumnElement[bool]:
    return exists(
        select(literal(1)).where(
            agent_sessions.c.tenant == attempts.c.tenant,
            agent_sessions.c.id == attempts.c.session,
            agent_sessions.c.lease_until >= _NOW,
            agent_sessions.c.superseded_at.is_(None),
        )
    )


_BACKOFF: ColumnElement[int] = case(
    *(
        (attempts.c.attempt == n, BACKOFF_S * 2 ** (n - 1) * 1_000_000)
        for n in range(1, 6)
        if BACKOFF_S * 2 ** (n - 1) < LONGEST_BACKOFF_S
    ),
    else_=LONGEST_BACKOFF_S * 1_000_000,
)
_RETRY = case((attempts.c.attempt < attempts.c.max_attempts, _NOW + _BACKOFF), else_=None)


def _over(event: Event, *where: Any, **values: Any) -> Update:
    """Attempts whose deadline is over: none of their pods can run any more."""
    return (
        step(event)
        .where(attempts.c.deadline_at < _NOW, *where)
        .values(ended_at=_NOW, **values)
        .returning(*_TOLD)
    )


_ASKED = attempts.c.cancel_requested_at.is_not(None)
RULES: tuple[Update, ...] = (
    step(Event.EXPIRE).where(attempts.c.not_after < _NOW).values(ended_at=_NOW).returning(*_TOLD),
    step(Event.LAPSE)
    .where(not_(_session_lives()))
    .values(session=None, agent=None, lapsed=LAPSED)
    .returning(*_TOLD),
    _over(Event.GIVE_UP_CANCEL, _ASKED, reason_code=ReasonCode.CANCEL_REQUESTED.value),
    _over(
        Event.TIME_OUT,
        and_(not_(_ASKED), _session_lives()),
        reason_code=ReasonCode.DEADLINE_EXCEEDED.value,
        retry_at=_RETRY,
    ),
    _over(Event.FALL_SILENT, and_(not_(_ASKED), not_(_session_lives())), retry_at=_RETRY),
    step(Event.FINISH)
    .where(attempts.c.committed_at < _NOW - COMMITTED_GRACE_US)
    .values(ended_at=_NOW)
    .returning(*_TOLD),
)
Write = Callable[[str, Callable[[Tx], int]], int]


def reap(write: Write) -> int:
    """Applies every rule, each in a transaction of its own; gives how many attempts were changed. `write` is
    `Store.write_now`."""
    return sum(write(HUB, lambda tx, rule=rule: _apply(tx, rule)) for rule in RULES)  # type: ignore[misc]


def _apply(tx: Tx, rule: Update) -> int:
    rows: Sequence[Any] = tx.rows(rule, now=tx.now)
    for row in rows:
        tx.wake(run_topic(row.tenant, row.instruction))
        if row.state == "queued":
            tx.wake(pool_topic(row.tenant, row.pool))
        if row.agent is not None:
            tx.wake(agent_topic(row.tenant, row.agent))
    if rows:
        crash_point("hub-mid-reaper")
    return len(rows)
