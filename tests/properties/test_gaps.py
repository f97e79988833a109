"""Where the engines are known to differ. Each is a test that must fail: closing the gap takes the mark away, and
its statement moves to `test_once_different`."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.properties.trial import faults, trial_of
from tests.support.postgres import Server

GAPS = {
    "duckdb: doubles beyond their range become infinite, elsewhere they are an error": (
        "rule x: f * f > 0",
        [{"f": "1e308"}],
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
