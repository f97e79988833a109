"""The shape of a schedule: five fields of cron, and a time zone's name."""

from __future__ import annotations

import re

_RANGES = ((0, 59), (0, 23), (1, 31), (1, 12), (0, 7))
_WORDS: tuple[dict[str, int], ...] = (
    {},
    {},
    {},
    {
        m: i
        for i, m in enumerate(
            ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"], 1
        )
    },
    {d: i for i, d in enumerate(["sun", "mon", "tue", "wed", "thu", "fri", "sat"])},
)
_FIELDS = ("minute", "hour", "day of the month", "month", "day of the week")
_ZONE = re.compile(r"(?:UTC|GMT|[A-Z][A-Za-z_]+(?:/[A-Za-z0-9_+-]+){1,2})\Z", re.ASCII)


def cron_fault(text: str) -> str | None:
    """What is wrong with a cron expression, in words; None where nothing is."""
    fields = text.split()
    if len(fields) != 5:
        return f"cron has five fields (minute, hour, day, month, day of the week), and this has {len(fields)}"
    for field, (low, high), words, name in zip(fields, _RANGES, _WORDS, _FIELDS, strict=True):
        for piece in field.lower().split(","):
            if not _piece(piece, low, high, words):
                return f"`{piece}` is no {name}: they run from {low} to {high}"
    return None


def _piece(piece: str, low: int, high: int, words: dict[str, int]) -> bool:
    span, slash, step = piece.partition("/")
    if slash and not (step.isascii() and step.isdigit() and 0 < int(step) <= high):
        return False
    if span == "*":
        return True
    first, dash, last = span.partition("-")
    a = _number(first, words)
    b = _number(last, words) if dash else a
    return a is not None and b is not None and low <= a <= b <= high


def _number(text: str, words: dict[str, int]) -> int | None:
    if text in words:
        return words[text]
    return int(text) if text.isascii() and text.isdigit() and len(text) < 4 else None


def is_zone(text: str) -> bool:
    """Whether a text has the shape of a time zone's name; whether there is one is known where it runs."""
    return _ZONE.match(text) is not None
