"""How long compiling takes: many contracts, the same again unchanged, and one contract with very many checks.

    .venv/bin/python bench/compile.py [--contracts N] [--checks N]

1,000 contracts of 30 checks to two dialects; then again without a change; then single contracts of up to 5,000
checks, whose time per check must not grow.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from pathlib import Path

from measure import once

ASSAY = str(Path(sys.executable).with_name("assay"))


def contract(number: int, checks: int) -> str:
    """A contract of exactly `checks` statements that are judged, with its schema check besides."""
    lines = [f"contract bench.table_{number} version 1.0.0 {{", f"  dataset warehouse.public.table_{number}"]
    kinds = (
        ("bigint", "required"),
        ("varchar(16)", "in ('new', 'paid', 'shipped')"),
        ("decimal(12, 2)", "between 0 and 100000"),
        ("text", "matches /^[a-z]+-[0-9]+$/ for at least 99%"),
        ("text", "length <= 200"),
        ("timestamp", "required"),
    )
    for i in range(checks // 2):
        kind, clause = kinds[i % len(kinds)]
        lines.append(f"  column c{i} {kind} {clause}")
    for i in range(checks - checks // 2):
        target = i % (checks // 2)
        lines.append(f"  check metric_{i}: missing(c{target}) < {number % 7 + 1}%")
    return "\n".join([*lines, "}", ""])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--contracts", type=int, default=1000)
    parser.add_argument("--checks", type=int, default=30)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        env = {"ASSAY_CACHE_DIR": str(Path(folder) / "cache")}
        Path("contracts").mkdir()
        for number in range(args.contracts):
            Path(f"contracts/t{number}.contract").write_text(contract(number, args.checks))
        command = [
            ASSAY,
            "compile",
            "contracts",
            "--out",
            "out",
            "--dialect",
            "duckdb",
            "--dialect",
            "postgres",
        ]
        first, again = once(command, env), once(command, env)
        for name, cost in (("first", first), ("again, unchanged", again)):
            print(f"{args.contracts} contracts x {args.checks} checks x 2 dialects, {name}: "
                  f"{cost.wall:.2f} s wall, {cost.cpu:.2f} s CPU, exit {cost.code}")  # fmt: skip
        for checks in (500, 1000, 2500, 5000):
            Path("one.contract").write_text(contract(1, checks))
            cost = once(
                [ASSAY, "compile", "one.contract", "--out", f"one-{checks}", "--dialect", "duckdb"], env
            )
            print(
                f"one contract, {checks} checks: {cost.wall:.2f} s wall, {1000 * cost.wall / checks:.2f} ms a check"
            )


if __name__ == "__main__":
    main()
