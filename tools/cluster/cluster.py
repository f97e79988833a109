"""A real Kubernetes, started and stopped by Python.

with Cluster() as cluster:                      real pods: API server, controllers, kubelet, containerd, runc
    cluster.api.create({...})

with Cluster(control_plane_only=True) as cluster:       no pods; `scripted.Kubelet` plays them
"""

from __future__ import annotations

import os
import shutil
import signal
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType

from tools.cluster.api import Api
from tools.cluster.box import Box, BoxError, Unavailable
from tools.cluster.boxmounts import API_ADDRESS, NODE_ADDRESS, PROGRAMS
from tools.cluster.build import programs
from tools.cluster.controlplane import LOOPBACK, PORT, ControlPlane, client_user, kubeconfig
from tools.cluster.images import pause
from tools.cluster.node import Node, allow_logs
from tools.cluster.oci import Image
from tools.cluster.pki import Authority

ADMIN = ("assay-admin", ("system:masters",))
TOOLS = ("unshare", "nsenter", "setpriv", "ip")
NODE_TOOLS = ("containerd", "ctr", "runc")


class Cluster:
    """One cluster in its own box. What is not private is here; all of it raises BoxError or ApiError.

    api          a client with every right
    kubeconfig   a file for any other client, with the same rights; it leads to a port of 127.0.0.1
    node_address what `expose` makes reachable for pods is at this address
    """

    node_address = NODE_ADDRESS
    api_address = f"https://{API_ADDRESS}:443"
    """Where pods find the API server."""

    def __init__(self, *, control_plane_only: bool = False) -> None:
        """Starts it and waits until it is ready. Raises Unavailable where this machine cannot."""
        node = not control_plane_only
        files = programs(node=node)
        lacking = why_not(node=node)
        if lacking:
            raise Unavailable(lacking)
        self._authority = Authority()
        self._exposed: dict[int, int] = {}
        self._box = Box(node=node, programs=sorted(set(files.values())))
        try:
            self._start(
                {part: _command(part, path) for part, path in files.items()}, pause() if node else None
            )
        except BaseException:
            self._box.stop()
            raise

    def _start(self, commands: dict[str, list[str]], sandbox: Image | None) -> None:
        self._plane = ControlPlane(self._box, commands, self._authority)
        self._plane.start()
        self._node: Node | None = None
        if sandbox is not None:
            self._node = Node(self._box, commands["kubelet"], self._authority, self._plane, sandbox)
            self._node.start_runtime()
        self.port = self._box.inward((LOOPBACK, PORT))
        self.url = f"https://{LOOPBACK}:{self.port}"
        self.kubeconfig = self.kubeconfig_for(*ADMIN)
        admin = self._authority.client(*ADMIN)
        admin.write(self._box.home, "admin")
        self.authority = self._box.home / "pki" / "ca.crt"
        self.api = Api(
            self.url,
            self.authority,
            certificate=self._box.home / "admin.crt",
            key=self._box.home / "admin.key",
        )
        self._plane.wait(self.api)
        self._plane.start_controllers()
        if self._node is not None:
            # the API server is reached by pods as in any cluster, although nothing routes services here
            self._box.serve((API_ADDRESS, 443), (LOOPBACK, PORT))
            self._node.start_kubelet()
            allow_logs(self.api)
            self._node.wait(self.api)
        self._plane.wait_for_accounts(self.api)

    def __enter__(self) -> Cluster:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    @property
    def home(self) -> Path:
        """A folder that lives as long as the cluster; logs are in `log/`."""
        return self._box.home

    @property
    def pid(self) -> int:
        """The process that everything else of the cluster ends with."""
        return self._box.pid

    def log(self, program: str, lines: int = 20) -> str:
        """The last lines of kube-apiserver, kube-controller-manager, kube-scheduler, etcd, kubelet or containerd."""
        return self._box.log(program, lines)

    def last_words(self, lines: int = 8) -> list[tuple[str, str]]:
        """For each program that complained of anything: its name and its last warnings and errors."""
        found: list[tuple[str, str]] = []
        for path in sorted((self._box.home / "log").glob("*.log")):
            # klog's lines start with their level; those of containerd and etcd name it
            said = [line for line in self._box.log(path.stem, 200).splitlines() if not _calm(line)]
            if said:
                found.append((path.stem, "\n".join(line[:300] for line in said[-lines:])))
        return found

    def stop(self) -> None:
        """Ends everything; nothing is left behind."""
        if hasattr(self, "api"):
            self.api.close()
        self._box.stop()

    def kill(self) -> None:
        """The same with one SIGKILL, as when the machine takes it away."""
        self._box.kill()
        self._box.stop()

    def import_image(self, image: Image) -> str:
        """Gives an image to the node; the reference by which pods name it."""
        if self._node is None:
            raise BoxError("there is no node for images: control_plane_only")
        self._node.import_image(image)
        return image.reference

    def stop_apiserver(self) -> None:
        """The API server is gone at once, as in a crash; pods run on."""
        self._plane.stop_apiserver()

    def start_apiserver(self) -> None:
        """Starts it again on the same port with the same data, and waits until it is ready."""
        self._plane.start_apiserver()
        self._plane.wait(self.api)

    def restart_apiserver(self) -> None:
        """A crash and a start: open watches break, and their versions may be too old afterwards."""
        self.stop_apiserver()
        self.start_apiserver()

    def pause(self, program: str) -> None:
        """SIGSTOP: it keeps its connections and answers nothing, until `resume`."""
        self._box.freeze(program, signal.SIGSTOP)

    def resume(self, program: str) -> None:
        self._box.freeze(program, signal.SIGCONT)

    def kubeconfig_for(self, user: str, groups: tuple[str, ...] = ()) -> Path:
        """A kubeconfig for a user with a certificate: RBAC decides what it may do.

        A ServiceAccount's rights come with the user system:serviceaccount:NAMESPACE:NAME.
        """
        path = self._box.home / f"{user.replace(':', '-')}.user.kubeconfig"
        text = kubeconfig(self.url, self._authority.certificate, client_user(self._authority, user, groups))
        path.write_text(text, encoding="utf-8")
        path.chmod(0o600)
        return path

    def client(self, user: str, groups: tuple[str, ...] = (), *, timeout: float = 30.0) -> Api:
        """The small client for such a user."""
        name = user.replace(":", "-")
        self._authority.client(user, groups).write(self._box.home, name)
        return Api(
            self.url,
            self.authority,
            certificate=self._box.home / f"{name}.crt",
            key=self._box.home / f"{name}.key",
            timeout=timeout,
        )

    def token(self, namespace: str, account: str, *, audience: str | None = None, seconds: int = 3600) -> str:
        """A ServiceAccount's token, of the same kind as pods get; for the API server where no audience is given."""
        spec: dict[str, object] = {"expirationSeconds": seconds}
        if audience is not None:
            spec["audiences"] = [audience]
        path = f"/api/v1/namespaces/{namespace}/serviceaccounts/{account}/token"
        made = self.api.request(
            "POST", path, {"apiVersion": "authentication.k8s.io/v1", "kind": "TokenRequest", "spec": spec}
        )
        token: str = made["status"]["token"]
        return token

    def expose(self, host_port: int, box_port: int | None = None) -> tuple[str, int]:
        """A service on this machine's 127.0.0.1:host_port, made reachable for pods at the address that it answers.

        box_port is the same port where none is given.
        """
        port = host_port if box_port is None else box_port
        if self._exposed.get(port) != host_port:
            self._box.outward((NODE_ADDRESS, port), (LOOPBACK, host_port))
            self._exposed[port] = host_port
        return NODE_ADDRESS, port


def wait(ready: Callable[[], bool], timeout: float, what: str) -> None:
    """Waits until `ready` says so; raises TimeoutError after `timeout` seconds."""
    until = time.monotonic() + timeout
    while not ready():
        if time.monotonic() > until:
            raise TimeoutError(f"no {what} in {timeout:.0f} s")
        time.sleep(0.05)


def why_not(*, node: bool) -> str | None:
    """What this machine lacks for a cluster, apart from Kubernetes itself."""
    if os.geteuid() != 0:
        return "a cluster needs root: namespaces, mounts, a network bridge"
    missing = [name for name in (*TOOLS, *(NODE_TOOLS if node else ())) if shutil.which(name) is None]
    if missing:
        return f"not installed: {', '.join(missing)}; `tools/cluster/install.sh` installs what is needed"
    return None


def _calm(line: str) -> bool:
    return line.startswith("I") or '"level":"info"' in line or "level=info" in line


def _command(part: str, path: Path) -> list[str]:
    inside = str(PROGRAMS / path.name)
    return [inside] if path.name == part else [inside, part]
