"""From an instruction to a verdict: the failed rows stay, the numbers leave, the Job goes."""

from __future__ import annotations

import json
import signal

import psycopg
import pytest

from assay.protocol.agent import ReasonCode
from assay.protocol.report import Outcome
from assay.protocol.user import RunState
from tests.cluster.deployment import RUNS
from tests.flow.conftest import JOBS, PODS, Flow, kill
from tools.cluster.cluster import wait
from tools.cluster.relay import Exchange, Fault
from tools.flow.estate import WAREHOUSE
from tools.flow.programs import run as assay


def passed_through(flow: Flow, run: str, verdict: Outcome = Outcome.FAILED) -> None:
    """It succeeded, and its results are those of the data, whatever happened on the way."""
    found = flow.estate.until(run, seconds=150)
    assert (found.state, found.verdict) == (RunState.SUCCEEDED, verdict), found
    report = flow.estate.hub.call("get_results", at={"run": run}).report
    assert (report.run, report.outcome) == (run, verdict)


def test_a_queued_run_becomes_a_verdict_and_its_failed_rows_stay_inside(flow: Flow) -> None:
    run = flow.estate.queue("shop.orders", warehouse=WAREHOUSE)
    passed_through(flow, run)
    report = flow.estate.hub.call("get_results", at={"run": run}).report
    (failed,) = [check for check in report.checks if check.outcome is Outcome.FAILED]
    assert (failed.id, failed.failed_rows, failed.kept_rows) == ("orders.amount.compare", 4, 4)
    folder = flow.estate.folder / "warehouse"
    told = assay(
        ["rows", run, "orders.amount.compare", "--json"], folder, {"DB_PASSWORD": flow.estate.server.password}
    )
    rows = [json.loads(line) for line in told.splitlines()]
    assert sorted(row["id"] for row in rows) == [1, 2, 3, 4]
    job = flow.estate.cluster.api.get(f"{JOBS}/assay-{run}-a1")
    wait(
        lambda: (
            flow.estate.cluster.api.get(f"{JOBS}/assay-{run}-a1")["spec"]["ttlSecondsAfterFinished"] == 300
        ),
        30,
        "shorter time to live",
    )
    assert job["spec"]["template"]["spec"]["automountServiceAccountToken"] is False


@pytest.mark.parametrize("fault", [Fault.TWICE, Fault.SLOW])
def test_every_request_is_repeated_or_late(flow: Flow, fault: Fault) -> None:
    flow.estate.relay.fault = lambda _: fault
    run = flow.estate.queue("shop.orders", warehouse=WAREHOUSE)
    passed_through(flow, run)


@pytest.mark.parametrize("fault", [Fault.LOSE, Fault.REFUSE, Fault.ERROR, Fault.BUSY])
def test_every_first_request_fails(flow: Flow, fault: Fault) -> None:
    seen: set[tuple[str, str]] = set()

    def first(one: Exchange) -> Fault | None:
        key = (one.method, one.path)
        if key in seen:
            return None
        seen.add(key)
        return fault

    flow.estate.relay.fault = first
    run = flow.estate.queue("shop.orders", warehouse=WAREHOUSE)
    passed_through(flow, run)


def test_the_hub_is_away_for_longer_than_a_lease(flow: Flow) -> None:
    run = flow.estate.queue("shop.slow_5")
    flow.estate.until(run, RunState.RUNNING)
    flow.estate.relay.cut = True
    with pytest.raises(TimeoutError):
        wait(lambda: False, 75, "nothing")
    flow.estate.relay.cut = False
    passed_through(flow, run, Outcome.PASSED)


def test_the_hub_is_killed_while_a_pod_runs(flow: Flow) -> None:
    run = flow.estate.queue("shop.slow_5")
    flow.estate.until(run, RunState.RUNNING)
    flow.estate.hub.kill()
    flow.estate.hub.start()
    passed_through(flow, run, Outcome.PASSED)


def test_the_api_server_is_restarted_while_a_pod_runs(flow: Flow) -> None:
    run = flow.estate.queue("shop.slow_5")
    flow.estate.until(run, RunState.RUNNING)
    flow.estate.cluster.restart_apiserver()
    passed_through(flow, run, Outcome.PASSED)


def test_two_agents_of_a_pool_share_the_work_and_no_job_is_made_twice(flow: Flow) -> None:
    other = flow.estate.add_agent("second", slots=3)
    other.start()
    try:
        runs = [flow.estate.queue("shop.orders") for _ in range(6)]
        for run in runs:
            passed_through(flow, run)
    finally:
        other.stop()


def test_an_evicted_pod_is_followed_by_another_and_the_run_is_committed_once(flow: Flow) -> None:
    run = flow.estate.queue("shop.slow_20")
    flow.estate.until(run, RunState.RUNNING)
    pod = flow.wait_for_pod(run)
    eviction = {
        "apiVersion": "policy/v1",
        "kind": "Eviction",
        "metadata": {"name": pod, "namespace": RUNS},
    }
    flow.estate.cluster.api.request("POST", f"{PODS}/{pod}/eviction", eviction)
    passed_through(flow, run, Outcome.PASSED)


def test_a_runner_that_is_killed_in_its_query_is_a_failed_run_with_a_reason(flow: Flow) -> None:
    run = flow.estate.queue("shop.slow_600")
    flow.estate.until(run, RunState.RUNNING)
    wait(lambda: bool(flow.runner_pids()), 20, "runner")
    kill(flow.runner_pids(), signal.SIGKILL)
    found = flow.estate.until(run)
    assert (found.state, found.exit_code) == (RunState.FAILED, 137)


def test_a_cancelled_run_that_waits_never_starts(flow: Flow) -> None:
    flow.agent.stop()
    run = flow.estate.queue("shop.orders")
    flow.estate.hub.call("cancel_run", at={"run": run})
    assert flow.estate.until(run).state is RunState.CANCELLED
    flow.start_agent()
    assert flow.pods(run) == []


def test_a_cancelled_run_ends_its_query_and_its_pod(flow: Flow) -> None:
    run = flow.estate.queue("shop.slow_600")
    flow.estate.until(run, RunState.RUNNING)
    with flow.estate.server.connect() as connection:
        wait(lambda: asleep(connection), 30, "running query")
        flow.estate.hub.call("cancel_run", at={"run": run})
        found = flow.estate.until(run)
        assert not asleep(connection)
    assert (found.state, found.reason_code) == (RunState.CANCELLED, ReasonCode.CANCEL_REQUESTED)
    wait(lambda: flow.pods(run) == [], 30, "end of the pod")


def test_a_run_that_is_over_stays_as_it_is_when_it_is_cancelled(flow: Flow) -> None:
    run = flow.estate.queue("shop.orders")
    passed_through(flow, run)
    before = flow.estate.hub.run_of(run)
    flow.estate.hub.call("cancel_run", at={"run": run})
    assert flow.estate.hub.run_of(run) == before


def test_a_stale_job_runs_no_sql(flow: Flow) -> None:
    run = flow.estate.queue("shop.orders")
    passed_through(flow, run)
    api = flow.estate.cluster.api
    name = f"assay-{run}-a1"
    stale = api.get(f"{JOBS}/{name}")
    config = api.get(f"/api/v1/namespaces/{RUNS}/configmaps/{name}")
    api.delete(f"{JOBS}/{name}")
    wait(lambda: api.send("GET", f"{JOBS}/{name}").status == 404, 30, "end of the Job")
    wait(lambda: api.send("GET", f"/api/v1/namespaces/{RUNS}/configmaps/{name}").status == 404, 30, "its end")
    before = scans(flow)
    assert before > 0
    metadata = {"name": name, "namespace": RUNS}
    api.create({"apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata, "data": config["data"]})
    spec = stale["spec"]
    for key in ("selector", "manualSelector"):
        spec.pop(key, None)
    labels = spec["template"]["metadata"]["labels"]
    spec["template"]["metadata"]["labels"] = {k: v for k, v in labels.items() if "controller-uid" not in k}
    kept = {k: v for k, v in stale["metadata"]["labels"].items() if "controller-uid" not in k}
    api.create(
        {
            "apiVersion": "batch/v1",
            "kind": "Job",
            "metadata": metadata | {"labels": kept, "annotations": stale["metadata"]["annotations"]},
            "spec": spec | {"suspend": False},
        }
    )
    pod = flow.wait_for_pod(run)
    wait(lambda: "terminated" in state_of(flow, pod), 60, "end of the pod")
    assert state_of(flow, pod)["terminated"]["exitCode"] == 75
    assert scans(flow) == before
    api.delete(f"{JOBS}/{name}")
    api.delete(f"/api/v1/namespaces/{RUNS}/configmaps/{name}")


def state_of(flow: Flow, pod: str) -> dict[str, dict[str, object]]:
    statuses = flow.estate.cluster.api.get(f"{PODS}/{pod}")["status"].get("containerStatuses")
    state: dict[str, dict[str, object]] = statuses[0]["state"] if statuses else {}
    return state


def asleep(connection: psycopg.Connection) -> bool:
    row = connection.execute(
        "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'assay' AND wait_event = 'PgSleep'"
    ).fetchone()
    return row != (0,)


def scans(flow: Flow) -> int:
    """How often the table was read so far, by the server's own count, which is late by a second."""
    with flow.estate.server.connect() as connection:
        connection.execute("SELECT pg_sleep(1.2)")
        row = connection.execute(
            "SELECT seq_scan FROM pg_stat_user_tables WHERE relname = 'orders'"
        ).fetchone()
    return 0 if row is None else int(row[0])
