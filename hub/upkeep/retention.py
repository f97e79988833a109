"""What is old is removed: runs with all that belongs to them, the audit log, answers kept for repetition, sessions.
How old, each tenant says for runs and audit."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import and_, bindparam, delete, exists, not_, or_, select
from sqlalchemy.sql.elements import BindParameter
from sqlalchemy.sql.expression import Delete

from assay.hub.store.tx import HUB, Tx, mine
from assay.hub.tables import (
    agent_sessions,
    attempts,
    audit,
    batches,
    enrolments,
    fires,
    idempotency,
    instructions,
    reports,
    tenants,
)
from assay.protocol.user import TERMINAL

DAY_US = 86_400 * 1_000_000
KEEP_ANSWERS_US = DAY_US
KEEP_SESSIONS_US = 7 * DAY_US
KEEP_FIRES_US = 90 * DAY_US
TOGETHER = 500
"""Runs that are removed in one transaction."""
_TENANTS = select(tenants.c.tenant, tenants.c.keep_runs_days, tenants.c.keep_audit_days)
_OLD_RUNS = (
    select(instructions.c.id)
    .where(
        mine(instructions),
        instructions.c.queued_at < bindparam("before"),
        not_(
            exists().where(
                attempts.c.tenant == instructions.c.tenant,
                attempts.c.instruction == instructions.c.id,
                or_(
                    attempts.c.state.not_in([state.value for state in TERMINAL]),
                    attempts.c.retry_at.is_not(None),
                    attempts.c.ended_at >= bindparam("before"),
                ),
            )
        ),
    )
    .order_by(instructions.c.id)
    .limit(TOGETHER)
)
_IDS: BindParameter[list[str]] = bindparam("ids", expanding=True)
_OF_RUNS: tuple[Delete, ...] = (
    delete(batches).where(mine(batches), batches.c.run.in_(_IDS)),
    delete(reports).where(mine(reports), reports.c.run.in_(_IDS)),
    delete(attempts).where(mine(attempts), attempts.c.instruction.in_(_IDS)),
    delete(instructions).where(mine(instructions), instructions.c.id.in_(_IDS)),
)
_AUDIT = delete(audit).where(mine(audit), audit.c.at < bindparam("before"))
_ANSWERS = delete(idempotency).where(idempotency.c.created_at < bindparam("before"))
_ENROLMENTS = delete(enrolments).where(enrolments.c.expires_at < bindparam("before"))
_FIRES = delete(fires).where(fires.c.fire_at < bindparam("before"))
_SESSIONS = delete(agent_sessions).where(
    agent_sessions.c.lease_until < bindparam("before"),
    not_(
        exists().where(
            and_(
                attempts.c.tenant == agent_sessions.c.tenant,
                attempts.c.session == agent_sessions.c.id,
                attempts.c.state.not_in([state.value for state in TERMINAL]),
            )
        )
    ),
)
Write = Callable[[str, Callable[[Tx], int]], int]


def remove_old(write: Write) -> int:
    """Removes what has been kept long enough, in small transactions; gives how many runs."""
    write(HUB, _of_hub)
    total = 0
    for tenant, runs, log in _settings(write):
        write(tenant, lambda tx, days=log: tx.changed(_AUDIT, before=tx.now - days * DAY_US))  # type: ignore[misc]
        while done := write(tenant, lambda tx, days=runs: _runs(tx, days)):  # type: ignore[misc]
            total += done
    return total


def _settings(write: Write) -> list[tuple[str, int, int]]:
    found: list[tuple[str, int, int]] = []

    def look(tx: Tx) -> int:
        found[:] = [(row.tenant, row.keep_runs_days, row.keep_audit_days) for row in tx.rows(_TENANTS)]
        return len(found)

    write(HUB, look)
    return found


def _runs(tx: Tx, days: int) -> int:
    ids = [row.id for row in tx.rows(_OLD_RUNS, before=tx.now - days * DAY_US)]
    if ids:
        for statement in _OF_RUNS:
            tx.run(statement, ids=ids)
    return len(ids)


def _of_hub(tx: Tx) -> int:
    tx.run(_ANSWERS, before=tx.now - KEEP_ANSWERS_US)
    tx.run(_ENROLMENTS, before=tx.now - DAY_US)
    tx.run(_FIRES, before=tx.now - KEEP_FIRES_US)
    return tx.changed(_SESSIONS, before=tx.now - KEEP_SESSIONS_US)
