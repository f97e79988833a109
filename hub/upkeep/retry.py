"""The attempt after a failed one. It is queued only at `retry_at`, which lies behind everything that the attempt
before it can still do: its Job was seen over, or its deadline has passed."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import bindparam, select, update

from assay.hub import machine
from assay.hub.runs.queueing import queue_next
from assay.hub.store.tx import HUB, Tx
from assay.hub.tables import attempts

TOGETHER = 50
"""Retries of one transaction."""
_DUE = (
    select(
        attempts.c.tenant,
        attempts.c.instruction,
        attempts.c.attempt,
        attempts.c.fence,
        attempts.c.retry_at,
    )
    .where(attempts.c.retry_at <= bindparam("now"))
    .order_by(attempts.c.retry_at)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True)
)
_TAKE = (
    update(attempts).where(*machine.SELECTED, attempts.c.retry_at == bindparam("seen")).values(retry_at=None)
)


def queue_retries(write: Callable[[str, Callable[[Tx], int]], int]) -> int:
    """Queues what is due; gives how many. `write` is `Store.write_now`."""
    total = 0
    while done := write(HUB, _some):
        total += done
    return total


def _some(tx: Tx) -> int:
    rows = tx.rows(_DUE, now=tx.now, most=TOGETHER)
    for row in rows:
        own = tx.acting(row.tenant)
        if own.changed(_TAKE, i=row.instruction, n=row.attempt, seen=row.retry_at):
            queue_next(own, row.instruction, row.attempt, row.fence)
    return len(rows)
