"""What pods and Jobs show, in the protocol's codes."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from assay.agent.cluster.objects import Job, Pod
from assay.agent.reasons import ended, no_pod, not_started, running
from assay.protocol.agent import AttemptOutcome, ReasonCode

Tree = dict[str, Any]


def job(kind: str, reason: str = "") -> Job:
    condition = {"type": kind, "status": "True", "reason": reason}
    return msgspec.convert({"metadata": {"name": "j"}, "status": {"conditions": [condition]}}, Job)


def pod(
    state: Tree | None = None,
    *,
    conditions: list[Tree] | None = None,
    reason: str = "",
    made: str = "2026-01-01T00:00:00Z",
    volumes: list[str] | None = None,
) -> Pod:
    status: Tree = {"reason": reason, "conditions": conditions or []}
    if state is not None:
        status["containerStatuses"] = [{"name": "runner", "state": state}]
    return msgspec.convert(
        {
            "metadata": {"name": "p", "creationTimestamp": made},
            "spec": {"volumes": [{"name": name} for name in volumes or []]},
            "status": status,
        },
        Pod,
    )


def over(code: int, reason: str = "Error") -> Tree:
    return {"terminated": {"exitCode": code, "reason": reason}}


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        (64, ReasonCode.BAD_SPEC),
        (65, ReasonCode.CONTRACT_REJECTED),
        (69, ReasonCode.SOURCE_UNAVAILABLE),
        (70, ReasonCode.RUNNER_BUG),
        (74, ReasonCode.RESULT_UNDELIVERED),
        (75, ReasonCode.FENCED),
        (77, ReasonCode.PERMISSION_DENIED),
        (78, ReasonCode.MISSING_SECRET),
        (143, ReasonCode.INTERRUPTED),
        (1, ReasonCode.JOB_FAILED),
        (137, ReasonCode.JOB_FAILED),
    ],
)
def test_each_exit_code_of_the_runner_has_a_reason(code: int, expected: ReasonCode) -> None:
    failed = job("Failed", "BackoffLimitExceeded")
    assert ended(failed, [pod(over(code))]) == (AttemptOutcome.FAILED, expected, code)


def test_a_job_that_is_complete_has_succeeded() -> None:
    assert ended(job("Complete"), [pod(over(0))]) == (AttemptOutcome.SUCCEEDED, ReasonCode.JOB_COMPLETE, 0)
    assert ended(job("Complete"), []) == (AttemptOutcome.SUCCEEDED, ReasonCode.JOB_COMPLETE, None)


def test_a_job_that_is_only_ending_is_not_over() -> None:
    for kind in ("SuccessCriteriaMet", "FailureTarget", "Suspended"):
        assert job(kind).ended is None


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (pod(over(137, "OOMKilled")), ReasonCode.OUT_OF_MEMORY),
        (pod(over(137), reason="Evicted"), ReasonCode.EVICTED),
        (pod(over(143), conditions=[{"type": "DisruptionTarget", "status": "True"}]), ReasonCode.EVICTED),
        (pod(reason="SupplementalGroupsPolicyNotSupported"), ReasonCode.UNSUPPORTED_FIELD),
        (pod(), ReasonCode.JOB_FAILED),
    ],
)
def test_what_else_ended_a_pod_is_seen(given: Pod, expected: ReasonCode) -> None:
    assert ended(job("Failed"), [given])[1] is expected


def test_a_deadline_counts_before_the_code_that_the_pod_left() -> None:
    assert ended(job("Failed", "DeadlineExceeded"), [pod(over(143))])[1] is ReasonCode.DEADLINE_EXCEEDED


def test_the_last_pod_counts() -> None:
    pods = [pod(over(69), made="2026-01-02T00:00:00Z"), pod(over(143), made="2026-01-01T00:00:00Z")]
    assert ended(job("Failed"), pods)[1] is ReasonCode.SOURCE_UNAVAILABLE


def test_a_code_that_is_none_is_not_told() -> None:
    assert ended(job("Failed"), [pod(over(-1))])[2] is None


def waiting(reason: str) -> Tree:
    return {"waiting": {"reason": reason, "message": "Back-off pulling image"}}


MOUNTING = {"type": "PodReadyToStartContainers", "status": "False"}
PULLING = {"type": "PodReadyToStartContainers", "status": "True"}


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (pod(waiting("ErrImagePull")), ReasonCode.IMAGE_PULL),
        (pod(waiting("ImagePullBackOff")), ReasonCode.IMAGE_PULL),
        (pod(waiting("ErrImageNeverPull")), ReasonCode.IMAGE_PULL),
        (pod(waiting("CreateContainerConfigError")), ReasonCode.SECRET_MISSING),
        (pod(waiting("ContainerCreating"), conditions=[MOUNTING]), ReasonCode.CONFIG_MISSING),
        (
            pod(waiting("ContainerCreating"), conditions=[MOUNTING], volumes=["spec", "secrets"]),
            ReasonCode.SECRET_MISSING,
        ),
        (pod(waiting("ContainerCreating"), conditions=[PULLING]), ReasonCode.IMAGE_PULL),
        (pod(waiting("ContainerCreating")), ReasonCode.START_TIMEOUT),
        (pod(waiting("SupplementalGroupsPolicyNotSupported")), ReasonCode.UNSUPPORTED_FIELD),
        (pod(reason="SupplementalGroupsPolicyNotSupported"), ReasonCode.UNSUPPORTED_FIELD),
        (pod(conditions=[{"type": "PodScheduled", "status": "False"}]), ReasonCode.UNSCHEDULABLE),
        (pod(), ReasonCode.START_TIMEOUT),
    ],
)
def test_why_a_pod_has_not_started(given: Pod, expected: ReasonCode) -> None:
    assert not_started([given]) is expected


def test_without_a_pod_the_reason_is_not_known() -> None:
    assert not_started([]) is ReasonCode.START_TIMEOUT


@pytest.mark.parametrize(
    ("message", "reason"),
    [
        ("", ReasonCode.START_TIMEOUT),
        ("exceeded quota: runs, requested: pods=1, used: pods=1, limited: pods=1", ReasonCode.QUOTA),
        ("failed quota: runs: must specify requests.cpu for: runner", ReasonCode.QUOTA),
        (
            'error looking up service account a/b: serviceaccount "b" not found',
            ReasonCode.ACCOUNT_MISSING,
        ),
        ('violates PodSecurity "restricted:v1.30": runAsNonRoot != true', ReasonCode.POD_SECURITY),
        ("maximum memory usage per Container is 16Gi, but limit is 32Gi", ReasonCode.POD_REFUSED),
        ('admission webhook "x.example.com" denied the request: no', ReasonCode.POD_REFUSED),
    ],
)
def test_what_kept_a_pod_from_being_made_is_a_reason(message: str, reason: ReasonCode) -> None:
    assert no_pod(f'Error creating: pods "x-" is forbidden: {message}' if message else "") is reason


def test_a_container_that_runs_or_ran_has_started() -> None:
    assert running([pod(), pod(waiting("x"))]) is None
    assert running([pod({"running": {"startedAt": "2026-01-01T00:00:00Z"}})]) is not None
    assert running([pod(over(1))]) is not None
