"""The closing block of a test run: what could not run here, and why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

NOTHING = "everything that was asked for ran here"


def closing(reasons: Iterable[str]) -> list[str]:
    """One line per reason, the most frequent first; `reasons` has one item for each test that did not run."""
    counted = Counter(reasons)
    if not counted:
        return [NOTHING]
    return [f"{reason} ({_tests(number)})" for reason, number in counted.most_common()]


def _tests(number: int) -> str:
    return "1 test" if number == 1 else f"{number} tests"
