"""What the author most likely meant where the text is wrong: one function per kind of mistake.

Each looks at the machine and the token, and either knows nothing (None), or reports the fault and says how to
go on: with another token (Fix), or by skipping to the next statement (PANIC, or the offset to skip from).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher

from assay.compiler import ast
from assay.compiler.diagnostics import Label, did_you_mean
from assay.compiler.parse import signs
from assay.compiler.parse.builder import shorten
from assay.compiler.parse.contracts import UNNAMED
from assay.compiler.parse.fix import PANIC, Answer, Fix
from assay.compiler.parse.lexer import Token
from assay.compiler.parse.machine import Machine
from assay.compiler.parse.statements import NOT_TYPES
from assay.compiler.parse.tables import END
from assay.compiler.parse.words import (
    BODY,
    COMPARISONS,
    SHORT_UNITS,
    STATEMENTS,
    UNITS,
    expected,
    first_on_line,
    opens_statement,
    statement_kind,
)

__all__ = ["PANIC", "Fix", "diagnose"]

_OPERANDS = frozenset(("NAME", "QUOTED", "STRING", "NUMBER", "PERCENT", "TEMPORAL", "LPAREN"))
_BESIDE_NAMES = frozenset(("LBRACE", "STRING", "PROSE", "NUMBER", "BADNUMBER", END))
_NEVER_NAMES = frozenset(("CASE", "NOT", "WHEN", "WITHIN", "ARRAY", "EXPECT", "NULL", "TRUE", "FALSE"))


@dataclass(frozen=True, slots=True)
class Place:
    """Where the machine stands: what every look at a mistake starts from."""

    m: Machine
    token: Token
    before: Token | None
    inside: Token | None

    @property
    def begins(self) -> bool:
        """Could a statement begin here?"""
        m = self.m
        if m.takes("CHECK", fresh=True) or m.takes("CONTRACT", fresh=True):
            return True
        return (m.takes("CHECK") or m.takes("CONTRACT")) and first_on_line(m, self.token.start)


def diagnose(m: Machine, token: Token) -> Answer:
    before = m.tokens[-1] if m.tokens else None
    place = Place(m, token, before, m.open_brace())
    for look in _LOOKS:
        answer = look(place)
        if answer is not None:
            return answer
    found = shorten(token.text) or "the end of the file"
    m.sink.add("E101", m.builder.of(token), found=found, expected=_or_else(expected(m)))
    return PANIC


def _or_else(phrase: str) -> str:
    return f"expected {phrase}" if phrase else "cannot stand here"


# ---------------------------------------------------------------- where a statement ends too early


def _next_statement(p: Place) -> Answer:
    """`check rows >` and then `check x = 1`: the second `check` was taken for a column's name."""
    before = p.before
    if before is None or before.kind != "NAME" or not first_on_line(p.m, before.start):
        return None
    if statement_kind(p.m, before) is None or len(p.m.tokens) < 2:
        return None
    earlier = p.m.tokens[-2]
    if earlier.kind in ("NAME", "QUOTED", "RBRACE", "LBRACE"):
        return None
    p.m.unread(before.start)
    return _ends_early(p.m, earlier, before.start)


def _ends_early(m: Machine, last: Token, at: int) -> Answer:
    if last.kind == "COMMA":
        m.sink.add("E107", m.builder.of(last))
    else:
        m.sink.add("E102", m.builder.of(last), after=shorten(last.text), expected=_or_else(expected(m)))
    return at


def _end_of_file(p: Place) -> Answer:
    if p.token.kind != END:
        return None
    if p.inside is None and p.before is not None:
        return _ends_early(p.m, p.before, p.token.start)
    return PANIC  # the open brace was reported


def _braces(p: Place) -> Answer:
    if p.token.kind != "RBRACE":
        return None
    if p.inside is None:
        p.m.sink.add("E104", p.m.builder.of(p.token))
        return Fix(p.m.read(p.token.end))
    return None


def _unclosed_paren(p: Place) -> Answer:
    if not p.m.takes("RPAREN") or p.token.kind in _OPERANDS - {"NAME"} or p.token.kind == "COMMA":
        return None
    if p.token.kind == "NAME" and opens_statement(p.m, p.token) is None:
        return None
    opened = next((x for x in reversed(p.m.parts) if isinstance(x, Token) and x.kind == "LPAREN"), None)
    labels = (Label(p.m.builder.of(opened), "opened here"),) if opened else ()
    end = p.before.end if p.before else p.token.start
    p.m.sink.add("E106", p.m.builder.span(end - 1, end), labels=labels)
    return PANIC


# ---------------------------------------------------------------- statements


def _outside(p: Place) -> Answer:
    """A statement of a contract where no contract is open."""
    kind = statement_kind(p.m, p.token)
    if p.inside is not None or kind not in BODY or not p.m.takes("CONTRACT"):
        return None
    p.m.sink.add("E139", p.m.builder.of(p.token), word=p.token.text)
    at = p.token.start
    for extra, text in (("CONTRACT", ""), ("NAME", ""), ("LBRACE", "{")):
        p.m.insert(extra, text, at)
    return Fix(p.m.read(at))


def _nameless(p: Place) -> Answer:
    """`contract {`, `contract "orders" {`; in `contract version 1.0.0 {` another word was taken for the name."""
    m, token, word = p.m, p.token, p.before
    if word is None or not m.parts:
        return None
    taken = len(m.parts) > 1 and _opens_contract(m.parts[-2]) and m.starts[-1] == word.start
    if taken:
        version = word.text.lower() == "version" and token.kind in ("NUMBER", "BADNUMBER")
        if not version and not (statement_kind(m, word) and first_on_line(m, word.start)):
            return None
        m.unread(word.start)
    elif not _opens_contract(m.parts[-1]) or token.kind not in _BESIDE_NAMES:
        return None
    m.sink.add("E149", m.builder.of(m.tokens[-1]))
    if token.kind == END:
        return PANIC
    m.insert("NAME", UNNAMED, m.at)
    if taken:
        return Fix(m.read(word.start))
    return Fix(m.read(token.start if token.kind == "LBRACE" else token.end))


def _opens_contract(part: object) -> bool:
    """The word `contract`, where the author wrote it."""
    return isinstance(part, Token) and part.kind == "CONTRACT" and part.text != ""


def _misplaced(p: Place) -> Answer:
    kind = statement_kind(p.m, p.token)
    if p.inside is None or not p.m.takes("CHECK") or kind is None or p.m.takes(kind):
        return None
    p.m.sink.add("E140", p.m.builder.of(p.token), word=p.token.text)
    return PANIC


def _forgotten_check(p: Place) -> Answer:
    if p.token.kind not in _OPERANDS or not p.begins or not p.m.takes("CHECK"):
        return None
    following = p.m.lexer.token(p.m.text, p.token.end, {})
    measured = following.kind in COMPARISONS | {"LPAREN", "SLASH", "DOT", "STAR", "PLUS", "MINUS"} or (
        following.text.lower() in ("between", "is", "within")
    )
    if not measured or p.token.text.lower() == "unique":
        return None
    p.m.sink.add("E116", p.m.builder.of(p.token), text=shorten(p.token.text))
    return Fix(Token("CHECK", "check", p.token.start, p.token.start), guess=True)


def _unknown_statement(p: Place) -> Answer:
    if p.token.kind != "NAME" or not p.begins:
        return None
    offer = _OTHER_WORDS.get(p.token.text.lower()) or _closest(p)
    kind = p.m.lexer.keyword(offer) if offer else None
    if kind is not None and kind not in STATEMENTS and p.m.takes(kind):
        return None  # a clause or an operator on a line of its own
    p.m.sink.add("E117", p.m.builder.of(p.token), suggestion=offer, word=p.token.text)
    if kind is None or not p.m.takes(kind):
        return PANIC
    return Fix(Token(kind, p.token.text, p.token.start, p.token.end), guess=True)


_OTHER_WORDS = {
    "field": "column",
    "assert": "check",
    "test": "check",
    "table": "dataset",
    "source": "dataset",
}


# ---------------------------------------------------------------- columns


def _missing_type(p: Place) -> Answer:
    """`column status in ('a')`: `in` was taken for the type."""
    m = p.m
    at = next((i for i in range(len(m.parts) - 1, -1, -1) if _is(m.parts[i], "COLUMN")), None)
    if at is None or len(m.parts) <= at + 1:
        return None
    if len(m.parts) == at + 2:
        if p.token.kind != "NAME" and m.takes("ARRAY"):
            m.sink.add("E119", m.builder.of(m.tokens[-1]), name=m.tokens[-1].text)
            m.insert("NAME", "any", m.at)
            return Fix(m.read(p.token.start))
        return None
    start = m.starts[at + 2]
    token = next((t for t in m.tokens if t.start == start), None)
    if token is None or token.kind != "NAME" or token.text.lower() not in NOT_TYPES:
        return None
    m.unread(start)
    m.sink.add("E119", m.builder.of(m.tokens[-1]), name=m.tokens[-1].text)
    m.insert("NAME", "any", m.at)
    return Fix(m.read(start))


def _is(part: object, kind: str) -> bool:
    return isinstance(part, Token) and part.kind == kind


def _not_null(p: Place) -> Answer:
    """`not null` and `null` of SQL's column definitions."""
    m = p.m
    if p.token.text.lower() != "null":
        return None
    if p.before is not None and p.before.kind == "NOT" and not m.takes("NULL"):
        start = p.before.start
        m.unread(start)
        if m.takes("REQUIRED"):
            m.sink.add("E118", m.builder.span(start, p.token.end), suggestion="required", word="not null")
            return Fix(Token("REQUIRED", "required", start, p.token.end))
    if m.takes("OPTIONAL"):
        m.sink.add("E118", m.builder.of(p.token), suggestion="optional", word="null")
        return Fix(Token("OPTIONAL", "optional", p.token.start, p.token.end))
    return None


def _unknown_clause(p: Place) -> Answer:
    if p.token.kind != "NAME" or not p.m.takes("REQUIRED"):
        return None
    fix = _misspelled(p, "E118")
    if fix is not None:
        return fix
    kind = opens_statement(p.m, p.token)
    if kind is not None:
        return None
    p.m.sink.add("E118", p.m.builder.of(p.token), word=p.token.text)
    return PANIC


# ---------------------------------------------------------------- lists, parts of a statement


def _commas(p: Place) -> Answer:
    m, token, before = p.m, p.token, p.before
    if (
        before is not None
        and before.kind == "COMMA"
        and (token.kind not in _OPERANDS or opens_statement(m, token) is not None)
    ):
        m.sink.add("E107", m.builder.of(before))
        if token.kind == "COMMA":
            return Fix(m.read(token.end))
        m.unread(before.start)
        again = m.read(token.start)
        return Fix(again) if m.takes(again.kind) else token.start
    if token.kind == "COMMA":
        m.sink.add("E107", m.builder.of(token))
        return Fix(m.read(token.end))
    return None


def _missing_comma(p: Place) -> Answer:
    m, token = p.m, p.token
    if (
        token.kind not in _OPERANDS
        or not m.takes("COMMA", token.kind)
        or opens_statement(m, token) is not None
    ):
        return None
    at = p.before.end if p.before else token.start
    m.sink.add("E108", m.builder.of(token), text=shorten(token.text))
    return Fix(Token("COMMA", ",", at, at), guess=True)


def _missing_word(p: Place) -> Answer:
    """A word or a sign that must stand here, and everything goes on after it."""
    m, token = p.m, p.token
    for kind, text, code in (("THEN", "then", "E121"), ("COLON", ":", "E122"), ("LBRACE", "{", "E105")):
        if not m.takes(kind) or token.kind == END:
            continue
        if kind == "LBRACE" and (
            opens_statement(m, token) or token.kind == "PROSE" or token.kind == "RBRACE"
        ):
            goes_on = True
        else:
            goes_on = m.takes(kind, token.kind) and not (kind == "COLON" and m.takes("CONTRACT", fresh=True))
        if goes_on or (kind == "THEN" and token.kind in ("COLON", "COMMA")):
            before = p.before or token
            m.sink.add(code, m.builder.of(before), after=shorten(before.text))
            end = token.end if kind == "THEN" and not goes_on else before.end
            return Fix(Token(kind, text, before.end, end), guess=True)
    return None


def _misspelled_word(p: Place) -> Answer:
    if p.token.kind != "NAME" or opens_statement(p.m, p.token) is not None:
        return None
    return _misspelled(p, "E145")


def _closest(p: Place) -> str | None:
    """The keyword that could stand here and looks most like the word that does."""
    new_line = first_on_line(p.m, p.token.start)
    keywords = p.m.tables.keywords
    words = [w for w, kind in keywords.items() if p.m.takes(kind) and (new_line or kind not in STATEMENTS)]
    offer = did_you_mean(p.token.text, words)
    if offer is None or SequenceMatcher(None, offer, p.token.text.lower()).ratio() < 0.75:
        return None
    return offer


def _misspelled(p: Place, code: str) -> Answer:
    offer = _closest(p)
    if offer is None:
        return None
    p.m.sink.add(code, p.m.builder.of(p.token), suggestion=offer, word=p.token.text)
    kind = p.m.tables.keywords[offer]
    return Fix(Token(kind, p.token.text, p.token.start, p.token.end))


def _version(p: Place) -> Answer:
    if not p.m.takes("VERSION"):
        return None
    found = re.compile(r"[^\s{#]*").match(p.m.text, p.token.start)
    text = found[0] if found else ""
    end = p.token.start + len(text)
    span = p.m.builder.span(p.token.start, end) if text else p.m.builder.of(p.before or p.token)
    p.m.sink.add("E130", span, text=shorten(text) or "nothing")
    return Fix(Token("VERSION", "", p.token.start, end))


# ---------------------------------------------------------------- expressions


def _units(p: Place) -> Answer:
    m, token, before = p.m, p.token, p.before
    if token.kind != "NAME" or before is None or before.kind != "NUMBER" or first_on_line(m, token.start):
        return None
    if not (m.takes("DAYS") or m.takes("RUNS")):
        return None
    word = token.text.lower()
    if word in ("percent", "pct"):
        m.unread(before.start)
        text = before.text + "%"
        m.sink.add("E120", m.builder.span(before.start, token.end), suggestion=text)
        return Fix(Token("PERCENT", text, before.start, token.end))
    units = UNITS if m.takes("HOURS") else ("runs", "days")
    offer = SHORT_UNITS.get(word) or did_you_mean(word, units)
    if offer not in units:
        offer = None
    if offer is None and (_closest(p) or m.takes("THEN") or m.takes("COMMA", "NAME")):
        return None
    m.sink.add("E129", m.builder.of(token), suggestion=offer, word=token.text, known=", ".join(units))
    unit = offer or "days"
    return Fix(Token(unit.upper(), unit, token.start, token.end), guess=True)


def _percentages(p: Place) -> Answer:
    m, token, before = p.m, p.token, p.before
    if token.kind == "NUMBER" and m.takes("PERCENT") and not m.takes("NUMBER"):
        following = m.lexer.token(m.text, token.end, {})
        end = following.end if following.text.lower() in ("percent", "pct", "%") else token.end
        value = re.sub(r"^0?\.(\d\d)$", r"\1", token.text)
        m.sink.add("E120", m.builder.span(token.start, end), suggestion=f"{value}%")
        return Fix(Token("PERCENT", f"{value}%", token.start, end))
    if (
        before is not None
        and before.kind == "PERCENT"
        and token.kind in _OPERANDS
        and before.end == token.start
    ):
        m.sink.add("E142", m.builder.of(before), number=before.text[:-1])
        return PANIC
    return None


def _star(p: Place) -> Answer:
    if p.token.kind != "STAR" or p.before is None or p.before.kind != "LPAREN":
        return None
    p.m.sink.add("E143", p.m.builder.of(p.token))
    return PANIC


def _is_what(p: Place) -> Answer:
    before = p.before
    if before is None or not (before.kind == "IS" or (before.kind == "NOT" and p.m.usable() == ("NULL",))):
        return None
    p.m.sink.add("E144", p.m.builder.of(p.token), found=shorten(p.token.text))
    return PANIC


def _chain(p: Place) -> Answer:
    if p.token.kind not in COMPARISONS or not p.m.parts:
        return None
    last = p.m.parts[-1]
    if isinstance(last, ast.Binary) or (p.before is not None and p.m.takes("AND")):
        p.m.sink.add("E138", p.m.builder.of(p.token), op=p.token.text)
        return PANIC
    return None


def _keyword_as_name(p: Place) -> Answer:
    m, token, before = p.m, p.token, p.before
    signs_after = COMPARISONS | {
        "RPAREN",
        "COMMA",
        "IS",
        "DOT",
        "SLASH",
        "STAR",
        "IN",
        "BETWEEN",
        "LIKE",
        END,
    }
    if before is not None and before.kind in _NEVER_NAMES and token.kind in signs_after:
        m.unread(before.start)
        if m.takes("NAME"):
            m.sink.add("E115", m.builder.of(before), suggestion=f"`{before.text}`", word=before.text)
            return Fix(Token("NAME", before.text, before.start, before.end))
        return PANIC
    if token.kind in m.tables.keywords.values() and m.takes("NAME"):
        m.sink.add("E115", m.builder.of(token), suggestion=f"`{token.text}`", word=token.text)
        return Fix(Token("NAME", token.text, token.start, token.end))
    return None


_LOOKS = (
    _version, signs.fault, _nameless, _next_statement, _end_of_file, _braces, _outside, _not_null,
    _missing_type, signs.quotes, _star, _is_what, _percentages, _keyword_as_name, _commas, _units, _misplaced,
    _forgotten_check, _unknown_statement, _chain, _unclosed_paren, _unknown_clause, _misspelled_word,
    _missing_word, _missing_comma,
)  # fmt: skip
