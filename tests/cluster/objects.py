"""Small objects that Pod Security `restricted` lets in, and questions about them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from tools.cluster.api import Api
from tools.cluster.cluster import wait

NOTHING = "registry.example.com/nothing:1"
NOBODY = {
    "runAsNonRoot": True,
    "runAsUser": 65532,
    "runAsGroup": 65532,
    "fsGroup": 65532,
    "seccompProfile": {"type": "RuntimeDefault"},
}
NO_RIGHTS = {
    "allowPrivilegeEscalation": False,
    "readOnlyRootFilesystem": True,
    "capabilities": {"drop": ["ALL"]},
}
ENDED = {"Succeeded", "Failed"}


def pod_spec(image: str = NOTHING, script: str = "", **container: Any) -> dict[str, Any]:
    """A pod whose container runs a Python script."""
    main = {
        "name": "main",
        "image": image,
        "command": ["python3", "-I", "-c", script],
        "securityContext": NO_RIGHTS,
        **container,
    }
    return {
        "restartPolicy": "Never",
        "automountServiceAccountToken": False,
        "terminationGracePeriodSeconds": 1,
        "securityContext": NOBODY,
        "containers": [main],
    }


def pod(namespace: str, name: str, spec: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": name, "namespace": namespace},
        "spec": spec,
    }


def job(namespace: str, name: str, template: Mapping[str, Any] | None = None, **spec: Any) -> dict[str, Any]:
    return {
        "apiVersion": "batch/v1",
        "kind": "Job",
        "metadata": {"name": name, "namespace": namespace},
        "spec": {"backoffLimit": 0, "template": {"spec": template or pod_spec()}, **spec},
    }


def conditions(api: Api, namespace: str, name: str) -> dict[str, str]:
    """The conditions of a Job that hold, with their reasons."""
    status = api.get(f"/apis/batch/v1/namespaces/{namespace}/jobs/{name}")["status"]
    return {
        each["type"]: each.get("reason", "")
        for each in status.get("conditions", [])
        if each["status"] == "True"
    }


def pods_of(api: Api, namespace: str, name: str) -> list[Any]:
    selector = f"batch.kubernetes.io/job-name={name}"
    found: list[Any] = api.get(f"/api/v1/namespaces/{namespace}/pods", labelSelector=selector)["items"]
    return found


def container_state(pod: Mapping[str, Any]) -> Mapping[str, Any]:
    """waiting, running or terminated; empty where the node says nothing yet."""
    statuses: Sequence[Mapping[str, Any]] = pod["status"].get("containerStatuses", ())
    return statuses[0]["state"] if statuses else {}


def waits_for(pod: Mapping[str, Any]) -> str:
    """Why its container does not start; empty where it does."""
    reason: str = container_state(pod).get("waiting", {}).get("reason", "")
    return reason


def finish(api: Api, namespace: str, name: str, timeout: float = 60) -> tuple[Mapping[str, Any], str]:
    """Waits for a pod's end; its last state and its log."""
    path = f"/api/v1/namespaces/{namespace}/pods/{name}"
    wait(lambda: api.get(path)["status"]["phase"] in ENDED, timeout, f"end of pod {name}")
    state = container_state(api.get(path))["terminated"]
    return state, api.text(f"{path}/log")


def run(
    api: Api, namespace: str, name: str, spec: Mapping[str, Any], timeout: float = 60
) -> tuple[Mapping[str, Any], str]:
    """Runs a pod to its end; its last state and its log."""
    api.create(pod(namespace, name, spec))
    return finish(api, namespace, name, timeout)
