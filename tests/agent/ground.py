"""An API server under an agent's feet: the fake one, or the real one. Tests ask both the same."""

from __future__ import annotations

import json
import secrets
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from assay.agent.cluster.answers import Kind, Refused
from assay.agent.cluster.api import MERGE, Api, Waits
from assay.agent.cluster.connect import Login, login
from assay.agent.cluster.jobs import Jobs
from assay.agent.cluster.rights import Right
from tests.support.fake_kubernetes import FakeKubernetes
from tests.support.fake_kubernetes.rights import Rule
from tests.support.fake_kubernetes.server import ADMIN, AGENT
from tools.cluster.api import Api as ToolsApi
from tools.cluster.scripted import Script, ScriptedKubelet

if TYPE_CHECKING:
    from tools.cluster.cluster import Cluster

T = TypeVar("T")
Tree = dict[str, Any]
WAITS = Waits(connect=5.0, read=10.0)
CORE, BATCH = "/api/v1", "/apis/batch/v1"


class Ground:
    """admin may everything. `agent` gives the same API as seen by a user with a Role."""

    kind: str
    admin: Api

    def namespace(self, **labels: str) -> str:
        name = f"test-{secrets.token_hex(4)}"
        namespace = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name, "labels": labels}}
        self.admin.request("POST", f"{CORE}/namespaces", body=namespace)
        account = {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": "assay-runner"}}
        self.create(name, "serviceaccounts", account)
        return name

    def kubeconfig(self, namespace: str, rights: Iterable[Right]) -> Path:
        raise NotImplementedError

    def agent(self, namespace: str, rights: Iterable[Right]) -> Api:
        return Api(login(self.kubeconfig(namespace, rights), None), WAITS)

    def kubelet(self, script: Script) -> ScriptedKubelet:
        """A node whose pods all do the same."""
        return ScriptedKubelet(self.tools(), lambda _pod: script, node=f"node-{secrets.token_hex(3)}")

    def tools(self) -> ToolsApi:
        raise NotImplementedError

    def jobs(self, namespace: str) -> Jobs:
        return Jobs(self.admin, namespace)

    # -- what a kubelet and people do

    def get(self, path: str) -> Tree:
        found: Tree = json.loads(self.admin.request("GET", path).body)
        return found

    def items(self, namespace: str, plural: str) -> list[Tree]:
        root = BATCH if plural == "jobs" else CORE
        found: list[Tree] = self.get(f"{root}/namespaces/{namespace}/{plural}")["items"]
        return found

    def create(self, namespace: str, plural: str, item: Tree) -> None:
        self.admin.request("POST", f"{CORE}/namespaces/{namespace}/{plural}", body=item)

    def patch(self, path: str, change: Tree) -> None:
        self.admin.request("PATCH", path, body=change, content=MERGE)

    def pod(self, namespace: str, job: str) -> Tree:
        """The pod of a Job, when there is one."""

        def found() -> Tree | None:
            pods = self.items(namespace, "pods")
            mine = (pod for pod in pods if pod["metadata"]["labels"].get("job-name") == job)
            return next(mine, None)

        return wait(found)

    def set_pod(self, pod: Tree, phase: str, state: Tree, conditions: Iterable[Tree] = ()) -> None:
        """Says of a pod what its kubelet would."""
        meta, container = pod["metadata"], pod["spec"]["containers"][0]
        status = {
            "phase": phase,
            "conditions": list(conditions),
            "containerStatuses": [
                {
                    "name": container["name"],
                    "image": container["image"],
                    "imageID": "",
                    "ready": phase == "Running",
                    "restartCount": 0,
                    "state": state,
                }
            ],
        }
        self.patch(f"{CORE}/namespaces/{meta['namespace']}/pods/{meta['name']}/status", {"status": status})

    def run(self, pod: Tree) -> None:
        self.set_pod(pod, "Running", {"running": {"startedAt": "2026-01-01T00:00:00Z"}})

    def finish(self, pod: Tree, exit_code: int = 0, reason: str = "Error") -> None:
        ended = {
            "exitCode": exit_code,
            "reason": reason if exit_code else "Completed",
            "startedAt": "2026-01-01T00:00:00Z",
            "finishedAt": "2026-01-01T00:00:01Z",
        }
        self.set_pod(pod, "Failed" if exit_code else "Succeeded", {"terminated": ended})

    def remove_pod(self, pod: Tree) -> None:
        meta = pod["metadata"]
        path = f"{CORE}/namespaces/{meta['namespace']}/pods/{meta['name']}"
        try:
            self.admin.request("DELETE", path, body={"gracePeriodSeconds": 0})
        except Refused as refused:
            if refused.kind is not Kind.MISSING:
                raise


class FakeGround(Ground):
    kind = "fake"

    def __init__(self, folder: Path) -> None:
        self.fake = FakeKubernetes()
        self.folder = folder
        self.admin = Api(self._login(ADMIN), WAITS)

    def close(self) -> None:
        self.fake.close()

    def kubeconfig(self, namespace: str, rights: Iterable[Right]) -> Path:  # noqa: ARG002 - as the real one
        self.fake.agent_rules = tuple(
            Rule(right.group, (right.resource,), (right.verb,), (right.name,) if right.name else ())
            for right in rights
        )
        return self._kubeconfig(AGENT)

    def tools(self) -> ToolsApi:
        return ToolsApi(self.fake.url, self.folder, token=ADMIN)

    def _login(self, token: str) -> Login:
        return login(self._kubeconfig(token), None)

    def _kubeconfig(self, token: str) -> Path:
        path = self.folder / f"{token}.kubeconfig"
        document = {
            "apiVersion": "v1",
            "kind": "Config",
            "clusters": [{"name": "c", "cluster": {"server": self.fake.url}}],
            "users": [{"name": "u", "user": {"token": token}}],
            "contexts": [{"name": "x", "context": {"cluster": "c", "user": "u"}}],
            "current-context": "x",
        }
        path.write_text(json.dumps(document), encoding="utf-8")
        path.chmod(0o600)
        return path


class RealGround(Ground):
    kind = "real"

    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster
        self._namespaces: list[str] = []
        self.admin = Api(login(cluster.kubeconfig, None), WAITS)

    def tools(self) -> ToolsApi:
        return self._cluster.api

    def close(self) -> None:
        """No pod of this test waits for a node any more: the next test's would take it. Nobody waits for that."""
        for name in self._namespaces:
            path = f"{BATCH}/namespaces/{name}/jobs"
            self.admin.request("DELETE", path, body={"propagationPolicy": "Background"})
        self.admin.close()

    def namespace(self, **labels: str) -> str:
        name = super().namespace(**labels)
        self._namespaces.append(name)

        def there() -> bool:
            accounts = {each["metadata"]["name"] for each in self.items(name, "serviceaccounts")}
            return "default" in accounts

        wait(there)
        return name

    def kubeconfig(self, namespace: str, rights: Iterable[Right]) -> Path:
        user = f"agent-{secrets.token_hex(4)}"
        rbac = f"/apis/rbac.authorization.k8s.io/v1/namespaces/{namespace}"
        rules = [
            {"apiGroups": [right.group], "resources": [right.resource], "verbs": [right.verb]}
            | ({"resourceNames": [right.name]} if right.name else {})
            for right in rights
        ]
        role = {"metadata": {"name": user}, "rules": rules}
        self.admin.request(
            "POST",
            f"{rbac}/roles",
            body=role | {"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "Role"},
        )
        self.admin.request(
            "POST",
            f"{rbac}/rolebindings",
            body={
                "apiVersion": "rbac.authorization.k8s.io/v1",
                "kind": "RoleBinding",
                "metadata": {"name": user},
                "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "Role", "name": user},
                "subjects": [{"apiGroup": "rbac.authorization.k8s.io", "kind": "User", "name": user}],
            },
        )
        return self._cluster.kubeconfig_for(user, ("system:serviceaccounts",))


def wait(found: Callable[[], T | None], seconds: float = 30.0) -> T:
    """What `found` gives, as soon as it gives something."""
    until = time.monotonic() + seconds
    while not (value := found()):
        if time.monotonic() > until:
            raise TimeoutError(f"nothing after {seconds:.0f} s")
        time.sleep(0.02)
    return value
