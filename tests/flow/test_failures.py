"""Runs that cannot start, or that the cluster ends: each is over, with a reason that says what to do."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import pytest

from assay.protocol.agent import ReasonCode
from assay.protocol.report import Outcome
from assay.protocol.user import Run, RunState
from tests.cluster.deployment import RUNS, allow_images
from tests.flow.conftest import JOBS, Flow, kill
from tests.flow.contracts import ORDERS
from tests.flow.test_main import passed_through
from tools.cluster.cluster import wait
from tools.flow.programs import Program

ABSENT = "registry.assay.invalid/assay-runner@sha256:" + "0" * 64


@contextmanager
def special_agent(flow: Flow, pool: str, changes: dict[str, Any], **settings: Any) -> Iterator[Program]:
    """An agent of a pool of its own, whose profile is another."""
    document = flow.estate.deployment(**changes)
    agent = flow.estate.add_agent(pool, pool=pool, deployment=document, startDeadline=30, **settings)
    agent.start()
    try:
        yield agent
    finally:
        agent.stop()


HINDERED = {
    "image": ReasonCode.IMAGE_PULL,
    "field": ReasonCode.UNSUPPORTED_FIELD,
    "room": ReasonCode.UNSCHEDULABLE,
    "secret": ReasonCode.SECRET_MISSING,
    "account": ReasonCode.ACCOUNT_MISSING,
}


@pytest.fixture(scope="module")
def hindered(whole: Flow) -> Iterator[dict[str, Run]]:
    """Runs whose pods cannot start, ended, by what is in their way: they wait for their start deadlines together."""
    made = whole.estate
    allow_images(made.cluster, made.image, ABSENT)
    for name in ("lost", "nobody"):
        made.tell_source(name, made.source())
        made.publish(f"{name}.contract", **{name: ORDERS.replace("shop.", f"{name}.")})
    bound = made.binding("assay-source-shop")
    changes: dict[str, dict[str, Any]] = {
        "image": {"image": ABSENT},
        # containerd before 2.0 has no such policy
        "field": {"options": {"supplementalGroupsPolicy": "Strict"}},
        "room": {"resources": {"requests": {"cpu": "8"}, "limits": {"memory": "1Gi"}}},
        "secret": {"sources": {"lost": made.binding("assay-source-lost")}},
        "account": {"sources": {"nobody": bound | {"serviceAccount": "assay-nobody"}}},
    }
    contracts = {"secret": "lost.orders", "account": "nobody.orders"}
    with ExitStack() as stack:
        for pool, change in changes.items():
            stack.enter_context(special_agent(whole, pool, change))
        runs = {pool: made.queue(contracts.get(pool, "shop.orders"), pool=pool) for pool in changes}
        yield {pool: made.until(run, seconds=150) for pool, run in runs.items()}


@pytest.mark.parametrize("what", HINDERED)
@pytest.mark.usefixtures("flow")
def test_a_pod_that_cannot_start_is_over_at_its_start_deadline_with_the_reason(
    hindered: dict[str, Run], what: str
) -> None:
    found = hindered[what]
    assert (found.state, found.reason_code) == (RunState.FAILED, HINDERED[what])


def test_a_source_that_the_customer_did_not_bind_is_refused_before_any_job(flow: Flow) -> None:
    flow.estate.tell_source("other", flow.estate.source())
    flow.estate.publish("other.contract", other=ORDERS.replace("shop.", "other."))
    run = flow.estate.queue("other.orders")
    found = flow.estate.until(run)
    assert (found.state, found.reason_code) == (RunState.FAILED, ReasonCode.NOT_BOUND)
    assert flow.pods(run) == []


def test_a_host_that_the_customer_did_not_bind_gets_no_connection(flow: Flow) -> None:
    """Whoever has the hub can change the host; the password goes where the customer said, or nowhere."""
    flow.estate.tell_source("shop", flow.estate.source(host="10.244.0.99"))
    try:
        run = flow.estate.queue("shop.orders")
        found = flow.estate.until(run)
    finally:
        flow.estate.tell_source("shop", flow.estate.source())
    assert found.state is RunState.FAILED
    assert found.reason_code in (ReasonCode.NOT_BOUND, ReasonCode.PERMISSION_DENIED)


def test_a_pod_out_of_memory_is_told_as_such(flow: Flow) -> None:
    little = {"requests": {"memory": "12Mi"}, "limits": {"memory": "12Mi", "ephemeral-storage": "1Gi"}}
    with special_agent(flow, "memory", {"resources": little}):
        found = flow.estate.until(flow.estate.queue("shop.orders", pool="memory"), seconds=120)
    assert (found.state, found.reason_code) == (RunState.FAILED, ReasonCode.OUT_OF_MEMORY)


def test_a_used_up_quota_is_waited_for(flow: Flow) -> None:
    api = flow.estate.cluster.api
    path = f"/api/v1/namespaces/{RUNS}/resourcequotas"
    (before,) = api.get(path)["items"]
    name = before["metadata"]["name"]
    hard = before["spec"]["hard"]
    api.patch(f"{path}/{name}", {"spec": {"hard": hard | {"count/jobs.batch": "0"}}})
    try:
        run = flow.estate.queue("shop.orders")
        flow.estate.until(run, RunState.ACCEPTED, RunState.QUEUED, RunState.LEASED)
        with pytest.raises(TimeoutError):
            wait(lambda: flow.pods(run) != [], 8, "pod")
    finally:
        api.patch(f"{path}/{name}", {"spec": {"hard": {"count/jobs.batch": None} | hard}})
    passed_through(flow, run)


@pytest.fixture(scope="module")
def late(whole: Flow) -> dict[str, Run]:
    """Two runs past their deadline, ended: one whose runner hangs, and one whose query does."""
    whole.start_agent()
    made = whole.estate
    hangs = made.queue("shop.slow_600", deadline_s=60)
    made.until(hangs, RunState.RUNNING)
    wait(lambda: bool(whole.runner_pids()), 20, "runner")
    kill(whole.runner_pids(), signal.SIGSTOP)
    query = made.queue("shop.slow_600", deadline_s=60)
    return {name: made.until(run, seconds=240) for name, run in (("query", query), ("runner", hangs))}


@pytest.mark.usefixtures("flow")
def test_a_runner_that_hangs_is_ended_by_the_cluster_at_its_deadline(late: dict[str, Run]) -> None:
    found = late["runner"]
    assert found.state in (RunState.FAILED, RunState.TIMED_OUT)
    assert found.reason_code is ReasonCode.DEADLINE_EXCEEDED


@pytest.mark.usefixtures("flow")
def test_a_query_past_the_deadline_is_an_error_of_its_checks_and_the_run_is_told(
    late: dict[str, Run],
) -> None:
    found = late["query"]
    assert (found.state, found.verdict) == (RunState.SUCCEEDED, Outcome.ERROR)


def test_a_job_that_somebody_deletes_is_a_lost_run(flow: Flow) -> None:
    run = flow.estate.queue("shop.slow_600")
    flow.estate.until(run, RunState.RUNNING)
    flow.estate.cluster.api.delete(f"{JOBS}/assay-{run}-a1")
    found = flow.estate.until(run, seconds=120)
    assert found.state in (RunState.LOST, RunState.FAILED)
    assert found.reason_code in (ReasonCode.JOB_MISSING, ReasonCode.JOB_DELETED, ReasonCode.INTERRUPTED)
