"""One trial: a contract and tables made by chance, run on the engines, held against the reference judge.

A trial that fails is made smaller before it is shown: statements and rows that it does not need are left out.
"""

from __future__ import annotations

import difflib
import math
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from random import Random

from assay.compiler.pipeline import Compilation, compile_contract
from tests.golden.agree import disagreements, row_disagreements
from tests.golden.cases import ENGINES
from tests.golden.running import duckdb_tables, execute, postgres_tables, result_text
from tests.golden.tables import tables_of
from tests.properties.contracts import contract
from tests.properties.expressions import Author
from tests.properties.values import COLUMNS, NULL, TARGET, Row, rows, tables_sql
from tests.support.postgres import Server
from tests.support.reference import judge

NOW = datetime(2024, 6, 1, 12, tzinfo=UTC)
NAME = "things.contract"
_ROWS_FAULT = "(overflow|data_error|division_by_zero|not_finite)"
_REASON = re.compile(rf'"reason": "{_ROWS_FAULT}"')
_OTHER_FAULT = re.compile(rf": reason {_ROWS_FAULT}, should be {_ROWS_FAULT}$")
_VALUE = re.compile(r'"value": "([-+.\deE]+)"')


@dataclass(frozen=True, slots=True)
class Trial:
    text: str
    dataset: list[Row]
    target: list[Row]

    @property
    def sql(self) -> str:
        return tables_sql(self.dataset, self.target)

    @property
    def compiled(self) -> Compilation:
        return compile_contract(NAME, {NAME: self.text}.get, ENGINES)


def by_chance(seed: int, *, failures: bool = False) -> Trial:
    """With `failures` some statements cannot be computed, and some cells make it so."""
    chance = Random(seed)  # noqa: S311 - tests are repeatable
    names = [column.name for column in COLUMNS]
    text = contract(Author(chance), failures=failures)
    return Trial(text, rows(chance, names, 12, rare=failures), rows(chance, TARGET, 6))


def trial_of(statement: str, cells: Sequence[Mapping[str, str]]) -> Trial:
    """One statement, or a few, over rows that hold these cells and NULL elsewhere."""
    declared = "".join(f"  column {column.name} {column.declared}\n" for column in COLUMNS)
    head = "contract test.things version 1.0.0 {\n  dataset warehouse.public.things\n"
    dataset = [tuple(row.get(column.name, NULL) for column in COLUMNS) for row in cells]
    return Trial(f"{head}{declared}  {statement}\n}}\n", dataset, [])


def faults(trial: Trial, server: Server, folder: Path) -> list[str]:
    """Where engines and reference differ. Empty for a contract that the compiler refuses."""
    try:
        made = trial.compiled
    except AssertionError as error:
        return [f"compiler: {type(error).__name__}: {error}"]
    if made.contract is None or made.failed:
        return []
    with duckdb_tables(trial.sql, folder) as source:
        first = execute(made.programs["duckdb"].sealed.data, source, now=NOW)
        tables = tables_of(source)
    with postgres_tables(trial.sql, server) as other:
        second = execute(made.programs["postgres"].sealed.data, other, now=NOW)
    a, b = (result_text(one.report).splitlines() for one in (first, second))
    if len(a) == len(b):
        b = [one if _alike(one, other) else other for one, other in zip(a, b, strict=True)]
    found = list(difflib.unified_diff(a, b, *ENGINES, n=0, lineterm=""))
    reference = judge(made.contract, tables, NOW, {})
    for name, one in zip(ENGINES, (first, second), strict=True):
        lines = [line for line in disagreements(one.report, reference) if not _OTHER_FAULT.search(line)]
        lines += row_disagreements(made.contract, one.report, one.kept, reference, tables["public", "things"])
        found += [f"{name}: {line}" for line in lines]
        if lines:
            found += [f"{name}: {check}: {message}" for check, message in one.messages.items()]
    return found


def _alike(one: str, other: str) -> bool:
    """Lines of two results that say the same, but for the last digit of a double, and for which of several rows at
    fault was come upon first."""
    if '"outcome": "error"' in one:
        return _REASON.sub("", one) == _REASON.sub("", other)
    if _VALUE.sub("", one) != _VALUE.sub("", other):
        return False
    values = [float(found[1]) for line in (one, other) if (found := _VALUE.search(line))]
    return len(values) < 2 or math.isclose(*values, rel_tol=1e-9)


def shrunk(trial: Trial, fails: Callable[[Trial], bool]) -> Trial:
    """A smaller trial that still fails, by leaving out one thing after the other."""
    while True:
        smaller = next((one for one in _smaller(trial) if fails(one)), None)
        if smaller is None:
            return trial
        trial = smaller


def _smaller(trial: Trial) -> Iterator[Trial]:
    lines = trial.text.splitlines(keepends=True)
    for place, line in enumerate(lines):
        if line.startswith("  ") and "dataset" not in line:
            yield replace(trial, text="".join(lines[:place] + lines[place + 1 :]))
        bare = _bare(line)
        if bare != line:
            yield replace(trial, text="".join([*lines[:place], bare, *lines[place + 1 :]]))
    for place in range(len(trial.dataset)):
        yield replace(trial, dataset=trial.dataset[:place] + trial.dataset[place + 1 :])
    for place in range(len(trial.target)):
        yield replace(trial, target=trial.target[:place] + trial.target[place + 1 :])


def _bare(line: str) -> str:
    """A column without its clauses; other lines as they are."""
    starts = (f"  column {column.name} {column.declared}" for column in COLUMNS)
    return next((f"{start}\n" for start in starts if line.startswith(start)), line)


def kind_of(fault: str) -> str:
    """A fault without the names and numbers that differ from trial to trial."""
    return re.sub(r"[-+.]?\d+", "#", re.sub(r"things\.[a-z]\d+", "…", fault))


def told(trial: Trial, found: list[str]) -> str:
    return "\n".join(["", trial.text, trial.sql, "", *found])
