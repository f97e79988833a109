"""Writes the expected files of all cases, or of those that are named: `make golden`, then `git diff golden/`.

Refused in CI: expected files are written and reviewed by people. Where the engines disagree with each other
or with the reference judge, nothing is written for that case, and the differences are shown.
"""

from __future__ import annotations

import difflib
import os
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from tests.golden.agree import disagreements, row_disagreements
from tests.golden.cases import Case, all_cases
from tests.golden.expected import stages, told
from tests.golden.running import Ran, duckdb_tables, failed_text, postgres_tables, ran, result_text
from tests.golden.tables import tables_of
from tests.support.postgres import Server, database, postgres
from tests.support.reference import judge


def results(case: Case, server: Server, folder: Path) -> tuple[dict[str, str], list[str]]:
    """result.json and failed.json as all engines give them, and where they do not."""
    contract = case.compiled.contract
    assert contract is not None
    with duckdb_tables(case.sql("duckdb"), folder) as source:
        first = ran(case, source, "duckdb")
        tables = tables_of(source)
    with postgres_tables(case.sql("postgres"), server) as other:
        second = ran(case, other, "postgres")
    keep = contract.failed_rows.keep
    texts = {name: _texts(one, keep) for name, one in (("duckdb", first), ("postgres", second))}
    faults = [
        line
        for name in texts["duckdb"]
        for line in difflib.unified_diff(
            texts["duckdb"][name].splitlines(),
            texts["postgres"][name].splitlines(),
            f"{case.name}, {name}, duckdb",
            f"{case.name}, {name}, postgres",
            lineterm="",
            n=0,
        )
    ]
    reference = judge(contract, tables, case.now, case.params)
    for engine, one in (("duckdb", first), ("postgres", second)):
        found = disagreements(one.report, reference)
        if contract.table in tables:
            found += row_disagreements(contract, one.report, one.kept, reference, tables[contract.table])
        faults += [f"{case.name}, {engine}: {line}" for line in found]
    return texts["duckdb"], faults


def _texts(one: Ran, keep: int) -> dict[str, str]:
    return {"result.json": result_text(one.report), "failed.json": failed_text(one.report, one.kept, keep)}


def write(case: Case, files: dict[str, str]) -> int:
    """The number of files that changed; those that nothing made are removed."""
    case.expected.mkdir(exist_ok=True)
    changed = 0
    for path in case.expected.iterdir():
        if path.name not in files:
            path.unlink()
            changed += 1
    for name, text in files.items():
        path = case.expected / name
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")
            changed += 1
    return changed


def main(names: Sequence[str]) -> int:
    if os.environ.get("CI"):
        sys.stderr.write("refused in CI: expected files are written and reviewed by people\n")
        return 1
    chosen = [case for case in all_cases() if not names or case.name in names]
    changed = faulty = 0
    with (
        postgres() as server,
        database(server) as fresh,
        tempfile.TemporaryDirectory() as folder,
    ):
        for case in chosen:
            if case.compiled.failed:
                faults = [told(case)]
                files: dict[str, str] = {}
            else:
                files, faults = results(case, fresh, Path(folder))
            if faults:
                faulty += 1
                sys.stderr.write("\n".join([*faults, ""]))
            else:
                changed += write(case, {**stages(case), **files})
    sys.stdout.write(f"{len(chosen)} cases, {changed} files changed, {faulty} cases at fault\n")
    return 1 if faulty else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
