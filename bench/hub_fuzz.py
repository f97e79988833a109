"""schemathesis against the hub's published OpenAPI document, on SQLite and on PostgreSQL.

    .venv/bin/python bench/hub_fuzz.py [--cases 20000] [--store sqlite|postgres] [--seed N]

Counts answers by status. Ends with an error at the first answer that the document does not have, and at any 5xx.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=20_000, help="on each store")
    parser.add_argument("--store", choices=("sqlite", "postgres"), action="append")
    parser.add_argument("--seed", type=int, default=int(time.time()))
    parser.add_argument("--round", type=int, default=2_000, help="cases against one hub")
    args = parser.parse_args()
    sys.path.insert(0, str(ROOT))
    from assay.hub.api import logs
    from tests.support.hub import stores

    logs.configure("error")
    print(f"seed {args.seed}")
    for store in args.store or ("sqlite", "postgres"):
        began, sent, number = time.perf_counter(), 0, args.seed
        statuses: Counter[int] = Counter()
        with tempfile.TemporaryDirectory() as folder, stores(store, Path(folder)) as fresh:
            while sent < args.cases:
                done, found = _round(fresh(), min(args.round, args.cases - sent), number)
                sent, number = sent + done, number + 1
                statuses += found
        seconds = time.perf_counter() - began
        print(f"{store}: {sent:,} cases in {seconds:,.0f} s")
        print("  " + ", ".join(f"{status}: {count:,}" for status, count in sorted(statuses.items())))
        if any(status >= 500 for status in statuses):
            sys.exit("an answer was 5xx")


def _round(address: str, cases: int, number: int) -> tuple[int, Counter[int]]:
    from tests.support.fuzz import fuzz, world
    from tests.support.live import live

    with live(address, upkeep=False) as hub:
        found = world(hub)
        return fuzz(found, cases, number), found.statuses


if __name__ == "__main__":
    main()
