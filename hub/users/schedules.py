"""When a contract is run. Changing a schedule makes its next fire time anew; the runs that it made stay."""

from __future__ import annotations

from typing import Any

from sqlalchemy import bindparam, select, update

from assay.hub import bodies
from assay.hub.audit import note
from assay.hub.callers import KeyCaller
from assay.hub.instants import instant_or_none
from assay.hub.refusal import Refusal, not_found
from assay.hub.schedules.cron import BadSchedule, check, next_fire
from assay.hub.schedules.firing import open_schedule, seal_schedule
from assay.hub.store.tx import Tx, mine
from assay.hub.tables import contracts, documents, schedules
from assay.hub.users.pages import Query, after, page
from assay.hub.users.preconditions import Precondition
from assay.protocol.user import Page, Schedule, ScheduleRequest
from assay.protocol.wire import ErrorCode, Nothing, encode

_SCHEDULE = select(schedules).where(mine(schedules), schedules.c.name == bindparam("n"))
_LIST = (
    select(schedules)
    .where(mine(schedules), schedules.c.deleted_at.is_(None), schedules.c.name > bindparam("after"))
    .order_by(schedules.c.name)
    .limit(bindparam("most"))
)
_CONTRACT = select(contracts.c.name).where(
    mine(contracts), contracts.c.name == bindparam("c"), contracts.c.retired_at.is_(None)
)
_WAREHOUSE = select(documents.c.name).where(
    mine(documents),
    documents.c.kind == bodies.WAREHOUSE,
    documents.c.name == bindparam("w"),
    documents.c.deleted_at.is_(None),
)
_FIELDS = ("contract", "cron", "zone", "enabled", "body", "updated_at", "next_fire_at", "revision")
_CHANGE = (
    update(schedules)
    .where(mine(schedules), schedules.c.name == bindparam("n"), schedules.c.revision == bindparam("seen"))
    .values({**{name: bindparam(f"to_{name}") for name in _FIELDS}, "deleted_at": None})
)
_DELETE = (
    update(schedules)
    .where(mine(schedules), schedules.c.name == bindparam("n"), schedules.c.deleted_at.is_(None))
    .values(deleted_at=bindparam("now"), next_fire_at=None)
)


def list_schedules(tx: Tx, caller: KeyCaller, query: Query) -> Page[Schedule]:
    rows = tx.rows(_LIST, after=after(query.cursor), most=query.limit + 1)
    return page(rows, query.limit, lambda row: _shown(tx, row), lambda row: row.name)


def get_schedule(tx: Tx, caller: KeyCaller, name: str) -> Schedule:
    return _shown(tx, _live(tx, name))


def put_schedule(
    tx: Tx, caller: KeyCaller, name: str, request: ScheduleRequest, precondition: Precondition
) -> Schedule:
    """The same schedule again changes nothing, and asks for no precondition."""
    _check(tx, request)
    row = tx.row(_SCHEDULE, n=name)
    there = row is not None and row.deleted_at is None
    if row is not None and there and open_schedule(tx, name, row.body) == request:
        return _shown(tx, row)
    precondition.check(row.revision if row is not None and there else None)
    revision = row.revision + 1 if row is not None else 1
    values: dict[str, Any] = {
        "contract": request.contract,
        "cron": request.cron,
        "zone": request.zone,
        "enabled": request.enabled,
        "body": seal_schedule(tx, name, encode(request)),
        "updated_at": tx.now,
        "next_fire_at": next_fire(request.cron, request.zone, tx.now) if request.enabled else None,
        "revision": revision,
    }
    if row is None:
        tx.add(schedules, name=name, **values)
    elif not tx.changed(_CHANGE, n=name, seen=row.revision, **{f"to_{key}": v for key, v in values.items()}):
        raise Refusal(ErrorCode.PRECONDITION_FAILED, "it was changed at the same moment")
    note(tx, caller.actor, "schedule.put", f"schedule:{name}", revision)
    return _shown(tx, tx.one(_SCHEDULE, n=name))


def delete_schedule(tx: Tx, caller: KeyCaller, name: str) -> Nothing:
    row = _live(tx, name)
    if tx.changed(_DELETE, n=name, now=tx.now):
        note(tx, caller.actor, "schedule.delete", f"schedule:{name}", row.revision)
    return Nothing()


def _check(tx: Tx, request: ScheduleRequest) -> None:
    try:
        check(request.cron, request.zone)
    except BadSchedule as error:
        raise Refusal(ErrorCode.INVALID, str(error), pointer=f"/{error.field}") from None
    if tx.row(_CONTRACT, c=request.contract) is None:
        raise Refusal(ErrorCode.INVALID, "there is no such contract", pointer="/contract")
    if request.warehouse is not None and tx.row(_WAREHOUSE, w=request.warehouse) is None:
        raise Refusal(ErrorCode.INVALID, "there is no such warehouse", pointer="/warehouse")


def _live(tx: Tx, name: str) -> Any:
    row = tx.one(_SCHEDULE, n=name)
    if row.deleted_at is not None:
        raise not_found()
    return row


def _shown(tx: Tx, row: Any) -> Schedule:
    return Schedule(
        name=row.name,
        revision=row.revision,
        schedule=open_schedule(tx, row.name, row.body),
        next_fire_at=instant_or_none(row.next_fire_at),
        last_fire_at=instant_or_none(row.last_fire_at),
    )
