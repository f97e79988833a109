"""Runs as people see them. Results are readable only once they are committed, all at once."""

from __future__ import annotations

from typing import Any

from sqlalchemy import and_, bindparam, or_, select

from assay.hub.callers import KeyCaller
from assay.hub.instants import instant, instant_or_none
from assay.hub.refusal import not_found
from assay.hub.runners.results import read_checks
from assay.hub.store.tx import Tx, mine
from assay.hub.tables import attempts, instructions, reports
from assay.protocol import report as documents
from assay.protocol.agent import ReasonCode
from assay.protocol.decoding import decode
from assay.protocol.delivery import CommitRequest
from assay.protocol.report import Outcome, Report
from assay.protocol.user import Results, Run, RunState

_COLUMNS = (
    instructions.c.id,
    instructions.c.contract,
    instructions.c.version,
    instructions.c.pool,
    instructions.c.attempt,
    instructions.c.schedule,
    instructions.c.fire_at,
    instructions.c.queued_at,
    attempts.c.state,
    attempts.c.agent,
    attempts.c.leased_at,
    attempts.c.accepted_at,
    attempts.c.applied_at,
    attempts.c.started_at,
    attempts.c.committed_at,
    attempts.c.ended_at,
    attempts.c.reason_code,
    attempts.c.exit_code,
    attempts.c.warning,
    attempts.c.cancel_requested_at,
    attempts.c.retry_at,
    reports.c.verdict,
)
_RUNS = (
    select(*_COLUMNS)
    .join(
        attempts,
        and_(
            attempts.c.tenant == instructions.c.tenant,
            attempts.c.instruction == instructions.c.id,
            attempts.c.attempt == instructions.c.attempt,
        ),
    )
    .outerjoin(reports, and_(reports.c.tenant == instructions.c.tenant, reports.c.run == instructions.c.id))
    .where(mine(instructions))
)
_RUN = _RUNS.where(instructions.c.id == bindparam("i"))
_LIST = (
    _RUNS.where(
        or_(bindparam("cursor") == "", instructions.c.id < bindparam("cursor")),
        or_(bindparam("contract") == "", instructions.c.contract == bindparam("contract")),
        or_(
            bindparam("state") == "",
            and_(attempts.c.state == bindparam("state"), attempts.c.retry_at.is_(None)),
            and_(bindparam("state") == "scheduled", attempts.c.retry_at.is_not(None)),
        ),
    )
    .order_by(instructions.c.id.desc())
    .limit(bindparam("most"))
)
_REPORT = select(reports).where(mine(reports), reports.c.run == bindparam("i"))


def get_run(tx: Tx, _caller: KeyCaller, run: str) -> Run:
    return _shown(tx.one(_RUN, i=run))


def list_runs(
    tx: Tx, _caller: KeyCaller, *, after: str = "", most: int = 50, contract: str = "", state: str = ""
) -> tuple[Run, ...]:
    """Newest first. after: the id of the last one that was seen."""
    rows = tx.rows(_LIST, cursor=after, most=most, contract=contract, state=state)
    return tuple(_shown(row) for row in rows)


def get_results(tx: Tx, _caller: KeyCaller, run: str) -> Results:
    """The committed report, put together from its commit and its batches; not found before the commit."""
    row = tx.row(_REPORT, i=run)
    if row is None:
        raise not_found()
    said = decode(tx.open(reports, run, row.body), CommitRequest)
    checks = read_checks(tx, run, row.attempt, row.generation, row.batches)
    report = Report(
        format=documents.FORMAT,
        run=run,
        bundle=said.bundle,
        contract=said.contract,
        version=said.version,
        dialect=said.dialect,
        now=said.now,
        seconds=said.seconds,
        outcome=said.outcome,
        summary=said.summary,
        checks=tuple(checks),
        scans=said.scans,
        store_failed=said.store_failed,
    )
    return Results(run=run, attempt=row.attempt, report=report)


def _shown(row: Any) -> Run:
    """A run whose next attempt is planned is scheduled, not over."""
    waits = row.retry_at is not None
    return Run(
        id=row.id,
        contract=row.contract,
        version=row.version,
        pool=row.pool,
        state=RunState.SCHEDULED if waits else RunState(row.state),
        attempt=row.attempt,
        queued_at=instant(row.queued_at),
        schedule=row.schedule,
        fire_at=instant_or_none(row.fire_at),
        leased_at=instant_or_none(row.leased_at),
        accepted_at=instant_or_none(row.accepted_at),
        applied_at=instant_or_none(row.applied_at),
        started_at=instant_or_none(row.started_at),
        committed_at=instant_or_none(row.committed_at),
        ended_at=None if waits else instant_or_none(row.ended_at),
        reason_code=ReasonCode(row.reason_code) if row.reason_code else None,
        exit_code=row.exit_code,
        warning=row.warning,
        cancel_requested=row.cancel_requested_at is not None,
        verdict=Outcome(row.verdict) if row.verdict else None,
        agent=row.agent,
    )
