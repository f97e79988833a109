"""Text -> tokens, one at a time: what a word means depends on what the parser can use at that place."""

from __future__ import annotations

import re
from collections.abc import Mapping

from assay.compiler.parse.tables import END, Tables
from assay.compiler.tree import Node


class Token(Node, frozen=True):
    """`kind` is a terminal of the grammar, or one of FAULTS where the text is none."""

    kind: str
    text: str
    start: int
    end: int


GAP = re.compile(r"(?:\s++|\#[^\n]*+)*+")

# What is wrong by itself, wherever it stands.
FAULTS = ("BADNUMBER", "BADSTRING", "BADPROSE", "BADTRIPLE", "BADQUOTED", "BADOP", "BAD")

_ORDER = ("NAME", "PERCENT", "NUMBER", "STRING", "TRIPLE", "BADTRIPLE", "PROSE", "QUOTED")
_AFTER = (
    r"(?P<BADNUMBER>\d[\w.]*+%?)"
    r"|(?P<BADSTRING>'(?:[^'\n]|'')*+)"
    r'|(?P<BADPROSE>"(?:[^"\\\n]|\\[^\n])*+\\?)'
    r"|(?P<BADQUOTED>`[^`\n]*+`?)"
    r"|(?P<BADOP>===?|!==?|<=>|&&?|\|(?!\|)|--[^\n]*+|//[^\n]*+|/\*[\s\S]*?(?:\*/|\Z)|:=|\+=|;+)"
)

_SOFT = {
    "date": ("TEMPORAL",),
    "time": ("TEMPORAL",),
    "timestamp": ("TEMPORAL",),
    "timestamptz": ("TEMPORAL",),
    "cast": ("CAST",),
    "try_cast": ("TRY_CAST",),
    "unique": ("UNIQUE_KEY",),
    "references": ("REFERENCES_KEY",),
    "sql": ("SQL",),
    "failing": ("FAILING",),
}


_NAMED_FORMAT = re.compile(r"\bformat\s+(?:`[^`\n]*`|[^\W\d]\w*)\s*\Z", re.IGNORECASE)


class Lexer:
    """Made once for the tables; holds no state of a text."""

    __slots__ = ("_keywords", "_master", "_operators", "_special")

    def __init__(self, tables: Tables) -> None:
        self._keywords = dict(tables.keywords)
        self._operators = dict(tables.operators)
        patterns = {**tables.patterns, "BADTRIPLE": r'"""[\s\S]*+'}
        known = "|".join(f"(?P<{name}>{patterns[name]})" for name in _ORDER)
        signs = "|".join(re.escape(op) for op in sorted(self._operators, key=len, reverse=True))
        self._master = re.compile(
            rf"{GAP.pattern}(?:{known}|{_AFTER}|(?P<OP>{signs})|(?P<END>\Z)|(?P<BAD>[\s\S]))"
        )
        names = ("TEMPORAL", "CAST", "TRY_CAST", "UNIQUE_KEY", "REFERENCES_KEY", "SQL", "FAILING")
        self._special = {
            name: re.compile(tables.patterns[name]).match for name in (*names, "REGEX", "EMAIL", "VERSION")
        }

    def token(self, text: str, at: int, usable: Mapping[str, int]) -> Token:
        """The token that begins at or after `at`, read as one of the `usable` kinds where it can be."""
        found = self._master.match(text, at)
        group = found.lastgroup if found is not None else None
        if found is None or group is None:
            raise AssertionError("the last alternative takes any character")
        start, end = found.span(group)
        word = text[start:end]
        if group == "NAME":
            lower = word.lower()
            soft = _SOFT.get(lower)
            if soft is not None:
                for kind in soft:
                    if kind in usable and (special := self._special[kind](text, start)):
                        return Token(kind, special[0], start, special.end())
            keyword = self._keywords.get(lower)
            if keyword is not None and keyword in usable:
                return Token(keyword, word, start, end)
            return Token("NAME", word, start, end)
        if group == "OP":
            kind = self._operators[word]
            if kind == "SLASH" and "REGEX" in usable and self._pattern_follows(text, start, usable):
                return self._special_token("REGEX", text, start, kind)
            if kind == "LT" and "EMAIL" in usable:
                return self._special_token("EMAIL", text, start, kind)
            return Token(kind, word, start, end)
        if group == "END":
            return Token(END, "", start, end)
        if group == "BADNUMBER" and "VERSION" in usable:
            return self._special_token("VERSION", text, start, group, word)
        if group == "BADOP" and word[0] == "/" != word[1] and "REGEX" in usable:
            return self._special_token("REGEX", text, start, group, word)
        return Token(group, word, start, end)

    @staticmethod
    def _pattern_follows(text: str, start: int, usable: Mapping[str, int]) -> bool:
        """After a name a `/` divides, unless the name is that of a format: the tables merge both states."""
        return "SLASH" not in usable or _NAMED_FORMAT.search(text, max(0, start - 300), start) is not None

    def _special_token(self, kind: str, text: str, start: int, other: str, word: str | None = None) -> Token:
        if special := self._special[kind](text, start):
            return Token(kind, special[0], start, special.end())
        word = text[start] if word is None else word
        return Token(other, word, start, start + len(word))

    def keyword(self, word: str) -> str | None:
        return self._keywords.get(word.lower())

    def begins(self, kind: str, text: str, start: int) -> bool:
        """Does the word at `start` open a `kind`, by what follows it?"""
        return self._special[kind](text, start) is not None

    @property
    def keywords(self) -> Mapping[str, str]:
        return self._keywords
