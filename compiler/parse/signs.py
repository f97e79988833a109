"""Mistakes that are visible in the signs themselves: other languages' operators, quotes and comments."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from assay.compiler.parse.builder import shorten
from assay.compiler.parse.fix import PANIC, Answer, Fix
from assay.compiler.parse.lexer import Token
from assay.compiler.parse.machine import Machine
from assay.compiler.parse.words import SHORT_UNITS, UNITS

if TYPE_CHECKING:
    from assay.compiler.parse.mistakes import Place

_CURLY = {"\u2018": "'", "\u2019": "'", "\u201c": '"', "\u201d": '"', "\u00ab": '"', "\u00bb": '"'}
_AMOUNT = re.compile(r"(\d+(?:\.\d+)?)([A-Za-z]+)")


def fault(p: Place) -> Answer:
    m, token = p.m, p.token
    match token.kind:
        case "BADOP":
            return _operator(m, token)
        case "BADNUMBER":
            return _number(m, token)
        case "BADSTRING":
            m.sink.add("E124", m.builder.span(token.start, token.start + 1), quote="'")
            return token.end
        case "BADPROSE":
            m.sink.add("E124", m.builder.span(token.start, token.start + 1), quote='"')
            return token.end
        case "BADTRIPLE":
            m.sink.add("E125", m.builder.span(token.start, token.start + 3))
            return token.end
        case "BADQUOTED":
            m.sink.add("E126", m.builder.of(token))
            return token.end
        case "BAD":
            return _character(m, token)
        case _:
            return None


def _whole(m: Machine, kind: str, token: Token, text: str) -> Answer:
    return Fix(Token(kind, text, token.start, token.end)) if m.takes(kind) else token.end


def _operator(m: Machine, token: Token) -> Answer:
    span = m.builder.of(token)
    text = token.text
    if text[:2] in ("--", "//", "/*"):
        m.sink.add("E123", m.builder.span(token.start, token.start + 2), sign=text[:2])
        return Fix(m.read(token.end))
    if text[0] == ";":
        m.sink.add("E131", span)
        return Fix(m.read(token.end))
    code, meant, kind = {
        "=": ("E109", "=", "EQ"),
        ":": ("E109", "=", "EQ"),
        "!": ("E110", "<>", "NE"),
        "&": ("E111", "and", "AND"),
        "|": ("E111", "or", "OR"),
    }.get(text[0], ("E109", "=", "EQ"))
    m.sink.add(code, span, suggestion=meant, op=text)
    return Fix(Token(kind, meant, token.start, token.end)) if m.takes(kind) else PANIC


def _number(m: Machine, token: Token) -> Answer:
    kind = "PERCENT" if token.text.endswith("%") else "NUMBER"
    amount = _AMOUNT.fullmatch(token.text)
    word = amount[2].lower() if amount else ""
    unit = SHORT_UNITS.get(word) or (word if word in UNITS else None)
    offer = f"{amount[1]} {unit}" if amount and unit else None
    m.sink.add("E127", m.builder.of(token), suggestion=offer, text=shorten(token.text))
    if amount and unit and m.takes(kind, unit.upper()):
        m.insert(kind, amount[1], token.start)
        return Fix(Token(unit.upper(), unit, token.start, token.end))
    return _whole(m, kind, token, "0%" if kind == "PERCENT" else "0")


def _character(m: Machine, token: Token) -> Answer:
    char = token.text
    if char in _CURLY:
        quote = _CURLY[char]
        line_end = m.text.find("\n", token.end)
        line_end = len(m.text) if line_end < 0 else line_end
        closing = re.compile("[\u2018\u2019\u201c\u201d\u00ab\u00bb'\"]").search(m.text, token.end, line_end)
        end = closing.end() if closing else token.end
        m.sink.add("E133", m.builder.of(token), sign=char, quote=quote)
        kind = "STRING" if m.takes("STRING") else "PROSE"
        return (
            Fix(Token(kind, f"'{m.text[token.end : end - 1]}'", token.start, end)) if m.takes(kind) else end
        )
    if char == "!":
        m.sink.add("E111", m.builder.of(token), suggestion="not", op="!")
        return Fix(Token("NOT", "not", token.start, token.end)) if m.takes("NOT") else PANIC
    if char == "[" and m.tokens and m.text.startswith("]", token.end) and m.tokens[-1].kind == "NAME":
        offer = f"array<{m.tokens[-1].text}>"
        m.sink.add("E148", m.builder.span(m.tokens[-1].start, token.end + 1), suggestion=offer)
        return Fix(m.read(token.end + 1))
    run = re.compile(r"[^\w\s'\"`(){},.:<>=+*/%#-]{1,200}").match(m.text, token.start)
    end = run.end() if run else token.end
    shown = char if char.isprintable() else f"U+{ord(char):04X}"
    m.sink.add("E132", m.builder.span(token.start, end), sign=shown)
    return Fix(m.read(end), guess=True)


def quotes(p: Place) -> Answer:
    """`"…"` where a value is meant, `'…'` where words for people are."""
    m, token = p.m, p.token
    inner = token.text[1:-1]
    if token.kind == "PROSE" and m.takes("STRING"):
        value = "'" + inner.replace('\\"', '"').replace("'", "''") + "'"
        m.sink.add("E112", m.builder.of(token), text=shorten(inner))
        return Fix(Token("STRING", value, token.start, token.end))
    if token.kind == "STRING" and m.takes("PROSE") and not m.takes("COMMA"):
        m.sink.add("E113", m.builder.of(token), text=shorten(inner))
        prose = '"' + inner.replace("''", "'").replace("\\", "\\\\").replace('"', '\\"') + '"'
        return Fix(Token("PROSE", prose, token.start, token.end))
    return None
