"""What the agent does in a cluster, and what the API server says to it."""

from __future__ import annotations

import pytest

from assay.agent.cluster.answers import Kind, Refused
from assay.agent.cluster.jobs import ACKED, FENCE, Jobs
from assay.agent.cluster.objects import Job
from assay.agent.cluster.rights import NEEDED
from tests.agent.ground import FakeGround, Ground, wait
from tests.agent.samples import config_map, job


@pytest.fixture
def namespace(ground: Ground) -> str:
    return ground.namespace()


@pytest.fixture
def jobs(ground: Ground, namespace: str) -> Jobs:
    """With exactly the rights of the Role."""
    return Jobs(ground.agent(namespace, NEEDED), namespace)


def _ended(jobs: Jobs, name: str) -> Job:
    def found() -> Job | None:
        now = jobs.get(name)
        return now if now is not None and now.ended is not None else None

    return wait(found)


def test_a_job_is_born_suspended_and_makes_no_pod(ground: Ground, jobs: Jobs, namespace: str) -> None:
    made = jobs.create(job("a")).job
    assert (made.spec.suspend, made.started, made.ended) == (True, False, None)
    jobs.create(job("b"))
    jobs.unsuspend(jobs.create(job("c")).job, {})
    ground.pod(namespace, "c")
    assert {pod["metadata"]["labels"]["job-name"] for pod in ground.items(namespace, "pods")} == {"c"}


def test_a_name_is_taken_once(jobs: Jobs) -> None:
    jobs.create(job("a"))
    with pytest.raises(Refused) as refused:
        jobs.create(job("a"))
    assert refused.value.kind is Kind.EXISTS


def test_what_a_job_needs_goes_when_it_goes(ground: Ground, jobs: Jobs, namespace: str) -> None:
    made = jobs.create(job("a")).job
    assert jobs.create_owned("configmaps", config_map("a"), made) is True
    assert jobs.create_owned("configmaps", config_map("a"), made) is False
    names = {each["metadata"]["name"] for each in ground.items(namespace, "configmaps")}
    assert "a" in names
    jobs.delete(made)
    wait(lambda: jobs.get("a") is None)
    wait(lambda: "a" not in {each["metadata"]["name"] for each in ground.items(namespace, "configmaps")})


def test_a_change_is_for_one_object_and_not_for_its_namesake(jobs: Jobs) -> None:
    first = jobs.create(job("a")).job
    jobs.delete(first)
    wait(lambda: jobs.get("a") is None)
    jobs.create(job("a"))
    with pytest.raises(Refused) as refused:
        jobs.unsuspend(first, {})
    assert refused.value.kind is Kind.CHANGED
    jobs.delete(first)
    again = jobs.get("a")
    assert again is not None
    assert again.spec.suspend


def test_annotations_come_and_go(jobs: Jobs) -> None:
    made = jobs.create(job("a")).job
    changed = jobs.annotate(made, {FENCE: "2", "assay/visits": "1"})
    assert changed.metadata.annotations[FENCE] == "2"
    changed = jobs.annotate(changed, {"assay/visits": None})
    assert "assay/visits" not in changed.metadata.annotations


def test_a_run_from_start_to_end(ground: Ground, jobs: Jobs, namespace: str) -> None:
    running = jobs.unsuspend(jobs.create(job("a")).job, {FENCE: "3"})
    assert running.started
    pod = ground.pod(namespace, "a")
    ground.run(pod)
    wait(lambda: [each.state.running for each in jobs.pods(running)] != [None])
    ground.finish(pod)
    over = _ended(jobs, "a")
    assert over.ended is not None
    assert over.ended.type == "Complete"
    assert [each.state.terminated.exit_code for each in jobs.pods(over) if each.state.terminated] == [0]
    kept = jobs.let_expire(over, 300)
    assert kept.spec.ttl_seconds_after_finished == 300
    assert kept.metadata.annotations[ACKED] == "true"


@pytest.mark.parametrize(("code", "reason"), [(1, "BackoffLimitExceeded"), (65, "PodFailurePolicy")])
def test_a_pod_that_fails_fails_its_job(
    ground: Ground, jobs: Jobs, namespace: str, code: int, reason: str
) -> None:
    jobs.unsuspend(jobs.create(job("a")).job, {})
    ground.finish(ground.pod(namespace, "a"), code)
    over = _ended(jobs, "a")
    assert over.ended is not None
    assert (over.ended.type, over.ended.reason) == ("Failed", reason)


def test_an_expired_job_goes_by_itself(ground: Ground, jobs: Jobs, namespace: str) -> None:
    jobs.unsuspend(jobs.create(job("a")).job, {})
    ground.finish(ground.pod(namespace, "a"))
    jobs.let_expire(_ended(jobs, "a"), 0)
    wait(lambda: jobs.get("a") is None)


def test_a_quota_that_is_used_up_means_later(ground: Ground, jobs: Jobs, namespace: str) -> None:
    quota = {"apiVersion": "v1", "kind": "ResourceQuota", "metadata": {"name": "jobs"}}
    ground.create(namespace, "resourcequotas", quota | {"spec": {"hard": {"count/jobs.batch": "1"}}})
    ready = f"/api/v1/namespaces/{namespace}/resourcequotas/jobs"
    if ground.kind == "real":
        wait(lambda: ground.get(ready).get("status", {}).get("used"))
    first = jobs.create(job("a")).job
    with pytest.raises(Refused) as refused:
        jobs.create(job("b"))
    assert refused.value.kind is Kind.QUOTA
    jobs.delete(first)

    def made() -> bool:
        try:
            jobs.create(job("b"))
        except Refused as error:
            if error.kind is not Kind.QUOTA:
                raise
            return False
        return True

    wait(made)


def test_an_object_that_is_wrong_is_rejected(jobs: Jobs) -> None:
    with pytest.raises(Refused) as refused:
        jobs.create(job("a", activeDeadlineSeconds="soon"))
    assert refused.value.kind is Kind.REJECTED


def test_a_right_that_is_not_there_is_told_apart_from_a_quota(ground: Ground, namespace: str) -> None:
    few = [right for right in NEEDED if right.verb != "create"]
    jobs = Jobs(ground.agent(namespace, few), namespace)
    with pytest.raises(Refused) as refused:
        jobs.create(job("a"))
    assert refused.value.kind is Kind.FORBIDDEN


def test_pods_that_break_pod_security_are_told_by_a_warning(ground: Ground) -> None:
    labels = {
        "pod-security.kubernetes.io/enforce": "restricted",
        "pod-security.kubernetes.io/warn": "restricted",
    }
    namespace = ground.namespace(**labels)
    if isinstance(ground, FakeGround):
        ground.fake.warn.add(namespace)
    rejected = job("a")
    rejected["spec"]["template"]["spec"]["securityContext"] = {}
    jobs = Jobs(ground.agent(namespace, NEEDED), namespace)
    assert jobs.create(rejected).refused_pods
    if ground.kind == "real":
        assert not jobs.create(job("b")).refused_pods


def test_a_server_that_is_busy_or_away_is_asked_again_later(fake_ground: FakeGround) -> None:
    jobs = fake_ground.jobs(fake_ground.namespace())
    fake_ground.fake.fault("POST .*jobs", status=429, headers={"Retry-After": "7"})
    with pytest.raises(Refused) as refused:
        jobs.create(job("a"))
    assert (refused.value.kind, refused.value.retry_after, refused.value.retryable) == (Kind.LATER, 7.0, True)
    for what in ({"status": 500}, {"status": 503}, {"drop": "before"}):
        fake_ground.fake.fault("POST .*jobs", **what)
        with pytest.raises(Refused) as refused:
            jobs.create(job("a"))
        assert refused.value.retryable
    fake_ground.fake.fault("POST .*jobs", drop="after")
    with pytest.raises(Refused) as refused:
        jobs.create(job("a"))
    assert refused.value.kind is Kind.UNREACHABLE
    assert jobs.get("a") is not None


def test_a_policy_that_denies_is_a_rejection_and_no_missing_right(fake_ground: FakeGround) -> None:
    namespace = fake_ground.namespace()
    fake_ground.fake.denied.add(namespace)
    with pytest.raises(Refused) as refused:
        fake_ground.jobs(namespace).create(job("a"))
    assert refused.value.kind is Kind.DENIED
