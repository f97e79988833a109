"""Fire times against an oracle of our own that walks through time minute by minute."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from assay.hub.instants import micros, moment
from assay.hub.schedules.cron import BadSchedule, check, last_fire, next_fire

MINUTE = timedelta(minutes=1)
ZONES = (
    "UTC",
    "Europe/Berlin",
    "Europe/London",
    "Europe/Dublin",
    "America/New_York",
    "America/Los_Angeles",
    "America/St_Johns",
    "America/Havana",
    "America/Santiago",
    "America/Asuncion",
    "Africa/Cairo",
    "Africa/Casablanca",
    "Asia/Beirut",
    "Asia/Jerusalem",
    "Asia/Kolkata",
    "Asia/Gaza",
    "Australia/Lord_Howe",
    "Australia/Adelaide",
    "Pacific/Auckland",
    "Antarctica/Troll",
)
FIRST, LAST = datetime(2022, 1, 1, tzinfo=UTC), datetime(2032, 1, 1, tzinfo=UTC)


def changes(place: ZoneInfo) -> Iterator[datetime]:
    """The instants, to the hour, at which the zone's clocks are changed."""
    at, offset = FIRST, FIRST.astimezone(place).utcoffset()
    while at < LAST:
        at += timedelta(hours=1)
        found = at.astimezone(place).utcoffset()
        if found != offset:
            offset = found
            yield at


def oracle(
    hours: frozenset[int], minutes: frozenset[int], place: ZoneInfo, start: datetime, end: datetime
) -> list[datetime]:
    """Walks from minute to minute with the wall's clock in hand. A rhythm fires whenever the hands stand right; a
    time of day when the hands come to it or have jumped over it, unless they had been there before."""
    rhythm = len(hours) == 24
    at = start - timedelta(hours=5)
    shown = at.astimezone(place).replace(tzinfo=None)
    fires: list[datetime] = []
    furthest = shown
    while at < end:
        at += MINUTE
        shown = at.astimezone(place).replace(tzinfo=None)
        if rhythm:
            due = shown.minute in minutes
        else:
            due = False
            while furthest < shown:
                furthest += MINUTE
                due = due or (furthest.hour in hours and furthest.minute in minutes)
        if due and start < at <= end:
            fires.append(at)
    return fires


def fires_of(cron: str, zone: str, start: datetime, end: datetime) -> list[datetime]:
    found: list[datetime] = []
    at = next_fire(cron, zone, micros(start))
    while at is not None and at <= micros(end):
        found.append(moment(at))
        at = next_fire(cron, zone, at)
    return found


SCHEDULES = (
    ("30 2 * * *", frozenset((2,)), frozenset((30,))),
    ("0,15,45 0-3 * * *", frozenset(range(4)), frozenset((0, 15, 45))),
    ("0 */6 * * *", frozenset((0, 6, 12, 18)), frozenset((0,))),
    ("59 23 * * *", frozenset((23,)), frozenset((59,))),
    ("*/20 * * * *", frozenset(range(24)), frozenset((0, 20, 40))),
)


@pytest.mark.parametrize("zone", ZONES)
def test_every_change_of_the_clocks_in_ten_years(zone: str) -> None:
    place = ZoneInfo(zone)
    for change in changes(place):
        start, end = change - timedelta(hours=5), change + timedelta(hours=10)
        for cron, hours, minutes in SCHEDULES:
            assert fires_of(cron, zone, start, end) == oracle(hours, minutes, place, start, end), (
                cron,
                change,
            )


@pytest.mark.slow
@pytest.mark.parametrize("zone", ZONES)
def test_a_daily_schedule_fires_once_each_day_for_ten_years(zone: str) -> None:
    """Whatever the clocks do, and a day that a zone leaves out counts too."""
    found = fires_of("30 2 * * *", zone, FIRST, LAST)
    days = (LAST - FIRST).days
    assert abs(len(found) - days) <= 1
    gaps = {b - a for a, b in pairwise(found)}
    assert max(gaps) < timedelta(hours=27)
    assert min(gaps) > timedelta(hours=21)


def test_days_and_weekdays_are_crons() -> None:
    start = micros(datetime(2025, 1, 1, tzinfo=UTC))
    monday = next_fire("0 9 * * MON", "Europe/Berlin", start)
    assert monday == micros(datetime(2025, 1, 6, 8, tzinfo=UTC))
    assert next_fire("0 0 29 2 *", "UTC", start) == micros(datetime(2028, 2, 29, tzinfo=UTC))


def test_what_was_missed_is_one_fire() -> None:
    first = micros(datetime(2025, 1, 1, tzinfo=UTC))
    now = micros(datetime(2025, 1, 1, 5, 30, tzinfo=UTC))
    assert last_fire("0 * * * *", "UTC", first, now) == (micros(datetime(2025, 1, 1, 5, tzinfo=UTC)), 5)
    assert last_fire("0 * * * *", "UTC", first, first) == (first, 0)


@pytest.mark.parametrize(
    ("cron", "zone", "field"),
    [
        ("61 * * * *", "UTC", "cron"),
        ("* * * *", "UTC", "cron"),
        ("* * * * * *", "UTC", "cron"),
        ("0 0 31 2 *", "UTC", "cron"),
        ("@daily", "UTC", "cron"),
        ("0 0 * * *", "Mars/Olympus", "zone"),
        ("0 0 * * *", "../../etc/passwd", "zone"),
        ("0 0 * * *", "", "zone"),
        ("0 0 * * *", "Europe", "zone"),
    ],
)
def test_what_is_no_schedule_is_refused(cron: str, zone: str, field: str) -> None:
    with pytest.raises(BadSchedule) as found:
        check(cron, zone)
    assert found.value.field == field
