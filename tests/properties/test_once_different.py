"""Contracts about which the engines once differed from the reference or from each other, by what was at fault."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.properties.trial import faults, trial_of
from tests.support.postgres import Server

Cells = list[dict[str, str]]
NAN = "CAST('NaN' AS double precision)"
FOUND: dict[str, tuple[str, Cells]] = {
    "a sum of decimals has 38 digits": (
        "check x: sum(n) > 1  check y: avg(n) > 1 by p  check z: sum(n) > 1 where i = 2",
        [{"n": "9999999999999999999999999999.9999999999"}, {"n": "2.25"}, {"n": "3", "i": "2"}],
    ),
    "a float that is a parameter meets decimals as a double": (
        "param single float = 0.1  check x: missing(d) < 30% where single in (o, 2)  rule y: n <> single",
        [{"o": "0.1", "n": "0.1"}],
    ),
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
    "products of decimals are exact to 38 digits": (
        "rule x: cast(d as decimal(12, 2)) * cast(b as decimal(12, 2)) > 0 "
        "check y: max(cast(d as decimal(12, 2)) * cast(b as decimal(12, 2)) * d) = 399_999_600_000_000_000_000",
        [{"d": "999999.99", "b": "4000000000"}],
    ),
    "decimals of more than 38 digits are an error": (
        "rule x: cast(d as decimal(38, 0)) * 100000000000000000000000000000000000 * 1000 > 0",
        [{"d": "99.99"}],
    ),
    "a decimal beside one with more digits after the point keeps them": (
        "check x: sum(coalesce(cast(d as decimal(38, 10)), cast(i as decimal(38, 0)))) = 101.25",
        [{"d": "99.25", "i": "1"}, {"i": "2"}],
    ),
    "a key that can fail, counted by groups": (
        "check x: duplicates(7 % i) < 2 by p",
        [{"i": "1"}],
    ),
    "a key by groups is not computed for rows that `where` keeps out": (
        "check x: duplicates(cast(i * 10000 as smallint)) < 2 by p where b > 0",
        [{"i": "7"}],
    ),
    "a key that can fail is not computed for rows that the filter keeps out": (
        "filter (day in (date '2024-01-31')) = (clock <> time '00:00:00')  check x: duplicates(b / b) < 2",
        [
            {"b": "0", "day": "DATE '2025-01-01'", "clock": "TIME '23:59:59.5'"},
            {"b": "-3", "clock": "TIME '23:59:59.5'"},
        ],
    ),
    "plain arithmetic does not overflow in rows that a condition keeps out": (
        "rule x: when i > 0 then b * b * 4000000000 > 1",
        [{"i": "0", "b": "4000000000"}],
    ),
    "keys that can fail are not computed for rows that are kept out": (
        "check x: duplicates(7 % i, 7 / s) < 1 where i <> 0 and s <> 0 "
        "check y: duplicates(1 / i) = 0 by p where i <> 0 "
        "check z: distinct(7 % i) = 1 by q where i <> 0  check u: duplicates(7 % i) = 0 where i <> 0",
        [
            {"i": "0", "s": "1", "p": "true"},
            {"i": "1", "s": "0", "q": "true"},
            {"i": "2", "s": "1", "p": "true"},
            {"i": "2", "s": "1", "p": "true"},
            {"i": "3", "s": "2"},
        ],
    ),
    "whole numbers at the end of their range, which a condition keeps out": (
        "rule x: when b < 5 then b + 1 > 0  rule y: when i > -5 then abs(i) < 9 and -i < 9 and round(i, -1) < 99 "
        "rule z: when f < 2 then f * f * f < 8  check w: max(-s) = 1 where s > -5",
        [
            {"b": "9223372036854775807", "i": "-2147483648", "f": "1e200", "s": "-32768"},
            {"b": "1", "i": "1", "f": "1", "s": "-1"},
        ],
    ),
    "a double beyond its range is an error": (
        "rule x: f * f > 0  rule y: 1 / (f * f) < 1  rule z: 10 * f * i > 0  check w: max(f - 2 * f + i) > 0",
        [{"f": "1e308", "i": "10"}, {"f": "1", "i": "1"}],
    ),
    "doubles that are not finite stay so": (
        "rule x: f * f > 0  rule y: f - f = 0  rule z: exp(f) + power(f, 2) > 0 where f > 0  rule w: round(f, 1) = f",
        [{"f": NAN}, {"f": "CAST('Infinity' AS double precision)"}, {"f": "1"}],
    ),
    "a large double is rounded to itself": (
        "check x: max(round(f, 2)) > 1  rule y: round(f, 25) = f",
        [{"f": "1e308"}],
    ),
    "half of the last digit, and a little less": (
        "check x: max(round(f)) = 0  check y: min(round(f, 1)) = 0.5",
        [{"f": "0.49999999999999994"}],
    ),
    "a constant text that a cast does not take": (
        "check x: count(try_cast('one' as int) is null) = 1  rule y: try_cast('x' as boolean) is null",
        [{"i": "1"}],
    ),
    "a power that is no real number": (
        "rule x: power(i, 0.5) > 0  rule y: power(0 * i, i) > 0  rule z: exp(f) > 0  rule w: power(10, f) > 0",
        [{"i": "-3", "f": "-1000"}],
    ),
}


@pytest.mark.parametrize("found", FOUND)
def test_all_agree(found: str, postgres_module_database: Server, tmp_path: Path) -> None:
    trial = trial_of(*FOUND[found])
    assert [one.code for one in trial.compiled.diagnostics if trial.compiled.failed] == []
    assert faults(trial, postgres_module_database, tmp_path) == []
