"""Numbers, shares and durations as people write them."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

MINUS = "\u2212"


def count(value: int) -> str:
    return f"{value:,}"


def rows(value: int) -> str:
    return plural(value, "row")


def plural(value: int, word: str) -> str:
    return f"{value:,} {word}" if value == 1 else f"{value:,} {word}s"


def share(part: int, whole: int) -> str:
    """`1,204 of 336,776 rows (0.36 %)`."""
    if whole <= 0 or part == 0:
        return f"{part:,} of {rows(whole)}"
    return f"{part:,} of {rows(whole)} ({percent(Decimal(part) / Decimal(whole))})"


def percent(ratio: Decimal, digits: int = 2) -> str:
    """Rounded, but never to all or nothing where it is neither."""
    value = ratio * 100
    if value == value.to_integral_value():
        return f"{_signed(value, 0)} %"
    text = _signed(value, digits)
    least = Decimal(1).scaleb(-digits)
    if 0 < value < least:
        return f"< {least} %"
    if 100 - least < value < 100:
        return f"> {100 - least} %"
    return f"{text.rstrip('0').rstrip('.')} %"


def _signed(value: Decimal, digits: int) -> str:
    text = f"{abs(value):,.{digits}f}"
    return MINUS + text if value < 0 else text


_UNITS = (("d", 86_400), ("h", 3_600), ("min", 60))


def duration(seconds: Decimal) -> str:
    """The two largest units: `3 h 12 min`, `2 d 4 h`, `45 s`, `0.8 s`."""
    sign = MINUS if seconds < 0 else ""
    left = abs(seconds)
    if left < 10 and left != left.to_integral_value():
        return f"{sign}{left:.2g} s" if left >= Decimal("0.001") else f"{sign}< 1 ms"
    whole = int(left)
    for number, (name, size) in enumerate(_UNITS):
        if whole >= size:
            smaller, step = (*_UNITS, ("s", 1))[number + 1]
            rest = whole % size // step
            return f"{sign}{whole // size:,} {name}" + (f" {rest} {smaller}" if rest else "")
    return f"{sign}{whole} s"


def elapsed(seconds: float) -> str:
    """How long something took: `0.42 s`, `12 s`, `3 min 5 s`."""
    if seconds < 10:
        return f"{seconds:.2f} s"
    return duration(Decimal(round(seconds)))


def number(text: str) -> str:
    """A decimal with its thousands grouped and at most six significant places behind the point."""
    try:
        value = Decimal(text)
    except InvalidOperation:
        return text
    if not value:
        return "0"
    if not -6 <= value.adjusted() <= 20:
        return str(value).replace("-", MINUS, 1) if value < 0 else str(value)
    if value == value.to_integral_value():
        return _signed(value, 0)
    places = max(0, 6 - max(value.adjusted() + 1, 0)) if abs(value) >= 1 else 5 - value.adjusted()
    shown = _signed(value, max(places, 2))
    return shown.rstrip("0").rstrip(".")


def instant(text: str) -> str:
    """`2024-01-31T10:00:00Z` as `2024-01-31 10:00 UTC`."""
    day, _, clock = text.partition("T")
    if not clock:
        return text
    zone = " UTC" if clock.endswith("Z") else ""
    clock = clock.removesuffix("Z")
    if clock.endswith(":00") and clock.count(":") == 2:
        clock = clock[:-3]
    return f"{day} {clock}{zone}"


def value(text: str, unit: str) -> str:
    """A report's value in its unit."""
    match unit:
        case "count":
            return number(text)
        case "ratio":
            return percent(Decimal(text))
        case "duration":
            return duration(Decimal(text))
        case "timestamp":
            return instant(text)
        case "number":
            return number(text)
        case _:
            return text
