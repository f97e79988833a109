"""Random contracts over random rows: DuckDB, PostgreSQL and the reference judge say the same."""

from __future__ import annotations

import difflib
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, note, settings

from assay.compiler.pipeline import Compilation, compile_contract
from assay.compiler.render import render_text
from tests.golden.agree import disagreements, row_disagreements
from tests.golden.cases import ENGINES
from tests.golden.running import duckdb_tables, execute, postgres_tables, result_text
from tests.golden.tables import tables_of
from tests.properties.contracts import contract
from tests.properties.values import Row, rows, tables_sql, targets
from tests.support.postgres import Server
from tests.support.reference import judge

NOW = datetime(2024, 6, 1, 12, tzinfo=UTC)
NAME = "things.contract"


def compiled(text: str) -> Compilation:
    return compile_contract(NAME, {NAME: text}.get, ENGINES)


def faults(text: str, sql: str, server: Server, folder: Path) -> list[str]:
    """Where engines and reference differ on one contract and one set of tables."""
    made = compiled(text)
    assert made.contract is not None, render_text(made.diagnostics, made.sources)
    bundles = {name: program.sealed.data for name, program in made.programs.items()}
    with duckdb_tables(sql, folder) as source:
        first = execute(bundles["duckdb"], source, now=NOW)
        tables = tables_of(source)
    with postgres_tables(sql, server) as other:
        second = execute(bundles["postgres"], other, now=NOW)
    a, b = result_text(first.report), result_text(second.report)
    found = list(difflib.unified_diff(a.splitlines(), b.splitlines(), "duckdb", "postgres", n=0, lineterm=""))
    reference = judge(made.contract, tables, NOW, {})
    for name, one in (("duckdb", first), ("postgres", second)):
        found += [f"{name}: {line}" for line in disagreements(one.report, reference)]
        found += [
            f"{name}: {line}"
            for line in row_disagreements(one.report, one.kept, reference, tables["public", "things"])
        ]
        found += [f"{name}: {check}: {message}" for check, message in one.messages.items() if found]
    return found


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("tables")


def agree(text: str, dataset: list[Row], target: list[Row], server: Server, folder: Path) -> None:
    sql = tables_sql(dataset, target)
    note(text)
    note(sql)
    assert faults(text, sql, server, folder) == []


ACCEPTED = contract().filter(lambda text: not compiled(text).failed)
QUIET = (HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large)


@settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=QUIET, database=None)
@given(text=ACCEPTED, dataset=rows(), target=targets())
def test_all_agree(
    text: str, dataset: list[Row], target: list[Row], postgres_module_database: Server, folder: Path
) -> None:
    agree(text, dataset, target, postgres_module_database, folder)
