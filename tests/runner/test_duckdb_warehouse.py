"""The DuckDB file: what only a file can do, and what happens when it cannot be written."""

from __future__ import annotations

import math
import multiprocessing
import multiprocessing.process
import stat
import time
import tracemalloc
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from assay.protocol.report import Outcome
from assay.runner.engines.port import Cell
from assay.runner.run import RunResult, run
from assay.runner.store import StoreError
from assay.runner.warehouses.duckdb import DuckdbStore
from tests.runner.conftest import Engine
from tests.runner.test_warehouse_conformance import filled, spec
from tests.runner.warehouses import NOW, cells, given, head, report

__all__ = ["filled"]


def execute(engine: Engine, store: DuckdbStore) -> RunResult:
    return run(spec(engine), lambda _: engine.open(), store=store, now=NOW, run_id="r1")


@pytest.fixture
def store(tmp_path: Path) -> DuckdbStore:
    return DuckdbStore(tmp_path / "store" / "failed.duckdb", wait_seconds=1)


def test_the_file_is_its_owners_alone(filled: Engine, store: DuckdbStore) -> None:
    execute(filled, store)
    assert stat.S_IMODE(store.path.stat().st_mode) == 0o600


def test_nothing_failed_and_no_store_makes_no_file(engine: Engine, store: DuckdbStore) -> None:
    engine.write(
        "CREATE TABLE public.orders (id int, name varchar); INSERT INTO public.orders VALUES (1, 'x')"
    )
    execute(engine, store)
    assert not store.path.exists()


def test_what_the_file_keeps_as_text(store: DuckdbStore) -> None:
    columns = [
        ("_run", "INTEGER"),
        ("a", "DECIMAL(9,2)"),
        ("A", "DOUBLE"),
        ('é"', "TIMESTAMP WITH TIME ZONE"),
        ("blob", "BLOB"),
        ("list", "INTEGER[]"),
        ("day", "DATE"),
    ]
    row: tuple[Cell, ...] = (1, Decimal("NaN"), math.nan, NOW, b"\x00\xff", [1, None], "20000-01-01")
    store.begin(head())
    store.keep("check", columns, given([row], [(None,) * 7]))
    store.finish(report())
    first, second = cells(store.read("r1", "check"))
    assert first[:2] == (1, "NaN")
    assert isinstance(first[2], float)
    assert math.isnan(first[2])
    assert first[3:] == (NOW.replace(tzinfo=None), "00ff", "[1, None]", "20000-01-01")
    assert second == (None,) * 7


def test_a_file_of_an_earlier_version_is_used_on(filled: Engine, store: DuckdbStore) -> None:
    store.path.parent.mkdir()
    with duckdb.connect(str(store.path)) as old:
        old.execute(
            "CREATE TABLE runs (run VARCHAR, contract VARCHAR, version VARCHAR, now TIMESTAMP,"
            " outcome VARCHAR, report VARCHAR);"
            'CREATE TABLE captures (run VARCHAR, "check" VARCHAR, place VARCHAR, rows BIGINT);'
            'CREATE TABLE rows_1 ("_run" VARCHAR, "_row" BIGINT, a INTEGER);'
            "INSERT INTO runs VALUES ('r0', 'shop.orders', '1.0.0', '2024-01-01', 'failed', '{}');"
            "INSERT INTO captures VALUES ('r0', 'bad', 'rows_1', 1); INSERT INTO rows_1 VALUES ('r0', 1, 7)"
        )
    assert cells(store.read("last", "bad")) == [(7,)]
    execute(filled, store)
    assert [one.run for one in store.runs()] == ["r1", "r0"]
    assert cells(store.read("r0", "bad")) == [(7,)]
    assert store.prune() == 0


def _hold(path: str, seconds: float, ready: object) -> None:
    connection = duckdb.connect(path)
    ready.set()  # type: ignore[attr-defined]
    time.sleep(seconds)
    connection.close()


def held(path: Path, seconds: float) -> multiprocessing.process.BaseProcess:
    path.parent.mkdir(parents=True, exist_ok=True)
    context = multiprocessing.get_context("spawn")
    ready = context.Event()
    process = context.Process(target=_hold, args=(str(path), seconds, ready))
    process.start()
    assert ready.wait(20)
    return process


def test_two_runs_at_once_wait_for_each_other(filled: Engine, tmp_path: Path) -> None:
    store = DuckdbStore(tmp_path / "s.duckdb", wait_seconds=20)
    process = held(store.path, 0.5)
    result = execute(filled, store)
    process.join()
    assert not result.report.store_failed
    assert len(cells(store.read("r1", "bad"))) == 2


def test_a_locked_store_does_not_lose_the_verdict(filled: Engine, tmp_path: Path) -> None:
    store = DuckdbStore(tmp_path / "s.duckdb", wait_seconds=0.2)
    process = held(store.path, 3)
    result = execute(filled, store)
    process.terminate()
    process.join()
    assert result.report.store_failed
    assert result.report.store_code == "StoreLocked"
    assert "another process" in result.details.store_message
    assert {one.id: one.outcome for one in result.report.checks}["bad"] is Outcome.FAILED
    assert all(one.kept_rows is None for one in result.report.checks)


def test_a_store_that_cannot_be_written_does_not_lose_the_verdict(filled: Engine, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    for path in (tmp_path / "file" / "s.duckdb", tmp_path / "file"):
        result = execute(filled, DuckdbStore(path))
        assert result.report.store_failed
        assert result.report.outcome is Outcome.FAILED


def test_no_store_to_read_is_a_clear_error(tmp_path: Path) -> None:
    with pytest.raises(StoreError) as caught:
        DuckdbStore(tmp_path / "none").runs()
    assert "there is no diagnostics store" in caught.value.detail


def test_memory_does_not_grow_with_the_rows(store: DuckdbStore) -> None:
    def batches() -> Iterator[list[tuple[Cell, ...]]]:
        for start in range(0, 50_000, 1000):
            yield [(number, f"text {number}") for number in range(start, start + 1000)]

    tracemalloc.start()
    store.begin(head())
    assert store.keep("check", [("a", "INTEGER"), ("b", "VARCHAR")], batches()) == 50_000
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 2_000_000
    store.close()
