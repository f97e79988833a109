"""Work orders: what is to be verified, put together from what people wrote."""

from __future__ import annotations

from typing import Any

from sqlalchemy import bindparam, select, update

from assay.hub import bodies, machine
from assay.hub.callers import AgentCaller
from assay.hub.refusal import not_found
from assay.hub.store.tx import Tx, mine
from assay.hub.tables import attempts, instructions
from assay.protocol.agent import WorkOrder

_INSTRUCTION = select(instructions).where(mine(instructions), instructions.c.id == bindparam("i"))

_FETCHED = (
    update(attempts)
    .where(
        *machine.SELECTED,
        attempts.c.agent == bindparam("a"),
        attempts.c.state == "leased",
        attempts.c.fetched_fence.is_distinct_from(attempts.c.fence),
    )
    .values(fetched_fence=attempts.c.fence)
)


def get_order(tx: Tx, caller: AgentCaller, instruction: str, attempt: int) -> WorkOrder:
    """For the agent that holds the attempt; its canonical bytes have the digest that the delivery named."""
    if machine.read(tx, instruction, attempt).agent != caller.agent:
        raise not_found()
    return build(tx, instruction_of(tx, instruction), attempt)


def fetched(tx: Tx, caller: AgentCaller, instruction: str, attempt: int) -> None:
    """From here on the agent's process looks into it: a session that ends without a word counts (`lapsed`)."""
    tx.run(_FETCHED, a=caller.agent, i=instruction, n=attempt)


def instruction_of(tx: Tx, instruction: str) -> Any:
    return tx.one(_INSTRUCTION, i=instruction)


def build(tx: Tx, row: Any, attempt: int) -> WorkOrder:
    """The order of one attempt of an instruction: the same bytes whenever it is built."""
    version = bodies.read_version(tx, row.contract, row.version)
    warehouse = None
    if row.warehouse is not None:
        warehouse = bodies.read_document(tx, bodies.WAREHOUSE, row.warehouse, row.warehouse_revision)
    return WorkOrder(
        instruction=row.id,
        attempt=attempt,
        contract=row.contract,
        version=row.version,
        root=version.root,
        files=version.files,
        source_name=row.source,
        source=bodies.read_document(tx, bodies.SOURCE, row.source, row.source_revision),
        params=bodies.open_params(tx, row.id, row.params),
        checks_sha256=row.checks_sha256,
        deadline_s=row.deadline_s,
        warehouse_name=row.warehouse,
        warehouse=warehouse,
    )
