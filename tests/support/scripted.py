"""An agent and a runner that speak the real protocol over real HTTP, and do what a test tells them."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from typing import Any

from assay.hub.compile_job import compile_order
from assay.hub.compiled import Compiled, Order
from assay.protocol.agent import (
    Accepted,
    AcceptRequest,
    AttemptOutcome,
    Cluster,
    CompleteRequest,
    Delivery,
    Enrolled,
    EnrolRequest,
    EventRequest,
    Known,
    Phase,
    Poll,
    PollRequest,
    ReasonCode,
    Session,
    SessionRequest,
    WorkOrder,
    job_name,
)
from assay.protocol.delivery import CommitRequest, ResultsRequest, Started, StartRequest
from assay.protocol.report import CheckResult, Outcome, Reason, Summary, Unit
from assay.protocol.wire import checks_sha256, encode, root_sha256, sha256
from tests.support.live import Http

CONTRACT = """\
contract shop.orders version 1.0.0 {
  dataset warehouse.public.orders

  column id     int  required unique
  column amount int  between 0 and 1000

  check missing(amount) < 5%
}
"""
SOURCE = {
    "type": "postgres",
    "host": "db",
    "database": "shop",
    "user": "assay",
    "password": "${env.DB_PASSWORD}",
}
PLAN = sha256(b"the sealed bundle")


def prepare(http: Http, contract: str = CONTRACT, token: str | None = None) -> str:
    """A source and a contract about it; gives the contract's name."""
    http.call("put_source", {"document": SOURCE}, name="warehouse", token=token)
    request = {"root": "orders.contract", "files": {"orders.contract": contract}}
    return str(http.call("publish", request, token=token).contract)


def uid(number: int) -> str:
    return str(uuid.UUID(int=number))


@dataclass
class ScriptedAgent:
    http: Http
    cluster: int = 1
    pool: str = "default"
    admin: str | None = None
    enrolled: Enrolled = field(init=False)
    session: Session = field(init=False)

    def __post_init__(self) -> None:
        enrolment = self.http.call("create_enrolment", {"pool": self.pool}, token=self.admin)
        request = EnrolRequest(name=f"agent-{self.cluster}", cluster=self._cluster())
        self.enrolled = self.http.call("enrol", request, token=enrolment.token)
        self.begin()

    def _cluster(self) -> Cluster:
        return Cluster(id=uid(self.cluster), namespace="assay-runs")

    @property
    def token(self) -> str:
        return self.enrolled.token

    def begin(self) -> Session:
        request = SessionRequest(oldest=1, newest=1, version="1", cluster=self._cluster())
        self.session = self.http.call("open_session", request, token=self.token)
        return self.session

    def poll(self, free: int = 10, known: tuple[Known, ...] = (), wait_s: float = 0.0) -> Poll:
        request = PollRequest(
            session=self.session.session,
            epoch=self.session.epoch,
            free_slots=free,
            known=known,
            wait_s=wait_s,
        )
        answer: Poll = self.http.call("poll", request, token=self.token)
        return answer

    def order(self, given: Delivery) -> WorkOrder:
        path = f"/v1/agent/instructions/{given.instruction}/attempts/{given.attempt}/order"
        reply = self.http.ask("GET", path, token=self.token)
        assert sha256(reply.body) == given.order_sha256
        order: WorkOrder = self.http.call("get_order", token=self.token, **self._at(given))
        return order

    def accept(self, given: Delivery, compiled: Compiled) -> Accepted:
        request = AcceptRequest(
            fence=given.fence,
            order_sha256=given.order_sha256,
            plan_sha256=PLAN,
            checks_sha256=checks_sha256([check.id for check in compiled.checks]),
            job_name=job_name(given.instruction, given.attempt),
            job_auth="token",
        )
        accepted: Accepted = self.http.call("accept", request, token=self.token, **self._at(given))
        return accepted

    def applied(self, given: Delivery) -> None:
        request = EventRequest(fence=given.fence, seq=1, phase=Phase.APPLIED, job_uid=uid(1000))
        self.http.call("report_event", request, token=self.token, **self._at(given))

    def complete(self, given: Delivery, outcome: AttemptOutcome = AttemptOutcome.SUCCEEDED) -> None:
        reason = ReasonCode.JOB_COMPLETE if outcome is AttemptOutcome.SUCCEEDED else ReasonCode.JOB_FAILED
        request = CompleteRequest(fence=given.fence, outcome=outcome, reason_code=reason, exit_code=0)
        self.http.call("complete", request, token=self.token, **self._at(given))

    def take(self) -> tuple[Delivery, Compiled, str]:
        """From the poll to the applied Job: what was delivered, what it compiles to, the pod's token."""
        (given,) = self.poll().deliver
        order = self.order(given)
        compiled = compile_order(Order(order.root, order.files))
        token = self.accept(given, compiled).job_token
        assert token is not None
        self.applied(given)
        return given, compiled, token

    def _at(self, given: Delivery) -> dict[str, Any]:
        return {"instruction": given.instruction, "attempt": given.attempt}


@dataclass
class ScriptedRunner:
    http: Http
    token: str
    given: Delivery
    pod: int = 1
    started: Started = field(init=False)

    @property
    def at(self) -> dict[str, Any]:
        return {"run": self.given.instruction, "attempt": self.given.attempt}

    def start(self) -> Started:
        request = StartRequest(
            fence=self.given.fence, pod_uid=uid(self.pod), runner_version="1", plan_sha256=PLAN
        )
        self.started = self.http.call("start", request, token=self.token, **self.at)
        return self.started

    def heartbeat(self) -> bool:
        request = {"generation": self.started.generation}
        return bool(self.http.call("heartbeat", request, token=self.token, **self.at).cancel)

    def send(self, seq: int, checks: tuple[CheckResult, ...]) -> str:
        """A batch; gives its digest."""
        request = ResultsRequest(generation=self.started.generation, checks=checks)
        self.http.call("put_results", request, token=self.token, seq=seq, **self.at)
        return sha256(encode(request))

    def commit(self, digests: list[str], order: Compiled, checks: tuple[CheckResult, ...]) -> None:
        self.http.call("commit_results", self.commitment(digests, order, checks), token=self.token, **self.at)

    def commitment(
        self, digests: list[str], order: Compiled, checks: tuple[CheckResult, ...]
    ) -> CommitRequest:
        counts = {outcome.value: 0 for outcome in Outcome}
        for check in checks:
            counts[check.outcome.value] += 1
        return CommitRequest(
            generation=self.started.generation,
            count=len(digests),
            root_sha256=root_sha256(digests),
            bundle=PLAN,
            contract=order.contract,
            version=order.version,
            dialect="postgres",
            now="2025-06-15T12:00:00Z",
            seconds=1.5,
            outcome=max((check.outcome for check in checks), key=_WORSE.index),
            summary=Summary(**counts),
            scans=1,
        )


_WORSE = (Outcome.PASSED, Outcome.WARNED, Outcome.NOT_EVALUATED, Outcome.FAILED, Outcome.ERROR)


def results(order: Compiled, **failed: int) -> tuple[CheckResult, ...]:
    """Every check passes on 1,000 rows, but those that are named by the end of their id: so many rows fail."""
    found: list[CheckResult] = []
    for check in order.checks:
        bad = failed.get(check.id.rpartition(".")[2], 0)
        outcome, reason = (
            (Outcome.FAILED, Reason.OUT_OF_BOUNDS) if bad else (Outcome.PASSED, Reason.WITHIN_BOUNDS)
        )
        found.append(
            CheckResult(
                check.id, check.kind, outcome, reason, Unit.COUNT, str(bad), failed_rows=bad, tested_rows=1000
            )
        )
    return tuple(found)


def verify(http: Http, agent: ScriptedAgent, **failed: int) -> str:
    """One run from the queue to its verdict; gives its id."""
    run = http.call("create_run", {"contract": "shop.orders"}, token=agent.admin)
    given, order, token = agent.take()
    assert given.instruction == run.id
    runner = ScriptedRunner(http, token, given)
    runner.start()
    checks = results(order, **failed)
    half = len(checks) // 2
    digests = [runner.send(0, checks[:half]), runner.send(1, checks[half:])]
    runner.commit(digests, order, checks)
    agent.complete(given)
    return str(run.id)
