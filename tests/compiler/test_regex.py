"""The portable subset: what it takes, what it refuses by name, and that engines read its spelling alike."""

from __future__ import annotations

import re

import duckdb
import pytest

from assay.compiler.formats import FORMATS
from assay.compiler.regex import (
    ANY,
    Chars,
    Choice,
    End,
    RegexError,
    Repeat,
    Sequence,
    Set,
    Start,
    parse_regex,
    spell,
)
from tests.support.contracts import compiled, whole
from tests.support.postgres import Server

PATTERNS = (
    *(f.pattern for f in FORMATS.values()),
    "a",
    "^a",
    "a$",
    "^a|b$",
    "a.c",
    "\\.",
    "[^a-c]",
    "[\\]\\-]",
    "\\d+\\s\\w",
    "\\D",
    "(ab|cd){2}",
    "^$",
    "^(a|b)?c*$",
    "[.*+]",
    "é+",
    "\\$",
    "\\\\",
    "a{2,3}b",
    "[ -~]",
    "^[^\\s@]+@[^\\s@]+$",
)
TEXTS = (
    "",
    "a",
    "b",
    "abc",
    "a\nc",
    "abcd",
    "cdab",
    "1 x",
    "\u0661 x",
    "é",
    "a.c",
    "-]",
    "ab\n",
    "\n",
    "$",
    "\\",
    "aab",
    "x\u00a0y",
    "Ada@Example.com",
    "\u017f",
)


@pytest.mark.parametrize(
    ("pattern", "tree"),
    [
        ("abc", Chars("abc")),
        ("a|b", Choice((Chars("a"), Chars("b")))),
        ("^ab$", Sequence((Start(), Chars("ab"), End()))),
        ("ab*", Sequence((Chars("a"), Repeat(Chars("b"), 0, None)))),
        ("(?:ab){2,3}", Repeat(Chars("ab"), 2, 3)),
        ("a{4}", Repeat(Chars("a"), 4, 4)),
        ("a{4,}", Repeat(Chars("a"), 4, None)),
        ("[a-c_]", Set((("a", "c"), ("_", "_")), negated=False)),
        ("[^-]", Set((("-", "-"),), negated=True)),
        ("[a-]", Set((("a", "a"), ("-", "-")), negated=False)),
        (".", ANY),
        ("\\.\\/\\t", Chars("./\t")),
        ("(a)(b)", Chars("ab")),
    ],
)
def test_trees(pattern: str, tree: object) -> None:
    assert parse_regex(pattern) == tree


@pytest.mark.parametrize(
    ("pattern", "construct", "text"),
    [
        ("x(?=a)", "look-ahead", "(?="),
        ("x(?!a)", "negative look-ahead", "(?!"),
        ("(?<=a)b", "look-behind", "(?<="),
        ("(?<!a)b", "negative look-behind", "(?<!"),
        ("(?P<n>a)", "a named group", "(?P<"),
        ("(?<n>a)", "a named group", "(?<"),
        ("(a)\\1", "a back-reference", "\\1"),
        ("(?i)a", "an inline flag", "(?"),
        ("(?>a)", "an atomic group", "(?>"),
        ("a\\b", "a word boundary", "\\b"),
        ("\\p{L}", "a Unicode class", "\\p"),
        ("\\Aa", "`\\A`", "\\A"),
        ("[[:alpha:]]", "a POSIX class", "[:"),
        ("[a&&b]", "`&&` within brackets", "&&"),
        ("[\\D]", "`\\D` within brackets", "\\D"),
        ("a+?", "a lazy quantifier", "+?"),
        ("a++", "a possessive quantifier", "++"),
        ("a{300}", "a repetition of more than 255", "{300}"),
        ("(a+)+", "a repetition within a repetition", "(a+)+"),
        ("(a|b*)*", "a repetition within a repetition", "(a|b*)*"),
        ("a**", "a quantifier of a quantifier", "**"),
        ("*a", "`*` with nothing to repeat", "*"),
        ("(a", "`(` without `)`", "("),
        ("a)", "`)` without `(`", ")"),
        ("[a", "`[` without `]`", "["),
        ("[]", "`[]` with nothing in it", "[]"),
        ("[b-a]", "a range that runs backwards", "b-a"),
        ("a{x}", "`{` on its own", "{"),
        ("a}", "`}` on its own", "}"),
        ("a^b", "`^` after the start", "^"),
        ("a$b", "`$` before the end", "$"),
        ("a\\", "`\\` at the end", "\\"),
    ],
)
def test_what_is_not_portable_is_named_where_it_stands(pattern: str, construct: str, text: str) -> None:
    with pytest.raises(RegexError) as caught:
        parse_regex(pattern)
    assert caught.value.construct == construct
    assert pattern[caught.value.start : caught.value.end] == text


def test_the_place_within_a_literal_counts_its_slashes() -> None:
    text = whole("column x text matches /a\\/\\/\\\\b(?=c)/")
    _, said = compiled(text)
    assert [d.code for d in said] == ["E350"]
    span = said[0].span
    assert span is not None
    assert text[span.start : span.end] == "(?="


@pytest.mark.parametrize("pattern", PATTERNS)
def test_a_spelling_is_read_as_the_same_tree(pattern: str) -> None:
    tree = parse_regex(pattern)
    assert parse_regex(spell(tree).replace("\\f", " ").replace("\\v", " ")) is not None


def _python(pattern: str) -> list[bool]:
    found = re.compile(spell(parse_regex(pattern), "\\Z"))
    return [found.search(text) is not None for text in TEXTS]


@pytest.mark.parametrize("pattern", PATTERNS)
def test_duckdb_and_python_agree(pattern: str) -> None:
    spelled = spell(parse_regex(pattern))
    with duckdb.connect() as connection:
        query = "select regexp_matches(unnest($1::varchar[]), $2)"
        assert [r[0] for r in connection.execute(query, [list(TEXTS), spelled]).fetchall()] == _python(
            pattern
        )


def test_postgres_and_python_agree(postgres_database: Server) -> None:
    with postgres_database.connect() as connection:
        for pattern in PATTERNS:
            spelled = spell(parse_regex(pattern))
            query = "select t ~ %s from unnest(%s::text[]) with ordinality as u(t, n) order by n"
            rows = connection.execute(query, [spelled, list(TEXTS)]).fetchall()
            assert [r[0] for r in rows] == _python(pattern), pattern


def test_deep_nesting_is_a_fault_and_not_a_crash() -> None:
    with pytest.raises(RegexError):
        parse_regex("(" * 5000 + "a" + ")" * 5000)
