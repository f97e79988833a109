"""`assay fmt`: one style, no options. Lays the tokens of a text out anew; the tree stays the same."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from assay.compiler.diagnostics import Sink
from assay.compiler.format_tokens import WIDTH, Word, fill, pieces, spelled
from assay.compiler.parse import read
from assay.compiler.parse.lexer import Token
from assay.compiler.parse.words import STATEMENTS
from assay.compiler.source import Source

_COMMENT = re.compile(r"#[^\n]*")
_HEADER = frozenset(("DATASET", "OWNER", "TAGS", "SCHEDULE", "PARAM", "FILTER", "SCHEMA"))
_OPTIONS = frozenset(("KEEP", "COLUMNS", "FOR"))
_STEP = "  "
_LONGEST_NAME = 40


@dataclass(slots=True)
class Unit:
    """One statement, one head of a block, one closing brace, or one row of an example."""

    kind: str
    depth: int
    words: list[Word] = field(default_factory=list)
    above: list[tuple[str, bool]] = field(default_factory=list)
    blank: bool = False
    pads: list[int] = field(default_factory=list)


def format_source(source: Source, sink: Sink) -> str | None:
    """The text in the one style; None when it cannot be read, with the reasons in the sink."""
    own = Sink()
    _, tokens = read(source, own)
    sink.extend(own.items)
    if own.failed:
        return None
    text = source.text
    units, rest = _units(tokens, text)
    _align(units)
    lines: list[str] = []
    for i, unit in enumerate(units):
        if unit.blank and i and lines and not lines[-1].endswith("{") and unit.kind != "RBRACE":
            lines.append("")
        lines.extend(_written(unit))
    for comment, blank in rest:
        if blank and lines:
            lines.append("")
        lines.append(comment)
    return "\n".join(line.rstrip() if '"""' not in line else line for line in lines) + "\n" if lines else ""


# ---------------------------------------------------------------- text -> units


def _comments(gap: str) -> list[tuple[str, bool, bool]]:
    """Each comment of a gap: its text, whether it has its own line, whether a blank line is before it."""
    found: list[tuple[str, bool, bool]] = []
    last = 0
    for comment in _COMMENT.finditer(gap):
        newlines = gap.count("\n", last, comment.start())
        found.append((comment[0].rstrip(), newlines > 0, newlines > 1))
        last = comment.end()
    return found


def _units(tokens: tuple[Token, ...], text: str) -> tuple[list[Unit], list[tuple[str, bool]]]:
    units: list[Unit] = []
    blocks: list[_Block] = []
    last = 1 if text.startswith("\ufeff") else 0
    above: list[tuple[str, bool]] = []
    for token in tokens:
        gap = text[last : token.start]
        begins = not units or _begins(token, units, blocks)
        above = []
        tail = gap.rfind("#")
        line_end = gap.find("\n", tail) if tail >= 0 else -1
        blank = gap.count("\n", line_end if line_end >= 0 else 0) > 1
        for comment, own_line, blank_before in _comments(gap):
            if (not begins or not own_line) and units and (not above):
                units[-1].words[-1].comments.append((comment, own_line))
            else:
                above.append((comment, blank_before))
        word = Word(token.kind, spelled(token), [])
        if begins:
            if token.kind == "RBRACE":
                blocks.pop()
            unit = Unit(_kind(token, blocks), len(blocks), [word], above, blank)
            if above:
                unit.blank = above[0][1]
                above[0] = (above[0][0], False)
                if blank:
                    above.append(("", False))
            units.append(unit)
        else:
            units[-1].words.append(word)
        if blocks:
            blocks[-1].take(token)
        if token.kind == "LBRACE":
            blocks.append(_Block(units[-1].kind))
        last = token.end
    rest: list[tuple[str, bool]] = []
    for comment, own_line, blank_before in _comments(text[last:]):
        if units and not own_line and not rest:
            units[-1].words[-1].comments.append((comment, False))
        else:
            rest.append((comment, blank_before))
    return units, rest


class _Block:
    """Where one stands in a block; in an example, how many values of the row have been read."""

    __slots__ = ("expecting", "inside", "kind", "parens", "seen", "signed", "width")

    def __init__(self, kind: str) -> None:
        self.kind = kind
        self.width = 0
        self.seen = 0
        self.parens = 0
        self.signed = False
        self.inside = False
        self.expecting = False

    def cell(self, token: Token) -> bool:
        """Does a value of an example begin with this token?"""
        if self.kind != "EXAMPLE" or self.expecting or self.parens or self.signed:
            return False
        return token.kind not in (
            "NAME",
            "QUOTED",
            "EXPECT",
            "RBRACE",
            "RPAREN",
        ) and not token.kind.startswith(_UNITS)

    def take(self, token: Token) -> None:
        if self.kind != "EXAMPLE":
            return
        if token.kind == "EXPECT":
            self.expecting = True
        elif self.cell(token):
            self.seen += 1
        elif token.kind in ("NAME", "QUOTED") and not self.expecting and not self.parens:
            self.width += 1
        self.signed = token.kind in ("MINUS", "PLUS") and not self.parens and not self.expecting
        self.parens += {"LPAREN": 1, "RPAREN": -1}.get(token.kind, 0)


_UNITS = ("SECOND", "MINUTE", "HOUR", "DAY", "WEEK", "MONTH", "YEAR")


def _begins(token: Token, units: list[Unit], blocks: list[_Block]) -> bool:
    if token.kind in STATEMENTS or token.kind == "RBRACE" or units[-1].words[-1].kind == "LBRACE":
        return True
    if not blocks:
        return False
    block = blocks[-1]
    if block.kind == "CONTRACT":
        return False
    if block.kind == "FAILED":
        return token.kind in _OPTIONS
    return block.cell(token) and (block.width == 0 or block.seen % block.width == 0)


def _kind(token: Token, blocks: list[_Block]) -> str:
    if blocks and blocks[-1].kind == "EXAMPLE" and token.kind not in ("EXPECT", "RBRACE"):
        return "ROW"
    return token.kind


# ---------------------------------------------------------------- units -> lines


def _written(unit: Unit) -> list[str]:
    indent = _STEP * unit.depth
    inner = indent + _STEP if unit.kind == "RBRACE" else indent
    lines: list[str] = []
    for comment, blank in unit.above:
        if blank:
            lines.append("")
        lines.append(inner + comment if comment else "")
    if unit.kind == "RBRACE" and lines and lines[-1] == "":
        lines.pop()
    words = unit.words
    if unit.kind == "ROW":
        return lines + _row(unit, indent)
    if unit.kind in ("RULE", "CHECK") and any(w.kind == "COLON" for w in words):
        return lines + _named(unit, indent)
    if unit.pads:
        words = [
            Word(w.kind, w.text.ljust(p) if not w.comments else w.text, w.comments) for w, p in _padded(unit)
        ]
    return lines + fill(pieces(words, unit.kind), indent, indent + _STEP * 2)


def _named(unit: Unit, indent: str) -> list[str]:
    """A rule or a check with a name: what it says stands below its name where it has prose or is long."""
    at = next(i for i, w in enumerate(unit.words) if w.kind == "COLON") + 1
    whole = fill(pieces(unit.words, unit.kind), indent, indent + _STEP * 2)
    if at == 3 and len(whole) == 1 and len(whole[0]) <= WIDTH:
        return whole
    head = fill(pieces(unit.words[:at], unit.kind), indent, indent + _STEP * 2)
    return head + fill(pieces(unit.words[at:], unit.kind), indent + _STEP, indent + _STEP * 3)


def _padded(unit: Unit) -> list[tuple[Word, int]]:
    pads = unit.pads + [0] * (len(unit.words) - len(unit.pads))
    return list(zip(unit.words, pads, strict=True))


def _cells(unit: Unit) -> list[list[Word]]:
    cells: list[list[Word]] = []
    parens = 0
    joined = False
    for word in unit.words:
        if cells and (parens or joined or word.kind.startswith(_UNITS)):
            cells[-1].append(word)
        else:
            cells.append([word])
        parens += {"LPAREN": 1, "RPAREN": -1}.get(word.kind, 0)
        joined = word.kind in ("MINUS", "PLUS") and not parens
    return cells


def _cell_text(cell: list[Word]) -> str:
    return "".join(blank + word.text for blank, _, word in pieces(cell, "ROW"))


def _row(unit: Unit, indent: str) -> list[str]:
    cells = _cells(unit)
    if any(word.comments for word in unit.words[:-1]):
        return fill(pieces(unit.words, "ROW"), indent, indent)
    texts = [_cell_text(cell).ljust(pad) for cell, pad in zip(cells, unit.pads, strict=False)]
    texts += [_cell_text(cell) for cell in cells[len(texts) :]]
    last = unit.words[-1]
    joined = Word("ROW", "  ".join(texts).rstrip(), last.comments)
    return fill([("", False, joined)], indent, indent)


# ---------------------------------------------------------------- alignment


def _align(units: list[Unit]) -> None:
    """Columns, header statements and rows of an example stand under each other within their group."""
    group: list[Unit] = []
    for unit in [*units, Unit("", 0)]:
        if group and (unit.blank or _family(unit) != _family(group[0]) or unit.depth != group[0].depth):
            _pad(group)
            group = []
        if _family(unit):
            group.append(unit)


def _family(unit: Unit) -> str:
    if unit.kind in _HEADER:
        return "header"
    return unit.kind if unit.kind in ("COLUMN", "ROW") else ""


def _pad(group: list[Unit]) -> None:
    if group[0].kind == "ROW":
        table = [[len(_cell_text(cell)) for cell in _cells(unit)] for unit in group]
        widths = [max(row[i] for row in table if i < len(row)) for i in range(max(len(row) for row in table))]
        for unit in group:
            unit.pads = widths
    elif group[0].kind == "COLUMN":
        for unit in group:
            _join_type(unit)
        names = [len(unit.words[1].text) for unit in group if len(unit.words[1].text) <= _LONGEST_NAME]
        types = [len(unit.words[2].text) for unit in group if len(unit.words[2].text) <= _LONGEST_NAME]
        for unit in group:
            unit.pads = [0, max(names, default=0), max(types, default=0) if len(unit.words) > 3 else 0]
    else:
        width = max(len(unit.words[0].text) for unit in group)
        for unit in group:
            unit.pads = [width]


def _join_type(unit: Unit) -> None:
    """Makes one word of a column's type, so that it can be aligned."""
    words = unit.words
    end = 3
    depth = 0
    while end < len(words):
        kind = words[end].kind
        opened = kind == "LPAREN" or (kind == "LT" and words[end - 1].kind == "ARRAY")
        if not (depth or opened or kind in _TYPE_WORDS):
            break
        depth += 1 if opened else -1 if kind in ("RPAREN", "GT") else 0
        end += 1
    parts = words[2:end]
    if len(parts) > 1 and not any(word.comments for word in parts[:-1]):
        text = "".join(blank + word.text for blank, _, word in pieces(parts, "TYPE"))
        unit.words = [*words[:2], Word("NAME", text, parts[-1].comments), *words[end:]]


_TYPE_WORDS = frozenset(("PRECISION", "VARYING", "WITH", "WITHOUT", "LOCAL", "TIME", "ZONE"))
