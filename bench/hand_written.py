"""The counterpart of `assay verify`: hand-written SQL that finds the same numbers, and nothing else.

python bench/hand_written.py duckdb|postgres plain|rewritten FILE_OR_URL
"""

from __future__ import annotations

import sys
from collections.abc import Callable

from workload import HAND_WRITTEN, Script

Run = Callable[[str], tuple[object, ...]]


def all_of(script: Script, run: Run) -> None:
    if script.probe and run(script.probe)[0]:
        run(script.unless)
    for statement in script.statements:
        run(statement)


def duckdb_run(path: str, script: Script) -> None:
    import duckdb

    connection = duckdb.connect(path, read_only=True)
    all_of(script, lambda statement: connection.execute(statement).fetchall()[0])


def postgres_run(url: str, script: Script) -> None:
    import psycopg

    with psycopg.connect(url) as connection:
        connection.read_only = True
        all_of(script, lambda statement: connection.execute(statement.encode()).fetchall()[0])


if __name__ == "__main__":
    kind, writer, where = sys.argv[1:]
    (duckdb_run if kind == "duckdb" else postgres_run)(where, HAND_WRITTEN[kind][writer])
