"""One node with real pods: containerd, a bridge, the kubelet."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import yaml

from tools.cluster.api import Api, ApiError
from tools.cluster.box import Box, BoxError
from tools.cluster.boxmounts import NODE_ADDRESS, WORK
from tools.cluster.controlplane import LOOPBACK, ControlPlane
from tools.cluster.oci import Image
from tools.cluster.pki import Authority

NAME = "localhost"
SOCKET = "/run/containerd/containerd.sock"
PODS = "10.244.0.0/24"
PLUGINS = ("/usr/lib/cni", "/opt/cni/bin")
READY_TIMEOUT = 120.0
IMPORT_TIMEOUT = 300.0


class Node:
    """The programs of a node, by name in the box."""

    def __init__(
        self, box: Box, program: list[str], authority: Authority, plane: ControlPlane, sandbox: Image
    ) -> None:
        self._box, self._program, self._sandbox = box, program, sandbox
        folder = box.home / "node"
        folder.mkdir()
        authority.server(NAME, NODE_ADDRESS).write(folder, "kubelet")
        self._kubeconfig = plane.write_kubeconfig("kubelet", f"system:node:{NAME}", ("system:nodes",))
        self._folder = box.inside(folder)
        inside_authority = box.inside(box.home / "pki" / "ca.crt")
        (folder / "containerd.toml").write_text(
            _containerd(self._folder, sandbox.reference), encoding="utf-8"
        )
        (folder / "cni").mkdir()
        (folder / "cni" / "10-bridge.conflist").write_text(json.dumps(_network()), encoding="utf-8")
        (folder / "kubelet.yml").write_text(
            yaml.safe_dump(_kubelet(self._folder, inside_authority)), encoding="utf-8"
        )

    def start_runtime(self) -> None:
        """containerd, with the image that every pod needs."""
        self._box.start("containerd", ["containerd", "--config", f"{self._folder}/containerd.toml"])

        def ready() -> bool:
            try:
                self._box.run(["ctr", "--address", SOCKET, "version"], timeout=20)
            except BoxError:
                return False
            return True

        self._box.wait(["containerd"], ready, READY_TIMEOUT)
        self.import_image(self._sandbox)

    def start_kubelet(self) -> None:
        self._box.start(
            "kubelet",
            [
                *self._program,
                f"--config={self._folder}/kubelet.yml",
                f"--kubeconfig={self._kubeconfig}",
                f"--root-dir={WORK}/kubelet",
                f"--cert-dir={WORK}/kubelet-certificates",
                f"--hostname-override={NAME}",
                f"--node-ip={NODE_ADDRESS}",
            ],
        )

    def wait(self, api: Api) -> None:
        """Until pods are scheduled on it."""

        def ready() -> bool:
            try:
                node = api.get(f"/api/v1/nodes/{NAME}")
            except ApiError as error:
                if error.status == 404:
                    return False
                raise
            conditions = {each["type"]: each["status"] for each in node["status"].get("conditions", ())}
            return conditions.get("Ready") == "True" and not node["spec"].get("taints")

        self._box.wait(["containerd", "kubelet"], ready, READY_TIMEOUT)

    def import_image(self, image: Image) -> None:
        """Unpacks it, and waits until pods can name it by its digest."""
        with self._box.pipe(["ctr", "--address", SOCKET, "-n", "k8s.io", "images", "import", "-"]) as archive:
            image.write(archive)


def allow_logs(api: Api) -> None:
    """Logs and exec go from the API server to the kubelet, which asks it for the right."""
    api.apply(
        {
            "apiVersion": "rbac.authorization.k8s.io/v1",
            "kind": "ClusterRoleBinding",
            "metadata": {"name": "apiserver-to-kubelet"},
            "roleRef": {
                "apiGroup": "rbac.authorization.k8s.io",
                "kind": "ClusterRole",
                "name": "system:kubelet-api-admin",
            },
            "subjects": [
                {
                    "apiGroup": "rbac.authorization.k8s.io",
                    "kind": "User",
                    "name": "kube-apiserver-kubelet-client",
                }
            ],
        }
    )


def _containerd(folder: str, sandbox: str) -> str:
    plugins = next((path for path in PLUGINS if Path(path, "bridge").exists()), PLUGINS[0])
    return f"""version = 2
root = "{WORK}/containerd"
state = "/run/containerd"

[grpc]
address = "{SOCKET}"

[plugins."io.containerd.grpc.v1.cri"]
sandbox_image = "{sandbox}"
stream_server_address = "{LOOPBACK}"
# where the machine denies CAP_SYS_RESOURCE, runc may not lower a score
restrict_oom_score_adj = true

[plugins."io.containerd.grpc.v1.cri".cni]
bin_dir = "{plugins}"
conf_dir = "{folder}/cni"

[plugins."io.containerd.grpc.v1.cri".containerd]
snapshotter = "overlayfs"
default_runtime_name = "runc"

[plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
runtime_type = "io.containerd.runc.v2"

[plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc.options]
SystemdCgroup = false
"""


def _network() -> Mapping[str, object]:
    bridge = {
        "type": "bridge",
        "bridge": "cni0",
        "isGateway": True,
        "isDefaultGateway": True,
        "ipam": {"type": "host-local", "ranges": [[{"subnet": PODS}]], "dataDir": f"{WORK}/addresses"},
    }
    return {"cniVersion": "0.4.0", "name": "bridge", "plugins": [bridge]}


def _kubelet(folder: str, authority: str) -> Mapping[str, object]:
    return {
        "apiVersion": "kubelet.config.k8s.io/v1beta1",
        "kind": "KubeletConfiguration",
        "address": LOOPBACK,
        "authentication": {
            "anonymous": {"enabled": False},
            "webhook": {"enabled": True},
            "x509": {"clientCAFile": authority},
        },
        "authorization": {"mode": "Webhook"},
        "tlsCertFile": f"{folder}/kubelet.crt",
        "tlsPrivateKeyFile": f"{folder}/kubelet.key",
        "cgroupDriver": "cgroupfs",
        "failCgroupV1": False,
        "failSwapOn": False,
        "containerRuntimeEndpoint": f"unix://{SOCKET}",
        "resolvConf": "",
        "makeIPTablesUtilChains": False,
        "podLogsDir": "/var/log/pods",
        "volumePluginDir": f"{WORK}/volume-plugins",
        "imageGCHighThresholdPercent": 100,
        "imageGCLowThresholdPercent": 99,
        "evictionHard": {"memory.available": "100Mi", "nodefs.available": "1%", "imagefs.available": "1%"},
        # quicker than the defaults: the cluster is small, the tests are many
        "syncFrequency": "10s",
        "nodeStatusUpdateFrequency": "5s",
        "kubeAPIQPS": 200,
        "kubeAPIBurst": 400,
        "registryPullQPS": 0,
        "serializeImagePulls": False,
        "maxPods": 110,
    }
