"""An attempt's whole way: from a queued run to its end, between a real hub and an API server."""

from __future__ import annotations

import base64
from typing import Any

import pytest

from assay.agent.cluster.identity import right
from assay.agent.cluster.jobs import ACKED
from assay.agent.cluster.rights import EVENTS, NEEDED
from assay.protocol.agent import ReasonCode, job_name
from assay.protocol.report import Outcome
from assay.protocol.user import RunState
from tests.agent.ground import wait
from tests.agent.stage import BINDING, SOURCE, Stage, reason
from tools.cluster.scripted import Script

Tree = dict[str, Any]


def _gone(stage: Stage, run: str) -> bool:
    return stage.job(run) is None


def test_a_run_is_verified_and_nothing_is_left_but_a_job_that_expires(stage: Stage) -> None:
    stage.agent(job_auth="token")
    run = stage.run()
    stage.until(run, "applied")
    pod = stage.pod(run)
    stage.ground.run(pod)
    stage.deliver(run, pod)
    stage.ground.finish(pod)
    ended = stage.ended(run)
    assert reason(ended) == (RunState.SUCCEEDED, ReasonCode.JOB_COMPLETE)
    assert (ended.verdict, ended.exit_code, ended.warning) == (Outcome.PASSED, 0, False)

    def expires() -> Tree | None:
        job = stage.job(run)
        return job if job is not None and job["spec"]["ttlSecondsAfterFinished"] == 300 else None

    job = wait(expires)
    assert job["metadata"]["annotations"][ACKED] == "true"


def test_the_job_is_as_the_profile_has_it(stage: Stage) -> None:
    stage.agent()
    run = stage.run(deadline_s=900)
    stage.until(run, "applied")
    job = stage.job(run)
    assert job is not None
    assert job["metadata"]["name"] == job_name(run, 1)
    assert job["metadata"]["labels"]["assay/pool"] == "default"
    spec = job["spec"]
    assert (spec["suspend"], spec["backoffLimit"], spec["activeDeadlineSeconds"]) == (False, 0, 900)
    (container,) = spec["template"]["spec"]["containers"]
    names = [variable["name"] for variable in container["env"]]
    assert "ASSAY_SECRET_DB_PASSWORD" in names
    volumes = {volume["name"]: volume for volume in spec["template"]["spec"]["volumes"]}
    (source,) = volumes["hub-token"]["projected"]["sources"]
    assert source["serviceAccountToken"]["audience"] == "assay-hub"
    assert stage.ground.items(stage.namespace, "secrets") == []
    (config,) = [
        each
        for each in stage.ground.items(stage.namespace, "configmaps")
        if each["metadata"]["name"] == job_name(run, 1)
    ]
    assert config["immutable"] is True
    (owner,) = config["metadata"]["ownerReferences"]
    assert owner["uid"] == job["metadata"]["uid"]


def test_a_token_of_the_hub_comes_in_a_secret_that_goes_with_its_job(stage: Stage) -> None:
    stage.agent(job_auth="token")
    run = stage.run()
    stage.until(run, "applied")
    (secret,) = stage.ground.items(stage.namespace, "secrets")
    assert base64.b64decode(secret["data"]["token"]).startswith(b"ayj_")
    assert secret["immutable"] is True
    stage.http.call("cancel_run", run=run)
    _end_pods(stage, run)
    stage.ended(run)
    wait(lambda: stage.ground.items(stage.namespace, "secrets") == [])


def _end_pods(stage: Stage, run: str) -> None:
    """What a kubelet does with pods that are deleted."""

    def ended() -> bool:
        for pod in stage.ground.items(stage.namespace, "pods"):
            if "deletionTimestamp" in pod["metadata"]:
                stage.ground.remove_pod(pod)
        return _gone(stage, run)

    wait(ended)


@pytest.mark.parametrize(
    ("code", "expected"),
    [(65, ReasonCode.CONTRACT_REJECTED), (69, ReasonCode.SOURCE_UNAVAILABLE), (1, ReasonCode.JOB_FAILED)],
)
def test_how_a_pod_ended_reaches_the_hub(stage: Stage, code: int, expected: ReasonCode) -> None:
    stage.agent()
    run = stage.run()
    stage.ground.finish(stage.pod(run), code)
    ended = stage.ended(run)
    assert reason(ended) == (RunState.FAILED, expected)
    assert ended.exit_code == code


def test_a_source_that_is_not_bound_is_not_run(stage: Stage) -> None:
    stage.doc = {"sources": {"other": BINDING}}
    stage.agent()
    run = stage.run()
    assert reason(stage.ended(run)) == (RunState.FAILED, ReasonCode.NOT_BOUND)
    assert stage.ground.items(stage.namespace, "jobs") == []


@pytest.mark.parametrize(
    "change",
    [
        {"host": "evil.example.com"},
        {"port": 5433},
        {"password": "${env.OTHER_SECRET}"},
        {"sslmode": "require"},
    ],
    ids=["host", "port", "key", "tls"],
)
def test_a_hub_cannot_send_a_password_elsewhere(stage: Stage, change: Tree) -> None:
    stage.publish(source=SOURCE | change)
    stage.agent()
    run = stage.run()
    assert reason(stage.ended(run)) == (RunState.FAILED, ReasonCode.NOT_BOUND)
    assert stage.ground.items(stage.namespace, "jobs") == []


def test_a_source_of_another_pool_is_not_run(stage: Stage) -> None:
    stage.doc = {"sources": {"warehouse": BINDING | {"pools": ["europe"]}}}
    stage.agent()
    run = stage.run()
    assert reason(stage.ended(run)) == (RunState.FAILED, ReasonCode.NOT_BOUND)


def test_a_run_that_is_cancelled_ends_with_its_pods(stage: Stage) -> None:
    stage.agent()
    run = stage.run()
    pod = stage.pod(run)
    stage.ground.run(pod)
    stage.until(run, "applied")
    stage.http.call("cancel_run", run=run)
    _end_pods(stage, run)
    assert reason(stage.ended(run)) == (RunState.CANCELLED, ReasonCode.CANCEL_REQUESTED)


def test_a_run_that_is_cancelled_when_it_was_over_stays_what_it_was(stage: Stage) -> None:
    stage.agent()
    run = stage.run()
    stage.ground.finish(stage.pod(run), 65)
    ended = stage.ended(run)
    stage.http.call("cancel_run", run=run)
    assert reason(stage.look(run)) == reason(ended)


def test_a_job_that_somebody_deletes_is_lost_and_not_made_again(stage: Stage) -> None:
    stage.agent()
    run = stage.run()
    pod = stage.pod(run)
    stage.ground.run(pod)
    stage.until(run, "applied")
    jobs = stage.ground.jobs(stage.namespace)
    job = jobs.get(job_name(run, 1))
    assert job is not None
    jobs.delete(job)
    _end_pods(stage, run)
    assert reason(stage.ended(run)) == (RunState.LOST, ReasonCode.JOB_MISSING)
    assert stage.job(run) is None


def test_a_job_that_vanishes_while_no_agent_looks_is_lost(stage: Stage) -> None:
    token = stage.token()
    agent = stage.agent(token)
    run = stage.run()
    stage.ground.run(stage.pod(run))
    stage.until(run, "applied")
    agent.stop()
    job = stage.ground.jobs(stage.namespace).get(job_name(run, 1))
    assert job is not None
    stage.ground.jobs(stage.namespace).delete(job)
    _end_pods(stage, run)
    stage.agent(token)
    assert reason(stage.ended(run)) == (RunState.LOST, ReasonCode.JOB_MISSING)


def test_a_pod_that_no_node_takes_is_not_waited_for_for_ever(stage: Stage) -> None:
    stage.agent(start_seconds=2)
    run = stage.run()
    assert reason(stage.ended(run)) == (RunState.FAILED, ReasonCode.UNSCHEDULABLE)
    assert stage.job(run) is None


@pytest.mark.parametrize(
    ("waiting", "expected"),
    [
        ("ImagePullBackOff", ReasonCode.IMAGE_PULL),
        ("CreateContainerConfigError", ReasonCode.SECRET_MISSING),
    ],
)
def test_why_a_pod_does_not_start_reaches_the_hub(stage: Stage, waiting: str, expected: ReasonCode) -> None:
    with stage.ground.kubelet(Script(waiting=waiting)):
        stage.agent(start_seconds=3)
        run = stage.run()
        assert reason(stage.ended(run)) == (RunState.FAILED, expected)


@pytest.mark.parametrize("told", [True, False], ids=["told", "not told"])
def test_without_a_pod_a_start_is_not_waited_for_either(stage: Stage, told: bool) -> None:
    """Why is told by events, where the agent may see them."""
    quota = {"apiVersion": "v1", "kind": "ResourceQuota", "metadata": {"name": "pods"}}
    stage.ground.create(stage.namespace, "resourcequotas", quota | {"spec": {"hard": {"pods": "0"}}})
    if stage.ground.kind == "real":
        wait(lambda: stage.ground.items(stage.namespace, "resourcequotas")[0].get("status", {}).get("hard"))
    stage.agent(start_seconds=2, rights=(*NEEDED, right(stage.namespace), *(EVENTS if told else ())))
    run = stage.run()
    expected = ReasonCode.QUOTA if told else ReasonCode.START_TIMEOUT
    assert reason(stage.ended(run)) == (RunState.FAILED, expected)


def test_an_account_that_is_not_there_is_the_reason(stage: Stage) -> None:
    stage.doc = {"sources": {"warehouse": BINDING | {"serviceAccount": "assay-lost"}}}
    stage.agent(start_seconds=2)
    run = stage.run()
    assert reason(stage.ended(run)) == (RunState.FAILED, ReasonCode.ACCOUNT_MISSING)
    assert stage.job(run) is None


def _quota(stage: Stage, jobs: int) -> str:
    quota = {"apiVersion": "v1", "kind": "ResourceQuota", "metadata": {"name": "jobs"}}
    stage.ground.create(
        stage.namespace, "resourcequotas", quota | {"spec": {"hard": {"count/jobs.batch": str(jobs)}}}
    )
    path = f"/api/v1/namespaces/{stage.namespace}/resourcequotas/jobs"
    if stage.ground.kind == "real":
        wait(lambda: stage.ground.get(path).get("status", {}).get("hard"))
    return path


def test_a_quota_that_is_used_up_delays(stage: Stage) -> None:
    path = _quota(stage, 0)
    stage.agent()
    run = stage.run()
    stage.until(run, "accepted")
    stage.ground.patch(path, {"spec": {"hard": {"count/jobs.batch": "5"}}})
    stage.until(run, "applied")


def test_a_quota_that_stays_used_up_gives_the_run_back(stage: Stage) -> None:
    _quota(stage, 0)
    stage.agent(start_seconds=1)
    run = stage.run()
    given_back = stage.until(run, "queued")
    assert wait(lambda: stage.look(run).reason_code) is ReasonCode.QUOTA
    assert given_back.attempt == 1


def test_slots_limit_what_runs_at_once(stage: Stage) -> None:
    stage.agent(slots=2)
    runs = [stage.run() for _ in range(4)]
    wait(lambda: len(stage.ground.items(stage.namespace, "jobs")) == 2)
    done: set[str] = set()
    while len(done) < 4:
        for pod in stage.ground.items(stage.namespace, "pods"):
            name = pod["metadata"]["labels"]["job-name"]
            if name not in done:
                done.add(name)
                stage.ground.finish(pod, 65)
        busy = [
            job
            for job in stage.ground.items(stage.namespace, "jobs")
            if not job.get("status", {}).get("conditions")
        ]
        assert len(busy) <= 2
    for run in runs:
        assert stage.ended(run).state is RunState.FAILED


def test_a_job_of_another_with_the_same_name_is_left_alone(stage: Stage) -> None:
    run = stage.run()
    foreign = {
        "apiVersion": "batch/v1",
        "kind": "Job",
        "metadata": {"name": job_name(run, 1), "labels": {"of": "another"}},
        "spec": {
            "suspend": True,
            "template": {"spec": {"restartPolicy": "Never", "containers": [{"name": "c", "image": "i"}]}},
        },
    }
    stage.ground.jobs(stage.namespace).create(foreign)
    stage.agent()
    assert reason(stage.ended(run)) == (RunState.FAILED, ReasonCode.NAME_CONFLICT)
    job = stage.job(run)
    assert job is not None
    assert job["metadata"]["labels"]["of"] == "another"


def test_an_agent_starts_with_exactly_its_role(stage: Stage) -> None:
    role = (*NEEDED, right(stage.namespace))
    agent = stage.agent(rights=role, excess_rights="refuse")
    run = stage.run()
    stage.until(run, "applied")
    wait(lambda: agent.health.ready() is None)
    assert agent.health.alive() is None
