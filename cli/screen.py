"""What may reach a terminal: text without control characters, cropped to the width, coloured where that is
wanted.

Colour needs a terminal that is not `dumb`, and no NO_COLOR; FORCE_COLOR gives it to a pipe, too. Rows of
data are for terminals alone: `Screen.terminal` is never true of a pipe or a file.
"""

from __future__ import annotations

import os
import sys
import unicodedata
from collections.abc import Callable
from typing import TextIO

from assay.cli.problems import unwritable

STYLES = {
    "bold": "1",
    "dim": "2",
    "red": "31",
    "green": "32",
    "yellow": "33",
    "blue": "34",
    "magenta": "35",
    "cyan": "36",
}
_WIDTH = 100


class Screen:
    """One of the two standard streams."""

    def __init__(self, stream: TextIO) -> None:
        self.stream = stream
        self.terminal = _is_terminal(stream)
        self.colour = wants_colour(self.terminal)
        self.width = _width() if self.terminal else _WIDTH
        encoding = (getattr(stream, "encoding", None) or "utf-8").lower()
        self.unicode = encoding.startswith("utf")

    def line(self, text: str = "") -> None:
        self._write(text + "\n")

    def block(self, text: str) -> None:
        """Text that may have lines, with one line break at its end."""
        self._write(text if text.endswith("\n") or not text else text + "\n")

    def _write(self, text: str) -> None:
        try:
            self.stream.write(text)
        except BrokenPipeError:
            raise
        except OSError as error:
            raise unwritable("standard output", error) from error

    def paint(self, text: str, *styles: str) -> str:
        if not self.colour or not text or not styles:
            return text
        return f"\x1b[{';'.join(STYLES[style] for style in styles)}m{text}\x1b[0m"

    def flush(self) -> None:
        try:
            self.stream.flush()
        except BrokenPipeError:
            raise
        except OSError as error:
            raise unwritable("standard output", error) from error


def out() -> Screen:
    return Screen(sys.stdout)


def err() -> Screen:
    return Screen(sys.stderr)


def _is_terminal(stream: TextIO) -> bool:
    try:
        return stream.isatty()
    except ValueError:
        return False


def wants_colour(terminal: bool) -> bool:
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR") not in (None, "", "0"):
        return True
    return terminal and os.environ.get("TERM") != "dumb"


def _width() -> int:
    from shutil import get_terminal_size

    return max(40, min(get_terminal_size((_WIDTH, 24)).columns, 160))


# ---------------------------------------------------------------- text from anywhere


def harmless(text: str) -> str:
    """One line that can only be read: control characters, and those that turn or hide text, made visible."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(c if c.isprintable() or c == "\u00a0" else _visible(c) for c in text)


def _visible(char: str) -> str:
    point = ord(char)
    if point < 0x20:
        return chr(0x2400 + point)
    if point == 0x7F:
        return "\u2421"
    if unicodedata.category(char) == "Zs":
        return " "
    return f"\\u{point:04x}" if point < 0x10000 else f"\\U{point:08x}"


def cells(text: str) -> int:
    """How many columns a text takes on a terminal."""
    if text.isascii():
        return len(text)
    return sum(_cells(char) for char in text)


def _cells(char: str) -> int:
    if unicodedata.combining(char) or unicodedata.category(char) in ("Mn", "Me"):
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1


def crop(text: str, width: int) -> str:
    """The text in `width` columns, an ellipsis where something was left out."""
    if cells(text) <= width:
        return text
    room = width - 1
    kept: list[str] = []
    for char in text:
        room -= _cells(char)
        if room < 0:
            break
        kept.append(char)
    return "".join(kept) + "\u2026"


def pad(text: str, width: int, *, right: bool = False) -> str:
    blank = " " * max(0, width - cells(text))
    return blank + text if right else text + blank


def _limit(widths: list[int], room: int) -> int:
    """The width at which columns are cropped so that they have room: those that are narrower leave theirs to others."""
    if sum(widths) <= room:
        return max(widths, default=0)
    left = len(widths)
    for width in sorted(widths):
        if width * left > room:
            return max(12, room // left)
        room -= width
        left -= 1
    return max(widths, default=0)


def table(
    header: tuple[str, ...],
    body: list[tuple[str, ...]],
    width: int,
    *,
    right: frozenset[int] = frozenset(),
    paint: Callable[[int, str], str] = lambda _, text: text,
    whole: int = 0,
) -> list[str]:
    """Aligned lines, columns cropped so that all fit, the widest first; columns that cannot fit are left out, with an
    ellipsis. `paint` is given the number of a column and the padded text of each cell below the header. whole: so
    many columns are never cropped."""
    columns = len(header)
    widths = [max([cells(header[n]), *(cells(row[n]) for row in body)], default=0) for n in range(columns)]
    limit = _limit(widths[whole:], width - 2 * (columns - 1) - sum(widths[:whole]))
    widths = [w if n < whole else min(w, limit) for n, w in enumerate(widths)]
    shown = columns
    while shown > 1 and sum(widths[:shown]) + 2 * (shown - 1) > width - (4 if shown < columns else 0):
        shown -= 1
    lines: list[str] = []
    for number, row in enumerate((header, *body)):
        parts = [pad(crop(row[n], widths[n]), widths[n], right=n in right) for n in range(shown)]
        parts[-1] = parts[-1].rstrip()
        if number:
            parts = [paint(n, part) for n, part in enumerate(parts)]
        lines.append("  ".join(parts) + ("  \u2026" if shown < columns else ""))
    return lines
