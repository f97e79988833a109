"""Handing out what is queued: fairly within a pool, to one session each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import bindparam, or_, select, tuple_

from assay.hub.loads import Load, enter, enter_all
from assay.hub.machine import Event, step
from assay.hub.store.tx import Tx, mine
from assay.hub.store.wake import run_topic
from assay.hub.tables import attempts
from assay.protocol.agent import Delivery, Kind

MOST = 100
"""Claims of one poll."""
TOLD = (
    attempts.c.instruction,
    attempts.c.attempt,
    attempts.c.fence,
    attempts.c.kind,
    attempts.c.order_sha256,
    attempts.c.not_after,
    attempts.c.deadline_s,
    attempts.c.lapsed,
)
"""What a delivery tells."""
_QUEUED = (
    select(attempts.c.instruction, attempts.c.attempt)
    .where(
        mine(attempts),
        attempts.c.pool == bindparam("p"),
        attempts.c.state == "queued",
        attempts.c.kind.in_(bindparam("kinds", expanding=True)),
        attempts.c.min_protocol <= bindparam("protocol"),
        or_(attempts.c.cluster.is_(None), attempts.c.cluster == bindparam("c")),
        attempts.c.not_before <= bindparam("now"),
        attempts.c.not_after > bindparam("now"),
    )
    .order_by(attempts.c.fair_key, attempts.c.instruction)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True)
)
_CLAIM = (
    step(Event.CLAIM)
    .where(
        mine(attempts),
        attempts.c.instruction.in_(bindparam("ids", expanding=True)),  # the primary key's index needs it
        tuple_(attempts.c.instruction, attempts.c.attempt).in_(bindparam("keys", expanding=True)),
        attempts.c.not_after > bindparam("now"),
    )
    .values(
        fence=attempts.c.fence + 1,
        session=bindparam("s"),
        agent=bindparam("a"),
        leased_at=bindparam("now"),
    )
    .returning(*TOLD)
)


def claim(tx: Tx, session: Any, free: int, kinds: list[str]) -> list[Any]:
    """Leases up to `free` queued attempts of the session's pool to it, what waited longest first."""
    if not kinds:
        return []
    queued = tx.rows(
        _QUEUED,
        p=session.pool,
        c=session.cluster,
        kinds=kinds,
        protocol=session.protocol,
        now=tx.now,
        most=min(free, MOST),
    )
    if not queued:
        return []
    room = enter(tx, Load.RUNNING, len(queued))
    return _lease(tx, session, [(row.instruction, row.attempt) for row in queued[:room]])


def claim_known(tx: Tx, session: Any, keys: Sequence[tuple[str, int]]) -> list[Any]:
    """Leases these, as far as they are still queued, in their order and whatever the cap: they run already."""
    enter_all(tx, Load.RUNNING, len(keys))
    return _lease(tx, session, keys)


def _lease(tx: Tx, session: Any, keys: Sequence[tuple[str, int]]) -> list[Any]:
    if not keys:
        return []
    ids = [instruction for instruction, _ in keys]
    rows = tx.rows(_CLAIM, ids=ids, keys=list(keys), s=session.id, a=session.agent, now=tx.now)
    for row in rows:
        tx.wake(run_topic(tx.tenant, row.instruction))
    order = {key: number for number, key in enumerate(keys)}
    return sorted(rows, key=lambda row: order[row.instruction, row.attempt])


def delivery(tx: Tx, row: Any) -> Delivery:
    return Delivery(
        instruction=row.instruction,
        attempt=row.attempt,
        fence=row.fence,
        kind=Kind(row.kind),
        order_sha256=row.order_sha256,
        start_s=max(0, row.not_after - tx.now) / 1_000_000,
        deadline_s=row.deadline_s,
        lapsed=row.lapsed,
    )
