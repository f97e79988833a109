"""What may leave: counts and shares always, values of cells and of sensitive columns never by themselves."""

from __future__ import annotations

import pytest

from assay.compiler import ir
from tests.support.contracts import codes, meaning


def egress(body: str) -> str:
    return next(c for c in meaning(body).checks if isinstance(c, ir.MetricCheck)).egress.value


@pytest.mark.parametrize(
    "check",
    [
        "rows > 5",
        "missing(secret) < 5%",
        "count(secret > 5) < 5",
        "distinct(secret) > 5",
        "duplicates(secret) = 0",
        "avg(amount) > 5",
        "freshness(placed_at) < 1 hour",
        "avg(length(email)) > 5",
        "avg(amount) > 5 where secret > 5",
    ],
)
def test_counts_and_aggregates_of_numbers_and_dates_may_leave(check: str) -> None:
    assert egress(f"check {check}") == "open"


@pytest.mark.parametrize(
    "check",
    [
        "max(amount) > 5",
        "median(amount) > 5",
        "percentile(amount, 95%) > 5",
        "max(day) > date '2024-01-01'",
        "max(length(email)) > 5",
        "max(amount) - min(amount) > 5",
        "max(email) > 'a'",
        "min(email) > 'a'",
        "median(email) > 'a'",
        "percentile(email, 5%) > 'a'",
        "max(case when id > 5 then email else 'x' end) > 'a'",
        "sum(secret) > 5",
        "avg(secret) > 5",
        "max(secret + amount) > 5",
        "stddev(secret) > 5",
        "correlation(secret, amount) > 0",
        "round(avg(secret)) > 5",
        "sum(amount) / sum(secret) > 5",
        "sum(amount) > sum(secret)",
        "sum(case when secret > 5 then 1 else 0 end) > 5",
    ],
)
def test_cells_and_sensitive_columns_stay_inside(check: str) -> None:
    assert egress(f"check {check}") == "withheld"


@pytest.mark.parametrize("check", ["max(amount) > 5", "median(amount) > 5", "max(day) > date '2024-01-01'"])
def test_a_number_or_a_date_of_a_cell_leaves_where_the_author_says_so(check: str) -> None:
    assert egress(f"check {check} release value") == "open"


def test_a_let_hides_nothing() -> None:
    assert egress("let pay(x) = x + 1\ncheck sum(pay(secret)) > 5") == "withheld"
    assert egress("let total = sum(secret)\ncheck total > 5") == "withheld"


def test_freshness_of_a_sensitive_column_stays_inside() -> None:
    assert egress("column born timestamptz sensitive\ncheck freshness(born) < 1 day") == "withheld"


def test_no_text_can_be_released_and_nothing_of_a_sensitive_column() -> None:
    assert codes("check max(email) > 'a' release value") == ["E349"]
    assert codes("check max(secret) > 5 release value") == ["E349"]


def test_releasing_what_leaves_anyway_is_said() -> None:
    assert codes("check rows > 5 release value") == ["W305"]
