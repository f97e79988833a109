"""Contracts about which the engines once differed from the reference or from each other, by what was at fault."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.properties.trial import faults, trial_of
from tests.support.postgres import Server

Cells = list[dict[str, str]]
NAN = "CAST('NaN' AS double precision)"
FOUND: dict[str, tuple[str, Cells]] = {
    "doubles that are all equal have no spread": (
        "check x: stddev(f) = 0  check y: variance(f) > 0  check z: stddev(f) > 0 by i "
        "check w: stddev(f) = 0 where i > 1",
        [{"f": "0.7", "i": str(place % 2 + 1)} for place in range(12)],
    ),
    "one double, or none, has no spread to speak of": (
        "check x: stddev(f) = 0  check y: stddev(f) > 0 by i",
        [{"f": "0.7", "i": "1"}],
    ),
    "doubles that are not finite have no finite spread": (
        "check x: stddev(f) = 0  check y: variance(f) > 0 by i",
        [{"f": NAN, "i": "1"}, {"f": NAN, "i": "1"}, {"f": "1", "i": "2"}, {"f": "1", "i": "2"}],
    ),
    "doubles that are all equal are correlated with nothing": (
        "check x: 10 * correlation(f, i) > 0  check y: 10 * correlation(i, f) < 0",
        [{"f": "0.7", "i": str(place)} for place in range(6)],
    ),
    "only pairs count for a correlation": (
        "check x: correlation(f, i) > 0  check y: correlation(i, f) > 0 where b is null",
        [{"f": "0.7", "i": str(place)} for place in range(6)] + [{"f": "1"}, {"i": "1"}],
    ),
    "a correlation with NaN in it is not one of constants": (
        "check x: 10 * correlation(f, i) > 0  check y: correlation(f, s) > 0",
        [{"i": "1", "f": NAN, "s": "1"}, {"i": "2", "f": "1", "s": "1"}],
    ),
    "columns that have nothing to do with each other have the correlation 0": (
        "check x: 10 * correlation(f, i) = 0",
        [{"f": f, "i": i} for f, i in zip(("0.1", "0.2", "0.3", "0.1", "0.2", "0.3"), "112233", strict=True)]
        + [
            {"f": f, "i": i}
            for f, i in zip(("0.3", "0.2", "0.1", "0.3", "0.2", "0.1"), "112233", strict=True)
        ],
    ),
    "a constant that turns null by a column is not null with it": (
        "check x: count(nullif('ab', t) matches /^a/) < 30%",
        [{"i": "1"}],
    ),
    "a filter on a constant that turns null by a column": (
        "filter case when t = 'ab' then 'ab' end like 'a%'  check x: rows = 1",
        [{"t": "'ab'"}, {"t": "'b'"}, {}],
    ),
}


@pytest.mark.parametrize("found", FOUND)
def test_all_agree(found: str, postgres_module_database: Server, tmp_path: Path) -> None:
    trial = trial_of(*FOUND[found])
    assert [one.code for one in trial.compiled.diagnostics if trial.compiled.failed] == []
    assert faults(trial, postgres_module_database, tmp_path) == []
