"""Who plays in the stories: our own agent's and runner's ways of speaking to a hub."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from assay.agent.attempt import Attempt
from assay.agent.hub import Hub as AgentHub
from assay.agent.hub import client
from assay.client import token_text
from assay.compiler.profile import Hub as HubProfile
from assay.hub.compile_job import compile_order
from assay.hub.compiled import Order
from assay.protocol.agent import (
    AcceptRequest,
    Cluster,
    Delivery,
    EnrolRequest,
    Known,
    Phase,
    Poll,
    WorkOrder,
    job_name,
)
from assay.protocol.decoding import decode
from assay.protocol.delivery import ResultsRequest
from assay.protocol.report import FORMAT, CheckResult, Outcome, Reason, Report, Summary, Unit
from assay.protocol.run import HubSpec
from assay.protocol.user import DocumentRequest, EnrolmentRequest, PublishRequest, RunRequest
from assay.protocol.wire import checks_sha256, sha256
from assay.runner.cancel import Cancel
from assay.runner.ending import Ending
from assay.runner.hub import Hub as RunnerHub
from assay.runner.hub import open_hub
from assay.runner.scrub import Scrubber
from assay.runner.telling import Log
from tests.protocol.transcripts.stage import Stage

CONTRACT = """\
contract shop.orders version 1.0.0 {
  dataset shop.public.orders

  column id     int  required unique
  column amount int  between 0 and 1000

  check missing(amount) < 5%
}
"""
FILES = {"root": "orders.contract", "files": {"orders.contract": CONTRACT}}
SOURCE = {
    "type": "postgres",
    "host": "db.example.com",
    "database": "shop",
    "user": "assay",
    "password": "${env.DB_PASSWORD}",
}
WAREHOUSE = {
    "type": "postgres",
    "host": "rows.example.com",
    "database": "rows",
    "user": "assay",
    "password": "${env.ROWS_PASSWORD}",
}
PLAN = sha256(b"the sealed bundle")
CLUSTER = Cluster(id="6b1f0c1e-7d0a-4a53-9d0e-6c2a1f3b5d70", namespace="assay-runs")
JOB = "0f8c3f62-5a7b-4c1d-8e9f-a0b1c2d3e4f5"
PODS = ("11111111-aaaa-4bbb-8ccc-dddddddddddd", "22222222-aaaa-4bbb-8ccc-dddddddddddd")


def furnish(stage: Stage, *, warehouse: bool = True) -> None:
    """What a run needs: a source, a warehouse, a contract."""
    key = stage.keys["acme"]
    stage.call("a data source becomes known, with a placeholder for its secret", key, "put_source",
               DocumentRequest(document=SOURCE), at={"name": "shop"})  # fmt: skip
    if warehouse:
        stage.call("so does the warehouse for failed rows", key, "put_warehouse",
                   DocumentRequest(document=WAREHOUSE), at={"name": "rows"})  # fmt: skip
    stage.call("a contract is published", key, "publish",
               PublishRequest(root="orders.contract", files={"orders.contract": CONTRACT}))  # fmt: skip


def queue(stage: Stage, *, warehouse: bool = False, start_s: int = 3_600) -> str:
    request = RunRequest(contract="shop.orders", warehouse="rows" if warehouse else None, start_s=start_s)
    run: str = stage.call("a person asks for a run", stage.keys["acme"], "create_run", request).body.id
    return run


@dataclass
class Agent:
    """hub: the agent's own client, with its token in a file."""

    stage: Stage
    name: str = "agent-1"
    token: str = ""
    enrolment: str = ""
    hub: AgentHub = field(init=False)

    def enrol(self) -> None:
        stage = self.stage
        made = stage.call("an admin makes an enrolment token", stage.keys["acme"], "create_enrolment",
                          EnrolmentRequest())  # fmt: skip
        self.enrolment = made.body.token
        stage.say("the agent trades it for a token of its own")
        calls = stage.client("", "agent")
        enrolled = calls.call(
            "enrol", EnrolRequest(name=self.name, cluster=CLUSTER), token=token_text(self.enrolment)
        ).body
        calls.close()
        self.token = enrolled.token
        self.connect()

    def connect(self) -> None:
        file = self.stage.folder / self.name
        file.write_text(self.token, encoding="ascii")
        profile = HubProfile(self.stage.url, None, "", "", "", 600, ())
        self.hub = AgentHub(client(profile, file))

    def begin(self, says: str = "its process opens a session") -> None:
        self.stage.say(says)
        self.hub.open_session(CLUSTER)

    def poll(self, says: str, *known: Known, free: int = 2) -> Poll:
        self.stage.say(says)
        return self.hub.poll(free, known, 0.0)

    def take(self, says: str = "it polls, and is given the run") -> tuple[Delivery, Attempt]:
        (given,) = self.poll(says).deliver
        return given, Attempt(given.instruction, given.attempt, given)

    def fetch(self, attempt: Attempt) -> WorkOrder:
        """The work order: contract, source and warehouse."""
        self.stage.say("it fetches contract, source and warehouse: exactly the bytes that the digest names")
        data = self.hub.order(attempt)
        assert attempt.delivery is not None
        assert sha256(data) == attempt.delivery.order_sha256
        return decode(data, WorkOrder)

    def accept(self, says: str, given: Delivery, attempt: Attempt, order: WorkOrder) -> str:
        """With the lease that is given. Gives the pod's token."""
        compiled = compile_order(Order(order.root, order.files))
        request = AcceptRequest(
            fence=given.fence,
            order_sha256=given.order_sha256,
            plan_sha256=PLAN,
            checks_sha256=checks_sha256([check.id for check in compiled.checks]),
            job_name=job_name(given.instruction, given.attempt),
            job_auth="token",
        )
        if says:
            self.stage.say(says)
        token = self.hub.accept(attempt, request).job_token
        assert token is not None
        return token

    def apply(self) -> tuple[Delivery, Attempt, WorkOrder, str]:
        """From the poll to the Job: given, attempt, order, the pod's token."""
        given, attempt = self.take()
        order = self.fetch(attempt)
        token = self.accept("it has compiled them, and accepts", given, attempt, order)
        self.stage.say("its Job is in the cluster")
        self.hub.applied(attempt, given.fence)
        return given, attempt, order, token

    def close(self) -> None:
        self.hub.close()


def known(given: Delivery, phase: Phase) -> Known:
    return Known(instruction=given.instruction, attempt=given.attempt, fence=given.fence, phase=phase)


def pod(stage: Stage, given: Delivery, token: str) -> RunnerHub:
    """The runner's own client, as a pod of this attempt has it."""
    file: Path = stage.folder / "pod"
    file.write_text(token, encoding="ascii")
    spec = HubSpec(stage.url, given.instruction, given.attempt, given.fence)
    return open_hub(spec, stage.folder, file, Ending(Cancel()), Log(Scrubber(), stage.folder / "termination"))


def report(order: WorkOrder, **failed: int) -> Report:
    """Of a run in which all checks pass on 1,000 rows but those named by the end of their id."""
    checks = []
    for check in compile_order(Order(order.root, order.files)).checks:
        bad = failed.get(check.id.rpartition(".")[2], 0)
        outcome = Outcome.FAILED if bad else Outcome.PASSED
        reason = Reason.OUT_OF_BOUNDS if bad else Reason.WITHIN_BOUNDS
        checks.append(
            CheckResult(
                check.id, check.kind, outcome, reason, Unit.COUNT, str(bad), failed_rows=bad, tested_rows=1000
            )
        )
    bad_ones = sum(check.outcome is Outcome.FAILED for check in checks)
    return Report(
        format=FORMAT,
        run=order.instruction,
        bundle=PLAN,
        contract=order.contract,
        version=order.version,
        dialect="postgres",
        now="2025-06-15T15:06:40Z",
        seconds=1.5,
        outcome=Outcome.FAILED if bad_ones else Outcome.PASSED,
        summary=Summary(passed=len(checks) - bad_ones, failed=bad_ones),
        checks=tuple(checks),
        scans=1,
    )


def batch(generation: int, *checks: CheckResult) -> ResultsRequest:
    return ResultsRequest(generation=generation, checks=checks)


def at(given: Delivery) -> dict[str, str | int]:
    return {"run": given.instruction, "attempt": given.attempt}
