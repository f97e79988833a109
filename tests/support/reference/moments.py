"""The calendar: parts of moments, moments moved and compared. An instant with time zone is read in UTC."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from fractions import Fraction

from assay.compiler import ir
from assay.compiler.types import Kind, Type
from assay.protocol.report import Reason
from tests.support.reference.values import RowError, Value

PARTS: dict[str, Callable[[datetime], int]] = {
    "year": lambda m: m.year,
    "quarter": lambda m: (m.month + 2) // 3,
    "month": lambda m: m.month,
    "day": lambda m: m.day,
    "day_of_week": lambda m: m.isoweekday(),
    "day_of_year": lambda m: m.timetuple().tm_yday,
    "hour": lambda m: m.hour,
    "minute": lambda m: m.minute,
    "second": lambda m: m.second,
}


def part(name: str, moment: Value) -> Fraction:
    return Fraction(PARTS[name](_instant(moment)))


def _instant(moment: Value) -> datetime:
    """A date is its first instant."""
    if isinstance(moment, datetime):
        return moment
    if isinstance(moment, date):
        return datetime.combine(moment, time())
    raise TypeError(f"no moment: {moment!r}")


def shift(moment: Value, by: ir.Duration, result: Type) -> Value:
    start = _instant(moment)
    try:
        moved = _months(start, by.months) + timedelta(microseconds=by.microseconds)
    except (OverflowError, ValueError):
        raise RowError(Reason.OVERFLOW) from None
    return moved.date() if result.kind is Kind.DATE else moved


def _months(moment: datetime, months: int) -> datetime:
    """The same day of another month, or that month's last."""
    year, month = divmod(moment.year * 12 + moment.month - 1 + months, 12)
    return moment.replace(year=year, month=month + 1, day=min(moment.day, monthrange(year, month + 1)[1]))


def days_between(first: Value, second: Value) -> Fraction:
    return Fraction((_instant(second) - _instant(first)).days)


def elapsed(first: Value, second: Value) -> Fraction:
    """In microseconds."""
    return Fraction((_instant(second) - _instant(first)) // timedelta(microseconds=1))


def micros_since_epoch(moment: Value) -> Fraction:
    instant = _instant(moment).replace(tzinfo=None)
    return Fraction((instant - datetime(1970, 1, 1)) // timedelta(microseconds=1))


def truncated(unit: str, moment: Value) -> Value:
    start = _instant(moment)
    midnight = start.replace(hour=0, minute=0, second=0, microsecond=0)
    match unit:
        case "second":
            found = start.replace(microsecond=0)
        case "minute":
            found = start.replace(second=0, microsecond=0)
        case "hour":
            found = start.replace(minute=0, second=0, microsecond=0)
        case "day":
            found = midnight
        case "week":
            found = midnight - timedelta(days=midnight.weekday())
        case "month":
            found = midnight.replace(day=1)
        case "quarter":
            found = midnight.replace(month=(midnight.month - 1) // 3 * 3 + 1, day=1)
        case _:
            found = midnight.replace(month=1, day=1)
    return found if isinstance(moment, datetime) else found.date()
