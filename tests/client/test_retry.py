"""When a call is tried again: on a clock that the test turns."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assay.client import Cause, HubError, Refused, Retry, Unreachable

DOWN = Unreachable(Cause.CONNECT)
BUSY = Refused(429, None, 20.0)
NO = Refused(409, None)


class Time:
    """A clock that only sleeping moves, and chances from a list (the last for ever)."""

    def __init__(self, *chances: float) -> None:
        self.now = 1000.0
        self.chances = list(chances or (1.0,))
        self.slept: list[float] = []

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds

    def chance(self) -> float:
        return self.chances.pop(0) if len(self.chances) > 1 else self.chances[0]

    def retry(self, **options: float) -> Retry:
        return Retry(clock=lambda: self.now, sleep=self.sleep, chance=self.chance, **options)


def calls(time: Time, outcomes: Sequence[HubError | str], seconds: float, **options: float) -> str:
    left = list(outcomes)

    def once(_left: float) -> str:
        outcome = left.pop(0) if len(left) > 1 else left[0]
        if isinstance(outcome, HubError):
            raise outcome
        return outcome

    return time.retry(**options).run(once, until=time.now + seconds)


def test_pauses_double_up_to_the_cap() -> None:
    time = Time()
    assert calls(time, [DOWN] * 6 + ["done"], 1000, first=1, cap=8) == "done"
    assert time.slept == [1, 2, 4, 8, 8, 8]


def test_jitter_comes_after_the_cap() -> None:
    time = Time(0.5)
    calls(time, [DOWN] * 6 + ["done"], 1000, first=1, cap=8)
    assert time.slept == [0.5, 1, 2, 4, 4, 4]


def test_what_the_hub_asked_for_is_the_least() -> None:
    time = Time(0.0, 1.0)
    calls(time, [BUSY, BUSY, "done"], 1000, first=1)
    assert time.slept == [20, 22]


def test_a_refusal_for_good_is_not_tried_again() -> None:
    for error in (NO, Unreachable(Cause.CERTIFICATE)):
        time = Time()
        with pytest.raises(type(error)):
            calls(time, [error], 1000)
        assert time.slept == []


def test_a_wish_beyond_the_deadline_ends_it() -> None:
    time = Time()
    with pytest.raises(Refused):
        calls(time, [BUSY], 15)
    assert time.slept == []


def test_one_try_is_made_in_any_case() -> None:
    assert calls(Time(), ["done"], -5) == "done"


def test_a_caller_decides_what_is_worth_another_try() -> None:
    time = Time()
    told: list[int] = []
    left: list[HubError | str] = [NO, NO, "done"]

    def once(_left: float) -> str:
        outcome = left.pop(0)
        if isinstance(outcome, HubError):
            raise outcome
        return outcome

    done = time.retry().run(
        once, until=time.now + 100, again=lambda _: True, tell=lambda _error, failures: told.append(failures)
    )
    assert (done, told) == ("done", [1, 2])


def test_a_try_is_told_how_long_it_may_take() -> None:
    time = Time()
    given_: list[float] = []

    def once(left: float) -> str:
        given_.append(left)
        time.now += 3
        if len(given_) < 3:
            raise DOWN
        return "done"

    time.retry(first=1).run(once, until=time.now + 100)
    assert given_ == [100, 96, 91]


@settings(deadline=None, max_examples=50)
@given(st.floats(0.1, 1), st.floats(0.5, 3600), st.floats(0.01, 5), st.floats(1, 120))
def test_it_ends_before_the_deadline(chance: float, seconds: float, first: float, cap: float) -> None:
    time = Time(chance)
    end = time.now + seconds
    with pytest.raises(Unreachable):
        calls(time, [DOWN], seconds, first=first, cap=cap)
    assert time.now <= end + 1e-6
    assert all(pause <= cap for pause in time.slept)


def test_a_herd_is_spread() -> None:
    """A thousand that lost the same hub come back over the whole of the back-off, not at its end."""
    pauses = [Retry().pause(10, 10_000) or 0.0 for _ in range(1000)]
    tenths = [sum(1 for pause in pauses if place * 6 <= pause < place * 6 + 6) for place in range(10)]
    assert min(tenths) > 40
    assert max(pauses) <= 60
