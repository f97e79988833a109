"""Patterns: found anywhere, by code point, over all lines, whatever the engine and the locale."""

from __future__ import annotations

from dataclasses import dataclass, field

from assay.compiler.types import TEXT, Kind, Type

CHAR5 = Type(Kind.CHAR, length=5)


@dataclass(frozen=True, slots=True)
class PatternCase:
    pattern: str
    found: dict[str | None, bool | None] = field(default_factory=dict)
    type: Type = TEXT

    def __str__(self) -> str:
        return f"/{self.pattern}/ {self.type}"


PATTERNS = (
    PatternCase("b", {"abc": True, "ac": False, "": False, None: None}),
    PatternCase("a.c", {"xabcx": True, "a\nc": False, "añc": True, "a🤦c": True}),
    PatternCase("^abc$", {"abc": True, "abc\n": False, "x\nabc": False, "ABC": False}),
    PatternCase("^ab", {"abc": True, "cab": False, "x\nab": False}),
    PatternCase("bc$", {"abc": True, "bcd": False, "bc\n": False}),
    PatternCase("a[^b]c", {"a\nc": True, "abc": False}),
    PatternCase("^\\d+$", {"123": True, "١٢٣": False, "": False, "12a": False}),
    PatternCase("^\\w+$", {"aZ_9": True, "é": False, "a b": False}),
    PatternCase("^\\s$", {" ": True, "\t": True, "\v": True, "\u00a0": False, "\n": True}),
    PatternCase("^\\D\\W\\S$", {"a-b": True, "1-b": False, "é é": True}),
    PatternCase("^[\\d-]+$", {"1-2": True, "a": False}),
    PatternCase("[\\]\\[\\\\^-]", {"]": True, "[": True, "\\": True, "^": True, "-": True, "a": False}),
    PatternCase("^[a-zé]{2,3}$", {"éa": True, "É": False, "abcd": False}),
    PatternCase("^(?:a|b|)$", {"a": True, "": True, "c": False}),
    PatternCase("^(ab){2}c?$", {"abab": True, "ababc": True, "ab": False}),
    PatternCase("a\\.b\\*\\$\\/\\'\\\"", {"a.b*$/'\"": True, "axb*$/'\"": False}),
    PatternCase("^[A-Z]{2}$", {"BE": True, "be": False, "BEL": False, "B": False}),
    PatternCase("^[A-Z]{2}$", {"BE": True, "be": False}, CHAR5),
    PatternCase("^[0-9a-f]*$", {"": True, "0af": True, "g": False}),
    PatternCase("^[^@\\s]+@[^@\\s]+$", {"a@b": True, "a b@c": False, "a@": False, "a@b\n": False}),
    PatternCase(
        "^[^@ ]+@[^@ ]+[.][^@ ]+$",
        {
            "a@b.c": True,
            "é@b.c.d": True,
            "a@b..c": True,
            "a@@b.c": False,
            "a@b.c@d.e": False,
            "@b.c": False,
            "a@.c": False,
            "a@b.": False,
            "a@b": False,
            "a @b.c": False,
            "a@b.c ": False,
            "a\n@b.c": True,
            "a@b.c\n": True,
            "": False,
            None: None,
        },
    ),
    PatternCase("^[^,]*,[^,]*,[^,]{2,}$", {",,ab": True, "a,b,c": False, "a,b,cd": True, "a,b,c,de": False}),
    PatternCase("^%[^_]+_\\\\$", {"%a_\\": True, "%a_": False, "xa_\\": False, "%_a_\\": False}),
    PatternCase("^[^a]b[^c]$", {"xbx": True, "abx": False, "xbc": False}),
    PatternCase("^$", {"": True, "\n": False, "a": False}),
    PatternCase("a{0}b", {"b": True}),
    PatternCase("\\t\\n", {"\t\n": True, "tn": False}),
    PatternCase("ab|cd$", {"abx": True, "xcd": True, "cdx": False}),
)
