"""What could not run here, and why: a skip with its reason, or a failure where it was asked for."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable
from typing import NoReturn

import pytest

NOTHING = "everything that was asked for ran here"


def required(name: str) -> bool:
    """True where `ASSAY_REQUIRE` (names, separated by commas) says that a missing `name` is a failure."""
    return name in {item.strip() for item in os.environ.get("ASSAY_REQUIRE", "").split(",")}


def lacking(name: str, what: str, why: object) -> NoReturn:
    """Ends the test: `what` is not there. `name` is that of `ASSAY_REQUIRE`."""
    if required(name):
        pytest.fail(f"{what} is required here: {why}", pytrace=False)
    pytest.skip(f"{what}: not run: {why}")


def closing(reasons: Iterable[str]) -> list[str]:
    """One line per reason, the most frequent first; `reasons` has one item for each test that did not run."""
    counted = Counter(reasons)
    if not counted:
        return [NOTHING]
    return [f"{reason} ({_tests(number)})" for reason, number in counted.most_common()]


def _tests(number: int) -> str:
    return "1 test" if number == 1 else f"{number} tests"
