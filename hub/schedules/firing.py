"""Schedules that are due queue their runs. What was missed while no hub was there is made up for once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec
import structlog
from sqlalchemy import bindparam, exists, or_, select, update

from assay.hub.keyring import KeyProblem
from assay.hub.refusal import Refusal
from assay.hub.runs.queueing import Order, queue_run
from assay.hub.schedules.cron import BadSchedule, last_fire, next_fire
from assay.hub.store.tx import HUB, Tx, mine
from assay.hub.tables import attempts, fires, instructions, schedules
from assay.protocol.crash import crash_point
from assay.protocol.decoding import decode
from assay.protocol.user import TERMINAL, ScheduleRequest
from assay.protocol.wire import ErrorCode

TOGETHER = 50
"""Schedules of one transaction."""
log = structlog.get_logger("assay.hub.schedules")
_DUE = (
    select(schedules)
    .where(schedules.c.next_fire_at <= bindparam("now"))
    .order_by(schedules.c.next_fire_at)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True)
)
_TAKE = (
    update(schedules)
    .where(
        mine(schedules),
        schedules.c.name == bindparam("s"),
        schedules.c.next_fire_at == bindparam("seen"),
        schedules.c.revision == bindparam("r"),
    )
    .values(next_fire_at=bindparam("next"), last_fire_at=bindparam("last"))
)
_RUNNING = select(
    exists().where(
        mine(instructions),
        instructions.c.schedule == bindparam("s"),
        attempts.c.tenant == instructions.c.tenant,
        attempts.c.instruction == instructions.c.id,
        attempts.c.attempt == instructions.c.attempt,
        or_(
            attempts.c.state.not_in([state.value for state in TERMINAL]),
            attempts.c.retry_at.is_not(None),
        ),
    )
)


def fire_due(write: Callable[[str, Callable[[Tx], int]], int]) -> int:
    """Fires what is due; gives how many schedules. `write` is `Store.write_now`."""
    total = 0
    while done := write(HUB, _some):
        total += done
    return total


def seal_schedule(tx: Tx, name: str, request: bytes) -> bytes:
    """A schedule's body: its request, in canonical bytes."""
    return tx.seal(schedules, name, request)


def open_schedule(tx: Tx, name: str, sealed: bytes) -> ScheduleRequest:
    return decode(tx.open(schedules, name, sealed), ScheduleRequest)


def _some(tx: Tx) -> int:
    rows = tx.rows(_DUE, now=tx.now, most=TOGETHER)
    for row in rows:
        _fire(tx.acting(row.tenant), row)
    return len(rows)


def _fire(tx: Tx, row: Any) -> None:
    """Moves the schedule on, and queues a run for the newest of the fire times that have come."""
    try:
        request = open_schedule(tx, row.name, row.body)
        fire_at, missed = last_fire(row.cron, row.zone, row.next_fire_at, tx.now)
        following = next_fire(row.cron, row.zone, max(fire_at, tx.now))
    except (BadSchedule, KeyProblem, msgspec.DecodeError) as error:
        log.error("a schedule cannot fire, and is off now", schedule=row.name, kind=type(error).__name__)
        tx.run(_TAKE, s=row.name, seen=row.next_fire_at, r=row.revision, next=None, last=row.last_fire_at)
        return
    if not tx.changed(_TAKE, s=row.name, seen=row.next_fire_at, r=row.revision, next=following, last=fire_at):
        return
    if tx.add_once(fires, schedule=row.name, fire_at=fire_at, fired_at=tx.now, missed=missed):
        _queue(tx, row, request, fire_at)
        crash_point("hub-mid-schedule")


_RAN = (
    update(fires)
    .where(mine(fires), fires.c.schedule == bindparam("s"), fires.c.fire_at == bindparam("at"))
    .values(run=bindparam("i"), left_out=bindparam("why"))
)


def _queue(tx: Tx, row: Any, request: ScheduleRequest, fire_at: int) -> None:
    run, why = None, None
    if fire_at + request.start_s * 1_000_000 <= tx.now:
        why = "too_late"
    elif request.concurrency == "forbid" and tx.one(_RUNNING, s=row.name)[0]:
        why = "still_running"
    else:
        try:
            run = queue_run(tx, f"schedule:{row.name}", _order(request, row.name, fire_at))
        except Refusal as refusal:  # it refuses before it has written anything
            why = "queue_full" if refusal.code is ErrorCode.TOO_MANY_REQUESTS else "not_possible"
    tx.run(_RAN, s=row.name, at=fire_at, i=run, why=why)


def _order(request: ScheduleRequest, name: str, fire_at: int) -> Order:
    return Order(
        contract=request.contract,
        pool=request.pool,
        params=request.params,
        warehouse=request.warehouse,
        max_attempts=request.max_attempts,
        deadline_s=request.deadline_s,
        start_s=request.start_s,
        schedule=name,
        fire_at=fire_at,
    )
