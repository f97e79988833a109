"""Lists of what a hub has: a table for people, a JSON line an item for programs."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from typing import Any

import msgspec

from assay.cli.screen import harmless, out, table


def show(
    items: Sequence[Any],
    columns: Sequence[tuple[str, Callable[[Any], str]]],
    *,
    as_json: bool,
    nothing: str,
    colour: Callable[[int, str], tuple[str, ...]] = lambda _number, _text: (),
) -> None:
    """columns: a heading, and what stands below it; the first is what an item is called by, and is never cropped. To
    a pipe or a file nothing is. nothing: said to people where there is none."""
    screen = out()
    if as_json:
        for item in items:
            screen.line(msgspec.json.encode(item).decode())
        return
    if not items:
        screen.line(nothing)
        return
    header = tuple(name for name, _ in columns)
    body = [tuple(harmless(cell(item)) for _, cell in columns) for item in items]
    lines = table(
        header,
        body,
        screen.width if screen.terminal else sys.maxsize,
        paint=lambda n, text: screen.paint(text, *colour(n, text.strip())),
        whole=1,
    )
    screen.line(screen.paint(lines[0], "bold"))
    for line in lines[1:]:
        screen.line(line)


def show_one(item: Any, text: str, *, as_json: bool) -> None:
    out().line(msgspec.json.encode(item).decode() if as_json else text)


def when(instant: str | None) -> str:
    """`2024-01-31 10:00:05`, in UTC."""
    return "" if instant is None else instant[:19].replace("T", " ")


WORDS = {"succeeded": "green", "passed": "green", "warned": "yellow", "failed": "red", "error": "red", "lost": "red",
         "timed_out": "red", "cancelled": "magenta", "expired": "magenta", "not_evaluated": "magenta",
         "revoked": "magenta"}  # fmt: skip


def worded(_number: int, text: str) -> tuple[str, ...]:
    return (WORDS[text],) if text in WORDS else ()
