"""A runner of its own process, from PostgreSQL to PostgreSQL: its memory does not grow with what fails."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from assay.protocol import report as reports
from assay.protocol.bundle import Bundle, encode
from assay.protocol.source import PostgresSource
from tests.runner.builders import bundle, capture, check, declared, fails, m, measure, query
from tests.runner.warehouses import Accounts, postgres_place
from tests.support.postgres import Server

pytestmark = pytest.mark.skipif(
    not Path("/proc/self/status").exists(), reason="peak memory: this system has no /proc"
)
MOST = 150 * 1024 * 1024
# Not ru_maxrss: a process begins with that of the one that it was forked from.
PEAK = """
import pathlib
def peak():
    status = pathlib.Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in status if line.startswith("VmHWM:")) * 1024
"""
RUN = (
    PEAK
    + """
import os, sys
import msgspec
from assay.protocol import report as reports
from assay.protocol.bundle import decode
from assay.protocol.source import PostgresSource
from assay.protocol.warehouse import Warehouse, WarehousePolicy
from assay.runner.engines import open_filled
from assay.runner.run import run
from assay.runner.warehouses.postgres import PostgresStore

source = msgspec.json.decode(os.environ["SOURCE"], type=PostgresSource)
store = PostgresStore(msgspec.json.decode(os.environ["WAREHOUSE"], type=Warehouse))
policy = msgspec.json.decode(os.environ["POLICY"], type=WarehousePolicy)
result = run(decode(sys.stdin.buffer.read()), lambda _: open_filled(source), store=store, policy=policy)
sys.stderr.write(result.details.store_message)
sys.stdout.buffer.write(msgspec.json.encode([peak(), msgspec.to_builtins(result.report)]))
"""
)


def measured(
    made: Accounts, one: Bundle, server: Server, policy: dict[str, object]
) -> tuple[int, reports.Report]:
    """The peak of the process's memory in bytes, and its report."""
    source = PostgresSource(
        server.host, server.dbname, server.user, port=server.port, password=server.password
    )
    ended = subprocess.run(
        [sys.executable, "-c", RUN],
        input=encode(one),
        env={
            **os.environ,
            "PYTHONPATH": os.pathsep.join(filter(None, sys.path)),
            "SOURCE": msgspec.json.encode(source).decode(),
            "WAREHOUSE": msgspec.json.encode(made.writer).decode(),
            "POLICY": msgspec.json.encode(policy).decode(),
        },
        capture_output=True,
        timeout=300,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    most, told = msgspec.json.decode(ended.stdout, type=tuple[int, reports.Report])
    assert not told.store_failed, ended.stderr
    return most, told


def spec(*columns: str, keep: int) -> Bundle:
    return bundle(
        [declared("id", "bigint"), *(declared(name, "text") for name in columns)],
        [query("s1", measure("rows", "count(*)"))],
        [check("bad", m("rows"), fails("=", "0"), failed=m("rows"))],
        [capture("bad", "id", *columns, keep=keep)],
        dialect="postgres",
    )


@pytest.mark.slow
def test_many_failed_rows(made: Accounts) -> None:
    postgres_place(made).sql(
        "CREATE TABLE public.orders AS SELECT i::bigint AS id, 'name ' || i AS name, repeat('é', 200) AS note"
        " FROM generate_series(1, 300000) i"
    )
    few, _ = measured(made, spec("name", "note", keep=1000), made.server, {})
    most, told = measured(made, spec("name", "note", keep=300_000), made.server, {"bytes": 2**40})
    assert told.checks[1].kept_rows == 300_000
    assert most < MOST
    assert most < few + 32 * 1024 * 1024


@pytest.mark.slow
def test_a_cell_of_half_a_gigabyte(made: Accounts) -> None:
    """T17. A cell can have a gigabyte in PostgreSQL, which takes the server several to make."""
    postgres_place(made).sql(
        "CREATE TABLE public.orders (id bigint, name text, note text);"
        " INSERT INTO public.orders SELECT i, repeat('x', 500000000), repeat('é', 4096) FROM generate_series(1, 1) i"
    )
    most, told = measured(made, spec("name", "note", keep=10), made.server, {})
    assert told.checks[1].kept_rows == 1
    assert most < MOST


@pytest.mark.slow
def test_rows_of_the_longest_cells_that_are_kept(made: Accounts) -> None:
    names = [f"c{number}" for number in range(20)]
    columns = ", ".join(f"repeat(md5(i::text), 4000) AS {name}" for name in names)
    postgres_place(made).sql(
        f"CREATE TABLE public.orders AS SELECT i::bigint AS id, {columns} FROM generate_series(1, 80) i"
    )
    policy: dict[str, object] = {"cell": 100_000, "bytes": 2**40}
    most, told = measured(made, spec(*names, keep=80), made.server, policy)
    assert told.checks[1].kept_rows == 80
    assert most < MOST
