"""When a schedule fires: cron's five fields in a time zone.

A local time that does not exist (the clocks go forward) fires at the next instant that does; one that comes twice
(the clocks go back) fires the first time only. A schedule of every hour (`*`) means a rhythm and not a time of
day: it keeps it through both changes.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, tzinfo
from functools import lru_cache
from itertools import islice
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from cronsim import CronSim, CronSimError

from assay.hub.instants import micros, moment

TWICE = timedelta(hours=3)
"""No zone sets its clocks back further."""
MOST = 20_000
"""Candidates that are looked at for one fire time."""
MINUTE = timedelta(minutes=1)


class BadSchedule(ValueError):
    """field: cron or zone."""

    def __init__(self, field: str, words: str) -> None:
        super().__init__(words)
        self.field = field


def check(cron: str, zone: str) -> None:
    """Raises BadSchedule for what is no schedule."""
    _zone(zone)
    if len(cron.split()) != 5:
        raise BadSchedule("cron", "a schedule has five fields: minute, hour, day, month, weekday")
    try:
        CronSim(cron, datetime(2024, 1, 1))
    except CronSimError:
        raise BadSchedule("cron", "this is not a schedule that cron would read") from None


def next_fire(cron: str, zone: str, after: int) -> int | None:
    """The first fire time after an instant, both in microseconds; None where none ever comes."""
    place = _zone(zone)
    start = moment(after)
    local = start.astimezone(place).replace(tzinfo=None)
    if _is_steady(start, place):
        near = next((at for at in _locals(cron, local) if at > local), None)
        if near is not None and near <= local + TWICE:
            return after + (near - local) // timedelta(microseconds=1)
    rhythm = _is_rhythm(cron)
    best: datetime | None = None
    until: datetime | None = None
    for candidate in islice(_locals(cron, local - TWICE), MOST):
        if until is not None and candidate > until:
            break
        for at in _instants(candidate, place, rhythm):
            if at > start and (best is None or at < best):
                best = at
                until = until or candidate + TWICE
    return None if best is None else micros(best)


def _is_steady(start: datetime, place: ZoneInfo) -> bool:
    """Whether no clock of the zone is set around this instant: one local time is one instant then."""
    around = (start - TWICE, start, start + TWICE, start + 2 * TWICE)
    return len({at.astimezone(place).utcoffset() for at in around}) == 1


def last_fire(cron: str, zone: str, first: int, now: int) -> tuple[int, int]:
    """Of the fire times from `first` on, the last one that is not after `now`, and how many came before it."""
    missed = 0
    while missed < MOST:
        following = next_fire(cron, zone, first)
        if following is None or following > now:
            return first, missed
        first, missed = following, missed + 1
    return first, missed


def _locals(cron: str, start: datetime) -> Iterator[datetime]:
    """The local times that the fields name, `start` among them."""
    try:
        yield from CronSim(cron, start - MINUTE)
    except StopIteration:
        return


@lru_cache(256)
def _is_rhythm(cron: str) -> bool:
    return CronSim(cron, datetime(2024, 1, 1)).hours == set(range(24))


def _instants(local: datetime, place: tzinfo, rhythm: bool) -> list[datetime]:
    first, second = (local.replace(tzinfo=place, fold=fold).astimezone(UTC) for fold in (0, 1))
    if first == second:
        return [first]
    if first < second:
        return [first, second] if rhythm else [first]
    return [] if rhythm else [_change(second, first, place)]


def _change(before: datetime, after: datetime, place: tzinfo) -> datetime:
    """The instant between two at which the zone's clocks go forward."""
    offset = before.astimezone(place).utcoffset()
    while after - before > MINUTE:
        middle = before + timedelta(minutes=(after - before) // MINUTE // 2)
        if middle.astimezone(place).utcoffset() == offset:
            before = middle
        else:
            after = middle
    return after


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise BadSchedule("zone", "this time zone is not known here") from None
