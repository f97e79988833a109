"""How the tokens of one statement are written: spelling, blanks between them, and where lines may break."""

from __future__ import annotations

import re
from dataclasses import dataclass

from assay.compiler.parse.lexer import Token

WIDTH = 100

_NAMES = frozenset(("NAME", "QUOTED"))
_LITERALS = frozenset(
    ("NAME", "QUOTED", "STRING", "PROSE", "TRIPLE", "REGEX", "EMAIL", "VERSION", "NUMBER", "PERCENT")
)
_CALLED = frozenset(("NAME", "QUOTED", "CAST", "TRY_CAST", "VARYING"))
_ENDS = frozenset((*_LITERALS, "RPAREN", "TEMPORAL", "END", "NULL", "TRUE", "FALSE"))
_BREAKS = frozenset(
    (
        "REQUIRED",
        "OPTIONAL",
        "SENSITIVE",
        "UNIQUE",
        "MISSING",
        "MATCHES",
        "LENGTH",
        "REFERENCES",
        "WHERE",
        "BY",
        "FOR",
        "WAS",
        "RELEASE",
        "ELSE",
        "WHEN",
        "THEN",
        "OR",
        "KEEP",
        "COLUMNS",
        "IN",
        "BETWEEN",
    )
)
_TEMPORAL = re.compile(r"(\w+)\s*('.*)", re.DOTALL)


@dataclass(slots=True)
class Word:
    """A token as it is written, with the comments that follow it before the next one."""

    kind: str
    text: str
    comments: list[tuple[str, bool]]


def spelled(token: Token) -> str:
    """Keywords in lower case; everything that is the author's own as it stands."""
    if token.kind in _LITERALS:
        return token.text
    if token.kind == "TEMPORAL":
        found = _TEMPORAL.fullmatch(token.text)
        return f"{found[1].lower()} {found[2]}" if found else token.text
    return token.text.lower()


def pieces(words: list[Word], statement: str) -> list[tuple[str, bool, Word]]:
    """Each word with the blank before it, and whether a line may begin with it."""
    made: list[tuple[str, bool, Word]] = []
    angle = 0
    for i, word in enumerate(words):
        before = words[i - 1] if i else None
        kind = word.kind
        blank = before is not None
        if before is not None:
            if kind in ("COMMA", "RPAREN", "DOT", "COLON") or before.kind in ("LPAREN", "DOT"):
                blank = False
            elif kind == "LPAREN" and before.kind in _CALLED:
                blank = statement == "REFERENCES_KEY"
            elif kind == "LT" and before.kind == "ARRAY":
                angle, blank = angle + 1, False
            elif angle and (kind == "GT" or before.kind == "LT"):
                blank = False
            elif before.kind in ("MINUS", "PLUS") and (i < 2 or words[i - 2].kind not in _ENDS):
                blank = kind in ("MINUS", "PLUS")
        if kind == "GT" and angle:
            angle -= 1
        may_break = (
            blank
            and before is not None
            and (
                (kind in _BREAKS and before.kind not in ("NOT", "BY", "CASE"))
                or before.kind == "COMMA"
                or kind in ("AND", "NOT")
            )
        )
        made.append((" " if blank else "", may_break, word))
    return made


def fill(parts: list[tuple[str, bool, Word]], first: str, indent: str) -> list[str]:
    """Lines of at most WIDTH where the words allow it. `first` is what the first line begins with."""
    lines: list[str] = []
    line = first
    at = 0
    fresh = True
    while at < len(parts):
        end = at + 1
        while end < len(parts) and not parts[end][1] and not parts[end - 1][2].comments:
            end += 1
        chunk = "".join(blank + word.text for blank, _, word in parts[at:end])
        if fresh:
            chunk = chunk.removeprefix(" ")
        elif len(line) + len(chunk.split("\n", 1)[0]) > WIDTH:
            lines.append(line)
            line, chunk = indent, chunk.removeprefix(" ")
        line += chunk
        fresh = False
        for comment, own_line in parts[end - 1][2].comments:
            if own_line or fresh:
                if not fresh:
                    lines.append(line)
                lines.append(indent + comment)
            else:
                lines.append(f"{line}  {comment}")
            line, fresh = indent, True
        at = end
    if line.strip():
        lines.append(line)
    return lines
