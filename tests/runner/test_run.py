"""Whole runs of bundles made by hand, on both engines where the engine matters."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from assay.protocol import report as reports
from assay.protocol.bundle import Apply, BindRef, BindSpec, Bundle, GuardSpec, Query, TypeSpec, encode
from assay.protocol.report import CheckResult, Outcome, Reason
from assay.protocol.source import DuckdbSource, FileTable
from assay.runner.binds import ParameterError, bind_values
from assay.runner.engines import open_session
from assay.runner.engines.port import BindValue, CatalogColumn, Cell, EngineError, Table
from assay.runner.run import BundleError, Cancel, RunResult, run
from tests.runner.builders import (
    FROM,
    bundle,
    check,
    declared,
    fails,
    m,
    measure,
    number,
    query,
    ratio,
)
from tests.runner.conftest import Engine

ID = declared("id", "int")
AMOUNT = declared("amount", "decimal", precision=12, scale=2)
NAME = declared("name", "text")
TABLE = "CREATE TABLE public.orders (id int, amount decimal(12, 2), name varchar)"


def execute(engine: Engine, spec: Bundle) -> tuple[dict[str, CheckResult], RunResult]:
    result = run(encode(spec), lambda _: engine.open())
    assert reports.decode(reports.encode(result.report)) == result.report
    return {one.id: one for one in result.report.checks}, result


def counts(*columns: str) -> Query:
    return query(
        "s1", measure("rows", "count(*)"), *(measure(f"n_{c}", f'count("{c}")', "count", c) for c in columns)
    )


def test_one_bad_measure_is_one_error(engine: Engine) -> None:
    engine.write(f"{TABLE}; INSERT INTO public.orders VALUES (1, 2, 'x'), (2, 3, 'y')")
    names = [f"m{number_}" for number_ in range(12)]
    measures = [measure(name, f"sum(id + {place})", "integer", "id") for place, name in enumerate(names)]
    measures[5] = measure("m5", "sum(CAST(name AS int))", "integer", "name")
    measures[9] = measure("m9", "no_such_function(id)", "integer", "id")
    spec = bundle(
        [ID, NAME],
        [query("s1", *measures)],
        [check(name, m(name), fails(">", "0")) for name in names],
        dialect=engine.dialect,
    )
    results, result = execute(engine, spec)
    errors = {name for name in names if results[name].outcome is Outcome.ERROR}
    assert errors == {"m5", "m9"}
    assert results["m5"].reason is Reason.DATA_ERROR
    assert "x" in result.details.of("m5").message
    assert results["m4"].value == "11"
    assert result.report.summary.passed == 11
    assert result.report.outcome is Outcome.ERROR


def test_a_failing_filter_is_not_split_for_ever(engine: Engine) -> None:
    engine.write(f"{TABLE}; INSERT INTO public.orders VALUES (1, 2, 'x')")
    measures = [measure(f"m{place}", f"sum(id + {place})", "integer", "id") for place in range(16)]
    broken = Query("s1", f"{FROM} WHERE CAST(name AS int) > 0", tuple(measures), columns=("name",))
    spec = bundle([ID, NAME], [broken], [check("c", m("m3"), fails(">", "0"))], dialect=engine.dialect)
    results, result = execute(engine, spec)
    assert results["c"].reason is Reason.DATA_ERROR
    assert result.report.scans == 2


def test_groups_are_split_by_check(engine: Engine) -> None:
    engine.write(f"{TABLE}; INSERT INTO public.orders VALUES (1, 2, 'x'), (1, 4, 'y'), (2, 30, 'z')")
    grouped = query(
        "s1",
        measure("total", "sum(amount)", "decimal", "amount"),
        measure("bad", "sum(CAST(name AS int))", "integer", "name"),
        measure("mean", "avg(CAST(amount AS double precision))", "double", "amount"),
        keys=["id"],
    )
    spec = bundle(
        [ID, AMOUNT, NAME],
        [grouped],
        [
            check("total", m("total"), fails("<", "10"), query="s1"),
            check("bad", m("bad"), fails("<", "10"), query="s1"),
            check("mean", m("mean"), fails(">=", "3"), query="s1"),
        ],
        dialect=engine.dialect,
    )
    results, result = execute(engine, spec)
    assert (results["total"].outcome, results["total"].groups, results["total"].failed_groups) == (
        "failed",
        2,
        1,
    )
    assert results["bad"].reason is Reason.DATA_ERROR
    assert results["mean"].outcome is Outcome.PASSED
    worst = result.details.of("total").groups
    assert [group.keys for group in worst] == [("2",)]
    assert result.details.of("total").keys == ("id",)


def test_missing_and_changed_columns_stop_only_what_reads_them(engine: Engine) -> None:
    engine.write('CREATE TABLE public.orders (id int, amount varchar, "Name" varchar, more int)')
    spec = bundle(
        [ID, AMOUNT, NAME],
        [counts("id", "amount", "name")],
        [check(name, m(name), fails(">=", "0")) for name in ("rows", "n_id", "n_amount", "n_name")],
        dialect=engine.dialect,
        mode="exact",
    )
    results, result = execute(engine, spec)
    assert [results[name].reason for name in ("rows", "n_id", "n_amount", "n_name")] == [
        Reason.WITHIN_BOUNDS,
        Reason.WITHIN_BOUNDS,
        Reason.TYPE_MISMATCH,
        Reason.MISSING_COLUMN,
    ]
    schema = results["orders.schema"]
    assert (schema.outcome, schema.reason, schema.value) == (Outcome.FAILED, Reason.MISSING_COLUMN, "4")
    said = [fault.text for fault in result.details.of("orders.schema").schema]
    assert any("upper and lower case" in text for text in said)
    assert any("`more`" in text for text in said)
    assert b"more" not in reports.encode(result.report)


@pytest.mark.parametrize("mode", ["exact", "ordered"])
def test_the_order_of_columns_counts_only_where_it_is_promised(engine: Engine, mode: str) -> None:
    engine.write("CREATE TABLE public.orders (name varchar, id int)")
    spec = bundle(
        [ID, NAME], [], [], dialect=engine.dialect, mode="ordered" if mode == "ordered" else "exact"
    )
    results, _ = execute(engine, spec)
    assert results["orders.schema"].reason is (
        Reason.COLUMN_ORDER if mode == "ordered" else Reason.WITHIN_BOUNDS
    )


def test_a_missing_table_is_an_error_of_every_check(engine: Engine) -> None:
    engine.write("CREATE TABLE public.other (id int)")
    spec = bundle([ID], [counts("id")], [check("c", m("rows"), fails(">", "0"))], dialect=engine.dialect)
    results, result = execute(engine, spec)
    assert {one.reason for one in results.values()} == {Reason.MISSING_TABLE}
    assert result.report.outcome is Outcome.ERROR


def test_a_missing_further_table_stops_only_its_own_scan(engine: Engine) -> None:
    engine.write(f"{TABLE}; INSERT INTO public.orders VALUES (1, 2, 'x')")
    orphans = Query(
        "s2",
        f"{FROM} WHERE id NOT IN (SELECT id FROM nowhere.t)",
        (measure("o", "count(*)"),),
        tables=(("nowhere", "t"),),
    )
    spec = bundle(
        [ID],
        [counts("id"), orphans],
        [check("c", m("rows"), fails(">", "0")), check("o", m("o"), fails("=", "0"))],
        dialect=engine.dialect,
    )
    results, _ = execute(engine, spec)
    assert results["c"].outcome is Outcome.PASSED
    assert results["o"].reason is Reason.MISSING_TABLE


def numbers(engine: Engine, rows: str) -> dict[str, CheckResult]:
    engine.write(TABLE + rows)
    spec = bundle(
        [ID, AMOUNT],
        [
            query(
                "s1",
                measure("rows", "count(*)"),
                measure("missing", "count(*) - count(amount)"),
                measure("total", "sum(amount)", "decimal", "amount"),
                measure("newest", "max(id) * 1000000", "micros", "id"),
            )
        ],
        [
            check("rows", m("rows"), fails(">=", "0"), unit="count"),
            check("share", ratio(m("missing"), m("rows")), fails("<", "0.5"), unit="ratio", tested=m("rows")),
            check("total", m("total"), fails("<=", "10")),
            check("mean", Apply("div", (m("total"), m("rows"))), fails("<=", "10")),
            check(
                "age",
                Apply("div", (Apply("sub", (BindRef("now_micros"), m("newest"))), number("1000000"))),
                fails(">", "0"),
                unit="duration",
            ),
        ],
        dialect=engine.dialect,
        binds=[BindSpec("now", TypeSpec("timestamptz"))],
    )
    return execute(engine, spec)[0]


def test_an_empty_table_passes_nothing_in_silence(engine: Engine) -> None:
    results = numbers(engine, "")
    assert results["rows"].outcome is Outcome.PASSED
    assert (results["share"].outcome, results["share"].reason) == (Outcome.NOT_EVALUATED, Reason.NO_ROWS)
    assert results["total"].reason is Reason.NULL_VALUE
    assert results["mean"].outcome is Outcome.NOT_EVALUATED
    assert results["age"].outcome is Outcome.NOT_EVALUATED


def test_a_column_of_nulls(engine: Engine) -> None:
    results = numbers(engine, "; INSERT INTO public.orders VALUES (1, null, null), (2, null, null)")
    assert (results["share"].outcome, results["share"].value) == (Outcome.FAILED, "1")
    assert results["total"].reason is Reason.NULL_VALUE


def test_numbers_that_are_none(engine: Engine) -> None:
    engine.write(
        "CREATE TABLE public.orders (x double precision); INSERT INTO public.orders VALUES ('nan'), (1)"
    )
    spec = bundle(
        [declared("x", "double")],
        [
            query(
                "s1",
                measure("sum", "sum(x)", "double", "x"),
                measure("rows", "count(*)"),
                measure("big", "sum(CAST(x AS decimal(38, 0)))", "decimal", "x"),
            )
        ],
        [
            check("sum", m("sum"), fails(">", "0")),
            check("div", Apply("div", (m("rows"), number("0"))), fails(">", "0")),
            check("rows", m("rows"), fails("=", "2")),
        ],
        dialect=engine.dialect,
    )
    results, _ = execute(engine, spec)
    assert results["sum"].reason is Reason.NOT_FINITE
    assert results["div"].reason is Reason.DIVISION_BY_ZERO
    assert results["rows"].outcome is Outcome.PASSED


def test_a_guard_saves_its_scan(engine: Engine) -> None:
    engine.write(f"{TABLE}; INSERT INTO public.orders VALUES (1, 2, 'x')")
    guarded = Query(
        "s2",
        FROM,
        (measure("d", "sum(CAST(name AS int))", "count", "name"),),
        guard=GuardSpec(Apply("sub", (m("rows"), m("n_id")))),
    )
    spec = bundle(
        [ID, NAME], [counts("id"), guarded], [check("d", m("d"), fails("=", "0"))], dialect=engine.dialect
    )
    results, result = execute(engine, spec)
    assert results["d"].outcome is Outcome.PASSED
    assert result.report.scans == 1


def test_withheld_values_stay(engine: Engine) -> None:
    engine.write(f"{TABLE}; INSERT INTO public.orders VALUES (71077, 2, 'cell')")
    spec = bundle(
        [ID, NAME],
        [query("s1", measure("a", "max(id)", "integer", "id"), measure("b", "max(name)", "text", "name"))],
        [check("a", m("a"), fails(">", "0"), withheld=True), check("b", m("b"), unit="text")],
        dialect=engine.dialect,
    )
    results, result = execute(engine, spec)
    assert results["a"].withheld
    assert results["b"].withheld
    assert result.details.of("b").value == "cell"
    assert b"71077" not in reports.encode(result.report)


# -- binds


def test_parameters_are_typed_and_defaults_relative() -> None:
    now = datetime(2024, 3, 31, 10, 30, tzinfo=UTC)
    specs = (
        BindSpec("now", TypeSpec("timestamptz")),
        BindSpec("today", TypeSpec("date")),
        BindSpec("since", TypeSpec("date"), "today-7d"),
        BindSpec("month", TypeSpec("date"), "today-1mon"),
        BindSpec("recent", TypeSpec("timestamptz"), "now-2h"),
        BindSpec("least", TypeSpec("decimal", precision=9, scale=2)),
        BindSpec("count", TypeSpec("int"), "1_000"),
    )
    assert bind_values(specs, {"least": "1.50"}, now) == {
        "now": now,
        "today": date(2024, 3, 31),
        "since": date(2024, 3, 24),
        "month": date(2024, 2, 29),
        "recent": datetime(2024, 3, 31, 8, 30, tzinfo=UTC),
        "least": Decimal("1.50"),
        "count": 1000,
    }
    for wrong in (
        {},
        {"least": "much"},
        {"least": "nan"},
        {"least": "1", "count": "2147483648"},
        {"lest": "1"},
    ):
        with pytest.raises(ParameterError):
            bind_values(specs, wrong, now)


def test_what_is_no_bundle_is_refused(engine: Engine) -> None:
    with pytest.raises(BundleError):
        run(b"{}", lambda _: engine.open())


# -- stopping


@dataclass
class Fake:
    """A session that records, and fails or waits as told."""

    wait: threading.Event = field(default_factory=threading.Event)
    asked: list[str] = field(default_factory=list)
    fail: Mapping[int, EngineError] = field(default_factory=dict)
    hang_at: int = -1
    closed: bool = False

    def catalog(self, table: Table) -> tuple[CatalogColumn, ...]:  # noqa: ARG002 - the port's signature
        return (CatalogColumn("id", TypeSpec("int"), "int", True),)

    def one(self, sql: str, binds: Mapping[str, BindValue]) -> tuple[Cell, ...]:  # noqa: ARG002
        place = len(self.asked)
        self.asked.append(sql)
        if place == self.hang_at:
            assert self.wait.wait(5)
            raise EngineError(Reason.CANCELLED, "57014", "canceling")
        if place in self.fail:
            raise self.fail[place]
        return (1,)

    def shortened(self, sql: str, column: CatalogColumn, most: int) -> str:  # noqa: ARG002
        return sql

    def rows(self, sql: str, binds: Mapping[str, BindValue], *, batch: int = 1000) -> Fake:
        raise NotImplementedError

    columns = ()

    def batches(self) -> Iterator[list[tuple[Cell, ...]]]:
        return iter(())

    def cancel(self) -> None:
        self.wait.set()

    def close(self) -> None:
        self.closed = True


def three() -> Bundle:
    queries = [query(f"s{place}", measure(f"m{place}", "count(*)")) for place in range(3)]
    return bundle([ID], queries, [check(f"c{place}", m(f"m{place}"), fails("=", "1")) for place in range(3)])


def test_an_interrupted_run_keeps_what_it_has() -> None:
    fake, cancel = Fake(hang_at=1), Cancel()
    threading.Timer(0.1, cancel.stop).start()
    result = run(three(), lambda _: fake, cancel=cancel)
    outcomes = {one.id: (one.outcome, one.reason) for one in result.report.checks}
    assert outcomes["c0"] == (Outcome.PASSED, Reason.WITHIN_BOUNDS)
    assert outcomes["c1"] == outcomes["c2"] == (Outcome.ERROR, Reason.CANCELLED)
    assert fake.closed
    assert len(fake.asked) == 2


def test_a_run_has_an_end() -> None:
    result = run(three(), lambda _: Fake(hang_at=0), run_seconds=0.1)
    assert {one.reason for one in result.report.checks if one.id != "orders.schema"} == {Reason.TIMEOUT}


def test_a_lost_connection_ends_the_run_with_a_report() -> None:
    fake = Fake(fail={1: EngineError(Reason.CONNECTION, "57P01", "server closed")})
    result = run(three(), lambda _: fake)
    assert [one.reason for one in result.report.checks[1:]] == [
        Reason.WITHIN_BOUNDS,
        Reason.CONNECTION,
        Reason.CONNECTION,
    ]


def test_a_source_that_cannot_be_opened_is_a_report() -> None:
    def closed(_: Bundle) -> Fake:
        raise EngineError(Reason.CONNECTION, "FileNotFound", "/some/where")

    result = run(three(), closed)
    assert {one.reason for one in result.report.checks} == {Reason.CONNECTION}
    assert b"where" not in reports.encode(result.report)


def test_a_key_press_stops_a_long_query(engine: Engine) -> None:
    engine.write(TABLE)
    word = "range" if engine.dialect == "duckdb" else "generate_series"
    slow = f"FROM {word}(1, 10000000) a(n), {word}(1, 100000) b(n) WHERE a.n % 7 = b.n % 11"
    spec = bundle(
        [ID],
        [query("s1", measure("x", "count(*)"), source=slow)],
        [check("x", m("x"))],
        dialect=engine.dialect,
    )
    cancel = Cancel()
    threading.Timer(0.3, cancel.stop).start()
    before = time.monotonic()
    result = run(spec, lambda _: engine.open(), cancel=cancel)
    assert time.monotonic() - before < 5
    assert result.report.checks[1].reason is Reason.CANCELLED


# -- files


def test_a_csv_file_takes_the_declared_types(tmp_path: Path) -> None:
    (tmp_path / "public").mkdir()
    (tmp_path / "public" / "orders.csv").write_text(
        "id,amount,name,when\n1,2.5,007,2024-01-01 10:00:00\n2,,08,\n"
    )
    columns = [ID, AMOUNT, NAME, declared("when", "timestamptz")]
    spec = bundle(
        columns,
        [
            query(
                "s1",
                measure("total", "sum(amount)", "decimal", "amount"),
                measure("name", "min(name)", "text", "name"),
            )
        ],
        [check("total", m("total"), fails("=", "2.5")), check("name", m("name"), unit="text")],
        mode="ordered",
    )
    source = DuckdbSource(folder=".")
    result = run(spec, lambda b: open_session(source, base=tmp_path, declared={b.table: b.columns}))
    assert [one.outcome for one in result.report.checks] == ["passed", "passed", "passed"]
    assert result.details.of("name").value == "007"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("id,amount\nx,1\n", Reason.TYPE_MISMATCH),
        ("id,amount\n1.5,1\n", Reason.TYPE_MISMATCH),
        ("id,amount\n1,0.001\n", Reason.TYPE_MISMATCH),
        ("id;amount\n1;1\n", Reason.WITHIN_BOUNDS),
    ],
)
def test_a_csv_value_that_loses_something_keeps_its_type(
    tmp_path: Path, content: str, reason: Reason
) -> None:
    (tmp_path / "orders.csv").write_text(content)
    spec = bundle([ID, AMOUNT], [], [])
    result = run(
        spec,
        lambda b: open_session(
            DuckdbSource(files=(file_table(tmp_path / "orders.csv"),)), declared={b.table: b.columns}
        ),
    )
    assert result.report.checks[0].reason is reason


def file_table(path: Path) -> FileTable:

    return FileTable(("public", "orders"), str(path))


def test_a_broken_file_is_a_clean_error(tmp_path: Path) -> None:
    (tmp_path / "broken.duckdb").write_bytes(b"no database at all" * 1000)
    (tmp_path / "public").mkdir()
    (tmp_path / "public" / "orders.parquet").write_bytes(b"no parquet")
    for source in (
        DuckdbSource(path="broken.duckdb"),
        DuckdbSource(folder="."),
        DuckdbSource(path="missing"),
    ):
        result = run(bundle([ID], [], []), lambda _, s=source: open_session(s, base=tmp_path))  # type: ignore[misc]
        assert result.report.outcome is Outcome.ERROR
        assert result.details.message


def test_files_do_not_leave_their_folder(tmp_path: Path) -> None:
    (tmp_path / "inside").mkdir()
    (tmp_path / "secret.csv").write_text("id\n1\n")
    (tmp_path / "inside" / "orders.csv").symlink_to(tmp_path / "secret.csv")
    session = open_session(DuckdbSource(folder="inside"), base=tmp_path)
    with pytest.raises(EngineError):
        session.catalog(("orders",))
    assert session.catalog(("..", "secret")) is None
    with pytest.raises(EngineError):
        open_session(DuckdbSource(folder=".."), base=tmp_path / "inside")
