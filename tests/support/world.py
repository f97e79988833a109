"""A small world for a hub's engine: tenants with a contract, agents and pods that speak to the services as the door
would let them."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select

from assay.hub import bodies
from assay.hub.agents.enrolment import enrol
from assay.hub.agents.orders import fetched, get_order
from assay.hub.agents.polling import poll
from assay.hub.agents.reports import accept, complete, report_event
from assay.hub.agents.sessions import open_session
from assay.hub.bodies import VersionBody
from assay.hub.callers import AgentCaller, EnrolmentCaller, JobCaller, KeyCaller
from assay.hub.runners.gate import start
from assay.hub.runners.results import commit_results, put_results
from assay.hub.runs.queueing import Order, queue_run
from assay.hub.store import HUB, Store, Tx, mine
from assay.hub.tables import (
    attempts,
    contract_versions,
    contracts,
    document_revisions,
    documents,
    enrolments,
)
from assay.hub.tenants import create_tenant
from assay.protocol.agent import (
    Accepted,
    AcceptRequest,
    AttemptOutcome,
    Cluster,
    CompleteRequest,
    Delivery,
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
from assay.protocol.user import CheckSummary, Role
from assay.protocol.wire import checks_sha256, encode, root_sha256, sha256
from tests.support.hub import Clock

_STATES = select(
    attempts.c.instruction, attempts.c.attempt, attempts.c.state, attempts.c.fence, attempts.c.retry_at
).where(mine(attempts))
CONTRACT = "shop.orders"
VERSION = "1.0.0"
CHECKS = ("orders.id.missing", "orders.id.unique", "orders.total")
PLAN = sha256(b"plan")
NOW = "2025-06-15T12:00:00Z"


def uid(number: int) -> str:
    return str(uuid.UUID(int=number))


@dataclass
class World:
    """One tenant; `other` is a second one with the same names in it."""

    store: Store
    clock: Clock
    name: str = "acme"
    tenant: str = field(init=False)
    key: KeyCaller = field(init=False)

    def __post_init__(self) -> None:
        self.tenant = self.store.write_now(HUB, lambda tx: create_tenant(tx, self.name))
        self.key = KeyCaller(self.tenant, "0" * 26, Role.ADMIN)
        self.write(_publish)

    def write(self, work: Callable[[Tx], Any]) -> Any:
        return self.store.write_now(self.tenant, work)

    def read(self, work: Callable[[Tx], Any]) -> Any:
        return self.store.read_now(self.tenant, work)

    def call(self, service: Callable[..., Any], caller: Any, *given: Any) -> Any:
        """A service as the HTTP layer calls it: in one transaction of the caller's tenant."""
        return self.store.write_now(caller.tenant, lambda tx: service(tx, caller, *given))

    def queue(self, **options: Any) -> str:
        order: dict[str, Any] = {
            "contract": CONTRACT,
            "pool": "default",
            "params": {},
            "warehouse": None,
            "max_attempts": 2,
            "deadline_s": 600,
            "start_s": 600,
        }
        self.clock.pass_(0.001)  # ids of one millisecond are in no order
        run: str = self.write(lambda tx: queue_run(tx, self.key.actor, Order(**{**order, **options})))
        return run

    def agent(self, cluster: int = 1, pool: str = "default") -> Agent:
        return Agent(self, cluster, pool)

    def attempt(self, run: str, number: int = 1) -> Any:
        statement = select(attempts).where(
            mine(attempts), attempts.c.instruction == run, attempts.c.attempt == number
        )
        return self.read(lambda tx: tx.one(statement))

    def states(self) -> dict[tuple[str, int], Any]:
        """How every attempt of the tenant stands, by instruction and number."""
        rows = self.read(lambda tx: tx.rows(_STATES))
        return {(row.instruction, row.attempt): row for row in rows}


class Agent:
    """An agent's simple path, step by step."""

    def __init__(self, world: World, cluster: int, pool: str) -> None:
        self.world = world
        self.cluster = Cluster(id=uid(cluster), namespace="assay-runs")
        token = world.write(lambda tx: enrolment(tx, pool))
        caller = EnrolmentCaller(world.tenant, token, pool)
        made = world.call(enrol, caller, EnrolRequest(name=f"agent-{cluster}", cluster=self.cluster))
        self.caller = AgentCaller(world.tenant, made.agent, pool)
        self.token: str = made.token
        self.session = self.begin()

    def begin(self) -> Session:
        request = SessionRequest(oldest=1, newest=1, version="1", cluster=self.cluster)
        self.session = self.world.call(open_session, self.caller, request)
        return self.session

    def poll(self, free: int = 10, known: tuple[Known, ...] = (), session: Session | None = None) -> Poll:
        use = session or self.session
        request = PollRequest(session=use.session, epoch=use.epoch, free_slots=free, known=known)
        answer: Poll = self.world.call(poll, self.caller, request)
        return answer

    def fetch(self, given: Delivery) -> WorkOrder:
        """As the endpoint does: what is read is marked."""
        order: WorkOrder = self.world.call(get_order, self.caller, given.instruction, given.attempt)
        self.world.call(fetched, self.caller, given.instruction, given.attempt)
        return order

    def accept(self, given: Delivery, job_auth: str = "token", **changed: Any) -> Accepted:
        values: dict[str, Any] = {
            "fence": given.fence,
            "order_sha256": given.order_sha256,
            "plan_sha256": PLAN,
            "checks_sha256": checks_sha256(list(CHECKS)),
            "job_name": job_name(given.instruction, given.attempt),
            "job_auth": job_auth,
        }
        request = AcceptRequest(**{**values, **changed})
        answer: Accepted = self.world.call(accept, self.caller, given.instruction, given.attempt, request)
        return answer

    def event(
        self, given: Delivery, phase: Phase = Phase.APPLIED, seq: int = 1, job: int = 7, **more: Any
    ) -> None:
        request = EventRequest(fence=given.fence, seq=seq, phase=phase, job_uid=uid(job), **more)
        self.world.call(report_event, self.caller, given.instruction, given.attempt, request)

    def complete(
        self,
        given: Delivery,
        outcome: AttemptOutcome = AttemptOutcome.SUCCEEDED,
        reason: ReasonCode = ReasonCode.JOB_COMPLETE,
    ) -> None:
        request = CompleteRequest(fence=given.fence, outcome=outcome, reason_code=reason)
        self.world.call(complete, self.caller, given.instruction, given.attempt, request)


class Pod:
    """A runner's simple path, step by step."""

    def __init__(self, world: World, given: Delivery, number: int = 1, pod_uid: str | None = None) -> None:
        self.world = world
        self.given = given
        self.uid = uid(1000 + number)
        self.caller = JobCaller(world.tenant, given.instruction, given.attempt, pod_uid)
        self.generation = 0

    def call(self, service: Callable[..., Any], *given: Any) -> Any:
        place = (self.given.instruction, self.given.attempt)
        return self.world.call(service, self.caller, *place, *given)

    def start(self, fence: int | None = None, plan: str = PLAN) -> Started:
        request = StartRequest(
            fence=fence or self.given.fence, pod_uid=self.uid, runner_version="1", plan_sha256=plan
        )
        started: Started = self.call(start, request)
        self.generation = started.generation
        return started

    def put(self, seq: int, request: ResultsRequest) -> None:
        self.call(put_results, seq, request)

    def commit(self, sent: list[ResultsRequest], **changed: Any) -> None:
        self.call(commit_results, commit_of(self.generation, sent, **changed))


def result(check: str, outcome: Outcome = Outcome.PASSED, value: str = "0") -> CheckResult:
    return CheckResult(
        id=check,
        kind="missing",
        outcome=outcome,
        reason=Reason.WITHIN_BOUNDS if outcome is Outcome.PASSED else Reason.OUT_OF_BOUNDS,
        unit=Unit.COUNT,
        value=value,
    )


def batch(generation: int, *checks: CheckResult) -> ResultsRequest:
    return ResultsRequest(generation=generation, checks=checks)


def commit_of(generation: int, sent: list[ResultsRequest], **changed: Any) -> CommitRequest:
    """The commit of exactly these batches."""
    checks = [check for one in sent for check in one.checks]
    failed = sum(check.outcome is Outcome.FAILED for check in checks)
    values: dict[str, Any] = {
        "generation": generation,
        "count": len(sent),
        "root_sha256": root_sha256([sha256(encode(one)) for one in sent]),
        "bundle": PLAN,
        "contract": CONTRACT,
        "version": VERSION,
        "dialect": "duckdb",
        "now": NOW,
        "seconds": 1.5,
        "outcome": Outcome.FAILED if failed else Outcome.PASSED,
        "summary": Summary(passed=len(checks) - failed, failed=failed),
    }
    return CommitRequest(**{**values, **changed})


def _publish(tx: Tx) -> None:
    """A contract, its source and a warehouse, as the services of people keep them."""
    body = VersionBody(
        root="orders.contract",
        files={"orders.contract": "contract shop.orders version 1.0.0 {}"},
        checks=tuple(CheckSummary(id=check, kind="missing") for check in CHECKS),
    )
    shared = {"source": "warehouse", "revision": 1, "checks": len(CHECKS), "published_at": tx.now}
    tx.add(contracts, name=CONTRACT, version=VERSION, **shared)
    tx.add(
        contract_versions,
        contract=CONTRACT,
        version=VERSION,
        sha256=sha256(b"files"),
        checks_sha256=checks_sha256(list(CHECKS)),
        actor="hub",
        body=bodies.seal_version(tx, CONTRACT, VERSION, body),
        **shared,
    )
    for kind, name in ((bodies.SOURCE, "warehouse"), (bodies.WAREHOUSE, "diagnostics")):
        document = {"type": "postgres", "host": "db", "password": "${env.PASSWORD}"}
        tx.add(documents, kind=kind, name=name, revision=1, type="postgres", updated_at=tx.now)
        tx.add(
            document_revisions,
            kind=kind,
            name=name,
            revision=1,
            created_at=tx.now,
            actor="hub",
            body=bodies.seal_document(tx, kind, name, 1, document),
        )


def enrolment(tx: Tx, pool: str) -> str:
    name = tx.new_id()
    tx.add(
        enrolments,
        id=name,
        pool=pool,
        hash=name.encode(),
        created_at=tx.now,
        expires_at=tx.now + 900_000_000,
    )
    return name
