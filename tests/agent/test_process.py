"""The agent as people run it: enrolled, healthy, quiet about contents, with a token that is changed in time."""

from __future__ import annotations

import json
import os
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

import pytest
import yaml

from assay.agent import tokens
from assay.agent.health import HealthServer
from assay.agent.settings import HealthSettings
from assay.agent.tokens import ROTATE_S, Rotation
from assay.cli.main import run as assay
from assay.client import Cause, Unreachable
from assay.protocol.agent import Enrolled
from assay.protocol.user import RunState
from tests.agent.ground import wait
from tests.agent.process import agent_process, configuration
from tests.agent.stage import SOURCE, Stage
from tests.support.scripted import CONTRACT
from tools.flow.programs import free_port

ID = "0" * 26


def fetch(port: int, path: str) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=30) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


def test_health_is_the_last_good_poll(fake_stage: Stage) -> None:
    agent = fake_stage.agent()
    server = HealthServer("127.0.0.1", 0, agent.health)
    try:
        wait(lambda: fetch(server.port, "/readyz") == (200, "ok\n"))
        assert fetch(server.port, "/healthz") == (200, "ok\n")
        assert fetch(server.port, "/etc/passwd")[0] == 404
        wait(lambda: 'assay_agent_polls_total{result="good"} 1.0' in fetch(server.port, "/metrics")[1])
        agent.stop()
        agent.agent.lease.end()
        agent.agent.lease.renew(agent.agent.lease.now() - 100.0, 60.0)
        assert fetch(server.port, "/readyz") == (503, "no_poll\n")
        assert fetch(server.port, "/healthz")[0] == 200
        agent.agent.lease.end()
        agent.agent.lease.renew(agent.agent.lease.now() - 700.0, 60.0)
        assert fetch(server.port, "/healthz") == (503, "no_poll\n")
    finally:
        server.close()


def test_a_cluster_that_is_silent_is_not_ready(fake_stage: Stage) -> None:
    agent = fake_stage.agent()
    wait(lambda: agent.health.ready() is None)
    agent.sight.jobs._heard -= 400
    fake_stage.ground.fake.fault("GET .*jobs", times=1_000, status=503)  # type: ignore[attr-defined]
    assert agent.health.ready() in ("cluster_silent", None)
    wait(lambda: agent.health.ready() == "cluster_silent" or agent.sight.jobs.silent < 400)


def test_a_file_is_touched_after_each_good_poll(fake_stage: Stage) -> None:
    file = fake_stage.folder / "healthy"
    fake_stage.agent(health=HealthSettings(file=file))
    wait(file.exists)


# -- the token


class Hub:
    def __init__(self, answer: Enrolled | Unreachable) -> None:
        self.answer, self.asked = answer, 0

    def rotate_token(self) -> Enrolled:
        self.asked += 1
        if isinstance(self.answer, Unreachable):
            raise self.answer
        return self.answer


NEW = Enrolled(agent=ID, pool="default", token="aya_new")


def _aged(path: Path, seconds: float) -> Path:
    path.write_text("aya_old\n")
    then = path.stat().st_mtime - seconds
    os.utime(path, (then, then))
    return path


def test_a_token_is_replaced_after_thirty_days_and_readable_for_its_owner_alone(tmp_path: Path) -> None:
    path, hub = _aged(tmp_path / "token", ROTATE_S + 60), Hub(NEW)
    rotation = Rotation(hub, path)  # type: ignore[arg-type]
    rotation.look(0.0)
    assert path.read_text() == "aya_new\n"
    assert path.stat().st_mode & 0o777 == 0o600
    rotation.look(10_000.0)
    assert hub.asked == 1
    assert [each.name for each in tmp_path.iterdir()] == ["token"]


def test_a_young_token_stays(tmp_path: Path) -> None:
    path, hub = _aged(tmp_path / "token", ROTATE_S - 3_600), Hub(NEW)
    Rotation(hub, path).look(0.0)  # type: ignore[arg-type]
    assert (path.read_text(), hub.asked) == ("aya_old\n", 0)


def test_a_hub_that_is_away_costs_no_token_and_is_asked_once_an_hour(tmp_path: Path) -> None:
    path, hub = _aged(tmp_path / "token", ROTATE_S + 60), Hub(Unreachable(Cause.CONNECT))
    rotation = Rotation(hub, path)  # type: ignore[arg-type]
    for now in (0.0, 1.0, 3_599.0, 3_601.0):
        rotation.look(now)
    assert (path.read_text(), hub.asked) == ("aya_old\n", 2)


def test_a_mounted_secret_is_not_written(tmp_path: Path) -> None:
    """The kubelet mounts a link to a folder that it swaps."""
    real = _aged(tmp_path / "data", ROTATE_S + 60)
    path, hub = tmp_path / "token", Hub(NEW)
    path.symlink_to(real)
    Rotation(hub, path).look(0.0)  # type: ignore[arg-type]
    assert (real.read_text(), hub.asked) == ("aya_old\n", 0)


def test_a_token_that_cannot_be_written_leaves_the_old_one(tmp_path: Path) -> None:
    path = tmp_path / "token"
    path.write_text("aya_old\n")
    with pytest.raises(UnicodeEncodeError):
        tokens.write(path, "aya_ü")
    assert path.read_text() == "aya_old\n"
    assert [each.name for each in tmp_path.iterdir()] == ["token"]


def test_an_agent_reads_its_token_anew(fake_stage: Stage) -> None:
    token = fake_stage.token()
    agent = fake_stage.agent(token)
    agent.agent.hub.rotate_token()
    token.write_text(agent.agent.hub.rotate_token().token)
    run = fake_stage.run()
    fake_stage.until(run, "applied")


# -- enrolment


def _enrol(stage: Stage, capsys: pytest.CaptureFixture[str], token: str, *more: str) -> tuple[int, str, str]:
    config = configuration(stage, stage.folder / "own.token")
    file = stage.folder / "enrolment"
    file.write_text(token + "\n")
    capsys.readouterr()
    code = assay(
        ["agent", "enrol", "berlin", "--config", str(config), "--enrolment-token-file", str(file), *more]
    )
    said = capsys.readouterr()
    return code, said.out, said.err


def test_an_agent_is_enrolled_and_runs(stage: Stage, capsys: pytest.CaptureFixture[str]) -> None:
    enrolment = stage.http.call("create_enrolment", {"pool": "default"}).token
    code, out, _ = _enrol(stage, capsys, enrolment, "--json")
    assert code == 0
    told = json.loads(out.splitlines()[-1])
    assert told["pool"] == "default"
    path = stage.folder / "own.token"
    assert path.read_text().startswith("aya_" + told["agent"])
    assert path.stat().st_mode & 0o777 == 0o600
    with agent_process(configuration(stage, path)) as process:
        run = stage.run()
        stage.until(run, "applied")
        assert process.end() == 0


def test_a_token_can_be_printed_for_a_secret_and_no_file_is_written(
    fake_stage: Stage, capsys: pytest.CaptureFixture[str]
) -> None:
    enrolment = fake_stage.http.call("create_enrolment", {"pool": "default"}).token
    code, out, _ = _enrol(fake_stage, capsys, enrolment, "--print-token")
    assert code == 0
    assert not (fake_stage.folder / "own.token").exists()
    path = fake_stage.folder / "mounted.token"
    path.write_text(out.splitlines()[-1])  # the hub of this process has a log
    fake_stage.agent(path)
    fake_stage.until(fake_stage.run(), "applied")


def test_an_agent_without_a_token_waits_for_it_and_says_that_it_is_not_ready(stage: Stage) -> None:
    path = stage.folder / "mounted.token"
    port = free_port()
    config = configuration(stage, path, health={"port": port})
    with agent_process(config) as process:
        process.until_said("no session")
        assert fetch(port, "/readyz") == (503, "no_poll\n")
        assert fetch(port, "/healthz")[0] == 200
        stage.token().rename(path)
        wait(lambda: fetch(port, "/readyz")[0] == 200)
        assert process.end() == 0


def test_an_enrolment_token_that_was_used_is_told_and_leaves_no_file(
    fake_stage: Stage, capsys: pytest.CaptureFixture[str]
) -> None:
    enrolment = fake_stage.http.call("create_enrolment", {"pool": "default"}).token
    assert _enrol(fake_stage, capsys, enrolment)[0] == 0
    (fake_stage.folder / "own.token").unlink()
    code, _, err = _enrol(fake_stage, capsys, enrolment)
    assert code == 2
    assert "E682" in err
    assert enrolment not in err
    assert not (fake_stage.folder / "own.token").exists()


def test_what_an_agent_would_begin_with_can_be_looked_at(
    stage: Stage, capsys: pytest.CaptureFixture[str]
) -> None:
    config = configuration(stage, stage.token())
    capsys.readouterr()
    assert assay(["agent", "run", "--check", "--json", "--config", str(config)]) == 0
    found = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert found["namespace"] == stage.namespace
    assert found["rights"] == "as needed"


# -- what it says


CANARY = "canary-7f3a"


def test_the_log_holds_codes_and_ids_alone(fake_stage: Stage) -> None:
    text = CONTRACT.replace("  dataset", f'  "{CANARY}"\n  dataset', 1)
    fake_stage.publish(text, SOURCE | {"database": CANARY})
    config = configuration(fake_stage, fake_stage.token(), slots=5)
    document: dict[str, Any] = yaml.safe_load(config.read_text())
    assert CANARY not in config.read_text()
    assert document["slots"] == 5
    with agent_process(config) as process:
        run = fake_stage.run()
        pod = fake_stage.pod(run)
        fake_stage.ground.set_pod(pod, "Pending", {"waiting": {"reason": "ErrImagePull", "message": CANARY}})
        fake_stage.ground.finish(pod, 65)
        assert fake_stage.ended(run).state is RunState.FAILED
        assert process.end() == 0
        assert any(line["message"] == "ended" for line in process.said())
        assert CANARY not in process.log.read_text()
        token = (fake_stage.folder / "agent-0.token").read_text().strip()
        assert token not in process.log.read_text()
