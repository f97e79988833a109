"""The audit log: who changed what, written in the transaction of the change itself."""

from __future__ import annotations

from assay.hub.store.tx import Tx
from assay.hub.tables import audit


def note(tx: Tx, actor: str, action: str, subject: str, revision: int | None = None) -> None:
    """actor: `key:ID`, `agent:ID`, `schedule:NAME` or `hub`. subject: `run:ID`, `contract:NAME` and so on."""
    tx.add(audit, id=tx.new_id(), at=tx.now, actor=actor, action=action, subject=subject, revision=revision)
