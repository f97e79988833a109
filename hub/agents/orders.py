"""Work orders: what is to be verified, put together from what people wrote."""

from __future__ import annotations

from typing import Any

from sqlalchemy import bindparam, select

from assay.hub import bodies, machine
from assay.hub.callers import AgentCaller
from assay.hub.refusal import not_found
from assay.hub.store.tx import Tx, mine
from assay.hub.tables import instructions
from assay.protocol.agent import WorkOrder

_INSTRUCTION = select(instructions).where(mine(instructions), instructions.c.id == bindparam("i"))


def get_order(tx: Tx, caller: AgentCaller, instruction: str, attempt: int) -> WorkOrder:
    """For the agent that holds the attempt; its canonical bytes have the digest that the delivery named."""
    if machine.read(tx, instruction, attempt).agent != caller.agent:
        raise not_found()
    return build(tx, instruction_of(tx, instruction), attempt)


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
