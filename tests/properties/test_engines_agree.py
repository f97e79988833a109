"""Contracts by chance over rows by chance: DuckDB, PostgreSQL and the reference judge say the same."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.properties.trial import Trial, by_chance, faults, kind_of, shrunk, told
from tests.support.postgres import Server
from tests.support.search import search

SEEDS = st.integers(0, 2**48)
# A failing trial is made smaller by `shrunk`, which knows what it is made of; a seed has nothing to shrink.


def agree(seed: int, server: Server, folder: Path, *, failures: bool = False) -> None:
    trial = by_chance(seed, failures=failures)
    kinds = set(map(kind_of, faults(trial, server, folder)))
    if not kinds:
        return

    def fails(smaller: Trial) -> bool:
        return not kinds.isdisjoint(map(kind_of, faults(smaller, server, folder)))

    least = shrunk(trial, fails)
    pytest.fail(told(least, faults(least, server, folder)), pytrace=False)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("tables")


@search(40, full=2_000, shrinks=False)
@given(seed=SEEDS)
def test_engines_agree(seed: int, postgres_module_database: Server, folder: Path) -> None:
    agree(seed, postgres_module_database, folder)


@search(20, full=1_000, shrinks=False)
@given(seed=SEEDS)
def test_failures_are_alone(seed: int, postgres_module_database: Server, folder: Path) -> None:
    agree(seed, postgres_module_database, folder, failures=True)


@pytest.mark.slow
@search(120, full=1, shrinks=False)
@given(seed=SEEDS.map(lambda seed: seed + 2**50))
def test_many_failures_are_alone(seed: int, postgres_module_database: Server, folder: Path) -> None:
    agree(seed, postgres_module_database, folder, failures=True)


@pytest.mark.slow
@search(250, full=1, shrinks=False)
@given(seed=SEEDS.map(lambda seed: seed + 2**50))
def test_engines_agree_on_many(seed: int, postgres_module_database: Server, folder: Path) -> None:
    agree(seed, postgres_module_database, folder)


def test_few_contracts_are_refused() -> None:
    """Else the trials above would show little."""
    refused = sum(by_chance(seed).compiled.failed for seed in range(40))
    assert refused <= 8
