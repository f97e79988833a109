"""Clusters, agents and pods that do what the real ones do, one small step at a time, over calls that may fail.

Nothing here decides by a clock or by chance of its own: who drives it says who takes the next step.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from assay.hub.agents.enrolment import enrol
from assay.hub.agents.polling import poll
from assay.hub.agents.reports import accept, complete, release, report_event
from assay.hub.agents.sessions import open_session
from assay.hub.callers import AgentCaller, EnrolmentCaller, JobCaller
from assay.hub.refusal import Refusal
from assay.hub.runners.gate import end_run, heartbeat, start
from assay.hub.runners.results import commit_results, put_results
from assay.protocol.agent import (
    AcceptRequest,
    AttemptOutcome,
    Cluster,
    CompleteRequest,
    Delivery,
    EnrolRequest,
    EventRequest,
    Kind,
    Known,
    Phase,
    Poll,
    PollRequest,
    ReasonCode,
    ReleaseRequest,
    Session,
    SessionRequest,
    job_name,
)
from assay.protocol.delivery import (
    CommitRequest,
    EndWord,
    HeartbeatRequest,
    OutcomeRequest,
    ResultsRequest,
    Started,
    StartRequest,
)
from assay.protocol.wire import ErrorCode, checks_sha256
from tests.support.history import History, Violation
from tests.support.world import CHECKS, PLAN, World, batch, commit_of, enrolment, result, uid

SECOND = 1_000_000
KUBERNETES_GRACE_S = 60
Call = Callable[..., Any]
"""(service, caller, *given) -> answer. Raises Lost where the answer never came, whatever the hub did."""


class Lost(Exception):
    """No answer came."""


@dataclass
class Job:
    run: str
    attempt: int
    fence: int
    created_at: int
    ends_at: int
    deleted: bool = False
    condition: AttemptOutcome | None = None
    pods: list[SimPod] = field(default_factory=list)


@dataclass
class SimCluster:
    """Jobs by name. A deleted Job's pods live on until they notice or the Job's deadline has passed."""

    id: str
    jobs: dict[str, Job] = field(default_factory=dict)

    def create(self, given: Delivery, now: int, history: History) -> None:
        """As a create call: a Job of this name is found, not made twice."""
        name = job_name(given.instruction, given.attempt)
        if name in self.jobs:
            return
        history.job_created(given.instruction, given.attempt, self.id)
        ends = now + (given.deadline_s + KUBERNETES_GRACE_S) * SECOND
        self.jobs[name] = Job(given.instruction, given.attempt, given.fence, now, ends)

    def let_time_pass(self, now: int) -> None:
        """Kubernetes ends what has passed its deadline."""
        for job in self.jobs.values():
            if now >= job.ends_at:
                for pod in job.pods:
                    pod.die()
                job.condition = job.condition or AttemptOutcome.FAILED

    def settle(self, job: Job) -> None:
        """The Job's condition, once every pod is over."""
        if job.condition is None and job.pods and all(pod.over for pod in job.pods):
            done = any(pod.exit_code == 0 for pod in job.pods)
            job.condition = AttemptOutcome.SUCCEEDED if done else AttemptOutcome.FAILED


class SimPod:
    """A runner: asks at the gate, sends its batches, commits, exits."""

    def __init__(self, world: World, call: Call, history: History, job: Job, number: int) -> None:
        self.call = call
        self.clock = world.clock
        self.history = history
        self.job = job
        self.uid = uid(10_000 + number)
        self.caller = JobCaller(world.tenant, job.run, job.attempt)
        self.generation = 0
        self.reading = 4
        """Steps that its SQL takes."""
        self.sent: list[ResultsRequest] = []
        self.kept = 0
        self.committed = False
        self.hung = False
        """It reads on, and neither asks nor hears anything."""
        self.exit_code: int | None = None

    @property
    def over(self) -> bool:
        return self.exit_code is not None

    def ask(self, service: Call, *given: Any) -> Any:
        return self.call(service, self.caller, self.job.run, self.job.attempt, *given)

    def step(self) -> None:
        """The next thing that it would do by itself."""
        if self.generation == 0:
            self._start()
        elif self.reading:
            self.reading -= 1
        elif self.kept < len(self.sent):
            self._guarded(self.put)
        elif not self.committed:
            self._guarded(self.commit)
        else:
            self.end(0)

    def _start(self) -> None:
        request = StartRequest(fence=self.job.fence, pod_uid=self.uid, runner_version="1", plan_sha256=PLAN)
        try:
            started: Started = self.ask(start, request)
        except Refusal as refusal:
            if refusal.code not in (ErrorCode.UNAVAILABLE, ErrorCode.ALREADY_STARTED):
                self.end(75)
            return
        self.generation = started.generation
        self.history.sql_begins(self.job.run, self.job.attempt, self.uid, self.generation, self.clock.now)
        value = str(self.generation)
        self.sent = [
            batch(self.generation, result(CHECKS[0], value=value), result(CHECKS[1], value=value)),
            batch(self.generation, result(CHECKS[2], value=value)),
        ]

    def put(self) -> None:
        self.ask(put_results, self.kept, self.sent[self.kept])
        self.kept += 1

    def commit(self) -> None:
        request = commit_of(self.generation, self.sent)
        self.ask(commit_results, request)
        checks = [check for one in self.sent for check in one.checks]
        self.history.commit_acknowledged(self.job.run, self.job.attempt, self.generation, checks)
        self.committed = True

    def wrong_put(self) -> None:
        """Another body in the place of a batch that was kept: must be refused."""
        if self.kept > 0:
            other = batch(self.generation, result(CHECKS[0], value="999"))
            self._must_fail(put_results, "another body was taken for a batch", 0, other)

    def wrong_commit(self, request: CommitRequest) -> None:
        """A commit of something else than what was sent: must be refused."""
        self._must_fail(commit_results, "a wrong commit was acknowledged", request)

    def _must_fail(self, service: Call, words: str, *given: Any) -> None:
        try:
            self.ask(service, *given)
        except (Refusal, Lost):
            return
        raise Violation("I7", f"{words} of run {self.job.run}")

    def beat(self) -> None:
        try:
            answer = self.ask(heartbeat, HeartbeatRequest(generation=self.generation))
        except Refusal as refusal:
            if refusal.code is ErrorCode.STALE_FENCE:
                self.end(75)
            return
        self.history.heard(self.job.run, self.uid, self.clock.now)
        if answer.cancel and not self.committed:
            self.end(75)

    def interrupt(self) -> None:
        """SIGTERM: says so, and goes."""
        request = OutcomeRequest(
            generation=self.generation, word=EndWord.INTERRUPTED, reason_code=ReasonCode.INTERRUPTED
        )
        self.history.sql_ends(self.job.run, self.uid)
        with suppress(Refusal, Lost):
            self.ask(end_run, request)
        self.end(143)

    def _guarded(self, work: Callable[[], None]) -> None:
        try:
            work()
        except Refusal as refusal:
            if refusal.code is not ErrorCode.UNAVAILABLE:
                self.end(75)

    def die(self) -> None:
        if not self.over:
            self.end(137)

    def end(self, code: int) -> None:
        self.exit_code = code
        self.history.sql_ends(self.job.run, self.uid)


@dataclass
class Item:
    """What a process of an agent has in hand. start_until: when it may no longer create the Job."""

    given: Delivery
    start_until: int
    accepted: bool = False
    applied: bool = False
    seq: int = 0
    done: bool = False


@dataclass
class Process:
    """One process of an agent: its session, its lease by its own clock, what it has in hand."""

    session: Session
    polled_at: int
    items: dict[tuple[str, int], Item] = field(default_factory=dict)
    dead: bool = False


class SimAgent:
    def __init__(self, world: World, call: Call, history: History, cluster: SimCluster) -> None:
        self.world = world
        self.call = call
        self.history = history
        self.cluster = cluster
        self.described = Cluster(id=cluster.id, namespace="assay-runs")
        made = world.write(lambda tx: enrolment(tx, "default"))
        enrolled = world.call(
            enrol,
            EnrolmentCaller(world.tenant, made, "default"),
            EnrolRequest(name="agent", cluster=self.described),
        )
        self.caller = AgentCaller(world.tenant, enrolled.agent, "default")
        self.old: list[Process] = []
        self.process: Process | None = None

    @property
    def now(self) -> int:
        return self.world.clock.now

    def begin(self) -> None:
        """A new process: knows nothing but what its cluster shows."""
        if self.process is not None:
            self.old.append(self.process)
            self.process = None
        request = SessionRequest(oldest=1, newest=1, version="1", cluster=self.described)
        session: Session = self.call(open_session, self.caller, request)
        self.process = Process(session, self.now)

    def step(self, which: int, free: int = 2) -> None:
        """The next thing that it would do by itself, to one of the things in hand, or a poll."""
        if self.process is None or self.process.dead:
            self.begin()
            return
        items = [item for item in self.process.items.values() if not item.done]
        if items and which % 3:
            self.work(self.process, items[which % len(items)])
        else:
            self.poll(self.process, free)

    def poll(self, process: Process, free: int) -> Poll | None:
        started = self.now
        request = PollRequest(
            session=process.session.session,
            epoch=process.session.epoch,
            free_slots=free,
            known=self._known(process),
        )
        try:
            answer: Poll = self.call(poll, self.caller, request)
        except Refusal as refusal:
            if refusal.code is ErrorCode.SESSION_SUPERSEDED:
                process.dead = True
            return None
        process.polled_at = started
        for given in answer.deliver:
            self.history.leased(given.instruction, given.fence, self.caller.agent)
            key = (given.instruction, given.attempt)
            before = process.items.get(key)
            if before is None or before.given.fence != given.fence:
                process.items[key] = Item(given, started + round(given.start_s * SECOND))
        for wanted in answer.cancel:
            self._cancel(process, (wanted.instruction, wanted.attempt))
        for over in answer.forget:
            process.items.pop((over.instruction, over.attempt), None)
        return answer

    def work(self, process: Process, item: Item) -> None:
        """accept, create, tell, and tell the end; each at most once at a time, each repeated when its answer
        is lost."""
        job = self._job(item)
        try:
            if not item.accepted:
                self._accept(item)
            elif job is None:
                self._create(process, item)
            elif not item.applied:
                self._event(item, Phase.APPLIED)
            elif job.deleted:
                self._complete(item, AttemptOutcome.LOST, ReasonCode.JOB_MISSING)
            elif job.condition is AttemptOutcome.SUCCEEDED:
                self._complete(item, AttemptOutcome.SUCCEEDED, ReasonCode.JOB_COMPLETE)
            elif job.condition is not None:
                self._complete(item, job.condition, ReasonCode.JOB_FAILED)
        except Refusal as refusal:
            if refusal.code is not ErrorCode.UNAVAILABLE:
                process.items.pop((item.given.instruction, item.given.attempt), None)

    def give_up(self, item: Item) -> None:
        """Its pod does not start: the Job is left behind, as a failed delete call would."""
        self._complete(item, AttemptOutcome.FAILED, ReasonCode.START_TIMEOUT)

    def release(self, item: Item) -> None:
        request = ReleaseRequest(fence=item.given.fence, reason_code=ReasonCode.QUOTA)
        self._ask(release, item, request)
        item.done = True

    def _ask(self, service: Call, item: Item, request: Any) -> Any:
        return self.call(service, self.caller, item.given.instruction, item.given.attempt, request)

    def _accept(self, item: Item) -> None:
        given = item.given
        request = AcceptRequest(
            fence=given.fence,
            order_sha256=given.order_sha256,
            plan_sha256=PLAN,
            checks_sha256=checks_sha256(list(CHECKS)),
            job_name=job_name(given.instruction, given.attempt),
            job_auth="token",
        )
        self._ask(accept, item, request)
        item.accepted = True

    def _create(self, process: Process, item: Item) -> None:
        """I12 is the agent's own: no create call near the end of its lease, or of the time to start."""
        leased = self.now - process.polled_at < (process.session.lease_s - 15) * SECOND
        if leased and self.now < item.start_until:
            self.cluster.create(item.given, self.now, self.history)

    def _event(self, item: Item, phase: Phase) -> None:
        request = EventRequest(fence=item.given.fence, seq=item.seq + 1, phase=phase, job_uid=uid(7))
        self._ask(report_event, item, request)
        item.seq += 1
        item.applied = True

    def _complete(self, item: Item, outcome: AttemptOutcome, reason: ReasonCode) -> None:
        request = CompleteRequest(fence=item.given.fence, outcome=outcome, reason_code=reason)
        self._ask(complete, item, request)
        item.done = True

    def _cancel(self, process: Process, key: tuple[str, int]) -> None:
        job = self.cluster.jobs.get(job_name(*key))
        if job is not None:
            for pod in job.pods:
                pod.die()
            job.condition = job.condition or AttemptOutcome.FAILED
        elif key in process.items:
            del process.items[key]

    def _job(self, item: Item) -> Job | None:
        return self.cluster.jobs.get(job_name(item.given.instruction, item.given.attempt))

    def _known(self, process: Process) -> tuple[Known, ...]:
        """What is in hand, and every Job that the cluster shows."""
        known: dict[tuple[str, int], Known] = {}
        for key, item in process.items.items():
            if not item.done:
                phase = Phase.ACCEPTED if item.accepted else Phase.DELIVERED
                known[key] = self._one(key, item.given.fence, phase)
        for job in self.cluster.jobs.values():
            key = (job.run, job.attempt)
            if not job.deleted:
                fence = known[key].fence if key in known else job.fence
                known[key] = self._one(key, fence, Phase.ENDED if job.condition else Phase.RUNNING)
        return tuple(known.values())

    def _one(self, key: tuple[str, int], fence: int, phase: Phase) -> Known:
        return Known(instruction=key[0], attempt=key[1], fence=fence, phase=phase)

    def adopt(self, process: Process, deadline_s: int) -> None:
        """After a restart: goes on with the Jobs that the cluster shows, as their annotations tell."""
        for job in self.cluster.jobs.values():
            key = (job.run, job.attempt)
            if key not in process.items:
                given = Delivery(
                    instruction=job.run,
                    attempt=job.attempt,
                    fence=job.fence,
                    kind=Kind.VERIFY,
                    order_sha256="",
                    start_s=0,
                    deadline_s=deadline_s,
                )
                process.items[key] = Item(given, 0, accepted=True, applied=True, seq=1000)
