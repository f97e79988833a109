"""The tables and contracts of the flow's tests."""

from __future__ import annotations

ORDERS = """contract shop.orders version 1.0.0 {
  dataset shop.public.orders

  column id      bigint          required unique
  column amount  decimal(12, 2)  >= 5
  column note    text

  check rows > 0

  failed rows { keep 100 columns id, amount for 30 days }
}
"""
SLOW = (5, 20, 600)
"""Seconds that the slow tables take to be read."""
TABLES = (
    "CREATE TABLE public.orders (id bigint, amount decimal(12, 2), note text)",
    "INSERT INTO public.orders SELECT i, i, 'canary' FROM generate_series(1, 10) i",
    *(
        f"CREATE VIEW public.slow_{seconds} AS SELECT 1::bigint AS id WHERE pg_sleep({seconds}) IS NOT NULL"
        for seconds in SLOW
    ),
)


def slow(seconds: int) -> str:
    return f"""contract shop.slow_{seconds} version 1.0.0 {{
  dataset shop.public.slow_{seconds}
  column id bigint required
  check rows = 1
}}
"""
