from __future__ import annotations

from tests.support.closing import NOTHING, closing


def test_says_so_when_everything_ran() -> None:
    assert closing([]) == [NOTHING]


def test_counts_the_tests_of_each_reason_the_most_frequent_first() -> None:
    assert closing(["no clock", "PostgreSQL: not run: none", "PostgreSQL: not run: none"]) == [
        "PostgreSQL: not run: none (2 tests)",
        "no clock (1 test)",
    ]
