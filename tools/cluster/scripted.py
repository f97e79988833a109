"""Plays the kubelet through the API: pods run, succeed, fail or hang as a script says, without any container.

For tests and benchmarks with thousands of Jobs; it needs the control plane only. Scheduler and Job controller are
the real ones, so all that a client sees of a Job is what a cluster shows.
"""

from __future__ import annotations

import contextlib
import datetime
import heapq
import itertools
import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from types import TracebackType
from typing import Any

from tools.cluster.api import STRATEGIC, Api, ApiError

LEASE_SECONDS = 10.0
READY_TIMEOUT = 30.0
WATCH_SECONDS = 300

Pod = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Script:
    """What becomes of a pod. Times in seconds.

    waiting    it never starts, for this reason, such as ImagePullBackOff or CreateContainerConfigError
    start      from the node's taking it to running
    run        from running to the end; None runs until it is deleted
    exit_code  of its container; 0 is success
    reason     of its end where exit_code is not 0, such as Error or OOMKilled
    message    what it left as termination message
    stop       from being deleted to being gone
    """

    waiting: str | None = None
    start: float = 0.0
    run: float | None = 0.0
    exit_code: int = 0
    reason: str = "Error"
    message: str = ""
    stop: float = 0.0


class ScriptedKubelet:
    """One node and its pods, from `with` to its end. `script` says what each pod does."""

    def __init__(
        self,
        api: Api,
        script: Callable[[Pod], Script] = lambda _: Script(),
        *,
        node: str = "scripted",
        pods: int = 100_000,
        threads: int = 8,
    ) -> None:
        self._api, self._script, self.node, self._pods = api, script, node, pods
        self._workers = ThreadPoolExecutor(threads, thread_name_prefix=node)
        self._timer = _Timer()
        self._done = threading.Event()
        self._seen: dict[str, bool] = {}
        self.errors: list[str] = []
        """Answers of the API server that were not expected; a test asks that there are none."""

    def __enter__(self) -> ScriptedKubelet:
        self._register()
        for work in (self._watch, self._timer.run):
            threading.Thread(target=work, daemon=True, name=f"{self.node}-{work.__name__}").start()
        self._renew()
        self._wait_until_schedulable()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._done.set()
        self._timer.stop()
        self._workers.shutdown(cancel_futures=True)
        self._try(lambda: self._api.delete(f"/api/v1/nodes/{self.node}"))

    def _register(self) -> None:
        self._api.apply(
            {
                "apiVersion": "v1",
                "kind": "Node",
                "metadata": {"name": self.node, "labels": {"kubernetes.io/hostname": self.node}},
            }
        )
        amounts = {"cpu": "100k", "memory": "100Ti", "ephemeral-storage": "100Ti", "pods": str(self._pods)}
        ready = {"type": "Ready", "status": "True", "reason": "KubeletReady", "message": "scripted"}
        now = _now()
        self._api.patch(
            f"/api/v1/nodes/{self.node}/status",
            {
                "status": {
                    "capacity": amounts,
                    "allocatable": amounts,
                    "conditions": [{**ready, "lastHeartbeatTime": now, "lastTransitionTime": now}],
                }
            },
            content=STRATEGIC,
        )

    def _wait_until_schedulable(self) -> None:
        until = time.monotonic() + READY_TIMEOUT
        while self._api.get(f"/api/v1/nodes/{self.node}")["spec"].get("taints"):
            if time.monotonic() > until:
                raise TimeoutError(f"node {self.node} is still tainted after {READY_TIMEOUT:.0f} s")
            time.sleep(0.05)

    def _renew(self) -> None:
        lease = {
            "apiVersion": "coordination.k8s.io/v1",
            "kind": "Lease",
            "metadata": {"name": self.node, "namespace": "kube-node-lease"},
            "spec": {
                "holderIdentity": self.node,
                "leaseDurationSeconds": 40,
                "renewTime": datetime.datetime.now(datetime.UTC).isoformat().replace("+00:00", "Z"),
            },
        }
        self._try(lambda: self._api.apply(lease))
        self._later(LEASE_SECONDS, self._renew)

    def _submit(self, work: Callable[..., object], *arguments: object) -> None:
        with contextlib.suppress(RuntimeError):  # shut down meanwhile
            self._workers.submit(work, *arguments)

    def _later(self, seconds: float, work: Callable[..., object], *arguments: object) -> None:
        if seconds > 0:
            self._timer.after(seconds, lambda: self._submit(work, *arguments))
        else:
            self._submit(work, *arguments)

    def _watch(self) -> None:
        """Lists, watches, and lists again whenever the watch ends: for whatever reason."""
        path, mine = "/api/v1/pods", f"spec.nodeName={self.node}"
        while not self._done.is_set():
            try:
                listed = self._api.get(path, fieldSelector=mine)
                for pod in listed["items"]:
                    self._take(pod)
                version = listed["metadata"]["resourceVersion"]
                events = self._api.watch(
                    path, seconds=WATCH_SECONDS, fieldSelector=mine, resourceVersion=version
                )
                for event in events:
                    if self._done.is_set():
                        return
                    if event["type"] == "ERROR":
                        break
                    if event["type"] == "DELETED":
                        self._seen.pop(event["object"]["metadata"]["uid"], None)
                    else:
                        self._take(event["object"])
            except (OSError, ApiError):
                # an API server that is away comes back
                self._done.wait(0.2)
            except Exception as error:
                self.errors.append(f"the watch ended: {error!r}")
                raise

    def _take(self, pod: Pod) -> None:
        """Each pod is started once, and stopped once."""
        uid, deleted = pod["metadata"]["uid"], "deletionTimestamp" in pod["metadata"]
        before = self._seen.get(uid)
        if before is None and not deleted and pod["status"]["phase"] == "Pending":
            self._seen[uid] = False
            self._begin(pod, self._script(pod))
        elif deleted and not before:
            self._seen[uid] = True
            self._later(self._script(pod).stop, self._remove, pod)

    def _begin(self, pod: Pod, script: Script) -> None:
        if script.waiting is not None:
            state = {"waiting": {"reason": script.waiting, "message": "scripted"}}
            self._submit(self._report, pod, "Pending", state)
        else:
            self._later(script.start, self._run, pod, script)

    def _run(self, pod: Pod, script: Script) -> None:
        started = _now()
        self._report(pod, "Running", {"running": {"startedAt": started}})
        if script.run is not None:
            self._later(script.run, self._end, pod, script, started)

    def _end(self, pod: Pod, script: Script, started: str) -> None:
        if self._seen.get(pod["metadata"]["uid"]) is not False:
            return  # deleted meanwhile
        failed = script.exit_code != 0
        ended = {
            "exitCode": script.exit_code,
            "reason": script.reason if failed else "Completed",
            "message": script.message,
            "startedAt": started,
            "finishedAt": _now(),
        }
        self._report(pod, "Failed" if failed else "Succeeded", {"terminated": ended})

    def _remove(self, pod: Pod) -> None:
        """As the kubelet does: the container's end first, then the object."""
        if pod["status"]["phase"] in ("Pending", "Running"):
            ended = {"exitCode": 143, "reason": "Error", "finishedAt": _now()}
            self._report(pod, "Failed", {"terminated": ended})
        path = _path(pod)
        self._try(lambda: self._api.delete(path, grace=0))

    def _report(self, pod: Pod, phase: str, state: Mapping[str, Any]) -> None:
        now = _now()
        ready = "True" if phase == "Running" else "False"
        container = pod["spec"]["containers"][0]
        status = {
            "phase": phase,
            "startTime": pod["status"].get("startTime", now),
            "conditions": [
                {"type": "Ready", "status": ready, "lastTransitionTime": now},
                {"type": "ContainersReady", "status": ready, "lastTransitionTime": now},
            ],
            "containerStatuses": [
                {
                    "name": container["name"],
                    "image": container["image"],
                    "imageID": "",
                    "ready": phase == "Running",
                    "started": phase == "Running",
                    "restartCount": 0,
                    "state": state,
                }
            ],
        }
        path = f"{_path(pod)}/status"
        self._try(lambda: self._api.patch(path, {"status": status}, content=STRATEGIC))

    def _try(self, call: Callable[[], object]) -> None:
        """A pod that is gone is no error; an API server that is away is asked again."""
        while True:
            try:
                call()
            except ApiError as error:
                if error.status in (429, 500, 503) and not self._done.wait(0.2):
                    continue
                if error.status not in (404, 409):
                    self.errors.append(str(error))
            except OSError:
                if not self._done.wait(0.2):
                    continue
            return


class _Timer:
    """Calls functions later, all from one thread."""

    def __init__(self) -> None:
        self._due: list[tuple[float, int, Callable[[], object]]] = []
        self._number = itertools.count()
        self._changed = threading.Condition()
        self._stopped = False

    def after(self, seconds: float, call: Callable[[], object]) -> None:
        with self._changed:
            if not self._stopped:
                heapq.heappush(self._due, (time.monotonic() + seconds, next(self._number), call))
                self._changed.notify()

    def stop(self) -> None:
        with self._changed:
            self._stopped = True
            self._changed.notify()

    def run(self) -> None:
        while True:
            with self._changed:
                if self._stopped:
                    return
                left = self._due[0][0] - time.monotonic() if self._due else None
                if left is None or left > 0:
                    self._changed.wait(left)
                    continue
                call = heapq.heappop(self._due)[2]
                # under the lock: after `stop` nothing is called any more
                call()


def _path(pod: Pod) -> str:
    return f"/api/v1/namespaces/{pod['metadata']['namespace']}/pods/{pod['metadata']['name']}"


def _now() -> str:
    return datetime.datetime.now(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
