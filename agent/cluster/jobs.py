"""Everything that the agent does in a cluster: exactly the verbs of its Role, and each change names the object's
uid, so that it never hits a namesake."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeVar

from assay.agent.cluster.answers import Kind, Refused, pod_security
from assay.agent.cluster.api import MERGE, Answered, Api
from assay.agent.cluster.objects import Event, Job, Pod, RawList, Tree
from assay.protocol import decoding

T = TypeVar("T")
FENCE = "assay/fence"
SPEC = "assay/spec-sha256"
ACKED = "assay/acknowledged"
"""The hub has heard how the Job ended; nobody needs to look at it again."""
VISITS = "assay/visits"
"""How many processes of agents began with this Job and did not come to a good end with it."""
POOL = "assay/pool"
MANAGED = "app.kubernetes.io/managed-by"


@dataclass(frozen=True, slots=True)
class Created:
    """refused_pods: the server warned that Pod Security lets none of its pods in."""

    job: Job
    refused_pods: bool


class Jobs:
    """Jobs and what belongs to them, in one namespace. Everything raises Refused."""

    def __init__(self, api: Api, namespace: str) -> None:
        self._api = api
        self.namespace = namespace
        self.jobs_path = f"/apis/batch/v1/namespaces/{namespace}/jobs"
        self.pods_path = f"/api/v1/namespaces/{namespace}/pods"

    def create(self, job: Tree) -> Created:
        answered = self._api.request("POST", self.jobs_path, query=_STRICT, body=job)
        return Created(answered.read(Job), pod_security(answered.warnings))

    def get(self, name: str) -> Job | None:
        try:
            return self._api.request("GET", f"{self.jobs_path}/{name}").read(Job)
        except Refused as refused:
            if refused.kind is Kind.MISSING:
                return None
            raise

    def create_owned(self, plural: str, made: Tree, owner: Job) -> bool:
        """A ConfigMap or Secret that goes when its Job goes; False where it was there already."""
        owned = made | {"metadata": made["metadata"] | {"ownerReferences": [_reference(owner)]}}
        try:
            self._api.request(
                "POST", f"/api/v1/namespaces/{self.namespace}/{plural}", query=_STRICT, body=owned
            )
        except Refused as refused:
            if refused.kind is Kind.EXISTS:
                return False
            raise
        return True

    def unsuspend(self, job: Job, annotations: dict[str, str | None]) -> Job:
        return self._patch(job, {"spec": {"suspend": False}}, annotations)

    def annotate(self, job: Job, annotations: dict[str, str | None]) -> Job:
        """None takes an annotation away."""
        return self._patch(job, {}, annotations)

    def let_expire(self, job: Job, seconds: int) -> Job:
        marks: dict[str, str | None] = {ACKED: "true", VISITS: None}
        return self._patch(job, {"spec": {"ttlSecondsAfterFinished": seconds}}, marks)

    def age(self, job: Job) -> float:
        """Seconds since its first pod could be made, by the cluster's own clock; 0 where that is not known."""
        return self._api.seconds_since(job.status.start_time)

    def _patch(self, job: Job, change: Tree, annotations: dict[str, str | None]) -> Job:
        meta: dict[str, Any] = {"uid": job.metadata.uid}
        if annotations:
            meta["annotations"] = annotations
        path = f"{self.jobs_path}/{job.metadata.name}"
        query = {"fieldManager": "assay-agent"}
        return self._api.request(
            "PATCH", path, query=query, body=change | {"metadata": meta}, content=MERGE
        ).read(Job)

    def delete(self, job: Job) -> None:
        """Ends its pods first: the Job is gone when they are. One that is gone already is as good."""
        options = {
            "apiVersion": "v1",
            "kind": "DeleteOptions",
            "propagationPolicy": "Foreground",
            "preconditions": {"uid": job.metadata.uid},
        }
        try:
            self._api.request("DELETE", f"{self.jobs_path}/{job.metadata.name}", body=options)
        except Refused as refused:
            # 409: another object has the name by now, so the one that was meant is gone.
            if refused.kind not in (Kind.MISSING, Kind.CHANGED):
                raise

    def pods(self, job: Job) -> tuple[Pod, ...]:
        selector = f"batch.kubernetes.io/controller-uid={job.metadata.uid}"
        answered = self._api.request("GET", self.pods_path, query={"labelSelector": selector})
        return tuple(_read(answered, Pod))

    def refusal(self, job: Job) -> str:
        """What the job controller was told when it last tried to make a pod of this Job. Empty where it made one, and
        where the agent may not look."""
        selector = f"involvedObject.uid={job.metadata.uid},reason=FailedCreate"
        query = {"fieldSelector": selector, "limit": "100"}
        try:
            answered = self._api.request("GET", f"/api/v1/namespaces/{self.namespace}/events", query=query)
        except Refused as refused:
            if refused.kind is Kind.FORBIDDEN:
                return ""
            raise
        last = max(_read(answered, Event), key=lambda event: event.last_timestamp or "", default=Event())
        return last.message


_STRICT = {"fieldValidation": "Strict", "fieldManager": "assay-agent"}


def _read(answered: Answered, kind: type[T]) -> list[T]:
    """Those that can be read."""
    found: list[T] = []
    for raw in answered.read(RawList).items:
        try:
            found.append(decoding.decode(raw, kind))
        except (ValueError, RecursionError):
            continue
    return found


def _reference(job: Job) -> Tree:
    """Without blockOwnerDeletion, which would need a right to the Job's finalizers."""
    return {
        "apiVersion": "batch/v1",
        "kind": "Job",
        "name": job.metadata.name,
        "uid": job.metadata.uid,
        "controller": False,
    }
