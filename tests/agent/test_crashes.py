"""Killed at every point of its work, the agent goes on where it was: the same Job, once, and its end is told."""

from __future__ import annotations

import threading

import pytest

from assay.protocol.agent import ReasonCode, job_name
from assay.protocol.crash import AGENT
from assay.protocol.user import RunState
from tests.agent.ground import wait
from tests.agent.process import agent_process, configuration
from tests.agent.stage import Stage, reason

CANCELLING = "agent-mid-cancel"
WITH_TOKEN = ("agent-before-secret", "agent-after-secret")


class Player:
    """Is the kubelet of a namespace: each pod runs, and ends well or when it is deleted."""

    def __init__(self, stage: Stage, *, end: bool = True) -> None:
        self._stage, self._end = stage, end
        self._stop = threading.Event()
        self.jobs: set[str] = set()
        self.thread = threading.Thread(target=self._play, daemon=True)

    def __enter__(self) -> Player:
        self.thread.start()
        return self

    def __exit__(self, *ended: object) -> None:
        self._stop.set()
        self.thread.join(10)

    def _play(self) -> None:
        while not self._stop.wait(0.05):
            for job in self._stage.ground.items(self._stage.namespace, "jobs"):
                self.jobs.add(job["metadata"]["uid"])
            for pod in self._stage.ground.items(self._stage.namespace, "pods"):
                self._turn(pod)

    def _turn(self, pod: dict[str, object]) -> None:
        ground, status, meta = self._stage.ground, pod["status"], pod["metadata"]
        assert isinstance(status, dict)
        assert isinstance(meta, dict)
        if "deletionTimestamp" in meta:
            ground.remove_pod(pod)
        elif status.get("phase") == "Pending":
            ground.run(pod)
        elif status.get("phase") == "Running" and self._end:
            ground.finish(pod)


@pytest.mark.parametrize("point", [name for name in AGENT if name not in (CANCELLING, *WITH_TOKEN)])
def test_an_agent_that_is_killed_goes_on_where_it_was(fake_stage: Stage, point: str) -> None:
    """On a real API server, with real pods: tests/flow/test_crashes.py, at the same points."""
    kill_and_go_on(fake_stage, point)


@pytest.mark.parametrize("point", WITH_TOKEN)
def test_an_agent_that_is_killed_before_or_after_a_secret_goes_on(stage: Stage, point: str) -> None:
    kill_and_go_on(stage, point)


def kill_and_go_on(stage: Stage, point: str) -> None:
    token = stage.token()
    config = configuration(stage, token, jobAuth="token")
    run = stage.run()
    with Player(stage) as player:
        with agent_process(config, crash=point) as first:
            assert first.wait() == -9
        with agent_process(config) as second:
            ended = stage.ended(run)
            # The Job ended well, and no runner had committed anything: that is what the hub was told.
            assert reason(ended) == (RunState.FAILED, ReasonCode.RESULT_MISSING)
            assert (ended.attempt, ended.exit_code) == (1, 0)
            wait(lambda: (job := stage.job(run)) is None or job["spec"]["ttlSecondsAfterFinished"] == 300)
            assert second.end() == 0
        assert len(player.jobs) == 1
    left = [job["metadata"]["name"] for job in stage.ground.items(stage.namespace, "jobs")]
    assert left in ([], [job_name(run, 1)])


def test_an_agent_that_is_killed_while_it_cancels_cancels(stage: Stage) -> None:
    config = configuration(stage, stage.token())
    run = stage.run()
    with Player(stage, end=False):
        with agent_process(config, crash=CANCELLING) as first:
            stage.until(run, "applied")
            stage.pod(run)
            stage.http.call("cancel_run", run=run)
            assert first.wait() == -9
        with agent_process(config) as second:
            assert stage.ended(run).state is RunState.CANCELLED
            assert stage.job(run) is None
            assert second.end() == 0


def test_an_order_over_which_two_processes_died_is_not_looked_into_a_third_time(stage: Stage) -> None:
    config = configuration(stage, stage.token())
    run = stage.run()
    for _ in range(2):
        with agent_process(config, crash="agent-before-accept") as process:
            assert process.wait() == -9
    with agent_process(config) as process:
        assert reason(stage.ended(run)) == (RunState.FAILED, ReasonCode.POISON)
        assert stage.ground.items(stage.namespace, "jobs") == []
        assert process.end() == 0


def test_an_agent_that_ends_in_peace_leaves_no_mark(stage: Stage) -> None:
    config = configuration(stage, stage.token())
    run = stage.run()
    for _ in range(3):
        with agent_process(config) as process:
            stage.until(run, "applied")
            process.until_said("session")
            assert process.end() == 0
    with agent_process(config):
        stage.ground.run(stage.pod(run))
        stage.ground.finish(stage.pod(run), 69)
        assert reason(stage.ended(run)) == (RunState.FAILED, ReasonCode.SOURCE_UNAVAILABLE)


def test_every_crash_point_is_in_the_code() -> None:
    import assay.agent

    (folder,) = assay.agent.__path__
    from pathlib import Path

    text = "".join(path.read_text() for path in Path(folder).rglob("*.py"))
    assert [name for name in AGENT if f'crash_point("{name}")' not in text] == []
