"""From the queue to the verdict, over real HTTP: people, an agent and a runner speak with one hub."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator

import pytest

from assay.protocol.agent import AttemptOutcome, Known, Phase
from assay.protocol.report import Outcome
from assay.protocol.user import RunState
from tests.support.live import LiveHub, live
from tests.support.scripted import ScriptedAgent, ScriptedRunner, prepare, results, verify


@pytest.fixture
def hub(address: str) -> Iterator[LiveHub]:
    with live(address) as made:
        yield made


def test_a_run_goes_from_the_queue_to_its_verdict(hub: LiveHub) -> None:
    http = hub.http
    assert prepare(http) == "shop.orders"
    agent = ScriptedAgent(http)
    run = http.call("get_run", run=verify(http, agent, unique=3))
    assert (run.state, run.verdict, run.attempt) == (RunState.SUCCEEDED, Outcome.FAILED, 1)
    report = http.call("get_results", run=run.id).report
    assert report.summary.failed == 1
    assert {check.id: check.failed_rows for check in report.checks}["orders.id.unique"] == 3
    actions = [entry.action for entry in http.call("list_audit").items]
    assert actions[-1] == "source.put"
    assert {"contract.publish", "enrolment.create", "agent.enrol", "run.create"} <= set(actions)


def test_what_is_queued_reaches_an_agent_that_waits(hub: LiveHub) -> None:
    http = hub.http
    prepare(http)
    agent = ScriptedAgent(http)
    answers: list[tuple[float, int]] = []

    def wait() -> None:
        deliver = agent.poll(wait_s=25).deliver
        answers.append((time.monotonic(), len(deliver)))

    thread = threading.Thread(target=wait)
    thread.start()
    time.sleep(0.5)
    assert not answers
    queued = time.monotonic()
    http.call("create_run", {"contract": "shop.orders"})
    thread.join(20)
    ((at, count),) = answers
    assert count == 1
    assert at - queued < 10


def test_a_run_can_be_waited_for(hub: LiveHub) -> None:
    http = hub.http
    prepare(http)
    agent = ScriptedAgent(http)
    run = http.call("create_run", {"contract": "shop.orders"}).id
    seen: list[RunState] = []

    def follow() -> None:
        state = RunState.QUEUED
        while state is not RunState.SUCCEEDED:
            state = http.call("get_run", run=run, query=f"?state={state}&wait=20").state
            seen.append(state)

    thread = threading.Thread(target=follow)
    thread.start()
    given, order, token = agent.take()
    runner = ScriptedRunner(http, token, given)
    runner.start()
    checks = results(order)
    runner.commit([runner.send(0, checks)], order, checks)
    agent.complete(given)
    thread.join(30)
    assert seen[-1] is RunState.SUCCEEDED
    assert seen == sorted(seen, key=list(RunState).index)


def test_a_cancelled_run_is_told_to_its_agent_and_its_pod(hub: LiveHub) -> None:
    http = hub.http
    prepare(http)
    agent = ScriptedAgent(http)
    run = http.call("create_run", {"contract": "shop.orders"}).id
    given, _, token = agent.take()
    runner = ScriptedRunner(http, token, given)
    runner.start()
    assert not runner.heartbeat()
    assert http.call("cancel_run", run=run).cancel_requested
    assert runner.heartbeat()
    known = Known(instruction=run, attempt=1, fence=given.fence, phase=Phase.RUNNING)
    assert [item.instruction for item in agent.poll(known=(known,)).cancel] == [run]
    agent.complete(given, AttemptOutcome.CANCELLED)
    assert http.call("get_run", run=run).state is RunState.CANCELLED


def test_a_hub_that_ends_answers_those_who_wait(hub: LiveHub) -> None:
    prepare(hub.http)
    agent = ScriptedAgent(hub.http)
    answers: list[object] = []
    thread = threading.Thread(target=lambda: answers.append(agent.poll(wait_s=25)))
    thread.start()
    time.sleep(0.5)
    assert hub.server is not None
    began = time.monotonic()
    hub.server.should_exit = True
    thread.join(20)
    assert answers
    assert time.monotonic() - began < 15
