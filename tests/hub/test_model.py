"""The hub's engine against every disorder that can be made up: crashes, lost and repeated and late requests, agents
that restart or fall silent, pods that live on, cancels, time. `tests.support.history` holds the promises.

`make mutants` runs this against hubs with a fault built in: each must be found.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from random import Random
from typing import Any, ClassVar

import pytest
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from sqlalchemy import delete, select

from assay.hub import machine
from assay.hub.agents.orders import get_order
from assay.hub.agents.polling import poll
from assay.hub.agents.reports import accept, complete, release, report_event
from assay.hub.instants import instant
from assay.hub.refusal import Refusal
from assay.hub.runners.gate import end_run, heartbeat
from assay.hub.runners.results import commit_results, put_results
from assay.hub.runs.cancelling import cancel_run
from assay.hub.runs.showing import get_results, get_run, list_runs
from assay.hub.schedules import firing
from assay.hub.store import HUB, Store, Tx, mine
from assay.hub.store import tx as tx_module
from assay.hub.tables import METADATA, agents, fires, instructions, schedules
from assay.hub.upkeep.reaper import reap
from assay.hub.upkeep.retry import queue_retries
from assay.protocol import crash
from assay.protocol.agent import PollRequest
from assay.protocol.delivery import HeartbeatRequest
from assay.protocol.user import ScheduleRequest
from assay.protocol.wire import ErrorCode, encode
from tests.support.fleet import Job, Lost, Process, SimAgent, SimCluster, SimPod
from tests.support.history import History, Seen, Violation
from tests.support.hub import Clock, copy, inline, opened
from tests.support.world import CHECKS, CONTRACT, World, batch, commit_of, result, uid

STEPS = int(os.environ.get("ASSAY_MODEL_STEPS", "10"))
QUICK = "ASSAY_MODEL_QUICK" in os.environ
"""Whether a broken promise is shown as it was found, not in its shortest form."""
EXAMPLES = int(os.environ.get("ASSAY_MODEL_EXAMPLES", "0"))
REPLAYED = frozenset((accept, report_event, complete, release, put_results, commit_results, end_run))
"""Services that answer the same request a second time as they did the first time."""
seeds = st.integers(0, 2**32)


class Hub(RuleBasedStateMachine):
    store: ClassVar[Store]
    clock: ClassVar[Clock]

    def __init__(self) -> None:
        super().__init__()
        crash.arm("")
        self.store.write_now(HUB, _empty)
        self.chance = Random(0)  # noqa: S311 - a model's
        self.history = History()
        self.world = World(self.store, self.clock)
        self.other = World(self.store, self.clock, "other")
        self.clusters = [SimCluster(uid(1)), SimCluster(uid(2))]
        self.agents = [
            SimAgent(self.world, self.call, self.history, cluster)
            for cluster in (self.clusters[0], self.clusters[0], self.clusters[1])
        ]
        self.stranger = self.other.agent(1)
        self.runs: list[str] = []
        self.pods = 0
        self.late: list[tuple[Callable[..., Any], Any, tuple[Any, ...]]] = []
        self.stale_fires: list[Any] = []
        self.world.write(_schedule)
        for attempts in (1, 2, 3):
            self.queue(attempts, 600)

    # ------------------------------------------------------------ calls that may fail

    def call(self, service: Callable[..., Any], caller: Any, *given: Any) -> Any:
        """A request over a network that loses, repeats and delays, to a hub that may be killed."""
        if self.chance.random() < 0.1:
            self.late = [*self.late[-20:], (service, caller, given)]
        luck = self.chance.random()
        if luck < 0.04:
            return self._killed(service, caller, given)
        answer = self.world.call(service, caller, *given)
        if luck < 0.10:
            raise Lost
        if luck < 0.20 and service in REPLAYED:
            self._again(service, caller, given)
        return answer

    def _killed(self, service: Callable[..., Any], caller: Any, given: tuple[Any, ...]) -> Any:
        """The hub dies before the commit: nobody was answered, and nothing was kept."""
        crash.arm("hub-before-commit", then=_crash)
        try:
            return self.world.call(service, caller, *given)
        except Refusal as refusal:
            if refusal.code is ErrorCode.UNAVAILABLE:
                raise Lost from None
            raise
        finally:
            crash.arm("")

    def _again(self, service: Callable[..., Any], caller: Any, given: tuple[Any, ...]) -> None:
        try:
            self.world.call(service, caller, *given)
        except Refusal as refusal:
            raise Violation("I7", f"{service.__name__} was refused when it was repeated: {refusal}") from None

    def step(self, work: Callable[..., Any], *given: Any) -> None:
        with suppress(Lost, Refusal):
            work(*given)

    # ------------------------------------------------------------ people

    @rule(attempts=st.integers(1, 3), deadline=st.sampled_from((60, 600)))
    def queue(self, attempts: int, deadline: int) -> None:
        self.runs.append(self.world.queue(max_attempts=attempts, deadline_s=deadline, start_s=600))

    @rule(seed=seeds)
    def cancel(self, seed: int) -> None:
        if self.runs and seed % 3 == 0:
            self.chance = Random(seed)  # noqa: S311 - a model's
            self.step(self.call, cancel_run, self.world.key, self.chance.choice(self.runs))

    # ------------------------------------------------------------ the natural way

    @rule(seed=seeds, steps=st.integers(5, 30))
    def go_on(self, seed: int, steps: int) -> None:
        """Agents, pods and the hub do what they would do next, in any order, and time passes."""
        self.chance = Random(seed)  # noqa: S311 - a model's
        idle = self.chance.choice((None, None, *self.agents))
        for number in range(steps):
            pods = [pod for pod in self._pods() if not pod.over and not pod.hung]
            luck = self.chance.random()
            if luck < 0.06:
                self.time_passes(self.chance.choice((1, 10, 31, 46, 61)))
            elif luck < 0.16:
                self.the_hub_works()
            elif luck < 0.22:
                self._disorder()
            elif luck < 0.55 and pods:
                self.step(self.chance.choice(pods).step)
            else:
                agent = self.chance.choice(self.agents)
                if agent is not idle:
                    self.step(agent.step, self.chance.randrange(100))
            self._kubernetes()
            if number % 3 == 0:
                self.promises()

    def _disorder(self) -> None:
        """One of the rules below, in the middle of everything."""
        chance = self.chance
        rules = (
            self.agent_restarts,
            self.a_dead_process_goes_on,
            self.agent_gives_up,
            self.pod_falls,
            self.job_vanishes,
            self.a_second_pod,
            self.a_second_pod,
            self.pod_misbehaves,
            self.a_late_request_arrives,
            self.cancel,
        )
        chance.choice(rules)(chance.randrange(2**32))
        self.chance = chance

    @rule(seed=seeds)
    def and_on(self, seed: int) -> None:
        self.go_on(seed, 30)

    @rule(seed=seeds)
    def and_on_and_on(self, seed: int) -> None:
        self.go_on(seed, 50)

    # ------------------------------------------------------------ disorder

    @rule(seed=seeds)
    def agent_restarts(self, seed: int) -> None:
        agent = self._agent(seed)
        self.step(agent.begin)
        if agent.process is not None and self.chance.random() < 0.7:
            agent.adopt(agent.process, 600)

    @rule(seed=seeds)
    def a_dead_process_goes_on(self, seed: int) -> None:
        """It does not know that another has taken its place."""
        agent = self._agent(seed)
        if not agent.old:
            return
        process = self.chance.choice(agent.old)
        items = [item for item in process.items.values() if not item.done]
        if items and self.chance.random() < 0.6:
            self.step(agent.work, process, self.chance.choice(items))
        else:
            self._poll_of_the_dead(agent, process)

    @rule(seed=seeds)
    def agent_gives_up(self, seed: int) -> None:
        agent = self._agent(seed)
        items = [item for item in agent.process.items.values() if not item.done] if agent.process else []
        if items:
            chosen = self.chance.choice(items)
            self.step(agent.release if self.chance.random() < 0.5 else agent.give_up, chosen)

    @rule(seed=seeds)
    def pod_falls(self, seed: int) -> None:
        self.chance = Random(seed)  # noqa: S311 - a model's
        pods = [pod for pod in self._pods() if not pod.over]
        if pods:
            pod = self.chance.choice(pods)
            pod.interrupt() if pod.generation and self.chance.random() < 0.5 else pod.die()
            self._kubernetes()

    @rule(seed=seeds)
    def job_vanishes(self, seed: int) -> None:
        """Somebody deletes the Job and leaves its pods behind."""
        self.chance = Random(seed)  # noqa: S311 - a model's
        jobs = [job for job in self._jobs() if not job.deleted and job.condition is None]
        if jobs:
            job = self.chance.choice(jobs)
            job.deleted = True
            for pod in job.pods:
                pod.hung = self.chance.random() < 0.6

    @rule(seed=seeds)
    def a_second_pod(self, seed: int) -> None:
        """A node is cut off, or seems to be: its pod is made anew elsewhere."""
        self.chance = Random(seed)  # noqa: S311 - a model's
        jobs = [job for job in self._jobs() if job.pods and job.condition is None]
        if jobs:
            job = self.chance.choice(jobs)
            cut_off = self.chance.random() < 0.7
            for pod in job.pods:
                pod.hung = cut_off
            self._pod(job)
            if cut_off:
                self.time_passes(self.chance.choice((31, 46, 61)))

    @rule(seed=seeds)
    def pod_misbehaves(self, seed: int) -> None:
        """Another body for a batch, a wrong root, a batch or a check left out, a check that nobody asked for."""
        self.chance = Random(seed)  # noqa: S311 - a model's
        pods = [pod for pod in self._pods() if pod.generation and not pod.over and not pod.committed]
        if not pods:
            return
        pod = self.chance.choice(pods)
        wrong: list[Callable[[], None]] = []
        if pod.kept:
            wrong += [pod.wrong_put, lambda: self._altered_batch(pod)]
        if pod.kept == 1:
            wrong += [lambda: self._batch_left_out(pod), lambda: self._unknown_check(pod)]
        if wrong:
            self.chance.choice(wrong)()

    @rule(seed=seeds)
    def a_late_request_arrives(self, seed: int) -> None:
        """What the network had held back comes now, and its answer goes nowhere."""
        if self.late:
            service, caller, given = self.late.pop(seed % len(self.late))
            self.step(self.world.call, service, caller, *given)

    @rule(seed=seeds)
    def a_stranger_asks(self, seed: int) -> None:
        """Another tenant's credentials, this tenant's ids."""
        self.chance = Random(seed)  # noqa: S311 - a model's
        if not self.history.attempts:
            return
        (run, attempt), before = self.chance.choice(sorted(self.history.attempts.items()))
        for service, caller, given in self._foreign(run, attempt, before.fence):
            try:
                self.other.call(service, caller, *given)
            except Refusal as refusal:
                if refusal.code is ErrorCode.NOT_FOUND:
                    continue
                raise Violation("I8", f"{service.__name__} says {refusal.code} to a stranger") from None
            raise Violation("I8", f"{service.__name__} answers a stranger")
        if self.other.call(list_runs, self.other.key) or self.stranger.poll().deliver:
            raise Violation("I8", "a stranger is shown what is not his")

    # ------------------------------------------------------------ time, and the hub's own work

    @rule(seconds=st.sampled_from((1, 10, 31, 46, 61, 61, 130, 300, 700)))
    def time_passes(self, seconds: int) -> None:
        self.clock.pass_(seconds)
        for cluster in self.clusters:
            cluster.let_time_pass(self.clock.now)
        for pod in self._pods():
            if pod.generation and not pod.over:
                pod.hung = self.chance.random() < (0.7 if pod.hung else 0.15)
                if not pod.hung and self.chance.random() < 0.6:
                    self.step(pod.beat)
        self._kubernetes()

    @rule()
    def the_hub_works(self) -> None:
        reap(self.store.write_now)
        queue_retries(self.store.write_now)

    @rule(late=st.booleans())
    def schedules_fire(self, late: bool) -> None:
        """late: another hub has read what is due, and comes to it only later."""
        if late:
            rows = self.store.write_now(HUB, lambda tx: tx.rows(firing._DUE, now=tx.now, most=9))
            self.stale_fires = [*self.stale_fires[-3:], *rows]
        else:
            firing.fire_due(self.store.write_now)
        for row in self.stale_fires if not late else ():
            self.store.write_now(HUB, lambda tx, row=row: firing._fire(tx.acting(row.tenant), row))  # type: ignore[misc]
        self.history.fires(self.world.read(_runs_of_schedules))

    # ------------------------------------------------------------ promises

    @invariant()
    def promises(self) -> None:
        self.history.states(_seen(self.world))

    def teardown(self) -> None:
        """Nobody does anything any more: all comes to an end, and what was committed is there."""
        crash.arm("")
        for _ in range(14):
            self.clock.pass_(700)
            self.the_hub_works()
            self.promises()
        self.history.over()
        for run in self.history.committed:
            found = self.world.call(get_results, self.world.key, run)
            self.history.results_read(run, found.attempt, found.report.checks)
        self._every_fire_time_is_there()

    # ------------------------------------------------------------ helpers

    def _agent(self, seed: int) -> SimAgent:
        self.chance = Random(seed)  # noqa: S311 - a model's
        return self.chance.choice(self.agents)

    def _jobs(self) -> list[Job]:
        return [job for cluster in self.clusters for job in cluster.jobs.values()]

    def _pods(self) -> list[SimPod]:
        return [pod for job in self._jobs() for pod in job.pods]

    def _pod(self, job: Job) -> None:
        self.pods += 1
        job.pods.append(SimPod(self.world, self.call, self.history, job, self.pods))

    def _kubernetes(self) -> None:
        """Its controllers: a pod for each new Job, a condition when all pods are over."""
        for cluster in self.clusters:
            for job in cluster.jobs.values():
                if not job.pods and job.condition is None and not job.deleted:
                    self._pod(job)
                cluster.settle(job)

    def _poll_of_the_dead(self, agent: SimAgent, process: Process) -> None:
        statement = select(agents.c.session).where(mine(agents), agents.c.id == agent.caller.agent)
        live = self.world.read(lambda tx: tx.one(statement).session)
        request = PollRequest(session=process.session.session, epoch=process.session.epoch, free_slots=1)
        try:
            self.world.call(poll, agent.caller, request)
        except Refusal:
            process.dead = True
            return
        if live != process.session.session:
            raise Violation("I3", "a process whose session is over was given leases")

    def _altered_batch(self, pod: SimPod) -> None:
        altered = [*pod.sent[:-1], batch(pod.generation, result(CHECKS[2], value="777"))]
        pod.wrong_commit(commit_of(pod.generation, altered))

    def _batch_left_out(self, pod: SimPod) -> None:
        pod.wrong_commit(commit_of(pod.generation, pod.sent[:1]))

    def _unknown_check(self, pod: SimPod) -> None:
        more = batch(pod.generation, result(CHECKS[2]), result("unknown"))
        try:
            pod.ask(put_results, 1, more)
        except (Refusal, Lost):
            return
        pod.kept, pod.sent = 2, [pod.sent[0], more]
        pod.wrong_commit(commit_of(pod.generation, pod.sent))

    def _foreign(self, run: str, attempt: int, fence: int) -> Iterator[tuple[Any, Any, tuple[Any, ...]]]:
        stranger, key = self.stranger.caller, self.other.key
        yield get_run, key, (run,)
        yield cancel_run, key, (run,)
        yield get_order, stranger, (run, attempt)
        pod = SimPod(self.other, self.call, self.history, Job(run, attempt, fence, 0, 0), 0)
        yield heartbeat, pod.caller, (run, attempt, HeartbeatRequest(generation=1))
        yield put_results, pod.caller, (run, attempt, 0, batch(1, result(CHECKS[0])))
        if run in self.history.committed:
            yield get_results, key, (run,)

    def _every_fire_time_is_there(self) -> None:
        """After the hub has worked, the newest fire time before now has its row."""
        firing.fire_due(self.store.write_now)
        newest = self.clock.now - self.clock.now % (300 * 1_000_000)
        found = self.world.read(lambda tx: {row.fire_at for row in tx.rows(_FIRES)})
        if newest not in found:
            raise Violation("I11", f"nothing fired at {instant(newest)}")


_FIRES = select(fires.c.fire_at).where(mine(fires))
_SCHEDULED = select(instructions.c.schedule, instructions.c.fire_at).where(
    mine(instructions), instructions.c.schedule.is_not(None)
)


def _crash() -> None:
    raise crash.Crash


def _empty(tx: Tx) -> None:
    for table in reversed(METADATA.sorted_tables):
        tx.connection.execute(delete(table))


def _seen(world: World) -> dict[tuple[str, int], Seen]:
    return {key: Seen(row.state, row.fence, row.retry_at is not None) for key, row in world.states().items()}


def _runs_of_schedules(tx: Tx) -> list[tuple[str, int]]:
    return [(row.schedule, row.fire_at) for row in tx.rows(_SCHEDULED)]


def _schedule(tx: Tx) -> None:
    """Every five minutes, whether the run before is over or not."""
    request = ScheduleRequest(contract=CONTRACT, cron="*/5 * * * *", concurrency="allow", start_s=600)
    tx.add(
        schedules,
        name="often",
        revision=1,
        contract=CONTRACT,
        cron=request.cron,
        zone=request.zone,
        enabled=True,
        body=firing.seal_schedule(tx, "often", encode(request)),
        updated_at=tx.now,
        next_fire_at=tx.now - tx.now % 300_000_000 + 300_000_000,
    )


def _run(store: Store, clock: Clock, examples: int, part: int, monkeypatch: pytest.MonkeyPatch) -> None:
    counter = iter(range(1, 2**62))
    monkeypatch.setattr(tx_module, "randbits", lambda _: next(counter))
    Hub.store, Hub.clock = store, clock
    machine._made.clear()
    run_state_machine_as_test(
        seed(part)(type("Hub", (Hub,), {})),
        settings=settings(
            max_examples=EXAMPLES or examples,
            stateful_step_count=STEPS,
            deadline=None,
            database=None,
            suppress_health_check=(HealthCheck.too_slow, HealthCheck.data_too_large),
            phases=(Phase.generate,) if QUICK else (Phase.generate, Phase.shrink),
        ),
    )


@pytest.mark.slow
@pytest.mark.parametrize("part", range(8))
def test_histories_on_sqlite(
    empty_sqlite: Path, tmp_path: Path, clock: Clock, part: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    with opened(copy(empty_sqlite, tmp_path / "hub.db"), clock) as store:
        inline(store)
        _run(store, clock, 240, part, monkeypatch)


@pytest.mark.slow
@pytest.mark.parametrize("part", range(4))
def test_histories_on_postgres(
    postgres_store: Store, clock: Clock, part: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    inline(postgres_store)
    _run(postgres_store, clock, 25, part, monkeypatch)
