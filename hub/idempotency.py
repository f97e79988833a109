"""A change that was asked for twice under one key happens once, and is answered twice the same.

A key is bound to its tenant, the endpoint, and what was asked for. Answers are kept for a day.
"""

from __future__ import annotations

from sqlalchemy import bindparam, select

from assay.hub.refusal import Refusal
from assay.hub.store.tx import Tx, mine
from assay.hub.tables import idempotency
from assay.protocol.wire import ErrorCode, sha256

KEPT_US = 86_400_000_000
"""How long an answer is kept."""
_KNOWN = select(idempotency.c.body_sha256, idempotency.c.status, idempotency.c.answer).where(
    mine(idempotency), idempotency.c.route == bindparam("r"), idempotency.c.key == bindparam("k")
)


def recall(tx: Tx, route: str, key: str, identity: bytes) -> tuple[int, bytes] | None:
    """Status and body of the answer that was given under this key; refused where something else was asked."""
    row = tx.row(_KNOWN, r=route, k=key)
    if row is None:
        return None
    if row.body_sha256 != sha256(identity):
        raise Refusal(
            ErrorCode.CONFLICTING_REPLAY, "another request had this key", parameter="Idempotency-Key"
        )
    return row.status, tx.open(idempotency, _row(route, key), row.answer)


def keep(tx: Tx, route: str, key: str, identity: bytes, status: int, answer: bytes) -> None:
    tx.add(
        idempotency,
        route=route,
        key=key,
        body_sha256=sha256(identity),
        status=status,
        answer=tx.seal(idempotency, _row(route, key), answer),
        created_at=tx.now,
    )


def _row(route: str, key: str) -> str:
    return f"{route}/{key}"
