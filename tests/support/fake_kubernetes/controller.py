"""What the real controllers do with Jobs and pods, as far as the agent can see it. Runs inside each write."""

from __future__ import annotations

import copy
import secrets
import threading
import time
import zlib
from typing import Any

from tests.support.fake_kubernetes.store import Store, Tree, now, refuse

FAIL_JOB = (64, 65, 77, 78)
OWNER_LABEL = "batch.kubernetes.io/controller-uid"


class Controller:
    """blocked: namespaces in which no pod of a Job gets in, as Pod Security may have it."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.blocked: set[str] = set()
        self._busy = False
        self._stop = threading.Event()
        store.written = self.written
        threading.Thread(target=self._sweep, daemon=True, name="fake-controller").start()

    def close(self) -> None:
        self._stop.set()

    def written(self) -> None:
        """Goes on until nothing changes any more."""
        if self._busy:
            return
        self._busy = True
        try:
            version = -1
            while version != self.store.version:
                version = self.store.version
                for job in self.store.all("jobs"):
                    self._job(copy.deepcopy(job))
                for pod in self.store.all("pods"):
                    self._schedule(copy.deepcopy(pod))
                self._orphans()
        finally:
            self._busy = False

    # -- Jobs

    def _job(self, job: Tree) -> None:
        pods = self.pods(job)
        if "deletionTimestamp" in job["metadata"]:
            if not pods:
                self.store.remove("jobs", job)
            for pod in pods:
                self.delete_pod(pod)
            return
        if _condition(job, "Complete") or _condition(job, "Failed"):
            return
        if job["spec"].get("suspend"):
            return
        status = job.setdefault("status", {})
        status.setdefault("startTime", now())
        target = _condition(job, "FailureTarget")
        if target is not None:
            for pod in pods:
                if _phase(pod) in ("Pending", "Running"):
                    self.delete_pod(pod)
            if not [pod for pod in self.pods(job) if _phase(pod) in ("Pending", "Running")]:
                _end(status, "Failed", target["reason"])
        else:
            self._progress(job, status, pods)
        living = [pod for pod in self.pods(job) if _phase(pod) in ("Pending", "Running")]
        status["active"] = len([pod for pod in living if "deletionTimestamp" not in pod["metadata"]])
        self.store.replace("jobs", job)

    def _progress(self, job: Tree, status: Tree, pods: list[Tree]) -> None:
        if any(_phase(pod) == "Succeeded" for pod in pods):
            status["succeeded"] = 1
            _end(status, "Complete", "CompletionsReached")
            return
        counted = [pod for pod in pods if _phase(pod) == "Failed" and not _disrupted(pod)]
        if counted:
            status["failed"] = len(counted)
            by_policy = any(_exit_code(pod) in FAIL_JOB for pod in counted)
            _end(status, "Failed", "PodFailurePolicy" if by_policy else "BackoffLimitExceeded")
            return
        if not any(_phase(pod) in ("Pending", "Running") for pod in pods):
            self._make_pod(job)

    def _make_pod(self, job: Tree) -> None:
        namespace = job["metadata"]["namespace"]
        template = job["spec"]["template"]
        refused = self._refused(namespace, template["spec"])
        if refused:
            self._tell(job, refused)
            return
        uid, name = job["metadata"]["uid"], job["metadata"]["name"]
        labels = template["metadata"].get("labels", {}) | {
            OWNER_LABEL: uid,
            "controller-uid": uid,
            "job-name": name,
            "batch.kubernetes.io/job-name": name,
        }
        owner = {"apiVersion": "batch/v1", "kind": "Job", "name": name, "uid": uid}
        self.store.create(
            "pods",
            namespace,
            {
                "apiVersion": "v1",
                "kind": "Pod",
                "metadata": {
                    "name": f"{name}-{secrets.token_hex(3)[:5]}",
                    "labels": labels,
                    "annotations": template["metadata"].get("annotations", {}),
                    "ownerReferences": [owner | {"controller": True, "blockOwnerDeletion": True}],
                },
                "spec": copy.deepcopy(template["spec"]),
                "status": {"phase": "Pending"},
            },
        )

    def _refused(self, namespace: str, spec: Tree) -> str:
        """As the admission plugins for pods say it; empty where they let it in."""
        account = spec.get("serviceAccountName", "default")
        if account != "default" and ("serviceaccounts", namespace, account) not in self.store.objects:
            where = f"{namespace}/{account}"
            return f'error looking up service account {where}: serviceaccount "{account}" not found'
        if namespace in self.blocked:
            return 'violates PodSecurity "restricted:latest": runAsNonRoot != true'
        for limit in self.store.all("resourcequotas", namespace):
            most = limit["spec"].get("hard", {}).get("pods")
            used = len(self.store.all("pods", namespace))
            if most is not None and used >= int(most):
                name = limit["metadata"]["name"]
                return f"exceeded quota: {name}, requested: pods=1, used: pods={used}, limited: pods={most}"
        return ""

    def _tell(self, job: Tree, why: str) -> None:
        """Once: the real one counts."""
        meta = job["metadata"]
        name = f"{meta['name']}.{zlib.crc32(why.encode()):x}"
        if ("events", meta["namespace"], name) in self.store.objects:
            return
        event = {
            "apiVersion": "v1",
            "kind": "Event",
            "metadata": {"name": name},
            "involvedObject": {"kind": "Job", "name": meta["name"], "uid": meta["uid"]},
            "reason": "FailedCreate",
            "message": f'Error creating: pods "{meta["name"]}-" is forbidden: {why}',
            "lastTimestamp": now(),
        }
        self.store.create("events", meta["namespace"], event)

    def pods(self, job: Tree) -> list[Tree]:
        uid = job["metadata"]["uid"]
        found = self.store.all("pods", job["metadata"]["namespace"])
        return [pod for pod in found if pod["metadata"]["labels"].get(OWNER_LABEL) == uid]

    # -- pods, nodes, owners

    def _schedule(self, pod: Tree) -> None:
        if pod["spec"].get("nodeName") or "deletionTimestamp" in pod["metadata"]:
            return
        nodes = [node for node in self.store.all("nodes") if _condition(node, "Ready")]
        found = {"type": "PodScheduled", "status": "True" if nodes else "False"}
        if nodes:
            pod["spec"]["nodeName"] = nodes[0]["metadata"]["name"]
        else:
            found["reason"] = "Unschedulable"
        pod["status"]["conditions"] = [found]
        self.store.replace("pods", pod)

    def delete_pod(self, pod: Tree) -> None:
        """A pod that a node has is gone when the node says so."""
        if not pod["spec"].get("nodeName"):
            self.store.remove("pods", pod)
        elif "deletionTimestamp" not in pod["metadata"]:
            changed = copy.deepcopy(pod)
            changed["metadata"]["deletionTimestamp"] = now()
            self.store.replace("pods", changed)

    def _orphans(self) -> None:
        living = {item["metadata"]["uid"] for item in self.store.all("jobs")}
        for plural in ("configmaps", "secrets", "pods"):
            for item in self.store.all(plural):
                owners = item["metadata"].get("ownerReferences", [])
                if owners and not any(owner["uid"] in living for owner in owners):
                    if plural == "pods":
                        self.delete_pod(item)
                    else:
                        self.store.remove(plural, item)

    # -- what time brings

    def _sweep(self) -> None:
        while not self._stop.wait(0.1):
            with self.store.lock:
                for job in self.store.all("jobs"):
                    self._age(copy.deepcopy(job))

    def _age(self, job: Tree) -> None:
        status, spec = job.get("status", {}), job["spec"]
        over = _condition(job, "Complete") or _condition(job, "Failed")
        if over is not None:
            ttl = spec.get("ttlSecondsAfterFinished")
            if ttl is not None and _since(over["lastTransitionTime"]) >= ttl:
                self.store.remove("jobs", job)
            return
        deadline = spec.get("activeDeadlineSeconds")
        if deadline is None or "startTime" not in status or _since(status["startTime"]) < deadline:
            return
        if _condition(job, "FailureTarget") is None:
            _end(status, "FailureTarget", "DeadlineExceeded")
            self.store.replace("jobs", job)


def quota(store: Store, namespace: str, name: str) -> None:
    """As the admission plugin counts Jobs."""
    for limit in store.all("resourcequotas", namespace):
        most = limit["spec"].get("hard", {}).get("count/jobs.batch")
        used = len(store.all("jobs", namespace))
        if most is not None and used >= int(most):
            quota_name = limit["metadata"]["name"]
            raise refuse(
                403,
                "Forbidden",
                f'jobs.batch "{name}" is forbidden: exceeded quota: {quota_name}, requested: count/jobs.batch=1, '
                f"used: count/jobs.batch={used}, limited: count/jobs.batch={most}",
            )


def _end(status: Tree, kind: str, reason: str) -> None:
    found = {"type": kind, "status": "True", "reason": reason, "lastTransitionTime": now()}
    status.setdefault("conditions", []).append(found)


def _condition(item: Tree, kind: str) -> Any:
    conditions = item.get("status", {}).get("conditions", [])
    return next((c for c in conditions if c["type"] == kind and c["status"] == "True"), None)


def _phase(pod: Tree) -> str:
    return str(pod["status"].get("phase", ""))


def _disrupted(pod: Tree) -> bool:
    return _condition(pod, "DisruptionTarget") is not None


def _exit_code(pod: Tree) -> int:
    states = [c.get("state", {}).get("terminated", {}) for c in pod["status"].get("containerStatuses", [])]
    return int(states[0].get("exitCode", 1)) if states else 1


def _since(text: str) -> float:
    import datetime

    then = datetime.datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=datetime.UTC)
    return time.time() - then.timestamp()
