"""Where the engines are known to differ. Each is a test that must fail: closing the gap takes the mark away, and
its statement moves to `test_once_different`."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.properties.trial import faults, trial_of
from tests.support.postgres import Server

GAPS = {
    "duckdb: a key that can fail, counted by groups, is refused as volatile": (
        "check x: duplicates(7 % i) < 2 by p",
        [{"i": "1"}],
    ),
    "a key by groups is computed for rows that `where` keeps out": (
        "check x: duplicates(cast(i * 10000 as smallint)) < 2 by p where b > 0",
        [{"i": "7"}],
    ),
    "duckdb: a key that can fail is computed for rows that the filter keeps out": (
        "filter (day in (date '2024-01-31')) = (clock <> time '00:00:00')  check x: duplicates(b / b) < 2",
        [
            {"b": "0", "day": "DATE '2025-01-01'", "clock": "TIME '23:59:59.5'"},
            {"b": "-3", "clock": "TIME '23:59:59.5'"},
        ],
    ),
    "duckdb: products of decimals are exact to 18 digits only": (
        "rule x: cast(d as decimal(12, 2)) * cast(b as decimal(12, 2)) > 0",
        [{"d": "999999.99", "b": "4000000000"}],
    ),
    "duckdb: doubles beyond their range become infinite, elsewhere they are an error": (
        "rule x: f * f > 0",
        [{"f": "1e308"}],
    ),
    "duckdb: decimals beyond 38 digits are an error, elsewhere they are exact": (
        "rule x: cast(d as decimal(38, 0)) * 100000000000000000000000000000000000 * 1000 > 0",
        [{"d": "99.99"}],
    ),
    "duckdb: overflow of plain arithmetic in rows that a condition keeps out": (
        "rule x: when i > 0 then b * b * 4000000000 > 1",
        [{"i": "0", "b": "4000000000"}],
    ),
    "postgres: a constant text that a cast does not take fails while planning": (
        "check x: count(try_cast('one' as int) is null) = 1",
        [{"i": "1"}],
    ),
    "duckdb: a power that is no real number has the reason of an overflow": (
        "rule x: power(i, 0.5) > 0",
        [{"i": "-3"}],
    ),
}


@pytest.mark.parametrize("gap", GAPS)
@pytest.mark.xfail(reason="known", raises=AssertionError, strict=True)
def test_is_still_there(gap: str, postgres_module_database: Server, tmp_path: Path) -> None:
    trial = trial_of(*GAPS[gap])
    if trial.compiled.failed:
        pytest.fail(f"refused: {trial.compiled.diagnostics}")
    assert faults(trial, postgres_module_database, tmp_path) == []
