"""The words that begin a statement or a clause, and what people write in their place."""

from __future__ import annotations

from assay.compiler.parse.lexer import Token
from assay.compiler.parse.machine import Machine

TOP = ("IMPORT", "FORMAT", "LET", "CONTRACT")
BODY = (
    "DATASET",
    "OWNER",
    "TAGS",
    "SCHEDULE",
    "PARAM",
    "FILTER",
    "SCHEMA",
    "COLUMN",
    "UNIQUE_KEY",
    "REFERENCES_KEY",
    "LET",
    "RULE",
    "CHECK",
    "RECONCILE",
    "FAILED",
    "EXAMPLE",
)
STATEMENTS = frozenset((*TOP, *BODY, "MATCH", "EXPECT"))
# Taken for the start of a statement wherever they stand in what is skipped; the others on a new line only.
_STRONG = frozenset(("COLUMN", "CHECK", "RULE", "RECONCILE", "CONTRACT"))
CLAUSES = frozenset(
    ("required", "optional", "sensitive", "unique", "missing", "matches", "length", "references")
)
COMPARISONS = frozenset(("EQ", "NE", "LT", "LE", "GT", "GE"))
UNITS = ("seconds", "minutes", "hours", "days", "weeks", "months", "years")
SHORT_UNITS = {
    "s": "seconds",
    "sec": "seconds",
    "secs": "seconds",
    "m": "minutes",
    "min": "minutes",
    "mins": "minutes",
    "h": "hours",
    "hr": "hours",
    "hrs": "hours",
    "d": "days",
    "w": "weeks",
    "wk": "weeks",
    "mo": "months",
    "mon": "months",
    "y": "years",
    "yr": "years",
    "yrs": "years",
}
_PHRASES = {
    "NAME": "a name",
    "QUOTED": "a name",
    "NUMBER": "a number",
    "PERCENT": "a percentage such as `5%`",
    "STRING": "a value",
    "PROSE": 'a text in `"…"`',
    "REGEX": "a pattern such as `/^a+$/`",
    "UNIQUE_KEY": "`unique`",
    "REFERENCES_KEY": "`references`",
    "$END": "the end of the file",
    "EMAIL": "an address in `<…>`",
    "TRIPLE": 'a text in `"""`',
    "SQL": "`sql`",
}


def first_on_line(m: Machine, at: int) -> bool:
    return m.text[m.text.rfind("\n", 0, at) + 1 : at].strip() in ("", "{", "}")


def statement_kind(m: Machine, token: Token) -> str | None:
    """The statement that the word opens, if it opens one."""
    if token.kind in STATEMENTS:
        return token.kind
    if not token.text.isalpha():
        return None
    kind = m.lexer.keyword(token.text)
    if kind in ("UNIQUE", "REFERENCES"):
        key = f"{kind}_KEY"
        return key if m.lexer.begins(key, m.text, token.start) else None
    return kind if kind in STATEMENTS else None


def opens_statement(m: Machine, token: Token) -> str | None:
    """As `statement_kind`, where the word also stands as the first of a statement."""
    kind = statement_kind(m, token)
    if kind is None or (kind not in _STRONG and not first_on_line(m, token.start)):
        return None
    return kind


def expected(m: Machine) -> str:
    """What could have come next, in words."""
    kinds = m.usable()
    if "COLUMN" in kinds or "CONTRACT" in kinds:
        return "a statement"
    if "NAME" in kinds and "STRING" in kinds:
        return "a value"
    signs = {kind: sign for sign, kind in m.tables.operators.items()}
    words = {kind: word for word, kind in m.tables.keywords.items()}
    phrases: list[str] = []
    for kind in kinds:
        sign = signs.get(kind) or words.get(kind)
        phrase = f"`{sign}`" if sign else _PHRASES.get(kind, "")
        if phrase and phrase not in phrases:
            phrases.append(phrase)
    if len(phrases) > 6 or not phrases:
        return ""
    return phrases[0] if len(phrases) == 1 else ", ".join(phrases[:-1]) + " or " + phrases[-1]
