"""The data, the contract and the best hand-written SQL that the verify benches share.

`orders` has ten columns and is the same for the same number of rows on every engine; a few rows are bad.
"""

from __future__ import annotations

from dataclasses import dataclass

COLUMNS = """
    i AS order_id,
    i * 2654435761 % 100000 AS customer_id,
    CASE WHEN i % 100003 = 7 THEN 'lost'
         ELSE (ARRAY['new', 'paid', 'shipped', 'void'])[(i * 31 % 4 + 1)::int] END AS status,
    ((i * 7919 % 1000000) / 100.0)::decimal(12, 2) AS amount,
    (i * 13 % 100 + 1)::int AS quantity,
    CASE WHEN i % 97 = 0 THEN NULL WHEN i % 1009 = 0 THEN 'nobody'
         ELSE 'user' || (i % 500000)::text || '@example' || (i % 7)::text || '.com' END AS email,
    (ARRAY['BE', 'FR', 'NL', 'DE', 'LU', 'IT', 'ES', 'PT', 'AT', 'DK'])[(i * 17 % 10 + 1)::int] AS country,
    repeat('x', (i % 60)::int) AS note,
    timestamp '2026-01-01 00:00:00' + (i % 20000000) * interval '1 second' AS placed_at,
    CASE WHEN i % 50021 = 3 THEN NULL
         ELSE timestamp '2026-01-02 00:00:00' + (i % 20000000) * interval '1 second' END AS shipped_at
"""

TYPES = (
    ("order_id", "bigint"),
    ("customer_id", "bigint"),
    ("status", "text"),
    ("amount", "decimal(12, 2)"),
    ("quantity", "int"),
    ("email", "text"),
    ("country", "text"),
    ("note", "text"),
    ("placed_at", "timestamp"),
    ("shipped_at", "timestamp"),
)


def build(rows: int, series: str, *, shuffled: bool = False) -> list[str]:
    """DDL that fills public.orders and public.customers; `series` is the engine's generator call.

    Rows are stored as keys are handed out, in ascending order; `shuffled` stores the same rows in no order.
    """
    order = " ORDER BY md5(i::text)" if shuffled else ""
    return [
        "CREATE SCHEMA IF NOT EXISTS public",
        f"CREATE TABLE public.orders AS SELECT {COLUMNS} FROM {series.format(rows=rows - 1)} AS g(i){order}",
        f"CREATE TABLE public.customers AS SELECT i AS id FROM {series.format(rows=99998)} AS g(i)",
    ]


CONTRACT = """\
contract shop.orders version 1.0.0 {
  "Orders of the web shop."

  dataset warehouse.public.orders

  column order_id    bigint         required unique
  column customer_id bigint         required references warehouse.public.customers.id for at least 99%
  column status      text           required in ('new', 'paid', 'shipped', 'void') for at least 99%
  column amount      decimal(12, 2) required between 0 and 100000
  column quantity    int            required between 1 and 100
  column email       text           matches /^[^@ ]+@[^@ ]+[.][^@ ]+$/ for at least 99%
  column country     text           required length = 2
  column note        text           length <= 200
  column placed_at   timestamp      required
  column shipped_at  timestamp

  rule shipped_has_date "shipped orders carry a date":
    when status = 'shipped' then shipped_at is not null for at least 99%

  check rows between 1 and 100_000_000
  check missing(email) < 5%
  check avg(amount) between 1000 and 9000
  check max(amount) <= 100000
  check sum(quantity) > 0
  check distinct(country) <= 20
  check freshness(placed_at) < 10000 days
}
"""

EMAIL = "regexp_matches(email, '^[^@ ]+@[^@ ]+[.][^@ ]+$')"
EMAIL_POSTGRES = "email ~ '^[^@ ]+@[^@ ]+[.][^@ ]+$'"
EMAIL_PIECES = (
    "CASE WHEN {space} THEN FALSE WHEN email LIKE '%@%@%' THEN FALSE ELSE email LIKE '_%@_%._%' END"
)

_NUMBERS = """
SELECT count(*), count(order_id), {distinct}count(customer_id), count(status),
       {count} status NOT IN ('new', 'paid', 'shipped', 'void')),
       count(amount), {count} amount NOT BETWEEN 0 AND 100000),
       count(quantity), {count} quantity NOT BETWEEN 1 AND 100),
       count(email), {count} NOT {match}),
       count(country), {count} length(country) <> 2),
       {count} length(note) > 200), count(placed_at),
       {count} status = 'shipped' AND shipped_at IS NULL),
       {count} status = 'shipped'),
       sum(amount), count(amount), max(amount), sum(quantity), max(placed_at)
FROM public.orders
"""
_ORPHANS = """
SELECT count(*) FROM public.orders o
WHERE customer_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM public.customers c WHERE c.id = o.customer_id)
"""
_FOUND = """
SELECT count(*) FROM public.orders o
JOIN (SELECT DISTINCT id FROM public.customers) c ON c.id = o.customer_id
"""
_ASCENDS = """
SELECT count_if(step)
FROM (SELECT order_id <= lag(order_id) OVER () AS step FROM public.orders WHERE order_id IS NOT NULL)
"""
_FILTER = "count(*) FILTER (WHERE"
_BOTH = "count(DISTINCT order_id), count(DISTINCT country)"


@dataclass(frozen=True, slots=True)
class Script:
    """Statements that run one after the other. `probe`, where there is one, comes first: only where its number is
    not 0 does `unless` run."""

    statements: tuple[str, ...]
    probe: str = ""
    unless: str = ""


HAND_WRITTEN = {
    # What a careful person writes: one scan for everything, as splitting it costs DuckDB more; on PostgreSQL
    # DISTINCT apart, as it keeps a scan from running in parallel.
    "duckdb": {
        "plain": Script(
            (_NUMBERS.format(distinct=_BOTH + ", ", count=_FILTER, match=EMAIL), _ORPHANS),
        ),
        "rewritten": Script(
            (
                _NUMBERS.format(
                    distinct="count(DISTINCT country), ",
                    count="count_if(",
                    match=EMAIL_PIECES.format(space="contains(email, ' ')"),
                ),
                _FOUND,
            ),
            _ASCENDS,
            "SELECT count(DISTINCT order_id) FROM public.orders",
        ),
    },
    "postgres": {
        "plain": Script(
            (
                _NUMBERS.format(distinct="", count=_FILTER, match=EMAIL_POSTGRES),
                f"SELECT {_BOTH} FROM public.orders",
                _ORPHANS,
            )
        ),
        "rewritten": Script(
            (
                _NUMBERS.format(
                    distinct="", count=_FILTER, match=EMAIL_PIECES.format(space="strpos(email, ' ') > 0")
                ),
                'SELECT count(DISTINCT order_id), count(DISTINCT country COLLATE "C") FROM public.orders',
                _ORPHANS,
            )
        ),
    },
}
"""By engine and by who wrote it: `plain` is what a careful person writes, `rewritten` by somebody who knows every
rewrite of docs/decisions/0007-cheap-proofs.md."""
