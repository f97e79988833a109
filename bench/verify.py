"""`assay verify` beside hand-written SQL, plain and with every rewrite that Assay knows, and beside soda-core.

    .venv/bin/python bench/verify.py [duckdb|postgres|all] [--rows N] [--rounds N]

DuckDB: 5,000,000 rows of ten columns and 22 checks. PostgreSQL: 2,000,000 rows, same contract, same server. Each
twice: with keys as they are handed out, ascending, and with the same rows stored in no order.
soda-core is installed by this script into a virtual environment of its own; without it the row is left out and
the reason printed. Assay's own row includes start-up, catalog, judging, report and output; its bundle is cached.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import venv
from pathlib import Path
from typing import TYPE_CHECKING

from measure import Cost, best, table
from workload import CONTRACT, build

if TYPE_CHECKING:
    from tests.support.postgres import Server

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
CACHE = ROOT / ".cache"
FILL = """
import duckdb, os, sys
with duckdb.connect(sys.argv[1] + ".new") as connection:
    connection.execute("SET enable_progress_bar = false")
    for statement in sys.argv[2:]:
        connection.execute(statement)
os.rename(sys.argv[1] + ".new", sys.argv[1])
"""
BEST = "the same, with every rewrite"
ASSAY = str(Path(sys.executable).with_name("assay"))


def soda() -> str | None:
    """The path of the soda command, installed on first use; None with a printed reason."""
    home = CACHE / "bench-soda"
    command = home / "bin" / "soda"
    if not command.exists():
        print("installing soda-core into .cache/bench-soda …", flush=True)
        venv.create(home, with_pip=True, clear=True)
        done = subprocess.run(
            [str(home / "bin" / "pip"), "install", "-q", "-r", str(HERE / "soda" / "requirements.txt")],
            check=False,
            timeout=600,
        )
        if done.returncode:
            print("soda-core: not measured: it could not be installed")
            return None
    return str(command)


def hand_written(engine: str, where: str) -> dict[str, list[str]]:
    script = str(HERE / "hand_written.py")
    return {
        "hand-written SQL": [sys.executable, script, engine, "plain", where],
        BEST: [sys.executable, script, engine, "rewritten", where],
    }


def duckdb_bench(rows: int, rounds: int, *, shuffled: bool) -> None:
    CACHE.mkdir(exist_ok=True)
    database = CACHE / f"bench-{rows}{'-shuffled' if shuffled else ''}.duckdb"
    if not database.exists():
        print(f"building {rows:,} rows …", flush=True)
        statements = build(rows, "range(0, {rows} + 1)", shuffled=shuffled)
        # In a process of its own: a child's peak memory begins with the size of its parent.
        subprocess.run([sys.executable, "-c", FILL, str(database), *statements], check=True, timeout=600)
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        contract = work / "orders.contract"
        contract.write_text(CONTRACT)
        (work / "soda.yml").write_text(
            f"type: duckdb\nname: warehouse\nconnection:\n  database: {database}\n  read_only: true\n"
        )
        commands = {
            **hand_written("duckdb", str(database)),
            "assay verify": [ASSAY, "verify", str(contract), "--data", f"warehouse={database}"],
        }
        if command := soda():
            commands["soda contract verify"] = [
                command, "contract", "verify", "-ds", str(work / "soda.yml"), "-c", str(HERE / "soda" / "orders.yml"),
            ]  # fmt: skip
        os.chdir(work)
        costs = best(commands, rounds=rounds, env={"SODA_CORE_TELEMETRY_ENABLED": "false"})
    print(table(f"DuckDB, {rows:,} rows x 10 columns, 22 checks, {keys(shuffled)}", costs, BEST))
    if "soda contract verify" in costs:
        ratio = costs["soda contract verify"].cpu / costs["assay verify"].cpu
        print(f"  soda-core uses {ratio:.1f} x the CPU of assay")


def keys(shuffled: bool) -> str:
    return "rows in no order" if shuffled else "keys ascend"


def postgres_bench(rows: int, rounds: int) -> None:
    import psycopg

    sys.path.insert(0, str(ROOT))
    from tests.support.postgres import postgres

    with postgres() as server:
        for shuffled in (False, True):
            print(f"building {rows:,} rows in PostgreSQL …", flush=True)
            with psycopg.connect(server.conninfo, autocommit=True) as connection:
                connection.execute("DROP TABLE IF EXISTS public.orders, public.customers")
                for statement in build(rows, "generate_series(0::bigint, {rows}::bigint)", shuffled=shuffled):
                    connection.execute(statement.encode())
                connection.execute("VACUUM ANALYZE")
                session = connection.info.backend_pid
                parent = int(Path(f"/proc/{session}/stat").read_text().rpartition(")")[2].split()[1])
            costs = on_postgres(server, rounds, parent)
            title = f"PostgreSQL, {rows:,} rows x 10 columns, 22 checks, {keys(shuffled)}, CPU of server and client"
            print(table(title, costs, BEST))


def on_postgres(server: Server, rounds: int, process: int) -> dict[str, Cost]:
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        (work / "orders.contract").write_text(CONTRACT)
        (work / "assay.yml").write_text(
            "sources:\n  warehouse:\n    type: postgres\n"
            f"    host: {server.host}\n    port: {server.port}\n    database: {server.dbname}\n"
            f"    user: {server.user}\n    password: ${{env.BENCH_PASSWORD}}\n    sslmode: disable\n"
        )
        os.chdir(work)
        commands = {
            **hand_written("postgres", server.conninfo),
            "assay verify": [ASSAY, "verify", "orders.contract"],
        }
        return best(commands, rounds=rounds, env={"BENCH_PASSWORD": server.password}, server=process)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("engine", nargs="?", default="all", choices=("duckdb", "postgres", "all"))
    parser.add_argument("--rows", type=int)
    parser.add_argument("--rounds", type=int, default=5)
    args = parser.parse_args()
    if args.engine in ("duckdb", "all"):
        for shuffled in (False, True):
            duckdb_bench(args.rows or 5_000_000, args.rounds, shuffled=shuffled)
    if args.engine in ("postgres", "all"):
        postgres_bench(args.rows or 2_000_000, args.rounds)


if __name__ == "__main__":
    main()
