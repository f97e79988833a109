"""The counterpart of `assay verify`: hand-written SQL that finds the same numbers, and nothing else."""

from __future__ import annotations

import sys

from workload import HAND_WRITTEN


def duckdb_run(path: str) -> None:
    import duckdb

    connection = duckdb.connect(path, read_only=True)
    for statement in HAND_WRITTEN["duckdb"]:
        connection.execute(statement).fetchall()


def postgres_run(url: str) -> None:
    import psycopg

    with psycopg.connect(url) as connection:
        connection.read_only = True
        for statement in HAND_WRITTEN["postgres"]:
            connection.execute(statement.encode()).fetchall()


if __name__ == "__main__":
    kind, where = sys.argv[1:]
    (duckdb_run if kind == "duckdb" else postgres_run)(where)
