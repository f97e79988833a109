"""A warehouse that cannot be written: a code, the verdicts, and nothing else."""

from __future__ import annotations

import os
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
import pytest

from assay.protocol.report import Outcome
from assay.protocol.warehouse import Warehouse
from assay.runner.engines.port import Cell
from assay.runner.run import RunResult, run
from assay.runner.store import StoreError
from assay.runner.warehouses.postgres import PostgresStore
from tests.runner.conftest import Engine
from tests.runner.test_warehouse_conformance import filled, spec
from tests.runner.warehouses import (
    NOW,
    Accounts,
    elsewhere,
    given,
    head,
    postgres_place,
    slow_rows,
    store,
    write,
)

__all__ = ["filled"]


def failing(
    engine: Engine, warehouse: Warehouse, code: str | tuple[str, ...], wait: float = 1.0
) -> RunResult:
    began = time.monotonic()
    result = run(spec(engine), lambda _: engine.open(), store=store(warehouse, wait), now=NOW, run_id="r1")
    assert time.monotonic() - began < 60
    assert result.report.store_failed
    assert result.report.store_code in ((code,) if isinstance(code, str) else code)
    outcomes = {one.id: one.outcome for one in result.report.checks}
    assert outcomes["bad"] is Outcome.FAILED
    assert outcomes["good"] is Outcome.PASSED
    assert all(one.kept_rows is None for one in result.report.checks)
    assert warehouse.server.password not in result.details.store_message
    return result


def test_a_wrong_password(filled: Engine, made: Accounts) -> None:
    failing(filled, elsewhere(made.writer, password="not this one"), "28P01")


def test_a_server_that_is_not_there(filled: Engine, made: Accounts) -> None:
    failing(filled, elsewhere(made.writer, port=1), ("OperationalError", "ConnectionTimeout"))


def test_no_database_of_that_name(filled: Engine, made: Accounts) -> None:
    failing(filled, elsewhere(made.writer, database="nowhere"), "3D000", wait=0.1)


def test_no_tables(filled: Engine, made: Accounts) -> None:
    result = failing(filled, msgspec.structs.replace(made.writer, schema="other"), ("3F000", "42P01"))
    assert "assay warehouse init" in result.details.store_message


def test_an_account_that_may_only_read(filled: Engine, made: Accounts) -> None:
    failing(filled, made.reader, "42501")


def test_tables_of_another_version(filled: Engine, made: Accounts) -> None:
    postgres_place(made).sql("UPDATE assay.format SET version = 99")
    failing(filled, made.writer, "WrongFormat")


def test_a_server_that_takes_no_writes(filled: Engine, made: Accounts) -> None:
    """As a replica does, or a server that somebody is moving."""
    postgres_place(made).sql(f"ALTER ROLE {made.writer.server.user} SET default_transaction_read_only = on")
    failing(filled, made.writer, "25006")


def test_a_connection_that_is_cut_in_the_middle_of_the_rows(made: Accounts) -> None:
    started, go_on = threading.Event(), threading.Event()
    made_store = store(made.writer)
    codes: list[str] = []

    def work() -> None:
        made_store.begin(head())
        try:
            made_store.keep("check", [("a", "INTEGER")], slow_rows(started, go_on))
        except StoreError as error:
            codes.append(error.code)

    thread = threading.Thread(target=work)
    thread.start()
    assert started.wait(20)
    postgres_place(made).sql(
        f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = '{made.writer.server.user}'"
    )
    go_on.set()
    thread.join(60)
    assert not thread.is_alive()
    assert codes in (["57P01"], ["AdminShutdown"], ["OperationalError"])
    made_store.close()
    assert postgres_place(made).sql("SELECT count(*) FROM assay.captures") == [(0,)]
    write(made.writer)


@pytest.mark.parametrize("table", ["runs", "captures", "outbox"])
def test_a_warehouse_that_hangs_costs_the_rows_and_not_the_result(
    filled: Engine, made: Accounts, table: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Past the run's deadline it is told to stop, also in the middle of the last statements."""
    monkeypatch.setattr("assay.runner.cancel._PATIENCE", 1)
    source = msgspec.structs.replace(made.writer.server, options={"lock_timeout": "1h"})
    kept = store(msgspec.structs.replace(made.writer, server=source))
    with made.server.connect() as other, other.transaction():
        other.execute(f"LOCK TABLE assay.{table} IN ACCESS EXCLUSIVE MODE".encode())
        result = run(spec(filled), lambda _: filled.open(), store=kept, now=NOW, run_id="r1", run_seconds=2.0)
    assert result.report.store_code == "57014"
    assert {one.id: one.outcome for one in result.report.checks}["bad"] is Outcome.FAILED


def test_a_statement_that_waits_for_somebody_ends(made: Accounts) -> None:
    write(made.writer)
    with made.server.connect() as other, other.transaction():
        other.execute("LOCK TABLE assay.runs")
        source = msgspec.structs.replace(made.writer.server, options={"lock_timeout": "300ms"})
        with pytest.raises(StoreError) as caught:
            write(msgspec.structs.replace(made.writer, server=source), "r2")
        assert caught.value.code == "55P03"


@pytest.fixture
def small_disk(made: Accounts, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[], None]]:
    """Moves new tables of the warehouse's database to a file system of 3 MB."""
    folder = tmp_path_factory.mktemp("small")
    mounted = subprocess.run(
        ["/bin/mount", "-t", "tmpfs", "-o", "size=3m,mode=0777", "assay", str(folder)],
        capture_output=True,
        check=False,
    )
    if mounted.returncode != 0:
        pytest.skip("a full disk: this account may not mount a small file system")
    tag = f"small_{os.getpid()}_{time.monotonic_ns()}"
    try:
        (folder / "space").mkdir(mode=0o700)
        with made.server.connect() as admin:
            ((owner,),) = admin.execute("SELECT pg_read_file('/proc/self/status')").fetchall()
            uid = next(line.split()[1] for line in str(owner).splitlines() if line.startswith("Uid:"))
            os.chown(folder / "space", int(uid), -1)
            for up in folder.parents:
                if up != Path("/") and not up.stat().st_mode & 0o001:
                    up.chmod(up.stat().st_mode | 0o011)
            admin.execute(f"CREATE TABLESPACE {tag} LOCATION '{folder / 'space'}'".encode())

        def fill() -> None:
            with made.server.connect() as admin:
                admin.execute(f"ALTER DATABASE {made.server.dbname} SET default_tablespace = {tag}".encode())
                admin.execute(f"GRANT CREATE ON TABLESPACE {tag} TO PUBLIC".encode())

        yield fill
        with made.server.connect() as admin:
            admin.execute(f"ALTER DATABASE {made.server.dbname} RESET default_tablespace".encode())
            for (table,) in admin.execute(
                "SELECT quote_ident(schemaname) || '.' || quote_ident(tablename) FROM pg_tables"
                f" WHERE tablespace = '{tag}'".encode()
            ).fetchall():
                admin.execute(f"DROP TABLE {table}".encode())
            admin.execute(f"DROP TABLESPACE {tag}".encode())
    finally:
        subprocess.run(["/bin/umount", "-l", str(folder)], check=False)


def test_a_full_disk(small_disk: Callable[[], None], made: Accounts) -> None:
    small_disk()
    made_store = store(made.writer)
    made_store.begin(head())
    many: list[tuple[Cell, ...]] = [("x" * 100 + str(number),) for number in range(1000)]
    with pytest.raises(StoreError) as caught:
        made_store.keep("check", [("a", "VARCHAR")], given(*[many] * 200))
    assert caught.value.code == "53100"
    made_store.close()
    write(made.writer, check="other")
    assert [one.checks for one in PostgresStore(made.reader).runs()] == [{"other": 1}]
