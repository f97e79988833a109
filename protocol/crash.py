"""Places in a program where a test may end it, as a power cut would: ASSAY_CRASH_AT=NAME, or NAME:3 for the
third time that it comes by. Unset, a crash point costs one comparison."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable

VARIABLE = "ASSAY_CRASH_AT"

HUB = (
    "hub-before-commit",
    "hub-after-commit",
    "hub-after-claim",
    "hub-results-inserted",
    "hub-mid-reaper",
    "hub-mid-schedule",
)


class Crash(BaseException):
    """What a test that stays in one process raises in place of an end."""


AGENT = (
    "agent-after-poll",
    "agent-before-accept",
    "agent-after-accept",
    "agent-before-job",
    "agent-after-job",
    "agent-before-config",
    "agent-after-config",
    "agent-before-secret",
    "agent-after-secret",
    "agent-after-unsuspend",
    "agent-before-event",
    "agent-before-complete",
    "agent-after-complete",
    "agent-mid-watch",
    "agent-mid-cancel",
)


RUNNER = (
    "runner-before-start",
    "runner-after-start",
    "runner-mid-query",
    "runner-after-warehouse",
    "runner-mid-results",
    "runner-before-commit",
    "runner-after-commit",
)


def _die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


_name, _, _times = os.environ.get(VARIABLE, "").partition(":")
_left = int(_times) if _times.isdigit() else 1
act: Callable[[], None] = _die
"""What a crash is; a test that stays in one process puts an exception here."""


def arm(name: str, times: int = 1, then: Callable[[], None] = _die) -> None:
    """What the variable does, from inside a test; an empty name disarms."""
    global _name, _left, act
    _name, _left, act = name, times, then


def crash_point(name: str) -> None:
    if _name and _name == name:
        _reached()


def _reached() -> None:
    global _name, _left
    _left -= 1
    if _left <= 0:
        _name = ""
        act()
