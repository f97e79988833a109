"""The agent as customers have it: deploy/agent, applied with kubectl, enrolled from within."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import yaml

from assay.protocol.user import EnrolmentRequest
from tests.cluster.deployment import FOLDER, SYSTEM
from tools.cluster import images
from tools.cluster.cluster import wait
from tools.flow.estate import Estate

DEPLOYMENT = f"/apis/apps/v1/namespaces/{SYSTEM}/deployments/assay-agent"
PODS = f"/api/v1/namespaces/{SYSTEM}/pods"
SECRETS = f"/api/v1/namespaces/{SYSTEM}/secrets"
TOKEN = "assay-agent-token"  # noqa: S105 - a name
PATIENCE = 120.0


class DeployedAgent:
    """kubectl: how it is called. Everything raises ApiError, TimeoutError or RuntimeError."""

    def __init__(self, estate: Estate, folder: Path, kubectl: Sequence[str], pool: str) -> None:
        self._api = estate.cluster.api
        self._estate, self._pool = estate, pool
        self._kubectl = [*kubectl, "--kubeconfig", str(estate.cluster.kubeconfig), "-n", SYSTEM]
        self._folder = folder / "agent"
        shutil.copytree(FOLDER / "agent", self._folder)
        self._fill_in(estate.cluster.import_image(images.image(images.AGENT)))

    def _fill_in(self, image: str) -> None:
        """What docs/agent.md says is to be filled in, and nothing else."""
        path = self._folder / "agent.yml"
        document = yaml.safe_load(path.read_text(encoding="utf-8"))
        document["deployment"] = self._estate.deployment()
        path.write_text(yaml.safe_dump(document), encoding="utf-8")
        path = self._folder / "kustomization.yaml"
        document = yaml.safe_load(path.read_text(encoding="utf-8"))
        name, digest = image.split("@")
        document["images"][0] |= {"newName": name, "digest": digest}
        path.write_text(yaml.safe_dump(document), encoding="utf-8")

    def apply(self) -> None:
        self._call("apply", "-k", str(self._folder), "--server-side", "--validate=strict")

    def enrol(self, name: str) -> None:
        """From within the pod; its token goes into the Secret that the pod mounts."""
        wait(self.running, PATIENCE, "container of the agent")
        given = self._estate.hub.call("create_enrolment", EnrolmentRequest(pool=self._pool)).token
        config = ("--config", "/etc/assay/agent.yml")
        inside = ("assay", "agent", "enrol", name, *config, "--print-token")
        token = self._call("exec", "-i", "deploy/assay-agent", "--", *inside, given=given)
        self._call("create", "secret", "generic", TOKEN, "--from-file=token=/dev/stdin", given=token)

    def pods(self) -> list[dict[str, Any]]:
        query = {"labelSelector": "app.kubernetes.io/component=agent"}
        found: list[dict[str, Any]] = self._api.get(PODS, **query)["items"]
        return [pod for pod in found if "deletionTimestamp" not in pod["metadata"]]

    def running(self) -> bool:
        return any("running" in each["state"] for pod in self.pods() for each in _containers(pod))

    def ready(self) -> bool:
        found: int = self._api.get(DEPLOYMENT)["status"].get("readyReplicas", 0)
        return found == 1

    def wait_until_ready(self) -> None:
        try:
            wait(self.ready, PATIENCE, "agent that is ready")
        except TimeoutError as error:
            raise TimeoutError(f"{error}\n{self.log()}") from None

    def kill(self) -> str:
        """SIGKILL to its pod, at once; gives the pod's name."""
        (pod,) = self.pods()
        name: str = pod["metadata"]["name"]
        self._call("delete", "pod", name, "--grace-period=0", "--force", "--wait=false")
        return name

    def log(self) -> str:
        return self._call("logs", "deploy/assay-agent", "--tail=20")

    def remove(self) -> None:
        self._call("delete", "-k", str(self._folder), "--wait=false")
        self._api.send("DELETE", f"{SECRETS}/{TOKEN}")

    def _call(self, *arguments: str, given: str = "") -> str:
        done = subprocess.run(
            [*self._kubectl, *arguments],
            input=given,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        if done.returncode != 0:
            raise RuntimeError(f"kubectl {arguments[0]} ended with {done.returncode}: {done.stderr[-2000:]}")
        return done.stdout


def _containers(pod: dict[str, Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = pod["status"].get("containerStatuses", [])
    return found
