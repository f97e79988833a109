"""The scripted kubelet: what the real Job controller makes of pods that only exist in the API."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.cluster.objects import conditions, container_state, job, pods_of, waits_for
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


def script(pod: Pod) -> Script:
    name = pod["metadata"]["labels"].get("batch.kubernetes.io/job-name", "")
    # a pod that an earlier test has left behind is no matter of ours
    return SCRIPTS.get(name.split(".")[0], Script())


@pytest.fixture
def node(control_plane: Cluster) -> Iterator[ScriptedKubelet]:
    with ScriptedKubelet(control_plane.api, script) as kubelet:
        yield kubelet
    assert kubelet.errors == []


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
    (pod,) = pods_of(api, plane_namespace, name)
    assert pod["spec"]["nodeName"] == node.node
    ended = container_state(pod)["terminated"]
    assert ended["reason"] == reason
    assert (ended["exitCode"], ended.get("message", "")) == (SCRIPTS[name].exit_code, SCRIPTS[name].message)


@pytest.mark.usefixtures("node")
def test_a_pod_without_its_image_waits_until_its_job_is_deleted(
    control_plane: Cluster, plane_namespace: str
) -> None:
    api = control_plane.api
    api.create(job(plane_namespace, "no-image"))

    def waiting() -> bool:
        return [waits_for(pod) for pod in pods_of(api, plane_namespace, "no-image")] == ["ImagePullBackOff"]

    wait(waiting, 30, "waiting pod")
    assert conditions(api, plane_namespace, "no-image") == {}
    api.delete(f"/apis/batch/v1/namespaces/{plane_namespace}/jobs/no-image")
    wait(lambda: not pods_of(api, plane_namespace, "no-image"), 30, "end of the pod")


@pytest.mark.usefixtures("node")
def test_a_deadline_ends_a_pod_that_runs_for_ever(control_plane: Cluster, plane_namespace: str) -> None:
    api = control_plane.api
    api.create(job(plane_namespace, "for-ever", activeDeadlineSeconds=2))
    wait(lambda: "Failed" in conditions(api, plane_namespace, "for-ever"), 60, "failed Job")
    assert conditions(api, plane_namespace, "for-ever")["Failed"] == "DeadlineExceeded"


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
