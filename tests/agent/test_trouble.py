"""Faults on the way to the API server, objects that somebody spoiled, a second process, a second agent."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from assay.agent import chain
from assay.agent.attempt import Attempt
from assay.agent.cluster.jobs import VISITS
from assay.agent.cluster.rights import NEEDED
from assay.agent.context import NEXT, Agent, Step
from assay.agent.run import Running
from assay.agent.start import CannotStart
from assay.protocol.agent import ReasonCode, job_name
from assay.protocol.user import RunState
from tests.agent.ground import FakeGround, wait
from tests.agent.stage import Stage, reason
from tests.support.fake_kubernetes import FakeKubernetes
from tests.support.hub import Clock, copy
from tests.support.live import live

Tree = dict[str, Any]


def fake(stage: Stage) -> FakeKubernetes:
    assert isinstance(stage.ground, FakeGround)
    return stage.ground.fake


def made(stage: Stage) -> int:
    """Jobs that were ever created."""
    events = fake(stage).store.history
    return len({event.item["metadata"]["uid"] for event in events if event.plural == "jobs"})


@pytest.mark.parametrize(
    "fault",
    [
        {"status": 429, "headers": {"Retry-After": "1"}, "times": 2},
        {"status": 500, "times": 3},
        {"status": 503, "times": 2},
        {"drop": "before", "times": 2},
        {"drop": "after", "times": 1},
    ],
    ids=["429", "500", "503", "dropped", "done and dropped"],
)
@pytest.mark.parametrize("request_", ["POST .*jobs", "POST .*configmaps", "PATCH .*jobs"])
def test_a_request_that_fails_is_made_again_and_makes_nothing_twice(
    fake_stage: Stage, request_: str, fault: Tree
) -> None:
    rule = fake(fake_stage).fault(request_, **fault)
    fake_stage.agent()
    run = fake_stage.run()
    fake_stage.until(run, "applied")
    fake_stage.ground.finish(fake_stage.pod(run), 65)
    assert reason(fake_stage.ended(run)) == (RunState.FAILED, ReasonCode.CONTRACT_REJECTED)
    assert rule.times == 0
    assert made(fake_stage) == 1


def test_a_cluster_that_restarts_is_seen_again(fake_stage: Stage) -> None:
    fake_stage.agent()
    run = fake_stage.run()
    pod = fake_stage.pod(run)
    fake_stage.ground.run(pod)
    fake(fake_stage).fault(".*", status=503, times=8)
    fake(fake_stage).restart()
    wait(lambda: not [rule for rule in fake(fake_stage).faults._rules if rule.times])
    fake_stage.ground.finish(pod, 69)
    assert reason(fake_stage.ended(run)) == (RunState.FAILED, ReasonCode.SOURCE_UNAVAILABLE)


def test_a_job_that_a_policy_denies_is_rejected(fake_stage: Stage) -> None:
    fake(fake_stage).denied.add(fake_stage.namespace)
    fake_stage.agent()
    run = fake_stage.run()
    assert reason(fake_stage.ended(run)) == (RunState.FAILED, ReasonCode.MANIFEST_REJECTED)
    assert made(fake_stage) == 0


def test_a_job_whose_pods_are_not_let_in_is_deleted(fake_stage: Stage) -> None:
    fake(fake_stage).warn.add(fake_stage.namespace)
    fake_stage.agent()
    run = fake_stage.run()
    assert reason(fake_stage.ended(run)) == (RunState.FAILED, ReasonCode.POD_SECURITY)
    assert fake_stage.job(run) is None


def test_a_right_that_goes_missing_gives_the_run_back_and_is_told(
    fake_stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("assay.agent.run.RIGHTS_S", 0.5)
    agent = fake_stage.agent()
    assert agent.health.ready() is None
    rules = fake(fake_stage).agent_rules
    fake(fake_stage).agent_rules = tuple(rule for rule in rules if rule.verbs != ("create",))
    run = fake_stage.run()
    wait(lambda: fake_stage.look(run).reason_code is ReasonCode.RIGHTS_MISSING)
    assert fake_stage.look(run).state is RunState.QUEUED
    assert agent.health.ready() == "rights_missing"
    fake(fake_stage).agent_rules = rules
    wait(lambda: agent.health.ready() is None)
    fake_stage.until(run, "applied")


def test_an_agent_without_a_right_does_not_start(fake_stage: Stage) -> None:
    few = tuple(right for right in NEEDED if right.verb not in ("patch", "delete"))
    running = Running(fake_stage.settings(fake_stage.token(), few))
    with pytest.raises(CannotStart) as raised:
        running.start()
    running.stop()
    told = [each.message for each in raised.value.obstacles]
    assert any("patch jobs.batch" in message for message in told)
    assert any("delete jobs.batch" in message for message in told)
    assert any("get namespaces" in message for message in told)


def test_an_agent_with_more_rights_does_not_start_unless_it_may(fake_stage: Stage) -> None:
    token = fake_stage.token()
    running = Running(fake_stage.settings(token, excess_rights="refuse"))
    with pytest.raises(CannotStart, match="create secrets"):
        running.start()
    running.stop()
    fake_stage.agent(token)


# -- poison


def _spoil(stage: Stage, run: str, change: Tree) -> None:
    job = stage.job(run)
    assert job is not None
    path = f"/apis/batch/v1/namespaces/{stage.namespace}/jobs/{job_name(run, 1)}"
    stage.ground.patch(path, change)


@pytest.mark.parametrize(
    "change",
    [
        {"metadata": {"annotations": {"assay/fence": "not a number"}}},
        {"metadata": {"annotations": {"assay/fence": None, "assay/spec-sha256": "\u2028"}}},
        {"metadata": {"annotations": {"assay/visits": "many"}}},
        {"metadata": {"labels": {"assay/instruction": "x", "assay/attempt": "0"}}},
        {"metadata": {"annotations": {"assay/acknowledged": None}, "labels": {"assay/contract": None}}},
    ],
    ids=["fence", "no fence", "visits", "labels", "others"],
)
@pytest.mark.parametrize("restarted", [False, True])
def test_a_job_that_somebody_spoiled_still_ends(fake_stage: Stage, change: Tree, restarted: bool) -> None:
    token = fake_stage.token()
    agent = fake_stage.agent(token)
    run, other = fake_stage.run(), fake_stage.run()
    for each in (run, other):
        fake_stage.until(each, "applied")
        fake_stage.ground.run(fake_stage.pod(each))
    _spoil(fake_stage, run, change)
    if restarted:
        agent.stop()
        fake_stage.agent(token)
    for each in (run, other):
        fake_stage.ground.finish(fake_stage.pod(each), 65)
        assert reason(fake_stage.ended(each)) == (RunState.FAILED, ReasonCode.CONTRACT_REJECTED)


def test_a_job_that_cannot_be_read_does_not_keep_the_others(fake_stage: Stage) -> None:
    fake_stage.agent()
    run, other = fake_stage.run(), fake_stage.run()
    for each in (run, other):
        fake_stage.until(each, "applied")
    store = fake(fake_stage).store
    with store.lock:
        key = ("jobs", fake_stage.namespace, job_name(run, 1))
        store.replace("jobs", dict(store.get(key)) | {"status": {"active": "many", "conditions": []}})
    fake_stage.ground.finish(fake_stage.pod(other), 65)
    assert fake_stage.ended(other).state is RunState.FAILED


@pytest.fixture
def broken(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """Runs whose handling raises."""
    runs: set[str] = set()

    def breaks(_agent: Agent, attempt: Attempt) -> Step:
        if attempt.instruction in runs:
            raise RuntimeError("a fault of ours")
        return NEXT

    monkeypatch.setattr(chain, "CHAIN", (*chain.CHAIN[:2], ("breaks", breaks), *chain.CHAIN[2:]))
    return runs


def test_what_breaks_its_handling_twice_is_quarantined_and_the_others_go_on(
    fake_stage: Stage, broken: set[str]
) -> None:
    poison = fake_stage.run()
    broken.add(poison)
    fake_stage.agent()
    run = fake_stage.run()
    fake_stage.ground.finish(fake_stage.pod(run), 65)
    assert fake_stage.ended(run).state is RunState.FAILED
    assert reason(fake_stage.ended(poison)) == (RunState.FAILED, ReasonCode.POISON)
    assert fake_stage.job(poison) is None


def test_a_running_job_that_breaks_its_handling_is_ended(fake_stage: Stage, broken: set[str]) -> None:
    fake_stage.agent()
    run = fake_stage.run()
    fake_stage.until(run, "applied")
    broken.add(run)
    fake_stage.ground.run(fake_stage.pod(run))
    assert reason(fake_stage.ended(run)) == (RunState.FAILED, ReasonCode.POISON)
    wait(lambda: fake_stage.job(run) is None)


def test_a_job_over_which_two_processes_died_is_ended(fake_stage: Stage) -> None:
    token = fake_stage.token()
    agent = fake_stage.agent(token)
    run, other = fake_stage.run(), fake_stage.run()
    for each in (run, other):
        fake_stage.until(each, "applied")
        fake_stage.ground.run(fake_stage.pod(each))
    agent.stop()
    _spoil(fake_stage, run, {"metadata": {"annotations": {VISITS: "2"}}})
    _spoil(fake_stage, other, {"metadata": {"annotations": {VISITS: "1"}}})
    fake_stage.agent(token)
    assert reason(fake_stage.ended(run)) == (RunState.FAILED, ReasonCode.POISON)
    wait(lambda: fake_stage.job(run) is None)

    def unmarked() -> bool:
        job = fake_stage.job(other)
        return job is not None and VISITS not in job["metadata"]["annotations"]

    wait(unmarked)


# -- two


def test_a_second_process_with_the_same_token_takes_over(fake_stage: Stage) -> None:
    token = fake_stage.token()
    first = fake_stage.agent(token)
    run = fake_stage.run()
    fake_stage.until(run, "applied")
    second = fake_stage.agent(token)
    wait(lambda: first.health.ready() == "superseded")
    assert not first.agent.lease.may_create()
    assert first.agent.book.all() == ()
    fake_stage.ground.finish(fake_stage.pod(run), 65)
    assert fake_stage.ended(run).state is RunState.FAILED
    later = fake_stage.run()
    fake_stage.until(later, "applied")
    assert made(fake_stage) == 2
    assert second.health.ready() is None


def test_two_agents_of_a_pool_share_its_work_and_never_a_job(fake_stage: Stage) -> None:
    agents = [fake_stage.agent(fake_stage.token(), slots=3) for _ in range(2)]
    runs = [fake_stage.run() for _ in range(6)]
    for run in runs:
        fake_stage.until(run, "applied")
    mine = [{a.instruction for a in each.agent.book.all() if a.mine} for each in agents]
    assert [len(each) for each in mine] == [3, 3]
    assert mine[0].isdisjoint(mine[1])
    for run in runs:
        fake_stage.ground.finish(fake_stage.pod(run), 65)
    for run in runs:
        assert fake_stage.ended(run).state is RunState.FAILED
    assert made(fake_stage) == 6


def test_the_jobs_of_an_agent_that_is_gone_are_seen_to_by_another(
    empty_sqlite: Path, fake_ground: FakeGround, tmp_path: Path
) -> None:
    clock = Clock()
    with live(copy(empty_sqlite, tmp_path / "hub.db"), clock, tenants=("acme",)) as hub:
        stage = Stage(hub, fake_ground, tmp_path, fake_ground.namespace())
        first = stage.agent(stage.token(), slots=1)
        run = stage.run()
        stage.until(run, "applied")
        stage.ground.run(stage.pod(run))
        first.stop()
        second = stage.agent(stage.token())
        assert stage.look(run).state is RunState.APPLIED
        stage.ground.finish(stage.pod(run), 65)
        wait(lambda: any(attempt.mine is False for attempt in second.agent.book.all()))
        clock.pass_(61)
        # The second one asks now and then; here it does not wait for that.
        second._polling._offered.clear()
        for attempt in second.agent.book.all():
            attempt.mine = None
        stage.run()  # ends the poll that is under way
        assert reason(stage.ended(run)) == (RunState.FAILED, ReasonCode.CONTRACT_REJECTED)
        second.stop()
