"""Runs, as people ask for them."""

from __future__ import annotations

from sqlalchemy import bindparam, select

from assay.hub import bodies
from assay.hub.callers import KeyCaller
from assay.hub.refusal import Refusal
from assay.hub.runs import showing
from assay.hub.runs.cancelling import cancel_run
from assay.hub.runs.queueing import Order, queue_run
from assay.hub.runs.showing import get_results
from assay.hub.store.tx import Tx, mine
from assay.hub.tables import contract_versions, contracts, documents
from assay.hub.users.pages import Query, after, cursor
from assay.protocol.user import Page, Run, RunRequest
from assay.protocol.wire import ErrorCode

__all__ = ["cancel_run", "create_run", "get_results", "get_run", "list_runs"]


_CONTRACT = select(contracts.c.version).where(
    mine(contracts), contracts.c.name == bindparam("c"), contracts.c.retired_at.is_(None)
)
_VERSION = select(contract_versions.c.body, contract_versions.c.source).where(
    mine(contract_versions),
    contract_versions.c.contract == bindparam("c"),
    contract_versions.c.version == bindparam("v"),
)
_TYPE = select(documents.c.type).where(
    mine(documents),
    documents.c.kind == bodies.SOURCE,
    documents.c.name == bindparam("n"),
    documents.c.deleted_at.is_(None),
)


def create_run(tx: Tx, caller: KeyCaller, request: RunRequest) -> Run:
    """Refused at once for what an agent would refuse later."""
    _check(tx, request)
    order = Order(
        contract=request.contract,
        version=request.version,
        pool=request.pool,
        params=request.params,
        warehouse=request.warehouse,
        max_attempts=request.max_attempts,
        deadline_s=request.deadline_s,
        start_s=request.start_s,
    )
    return showing.get_run(tx, caller, queue_run(tx, caller.actor, order))


def get_run(tx: Tx, caller: KeyCaller, run: str, query: Query) -> Run:
    return showing.get_run(tx, caller, run)


def list_runs(tx: Tx, caller: KeyCaller, query: Query) -> Page[Run]:
    rows = showing.list_runs(
        tx,
        caller,
        after=after(query.cursor),
        most=query.limit + 1,
        contract=query.contract or "",
        state=query.state or "",
    )
    shown = rows[: query.limit]
    return Page(items=shown, next=cursor(shown[-1].id) if len(rows) > query.limit else None)


def _check(tx: Tx, request: RunRequest) -> None:
    head = tx.row(_CONTRACT, c=request.contract)
    if head is None:
        raise Refusal(ErrorCode.INVALID, "there is no such contract", pointer="/contract")
    version = request.version or head.version
    row = tx.row(_VERSION, c=request.contract, v=version)
    if row is None:
        raise Refusal(ErrorCode.INVALID, "there is no such version", pointer="/version")
    body = bodies.open_version(tx, request.contract, version, row.body)
    if not set(request.params) <= set(body.params):
        known = ", ".join(body.params) or "none"
        raise Refusal(
            ErrorCode.INVALID, f"a parameter is not the contract's; it has {known}", pointer="/params"
        )
    missing = [name for name in body.required if name not in request.params]
    if missing:
        raise Refusal(ErrorCode.INVALID, f"the contract needs {', '.join(missing)}", pointer="/params")
    source = tx.row(_TYPE, n=row.source)
    if source is not None and source.type not in body.dialects:
        raise Refusal(
            ErrorCode.CONFLICT, f"this version does not compile for a {source.type} source: publish it again"
        )
