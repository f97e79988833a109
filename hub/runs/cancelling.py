"""A run is to end: at once while nothing runs, else when its agent says that the Job is gone."""

from __future__ import annotations

from sqlalchemy import update

from assay.hub import machine
from assay.hub.agents.orders import instruction_of
from assay.hub.audit import note
from assay.hub.callers import KeyCaller
from assay.hub.machine import Event
from assay.hub.runs.showing import get_run
from assay.hub.store.tx import Tx
from assay.hub.store.wake import agent_topic, run_topic
from assay.hub.tables import attempts
from assay.protocol.agent import ReasonCode
from assay.protocol.user import Run

_NO_RETRY = update(attempts).where(*machine.SELECTED).values(retry_at=None)


def cancel_run(tx: Tx, caller: KeyCaller, run: str) -> Run:
    """Cancelling what is over, or was cancelled before, changes nothing."""
    row = machine.read(tx, run, instruction_of(tx, run).attempt)
    seen = {"fence": row.fence, "state": row.state}
    match row.state:
        case "queued" | "leased":
            reason = ReasonCode.CANCEL_REQUESTED.value
            machine.happen(tx, Event.CANCEL, row, seen, ended_at=tx.now, reason_code=reason)
        case "accepted" | "applied" | "running" if row.cancel_requested_at is None:
            machine.happen(tx, Event.ASK_CANCEL, row, seen, cancel_requested_at=tx.now)
        case _ if row.retry_at is not None:
            tx.run(_NO_RETRY, i=run, n=row.attempt)
            tx.wake(run_topic(tx.tenant, run))
        case _:
            return get_run(tx, caller, run)
    if row.agent is not None:
        tx.wake(agent_topic(tx.tenant, row.agent))
    note(tx, caller.actor, "run.cancel", f"run:{run}")
    return get_run(tx, caller, run)
