"""What every adapter must do, asked of each in the same words."""

from __future__ import annotations

import math
import threading
import time
import tracemalloc
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from assay.protocol.bundle import TypeSpec
from assay.protocol.report import Reason
from assay.protocol.source import PostgresSource
from assay.runner.engines import open_session
from assay.runner.engines.port import BindValue, EngineError, Session
from tests.runner.conftest import Engine, duckdb_engine, postgres_engine
from tests.support.postgres import Server


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    engine.write(
        """
        CREATE TABLE public.things (
            small smallint NOT NULL, whole int, big bigint, exact decimal(12, 2), loose double precision,
            name varchar, flag boolean, day date, stamp timestamp, moment timestamptz, one uuid);
        INSERT INTO public.things VALUES
            (1, 2, 3, 4.50, 0.5, 'ä🎈''"', true, '2024-02-29', '2024-02-29 10:00:00',
             '2024-02-29 12:00:00+02:00', '00000000-0000-0000-0000-000000000001'),
            (2, null, null, null, null, null, null, null, null, null, null);
        CREATE VIEW public.shown AS SELECT small, name FROM public.things;
        """
    )
    opened = engine.open()
    yield opened
    opened.close()


def failure(session: Session, sql: str) -> EngineError:
    with pytest.raises(EngineError) as caught:
        session.one(sql, {})
    assert caught.value.__context__ is None, "the driver's exception holds the database's words"
    assert caught.value.__cause__ is None
    return caught.value


def many(engine: Engine, count: int) -> str:
    word = "range" if engine.dialect == "duckdb" else "generate_series"
    return f"{word}(1, {count + (engine.dialect == 'duckdb')})"


def test_catalog_gives_columns_in_order_with_types(session: Session) -> None:
    columns = session.catalog(("public", "things"))
    assert columns is not None
    assert [(column.name, column.type.kind) for column in columns] == [
        ("small", "smallint"),
        ("whole", "int"),
        ("big", "bigint"),
        ("exact", "decimal"),
        ("loose", "double"),
        ("name", "text"),
        ("flag", "boolean"),
        ("day", "date"),
        ("stamp", "timestamp"),
        ("moment", "timestamptz"),
        ("one", "uuid"),
    ]
    assert columns[3].type == TypeSpec("decimal", precision=12, scale=2)
    assert [column.nullable for column in columns[:2]] == [False, True]


def test_views_are_tables_and_what_is_not_there_is_none(session: Session) -> None:
    shown = session.catalog(("public", "shown"))
    assert shown is not None
    assert [column.name for column in shown] == ["small", "name"]
    assert session.catalog(("public", "nothing")) is None
    assert session.catalog(("nowhere", "things")) is None
    assert session.catalog(("a", "b", "c", "d")) is None


def test_a_path_of_one_part_is_found_in_the_usual_schema(engine: Engine) -> None:
    engine.write("CREATE TABLE plain (a int)")
    session = engine.open()
    assert session.catalog(("plain",)) is not None
    assert session.one('SELECT count(*) FROM "plain"', {}) == (0,)
    session.close()


@pytest.mark.parametrize(
    "name", ['q"uote', "dot.ted", "select", "🎈", "back\\slash", "per%cent", "$1", "ünï"]
)
def test_any_name_can_be_a_table_and_a_column(engine: Engine, name: str) -> None:
    quoted = '"' + name.replace('"', '""') + '"'
    engine.write(f"CREATE TABLE public.{quoted} ({quoted} int); INSERT INTO public.{quoted} VALUES (7)")
    session = engine.open()
    columns = session.catalog(("public", name))
    assert columns is not None
    assert [column.name for column in columns] == [name]
    assert session.one(f'SELECT max({quoted}) FROM "public".{quoted}', {}) == (7,)
    session.close()


def test_a_table_can_be_very_wide(engine: Engine) -> None:
    names = [f"c{number}" for number in range(1600)]
    engine.write(f"CREATE TABLE public.wide ({', '.join(f'{name} int' for name in names)})")
    session = engine.open()
    columns = session.catalog(("public", "wide"))
    assert columns is not None
    assert [column.name for column in columns] == names
    assert (
        session.one(f"SELECT {', '.join(f'count({name})' for name in names)} FROM public.wide", {})
        == (0,) * 1600
    )
    session.close()


def test_values_come_as_python_has_them(session: Session) -> None:
    row = session.one("SELECT * FROM public.things WHERE small = 1", {})
    assert row[:5] == (1, 2, 3, Decimal("4.50"), 0.5)
    assert row[5:9] == ("ä🎈'\"", True, date(2024, 2, 29), datetime(2024, 2, 29, 10))
    assert row[9] == datetime(2024, 2, 29, 10, tzinfo=UTC)
    assert str(row[10]) == "00000000-0000-0000-0000-000000000001"
    assert session.one("SELECT * FROM public.things WHERE small = 2", {})[1:] == (None,) * 10


def test_extreme_values_do_not_break_the_row(session: Session) -> None:
    row = session.one(
        "SELECT CAST('nan' AS double precision), CAST('inf' AS double precision),"
        " CAST('-inf' AS double precision), CAST('20000-01-01' AS date), CAST('infinity' AS timestamp)",
        {},
    )
    assert isinstance(row[0], float)
    assert math.isnan(row[0])
    assert row[1:3] == (math.inf, -math.inf)
    assert str(row[3]) == "20000-01-01"
    assert row[4] is not None


def test_binds_are_typed_and_unused_ones_are_fine(session: Session, engine: Engine) -> None:
    moment = datetime(2024, 2, 29, 10, tzinfo=UTC)
    binds: dict[str, BindValue] = {
        "unused": "x",
        "now": moment,
        "today": moment.date(),
        "text": "it's",
        "n": Decimal("1.5"),
    }
    now, text = ("$now", "$text") if engine.dialect == "duckdb" else ("$2", "$4")
    row = session.one(f"SELECT count(*), max({text}) FROM public.things WHERE moment >= {now}", binds)
    assert row == (1, "it's")


def test_rows_come_in_batches_with_their_types(session: Session, engine: Engine) -> None:
    rows = session.rows(f"SELECT n, CAST(n AS decimal(9, 3)) AS d FROM {many(engine, 2500)} AS r(n)", {})
    assert [name for name, _ in rows.columns] == ["n", "d"]
    assert rows.columns[1][1] == "DECIMAL(9,3)"
    assert [len(batch) for batch in rows.batches()] == [1000, 1000, 500]


def test_a_result_without_rows_has_columns(session: Session) -> None:
    rows = session.rows("SELECT whole, moment FROM public.things WHERE false", {})
    assert rows.columns == [("whole", "INTEGER"), ("moment", "TIMESTAMP WITH TIME ZONE")]
    assert list(rows.batches()) == []


def test_memory_does_not_grow_with_the_rows(session: Session, engine: Engine) -> None:
    rows = session.rows(f"SELECT n, CAST(n AS varchar) || 'text' FROM {many(engine, 100_000)} AS r(n)", {})
    tracemalloc.start()
    assert sum(len(batch) for batch in rows.batches()) == 100_000
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 2_000_000


def test_a_result_may_be_left_unread(session: Session, engine: Engine) -> None:
    batches = session.rows(f"SELECT n FROM {many(engine, 100_000)} AS r(n)", {}).batches()
    next(batches)
    assert session.one("SELECT count(*) FROM public.things", {}) == (2,)


@pytest.mark.parametrize(
    ("sql", "reason"),
    [
        ("SELECT CAST(name AS int) FROM public.things", Reason.DATA_ERROR),
        ("SELECT CAST(small + 300000 AS smallint) FROM public.things", Reason.OVERFLOW),
        ("SELECT no_such_function(1)", Reason.ENGINE_ERROR),
        ("SELECT nothing FROM public.things", None),
        ("SELECT 1 FROM public.nothing", None),
        ("SELECT 'unfinished", None),
    ],
)
def test_a_failure_is_coded_and_the_session_goes_on(
    session: Session, engine: Engine, sql: str, reason: Reason | None
) -> None:
    fault = failure(session, sql)
    if reason is not None and (engine.dialect, reason) != ("duckdb", Reason.OVERFLOW):
        assert fault.reason is reason
    assert fault.retry_smaller
    assert "🎈" not in repr(fault) + str(fault)
    assert session.one("SELECT count(*) FROM public.things", {}) == (2,)


@pytest.mark.parametrize(
    "sql",
    [
        "INSERT INTO public.things (small) VALUES (3)",
        "UPDATE public.things SET small = 3",
        "DELETE FROM public.things",
        "CREATE TABLE public.mine (a int)",
        "CREATE TEMP TABLE mine (a int)",
        "DROP TABLE public.things",
        "COPY public.things TO '/tmp/assay-test-out'",
        "SET TimeZone = 'Europe/Brussels'",
        "COMMIT",
        "ATTACH ':memory:' AS other",
        "SELECT 1; SELECT 2",
        "SELECT 1; COMMIT; CREATE TABLE public.mine (a int)",
        "WITH gone AS (DELETE FROM public.things RETURNING 1) SELECT * FROM gone",
    ],
)
def test_nothing_but_one_select_runs(session: Session, sql: str) -> None:
    failure(session, sql)
    assert session.one("SELECT count(*) FROM public.things", {}) == (2,)
    assert session.catalog(("public", "mine")) is None


def test_files_of_the_machine_stay_shut(tmp_path: Path) -> None:
    """PostgreSQL guards its server's files by rights of their own."""
    engine = duckdb_engine(tmp_path)
    engine.write("CREATE TABLE public.t (a int)")
    session = engine.open()
    for sql in (
        "SELECT * FROM read_csv('/etc/passwd')",
        "SELECT * FROM read_text('/etc/passwd')",
        "SELECT * FROM glob('/etc/*')",
        "SELECT * FROM '/etc/passwd'",
        "SELECT * FROM 'https://example.com/x.parquet'",
    ):
        failure(session, sql)
    session.close()


def test_one_snapshot_from_open_to_close(postgres_database: Server) -> None:
    """A DuckDB file that is read cannot be written to at the same time."""
    engine = postgres_engine(postgres_database)
    engine.write("CREATE TABLE public.t (a int)")
    session = engine.open()
    assert session.one("SELECT count(*) FROM public.t", {}) == (0,)
    engine.write("INSERT INTO public.t VALUES (1)")
    failure(session, "SELECT CAST('x' AS int)")
    assert session.one("SELECT count(*) FROM public.t", {}) == (0,)
    session.close()


def slow(engine: Engine) -> str:
    one, two = many(engine, 10_000_000), many(engine, 100_000)
    return f"SELECT count(*) FROM {one} AS a(n), {two} AS b(n) WHERE a.n % 7 = b.n % 11"


def test_cancel_from_another_thread_stops_the_server(session: Session, engine: Engine) -> None:
    timer = threading.Timer(0.3, session.cancel)
    timer.start()
    before = time.monotonic()
    assert failure(session, slow(engine)).reason is Reason.CANCELLED
    assert time.monotonic() - before < 5
    assert session.one("SELECT count(*) FROM public.things", {}) == (2,)


def test_a_statement_that_takes_too_long_is_a_timeout(engine: Engine) -> None:
    engine.write("CREATE TABLE public.t (a int)")
    session = engine.open(statement_seconds=0.3)
    assert failure(session, slow(engine)).reason is Reason.TIMEOUT
    assert session.one("SELECT count(*) FROM public.t", {}) == (0,)
    session.close()


def test_time_is_utc(session: Session) -> None:
    assert session.one("SELECT CAST(CAST('2024-07-01 00:00:00+00' AS timestamptz) AS varchar)", {}) == (
        "2024-07-01 00:00:00+00",
    )


def test_the_environment_does_not_say_where_to_connect(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine.write("CREATE TABLE public.t (a int)")
    for name, value in {
        "PGHOSTADDR": "192.0.2.1",
        "PGSERVICE": "elsewhere",
        "PGOPTIONS": "-c nothing=1",
        "PGSSLMODE": "verify-full",
        "PGPORT": "1",
    }.items():
        monkeypatch.setenv(name, value)
    session = engine.open()
    assert session.catalog(("public", "t")) is not None
    session.close()


def test_a_wrong_password_is_not_told(postgres_database: Server) -> None:
    engine = postgres_engine(postgres_database)
    with pytest.raises(EngineError) as caught:
        open_session(engine.source, lookup=lambda _: "wrong-s3cret")
    assert caught.value.reason in (Reason.CONNECTION, Reason.PERMISSION)
    assert "wrong-s3cret" not in str(caught.value) + caught.value.detail
    with pytest.raises(EngineError) as caught:
        open_session(engine.source)
    assert "DB_PASSWORD" in caught.value.detail


def test_a_silent_host_is_given_up() -> None:
    source = PostgresSource("192.0.2.1", "d", "u", sslmode="prefer", connect_timeout=2)
    before = time.monotonic()
    with pytest.raises(EngineError) as caught:
        open_session(source)
    assert caught.value.reason is Reason.CONNECTION
    assert time.monotonic() - before < 5
