"""The cluster without pods: it starts, is used, breaks when told to, and leaves nothing behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import jwt
import kubernetes
import pytest

from tools.cluster.api import ApiError
from tools.cluster.build import version
from tools.cluster.cluster import Cluster, wait, why_not

ROOT = Path(__file__).parents[2]
START = """
import sys
from tools.cluster.cluster import Cluster
cluster = Cluster(control_plane_only={plain})
print(cluster.pid, cluster.home, flush=True)
sys.stdin.read()
"""


def config_map(namespace: str, name: str, **data: str) -> dict[str, object]:
    metadata = {"name": name, "namespace": namespace}
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata, "data": data}


def test_the_official_client_uses_its_kubeconfig(control_plane: Cluster, plane_namespace: str) -> None:
    client = kubernetes.config.new_client_from_config(str(control_plane.kubeconfig))  # type: ignore[no-untyped-call]
    assert kubernetes.client.VersionApi(client).get_code().git_version == version()
    account = kubernetes.client.CoreV1Api(client).read_namespaced_service_account("default", plane_namespace)
    assert account.metadata is not None
    assert account.metadata.namespace == plane_namespace


def test_a_user_may_do_what_a_role_says(control_plane: Cluster, plane_namespace: str) -> None:
    path = f"/api/v1/namespaces/{plane_namespace}/configmaps"
    group = "rbac.authorization.k8s.io"
    metadata = {"name": "reader", "namespace": plane_namespace}
    with control_plane.client(f"system:serviceaccount:{plane_namespace}:default") as user:
        with pytest.raises(ApiError) as refused:
            user.get(path)
        assert (refused.value.status, refused.value.reason) == (403, "Forbidden")
        rule = {"apiGroups": [""], "resources": ["configmaps"], "verbs": ["list"]}
        control_plane.api.create(
            {"apiVersion": f"{group}/v1", "kind": "Role", "metadata": metadata, "rules": [rule]}
        )
        control_plane.api.create(
            {
                "apiVersion": f"{group}/v1",
                "kind": "RoleBinding",
                "metadata": metadata,
                "roleRef": {"apiGroup": group, "kind": "Role", "name": "reader"},
                "subjects": [{"kind": "ServiceAccount", "name": "default", "namespace": plane_namespace}],
            }
        )
        wait(lambda: user.send("GET", path).status == 200, 10, "right to list")
        with pytest.raises(ApiError):
            user.create(config_map(plane_namespace, "mine"))


def test_a_token_can_be_verified_offline(control_plane: Cluster, plane_namespace: str) -> None:
    issuer = control_plane.api.get("/.well-known/openid-configuration")["issuer"]
    keys = jwt.PyJWKSet.from_dict(control_plane.api.get("/openid/v1/jwks"))
    token = control_plane.token(plane_namespace, "default", audience="assay-hub", seconds=600)
    key = keys[jwt.get_unverified_header(token)["kid"]]
    claims = jwt.decode(token, key, algorithms=["RS256"], audience="assay-hub", issuer=issuer)
    assert claims["sub"] == f"system:serviceaccount:{plane_namespace}:default"
    with pytest.raises(jwt.InvalidAudienceError):
        jwt.decode(token, key, algorithms=["RS256"], audience="another", issuer=issuer)


def test_a_restart_of_the_api_server_breaks_watches_and_keeps_data(
    control_plane: Cluster, plane_namespace: str
) -> None:
    api, path = control_plane.api, f"/api/v1/namespaces/{plane_namespace}/configmaps"
    api.create(config_map(plane_namespace, "kept", key="value"))
    seen: list[str] = []

    def watch() -> None:
        try:
            for event in api.watch(path, seconds=120):
                seen.append(event["object"]["metadata"]["name"])
        except OSError:
            seen.append("broken")

    watcher = threading.Thread(target=watch)
    watcher.start()
    wait(lambda: "kept" in seen, 10, "event")
    control_plane.stop_apiserver()
    watcher.join(timeout=30)
    assert not watcher.is_alive()
    with pytest.raises(OSError, match="GET /version"):
        api.get("/version")
    control_plane.start_apiserver()
    assert api.get(f"{path}/kept")["data"] == {"key": "value"}


def test_a_paused_api_server_answers_nothing_until_it_goes_on(control_plane: Cluster) -> None:
    control_plane.pause("kube-apiserver")
    try:
        somebody = control_plane.client("somebody", ("system:masters",), timeout=1)
        with somebody, pytest.raises(OSError, match="timed out"):
            somebody.get("/version")
    finally:
        control_plane.resume("kube-apiserver")
    assert control_plane.api.get("/version")["gitVersion"] == version()


def relatives(namespace: str) -> list[str]:
    """All processes in a PID namespace."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if str((folder / "ns" / "pid").readlink()) == namespace:
                found.append((folder / "cmdline").read_text().replace("\0", " "))
        except OSError:
            continue
    return found


def cgroups(pid: str) -> list[Path]:
    """Folders of the control groups that a process is in."""
    found = []
    for line in Path(f"/proc/{pid}/cgroup").read_text().splitlines():
        _, names, path = line.split(":", 2)
        found += [
            Path("/sys/fs/cgroup", name.removeprefix("name="), path.lstrip("/")) for name in names.split(",")
        ]
    return [folder for folder in found if folder.name.startswith("assay-cluster-")]


@pytest.mark.parametrize(("victim", "node"), [("owner", True), ("owner", False), ("first process", False)])
@pytest.mark.usefixtures("control_plane")
def test_one_sigkill_ends_all_of_it(victim: str, node: bool) -> None:
    if node:
        lacking = why_not(node=True)
        if lacking:
            pytest.skip(f"Kubernetes: not run: {lacking}")
    command = [sys.executable, "-c", START.format(plain=not node)]
    path = f"{ROOT}/src:{ROOT}"
    with subprocess.Popen(
        command,
        env={**os.environ, "PYTHONPATH": path},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as owner:
        try:
            assert owner.stdout is not None
            pid, home = owner.stdout.readline().split()
            namespace, folders = str(Path(f"/proc/{pid}/ns/pid").readlink()), cgroups(pid)
            assert len(relatives(namespace)) >= (7 if node else 5)
            assert bool(folders) is node
        except BaseException:
            owner.kill()
            raise
        os.kill(owner.pid if victim == "owner" else int(pid), signal.SIGKILL)
        wait(lambda: not relatives(namespace), 30, "end of its processes")
        wait(lambda: not Path(home).exists(), 30, "end of its folder")
        assert home not in Path("/proc/self/mountinfo").read_text()
        assert [folder for folder in folders if folder.exists()] == []
        owner.kill()
