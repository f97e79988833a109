"""Runs, as people ask for them."""

from __future__ import annotations

from assay.hub import bodies
from assay.hub.callers import KeyCaller
from assay.hub.refusal import Refusal
from assay.hub.runs import showing
from assay.hub.runs.cancelling import cancel_run
from assay.hub.runs.queueing import Chosen, Order, choose, queue_run
from assay.hub.runs.showing import get_results
from assay.hub.store.tx import Tx
from assay.hub.users.pages import Query, after, cursor
from assay.protocol.user import Page, Run, RunRequest
from assay.protocol.wire import ErrorCode

__all__ = ["cancel_run", "create_run", "get_results", "get_run", "list_runs"]


def create_run(tx: Tx, caller: KeyCaller, request: RunRequest) -> Run:
    """Refused at once for what an agent would refuse later."""
    chosen = choose(tx, request.contract, request.version)
    _check(tx, request, chosen)
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
    return showing.get_run(tx, caller, queue_run(tx, caller.actor, order, chosen))


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


def _check(tx: Tx, request: RunRequest, chosen: Chosen) -> None:
    row = chosen.version
    body = bodies.open_version(tx, request.contract, row.version, row.body)
    if not set(request.params) <= set(body.params):
        known = ", ".join(body.params) or "none"
        raise Refusal(
            ErrorCode.INVALID, f"a parameter is not the contract's; it has {known}", pointer="/params"
        )
    missing = [name for name in body.required if name not in request.params]
    if missing:
        raise Refusal(ErrorCode.INVALID, f"the contract needs {', '.join(missing)}", pointer="/params")
    if chosen.source.type not in body.dialects:
        raise Refusal(
            ErrorCode.CONFLICT,
            f"this version does not compile for a {chosen.source.type} source: publish it again",
        )
