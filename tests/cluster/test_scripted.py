"""The scripted kubelet: what the real Job controller makes of pods that only exist in the API."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tools.cluster.api import Api
from tools.cluster.cluster import Cluster, wait
from tools.cluster.scripted import Pod, Script, ScriptedKubelet

SCRIPTS = {
    "fine": Script(),
    "slow": Script(start=0.2, run=0.3),
    "wrong": Script(exit_code=1, message='{"code":"BadSpec","stage":"spec"}'),
    "oom": Script(exit_code=137, reason="OOMKilled"),
    "for-ever": Script(run=None),
    "no-image": Script(waiting="ImagePullBackOff"),
}


def job(namespace: str, name: str, **spec: Any) -> dict[str, Any]:
    container = {
        "name": "main",
        "image": "registry.example.com/nothing:1",
        "securityContext": {"allowPrivilegeEscalation": False, "capabilities": {"drop": ["ALL"]}},
    }
    security = {"runAsNonRoot": True, "runAsUser": 65532, "seccompProfile": {"type": "RuntimeDefault"}}
    pod = {"restartPolicy": "Never", "securityContext": security, "containers": [container]}
    return {
        "apiVersion": "batch/v1",
        "kind": "Job",
        "metadata": {"name": name, "namespace": namespace},
        "spec": {"backoffLimit": 0, "template": {"spec": pod}, **spec},
    }


def script(pod: Pod) -> Script:
    name = pod["metadata"]["labels"]["batch.kubernetes.io/job-name"]
    return SCRIPTS[name.split(".")[0]]


@pytest.fixture
def node(control_plane: Cluster) -> Iterator[ScriptedKubelet]:
    with ScriptedKubelet(control_plane.api, script) as kubelet:
        yield kubelet
    assert kubelet.errors == []


def conditions(api: Api, namespace: str, name: str) -> list[str]:
    status = api.get(f"/apis/batch/v1/namespaces/{namespace}/jobs/{name}")["status"]
    return [each["type"] for each in status.get("conditions", []) if each["status"] == "True"]


def pods(api: Api, namespace: str, name: str) -> list[Any]:
    selector = f"batch.kubernetes.io/job-name={name}"
    found: list[Any] = api.get(f"/api/v1/namespaces/{namespace}/pods", labelSelector=selector)["items"]
    return found


@pytest.mark.parametrize(
    ("name", "end", "reason"),
    [
        ("fine", "Complete", "Completed"),
        ("slow", "Complete", "Completed"),
        ("wrong", "Failed", "Error"),
        ("oom", "Failed", "OOMKilled"),
    ],
)
def test_a_pod_ends_as_its_script_says(
    control_plane: Cluster, node: ScriptedKubelet, plane_namespace: str, name: str, end: str, reason: str
) -> None:
    api = control_plane.api
    api.create(job(plane_namespace, name))
    wait(lambda: end in conditions(api, plane_namespace, name), 30, end)
    (pod,) = pods(api, plane_namespace, name)
    assert pod["spec"]["nodeName"] == node.node
    ended = pod["status"]["containerStatuses"][0]["state"]["terminated"]
    assert ended["reason"] == reason
    assert (ended["exitCode"], ended.get("message", "")) == (SCRIPTS[name].exit_code, SCRIPTS[name].message)


@pytest.mark.usefixtures("node")
def test_a_pod_without_its_image_waits_until_its_job_is_deleted(
    control_plane: Cluster, plane_namespace: str
) -> None:
    api = control_plane.api
    api.create(job(plane_namespace, "no-image"))

    def waiting() -> bool:
        states = [
            each["status"].get("containerStatuses", []) for each in pods(api, plane_namespace, "no-image")
        ]
        return any(
            each["state"].get("waiting", {}).get("reason") == "ImagePullBackOff" for s in states for each in s
        )

    wait(waiting, 30, "waiting pod")
    assert conditions(api, plane_namespace, "no-image") == []
    api.delete(f"/apis/batch/v1/namespaces/{plane_namespace}/jobs/no-image")
    wait(lambda: not pods(api, plane_namespace, "no-image"), 30, "end of the pod")


@pytest.mark.usefixtures("node")
def test_a_deadline_ends_a_pod_that_runs_for_ever(control_plane: Cluster, plane_namespace: str) -> None:
    api = control_plane.api
    api.create(job(plane_namespace, "for-ever", activeDeadlineSeconds=2))
    wait(lambda: "Failed" in conditions(api, plane_namespace, "for-ever"), 60, "failed Job")
    path = f"/apis/batch/v1/namespaces/{plane_namespace}/jobs/for-ever"
    (failed,) = [each for each in api.get(path)["status"]["conditions"] if each["type"] == "Failed"]
    assert failed["reason"] == "DeadlineExceeded"


@pytest.mark.usefixtures("node")
def test_an_evicted_pod_is_replaced(control_plane: Cluster, plane_namespace: str) -> None:
    api = control_plane.api
    ignored = {"action": "Ignore", "onPodConditions": [{"type": "DisruptionTarget", "status": "True"}]}
    api.create(
        job(
            plane_namespace,
            "for-ever",
            podReplacementPolicy="Failed",
            podFailurePolicy={"rules": [ignored]},
        )
    )
    running = {"Running"}
    wait(lambda: {p["status"]["phase"] for p in pods(api, plane_namespace, "for-ever")} == running, 30, "pod")
    (first,) = pods(api, plane_namespace, "for-ever")
    metadata = {"name": first["metadata"]["name"], "namespace": plane_namespace}
    api.request(
        "POST",
        f"/api/v1/namespaces/{plane_namespace}/pods/{metadata['name']}/eviction",
        {"apiVersion": "policy/v1", "kind": "Eviction", "metadata": metadata},
    )

    def replaced() -> bool:
        now = pods(api, plane_namespace, "for-ever")
        return [p["status"]["phase"] for p in now if p["metadata"]["uid"] != first["metadata"]["uid"]] == [
            "Running"
        ]

    wait(replaced, 60, "new pod")
    assert conditions(api, plane_namespace, "for-ever") == []


@pytest.mark.usefixtures("node")
def test_many_jobs_end_although_the_api_server_restarts(control_plane: Cluster, plane_namespace: str) -> None:
    api, number = control_plane.api, 60
    for each in range(number):
        api.create(job(plane_namespace, f"fine.{each}"))
    control_plane.restart_apiserver()
    path = f"/apis/batch/v1/namespaces/{plane_namespace}/jobs"

    def done() -> bool:
        # not the number of pods: where the answer to a pod's creation got lost, the controller makes one more
        return sum("completionTime" in each["status"] for each in api.get(path)["items"]) == number

    wait(done, 90, f"{number} finished Jobs")
