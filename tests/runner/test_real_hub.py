"""A Job and the hub itself: no script on either side of the protocol."""

from __future__ import annotations

import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from assay.hub.runners import gate
from assay.protocol import report as reports
from assay.protocol.agent import ReasonCode
from assay.protocol.crash import RUNNER
from assay.protocol.report import Outcome
from assay.protocol.user import RunState
from tests.runner import pods, test_attempt_warehouse
from tests.runner.pods import CONTRACT, SLOW, TABLE, Pod, elsewhere
from tests.runner.real_hub import RealHub, Taken, real_hub
from tests.runner.test_attempt import SLEEPING
from tests.runner.warehouses import Accounts
from tests.support.postgres import Server

SECOND_POD = "0f0f0f0f-5555-6666-7777-888888888888"


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[RealHub]:
    with real_hub(tmp_path / "hub", CONTRACT) as found:
        yield found


def deploy(folder: Path, server: Server, hub: RealHub, taken: Taken, **options: Any) -> Pod:
    pod = pods.deploy(
        folder, server,
        contract=hub.contract, hub={"url": hub.url}, instruction=taken.instruction, **options,
    )  # fmt: skip
    pod.token.write_text(taken.token)
    elsewhere(pod)
    return pod


def write(server: Server, *statements: str) -> None:
    with server.connect() as connection:
        for statement in statements:
            connection.execute(statement.encode())


def sleeping(server: Server) -> bool:
    with server.connect() as connection:
        return connection.execute(SLEEPING).fetchone() == (1,)


def until(true: Callable[[], bool], seconds: float = 60.0) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end
        time.sleep(0.05)


def test_from_the_queue_to_the_verdict(tmp_path: Path, hub: RealHub, postgres_database: Server) -> None:
    write(postgres_database, TABLE)
    run = hub.queue()
    taken = hub.take()
    pod = deploy(tmp_path / "pod", postgres_database, hub, taken)
    assert pod.run()[:2] == (0, b"")
    assert hub.run(run).state is RunState.COMMITTED
    hub.complete(taken, ReasonCode.JOB_COMPLETE, 0)
    assert (hub.run(run).state, hub.run(run).verdict) == (RunState.SUCCEEDED, Outcome.PASSED)
    found = hub.results(run).report
    plain = pods.deploy(tmp_path / "plain", postgres_database)
    _, out, _ = plain.run()
    report = reports.decode(out)
    assert (found.run, found.checks, found.summary) == (run, report.checks, report.summary)
    assert (found.bundle, found.outcome) == (report.bundle, report.outcome)
    # The Job of a run that is over runs no SQL.
    write(postgres_database, "DROP TABLE public.orders")
    assert pod.told() == (75, {"code": "illegal_transition", "stage": "start"})


def test_a_cancel_reaches_the_query(tmp_path: Path, hub: RealHub, postgres_database: Server) -> None:
    write(postgres_database, SLOW)
    run = hub.queue()
    process = deploy(tmp_path / "pod", postgres_database, hub, hub.take()).start()
    until(lambda: sleeping(postgres_database))
    hub.live.http.call("cancel_run", run=run)
    process.communicate(timeout=60)
    assert process.returncode == 75
    assert not sleeping(postgres_database)
    assert hub.run(run).verdict is None


def test_an_interrupted_pod_is_followed_at_once(
    tmp_path: Path, hub: RealHub, postgres_database: Server
) -> None:
    write(postgres_database, SLOW)
    run = hub.queue()
    pod = deploy(tmp_path / "pod", postgres_database, hub, hub.take())
    process = pod.start()
    until(lambda: sleeping(postgres_database))
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=60)
    assert process.returncode == 143
    write(postgres_database, "DROP VIEW public.orders", TABLE)
    pod.environment["ASSAY_POD_UID"] = SECOND_POD
    assert pod.told() == (0, {})
    assert hub.run(run).verdict is Outcome.PASSED


@pytest.mark.parametrize("point", RUNNER)
def test_a_crash_at_any_point_loses_and_doubles_nothing(
    tmp_path: Path,
    hub: RealHub,
    postgres_database: Server,
    point: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(gate, "SILENT_US", 500_000)
    write(postgres_database, TABLE)
    run = hub.queue()
    pod = deploy(tmp_path / "pod", postgres_database, hub, hub.take())
    pod.environment["ASSAY_CRASH_AT"] = point
    assert pod.run()[0] == -signal.SIGKILL
    del pod.environment["ASSAY_CRASH_AT"]
    pod.environment["ASSAY_POD_UID"] = SECOND_POD
    time.sleep(0.6)
    assert pod.told()[0] == (75 if point == "runner-after-commit" else 0)
    assert hub.run(run).verdict is Outcome.PASSED
    assert len(hub.results(run).report.checks) == 4


def test_the_next_attempt_delivers_what_waits_in_the_warehouse(
    tmp_path: Path, postgres_database: Server, made: Accounts, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first pod dies with its node after the warehouse has the result; the hub makes another attempt."""
    monkeypatch.setattr("assay.hub.endings.backoff_us", lambda _attempt: 0)
    contract = test_attempt_warehouse.CONTRACT
    with real_hub(tmp_path / "hub", contract) as hub:
        write(postgres_database, test_attempt_warehouse.TABLE)
        run = hub.queue(max_attempts=2, deadline_s=60, warehouse="main")
        taken = hub.take()
        pod = deploy(tmp_path / "first", postgres_database, hub, taken, warehouse=made.writer)
        pod.environment["ASSAY_CRASH_AT"] = "runner-after-warehouse"
        assert pod.run()[0] == -signal.SIGKILL
        write(postgres_database, "DROP TABLE public.orders")
        hub.complete(taken, ReasonCode.EVICTED, 137)
        until(lambda: hub.run(run).attempt == 2)
        until(lambda: hub.run(run).state is RunState.QUEUED)
        second = deploy(tmp_path / "second", postgres_database, hub, hub.take(), warehouse=made.writer)
        assert second.told() == (0, {})
        assert hub.run(run).verdict is Outcome.FAILED
        assert hub.results(run).attempt == 2
