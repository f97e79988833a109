"""The values that formulas compute with, and their written form in a report.

Whole numbers and decimals are exact fractions. Doubles stay doubles, and are rounded to 12 significant digits
before they are compared or shown: engines add up in different orders, and the last digits are noise. So what
is shown is what was judged.
"""

from __future__ import annotations

import math
from datetime import UTC, date, datetime, time
from decimal import Decimal
from fractions import Fraction
from typing import TypeAlias

from assay.protocol.report import Reason
from assay.runner.engines.port import Cell

Value: TypeAlias = Fraction | float | date | datetime | time | str | bool | None

RESULTS = (
    "count",
    "integer",
    "decimal",
    "micros",
    "double",
    "boolean",
    "text",
    "date",
    "time",
    "timestamp",
    "timestamptz",
)
"""Kinds of a measure."""
DIGITS = 12
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_EXACT_DIGITS = 40
_LONGEST = 64


class ValueFault(Exception):
    """A formula has no value, for a reason that can be named."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.value)
        self.reason = reason


def from_cell(cell: Cell, result: str) -> Value:
    """A driver's cell as the value of a measure whose kind is `result`."""
    if cell is None:
        return None
    match result:
        case "count" | "integer" | "decimal" | "micros":
            return _number(cell)
        case "double":
            return _double(cell)
        case "boolean" if isinstance(cell, bool):
            return cell
        case "text" if isinstance(cell, str):
            return cell
        case "date":
            if isinstance(cell, date) and not isinstance(cell, datetime):
                return cell
            if isinstance(cell, datetime):
                return cell.date()
        case "time" if isinstance(cell, time):
            return cell
        case "timestamp" if isinstance(cell, datetime):
            return cell.replace(tzinfo=None)
        case "timestamptz" if isinstance(cell, datetime):
            return cell.replace(tzinfo=UTC) if cell.tzinfo is None else cell.astimezone(UTC)
        case _:
            pass
    if isinstance(cell, str):
        # Dates beyond the year 9999 and before Christ have no other form.
        raise ValueFault(Reason.OVERFLOW)
    raise ValueFault(Reason.TYPE_MISMATCH)


def value_of(cell: Cell, result: str) -> Value | ValueFault:
    """As `from_cell`; a fault is given, not raised."""
    try:
        return from_cell(cell, result)
    except ValueFault as fault:
        return fault


def _number(cell: Cell) -> Value:
    if isinstance(cell, int):
        return Fraction(cell)
    if isinstance(cell, Decimal):
        if not cell.is_finite():
            raise ValueFault(Reason.NOT_FINITE)
        return Fraction(cell)
    if isinstance(cell, float):
        return _double(cell)
    raise ValueFault(Reason.TYPE_MISMATCH)


def _double(cell: Cell) -> Value:
    if isinstance(cell, int | float | Decimal):
        try:
            value = float(cell)
        except (OverflowError, ValueError):
            raise ValueFault(Reason.OVERFLOW) from None
        if not math.isfinite(value):
            raise ValueFault(Reason.NOT_FINITE)
        return value
    raise ValueFault(Reason.TYPE_MISMATCH)


def from_const(kind: str, text: str) -> Value:
    match kind:
        case "number" | "seconds":
            return Fraction(text)
        case "date":
            return date.fromisoformat(text)
        case "time":
            return time.fromisoformat(text)
        case "timestamp":
            return datetime.fromisoformat(text).replace(tzinfo=None)
        case "timestamptz":
            return to_utc(datetime.fromisoformat(text))
        case "text":
            return text
        case "boolean":
            return text == "true"
        case "null":
            return None
        case _:
            raise ValueFault(Reason.TYPE_MISMATCH)


def from_bind(value: object) -> Value:
    """A run's bind as a value of a formula."""
    if isinstance(value, datetime):
        return value if value.tzinfo is None else value.astimezone(UTC)
    if value is None or isinstance(value, bool | str | float | date | time):
        return value
    if isinstance(value, int | Decimal):
        return Fraction(value)
    raise ValueFault(Reason.TYPE_MISMATCH)


def to_utc(moment: datetime) -> datetime:
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def rounded(value: float) -> float:
    """To the digits that are shown and compared."""
    return float(f"{value:.{DIGITS}g}")


def shown(value: Value, unit: str) -> str | None:
    """The value as a report writes it; None where a report has no room for it (text, or too long)."""
    match value:
        case None | str():
            return None
        case bool():
            return "true" if value else "false"
        case Fraction():
            text = _exact(value) if unit != "ratio" else _significant(value)
        case float():
            text = _plain(Decimal(f"{value:.{DIGITS}g}"))
        case datetime():
            text = (
                value.astimezone(UTC).isoformat().replace("+00:00", "Z")
                if value.tzinfo
                else value.isoformat()
            )
        case date() | time():
            text = value.isoformat()
        case _:
            return None
    return text if len(text) <= _LONGEST else None


def _exact(value: Fraction) -> str:
    """Plain decimal where the fraction ends, else the significant digits."""
    if value.denominator == 1:
        text = str(value.numerator)
        return text if len(text) <= _LONGEST else _significant(value)
    bottom = value.denominator
    places = 0
    for prime in (2, 5):
        count = 0
        while bottom % prime == 0:
            bottom //= prime
            count += 1
        places = max(places, count)
    if bottom != 1 or places > _EXACT_DIGITS:
        return _significant(value)
    digits = str(abs(value.numerator) * (10**places // value.denominator)).rjust(places + 1, "0")
    sign = "-" if value < 0 else ""
    return f"{sign}{digits[:-places]}.{digits[-places:]}"


def _significant(value: Fraction) -> str:
    from decimal import localcontext

    with localcontext() as context:
        context.prec = DIGITS
        return _plain(Decimal(value.numerator) / Decimal(value.denominator))


def _plain(value: Decimal) -> str:
    if not value:
        return "0"
    value = value.normalize()
    if -DIGITS * 2 <= value.adjusted() <= 30:
        return f"{value:f}"
    return str(value)
