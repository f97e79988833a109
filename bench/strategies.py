"""Measures the alternatives that a dialect's table chooses between, on DuckDB and PostgreSQL.

    python -m bench.strategies [rows]

Prints milliseconds, the best of three. Every alternative of a group gives the same number, which is checked.
PostgreSQL is the server of `tests.support.postgres`.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from dataclasses import dataclass

import duckdb
import psycopg

from tests.support.postgres import postgres

ROWS = 500_000
REPEATS = 3
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
PLAIN = "0123456789abcdefghijklmnopqrstuvwxyz@."

Run = Callable[[str], tuple[object, ...]]


@dataclass(frozen=True, slots=True)
class Way:
    """One way to ask; `postgres` where the text differs, "" where it cannot be said there."""

    group: str
    name: str
    duckdb: str
    postgres: str | None = None


def four(aggregate: str) -> str:
    return "SELECT " + ", ".join(aggregate.format(test=f"a > {k}") for k in (0, 250, 500, 750)) + " FROM t"


def wide(aggregate: str) -> str:
    return "SELECT " + ", ".join(aggregate.format(test=f"c{k} = 3") for k in range(100)) + " FROM wide"


def where(group: str, name: str, duckdb_test: str, postgres_test: str | None = None) -> Way:
    counted = "SELECT count(*) FILTER (WHERE {}) FROM t"
    other = None if postgres_test is None else counted.format(postgres_test)
    return Way(group, name, counted.format(duckdb_test), other)


def matched(group: str, pattern: str, column: str = "email") -> Way:
    return where(
        group, "regular expression", f"regexp_matches({column}, '{pattern}')", f"{column} ~ '{pattern}'"
    )


REPEATED = (
    "SELECT coalesce(sum(n), 0) FROM "
    "(SELECT count(*) n FROM t WHERE {test} GROUP BY {keys} HAVING count(*) > 1) q"
)

WAYS = (
    Way("count where, four times", "COUNT(*) FILTER", four("count(*) FILTER (WHERE {test})")),
    Way("count where, four times", "COUNT(CASE)", four("count(CASE WHEN {test} THEN 1 END)")),
    Way("count where, four times", "SUM(CASE)", four("sum(CASE WHEN {test} THEN 1 ELSE 0 END)")),
    Way("count where, four times", "COUNT_IF", four("coalesce(count_if({test}), 0)"), ""),
    Way("count where, 100 columns", "COUNT(*) FILTER", wide("count(*) FILTER (WHERE {test})")),
    Way("count where, 100 columns", "SUM(CASE)", wide("sum(CASE WHEN {test} THEN 1 ELSE 0 END)")),
    Way("count where, 100 columns", "COUNT_IF", wide("coalesce(count_if({test}), 0)"), ""),
    Way("distinct bigint", "COUNT(DISTINCT)", "SELECT count(DISTINCT id) FROM t"),
    Way("distinct bigint", "sub-select DISTINCT", "SELECT count(*) FROM (SELECT DISTINCT id FROM t) q"),
    Way("distinct text", "COUNT(DISTINCT)", "SELECT count(DISTINCT email) FROM t"),
    Way(
        "distinct text",
        'COUNT(DISTINCT) COLLATE "C"',
        "SELECT count(DISTINCT email) FROM t",
        'SELECT count(DISTINCT email COLLATE "C") FROM t',
    ),
    Way("repeated keys, bigint", "HAVING", REPEATED.format(test="id IS NOT NULL", keys="id")),
    Way("repeated keys, text", "HAVING", REPEATED.format(test="email IS NOT NULL", keys="email")),
    Way(
        "counts and distinct",
        "one SELECT",
        "SELECT count(DISTINCT id), count(*) FILTER (WHERE a > 250), count(*) FILTER (WHERE a > 500) FROM t",
    ),
    Way(
        "counts alone",
        "one SELECT",
        "SELECT count(*) FILTER (WHERE a > 250), count(*) FILTER (WHERE a > 500) FROM t",
    ),
    Way("distinct pair", "COUNT(DISTINCT (a, b))", "SELECT count(DISTINCT (a, b)) FROM t"),
    Way("distinct pair", "sub-select DISTINCT", "SELECT count(*) FROM (SELECT DISTINCT a, b FROM t) q"),
    Way("repeated pairs", "HAVING", REPEATED.format(test="a IS NOT NULL AND b IS NOT NULL", keys="a, b")),
    Way(
        "orphans",
        "NOT EXISTS",
        "SELECT count(*) FROM t d WHERE cust IS NOT NULL"
        " AND NOT EXISTS (SELECT 1 FROM c WHERE c.id = d.cust)",
    ),
    Way(
        "orphans",
        "NOT IN",
        "SELECT count(*) FROM t d WHERE cust IS NOT NULL"
        " AND cust NOT IN (SELECT id FROM c WHERE id IS NOT NULL)",
    ),
    Way(
        "orphans",
        "LEFT JOIN DISTINCT",
        "SELECT count(*) FROM t d LEFT JOIN (SELECT DISTINCT id FROM c) c ON c.id = d.cust"
        " WHERE d.cust IS NOT NULL AND c.id IS NULL",
    ),
    Way(
        "orphans",
        "distinct keys first",
        "SELECT coalesce(sum(n), 0)"
        " FROM (SELECT cust, count(*) n FROM t WHERE cust IS NOT NULL GROUP BY cust) d"
        " WHERE NOT EXISTS (SELECT 1 FROM c WHERE c.id = d.cust)",
    ),
    matched("/^user/", "^user"),
    where("/^user/", "STARTS_WITH", "starts_with(email, 'user')"),
    matched("/com$/", "com$"),
    where("/com$/", "SUFFIX; RIGHT", "suffix(email, 'com')", "right(email, 3) = 'com'"),
    where("/com$/", "LIKE", "email LIKE '%com'"),
    matched("/9@/", "9@"),
    where("/9@/", "CONTAINS; STRPOS", "contains(email, '9@')", "strpos(email, '9@') > 0"),
    where("/9@/", "LIKE", "email LIKE '%9@%'"),
    matched("/^new$/", "^new$", "status"),
    where("/^new$/", "=", "status = 'new'"),
    matched("/^(new|paid)$/", "^(?:new|paid)$", "status"),
    where("/^(new|paid)$/", "IN", "status IN ('new', 'paid')"),
    matched("/^[A-Z]{2}$/", "^[A-Z]{2}$", "code"),
    where("/^[A-Z]{2}$/", "LENGTH, LTRIM", f"length(code) = 2 AND ltrim(code, '{LETTERS}') = ''"),
    where("/^[A-Z]{2}$/", "LENGTH, TRANSLATE", f"length(code) = 2 AND translate(code, '{LETTERS}', '') = ''"),
    matched("/^[0-9a-z@.]+$/", "^[0-9a-z@.]+$"),
    where("/^[0-9a-z@.]+$/", "LTRIM", f"email <> '' AND ltrim(email, '{PLAIN}') = ''"),
    where("/^[0-9a-z@.]+$/", "TRANSLATE", f"email <> '' AND translate(email, '{PLAIN}', '') = ''"),
    matched("/^[^@ ]+@[^@ ]+$/", "^[^@ ]+@[^@ ]+$"),
)

COLUMNS = """
    i AS id, i % 1000 AS a, i {by} 7 AS b, i % 200003 AS cust,
    CASE WHEN i % 50 = 0 THEN NULL ELSE 'user' || i || '@example.com' END AS email,
    CASE i % 4 WHEN 0 THEN 'new' WHEN 1 THEN 'paid' WHEN 2 THEN 'shipped' ELSE 'void' END AS status,
    chr(CAST(65 + i % 26 AS INTEGER)) || chr(CAST(65 + i {by} 26 % 26 AS INTEGER)) AS code
"""


def fill(run: Run, series: str, by: str, rows: int) -> None:
    columns = COLUMNS.format(by=by)
    run(f"CREATE TABLE t AS SELECT {columns} FROM {series.format(rows - 1)}")
    run(
        f"CREATE TABLE c AS SELECT i AS id FROM {series.format(199_999)}"
        f" UNION ALL SELECT 5 FROM {series.format(2)}"
    )


def fill_wide(run: Run, series: str, rows: int) -> None:
    columns = ", ".join(f"i % {k + 2} AS c{k}" for k in range(100))
    run(f"CREATE TABLE wide AS SELECT {columns} FROM {series.format(rows - 1)}")


def best(run: Run, text: str) -> tuple[float, tuple[object, ...]]:
    times: list[float] = []
    row: tuple[object, ...] = ()
    for _ in range(REPEATS):
        start = time.perf_counter()
        row = run(text)
        times.append(time.perf_counter() - start)
    return min(times) * 1000, row


def duckdb_run() -> Run:
    connection = duckdb.connect(":memory:", config={"threads": 2})
    return lambda text: (connection.execute(text).fetchall() or [()])[0]


def postgres_run(connection: psycopg.Connection) -> Run:
    def run(text: str) -> tuple[object, ...]:
        found = connection.execute(text.encode())
        return found.fetchone() or () if found.description else ()

    return run


def main(rows: int) -> None:
    write = sys.stdout.write
    with postgres(work_mem="64MB") as server, server.connect() as connection:
        connection.autocommit = True
        in_duckdb, in_postgres = duckdb_run(), postgres_run(connection)
        fill(in_duckdb, "generate_series(0, {}) s(i)", "//", rows)
        fill(in_postgres, "generate_series(0::bigint, {}) s(i)", "/", rows)
        fill_wide(in_duckdb, "generate_series(0, {}) s(i)", rows // 5)
        fill_wide(in_postgres, "generate_series(0::bigint, {}) s(i)", rows // 5)
        in_postgres("VACUUM ANALYZE t")
        in_postgres("VACUUM ANALYZE c")
        write(f"{rows:,} rows, milliseconds\n{'':28}{'':24}{'DuckDB':>10}{'PostgreSQL':>12}\n")
        answers: dict[str, tuple[object, ...]] = {}
        for way in WAYS:
            first, row = best(in_duckdb, way.duckdb)
            said = way.duckdb if way.postgres is None else way.postgres
            second, other = best(in_postgres, said) if said else (None, row)
            same = answers.setdefault(way.group, row) == row and row == other
            group = way.group if answers[way.group] is row else ""
            shown = "-" if second is None else f"{second:.1f}"
            write(f"{group:28}{way.name:24}{first:10.1f}{shown:>12}{'' if same else f'  {row} {other}'}\n")


if __name__ == "__main__":
    main(int(sys.argv[1].replace("_", "")) if len(sys.argv) > 1 else ROWS)
