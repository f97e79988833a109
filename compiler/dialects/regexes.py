"""Portable patterns for engines: nothing in a spelling is left open, and simple ones become tests.

In a scan of 19 expressions one regular expression takes two thirds of the time, so a pattern that is only a
prefix, a suffix, a piece of text, a whole value or a choice of these is not run as a pattern: its equal is
up to three times as fast on PostgreSQL and no slower on DuckDB (bench/strategies.py). For the characters of
a set (`^[A-Z]{2}$`) there is no cheaper equal: TRANSLATE and LTRIM were up to 25 times slower.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias, assert_never

from assay.compiler import regex

_SPECIAL = frozenset("\\.[]{}()*+?^$|")
_SPECIAL_IN_SET = frozenset("\\]^-[")
_CONTROLS = {"\t": "\\t", "\n": "\\n", "\r": "\\r", "\f": "\\f", "\v": "\\v"}


@dataclass(frozen=True, slots=True)
class Exact:
    text: str


@dataclass(frozen=True, slots=True)
class Prefix:
    text: str


@dataclass(frozen=True, slots=True)
class Suffix:
    text: str


@dataclass(frozen=True, slots=True)
class Piece:
    text: str


@dataclass(frozen=True, slots=True)
class Among:
    """The whole value is one of these."""

    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Spans:
    """The whole value is pieces of text with spans between them that hold none of some characters.

    It is where `like` holds, a LIKE pattern whose escape is `\\`, and none of `excess` occurs in this sense:
    each is a character and the number of times that would be one too many. The pieces use up what is allowed
    of it, so that nothing is left for the spans.
    """

    like: str
    excess: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Pattern:
    """Nothing simpler: the pattern as both engines read it."""

    text: str


Test: TypeAlias = Exact | Prefix | Suffix | Piece | Among | Spans | Pattern


@lru_cache(maxsize=4096)
def simplest(pattern: str) -> Test:
    """The simplest test that is true where `pattern` is found."""
    node = regex.parse_regex(pattern)
    match node:
        case regex.Chars(text) if text:
            return Piece(text)
        case regex.Sequence((regex.Start(), regex.Chars(text), regex.End())):
            return Exact(text)
        case regex.Sequence((regex.Start(), regex.Chars(text))):
            return Prefix(text)
        case regex.Sequence((regex.Chars(text), regex.End())):
            return Suffix(text)
        case regex.Sequence((regex.Start(), regex.Choice(options), regex.End())):
            texts = tuple(option.text for option in options if isinstance(option, regex.Chars))
            if len(texts) == len(options):
                return Among(texts)
        case regex.Sequence((regex.Start(), *items, regex.End())):
            if (spans := _spans(items)) is not None:
                return spans
        case _:
            pass
    return Pattern(spell(node))


def escaped(text: str) -> str:
    """As it stands in a LIKE pattern whose escape is `\\`."""
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def _spans(items: list[regex.Node]) -> Spans | None:
    """`[^@ ]+@[^@ ]+[.][^@ ]+` as LIKE '_%@_%._%' without a second `@` or any blank.

    Every repeated set must leave out the same few single characters, and have no upper limit.
    """
    like, pieces = "", ""
    ranges: tuple[regex.Range, ...] | None = None
    for item in items:
        match item:
            case regex.Chars(text):
                like, pieces = like + escaped(text), pieces + text
            case regex.Set(((low, high),), False) if low == high:
                like, pieces = like + escaped(low), pieces + low
            case regex.Repeat(regex.Set(left_out, True), low_count, None) if (
                ranges in (None, left_out) and low_count <= 8
            ):
                ranges = left_out
                like += "_" * low_count + "%"
            case _:
                return None
    if ranges is None or len(ranges) > 3 or any(low != high for low, high in ranges):
        return None
    none_first = sorted((pieces.count(c), c) for c, _ in ranges)
    if none_first[-1][0] > 2:
        return None
    return Spans(like, tuple((c, count + 1) for count, c in none_first))


def spell(node: regex.Node) -> str:
    """The pattern in the syntax that RE2 and PostgreSQL's advanced regular expressions share."""
    match node:
        case regex.Chars(text):
            return "".join(_spelled(c, _SPECIAL) for c in text)
        case regex.Set(ranges, negated):
            inside = "".join(_range(low, high) for low, high in ranges)
            return f"[{'^' if negated else ''}{inside}]"
        case regex.Sequence(items):
            return "".join(
                _grouped(item) if isinstance(item, regex.Choice) else spell(item) for item in items
            )
        case regex.Choice(options):
            return "|".join(spell(option) for option in options)
        case regex.Repeat(item, low, high):
            return _grouped(item) + _times(low, high)
        case regex.Start():
            return "^"
        case regex.End():
            return "$"
        case _:
            assert_never(node)


def _spelled(c: str, special: frozenset[str]) -> str:
    return "\\" + c if c in special else _CONTROLS.get(c, c)


def _range(low: str, high: str) -> str:
    first, last = _spelled(low, _SPECIAL_IN_SET), _spelled(high, _SPECIAL_IN_SET)
    return first if low == high else f"{first}-{last}"


def _grouped(node: regex.Node) -> str:
    alone = isinstance(node, regex.Set) or (isinstance(node, regex.Chars) and len(node.text) == 1)
    return spell(node) if alone else f"(?:{spell(node)})"


def _times(low: int, high: int | None) -> str:
    match low, high:
        case 0, None:
            return "*"
        case 1, None:
            return "+"
        case 0, 1:
            return "?"
        case _, None:
            return f"{{{low},}}"
        case _ if low == high:
            return f"{{{low}}}"
        case _:
            return f"{{{low},{high}}}"
