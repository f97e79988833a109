"""A tenant's caps, which hold however many hub processes work for it at once.

A row of `loads` for each cap. `most` is never less than what there is: it grows with everything that comes in, under
the row's lock, which the transaction keeps to its end; what goes out does not lessen it. Where it has come to the cap,
it is counted anew. So nobody counts thousands of rows for every claim, and no two processes pass a cap together. What
comes back to the queue by itself, which nobody may refuse, is seen when it is counted next.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import Executable, Update, bindparam, case, func, or_, select, update

from assay.hub.refusal import busy
from assay.hub.store.tx import Tx, mine
from assay.hub.tables import attempts, loads, tenants
from assay.hub.tables.work import LIVE

MINUTE_US = 60_000_000
RECOUNT_US = 1_000_000
MANY = 2_000
"""A cap above which what is full is not counted anew more often than every `RECOUNT_US`."""


class Load(StrEnum):
    QUEUED = "queued"
    RUNNING = "running"
    RESULTS = "results"


@dataclass(frozen=True, slots=True)
class _Cap:
    """room: adds `n` where that is within the cap. look: the row as it is, kept from others until the end."""

    room: Update
    look: Executable


def _cap(name: str) -> _Cap:
    most = select(tenants.c[name]).where(mine(tenants)).scalar_subquery()
    own = (mine(loads), loads.c.what == bindparam("w"))
    return _Cap(
        update(loads)
        .where(*own, loads.c.counted_at.is_not(None), loads.c.most + bindparam("n") <= most)
        .values(most=loads.c.most + bindparam("n"))
        .returning(loads.c.most),
        select(loads.c.most, loads.c.counted_at, most.label("cap")).where(*own).with_for_update(),
    )


_CAPS = {Load.QUEUED: _cap("max_queued"), Load.RUNNING: _cap("max_running")}
_COUNT = {
    Load.QUEUED: select(func.count()).where(mine(attempts), attempts.c.state == "queued"),
    Load.RUNNING: select(func.count()).where(mine(attempts), attempts.c.state.in_(LIVE)),
}
_SET = (
    update(loads)
    .where(mine(loads), loads.c.what == bindparam("w"))
    .values(most=bindparam("to_most"), counted_at=bindparam("to_counted_at"))
)
_MORE = (
    update(loads)
    .where(mine(loads), loads.c.what == bindparam("w"))
    .values(most=loads.c.most + bindparam("n"))
)
_OVER = loads.c.counted_at <= bindparam("now") - MINUTE_US
_SPEND = (
    update(loads)
    .where(
        mine(loads),
        loads.c.what == Load.RESULTS.value,
        or_(
            _OVER,
            loads.c.most + bindparam("n")
            <= select(tenants.c.max_results_a_minute).where(mine(tenants)).scalar_subquery(),
        ),
    )
    .values(
        most=case((_OVER, 0), else_=loads.c.most) + bindparam("n"),
        counted_at=case((_OVER, bindparam("now")), else_=loads.c.counted_at),
    )
)
_SPENT = select(loads.c.counted_at).where(mine(loads), loads.c.what == Load.RESULTS.value)


def enter(tx: Tx, load: Load, wanted: int) -> int:
    """Lets in as many as the cap has room for, and gives how many. Where it is none, nothing has come in."""
    cap = _CAPS[load]
    if tx.row(cap.room, w=load.value, n=wanted) is not None:
        return wanted
    row = tx.row(cap.look, w=load.value)
    if row is None:
        tx.add_once(loads, what=load.value, most=0, counted_at=None)
        row = tx.one(cap.look, w=load.value)
    there, counted_at = row.most, row.counted_at
    if counted_at is None or row.cap <= MANY or counted_at + RECOUNT_US <= tx.now:
        there, counted_at = tx.one(_COUNT[load])[0], tx.now
    given = max(0, min(wanted, row.cap - there))
    if given or row.cap > MANY:
        tx.run(_SET, w=load.value, to_most=there + given, to_counted_at=counted_at)
    return int(given)


def enter_all(tx: Tx, load: Load, count: int) -> None:
    """What may not be refused counts too."""
    tx.run(_MORE, w=load.value, n=count)


def spend_results(tx: Tx, count: int) -> None:
    """Counts results that have come in this minute; refused until the next where they are too many."""
    if tx.changed(_SPEND, n=count, now=tx.now):
        return
    row = tx.row(_SPENT)
    if row is not None:
        left = (row.counted_at + MINUTE_US - tx.now) / 1_000_000
        raise busy(max(1.0, left), "this tenant's results of a minute are used up")
    tx.add_once(loads, what=Load.RESULTS.value, most=count, counted_at=tx.now)
