"""A whole stage for an agent: a real hub over HTTP, an API server, and the agent between them in this process."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Protocol, TypeVar

import msgspec

from assay.agent.cluster.identity import right
from assay.agent.cluster.mirror import Pace
from assay.agent.cluster.rights import EVENTS, NEEDED, TOKENS, Right
from assay.agent.run import Running
from assay.agent.settings import ClusterSettings, Settings
from assay.compiler.diagnostics import Sink
from assay.compiler.profile import parse_profile
from assay.protocol.agent import Cluster, EnrolRequest, Jwk, ReasonCode, job_name
from assay.protocol.bundle import check_ids
from assay.protocol.bundle import decode as decode_bundle
from assay.protocol.delivery import CommitRequest, ResultsRequest, StartRequest
from assay.protocol.report import CheckResult, Outcome, Reason, Summary, Unit
from assay.protocol.user import Run, RunState
from assay.protocol.wire import encode, root_sha256, sha256
from tests.agent.ground import Ground, wait
from tests.agent.samples import IMAGE
from tests.support.live import Http
from tests.support.scripted import CONTRACT

T = TypeVar("T")
Tree = dict[str, Any]
QUICK = Pace(watch=60, silence=10.0, first=0.05, cap=0.5, settled=0.5)
SOURCE = {
    "type": "postgres",
    "host": "db.example.com",
    "database": "shop",
    "user": "assay",
    "password": "${env.DB_PASSWORD}",
}
BINDING = {
    "secretName": "assay-source-shop",
    "keys": ["DB_PASSWORD"],
    "hosts": ["db.example.com"],
    "ports": [5432],
}
KEY = Jwk(kty="RSA", kid="k", n="AQAB", e="AQAB")
TERMINAL = ("succeeded", "failed", "cancelled", "timed_out", "expired", "lost")


def deployment(namespace: str, url: str, **changes: Any) -> Tree:
    return {
        "namespace": namespace,
        "image": IMAGE,
        "sources": {"warehouse": BINDING},
        "hub": {"url": url},
    } | changes


def settings(token: Path, kubeconfig: Path | None, doc: Tree, **changes: Any) -> Settings:
    sink = Sink()
    profile = parse_profile(doc, sink)
    assert profile is not None, sink.items
    assert profile.hub is not None
    made = Settings(
        token=token,
        profile=profile,
        hub=profile.hub,
        deployment=msgspec.json.encode(doc),
        cluster=ClusterSettings(kubeconfig=kubeconfig, issuer="https://kubernetes.default.svc", keys=(KEY,)),
        excess_rights="warn",
    )
    return replace(made, **changes)


class Serving(Protocol):
    """A hub that answers, in this process or in another; `http` speaks with an admin's key."""

    @property
    def http(self) -> Http: ...


@dataclass
class Stage:
    """What a test needs to say: queue a run, be its pod, look how it ended."""

    hub: Serving
    ground: Ground
    folder: Path
    namespace: str
    agents: list[Running] = field(default_factory=list)
    doc: Tree = field(default_factory=dict)
    published: bool = False

    @property
    def http(self) -> Http:
        return self.hub.http

    def publish(self, text: str = CONTRACT, source: Tree | None = None) -> str:
        self.published = True
        self.http.call("put_source", {"document": source or SOURCE}, name="warehouse")
        request = {"root": "orders.contract", "files": {"orders.contract": text}}
        return str(self.http.call("publish", request).contract)

    def token(self, pool: str = "default") -> Path:
        """Enrols an agent; gives the file with its token."""
        enrolment = self.http.call("create_enrolment", {"pool": pool})
        number = len(list(self.folder.glob("agent-*.token")))
        uid = self.ground.get(f"/api/v1/namespaces/{self.namespace}")["metadata"]["uid"]
        cluster = Cluster(id=uid, namespace=self.namespace)
        request = EnrolRequest(name=f"agent-{number}", cluster=cluster)
        enrolled = self.http.call("enrol", request, token=enrolment.token)
        path = self.folder / f"agent-{number}.token"
        path.write_text(enrolled.token + "\n", encoding="ascii")
        path.chmod(0o600)
        return path

    def settings(self, token: Path, rights: tuple[Right, ...] | None = None, **changes: Any) -> Settings:
        role = rights if rights is not None else (*NEEDED, *TOKENS, *EVENTS, right(self.namespace))
        kubeconfig = self.ground.kubeconfig(self.namespace, role)
        doc = deployment(self.namespace, self.http.url) | self.doc
        return settings(token, kubeconfig, doc, **changes)

    def agent(self, token: Path | None = None, **changes: Any) -> Running:
        running = Running(self.settings(token or self.token(), **changes), pace=QUICK, threads=4)
        self.agents.append(running)
        running.start()
        return running

    def run(self, **request: Any) -> str:
        """Queues one; gives its id."""
        if not self.published:
            self.publish()
        return str(self.http.call("create_run", {"contract": "shop.orders"} | request).id)

    def look(self, run: str) -> Run:
        found: Run = self.http.call("get_run", run=run)
        return found

    def until(self, run: str, *states: str, seconds: float = 30.0) -> Run:
        return wait(lambda: found if (found := self.look(run)).state.value in states else None, seconds)

    def ended(self, run: str, seconds: float = 30.0) -> Run:
        return self.until(run, *TERMINAL, seconds=seconds)

    def job(self, run: str, attempt: int = 1) -> Tree | None:
        name = job_name(run, attempt)
        return next(
            (j for j in self.ground.items(self.namespace, "jobs") if j["metadata"]["name"] == name), None
        )

    def pod(self, run: str, attempt: int = 1) -> Tree:
        return self.ground.pod(self.namespace, job_name(run, attempt))

    def config(self, run: str, attempt: int = 1) -> Tree:
        """The data of its ConfigMap."""
        path = f"/api/v1/namespaces/{self.namespace}/configmaps/{job_name(run, attempt)}"
        data: Tree = self.ground.get(path)["data"]
        return data

    def job_token(self, run: str) -> str:
        """What the pod would read, where the hub gave it a token."""
        path = f"/api/v1/namespaces/{self.namespace}/secrets/{job_name(run, 1)}"
        return base64.b64decode(self.ground.get(path)["data"]["token"]).decode()

    def deliver(self, run: str, pod: Tree) -> None:
        """What the runner does when every check has passed."""
        data = self.config(run)
        spec, bundle = json.loads(data["run.json"]), decode_bundle(data["bundle.json"].encode())
        token = self.job_token(run)
        at: dict[str, Any] = {"run": run, "attempt": 1}
        start = StartRequest(
            fence=spec["hub"]["fence"],
            pod_uid=pod["metadata"]["uid"],
            runner_version="1",
            plan_sha256=spec["bundle_sha256"],
        )
        generation = self.http.call("start", start, token=token, **at).generation
        checks = tuple(
            CheckResult(name, "missing", Outcome.PASSED, Reason.WITHIN_BOUNDS, Unit.COUNT, "0")
            for name in check_ids(bundle)
        )
        batch = ResultsRequest(generation=generation, checks=checks)
        self.http.call("put_results", batch, token=token, seq=0, **at)
        commit = CommitRequest(
            generation=generation,
            count=1,
            root_sha256=root_sha256([sha256(encode(batch))]),
            bundle=spec["bundle_sha256"],
            contract=bundle.contract,
            version=bundle.version,
            dialect=bundle.dialect,
            now="2026-01-01T00:00:00Z",
            seconds=1.0,
            outcome=Outcome.PASSED,
            summary=Summary(passed=len(checks)),
            scans=1,
        )
        self.http.call("commit_results", commit, token=token, **at)


def reason(run: Run) -> tuple[RunState, ReasonCode | None]:
    return run.state, run.reason_code
