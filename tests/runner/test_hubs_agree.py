"""The scripted hub of the tests answers as the hub itself does: the same calls, the same statuses and codes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from assay.client import HubClient, Refused, token_text
from assay.compiler.pipeline import compile_contract
from assay.hub.runners import gate
from assay.protocol.address import hub_address
from assay.protocol.agent import ReasonCode
from assay.protocol.bundle import check_ids, decode
from assay.protocol.delivery import (
    CommitRequest,
    EndWord,
    HeartbeatRequest,
    OutcomeRequest,
    ResultsRequest,
    StartRequest,
)
from assay.protocol.report import CheckResult, Outcome, Reason, Summary, Unit
from assay.protocol.wire import encode, root_sha256, sha256
from tests.runner.pods import CONTRACT, POD_UID
from tests.runner.real_hub import RealHub, real_hub
from tests.support.scripted_hub import TOKEN, ScriptedHub, serving_hub

OTHER_POD = "0f0f0f0f-5555-6666-7777-888888888888"
OLD = ReasonCode.INTERRUPTED


@dataclass
class Pods:
    """Calls of one run's pods, and what was answered to each: a status, a code, and what an answer says."""

    client: HubClient
    run: str
    fence: int
    plan: str
    heard: list[tuple[str, int, str, object]] = field(default_factory=list)

    def call(self, name: str, request: object, **changed: Any) -> None:
        at: dict[str, str | int] = {"run": self.run, "attempt": 1}
        at |= {key: value for key, value in changed.items() if key in ("run", "attempt", "seq")}
        token = changed.get("token")
        try:
            reply = self.client.call(name, request, at=at, token=None if token is None else token_text(token))
        except Refused as refusal:
            self.heard.append((name, refusal.status, str(refusal.code), None))
        else:
            said = getattr(reply.body, "generation", getattr(reply.body, "cancel", None))
            self.heard.append((name, 200, "", said))

    def start(self, pod: str = POD_UID, fence: int = 0, plan: str = "", **at: Any) -> None:
        request = StartRequest(
            fence=self.fence + fence, pod_uid=pod, runner_version="1", plan_sha256=plan or self.plan
        )
        self.call("start", request, **at)

    def beat(self, generation: int) -> None:
        self.call("heartbeat", HeartbeatRequest(generation=generation))

    def put(self, request: ResultsRequest, seq: int, **at: Any) -> None:
        self.call("put_results", request, seq=seq, **at)

    def end(self, generation: int, word: EndWord) -> None:
        self.call("end_run", OutcomeRequest(generation=generation, word=word, reason_code=OLD))


def result(name: str, value: str = "0") -> CheckResult:
    return CheckResult(name, "check", Outcome.PASSED, Reason.WITHIN_BOUNDS, Unit.COUNT, value)


def batch(generation: int, *names: str, value: str = "0") -> ResultsRequest:
    return ResultsRequest(generation=generation, checks=tuple(result(name, value) for name in names))


def commit(plan: str, generation: int, batches: list[ResultsRequest], **changed: Any) -> CommitRequest:
    fields: dict[str, Any] = {
        "generation": generation,
        "count": len(batches),
        "root_sha256": root_sha256([sha256(encode(one)) for one in batches]),
        "bundle": plan,
        "contract": "shop.orders",
        "version": "1.0.0",
        "dialect": "postgres",
        "now": "2025-06-15T12:00:00Z",
        "seconds": 1.0,
        "outcome": Outcome.PASSED,
        "summary": Summary(passed=sum(len(one.checks) for one in batches)),
    }
    return CommitRequest(**(fields | changed))


def gate_story(pods: Pods, _names: list[str]) -> None:
    """Who is let through, and who is not."""
    pods.start(fence=9)
    pods.start(plan="sha256:" + "0" * 64)
    pods.start(run="0" * 26)
    pods.start(attempt=2)
    pods.start(token="of-nobody")
    pods.beat(1)
    pods.start()
    pods.start()
    pods.start(OTHER_POD)
    pods.beat(1)
    pods.beat(2)
    pods.end(2, EndWord.INTERRUPTED)
    pods.end(1, EndWord.INTERRUPTED)
    pods.end(1, EndWord.INTERRUPTED)
    pods.end(1, EndWord.ERROR)
    pods.start(OTHER_POD)
    pods.beat(1)
    pods.beat(2)
    pods.start(OTHER_POD)


def results_story(pods: Pods, names: list[str]) -> None:
    """Batches and the commit, each again, changed, too early and too late."""
    first, second = batch(1, *names[:2]), batch(1, *names[2:])
    both = [first, second]
    pods.put(first, 0)
    pods.start()
    pods.put(first, 0)
    pods.put(first, 0)
    pods.put(batch(1, *names[:2], value="1"), 0)
    pods.put(batch(2, *names), 0)
    pods.call("commit_results", commit(pods.plan, 1, both))
    pods.put(second, 1)
    pods.call("commit_results", commit(pods.plan, 1, both, root_sha256="sha256:" + "0" * 64))
    pods.call("commit_results", commit(pods.plan, 1, both, count=1))
    pods.call("commit_results", commit(pods.plan, 2, both))
    pods.call("commit_results", commit(pods.plan, 1, both))
    pods.call("commit_results", commit(pods.plan, 1, both))
    pods.call("commit_results", commit(pods.plan, 1, both, scans=3))
    pods.put(first, 0)
    pods.put(batch(1, *names), 2)
    pods.beat(1)
    pods.start()
    pods.start(OTHER_POD)


def overtaken_story(pods: Pods, names: list[str]) -> None:
    """A pod that was silent for too long, and comes back."""
    pods.start()
    pods.put(batch(1, *names), 0)
    pods.start(OTHER_POD)
    pods.put(batch(1, *names), 0)
    pods.beat(1)
    pods.call("commit_results", commit(pods.plan, 1, [batch(1, *names)]))
    pods.end(1, EndWord.ERROR)
    pods.call("commit_results", commit(pods.plan, 2, [batch(2, *names)]))
    pods.put(batch(2, *names), 0)
    pods.call("commit_results", commit(pods.plan, 2, [batch(2, *names)]))


@contextmanager
def scripted(hub: RealHub, silent: bool) -> Iterator[Pods]:
    run = "01j9zzzzzzzzzzzzzzzzzzzzzz"
    script = ScriptedHub(run, plan=hub.plan, silent_s=0.0 if silent else 45.0)
    with serving_hub(script) as served:
        yield Pods(HubClient(hub_address(served.url), token_text(TOKEN)), run, 1, hub.plan)


def real(hub: RealHub) -> Pods:
    hub.queue()
    taken = hub.take()
    client = HubClient(hub_address(hub.url), token_text(taken.token))
    return Pods(client, taken.given.instruction, taken.given.fence, hub.plan)


STORIES = {"gate": gate_story, "results": results_story, "overtaken": overtaken_story}


@pytest.mark.parametrize("name", STORIES)
def test_both_answer_alike(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    silent = name == "overtaken"
    if silent:
        monkeypatch.setattr(gate, "SILENT_US", -1)
    with real_hub(tmp_path / "hub", CONTRACT) as hub:
        made = compile_contract("orders.contract", {"orders.contract": CONTRACT}.get, ["postgres"])
        names = list(check_ids(decode(made.programs["postgres"].sealed.data)))
        with scripted(hub, silent) as there:
            STORIES[name](there, names)
        here = real(hub)
        STORIES[name](here, names)
    assert there.heard == here.heard
    assert len({said[1:3] for said in here.heard}) > 2
