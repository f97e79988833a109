"""SIGKILL at every named point of the agent's work, with real pods: the run is done once, and soon."""

from __future__ import annotations

import time

import pytest

from assay.protocol.crash import AGENT
from assay.protocol.report import Outcome
from assay.protocol.user import RunState
from tests.flow.conftest import Flow
from tests.flow.test_main import passed_through
from tools.cluster.cluster import wait

CANCELLING = "agent-mid-cancel"
WITH_TOKEN = ("agent-before-secret", "agent-after-secret")
RECOVERY_S = 60
"""What a loaded machine may take; the aim is half of it."""


def start_to_crash(flow: Flow, point: str) -> None:
    """Starts the agent anew, and waits for its session: the poll of the one before is then nobody's, and no order is
    handed to it, which would count as a death over that order."""
    flow.agent.kill()
    sessions = len(flow.estate.relay.of("POST", "/agent/sessions"))
    flow.agent.start(ASSAY_CRASH_AT=point)

    def opened() -> bool:
        found = flow.estate.relay.of("POST", "/agent/sessions")
        return len(found) > sessions and found[-1].status == 200

    wait(opened, 30, "session")


@pytest.mark.parametrize("point", [point for point in AGENT if point not in (CANCELLING, *WITH_TOKEN)])
def test_an_agent_killed_at_a_point_of_its_work_goes_on_there(flow: Flow, point: str) -> None:
    start_to_crash(flow, point)
    run = flow.estate.queue("shop.orders")
    assert flow.agent.wait(60) == -9
    began = time.monotonic()
    flow.agent.start()
    passed_through(flow, run)
    assert time.monotonic() - began < RECOVERY_S


def test_an_agent_killed_while_it_cancels_cancels_all_the_same(flow: Flow) -> None:
    start_to_crash(flow, CANCELLING)
    run = flow.estate.queue("shop.slow_600")
    flow.estate.until(run, RunState.RUNNING)
    flow.estate.hub.call("cancel_run", at={"run": run})
    assert flow.agent.wait(60) == -9
    flow.agent.start()
    assert flow.estate.until(run).state is RunState.CANCELLED


def test_a_run_that_ends_while_no_agent_is_there_is_told_by_the_next(flow: Flow) -> None:
    run = flow.estate.queue("shop.slow_5")
    flow.estate.until(run, RunState.RUNNING)
    flow.agent.kill()
    found = flow.estate.until(run, RunState.COMMITTED, RunState.SUCCEEDED)
    assert found.verdict is Outcome.PASSED
    flow.agent.start()
    passed_through(flow, run, Outcome.PASSED)
