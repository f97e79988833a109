"""The hub itself, with a contract, its source and an agent that does by hand what a cluster's agent does."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assay.compiler.manifests import Instruction
from assay.compiler.pipeline import compile_contract
from assay.hub.compile_job import compile_order
from assay.hub.compiled import Order
from assay.protocol.agent import (
    AcceptRequest,
    AttemptOutcome,
    CompleteRequest,
    Delivery,
    ReasonCode,
    job_name,
)
from assay.protocol.user import Results, Run
from assay.protocol.wire import checks_sha256
from tests.support.hub import copy, template
from tests.support.live import LiveHub, live
from tests.support.scripted import ScriptedAgent

SOURCE = {
    "type": "postgres",
    "host": "db.example.com",
    "database": "shop",
    "user": "assay",
    "password": "${env.DB_PASSWORD}",
}
WAREHOUSE = {"type": "postgres", "host": "rows.example.com", "database": "rows", "user": "assay"}


@dataclass(frozen=True)
class Taken:
    """An instruction whose Job is in the cluster, suspended no more. token: the pod's."""

    given: Delivery
    token: str

    @property
    def instruction(self) -> Instruction:
        given = self.given
        return Instruction(given.instruction, given.attempt, given.fence, given.deadline_s, job_token=True)


@dataclass
class RealHub:
    live: LiveHub
    agent: ScriptedAgent
    contract: str

    @property
    def url(self) -> str:
        return self.live.http.url

    @property
    def plan(self) -> str:
        made = compile_contract("orders.contract", {"orders.contract": self.contract}.get, ["postgres"])
        return made.programs["postgres"].sealed.digest

    def queue(self, **options: object) -> str:
        run: Run = self.live.http.call("create_run", {"contract": "shop.orders", **options})
        return run.id

    def take(self) -> Taken:
        (given,) = self.agent.poll().deliver
        order = self.agent.order(given)
        compiled = compile_order(Order(order.root, order.files))
        request = AcceptRequest(
            fence=given.fence,
            order_sha256=given.order_sha256,
            plan_sha256=self.plan,
            checks_sha256=checks_sha256([check.id for check in compiled.checks]),
            job_name=job_name(given.instruction, given.attempt),
            job_auth="token",
        )
        at: dict[str, Any] = {"instruction": given.instruction, "attempt": given.attempt}
        accepted = self.live.http.call("accept", request, token=self.agent.token, **at)
        self.agent.applied(given)
        return Taken(given, accepted.job_token)

    def complete(self, taken: Taken, reason: ReasonCode, exit_code: int) -> None:
        """The Job is over."""
        done = reason is ReasonCode.JOB_COMPLETE
        request = CompleteRequest(
            fence=taken.given.fence,
            outcome=AttemptOutcome.SUCCEEDED if done else AttemptOutcome.FAILED,
            reason_code=reason,
            exit_code=exit_code,
        )
        at: dict[str, Any] = {"instruction": taken.given.instruction, "attempt": taken.given.attempt}
        self.live.http.call("complete", request, token=self.agent.token, **at)

    def run(self, run: str) -> Run:
        found: Run = self.live.http.call("get_run", run=run)
        return found

    def results(self, run: str) -> Results:
        found: Results = self.live.http.call("get_results", run=run)
        return found


@contextmanager
def real_hub(folder: Path, contract: str) -> Iterator[RealHub]:
    """On SQLite, by the real clock."""
    folder.mkdir()
    address = copy(template(folder / "empty.db"), folder / "hub.db")
    with live(address, tenants=("acme",)) as served:
        served.http.call("put_source", {"document": SOURCE}, name="shop")
        served.http.call("put_warehouse", {"document": WAREHOUSE}, name="main")
        files = {"root": "orders.contract", "files": {"orders.contract": contract}}
        served.http.call("publish", files)
        yield RealHub(served, ScriptedAgent(served.http), contract)
