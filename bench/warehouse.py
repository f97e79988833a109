"""Failed rows from PostgreSQL into a warehouse: how fast, and how much memory the runner takes.

    .venv/bin/python bench/warehouse.py [--rows N]

Rows of five columns. Beside it, the same rows taken by a script with psycopg's `executemany`, as scripts that keep
failed rows do. Source and warehouse are two databases of one server.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import msgspec

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from assay.protocol.bundle import encode  # noqa: E402
from assay.protocol.source import PostgresSource  # noqa: E402
from assay.protocol.warehouse import Mask, Warehouse, WarehousePolicy  # noqa: E402
from tests.runner.builders import bundle, capture, check, declared, fails, m, measure, query  # noqa: E402
from tests.runner.test_warehouse_memory import PEAK, RUN  # noqa: E402
from tests.runner.warehouses import accounts  # noqa: E402
from tests.support.postgres import Server, database, postgres  # noqa: E402

TABLE = """
CREATE TABLE public.orders AS
SELECT i::bigint AS id, 'customer ' || i AS name, (i % 1000)::decimal(12, 2) AS amount,
       timestamptz '2024-01-01' + i * interval '1 second' AS placed_at, md5(i::text) AS note
FROM generate_series(1, {rows}) i
"""
COLUMNS = ("id", "name", "amount", "placed_at", "note")
PLAIN = (
    PEAK
    + """
import os, sys
import msgspec, psycopg
source, rows = os.environ["CONNINFO"], int(sys.argv[1])
with psycopg.connect(source) as one, psycopg.connect(source) as two:
    two.execute("CREATE TEMP TABLE kept (id bigint, name text, amount numeric, placed_at timestamptz, note text)")
    with one.cursor("rows") as cursor:
        cursor.itersize = 1000
        cursor.execute(f"SELECT id, name, amount, placed_at, note FROM public.orders LIMIT {rows}")
        while batch := cursor.fetchmany(1000):
            two.cursor().executemany("INSERT INTO kept VALUES (%s, %s, %s, %s, %s)", batch)
    two.commit()
sys.stdout.buffer.write(msgspec.json.encode([peak(), {}]))
"""
)


@dataclass(frozen=True)
class Taken:
    seconds: float
    peak: int


def ran(script: str, *arguments: str, stdin: bytes = b"", **environment: str) -> Taken:
    began = time.monotonic()
    path = os.pathsep.join(filter(None, sys.path))
    ended = subprocess.run(
        [sys.executable, "-c", script, *arguments],
        input=stdin,
        env={**os.environ, "PYTHONPATH": path, **environment},
        stdout=subprocess.PIPE,
        check=True,
    )
    peak, told = msgspec.json.decode(ended.stdout, type=tuple[int, dict[str, object]])
    if told.get("store_failed"):
        sys.exit(f"the warehouse was not written: {told['store_code']}")
    return Taken(time.monotonic() - began, peak)


def kept(server: Server, warehouse: Warehouse, rows: int, policy: WarehousePolicy) -> Taken:
    one = bundle(
        [declared("id", "bigint"), declared("name", "text")],
        [query("s1", measure("rows", "count(*)"))],
        [check("bad", m("rows"), fails("=", "0"), failed=m("rows"))],
        [capture("bad", *COLUMNS, keep=rows)],
        dialect="postgres",
    )
    source = PostgresSource(
        server.host, server.dbname, server.user, port=server.port, password=server.password
    )
    return ran(
        RUN,
        stdin=encode(one),
        SOURCE=msgspec.json.encode(source).decode(),
        WAREHOUSE=msgspec.json.encode(warehouse).decode(),
        POLICY=msgspec.json.encode(policy).decode(),
    )


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rows", type=int, default=1_000_000)
    rows = parser.parse_args().rows
    policy = WarehousePolicy(bytes=2**40)
    masked = WarehousePolicy(bytes=2**40, masks={"name": Mask("hash"), "note": Mask("hash")})
    with postgres() as running, database(running) as server, accounts(server) as made:
        with server.connect() as connection:
            connection.execute(TABLE.format(rows=rows).encode())
        plain = ran(PLAIN, str(rows), CONNINFO=server.conninfo)
        few = kept(server, made.writer, 100, policy)
        many = kept(server, made.writer, rows, policy)
        hashed = kept(server, made.writer, rows, masked)
    print(f"| {rows:,} failed rows of five columns | s | rows/s | peak MiB |\n|---|---|---|---|")
    for name, taken, count in (
        ("a script with `executemany`", plain, rows),
        ("the runner", many, rows),
        ("the runner, two columns hashed", hashed, rows),
        ("the runner, 100 rows", few, 100),
    ):
        print(f"| {name} | {taken.seconds:.1f} | {count / taken.seconds:,.0f} | {taken.peak / 2**20:.0f} |")


if __name__ == "__main__":
    main()
