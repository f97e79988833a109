"""What the hub says is done, whatever it says; and what it does not say is not assumed."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

import pytest

from assay.agent.attempt import Attempt, Key
from assay.agent.cluster.jobs import ACKED, FENCE
from assay.agent.cluster.objects import Condition, Job, JobSpec, JobStatus, Meta
from assay.agent.context import Agent
from assay.agent.hub import Hub
from assay.agent.lease import Lease
from assay.agent.metrics import Metrics
from assay.agent.polling import OFFER_S, Polling
from assay.agent.work import WorkQueue
from assay.agent.workers import Troubles
from assay.client import Cause, HubError, Refused, Reply, Unreachable
from assay.protocol.agent import (
    Cluster,
    Delivery,
    Held,
    Kind,
    Phase,
    Poll,
    PollRequest,
    Reference,
    Session,
    job_name,
)
from assay.protocol.wire import ErrorCode, Problem
from tests.agent.stage import deployment, settings

RUN, OTHER = "0" * 26, "1" * 26
UID = "00000000-0000-0000-0000-000000000001"
SESSION = Session(
    session=RUN,
    epoch=1,
    pool="default",
    protocol=1,
    lease_s=60,
    poll_s=25,
    server_time="2026-01-01T00:00:00Z",
)


def refused(status: int, code: ErrorCode | None = None) -> Refused:
    problem = None if code is None else Problem(type="t", title="t", status=status, code=code)
    return Refused(status, problem)


@dataclass
class Calls:
    """A hub that answers polls as it is told, and remembers what it was asked."""

    answers: list[Poll | HubError] = field(default_factory=list)
    polls: list[PollRequest] = field(default_factory=list)
    sessions: int = 0

    def call(self, name: str, request: Any = None, /, **_: Any) -> Reply:
        if name == "open_session":
            self.sessions += 1
            return Reply(SESSION, b"")
        self.polls.append(request)
        answer = self.answers.pop(0) if self.answers else Poll(next_poll_ms=0)
        if isinstance(answer, HubError):
            raise answer
        return Reply(answer, b"")


@dataclass
class Bench:
    calls: Calls
    agent: Agent
    polling: Polling
    queue: WorkQueue[Key]
    troubles: Troubles
    clock: list[float]

    def poll(self, **answer: Any) -> PollRequest:
        self.calls.answers.append(Poll(next_poll_ms=0, **answer))
        self.polling.once()
        return self.calls.polls[-1]

    def find(self, run: str = RUN, **changes: Any) -> Attempt:
        """A Job that was in the cluster."""
        attempt = self.agent.book.enter((run, 1))
        attempt.job, attempt.found = job(run, **changes), True
        return attempt


def job(
    run: str = RUN, *, fence: str = "4", suspend: bool = False, ended: bool = False, acked: bool = False
) -> Job:
    conditions = (Condition("Complete", "True"),) if ended else ()
    notes = {FENCE: fence} | ({ACKED: "true"} if acked else {})
    return Job(
        Meta(job_name(run, 1), uid=UID, annotations=notes), JobSpec(suspend), JobStatus(conditions=conditions)
    )


def delivery(run: str = RUN, fence: int = 1, **changes: Any) -> Delivery:
    fields: dict[str, Any] = {
        "instruction": run,
        "attempt": 1,
        "fence": fence,
        "kind": Kind.VERIFY,
        "order_sha256": "sha256:" + "0" * 64,
        "start_s": 600.0,
        "deadline_s": 900,
    }
    return Delivery(**(fields | changes))


REFERENCE = Reference(instruction=RUN, attempt=1)


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    clock = [1_000.0]
    calls, queue, troubles = Calls(), WorkQueue[Key](), Troubles()
    made = settings(tmp_path / "token", None, deployment("assay-runs", "https://hub.example.com"), slots=5)
    agent = Agent(
        settings=made,
        hub=Hub(cast(Any, calls)),
        jobs=cast(Any, None),
        compiler=cast(Any, None),
        lease=Lease(lambda: clock[0]),
        metrics=Metrics(),
        pool="",
    )
    cluster = Cluster(id=UID, namespace="assay-runs")
    polling = Polling(agent, cluster, queue, troubles, agent.book.enter)
    return Bench(calls, agent, polling, queue, troubles, clock)


def test_a_session_is_opened_once_and_tells_the_pool(bench: Bench) -> None:
    bench.poll()
    bench.poll()
    assert (bench.calls.sessions, bench.agent.pool) == (1, "default")


def test_what_is_delivered_is_known_from_then_on(bench: Bench) -> None:
    request = bench.poll(deliver=(delivery(), delivery(OTHER)))
    assert (request.free_slots, request.known) == (5, ())
    assert {bench.queue.take(), bench.queue.take()} == {(RUN, 1), (OTHER, 1)}
    request = bench.poll()
    assert request.free_slots == 3
    assert [(known.instruction, known.phase, known.fence) for known in request.known] == [
        (RUN, Phase.DELIVERED, 1),
        (OTHER, Phase.DELIVERED, 1),
    ]


def test_the_same_delivery_again_changes_nothing_and_a_newer_one_begins_anew(bench: Bench) -> None:
    bench.poll(deliver=(delivery(),))
    attempt = bench.agent.book.get((RUN, 1))
    assert attempt is not None
    attempt.accepted = True
    bench.poll(deliver=(delivery(),))
    assert attempt.accepted
    bench.poll(deliver=(delivery(fence=2),))
    assert not attempt.accepted
    assert attempt.fence == 2


def test_a_lease_is_renewed_by_a_good_poll_alone(bench: Bench) -> None:
    bench.poll()
    bench.clock[0] += 44.0
    bench.calls.answers.append(Unreachable(Cause.TIMEOUT))
    with pytest.raises(Unreachable):
        bench.polling.once()
    assert bench.agent.lease.may_create()
    bench.clock[0] += 2.0
    assert not bench.agent.lease.may_create()
    bench.poll()
    assert bench.agent.lease.may_create()


def test_two_polls_in_a_row_fit_into_a_lease(bench: Bench) -> None:
    assert bench.poll().wait_s == 0
    request = bench.poll()
    assert 0 < request.wait_s <= 20.5


def test_a_job_that_was_found_is_asked_about_without_waiting_and_then_is_its_own(bench: Bench) -> None:
    attempt = bench.find()
    request = bench.poll()
    assert request.wait_s == 0
    assert [(known.fence, known.phase, known.job_uid) for known in request.known] == [(4, Phase.APPLIED, UID)]
    assert attempt.mine is True
    assert bench.queue.take() == (RUN, 1)
    assert bench.poll().wait_s > 0


def test_a_job_of_another_agent_is_left_alone_and_asked_about_later(bench: Bench) -> None:
    attempt = bench.find()
    bench.poll(forget=(REFERENCE,))
    assert attempt.mine is False
    assert len(bench.queue) == 0
    assert bench.poll().known == ()
    assert bench.agent.free() == 5
    bench.clock[0] += OFFER_S + 1
    assert [known.instruction for known in bench.poll().known] == [RUN]
    assert attempt.mine is True


def test_a_job_that_has_ended_and_is_forgotten_is_told_of_once(bench: Bench) -> None:
    attempt = bench.find(ended=True)
    bench.poll(forget=(REFERENCE,))
    assert bench.queue.take() == (RUN, 1)
    assert attempt.mine is True
    bench.queue.done((RUN, 1))
    bench.poll(forget=(REFERENCE,))
    assert attempt.mine is False
    assert len(bench.queue) == 0


def test_a_job_whose_end_was_heard_is_not_known(bench: Bench) -> None:
    bench.find(ended=True, acked=True)
    assert bench.poll().known == ()


def test_what_has_no_job_and_is_forgotten_is_struck(bench: Bench) -> None:
    bench.poll(deliver=(delivery(),))
    bench.poll(forget=(REFERENCE,))
    assert bench.agent.book.get((RUN, 1)) is None


def test_a_cancel_is_heard_once_and_for_what_is_known_only(bench: Bench) -> None:
    bench.poll(deliver=(delivery(),))
    assert bench.queue.take() == (RUN, 1)
    bench.queue.done((RUN, 1))
    bench.poll(cancel=(REFERENCE, Reference(instruction=OTHER, attempt=1)))
    assert bench.queue.take() == (RUN, 1)
    bench.queue.done((RUN, 1))
    bench.poll(cancel=(REFERENCE,))
    assert len(bench.queue) == 0
    assert bench.agent.book.get((OTHER, 1)) is None


def test_a_job_that_the_hub_misses_is_looked_for(bench: Bench) -> None:
    bench.poll(unnamed=(Held(instruction=RUN, attempt=1, fence=9),))
    attempt = bench.agent.book.get((RUN, 1))
    assert attempt is not None
    assert (attempt.gone, attempt.mine, attempt.fence) == (True, True, 9)
    assert bench.queue.take() == (RUN, 1)


@pytest.mark.parametrize("fence", ["", "x", "-1", "0", "1e3", "9" * 20, "\uff14"])
def test_a_fence_that_cannot_be_read_is_asked_for(bench: Bench, fence: str) -> None:
    attempt = bench.find(fence=fence)
    assert bench.poll().known == ()
    assert len(bench.queue) == 0
    bench.poll(unnamed=(Held(instruction=RUN, attempt=1, fence=9),))
    assert bench.queue.take() == attempt.key
    assert (attempt.gone, attempt.fence) == (False, 9)


def test_with_no_slot_free_nothing_is_waited_for(bench: Bench) -> None:
    bench.poll(deliver=tuple(delivery(f"{n:026d}") for n in range(5)))
    request = bench.poll()
    assert (request.free_slots, request.wait_s) == (0, 0.0)


def test_a_process_that_drains_asks_for_nothing_new(bench: Bench) -> None:
    bench.polling.draining.set()
    assert bench.poll().free_slots == 0


def _run(bench: Bench, *answers: Poll | HubError, until: Callable[[], bool]) -> None:
    stop = threading.Event()
    bench.calls.answers += answers
    thread = threading.Thread(target=bench.polling.run, args=(stop, lambda: None), daemon=True)
    thread.start()
    for _ in range(1_000):
        if until():
            break
        threading.Event().wait(0.02)
    stop.set()
    bench.polling.wake()
    thread.join(timeout=30)
    assert until()


def test_a_process_that_is_superseded_creates_nothing_and_keeps_nothing(bench: Bench) -> None:
    bench.find()
    _run(
        bench,
        refused(409, ErrorCode.SESSION_SUPERSEDED),
        until=bench.troubles.superseded.is_set,
    )
    assert bench.agent.book.all() == ()
    assert not bench.agent.lease.may_create()
    assert bench.calls.sessions == 1
    assert len(bench.calls.polls) == 1


@pytest.mark.parametrize(
    "fault",
    [
        Unreachable(Cause.CONNECT),
        Unreachable(Cause.GARBAGE),
        refused(503, ErrorCode.UNAVAILABLE),
        refused(429, ErrorCode.TOO_MANY_REQUESTS),
        refused(500),
        refused(403, ErrorCode.FORBIDDEN),
        refused(422, ErrorCode.INVALID),
        refused(426, ErrorCode.UPGRADE_REQUIRED),
    ],
    ids=str,
)
def test_no_answer_ends_the_agent(bench: Bench, fault: HubError) -> None:
    _run(bench, fault, until=lambda: len(bench.calls.polls) >= 2)
    assert not bench.troubles.superseded.is_set()


def test_a_token_that_is_refused_is_tried_again_every_five_minutes_at_most(bench: Bench) -> None:
    pauses = [bench.polling.pause(refused(401, ErrorCode.UNAUTHENTICATED), n) for n in range(1, 20)]
    assert all(2.5 <= pause <= 300 for pause in pauses)
    assert min(pauses[8:]) >= 150


def test_a_pause_is_as_long_as_the_hub_asks(bench: Bench) -> None:
    busy = Refused(429, None, 7.0)
    assert all(bench.polling.pause(busy, n) >= 7.0 for n in range(1, 10))


def test_the_first_poll_is_answered_at_once_and_the_next_is_not_put_off(bench: Bench) -> None:
    """A process that has just begun would otherwise leave alone for ten seconds what is queued meanwhile."""
    bench.calls.answers = [Poll(next_poll_ms=10_000), Poll(next_poll_ms=10_000)]
    assert bench.polling.once() <= 1.0
    assert bench.polling.once() == 10.0
    assert [poll.wait_s > 0 for poll in bench.calls.polls] == [False, True]


def test_an_answer_that_comes_late_does_not_hide_what_a_watch_has_told(bench: Bench) -> None:
    """A patch of ours, the Job's end told by the watch, and only then the patch's answer."""
    attempt = bench.find()
    assert attempt.job is not None

    def at(version: str, *, ended: bool) -> Job:
        meta = Meta(job_name(RUN, 1), uid=UID, resource_version=version)
        conditions = (Condition("Complete", "True"),) if ended else ()
        return Job(meta, JobSpec(), JobStatus(conditions=conditions))

    assert attempt.see(at("10", ended=False))
    assert attempt.see(at("12", ended=True))
    assert not attempt.see(at("11", ended=False))
    assert attempt.job.ended is not None
