"""One instruction's way through the hub, and every way off it."""

from __future__ import annotations

import pytest

from assay.hub.agents.orders import get_order
from assay.hub.agents.reports import release
from assay.hub.refusal import Refusal
from assay.hub.runners.gate import end_run, heartbeat
from assay.hub.runs.cancelling import cancel_run
from assay.hub.runs.showing import get_results, get_run, list_runs
from assay.hub.store import Store
from assay.hub.upkeep.reaper import reap
from assay.hub.upkeep.retry import queue_retries
from assay.protocol.agent import AttemptOutcome, Known, Phase, ReasonCode, ReleaseRequest
from assay.protocol.delivery import EndWord, HeartbeatRequest, OutcomeRequest
from assay.protocol.report import Outcome
from assay.protocol.user import RunState
from assay.protocol.wire import ErrorCode, encode, sha256
from tests.support.hub import Clock
from tests.support.world import CHECKS, Agent, Pod, World, batch, result


@pytest.fixture
def world(store: Store, clock: Clock) -> World:
    return World(store, clock)


@pytest.fixture
def agent(world: World) -> Agent:
    return world.agent()


def refused(code: ErrorCode, work, *given, **options) -> Refusal:  # type: ignore[no-untyped-def]
    with pytest.raises(Refusal) as found:
        work(*given, **options)
    assert found.value.code is code, found.value
    return found.value


def running(world: World, agent: Agent, **options: object):  # type: ignore[no-untyped-def]
    """A run whose pod has passed the gate."""
    world.queue(**options)
    (given,) = agent.poll().deliver
    agent.accept(given)
    agent.event(given)
    pod = Pod(world, given)
    pod.start()
    return given, pod


def committed(world: World, agent: Agent):  # type: ignore[no-untyped-def]
    given, pod = running(world, agent)
    sent = [batch(1, result(CHECKS[0]), result(CHECKS[1], Outcome.FAILED, "3")), batch(1, result(CHECKS[2]))]
    for seq, one in enumerate(sent):
        pod.put(seq, one)
    pod.commit(sent)
    return given, pod, sent


def later(world: World, seconds: float) -> None:
    world.clock.pass_(seconds)
    reap(world.store.write_now)
    queue_retries(world.store.write_now)


def test_the_whole_way(world: World, agent: Agent) -> None:
    given, _, sent = committed(world, agent)
    agent.complete(given)
    run = world.call(get_run, world.key, given.instruction)
    assert (run.state, run.verdict, run.warning) == (RunState.SUCCEEDED, Outcome.FAILED, False)
    results = world.call(get_results, world.key, given.instruction)
    assert results.report.checks == sent[0].checks + sent[1].checks
    assert [item.id for item in world.call(list_runs, world.key)] == [given.instruction]


def test_a_work_order_has_the_bytes_that_the_delivery_named(world: World, agent: Agent) -> None:
    world.queue(params={"day": "2025-01-01"}, warehouse="diagnostics")
    (given,) = agent.poll().deliver
    order = world.call(get_order, agent.caller, given.instruction, given.attempt)
    assert sha256(encode(order)) == given.order_sha256
    assert order.source["password"] == "${env.PASSWORD}"
    refused(ErrorCode.NOT_FOUND, world.call, get_order, world.agent(2).caller, given.instruction, 1)


def test_a_delivery_is_repeated_until_the_agent_knows_it(world: World, agent: Agent) -> None:
    world.queue()
    (first,) = agent.poll().deliver
    (again,) = agent.poll(free=0).deliver
    assert first == again
    seen = Known(instruction=first.instruction, attempt=1, fence=first.fence, phase=Phase.DELIVERED)
    assert agent.poll(known=(seen,)).deliver == ()


def test_an_instruction_goes_to_one_agent_only(world: World) -> None:
    agents = [world.agent(n) for n in range(3)]
    runs = {world.queue() for _ in range(20)}
    given = [item.instruction for agent in agents for item in agent.poll(free=8).deliver]
    assert sorted(given) == sorted(runs)


def test_the_queue_is_fair_to_each_contract(world: World, agent: Agent) -> None:
    many = [world.queue() for _ in range(4)]
    world.write(lambda tx: _other_contract(tx))
    few = [world.queue(contract="shop.other") for _ in range(2)]
    order = [item.instruction for item in agent.poll().deliver]
    assert order == [many[0], few[0], many[1], few[1], many[2], many[3]]


def _other_contract(tx) -> None:  # type: ignore[no-untyped-def]
    from assay.hub import bodies
    from assay.hub.tables import contract_versions, contracts

    body = bodies.read_version(tx, "shop.orders", "1.0.0")
    shared = {"source": "warehouse", "revision": 1, "checks": 3, "published_at": tx.now}
    tx.add(contracts, name="shop.other", version="1", **shared)
    tx.add(
        contract_versions, contract="shop.other", version="1", sha256="x", checks_sha256="y", actor="hub",
        body=bodies.seal_version(tx, "shop.other", "1", body), **shared,
    )  # fmt: skip


def test_a_lease_that_is_over_goes_back_under_the_same_number_with_a_new_fence(
    world: World, agent: Agent
) -> None:
    run = world.queue()
    (first,) = agent.poll().deliver
    later(world, 61)
    assert world.attempt(run).state == "queued"
    (second,) = agent.poll().deliver
    assert (second.attempt, second.fence) == (1, first.fence + 1)
    refused(ErrorCode.STALE_FENCE, agent.accept, first)
    agent.accept(second)


def test_a_session_that_ends_counts_against_an_order_that_was_read_and_against_no_other(
    world: World, agent: Agent
) -> None:
    """The poll of a killed process may be answered: what is handed to it was looked into by nobody."""
    world.queue()
    counted = 0
    for looked, over in ((False, 0), (True, 61), (False, 61), (True, 0)):
        (given,) = agent.poll().deliver
        assert given.lapsed == counted
        if looked:
            agent.fetch(given)
            agent.fetch(given)
            counted += 1
        later(world, over)
        agent.begin()
    (last,) = agent.poll().deliver
    assert last.lapsed == counted == 2


def test_a_session_that_ends_counts_against_an_attempt_that_was_accepted(world: World, agent: Agent) -> None:
    world.queue()
    (given,) = agent.poll().deliver
    agent.accept(given)
    agent.begin()
    (again,) = agent.poll().deliver
    assert again.lapsed == 1


def test_a_poll_renews_every_lease(world: World, agent: Agent) -> None:
    run = world.queue()
    agent.poll()
    for _ in range(5):
        later(world, 40)
        agent.poll(free=0)
    assert world.attempt(run).state == "leased"


def test_what_was_accepted_goes_back_to_the_same_cluster_only(world: World, agent: Agent) -> None:
    run = world.queue()
    (given,) = agent.poll().deliver
    agent.accept(given)
    later(world, 61)
    assert world.attempt(run).state == "queued"
    assert world.agent(2).poll().deliver == ()
    (again,) = world.agent(1).poll().deliver
    assert again.fence == given.fence + 1


def test_a_new_session_takes_over_what_runs_and_the_old_one_is_refused(world: World, agent: Agent) -> None:
    given, _ = running(world, agent)
    waiting = world.queue()
    agent.poll(free=1, known=())
    old = agent.session
    agent.begin()
    refused(ErrorCode.SESSION_SUPERSEDED, agent.poll, session=old)
    assert world.attempt(waiting).state == "queued"
    agent.complete(given, AttemptOutcome.FAILED, ReasonCode.JOB_FAILED)
    assert world.attempt(given.instruction).state == "failed"


def test_an_agent_is_told_of_a_job_that_it_does_not_name(world: World, agent: Agent) -> None:
    """Its Job may have vanished while no process of the agent looked."""
    given, _ = running(world, agent)
    waiting = world.queue()
    agent.begin()
    answer = agent.poll(free=1)
    assert [(held.instruction, held.attempt, held.fence) for held in answer.unnamed] == [
        (given.instruction, 1, given.fence)
    ]
    assert [each.instruction for each in answer.deliver] == [waiting]
    seen = Known(instruction=given.instruction, attempt=1, fence=given.fence, phase=Phase.RUNNING)
    assert agent.poll(known=(seen,)).unnamed == ()
    agent.complete(given, AttemptOutcome.LOST, ReasonCode.JOB_MISSING)
    assert world.attempt(given.instruction).state == "lost"
    assert agent.poll().unnamed == ()


def test_another_agent_of_the_cluster_adopts_what_it_knows(world: World, agent: Agent) -> None:
    given, _ = running(world, agent)
    other = world.agent(1)
    seen = Known(instruction=given.instruction, attempt=1, fence=given.fence, phase=Phase.RUNNING)
    assert [r.instruction for r in other.poll(known=(seen,)).forget] == [given.instruction]
    world.clock.pass_(61)
    assert other.poll(known=(seen,)).forget == ()
    other.complete(given)
    assert world.attempt(given.instruction).reason_code == "result_missing"


def test_an_accept_of_another_plan_is_refused(world: World, agent: Agent) -> None:
    world.queue()
    (given,) = agent.poll().deliver
    refused(ErrorCode.PLAN_MISMATCH, agent.accept, given, checks_sha256=sha256(b"x"))
    refused(ErrorCode.PLAN_MISMATCH, agent.accept, given, order_sha256=sha256(b"x"))
    refused(ErrorCode.INVALID, agent.accept, given, job_name="assay-other")
    first = agent.accept(given)
    assert first.job_token
    assert agent.accept(given) == first
    refused(ErrorCode.CONFLICTING_REPLAY, agent.accept, given, plan_sha256=sha256(b"x"))


def test_events_grow_in_number_and_replays_change_nothing(world: World, agent: Agent) -> None:
    run = world.queue()
    (given,) = agent.poll().deliver
    refused(ErrorCode.ILLEGAL_TRANSITION, agent.event, given)
    agent.accept(given)
    agent.event(given, seq=3)
    agent.event(given, seq=3)
    agent.event(given, seq=1, phase=Phase.ENDED)
    refused(ErrorCode.CONFLICTING_REPLAY, agent.event, given, seq=3, phase=Phase.ENDED)
    refused(ErrorCode.CONFLICT, agent.event, given, seq=4, job=8)
    assert world.attempt(run).state == "applied"


def test_the_gate_lets_one_pod_through(world: World, agent: Agent) -> None:
    given, pod = running(world, agent)
    assert pod.start().generation == 1
    second = Pod(world, given, 2)
    refused(ErrorCode.ALREADY_STARTED, second.start)
    world.clock.pass_(46)
    assert second.start().generation == 2
    refused(ErrorCode.STALE_FENCE, pod.put, 0, batch(1, result(CHECKS[0])))
    refused(ErrorCode.STALE_FENCE, pod.call, heartbeat, HeartbeatRequest(generation=1))
    said = OutcomeRequest(generation=2, word=EndWord.INTERRUPTED, reason_code=ReasonCode.INTERRUPTED)
    second.call(end_run, said)
    second.call(end_run, said)
    assert Pod(world, given, 3).start().generation == 3


def test_a_pod_that_asks_again_is_alive(world: World, agent: Agent) -> None:
    """Its first answer may have been lost: then it has read nothing so far, and begins now."""
    given, pod = running(world, agent)
    world.clock.pass_(46)
    assert pod.start().generation == 1
    refused(ErrorCode.ALREADY_STARTED, Pod(world, given, 2).start)


def test_the_gate_is_closed_for_what_is_over_unwanted_or_another(world: World, agent: Agent) -> None:
    world.queue()
    (given,) = agent.poll().deliver
    pod = Pod(world, given)
    refused(ErrorCode.STALE_FENCE, pod.start)
    agent.accept(given)
    refused(ErrorCode.STALE_FENCE, pod.start, fence=given.fence + 1)
    refused(ErrorCode.PLAN_MISMATCH, pod.start, plan=sha256(b"x"))
    refused(ErrorCode.FORBIDDEN, Pod(world, given, 1, pod_uid="other").start)
    pod.start()
    world.call(cancel_run, world.key, given.instruction)
    assert pod.call(heartbeat, HeartbeatRequest(generation=1)).cancel
    refused(ErrorCode.ILLEGAL_TRANSITION, Pod(world, given, 2).start)
    agent.complete(given, AttemptOutcome.CANCELLED, ReasonCode.JOB_DELETED)
    assert world.attempt(given.instruction).state == "cancelled"
    refused(ErrorCode.ILLEGAL_TRANSITION, pod.start)


def test_results_are_compared_with_what_was_there_and_with_the_plan(world: World, agent: Agent) -> None:
    given, pod = running(world, agent)
    one = batch(1, result(CHECKS[0]), result(CHECKS[1]))
    two = batch(1, result(CHECKS[2]))
    pod.put(0, one)
    pod.put(0, one)
    refused(ErrorCode.CONFLICTING_REPLAY, pod.put, 0, two)
    refused(ErrorCode.INCOMPLETE_RESULTS, pod.commit, [one, two])
    refused(ErrorCode.PLAN_MISMATCH, pod.commit, [one])
    pod.put(1, batch(1, result(CHECKS[2]), result("unknown")))
    refused(ErrorCode.INCOMPLETE_RESULTS, pod.commit, [one, two])
    refused(ErrorCode.PLAN_MISMATCH, pod.commit, [one, batch(1, result(CHECKS[2]), result("unknown"))])
    refused(ErrorCode.NOT_FOUND, world.call, get_results, world.key, given.instruction)


def test_the_results_of_a_run_have_a_limit(
    world: World, agent: Agent, monkeypatch: pytest.MonkeyPatch
) -> None:
    from assay.hub.runners import results

    _, pod = running(world, agent)
    one = batch(1, result(CHECKS[0]))
    monkeypatch.setattr(results, "MOST_BYTES", len(encode(one)) * 2 + 100)
    pod.put(0, one)
    pod.put(1, one)
    refused(ErrorCode.TOO_LARGE, pod.put, 2, one)


def test_a_commit_is_of_this_plan_and_its_summary_is_true(world: World, agent: Agent) -> None:
    _, pod = running(world, agent)
    sent = [batch(1, *(result(check) for check in CHECKS))]
    pod.put(0, sent[0])
    refused(ErrorCode.PLAN_MISMATCH, pod.commit, sent, bundle=sha256(b"x"))
    refused(ErrorCode.INVALID, pod.commit, sent, outcome=Outcome.FAILED)
    pod.commit(sent)
    pod.commit(sent)
    refused(ErrorCode.CONFLICTING_REPLAY, pod.commit, sent, seconds=9.0)
    pod.put(0, sent[0])
    refused(ErrorCode.ILLEGAL_TRANSITION, pod.put, 1, sent[0])


def test_a_commit_wins_over_whatever_became_of_the_job(world: World, agent: Agent) -> None:
    given, pod, sent = committed(world, agent)
    agent.complete(given, AttemptOutcome.FAILED, ReasonCode.EVICTED)
    row = world.attempt(given.instruction)
    assert (row.state, row.warning, row.retry_at) == ("succeeded", True, None)
    agent.complete(given, AttemptOutcome.FAILED, ReasonCode.EVICTED)
    refused(ErrorCode.CONFLICTING_REPLAY, agent.complete, given)
    pod.commit(sent)


def test_a_commit_without_a_word_of_its_agent_is_a_success_two_minutes_later(
    world: World, agent: Agent
) -> None:
    given, _, _ = committed(world, agent)
    later(world, 100)
    assert world.attempt(given.instruction).state == "committed"
    later(world, 21)
    assert world.attempt(given.instruction).state == "succeeded"
    agent.complete(given)
    refused(ErrorCode.ILLEGAL_TRANSITION, agent.complete, given, AttemptOutcome.LOST, ReasonCode.JOB_MISSING)


def test_a_failed_job_is_tried_again_after_a_pause_and_only_so_often(world: World, agent: Agent) -> None:
    given, pod = running(world, agent)
    pod.call(
        end_run,
        OutcomeRequest(generation=1, word=EndWord.ERROR, reason_code=ReasonCode.SOURCE_UNAVAILABLE),
    )
    agent.complete(given, AttemptOutcome.FAILED, ReasonCode.JOB_FAILED)
    assert world.attempt(given.instruction).reason_code == "source_unavailable"
    assert world.call(get_run, world.key, given.instruction).state is RunState.SCHEDULED
    later(world, 29)
    assert agent.poll().deliver == ()
    later(world, 2)
    (second,) = agent.poll().deliver
    assert (second.attempt, second.fence) == (2, given.fence + 1)
    agent.accept(second)
    agent.complete(second, AttemptOutcome.FAILED, ReasonCode.JOB_FAILED)
    later(world, 10_000)
    assert agent.begin()
    assert agent.poll().deliver == ()
    run = world.call(get_run, world.key, given.instruction)
    assert (run.state, run.attempt) == (RunState.FAILED, 2)


def test_what_would_fail_again_is_not_tried_again(world: World, agent: Agent) -> None:
    world.queue()
    (given,) = agent.poll().deliver
    agent.complete(given, AttemptOutcome.FAILED, ReasonCode.COMPILE_ERROR)
    row = world.attempt(given.instruction)
    assert (row.state, row.reason_code, row.retry_at) == ("failed", "compile_error", None)


def test_a_missing_job_is_followed_by_another_only_when_its_pods_cannot_run_any_more(
    world: World, agent: Agent
) -> None:
    given, _ = running(world, agent)
    agent.complete(given, AttemptOutcome.LOST, ReasonCode.JOB_MISSING)
    later(world, 600 + 119)
    assert agent.begin()
    assert agent.poll().deliver == ()
    later(world, 2)
    assert [item.attempt for item in agent.poll().deliver] == [2]


@pytest.mark.parametrize(("there", "state"), [(True, "timed_out"), (False, "lost")])
def test_a_deadline_ends_what_nobody_ends(world: World, agent: Agent, there: bool, state: str) -> None:
    given, _ = running(world, agent)
    for _ in range(8):
        world.clock.pass_(90)
        if there:
            agent.poll(free=0)
        reap(world.store.write_now)
    assert world.attempt(given.instruction).state == "running"
    world.clock.pass_(1)
    if there:
        agent.poll(free=0)
    later(world, 0)
    assert world.attempt(given.instruction).state == state


def test_what_no_agent_takes_in_time_expires(world: World, agent: Agent) -> None:
    run = world.queue(start_s=60)
    world.clock.pass_(61)
    assert agent.begin()
    assert agent.poll().deliver == ()
    later(world, 0)
    assert world.attempt(run).state == "expired"


def test_cancelling(world: World, agent: Agent) -> None:
    queued = world.queue()
    assert world.call(cancel_run, world.key, queued).state is RunState.CANCELLED
    given, _ = running(world, agent)
    assert world.call(cancel_run, world.key, given.instruction).cancel_requested
    seen = Known(instruction=given.instruction, attempt=1, fence=given.fence, phase=Phase.RUNNING)
    for _ in range(2):
        assert [r.instruction for r in agent.poll(known=(seen,)).cancel] == [given.instruction]
    later(world, 10_000)
    row = world.attempt(given.instruction)
    assert (row.state, row.retry_at) == ("cancelled", None)


def test_a_cancelled_run_is_not_tried_again(world: World, agent: Agent) -> None:
    given, _ = running(world, agent)
    agent.complete(given, AttemptOutcome.FAILED, ReasonCode.EVICTED)
    assert world.call(cancel_run, world.key, given.instruction).state is RunState.FAILED
    later(world, 10_000)
    assert world.call(get_run, world.key, given.instruction).attempt == 1


def test_a_job_of_an_attempt_that_is_over_is_ended_and_then_forgotten(world: World, agent: Agent) -> None:
    given, _ = running(world, agent)
    agent.complete(given, AttemptOutcome.FAILED, ReasonCode.START_TIMEOUT)
    seen = Known(instruction=given.instruction, attempt=1, fence=given.fence, phase=Phase.RUNNING)
    assert [r.attempt for r in agent.poll(known=(seen,)).cancel] == [1]
    over = Known(instruction=given.instruction, attempt=1, fence=given.fence, phase=Phase.ENDED)
    foreign = Known(instruction="0" * 26, attempt=1, fence=1, phase=Phase.RUNNING)
    answer = agent.poll(known=(over, foreign))
    assert [r.attempt for r in answer.forget] == [1]
    assert [r.instruction for r in answer.cancel] == ["0" * 26]


def test_what_is_given_back_rests_and_comes_again(world: World, agent: Agent) -> None:
    run = world.queue()
    (given,) = agent.poll().deliver
    request = ReleaseRequest(fence=given.fence, reason_code=ReasonCode.QUOTA)
    world.call(release, agent.caller, run, 1, request)
    world.call(release, agent.caller, run, 1, request)
    assert agent.poll().deliver == ()
    world.clock.pass_(10)
    assert [item.fence for item in agent.poll().deliver] == [given.fence + 1]


def test_foreign_things_do_not_exist(store: Store, clock: Clock, world: World, agent: Agent) -> None:
    given, pod, _ = committed(world, agent)
    other = World(store, clock, "other")
    stranger = other.agent()
    assert stranger.poll().deliver == ()
    refused(ErrorCode.NOT_FOUND, stranger.complete, given)
    refused(ErrorCode.NOT_FOUND, stranger.accept, given)
    refused(ErrorCode.NOT_FOUND, stranger.event, given)
    for service in (get_run, get_results, cancel_run):
        refused(ErrorCode.NOT_FOUND, other.call, service, other.key, given.instruction)
    assert other.call(list_runs, other.key) == ()
    refused(ErrorCode.NOT_FOUND, Pod(other, given).start)
    pod.world = other
    pod.caller = Pod(other, given).caller
    refused(ErrorCode.NOT_FOUND, pod.put, 0, batch(1, result(CHECKS[0])))


def test_a_full_queue_says_when_to_come_again(world: World) -> None:
    from sqlalchemy import update

    from assay.hub.tables import tenants

    world.write(lambda tx: tx.run(update(tenants).values(max_queued=2)))
    world.queue()
    world.queue()
    assert refused(ErrorCode.TOO_MANY_REQUESTS, world.queue).retry_after == 30
