"""What it costs to start: `assay --help`, `assay verify` of a 1,000-row file with a cached bundle, and the runner of
a Job up to the point where it would ask its hub.

    .venv/bin/python bench/startup.py [--rounds N]

Counterpart: a bare `python3 -c pass` of the same interpreter, in the same run. Memory: the peak of a verify over
the peak of the engine alone reading the same file. This process stays small, as a child's peak begins with the
size of its parent.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from measure import best, table
from workload import CONTRACT, build

ASSAY = str(Path(sys.executable).with_name("assay"))
SMALL = CONTRACT.replace("references warehouse.public.customers.id for at least 99%", "")
FILL = """
import duckdb, sys
for statement in sys.argv[1:]:
    duckdb.execute(statement)
"""
RUNNER = "import assay.runner.job, assay.runner.attempt, assay.runner.engines.postgres"
ENGINE = "import duckdb; duckdb.sql(\"SELECT count(*), sum(amount) FROM 'orders.parquet'\").fetchall()"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=15)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        statements = [
            *build(1000, "range(0, {rows} + 1)")[:2],
            "COPY public.orders TO 'orders.parquet' (FORMAT parquet)",
        ]
        subprocess.run([sys.executable, "-c", FILL, *statements], check=True, timeout=60)
        Path("orders.contract").write_text(SMALL)
        commands = {
            "python3 -c pass": [sys.executable, "-c", "pass"],
            "assay --help": [ASSAY, "--help"],
            "runner of a Job, imported": [sys.executable, "-I", "-c", RUNNER],
            "duckdb alone, same file": [sys.executable, "-c", ENGINE],
            "assay verify, cached bundle": [
                ASSAY,
                "verify",
                "orders.contract",
                "--data",
                "orders=orders.parquet",
            ],
        }
        costs = best(commands, rounds=args.rounds)
    print(table("Start-up, 1,000-row Parquet file", costs, "python3 -c pass"))
    bare = costs["python3 -c pass"].wall
    print(f"  assay --help: {1000 * (costs['assay --help'].wall - bare):.0f} ms over bare python")
    runner = costs["runner of a Job, imported"]
    print(f"  runner of a Job: {1000 * (runner.wall - bare):.0f} ms of imports, {runner.peak:.0f} MiB")
    verify = costs["assay verify, cached bundle"]
    print(f"  assay verify: {1000 * (verify.wall - bare):.0f} ms over bare python")
    print(f"  memory over the engine's own: {verify.peak - costs['duckdb alone, same file'].peak:.0f} MiB")


if __name__ == "__main__":
    main()
