from __future__ import annotations

import pytest

from tests.support.closing import NOTHING, closing, lacking


def test_says_so_when_everything_ran() -> None:
    assert closing([]) == [NOTHING]


def test_counts_the_tests_of_each_reason_the_most_frequent_first() -> None:
    assert closing(["no clock", "PostgreSQL: not run: none", "PostgreSQL: not run: none"]) == [
        "PostgreSQL: not run: none (2 tests)",
        "no clock (1 test)",
    ]


def test_what_is_lacking_is_skipped_with_its_reason_and_fails_where_it_is_required(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("ASSAY_REQUIRE", "postgres")
    with pytest.raises(pytest.fail.Exception, match="PostgreSQL is required here: no room"):
        lacking("postgres", "PostgreSQL", "no room")
    with pytest.raises(pytest.skip.Exception, match="kubectl: not run: not built"):
        lacking("cluster", "kubectl", "not built")
