"""Every case of golden/cases: it compiles to the reviewed files, and runs to the reviewed results."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.golden import generate
from tests.golden.agree import disagreements, row_disagreements
from tests.golden.cases import INPUTS, Case, all_cases
from tests.golden.expected import RESULTS, stages, told
from tests.golden.running import Ran, duckdb_tables, failed_text, postgres_tables, ran, result_text
from tests.golden.tables import tables_of
from tests.support.postgres import Server
from tests.support.reference import Table, judge

CASES = all_cases()
each = pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)


@each
def test_compiles_to_the_reviewed_files(case: Case) -> None:
    assert not case.compiled.failed, told(case)
    for name, text in stages(case).items():
        assert reviewed(case, name) == text, f"{case.name}: {name} differs; `make golden`, then review"


@each
def test_duckdb_gives_the_reviewed_results(case: Case, tmp_path: Path) -> None:
    with duckdb_tables(case.sql("duckdb"), tmp_path) as source:
        judged(case, ran(case, source, "duckdb"), tables_of(source))


@each
def test_postgres_gives_the_reviewed_results(
    case: Case, postgres_module_database: Server, tmp_path: Path
) -> None:
    with duckdb_tables(case.sql("duckdb"), tmp_path) as source:
        tables = tables_of(source)
    with postgres_tables(case.sql("postgres"), postgres_module_database) as other:
        judged(case, ran(case, other, "postgres"), tables)


def judged(case: Case, one: Ran, tables: dict[tuple[str, ...], Table]) -> None:
    """Against the reviewed files, and against the reference judge."""
    contract = case.compiled.contract
    assert contract is not None
    assert result_text(one.report) == reviewed(case, "result.json")
    assert failed_text(one.report, one.kept, contract.failed_rows.keep) == reviewed(case, "failed.json")
    reference = judge(contract, tables, case.now, case.params)
    assert disagreements(one.report, reference) == []
    if contract.table in tables:
        assert row_disagreements(contract, one.report, one.kept, reference, tables[contract.table]) == []


def reviewed(case: Case, name: str) -> str:
    path = case.expected / name
    assert path.exists(), f"{case.name} has no {name}; `make golden`, then review"
    return path.read_text(encoding="utf-8")


@each
def test_no_expected_file_is_left_over(case: Case) -> None:
    made = {*stages(case), *RESULTS}
    assert {path.name for path in case.expected.iterdir()} == made


@each
def test_inputs_are_what_a_case_may_have(case: Case) -> None:
    names = {path.name for path in case.folder.iterdir()} - {"expected"}
    assert names - set(INPUTS) == case.compiled.sources.keys()
    assert "tables.sql" in names or {"tables.duckdb.sql", "tables.postgres.sql"} <= names


def test_there_are_many_cases() -> None:
    assert len(CASES) >= 60


def test_is_refused_in_ci(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("CI", "true")
    assert generate.main([]) == 1
    assert "refused" in capsys.readouterr().err
