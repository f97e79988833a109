"""Failed rows in the DuckDB store: written, read again, pruned, and what happens when that cannot be."""

from __future__ import annotations

import math
import multiprocessing
import multiprocessing.process
import stat
import time
import tracemalloc
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from assay.protocol.bundle import Bundle
from assay.protocol.report import Outcome, Reason
from assay.runner.engines.port import Cell, EngineError
from assay.runner.run import RunResult, run
from assay.runner.store import RunHead, StoreError
from assay.runner.warehouses.duckdb import DuckdbStore
from tests.runner.builders import bundle, capture, check, declared, fails, m, measure, query
from tests.runner.conftest import Engine

NOW = datetime(2024, 5, 1, 12, tzinfo=UTC)


def spec(
    engine: Engine, *, keep_days: int | None = None, columns: tuple[str, ...] = ("id", "name")
) -> Bundle:
    return bundle(
        [declared("id", "int"), declared("name", "text")],
        [
            query("s1", measure("rows", "count(*)"), measure("bad", "count(*) - count(name)")),
            query("s2", measure("per", "count(*)"), keys=["id"]),
        ],
        [
            check("bad", m("bad"), fails("=", "0"), failed=m("bad"), tested=m("rows")),
            check("good", m("rows"), fails(">=", "0")),
            check("per", m("per"), fails("<", "2"), query="s2"),
        ],
        [capture("bad", *columns, where="name IS NULL"), capture("good", "id")],
        dialect=engine.dialect,
        keep_days=keep_days,
    )


def execute(
    engine: Engine, store: DuckdbStore, one: Bundle, *, now: datetime = NOW, run_id: str = "r1"
) -> RunResult:
    return run(one, lambda _: engine.open(), store=store, now=now, run_id=run_id)


@pytest.fixture
def store(tmp_path: Path) -> DuckdbStore:
    return DuckdbStore(tmp_path / "store" / "failed.duckdb", wait_seconds=1)


@pytest.fixture
def filled(engine: Engine) -> Engine:
    engine.write(
        "CREATE TABLE public.orders (id int, name varchar);"
        " INSERT INTO public.orders VALUES (1, null), (2, 'x'), (2, null)"
    )
    return engine


def rows_of(store: DuckdbStore, run_id: str, check_: str) -> list[tuple[Cell, ...]]:
    found = store.read(run_id, check_)
    return [] if found is None else [row for batch in found.batches for row in batch]


def test_failed_rows_are_kept_with_their_types(filled: Engine, store: DuckdbStore) -> None:
    result = execute(filled, store, spec(filled))
    kept = {one.id: one.kept_rows for one in result.report.checks}
    assert kept == {"orders.schema": None, "bad": 2, "good": None, "per": None}
    assert not result.report.store_failed
    found = store.read("last", "bad")
    assert found is not None
    assert found.columns == (("id", "INTEGER"), ("name", "VARCHAR"))
    assert sorted(row for batch in found.batches for row in batch) == [(1, None), (2, None)]
    groups = store.groups("r1", "per")
    assert [(group.keys, group.value) for group in groups] == [(("2",), "2")]
    listed = store.runs()
    assert [(one.run, one.outcome, one.checks) for one in listed] == [("r1", "failed", {"bad": 2})]
    assert stat.S_IMODE(store.path.stat().st_mode) == 0o600


def test_nothing_failed_and_no_store_makes_no_file(engine: Engine, store: DuckdbStore) -> None:
    engine.write(
        "CREATE TABLE public.orders (id int, name varchar); INSERT INTO public.orders VALUES (1, 'x')"
    )
    execute(engine, store, spec(engine))
    assert not store.path.exists()


def test_a_store_that_is_there_hears_of_every_run(filled: Engine, store: DuckdbStore) -> None:
    execute(filled, store, spec(filled))
    filled.write("DELETE FROM public.orders WHERE name IS NULL")
    execute(filled, store, spec(filled), now=NOW + timedelta(days=1), run_id="r2")
    assert [one.run for one in store.runs()] == ["r2", "r1"]
    assert [one.run for one in store.runs("other")] == []


def test_columns_may_change_from_run_to_run(filled: Engine, store: DuckdbStore) -> None:
    execute(filled, store, spec(filled))
    execute(filled, store, spec(filled, columns=("name",)), now=NOW + timedelta(days=1), run_id="r2")
    assert len(rows_of(store, "r1", "bad")[0]) == 2
    assert rows_of(store, "last", "bad") == [(None,), (None,)]


def test_rows_are_removed_when_their_days_are_over(filled: Engine, store: DuckdbStore) -> None:
    execute(filled, store, spec(filled, keep_days=30))
    execute(filled, store, spec(filled, keep_days=30), now=NOW + timedelta(days=29), run_id="r2")
    assert len(rows_of(store, "r1", "bad")) == 2
    execute(filled, store, spec(filled, keep_days=30), now=NOW + timedelta(days=31), run_id="r3")
    assert [one.run for one in store.runs()] == ["r3", "r2"]
    assert rows_of(store, "r1", "bad") == []
    assert store.groups("r1", "per") == []


def head(run_id: str = "r1") -> RunHead:
    return RunHead(run_id, "c", "1.0.0", NOW, None)


def rows(*batches: list[tuple[Cell, ...]]) -> Iterator[list[tuple[Cell, ...]]]:
    return iter(batches)


def test_odd_values_and_names(store: DuckdbStore) -> None:
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
    store.keep(head(), "check", columns, rows([row], [(None,) * 7]))
    found = store._begin(head()).execute("SELECT place FROM captures").fetchall()
    cells = store._begin(head()).execute(f"SELECT * FROM {found[0][0]} ORDER BY _row").fetchall()
    assert cells[0][:4] == ("r1", 1, 1, "NaN")
    assert math.isnan(cells[0][4])
    assert cells[0][5:] == (NOW.replace(tzinfo=None), "00ff", "[1, None]", "20000-01-01")
    assert cells[1] == ("r1", 2, *(None,) * 7)
    store.close()


def test_a_source_that_fails_half_way_leaves_nothing(store: DuckdbStore) -> None:
    def batches() -> Iterator[list[tuple[Cell, ...]]]:
        yield [(1,)]
        raise EngineError(Reason.DATA_ERROR, "22P02", "a cell")

    with pytest.raises(EngineError):
        store.keep(head(), "check", [("a", "INTEGER")], batches())
    assert store.keep(head(), "check", [("a", "INTEGER")], rows([(2,)])) == 1
    store.close()


def test_what_was_not_finished_is_not_there(store: DuckdbStore) -> None:
    store.keep(head(), "check", [("a", "INTEGER")], rows([(1,)]))
    store.close()
    assert DuckdbStore(store.path).read("last", "check") is None if _has_tables(store.path) else True


def _has_tables(path: Path) -> bool:
    with duckdb.connect(str(path)) as connection:
        return bool(
            connection.execute("SELECT 1 FROM duckdb_tables() WHERE table_name = 'captures'").fetchall()
        )


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
    result = execute(filled, store, spec(filled))
    process.join()
    assert not result.report.store_failed
    assert len(rows_of(store, "r1", "bad")) == 2


def test_a_locked_store_does_not_lose_the_verdict(filled: Engine, tmp_path: Path) -> None:
    store = DuckdbStore(tmp_path / "s.duckdb", wait_seconds=0.2)
    process = held(store.path, 3)
    result = execute(filled, store, spec(filled))
    process.terminate()
    process.join()
    assert result.report.store_failed
    assert "another process" in result.details.store_message
    assert {one.id: one.outcome for one in result.report.checks}["bad"] is Outcome.FAILED
    assert all(one.kept_rows is None for one in result.report.checks)


def test_a_store_that_cannot_be_written_does_not_lose_the_verdict(filled: Engine, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    for path in (tmp_path / "file" / "s.duckdb", tmp_path / "file"):
        result = execute(filled, DuckdbStore(path), spec(filled))
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
    assert store.keep(head(), "check", [("a", "INTEGER"), ("b", "VARCHAR")], batches()) == 50_000
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 2_000_000
    store.close()
