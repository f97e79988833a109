"""The agent in a pod of its own: from `kubectl apply -k deploy/agent` to a verdict, and on after its pod was killed."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from assay.protocol.report import Outcome
from assay.protocol.user import RunState
from tests.flow.conftest import Flow
from tests.flow.test_main import passed_through
from tests.support.closing import lacking
from tools.cluster.build import kubectl
from tools.cluster.cluster import wait
from tools.flow.deployed import PATIENCE, DeployedAgent

POOL = "deployed"


@pytest.fixture(scope="module")
def deployed(whole: Flow, tmp_path_factory: pytest.TempPathFactory) -> Iterator[DeployedAgent]:
    """Enrolled from within, and ready."""
    command = kubectl()
    if command is None:
        lacking("cluster", "kubectl", "it is neither built nor installed")
    agent = DeployedAgent(whole.estate, tmp_path_factory.mktemp("deployed"), command, POOL)
    agent.apply()
    try:
        wait(agent.running, PATIENCE, "container of the agent")
        assert not agent.ready(), "without a token it waits"
        agent.enrol("in-a-pod")
        agent.wait_until_ready()
        yield agent
    finally:
        agent.remove()


def test_an_agent_that_was_enrolled_in_its_pod_runs_a_contract_to_its_verdict(
    flow: Flow, deployed: DeployedAgent
) -> None:
    assert deployed.pods()[0]["spec"]["serviceAccountName"] == "assay-agent"
    passed_through(flow, flow.estate.queue("shop.orders", pool=POOL))


def test_a_run_goes_on_when_the_agents_pod_is_killed_in_the_middle(
    flow: Flow, deployed: DeployedAgent
) -> None:
    run = flow.estate.queue("shop.slow_20", pool=POOL)
    flow.estate.until(run, RunState.RUNNING)
    killed = deployed.kill()
    passed_through(flow, run, Outcome.PASSED)
    deployed.wait_until_ready()
    (pod,) = deployed.pods()
    assert pod["metadata"]["name"] != killed
    passed_through(flow, flow.estate.queue("shop.orders", pool=POOL))
