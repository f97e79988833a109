"""What a Job's and a pod's state means, in the codes of the protocol. Pure: nothing is asked, nothing is done."""

from __future__ import annotations

from collections.abc import Iterable

from assay.agent.cluster.objects import Condition, Job, Pod
from assay.protocol.agent import AttemptOutcome, ReasonCode

_EXIT_CODES = {
    64: ReasonCode.BAD_SPEC,
    65: ReasonCode.CONTRACT_REJECTED,
    69: ReasonCode.SOURCE_UNAVAILABLE,
    70: ReasonCode.RUNNER_BUG,
    74: ReasonCode.RESULT_UNDELIVERED,
    75: ReasonCode.FENCED,
    77: ReasonCode.PERMISSION_DENIED,
    78: ReasonCode.MISSING_SECRET,
    143: ReasonCode.INTERRUPTED,
}
"""Those of `runner.job`."""

_IMAGE = frozenset(
    ("ErrImagePull", "ImagePullBackOff", "ErrImageNeverPull", "InvalidImageName", "ImageInspectError",
     "RegistryUnavailable", "SignatureValidationFailed")
)  # fmt: skip
_NOT_SUPPORTED = "NotSupported"
_SECRETS = "secrets"
"""The volume that a Secret of the data source is mounted as (jobspec.yaml.j2)."""


def ended(job: Job, pods: Iterable[Pod]) -> tuple[AttemptOutcome, ReasonCode, int | None]:
    """How a Job that is over ended: outcome, reason, and the exit code of its last pod where that is known."""
    over = job.ended
    last = _last(pods)
    terminated = None if last is None else last.state.terminated
    code = None if terminated is None or not 0 <= terminated.exit_code <= 255 else terminated.exit_code
    if over is not None and over.type == "Complete":
        return AttemptOutcome.SUCCEEDED, ReasonCode.JOB_COMPLETE, code
    if over is not None and over.reason == "DeadlineExceeded":
        return AttemptOutcome.FAILED, ReasonCode.DEADLINE_EXCEEDED, code
    if last is not None and _unsupported(last):
        return AttemptOutcome.FAILED, ReasonCode.UNSUPPORTED_FIELD, code
    if last is not None and (
        last.status.reason == "Evicted" or _is(last.status.conditions, "DisruptionTarget")
    ):
        return AttemptOutcome.FAILED, ReasonCode.EVICTED, code
    if terminated is not None and terminated.reason == "OOMKilled":
        return AttemptOutcome.FAILED, ReasonCode.OUT_OF_MEMORY, code
    return AttemptOutcome.FAILED, _EXIT_CODES.get(code or 0, ReasonCode.JOB_FAILED), code


def running(pods: Iterable[Pod]) -> Pod | None:
    """The pod whose container runs, or has run: it has come past everything that can hold a start up."""
    return next((pod for pod in pods if pod.state.running or pod.state.terminated), None)


def no_pod(message: str) -> ReasonCode:
    """Why the job controller could make no pod, from what the API server answered it (`Jobs.refusal`): words of the
    admission plugins ResourceQuota, ServiceAccount and PodSecurity, and then of anybody's policy."""
    if "exceeded quota" in message or "failed quota" in message:
        return ReasonCode.QUOTA
    if "looking up service account" in message:
        return ReasonCode.ACCOUNT_MISSING
    if "violates PodSecurity" in message:
        return ReasonCode.POD_SECURITY
    return ReasonCode.POD_REFUSED if message else ReasonCode.START_TIMEOUT


def not_started(pods: Iterable[Pod]) -> ReasonCode:
    """Why no container runs yet, as far as the pod shows it."""
    pod = _last(pods)
    if pod is None:
        return ReasonCode.START_TIMEOUT
    waiting = pod.state.waiting.reason if pod.state.waiting is not None else ""
    if _unsupported(pod) or waiting.endswith(_NOT_SUPPORTED):
        return ReasonCode.UNSUPPORTED_FIELD
    if _is(pod.status.conditions, "PodScheduled", "False"):
        return ReasonCode.UNSCHEDULABLE
    if waiting in _IMAGE:
        return ReasonCode.IMAGE_PULL
    if waiting == "CreateContainerConfigError":
        # A variable's Secret, or a key of it, is missed before the container is made.
        return ReasonCode.SECRET_MISSING
    if waiting == "ContainerCreating":
        return _creating(pod)
    return ReasonCode.START_TIMEOUT


def _creating(pod: Pod) -> ReasonCode:
    """Volumes come first, the image after them."""
    if _is(pod.status.conditions, "PodReadyToStartContainers", "False"):
        in_files = any(volume.name == _SECRETS for volume in pod.spec.volumes)
        return ReasonCode.SECRET_MISSING if in_files else ReasonCode.CONFIG_MISSING
    if _is(pod.status.conditions, "PodReadyToStartContainers"):
        return ReasonCode.IMAGE_PULL
    return ReasonCode.START_TIMEOUT


def _unsupported(pod: Pod) -> bool:
    """Such as SupplementalGroupsPolicyNotSupported: the node's runtime lacks something that the pod asks for."""
    return pod.status.reason.endswith(_NOT_SUPPORTED)


def _last(pods: Iterable[Pod]) -> Pod | None:
    """The newest: the ones before it were disrupted."""
    return max(pods, key=lambda pod: (pod.metadata.creation_timestamp or "", pod.metadata.name), default=None)


def _is(conditions: Iterable[Condition], kind: str, status: str = "True") -> bool:
    return any(c.type == kind and c.status == status for c in conditions)
