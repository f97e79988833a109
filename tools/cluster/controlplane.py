"""etcd, API server, controller manager and scheduler, all on the box's loopback."""

from __future__ import annotations

import base64
import signal
from collections.abc import Mapping

import yaml

from tools.cluster.api import Api, ApiError
from tools.cluster.box import Box
from tools.cluster.boxmounts import API_ADDRESS, WORK
from tools.cluster.pki import Authority, token_keys

LOOPBACK = "127.0.0.1"
PORT = 6443
ISSUER = "https://kubernetes.default.svc"
READY_TIMEOUT = 120.0
SERVICES = "10.96.0.0/16"


def kubeconfig(server: str, authority: bytes, user: Mapping[str, str]) -> str:
    """A kubeconfig with one cluster; `user` has a token, or client-certificate-data and client-key-data."""
    document = {
        "apiVersion": "v1",
        "kind": "Config",
        "clusters": [
            {
                "name": "assay",
                "cluster": {
                    "server": server,
                    "certificate-authority-data": base64.b64encode(authority).decode(),
                },
            }
        ],
        "users": [{"name": "assay", "user": dict(user)}],
        "contexts": [{"name": "assay", "context": {"cluster": "assay", "user": "assay"}}],
        "current-context": "assay",
    }
    return yaml.safe_dump(document, sort_keys=False)


def client_user(authority: Authority, user: str, groups: tuple[str, ...] = ()) -> dict[str, str]:
    """A user of a kubeconfig who has a certificate."""
    pair = authority.client(user, groups)
    return {
        "client-certificate-data": base64.b64encode(pair.certificate).decode(),
        "client-key-data": base64.b64encode(pair.key).decode(),
    }


class ControlPlane:
    """The four programs of it, by name in the box."""

    def __init__(self, box: Box, programs: Mapping[str, list[str]], authority: Authority) -> None:
        self._box, self._programs, self._authority = box, programs, authority
        self._pki = box.home / "pki"
        self._pki.mkdir()
        self._pki.joinpath("ca.crt").write_bytes(authority.certificate)
        authority.server(
            "localhost", LOOPBACK, API_ADDRESS, "kubernetes", "kubernetes.default", "kubernetes.default.svc"
        ).write(self._pki, "apiserver")
        authority.client("kube-apiserver-kubelet-client").write(self._pki, "kubelet-client")
        token_keys(self._pki)
        for user in ("system:kube-controller-manager", "system:kube-scheduler"):
            self.write_kubeconfig(user.removeprefix("system:"), user)

    def write_kubeconfig(self, name: str, user: str, groups: tuple[str, ...] = ()) -> str:
        """For a program in the box; its path there."""
        path = self._box.home / f"{name}.kubeconfig"
        server = f"https://{LOOPBACK}:{PORT}"
        path.write_text(
            kubeconfig(server, self._authority.certificate, client_user(self._authority, user, groups)),
            encoding="utf-8",
        )
        path.chmod(0o600)
        return self._box.inside(path)

    def start(self) -> None:
        """etcd and the API server; `start_controllers` when that answers."""
        data = str(WORK / "etcd")
        self._box.start(
            "etcd",
            [
                *self._programs["etcd"],
                f"--data-dir={data}",
                "--listen-client-urls=http://127.0.0.1:2379",
                "--advertise-client-urls=http://127.0.0.1:2379",
                "--listen-peer-urls=http://127.0.0.1:2380",
                "--initial-advertise-peer-urls=http://127.0.0.1:2380",
                "--initial-cluster=default=http://127.0.0.1:2380",
                # throw-away data
                "--unsafe-no-fsync",
                "--log-level=warn",
            ],
        )
        self.start_apiserver()

    def start_apiserver(self) -> None:
        pki = self._box.inside(self._pki)
        self._box.start(
            "kube-apiserver",
            [
                *self._programs["kube-apiserver"],
                "--etcd-servers=http://127.0.0.1:2379",
                f"--bind-address={LOOPBACK}",
                f"--secure-port={PORT}",
                f"--advertise-address={LOOPBACK}",
                # a loopback address cannot be an endpoint
                "--endpoint-reconciler-type=none",
                f"--tls-cert-file={pki}/apiserver.crt",
                f"--tls-private-key-file={pki}/apiserver.key",
                f"--client-ca-file={pki}/ca.crt",
                "--authorization-mode=Node,RBAC",
                "--enable-admission-plugins=NodeRestriction",
                f"--service-account-issuer={ISSUER}",
                f"--service-account-key-file={pki}/sa.pub",
                f"--service-account-signing-key-file={pki}/sa.key",
                f"--service-cluster-ip-range={SERVICES}",
                f"--kubelet-client-certificate={pki}/kubelet-client.crt",
                f"--kubelet-client-key={pki}/kubelet-client.key",
                f"--kubelet-certificate-authority={pki}/ca.crt",
                "--kubelet-preferred-address-types=Hostname",
                "--profiling=false",
                # as in most clusters: Pod Security and policies refuse it, not the server itself
                "--allow-privileged=true",
            ],
        )

    def stop_apiserver(self) -> None:
        """At once, as a crash: a graceful end takes seconds. etcd keeps what was stored."""
        self._box.signal("kube-apiserver", signal.SIGKILL)

    def wait(self, api: Api) -> None:
        """Until the API server is ready."""

        def ready() -> bool:
            try:
                return api.text("/readyz") == "ok"
            except (ApiError, OSError):
                return False

        self._box.wait(["etcd", "kube-apiserver"], ready, READY_TIMEOUT)

    def start_controllers(self) -> None:
        pki = self._box.inside(self._pki)
        self._box.start(
            "kube-controller-manager",
            [
                *self._programs["kube-controller-manager"],
                f"--kubeconfig={self._kubeconfig('kube-controller-manager')}",
                f"--bind-address={LOOPBACK}",
                "--leader-elect=false",
                "--use-service-account-credentials=true",
                # its own client limits cost seconds at the start
                "--kube-api-qps=500",
                "--kube-api-burst=1000",
                f"--service-account-private-key-file={pki}/sa.key",
                f"--root-ca-file={pki}/ca.crt",
                f"--flex-volume-plugin-dir={WORK}/volume-plugins",
            ],
        )
        self._box.start(
            "kube-scheduler",
            [
                *self._programs["kube-scheduler"],
                f"--kubeconfig={self._kubeconfig('kube-scheduler')}",
                f"--bind-address={LOOPBACK}",
                "--leader-elect=false",
                "--kube-api-qps=500",
                "--kube-api-burst=1000",
            ],
        )

    def _kubeconfig(self, name: str) -> str:
        return self._box.inside(self._box.home / f"{name}.kubeconfig")

    def wait_for_accounts(self, api: Api) -> None:
        """Until namespaces get their ServiceAccount: pods can be made."""

        def made() -> bool:
            try:
                api.get("/api/v1/namespaces/default/serviceaccounts/default")
            except ApiError as error:
                if error.status == 404:
                    return False
                raise
            return True

        self._box.wait(["kube-scheduler", "kube-controller-manager"], made, READY_TIMEOUT)
