"""Marked cells: whatever a run does, no mark is in anything that may leave.

Every column, used or not, holds marks of its own: texts, numbers, dates, keys; so do names of columns that
the contract does not have. Every way to fail and to err is taken. The report, the logs, standard error, the
codes of every exception and the Job's termination message are searched.
"""

from __future__ import annotations

import io
import logging
import os
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from assay.protocol import report as reports
from assay.protocol import run as runs
from assay.protocol.bundle import BoundSpec, Bundle, Const, Query, digest, encode
from assay.protocol.report import Outcome
from assay.protocol.run import RunSpec
from assay.protocol.warehouse import WarehousePolicy
from assay.runner.engines.port import EngineError
from assay.runner.run import run
from assay.runner.store import StoreError
from assay.runner.warehouses.duckdb import DuckdbStore
from tests.runner.builders import (
    FROM,
    bundle,
    capture,
    check,
    declared,
    fails,
    m,
    measure,
    query,
)
from tests.runner.conftest import Engine
from tests.runner.warehouses import Accounts, elsewhere, postgres_place, store, write

MARKS = (
    "canaryText",
    "canaryKey",
    "canaryUnused",
    "canarycolumn",
    "918273",
    "19180327",
    "1918-03-27",
    "canary-pass",
)
TABLE = """
CREATE TABLE public.orders (
    id int, name varchar, amount decimal(12, 2), day date, kind varchar, ratio double precision,
    canarycolumn varchar, wrong varchar);
INSERT INTO public.orders VALUES
    (918273, 'canaryText1', 918273.5, '1918-03-27', 'canaryKey1', 918273.25, 'canaryUnused1', 'canaryText5'),
    (918273, 'canaryText2', 918273.5, '1918-03-27', 'canaryKey2', 'nan', 'canaryUnused2', 'canaryText6'),
    (918274, null, null, null, null, null, 'canaryUnused3', null);
"""


def spec(dialect: str) -> Bundle:
    whole = query(
        "s1",
        measure("rows", "count(*)"),
        measure("missing", "count(*) - count(name)"),
        measure("cast", "sum(CAST(name AS int))", "integer", "name"),
        measure("date", "max(CAST(kind AS date))", "date", "kind"),
        measure("small", "sum(CAST(amount AS smallint))", "integer", "amount"),
        measure("top", "max(id)", "integer", "id"),
        measure("newest", "max(day)", "date", "day"),
        measure("text", "max(name)", "text", "name"),
        measure("double", "sum(ratio)", "double", "ratio"),
        measure("nothing", "no_such_function(name)", "integer", "name"),
        measure("gone", "count(lost)", "count", "lost"),
        measure("other", "max(wrong)", "integer", "wrong"),
    )
    groups = query(
        "s2",
        measure("g_total", "sum(amount)", "decimal", "amount"),
        measure("g_cast", "sum(CAST(name AS int))", "integer", "name"),
        keys=["kind"],
    )
    filtered = Query(
        "s3", f"{FROM} WHERE CAST(name AS int) > 0", (measure("f", "count(*)"),), columns=("name",)
    )
    return bundle(
        [
            declared("id", "int"),
            declared("name", "text"),
            declared("amount", "decimal", precision=12, scale=2),
            declared("day", "date"),
            declared("kind", "text"),
            declared("ratio", "double"),
            declared("lost", "int"),
            declared("wrong", "int"),
        ],
        [whole, groups, filtered],
        [
            check(
                "missing", m("missing"), fails("=", "0"), failed=m("missing"), tested=m("rows"), unit="count"
            ),
            check("cast", m("cast"), fails("=", "0")),
            check("date", m("date"), BoundSpec("<", Const("date", "1900-01-01"), "fail"), unit="date"),
            check("small", m("small"), fails("=", "0")),
            check("top", m("top"), fails("=", "0"), withheld=True),
            check(
                "newest",
                m("newest"),
                BoundSpec("<", Const("date", "1900-01-01"), "fail"),
                unit="date",
                withheld=True,
            ),
            check("text", m("text"), BoundSpec("=", Const("text", "x"), "fail"), unit="text", withheld=True),
            check("text_open", m("text"), BoundSpec("=", Const("text", "x"), "fail"), unit="text"),
            check("mixed", m("text"), fails("=", "1"), unit="text"),
            check("double", m("double"), fails("=", "0")),
            check("nothing", m("nothing"), fails("=", "0")),
            check("gone", m("gone"), fails("=", "0")),
            check("other", m("other"), fails("=", "0")),
            check("g_total", m("g_total"), fails("<", "0"), query="s2"),
            check("g_cast", m("g_cast"), fails("<", "0"), query="s2"),
            check("filtered", m("f"), fails("=", "0")),
        ],
        [
            capture("missing", "id", "name", "amount", "day", "kind"),
            capture("top", "id", where="CAST(name AS int) = 1"),
        ],
        dialect=dialect,
        mode="exact",
    )


def assert_clean(*texts: str | bytes) -> None:
    for text in texts:
        text = text.decode(errors="replace") if isinstance(text, bytes) else text
        assert [mark for mark in MARKS if mark in text] == []


@pytest.fixture
def log() -> io.StringIO:
    return io.StringIO()


def test_no_cell_leaves(
    engine: Engine, tmp_path: Path, log: io.StringIO, capfd: pytest.CaptureFixture[str]
) -> None:
    engine.write(TABLE)
    handler = logging.StreamHandler(log)
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    try:
        store = DuckdbStore(tmp_path / "store.duckdb")
        result = run(spec(engine.dialect), lambda _: engine.open(), store=store)
        locked = run(spec(engine.dialect), lambda _: engine.open(), store=DuckdbStore(tmp_path))
    finally:
        root.removeHandler(handler)
        root.setLevel(level)
    report = result.report
    outcomes = {one.id: one.outcome for one in report.checks}
    assert {name for name, outcome in outcomes.items() if outcome is Outcome.ERROR} == {
        *("cast", "date", "small", "mixed", "double", "nothing", "gone", "other", "g_cast", "filtered")
    }
    assert {name for name, outcome in outcomes.items() if outcome is Outcome.FAILED} == {
        *("orders.schema", "missing", "top", "newest", "text", "text_open", "g_total")
    }
    assert locked.report.store_failed
    assert_clean(reports.encode(report), reports.encode(locked.report), repr(report), log.getvalue())
    assert_clean(*capfd.readouterr())
    # On this side the words are there: else this test would search in vain.
    assert "canaryText" in result.details.of("cast").message
    assert "canaryKey" in str(result.details.of("g_total").groups)


def test_a_warehouse_that_chokes_on_a_row_says_a_code(
    engine: Engine, made: Accounts, log: io.StringIO, capfd: pytest.CaptureFixture[str]
) -> None:
    """PostgreSQL repeats the row that it could not take, with all its cells."""
    engine.write(TABLE)
    place = postgres_place(made)
    handler = logging.StreamHandler(log)
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    policy = WarehousePolicy(unmask_sensitive=True)
    try:
        whole = spec(engine.dialect)
        first = run(whole, lambda _: engine.open(), store=place.writer, policy=policy)
        assert not first.report.store_failed, first.details.store_message
        rows = [name for (name,) in place.sql("SELECT place FROM assay.captures ORDER BY 1")]
        for name in rows:
            place.sql(f"ALTER TABLE assay.{name} ADD CONSTRAINT no CHECK (id IS NULL)  NOT VALID")
        choked = run(whole, lambda _: engine.open(), store=place.writer, policy=policy)
    finally:
        root.removeHandler(handler)
        root.setLevel(level)
    assert choked.report.store_code == "23514"
    assert all(one.kept_rows is None for one in choked.report.checks)
    assert [one.outcome for one in choked.report.checks] == [one.outcome for one in first.report.checks]
    assert_clean(reports.encode(first.report), reports.encode(choked.report), log.getvalue())
    assert_clean(*capfd.readouterr())
    assert "918273" in choked.details.store_message, "on this side the words are there"


def test_errors_of_a_warehouse_hold_codes_only(made: Accounts) -> None:
    """Whatever is raised says nothing by itself, nor by what it was raised from."""
    place = postgres_place(made)
    write(made.writer)
    ((name,),) = place.sql("SELECT place FROM assay.captures")
    place.sql(f"ALTER TABLE assay.{name} ADD CONSTRAINT no CHECK (a < 918273)")
    wrong = elsewhere(made.writer, password="canary-pass")
    for attempt in (
        lambda: write(made.writer, "r2", value=918273),
        lambda: write(made.writer, "canaryText\0"),
        lambda: write(wrong),
        lambda: store(wrong).undelivered(),
        lambda: store(wrong).delivered("canaryKey"),
        lambda: store(wrong).prune(),
        lambda: store(wrong).runs("canaryKey"),
        lambda: store(made.writer).read("canaryKey", "canaryText\0"),
        lambda: store(made.writer).groups("canaryKey", "canaryText\0"),
    ):
        with pytest.raises(StoreError) as caught:
            attempt()
        error = caught.value
        assert_clean(repr(error), str(error), repr(error.args), error.code, repr(error.__context__))
        assert error.__context__ is None
    assert_clean(repr(wrong), repr(store(wrong)), repr(wrong.server))


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT CAST(name AS int) FROM public.orders",
        "SELECT CAST(name AS date) FROM public.orders",
        "SELECT CAST(amount AS smallint) FROM public.orders",
        "SELECT CAST(name AS uuid) FROM public.orders",
        "SELECT CAST(kind AS timestamp) FROM public.orders",
        "SELECT canarycolumn, lost FROM public.orders",
    ],
)
def test_exceptions_hold_codes_only(engine: Engine, sql: str) -> None:
    engine.write(TABLE)
    session = engine.open()
    for ask in (lambda: session.one(sql, {}), lambda: list(session.rows(sql, {}).batches())):
        with pytest.raises(EngineError) as caught:
            ask()
        error = caught.value
        assert_clean(repr(error), str(error), repr(error.args), error.code, repr(error.__context__))
        assert error.__context__ is None
    session.close()


def job(folder: Path, engine: Engine, one: Bundle) -> subprocess.CompletedProcess[bytes]:
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
        report="stdout",
    )
    (folder / "bundle.json").write_bytes(data)
    (folder / "source.json").write_bytes(msgspec.json.encode(source))
    (folder / "run.json").write_bytes(runs.encode(told))
    command = [sys.executable, "-I", "-m", "assay.runner", "--spec", str(folder / "run.json")]
    environment = {**os.environ, "ASSAY_SECRET_DB_PASSWORD": engine.password}
    return subprocess.run(command, capture_output=True, env=environment, check=False, timeout=60)


def test_the_job_prints_a_report_and_codes(engine: Engine, tmp_path: Path) -> None:
    engine.write(TABLE)
    done = job(tmp_path, engine, spec(engine.dialect))
    assert done.returncode == 0, done.stderr
    report = reports.decode(done.stdout)
    assert report.outcome is Outcome.ERROR
    assert_clean(done.stdout, done.stderr)
    if engine.password:
        assert engine.password.encode() not in done.stdout + done.stderr
