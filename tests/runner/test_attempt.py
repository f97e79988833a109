"""A Job for a hub's instruction: its own command, a real PostgreSQL, and a hub that may be late, away or wrong."""

from __future__ import annotations

import signal
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import msgspec
import pytest

from assay.compiler.manifests import Instruction
from assay.protocol import report as reports
from assay.protocol.agent import ReasonCode
from assay.protocol.crash import RUNNER
from assay.protocol.delivery import EndWord
from assay.protocol.report import Outcome, Reason
from tests.runner.pods import SLOW, TABLE, Pod, deploy, elsewhere
from tests.support.certificates import authority
from tests.support.postgres import Server
from tests.support.scripted_hub import Fault, ScriptedHub, serving_hub

RUN = "01j9zzzzzzzzzzzzzzzzzzzzzz"
SECOND_POD = "0f0f0f0f-5555-6666-7777-888888888888"
ASKED = Instruction(RUN, 1, 1, 600)
SLEEPING = (
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
    " AND application_name = 'assay' AND wait_event = 'PgSleep'"
)


@dataclass
class Case:
    hub: ScriptedHub
    pod: Pod
    server: Server

    def sleeping(self) -> bool:
        """Whether the runner's query runs at the server."""
        with self.server.connect() as connection:
            return connection.execute(SLEEPING).fetchone() == (1,)

    def until(self, true: Callable[[], bool], seconds: float = 30.0) -> None:
        end = time.monotonic() + seconds
        while not true():
            assert time.monotonic() < end
            time.sleep(0.02)

    def second(self) -> tuple[int, dict[str, str]]:
        """The pod that Kubernetes makes after the first is gone."""
        self.pod.environment["ASSAY_POD_UID"] = SECOND_POD
        self.pod.environment.pop("ASSAY_CRASH_AT", None)
        return self.pod.told()


def case(folder: Path, hub: ScriptedHub, server: Server, table: str = TABLE, **settings: float) -> Case:
    with server.connect() as connection:
        connection.execute(table.encode())
    asked = replace(ASKED, attempt=hub.attempt, fence=hub.fences[0])
    pod = deploy(folder / "assay", server, hub={"url": hub.url}, instruction=asked)
    elsewhere(pod, **settings)
    return Case(hub, pod, server)


@pytest.fixture
def hub() -> Iterator[ScriptedHub]:
    with serving_hub(ScriptedHub(RUN)) as served:
        yield served


@pytest.fixture
def plain(tmp_path: Path, hub: ScriptedHub, postgres_database: Server) -> Case:
    return case(tmp_path, hub, postgres_database)


@pytest.fixture
def slow(tmp_path: Path, hub: ScriptedHub, postgres_database: Server) -> Case:
    return case(tmp_path, hub, postgres_database, SLOW)


def committed(hub: ScriptedHub) -> bool:
    """Everything, once, and as a run without a hub has it."""
    assert hub.commit is not None
    assert hub.commits == 1
    ids = [check.id for check in hub.checks]
    assert ids == ["orders.schema", "orders.id.required", "orders.rows", "orders.amount.min"]
    return hub.commit.outcome is Outcome.PASSED


# -- the main flow


def test_a_report_is_committed(plain: Case) -> None:
    code, out, _ = plain.pod.run()
    assert (code, out) == (0, b"")
    hub = plain.hub
    assert [name for name in hub.called if name != "heartbeat"] == ["start", "put_results", "commit_results"]
    assert committed(hub)
    assert hub.pod == plain.pod.environment["ASSAY_POD_UID"]
    plain.pod.change("run.json", report="stdout", hub=None)
    plain.pod.environment.clear()
    plain.pod.environment |= {f"ASSAY_SECRET_{key}": value for key, value in plain.pod.secret.items()}
    _, out, _ = plain.pod.run()
    report = reports.decode(out)
    assert report.checks == hub.checks
    commit = hub.commit
    assert commit is not None
    assert (commit.bundle, commit.contract, commit.summary) == (
        report.bundle,
        report.contract,
        report.summary,
    )


def test_the_gate_stands_before_the_data(plain: Case) -> None:
    """While the pod asks, nobody has connected to the database."""
    seen: list[int] = []

    def look(name: str) -> None:
        if name == "start":
            with plain.server.connect() as connection:
                row = connection.execute(
                    "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'assay'"
                    " AND datname = current_database()"
                ).fetchone()
                assert row is not None
                seen.append(row[0])

    plain.hub.on_call = look
    assert plain.pod.told()[0] == 0
    assert seen == [0]


@contextmanager
def trap() -> Iterator[tuple[int, list[object]]]:
    """A port where a database might be, and who came."""
    came: list[object] = []
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def accept() -> None:
            while True:
                try:
                    came.append(listening.accept())
                except OSError:
                    return

        threading.Thread(target=accept, daemon=True).start()
        yield listening.getsockname()[1], came
        listening.shutdown(socket.SHUT_RDWR)


REFUSED: dict[str, tuple[Callable[[ScriptedHub], object], str]] = {
    "an old fence": (lambda hub: setattr(hub, "fences", (2, 3)), "stale_fence"),
    "another plan": (lambda hub: setattr(hub, "plan", "sha256:" + "0" * 64), "plan_mismatch"),
    "cancelled": (lambda hub: setattr(hub, "cancel", True), "illegal_transition"),
    "over": (lambda hub: setattr(hub, "state", "lost"), "illegal_transition"),
    "of nobody": (lambda hub: setattr(hub, "run", "0" * 26), "not_found"),
    "another's token": (lambda hub: setattr(hub, "tokens", {"other"}), "unauthenticated"),
    "away": (lambda hub: setattr(hub, "faults", {"start": [503] * 99}), "status_503"),
    "silent": (lambda hub: setattr(hub, "faults", {"start": ["drop before"] * 99}), "dropped"),
    "of somebody else": (lambda hub: setattr(hub, "faults", {"start": ["garbage"] * 99}), "garbage"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_pod_that_is_not_let_through_runs_no_sql(
    name: str, tmp_path: Path, hub: ScriptedHub, postgres_database: Server
) -> None:
    one = case(tmp_path, hub, postgres_database, hub__TAKE_OVER=1.5, attempt__GATE=3)
    change, code = REFUSED[name]
    change(hub)
    with trap() as (port, came):
        one.pod.change("source.json", port=port)
        one.pod.change("run.json", ports=[port])
        assert one.pod.told() == (75, {"code": code, "stage": "start"})
        assert came == []
    assert set(hub.called) == {"start"}


def test_a_pod_without_a_token(plain: Case) -> None:
    elsewhere(plain.pod, hub__TAKE_OVER=1)
    plain.pod.token.unlink()
    assert plain.pod.told() == (78, {"code": "MissingToken", "stage": "start"})
    assert plain.hub.called == []


def test_a_pod_that_does_not_know_who_it_is(plain: Case) -> None:
    del plain.pod.environment["ASSAY_POD_UID"]
    assert plain.pod.told() == (64, {"code": "NoPodUid", "stage": "spec"})


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"url": "http://hub.example.com"}, "BadHub"),
        ({"url": "https://hub.example.com", "ca": "none.pem"}, "NoFile"),
        ({"url": "https://hub.example.com", "ca": "source.json"}, "BadHub"),
        ({"url": "https://hub.example.com", "ca": "../run.json"}, "BadPath"),
        ({"attempt": 0}, "BadSpec"),
        ({"insecure": True}, "BadSpec"),
    ],
)
def test_a_hub_that_cannot_be_spoken_to(plain: Case, fields: dict[str, object], code: str) -> None:
    spec = msgspec.json.decode((plain.pod.folder / "run.json").read_bytes())
    plain.pod.change("run.json", hub=spec["hub"] | fields)
    assert plain.pod.told() == (64, {"code": code, "stage": "spec"})


def test_over_tls_with_the_customers_authority(tmp_path: Path, postgres_database: Server) -> None:
    trusted = authority(tmp_path)
    with (
        serving_hub(ScriptedHub(RUN), trusted.server(tmp_path, "127.0.0.1")) as hub,
        postgres_database.connect() as connection,
    ):
        connection.execute(TABLE.encode())
        given = {"url": hub.url, "ca": trusted.file.read_text()}
        pod = deploy(tmp_path / "assay", postgres_database, hub=given, instruction=ASKED)
        elsewhere(pod)
        assert pod.told()[0] == 0
        assert committed(hub)
        (tmp_path / "other").mkdir()
        other = authority(tmp_path / "other", "another").file
        (pod.folder / "hub-ca.pem").unlink()
        (pod.folder / "hub-ca.pem").write_bytes(other.read_bytes())
        assert pod.told() == (75, {"code": "certificate", "stage": "start"})


def test_the_token_is_read_anew_for_each_call(plain: Case) -> None:
    def rotate(name: str) -> None:
        if name == "put_results":
            plain.hub.tokens = {"a-second-token"}
            new = plain.pod.folder / "new"
            new.write_text("a-second-token")
            new.replace(plain.pod.token)

    plain.hub.on_call = rotate
    assert plain.pod.told()[0] == 0
    assert committed(plain.hub)


# -- faults on the way

FAULTS: list[Fault] = ["drop before", "drop after", "garbage", 429, 500, 503]


@pytest.mark.parametrize("fault", FAULTS)
def test_one_fault_on_every_call_changes_nothing(plain: Case, fault: Fault) -> None:
    plain.hub.faults = {name: [fault] for name in ("start", "put_results", "commit_results")}
    assert plain.pod.told()[0] == 0
    assert committed(plain.hub)
    assert plain.hub.called.count("start") == 2
    assert plain.hub.generation == 1


def test_a_hub_that_is_away_for_a_while(plain: Case) -> None:
    plain.hub.faults = {"put_results": ["drop before"] * 4, "heartbeat": ["drop before"] * 99}
    assert plain.pod.told()[0] == 0
    assert committed(plain.hub)


def test_a_hub_that_stays_away(plain: Case) -> None:
    plain.hub.faults = {"put_results": ["drop before"] * 99}
    plain.hub.deadline_s = 8.0
    started = time.monotonic()
    assert plain.pod.told() == (74, {"code": "dropped", "stage": "results"})
    assert time.monotonic() - started < 30
    assert plain.hub.commit is None
    assert [word.reason_code for word in plain.hub.words] == [ReasonCode.RESULT_UNDELIVERED]


@pytest.mark.parametrize("name", ["put_results", "commit_results"])
def test_a_pod_that_was_overtaken_delivers_nothing(plain: Case, name: str) -> None:
    def overtake(called: str) -> None:
        if called == name:
            plain.hub.generation = 2

    plain.hub.on_call = overtake
    stage = "results" if name == "put_results" else "commit"
    assert plain.pod.told() == (75, {"code": "stale_fence", "stage": stage})
    assert plain.hub.commit is None
    assert plain.hub.words == []


# -- one pod after another


def test_a_second_pod_waits_until_the_first_is_silent(slow: Case) -> None:
    """The first is gone with its node: it has not said a word."""
    slow.hub.silent_s = 5.0
    process = slow.pod.start()
    slow.until(slow.sleeping)
    process.kill()
    process.communicate(timeout=20)
    slow.until(lambda: not slow.sleeping())  # the server has seen that nobody waits for its answer
    slow.hub.beat = time.monotonic()
    with slow.server.connect() as connection:
        connection.execute("DROP VIEW orders")
        connection.execute(TABLE.encode())
    assert slow.second() == (0, {})
    assert slow.hub.called.count("start") > 2
    assert (slow.hub.generation, slow.hub.commits) == (2, 1)


def test_a_second_pod_does_not_wait_for_ever(slow: Case) -> None:
    slow.hub.state, slow.hub.pod, slow.hub.generation = "running", "other", 1
    slow.hub.beat = time.monotonic() + 1000
    elsewhere(slow.pod, hub__TAKE_OVER=2)
    assert slow.pod.told() == (75, {"code": "already_started", "stage": "start"})


@pytest.mark.parametrize("point", [point for point in RUNNER if point != "runner-after-warehouse"])
def test_a_crash_at_any_point_loses_and_doubles_nothing(plain: Case, point: str) -> None:
    plain.hub.silent_s = 0.5
    plain.pod.environment["ASSAY_CRASH_AT"] = point
    code, out, _ = plain.pod.run()
    assert (code, out) == (-signal.SIGKILL, b"")
    again = plain.second()
    if point == "runner-after-commit":
        assert again == (75, {"code": "illegal_transition", "stage": "start"})
    else:
        assert again == (0, {})
    assert committed(plain.hub)


# -- an end from outside


def ended(process: subprocess.Popen[bytes]) -> tuple[int, dict[str, str]]:
    out, err = process.communicate(timeout=60)
    assert out == b""
    return process.returncode, msgspec.json.decode(err.splitlines()[-1], type=dict[str, str])


def test_a_cancel_ends_the_query_at_the_server(slow: Case) -> None:
    process = slow.pod.start()
    slow.until(slow.sleeping)
    slow.hub.cancel = True
    assert ended(process) == (75, {"code": "Cancelled", "stage": "run"})
    assert not slow.sleeping()
    assert slow.hub.commit is None
    assert [(word.word, word.reason_code) for word in slow.hub.words] == [
        (EndWord.ERROR, ReasonCode.CANCEL_REQUESTED)
    ]


def test_sigterm_ends_the_query_and_opens_the_gate_to_the_next_pod(slow: Case) -> None:
    process = slow.pod.start()
    slow.until(slow.sleeping)
    process.send_signal(signal.SIGTERM)
    assert ended(process) == (143, {"code": "Interrupted", "stage": "run"})
    assert not slow.sleeping()
    assert [(word.word, word.reason_code) for word in slow.hub.words] == [
        (EndWord.INTERRUPTED, ReasonCode.INTERRUPTED)
    ]
    with slow.server.connect() as connection:
        connection.execute("DROP VIEW orders")
        connection.execute(TABLE.encode())
    assert slow.second() == (0, {})
    assert (slow.hub.generation, slow.hub.commits) == (2, 1)


def test_sigterm_at_the_gate(plain: Case) -> None:
    plain.hub.faults = {"start": ["drop before"] * 99}
    process = plain.pod.start()
    plain.until(lambda: plain.hub.called.count("start") > 1)
    process.send_signal(signal.SIGTERM)
    assert ended(process) == (143, {"code": "Interrupted", "stage": "start"})


def test_sigterm_while_the_hub_is_away_leaves_time_to_deliver(plain: Case) -> None:
    plain.hub.faults = {"put_results": ["drop before"] * 5}
    process = plain.pod.start()
    plain.until(lambda: plain.hub.called.count("put_results") > 1)
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=60)
    assert process.returncode == 0
    assert committed(plain.hub)


def test_sigterm_while_the_hub_stays_away_ends_in_time(plain: Case) -> None:
    elsewhere(plain.pod, hub__GRACE=2, hub__LAST_WORD=1)
    plain.hub.faults = {name: ["drop before"] * 99 for name in ("put_results", "end_run", "heartbeat")}
    process = plain.pod.start()
    plain.until(lambda: plain.hub.called.count("put_results") > 1)
    process.send_signal(signal.SIGTERM)
    started = time.monotonic()
    assert ended(process) == (74, {"code": "dropped", "stage": "results"})
    assert time.monotonic() - started < 20


def test_another_pod_in_its_place_ends_it(slow: Case) -> None:
    process = slow.pod.start()
    slow.until(slow.sleeping)
    slow.hub.generation += 1
    assert ended(process) == (75, {"code": "Fenced", "stage": "run"})
    assert not slow.sleeping()
    assert slow.hub.words == []


def test_a_run_beyond_its_deadline_says_so(slow: Case) -> None:
    slow.hub.deadline_s = 6.0
    assert slow.pod.told()[0] == 0
    assert {check.reason for check in slow.hub.checks if check.kind != "schema"} == {Reason.TIMEOUT}


# -- a source that does not answer


def test_a_source_that_is_away_is_no_result(plain: Case) -> None:
    plain.pod.change("source.json", port=1)
    plain.pod.change("run.json", ports=[])
    code, told = plain.pod.told()
    assert (code, told["stage"]) == (69, "connect")
    assert plain.hub.commit is None
    (word,) = plain.hub.words
    assert (word.word, word.reason_code, word.code) == (
        EndWord.ERROR,
        ReasonCode.SOURCE_UNAVAILABLE,
        told["code"],
    )


def test_a_source_that_refuses_is_no_result(plain: Case) -> None:
    plain.pod.environment["ASSAY_SECRET_DB_PASSWORD"] = "canary"
    assert plain.pod.told() == (77, {"code": "28P01", "stage": "connect"})
    assert [word.reason_code for word in plain.hub.words] == [ReasonCode.PERMISSION_DENIED]
    assert b"canary" not in plain.hub.heard
