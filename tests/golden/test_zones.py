"""Neither the zone of the machine, nor that of the server or the database, changes what a moment means."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.golden.cases import CASES, Case
from tests.golden.running import duckdb_tables, postgres_tables, ran, result_text
from tests.support.postgres import Server

MOMENTS = ("filter_window", "freshness", "functions_moments", "params_typed", "real_events", "real_sensors")


@pytest.fixture(params=["Pacific/Kiritimati", "America/St_Johns"])
def zone(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    monkeypatch.setenv("TZ", request.param)
    monkeypatch.setenv("PGTZ", request.param)
    time.tzset()
    yield request.param
    monkeypatch.undo()
    time.tzset()


@pytest.mark.parametrize("name", MOMENTS)
def test_results_are_the_same_in_every_zone(
    name: str, zone: str, postgres_database: Server, tmp_path: Path
) -> None:
    case = Case(CASES / name)
    expected = (case.expected / "result.json").read_text(encoding="utf-8")
    with postgres_database.connect() as connection:
        connection.autocommit = True
        connection.execute(f"ALTER DATABASE \"{postgres_database.dbname}\" SET TimeZone = '{zone}'".encode())
    with postgres_tables(case.sql("postgres"), postgres_database) as source:
        assert result_text(ran(case, source, "postgres").report) == expected
    with duckdb_tables(case.sql("duckdb"), tmp_path) as other:
        assert result_text(ran(case, other, "duckdb").report) == expected
