"""Data and servers as they should not be: each gives a coded outcome in bounded time, and never a traceback.

Every case runs the real command as a process of its own; most do so on both engines.
"""

from __future__ import annotations

import json
import os
import resource
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import duckdb
import psycopg
import pytest

from tests.cli.conftest import COMMAND, environment
from tests.support.postgres import Server

SECONDS = 10.0
ROWS = 20_000
ENGINES = ("duckdb", "postgres")


@dataclass(frozen=True)
class Ran:
    """What a `verify --json` came to. `checks` has the outcome and the reason of each check."""

    code: int
    out: str
    err: str
    seconds: float

    @property
    def report(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.out)
        return found

    @property
    def checks(self) -> dict[str, str]:
        return {check["id"]: f"{check['outcome']} {check['reason']}" for check in self.report["checks"]}


@dataclass(frozen=True)
class Engine:
    """A data source `src` whose tables are in the schema `public`, and a contract of them."""

    name: str
    folder: Path
    server: Server | None

    def sql(self, *statements: str) -> None:
        if self.server is not None:
            with self.server.connect() as connection:
                for statement in statements:
                    connection.execute(statement.encode())
            return
        with duckdb.connect(str(self.folder / "src.duckdb")) as connection:
            connection.execute("CREATE SCHEMA IF NOT EXISTS public")
            for statement in statements:
                connection.execute(statement)

    def contract(self, body: str, table: str = "things") -> None:
        (self.folder / "x.contract").write_text(
            f"contract a.things version 1.0.0 {{\n dataset src.public.{table}\n{body}\n}}\n", encoding="utf-8"
        )

    def verify(self, *arguments: str, seconds: float = SECONDS, **changes: str) -> Ran:
        return verify("--json", *arguments, seconds=seconds, **{"DB_PASSWORD": self.password, **changes})

    @property
    def password(self) -> str:
        return self.server.password if self.server is not None else ""


def verify(*arguments: str, seconds: float = SECONDS, **changes: str) -> Ran:
    started = time.monotonic()
    ended = subprocess.run(
        [*COMMAND, "verify", *arguments],
        capture_output=True,
        env=environment(**changes),
        timeout=60,
        check=False,
    )
    spent = time.monotonic() - started
    out, err = ended.stdout.decode(), ended.stderr.decode()
    assert "Traceback" not in out + err
    assert "E901" not in out + err
    assert spent < seconds, f"{spent:.1f} s"
    return Ran(ended.returncode, out, err, spent)


def postgres_source(server: Server, **changes: object) -> str:
    fields: dict[str, object] = {
        "type": "postgres",
        "host": server.host,
        "port": server.port,
        "database": server.dbname,
        "user": server.user,
        "password": "${env.DB_PASSWORD}",
    }
    return json.dumps({"sources": {"src": fields | changes}})


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest, folder: Path) -> Engine:
    if request.param == "duckdb":
        (folder / "assay.yml").write_text("sources: {src: {type: duckdb, path: src.duckdb}}")
        return Engine("duckdb", folder, None)
    return postgres_engine(request, folder)


@pytest.fixture
def postgres(request: pytest.FixtureRequest, folder: Path) -> Engine:
    return postgres_engine(request, folder)


def postgres_engine(request: pytest.FixtureRequest, folder: Path) -> Engine:
    server: Server = request.getfixturevalue("postgres_database")
    (folder / "assay.yml").write_text(postgres_source(server))
    return Engine("postgres", folder, server)


# ---------------------------------------------------------------- tables and columns


def test_a_missing_table(engine: Engine) -> None:
    engine.sql("CREATE TABLE public.other (id bigint)")
    engine.contract("column id bigint required")
    ran = engine.verify()
    assert set(ran.checks.values()) == {"error missing_table"}
    assert ran.code == 3


def test_a_missing_table_that_is_referred_to(engine: Engine) -> None:
    engine.sql("CREATE TABLE public.things (id bigint)", "INSERT INTO public.things VALUES (1), (2)")
    engine.contract("column id bigint required references src.public.nowhere.id\ncheck rows = 2")
    ran = engine.verify()
    assert ran.checks == {
        "things.schema": "passed within_bounds",
        "things.id.required": "passed within_bounds",
        "things.id.references": "error missing_table",
        "things.rows": "passed within_bounds",
    }
    assert ran.code == 3


def test_a_missing_column(engine: Engine) -> None:
    engine.sql("CREATE TABLE public.things (id bigint)", "INSERT INTO public.things VALUES (1), (2)")
    engine.contract("column id bigint required\ncolumn gone text required\ncheck sum(id) = 3")
    ran = engine.verify()
    assert ran.checks == {
        "things.schema": "failed missing_column",
        "things.id.required": "passed within_bounds",
        "things.gone.required": "error missing_column",
        "things.id.sum": "passed within_bounds",
    }
    assert ran.code == 3


def test_types_other_than_declared(engine: Engine) -> None:
    engine.sql(
        "CREATE TABLE public.things (id text, day bigint, fine date, flag text)",
        "INSERT INTO public.things VALUES ('a', 20240131, DATE '2024-01-31', 'yes')",
    )
    engine.contract(
        "column id bigint required >= 0\ncolumn day date required\ncolumn fine date required\n"
        "column flag boolean required\ncheck max(day) >= date '2020-01-01'\ncheck avg(id) > 0\ncheck rows = 1"
    )
    ran = engine.verify()
    assert ran.checks["things.schema"] == "failed type_mismatch"
    assert ran.checks["things.fine.required"] == "passed within_bounds"
    assert ran.checks["things.rows"] == "passed within_bounds"
    for check in ("things.id.compare", "things.day.max", "things.id.avg"):
        assert ran.checks[check] == "error type_mismatch"
    assert ran.code == 3


def test_names_that_nobody_would_choose(engine: Engine) -> None:
    names = [
        'say "hi"',
        "it's",
        "a.b",
        "🙂",
        "select",
        "back`tick",
        "drop table x; --",
        " ",
        "%s $1 ? :x {0}",
    ]
    columns = ", ".join('"' + name.replace('"', '""') + '" bigint' for name in names)
    engine.sql(
        f'CREATE TABLE public."or""der.s; 🙂" ({columns})',
        f'INSERT INTO public."or""der.s; 🙂" VALUES ({", ".join("1" for _ in names)})',
    )
    body = "\n".join(
        f"column `{name.replace('`', '``')}` bigint required unique between 1 and 5" for name in names
    )
    engine.contract(body + "\nschema exact\ncheck rows = 1 by `a.b`", table='`or"der.s; 🙂`')
    ran = engine.verify()
    assert set(ran.checks.values()) == {"passed within_bounds"}
    assert len(ran.checks) == 2 + 3 * len(names)
    assert ran.code == 0


def test_sixteen_hundred_columns(engine: Engine) -> None:
    count = 1_600
    columns = ", ".join(f"c{n} smallint" for n in range(count))
    engine.sql(
        f"CREATE TABLE public.things ({columns})",
        f"INSERT INTO public.things SELECT {', '.join('1' for _ in range(count))}",
    )
    engine.contract("\n".join(f"column c{n} smallint required between 0 and 9" for n in range(count)))
    first = engine.verify(seconds=60)
    assert set(first.checks.values()) == {"passed within_bounds"}
    assert len(first.checks) == 1 + 2 * count
    assert engine.verify(seconds=30).code == 0


# ---------------------------------------------------------------- values


def test_an_empty_table(engine: Engine) -> None:
    engine.sql("CREATE TABLE public.things (id bigint)")
    engine.contract(
        "column id bigint required unique\ncheck missing(id) < 5%\ncheck avg(id) > 0\ncheck duplicates(id) = 0\n"
        "check rows > 0"
    )
    ran = engine.verify()
    assert ran.checks == {
        "things.schema": "passed within_bounds",
        "things.id.required": "passed within_bounds",
        "things.id.unique": "passed within_bounds",
        "things.id.missing": "not_evaluated no_rows",
        "things.id.avg": "not_evaluated null_value",
        "things.id.duplicates": "passed within_bounds",
        "things.rows": "failed out_of_bounds",
    }


def test_columns_that_are_null_throughout(engine: Engine) -> None:
    engine.sql(
        "CREATE TABLE public.things (id bigint, name text, seen timestamp, price double precision)",
        "INSERT INTO public.things VALUES (NULL, NULL, NULL, NULL), (NULL, NULL, NULL, NULL)",
    )
    engine.contract(
        "column id bigint unique between 1 and 2\ncolumn name text matches email length <= 3\ncolumn seen timestamp\n"
        "column price double required\ncheck avg(price) > 0\ncheck max(name) = 'x'\ncheck missing(id) = 100%\n"
        "check distinct(name) = 0\ncheck freshness(seen) < 1 hours"
    )
    ran = engine.verify()
    assert ran.checks["things.price.required"] == "failed out_of_bounds"
    for check in ("avg", "max", "freshness"):
        found = next(outcome for id_, outcome in ran.checks.items() if id_.endswith(f".{check}"))
        assert found == "not_evaluated null_value"
    for check in ("id.unique", "id.between", "name.matches", "name.length", "id.missing", "name.distinct"):
        assert ran.checks[f"things.{check}"] == "passed within_bounds"


def test_nan_and_infinities(engine: Engine) -> None:
    engine.sql(
        "CREATE TABLE public.things (id bigint, price double precision)",
        "INSERT INTO public.things VALUES (1, 'NaN'), (2, 'Infinity'), (3, '-Infinity'), (4, 1.5)",
    )
    engine.contract(
        "column id bigint required\ncolumn price double between 0 and 2\ncheck sum(price) > 0\ncheck rows = 4"
    )
    ran = engine.verify()
    assert ran.checks["things.price.sum"] in ("not_evaluated not_finite", "error not_finite")
    assert ran.checks["things.price.between"] == "failed out_of_bounds"
    assert ran.checks["things.rows"] == "passed within_bounds"
    assert json.loads(ran.out)["outcome"] == "error" or ran.code in (1, 3)


def test_sums_that_overflow(engine: Engine) -> None:
    engine.sql(
        "CREATE TABLE public.things (big bigint, wide decimal(38, 0), far double precision)",
        "INSERT INTO public.things SELECT 9223372036854775807, 99999999999999999999999999999999999999, 1e308"
        " FROM generate_series(1, 20) AS t(n)",
    )
    engine.contract(
        "column big bigint required\ncolumn wide decimal(38, 0) required\ncolumn far double required\n"
        "check sum(big) > 0\ncheck sum(wide) > 0\ncheck sum(far) > 0\ncheck nine: sum(big * 9) > 0\ncheck rows = 20"
    )
    ran = engine.verify()
    for check in ("big.required", "wide.required", "far.required", "rows", "big.sum"):
        assert ran.checks[f"things.{check}"] == "passed within_bounds", ran.checks
    for check in ("things.wide.sum", "things.far.sum"):
        assert ran.checks[check] in (
            "passed within_bounds", "error overflow", "not_evaluated not_finite", "error not_finite"
        ), ran.checks  # fmt: skip
    assert ran.code in (0, 3)


def test_division_by_zero(engine: Engine) -> None:
    engine.sql(
        "CREATE TABLE public.things (a bigint, b bigint)", "INSERT INTO public.things VALUES (1, 0), (2, 0)"
    )
    engine.contract(
        "column a bigint required\ncolumn b bigint required\nrule per_row: a / b > 1\n"
        "check share: sum(a) / sum(b) > 1\ncheck rows = 2"
    )
    ran = engine.verify()
    assert ran.checks["things.share"] == "error division_by_zero"
    assert ran.checks["things.rows"] == "passed within_bounds"
    assert ran.checks["things.per_row"].split()[0] in ("error", "passed")
    assert ran.code == 3


# ---------------------------------------------------------------- servers


def test_a_source_that_is_not_configured(engine: Engine) -> None:
    engine.contract("column id bigint")
    (engine.folder / "x.contract").write_text(
        (engine.folder / "x.contract").read_text().replace("dataset src.", "dataset scr.")
    )
    ran = engine.verify()
    assert ran.code == 2
    assert "E612" in ran.err
    assert "`scr`" in ran.err


def test_a_placeholder_without_a_value(postgres: Engine) -> None:
    postgres.contract("column id bigint")
    ended = subprocess.run(
        [*COMMAND, "verify"],
        capture_output=True,
        env={name: value for name, value in environment().items() if name != "DB_PASSWORD"},
        timeout=30,
        check=False,
    )
    assert ended.returncode == 2
    assert b"E616" in ended.stderr
    assert b"`DB_PASSWORD`" in ended.stderr


def test_a_wrong_password(postgres: Engine) -> None:
    postgres.contract("column id bigint required")
    ran = postgres.verify(DB_PASSWORD="wrong-secret-value")
    assert ran.code == 3
    assert set(ran.checks.values()) <= {"error permission", "error connection"}
    assert {check["code"] for check in ran.report["checks"]} == {"28P01"}
    said = verify(DB_PASSWORD="wrong-secret-value")
    assert "wrong-secret-value" not in ran.out + ran.err + said.out + said.err
    assert said.out.count("28P01") == 1, "one fault, one message"


def test_a_table_that_may_not_be_read(postgres: Engine) -> None:
    assert postgres.server is not None
    user = f"reader_{os.getpid()}"
    postgres.sql(
        "CREATE TABLE public.things (id bigint)",
        "CREATE TABLE public.open (id bigint)",
        f"CREATE ROLE {user} LOGIN PASSWORD 'reader'",
        f"GRANT SELECT ON public.open TO {user}",
    )
    try:
        (postgres.folder / "assay.yml").write_text(postgres_source(postgres.server, user=user))
        postgres.contract("column id bigint required")
        ran = postgres.verify(DB_PASSWORD="reader")
        assert ran.code == 3
        assert ran.checks["things.id.required"] in ("error permission", "error missing_table")
    finally:
        postgres.sql(f"DROP OWNED BY {user}", f"DROP ROLE {user}")


def unreachable(folder: Path, port: int, **changes: object) -> None:
    server = Server("127.0.0.1", port, "nobody", "", "nothing")
    (folder / "assay.yml").write_text(postgres_source(server, **changes))
    Engine("postgres", folder, None).contract("column id bigint required\ncheck rows > 0")


def test_a_closed_port(folder: Path) -> None:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        unreachable(folder, probe.getsockname()[1])
        ran = verify("--json", DB_PASSWORD="x")
    assert set(ran.checks.values()) == {"error connection"}
    assert ran.code == 3


@contextmanager
def listening(answer: bytes | None) -> Iterator[int]:
    """A server that accepts and says nothing, or something that is no PostgreSQL."""
    with closing(socket.create_server(("127.0.0.1", 0))) as server:
        kept: list[socket.socket] = []

        def serve() -> None:
            while True:
                try:
                    connection, _ = server.accept()
                except OSError:
                    return
                kept.append(connection)
                if answer is not None:
                    connection.sendall(answer)

        threading.Thread(target=serve, daemon=True).start()
        yield int(server.getsockname()[1])
        for connection in kept:
            connection.close()


@pytest.mark.parametrize("changes", [{}, {"connect_timeout": 2}], ids=["default", "short"])
def test_a_silent_host(folder: Path, changes: dict[str, object]) -> None:
    limit = float(str(changes.get("connect_timeout", 8))) + 8
    with listening(None) as port:
        unreachable(folder, port, **changes)
        ran = verify("--json", DB_PASSWORD="x", seconds=limit)
    assert set(ran.checks.values()) <= {"error connection", "error timeout"}
    assert ran.code == 3


def test_a_host_that_speaks_something_else(folder: Path) -> None:
    with listening(b"HTTP/1.1 400 Bad Request\r\n\r\n") as port:
        unreachable(folder, port, connect_timeout=3)
        ran = verify("--json", DB_PASSWORD="x", seconds=9)
    assert set(ran.checks.values()) == {"error connection"}
    assert ran.code == 3


# ---------------------------------------------------------------- the store of failed rows


def at_most(size: int) -> None:
    """What a full disk does to a file that grows: writing past `size` bytes fails."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))


@pytest.mark.parametrize("room", [0, 4096, 14_000, 300_000])
def test_a_full_disk_under_the_store(engine: Engine, room: int) -> None:
    engine.sql(
        "CREATE TABLE public.things (id bigint)",
        f"INSERT INTO public.things SELECT NULL FROM generate_series(1, {ROWS}) AS t(n)",
    )
    engine.contract(f"column id bigint required\nfailed rows {{ keep {ROWS} }}\ncheck rows = {ROWS}")
    verdicts: list[str] = []
    for _ in range(2):
        ended = subprocess.run(
            [*COMMAND, "verify"],
            capture_output=True,
            env=environment(DB_PASSWORD=engine.password),
            preexec_fn=partial(at_most, room),
            timeout=30,
            check=False,
        )
        verdicts.append(ended.stdout.decode())
        assert ended.returncode == 1, ended.stderr
        assert b"Traceback" not in ended.stderr
        assert "failed rows could not be kept" in verdicts[-1]
        assert "1 failed" in verdicts[-1]
    ran = engine.verify()
    assert ran.code == 1
    assert not ran.report.get("store_failed"), "what was left behind does no harm"


def test_a_store_that_is_no_database(engine: Engine) -> None:
    engine.sql("CREATE TABLE public.things (id bigint)", "INSERT INTO public.things VALUES (NULL)")
    engine.contract("column id bigint required")
    (engine.folder / ".assay").mkdir()
    (engine.folder / ".assay" / "rows.duckdb").write_bytes(b"not a database" * 1000)
    ran = engine.verify()
    assert ran.code == 1
    assert ran.report["store_failed"] is True


def test_two_runs_at_once_on_one_store(engine: Engine) -> None:
    engine.sql("CREATE TABLE public.things (id bigint)", "INSERT INTO public.things VALUES (NULL), (1)")
    engine.contract("column id bigint required")
    running = [
        subprocess.Popen(
            [*COMMAND, "verify", "--json"],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=environment(DB_PASSWORD=engine.password),
        )
        for _ in range(4)
    ]
    ended = [process.communicate(timeout=40) for process in running]
    assert [process.returncode for process in running] == [1] * 4, ended
    assert not any(json.loads(out).get("store_failed") for out, _ in ended)


# ---------------------------------------------------------------- signals


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_stops_a_query_at_the_server(postgres: Engine, number: signal.Signals, code: int) -> None:
    assert postgres.server is not None
    postgres.sql(
        "CREATE VIEW public.things AS SELECT a::bigint AS id FROM generate_series(1, 4000000) a,"
        " generate_series(1, 4000000) b WHERE a + b < 9"
    )
    postgres.contract("column id bigint required\ncheck sum(id) >= 0")
    running = subprocess.Popen(
        [*COMMAND, "verify", "--json"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment(DB_PASSWORD=postgres.password),
    )
    with postgres.server.connect() as connection:
        assert until(lambda: active(connection) == 1), "the query runs"
        sent = time.monotonic()
        running.send_signal(number)
        out, err = running.communicate(timeout=20)
        assert time.monotonic() - sent < SECONDS
        assert running.returncode == code
        assert b'"cancelled"' in out
        assert b"Traceback" not in err
        assert until(lambda: active(connection) == 0), "the query is gone"


def active(connection: psycopg.Connection) -> int:
    row = connection.execute(
        "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'assay' AND state = 'active'"
        " AND query LIKE '%things%' AND datname = current_database()"
    ).fetchone()
    return int(row[0]) if row else -1


def until(done: Callable[[], bool], seconds: float = 15) -> bool:
    deadline = time.monotonic() + seconds
    while not done():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True
