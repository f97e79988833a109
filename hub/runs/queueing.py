"""A run comes into the queue: asked for by a person or a schedule, and again by the retry policy."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, func, select, update

from assay.hub import bodies
from assay.hub.agents import orders
from assay.hub.audit import note
from assay.hub.loads import Load, enter
from assay.hub.refusal import Refusal, busy
from assay.hub.store.tx import Tx, mine
from assay.hub.store.wake import pool_topic, run_topic
from assay.hub.tables import attempts, contract_versions, contracts, documents, instructions
from assay.protocol.agent import Kind
from assay.protocol.wire import ErrorCode, encode, sha256

_QUEUED = (mine(attempts), attempts.c.state == "queued")
_CONTRACT = select(contracts.c.version).where(
    mine(contracts), contracts.c.name == bindparam("c"), contracts.c.retired_at.is_(None)
)
_VERSION = select(
    contract_versions.c.version,
    contract_versions.c.source,
    contract_versions.c.checks_sha256,
    contract_versions.c.body,
).where(
    mine(contract_versions),
    contract_versions.c.contract == bindparam("c"),
    contract_versions.c.version == bindparam("v"),
)
_DOCUMENT = select(documents.c.revision, documents.c.type).where(
    mine(documents),
    documents.c.kind == bindparam("k"),
    documents.c.name == bindparam("n"),
    documents.c.deleted_at.is_(None),
)
_FAIR = select(
    select(func.min(attempts.c.fair_key))
    .where(*_QUEUED, attempts.c.pool == bindparam("p"))
    .scalar_subquery()
    .label("first"),
    select(func.max(attempts.c.fair_key))
    .where(*_QUEUED, attempts.c.pool == bindparam("p"), attempts.c.lane == bindparam("l"))
    .scalar_subquery()
    .label("last"),
)
_NEXT = (
    update(instructions)
    .where(
        mine(instructions),
        instructions.c.id == bindparam("i"),
        instructions.c.attempt == bindparam("before"),
    )
    .values(attempt=bindparam("next"))
)


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be run, and within which limits; as in `protocol.user`. version: None is the newest."""

    contract: str
    pool: str
    params: Mapping[str, str]
    warehouse: str | None
    max_attempts: int
    deadline_s: int
    start_s: int
    version: str | None = None
    schedule: str | None = None
    fire_at: int | None = None
    """Its time to start counts from here where there is one, else from when it is queued."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """The rows of a contract's version and of its data source as it is now."""

    version: Any
    source: Any


def choose(tx: Tx, contract: str, version: str | None) -> Chosen:
    """version: None is the newest. Refused where there is none."""
    newest = _found(tx, _CONTRACT, "/contract", "contract", c=contract).version
    row = _found(tx, _VERSION, "/version", "version", c=contract, v=version or newest)
    pointer = "/contract"
    source = _found(tx, _DOCUMENT, pointer, "data source of this contract", k=bodies.SOURCE, n=row.source)
    return Chosen(row, source)


def queue_run(tx: Tx, actor: str, order: Order, chosen: Chosen | None = None) -> str:
    """Queues a run of what the contract, its source and the warehouse are now, and gives its id. Refused where
    one of them is not there, and while the tenant's queue is full. chosen: where it was looked up already."""
    chosen = chosen or choose(tx, order.contract, order.version)
    version, source = chosen.version, chosen.source
    warehouse = None
    if order.warehouse is not None:
        warehouse = _found(tx, _DOCUMENT, "/warehouse", "warehouse", k=bodies.WAREHOUSE, n=order.warehouse)
    if not enter(tx, Load.QUEUED, 1):
        raise busy(30.0, "the queue of this tenant is full")
    run = tx.new_id()
    tx.add(
        instructions,
        id=run,
        kind=Kind.VERIFY.value,
        pool=order.pool,
        contract=order.contract,
        version=version.version,
        source=version.source,
        source_revision=source.revision,
        warehouse=order.warehouse,
        warehouse_revision=warehouse.revision if warehouse is not None else None,
        params=bodies.seal_params(tx, run, dict(order.params)),
        checks_sha256=version.checks_sha256,
        attempt=1,
        max_attempts=order.max_attempts,
        deadline_s=order.deadline_s,
        start_s=order.start_s,
        schedule=order.schedule,
        fire_at=order.fire_at,
        actor=actor,
        queued_at=tx.now,
    )
    _add_attempt(tx, orders.instruction_of(tx, run), 1, 0)
    note(tx, actor, "run.create", f"run:{run}")
    return run


def queue_next(tx: Tx, instruction: str, attempt: int, fence: int) -> None:
    """The attempt after this one. Its fence goes on from the last."""
    row = orders.instruction_of(tx, instruction)
    if tx.changed(_NEXT, i=instruction, before=attempt, next=attempt + 1):
        _add_attempt(tx, row, attempt + 1, fence)
        tx.wake(run_topic(tx.tenant, instruction))


def _add_attempt(tx: Tx, row: Any, attempt: int, fence: int) -> None:
    start = row.fire_at if row.fire_at is not None and attempt == 1 else tx.now
    fair = tx.one(_FAIR, p=row.pool, l=row.contract)
    tx.add(
        attempts,
        instruction=row.id,
        attempt=attempt,
        kind=row.kind,
        pool=row.pool,
        lane=row.contract,
        min_protocol=1,
        state="queued",
        fence=fence,
        fair_key=max(fair.first or 0, -1 if fair.last is None else fair.last) + (fair.last is not None),
        order_sha256=sha256(encode(orders.build(tx, row, attempt))),
        deadline_s=row.deadline_s,
        max_attempts=row.max_attempts,
        queued_at=tx.now,
        not_before=tx.now,
        not_after=start + row.start_s * 1_000_000,
        lapsed=0,
        generation=0,
        interrupted=False,
        warning=False,
    )
    tx.wake(pool_topic(tx.tenant, row.pool))


def _found(tx: Tx, statement: Any, pointer: str, words: str, **values: Any) -> Any:
    row = tx.row(statement, **values)
    if row is None:
        raise Refusal(ErrorCode.INVALID, f"there is no such {words}", pointer=pointer)
    return row
