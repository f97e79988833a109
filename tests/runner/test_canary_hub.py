"""Marked cells in a Job for a hub: no mark is in what the hub hears, in the log or in the last words of the pod."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from assay.protocol import run as runs
from assay.protocol.bundle import Bundle, digest, encode
from assay.protocol.report import Outcome
from assay.protocol.run import HubSpec, RunSpec
from assay.protocol.warehouse import Warehouse, WarehouseSpec, document
from tests.runner import warehouses
from tests.runner.conftest import Engine, postgres_engine
from tests.runner.pods import POD_UID, Pod, elsewhere
from tests.runner.test_canary import MARKS, TABLE, assert_clean, spec
from tests.runner.warehouses import Accounts
from tests.support.postgres import Server
from tests.support.scripted_hub import TOKEN, Fault, ScriptedHub, serving_hub

FAULTS: dict[str, Fault] = {"dropped": "drop before", "garbage": "garbage", "faulty": 500}
RUN = "01j9zzzzzzzzzzzzzzzzzzzzzz"


def job(folder: Path, engine: Engine, one: Bundle, hub: HubSpec, warehouse: Warehouse) -> Pod:
    data = encode(one)
    source: dict[str, object] = msgspec.to_builtins(engine.source)
    if engine.dialect == "duckdb":
        source["path"] = Path(str(source["path"])).name
    told = RunSpec(
        format=1,
        contract=one.contract,
        version=one.version,
        bundle="bundle.json",
        bundle_sha256=digest(data),
        source="source.json",
        source_name=one.source,
        params={},
        secrets="env",
        keys=("DB_PASSWORD",),
        hosts=(),
        ports=(),
        timeout=60,
        report="hub",
        hub=hub,
        warehouse=WarehouseSpec("warehouse.json", "env", ("ROWS_PASSWORD",)),
    )
    (folder / "bundle.json").write_bytes(data)
    (folder / "source.json").write_bytes(msgspec.json.encode(source))
    (folder / "run.json").write_bytes(runs.encode(told))
    kept = document(warehouse) | {"password": "${env.ROWS_PASSWORD}"}
    (folder / "warehouse.json").write_bytes(msgspec.json.encode(kept))
    secret = {"DB_PASSWORD": engine.password, "ROWS_PASSWORD": warehouse.server.password}
    pod = Pod(
        folder, [sys.executable, "-I", "-m", "assay.runner", "--spec", str(folder / "run.json")], secret
    )
    pod.environment |= {
        "ASSAY_SECRET_DB_PASSWORD": engine.password,
        "ASSAY_WAREHOUSE_ROWS_PASSWORD": warehouse.server.password,
        "ASSAY_POD_UID": POD_UID,
    }
    pod.token.write_text(TOKEN)
    elsewhere(pod)
    return pod


@pytest.fixture
def hub() -> Iterator[ScriptedHub]:
    with serving_hub(ScriptedHub(RUN)) as served:
        yield served


def spoken(hub: ScriptedHub) -> HubSpec:
    return HubSpec(url=hub.url, instruction=RUN, attempt=1, fence=1)


def assert_nothing_left(pod: Pod, hub: ScriptedHub, *said: bytes) -> None:
    """Every byte that went out, to the hub and to the pod's log, and the words that Kubernetes shows."""
    assert hub.heard
    assert_clean(bytes(hub.heard), *said)
    for value in pod.secret.values():
        assert not value or value.encode() not in b"".join([bytes(hub.heard), *said])
    assert TOKEN.encode() not in b"".join(said)


def test_the_hub_gets_numbers_and_the_warehouse_the_rows(
    engine: Engine, tmp_path: Path, hub: ScriptedHub, made: Accounts
) -> None:
    engine.write(TABLE)
    pod = job(tmp_path, engine, spec(engine.dialect), spoken(hub), made.writer)
    process = pod.start()
    said = process.communicate(timeout=60)
    assert (process.returncode, hub.commits) == (0, 1), said
    assert {check.outcome for check in hub.checks} >= {Outcome.ERROR, Outcome.FAILED}
    assert_nothing_left(pod, hub, *said, pod.termination.read_bytes())
    with made.server.connect() as connection:
        place = connection.execute("SELECT place FROM assay.captures").fetchone()
        assert place is not None
        rows = str(connection.execute(f"SELECT * FROM assay.{place[0]}".encode()).fetchall())
    assert [mark for mark in MARKS if mark in rows] == ["canaryText", "canaryKey", "918273"]


@pytest.mark.parametrize("fault", [*FAULTS, "overtaken", "cancelled", "sigterm", "no warehouse", "no source"])
def test_nothing_leaves_when_things_go_wrong(
    fault: str, postgres_database: Server, tmp_path: Path, hub: ScriptedHub, made: Accounts
) -> None:
    engine = postgres_engine(postgres_database)
    engine.write(TABLE)
    warehouse = (
        made.writer if fault != "no warehouse" else warehouses.elsewhere(made.writer, user="canaryText")
    )
    pod = job(tmp_path, engine, spec(engine.dialect), spoken(hub), warehouse)
    process: list[subprocess.Popen[bytes]] = []

    def interfere(name: str) -> None:
        if name != "put_results":
            return
        hub.generation += fault == "overtaken"
        hub.cancel = fault == "cancelled"
        if fault == "sigterm":
            process[0].send_signal(signal.SIGTERM)

    hub.on_call = interfere
    if fault in FAULTS:
        called = ("start", "heartbeat", "put_results", "commit_results")
        hub.faults = {name: [FAULTS[fault]] for name in called}
    if fault == "no source":
        pod.change("source.json", database="canaryText")
    process.append(pod.start())
    said = process[0].communicate(timeout=60)
    assert process[0].returncode in (0, 69, 75)
    assert_nothing_left(pod, hub, *said, pod.termination.read_bytes())
