"""Numbers as people write them, and text that cannot harm a terminal."""

from __future__ import annotations

from decimal import Decimal

import pytest

from assay.cli import human
from assay.cli.drawing import cell_text
from assay.cli.reports import _cell
from assay.cli.screen import cells, crop, harmless, table


@pytest.mark.parametrize(
    ("part", "whole", "text"),
    [
        (1204, 336_776, "1,204 of 336,776 rows (0.36 %)"),
        (0, 5, "0 of 5 rows"),
        (1, 1, "1 of 1 row (100 %)"),
        (1, 1_000_000, "1 of 1,000,000 rows (< 0.01 %)"),
        (999_999, 1_000_000, "999,999 of 1,000,000 rows (> 99.99 %)"),
        (1, 8, "1 of 8 rows (12.5 %)"),
        (0, 0, "0 of 0 rows"),
    ],
)
def test_share(part: int, whole: int, text: str) -> None:
    assert human.share(part, whole) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        ("0", "0 s"),
        ("0.0004", "< 1 ms"),
        ("0.84", "0.84 s"),
        ("45", "45 s"),
        ("60", "1 min"),
        ("11520", "3 h 12 min"),
        ("187200", "2 d 4 h"),
        ("-90", "\u22121 min 30 s"),
        ("86400000", "1,000 d"),
    ],
)
def test_duration(seconds: str, text: str) -> None:
    assert human.duration(Decimal(seconds)) == text


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        ("336776", "count", "336,776"),
        ("149.0372518123", "number", "149.037"),
        ("-0.00012345678", "number", "\u22120.000123457"),
        ("1234567.5", "number", "1,234,567.5"),
        ("0.5", "ratio", "50 %"),
        ("-0.5", "ratio", "\u221250 %"),
        ("1E+30", "number", "1E+30"),
        ("true", "boolean", "true"),
        ("2024-01-31", "date", "2024-01-31"),
        ("2024-01-31T10:00:00Z", "timestamp", "2024-01-31 10:00 UTC"),
        ("2024-01-31T10:00:05.5", "timestamp", "2024-01-31 10:00:05.5"),
    ],
)
def test_value(value: str, unit: str, text: str) -> None:
    assert human.value(value, unit) == text


@pytest.mark.parametrize(
    "char", ["\x1b", "\x00", "\r", "\n", "\x7f", "\x9b", "\u202e", "\u200b", "\ud800", "\u2028"]
)
def test_control_characters_become_visible(char: str) -> None:
    shown = harmless(f"a{char}b")
    assert char not in shown
    assert shown.isprintable()
    assert shown != "ab"


def test_wide_text_is_measured_and_cropped() -> None:
    assert cells("日本") == 4
    assert cells("e\u0301") == 1
    assert crop("日本語", 5) == "日本…"
    assert crop("abc", 3) == "abc"


def test_a_table_fits_and_says_what_it_left_out() -> None:
    header = tuple(f"column{n}" for n in range(12))
    lines = table(header, [("x" * 40,) * 12], 60)
    assert all(cells(line) <= 60 for line in lines)
    assert lines[0].endswith("…")


def test_a_table_crops_the_widest_columns_and_never_what_something_is_called_by() -> None:
    header = ("id", "role", "note", "more")
    (_, line) = table(header, [("i" * 26, "viewer", "n" * 40, "m" * 40)], 80, whole=1)
    assert cells(line) <= 80
    first, role, note, more = line.split()
    assert (first, role) == ("i" * 26, "viewer")
    assert len(note) == len(more) == 21
    (_, narrow) = table(header, [("i" * 26, "viewer", "n" * 40, "m" * 40)], 20, whole=1)
    assert narrow.split()[0] == "i" * 26


def test_cells_of_data() -> None:
    assert cell_text(None) == "null"
    assert cell_text("") == "''"
    assert cell_text(b"\x00\xff") == "0x00ff"
    assert cell_text(True) == "true"
    assert len(cell_text("x" * 10_000_000)) == 32
    assert cell_text("=1+1\x1b]0;x\x07") == "=1+1␛]0;x␇"


def test_markdown_stays_in_its_cell() -> None:
    assert _cell("a|b\n<script>`*_[x](y)") == r"a\|b␊&lt;script&gt;\`\*\_\[x\](y)"
