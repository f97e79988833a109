"""After a fault: go on where the next statement can be read, so that one run shows every fault."""

from __future__ import annotations

from assay.compiler.diagnostics import Label, Sink
from assay.compiler.parse.fix import PANIC, Answer
from assay.compiler.parse.lexer import Token
from assay.compiler.parse.machine import Machine, Stop
from assay.compiler.parse.mistakes import diagnose
from assay.compiler.parse.tables import END
from assay.compiler.parse.words import BODY, CLAUSES, STATEMENTS, first_on_line, opens_statement
from assay.compiler.source import Span

MAX_FAULTS = 100
NOTHING: dict[str, int] = {}


class Recovery:
    """Remembers what was said, so that one fault gives one message."""

    __slots__ = ("_braces", "_faults", "_guess", "_last", "_stuck")

    def __init__(self) -> None:
        self._faults = 0
        self._guess = -9  # far from the first token
        self._last = (-1, -1)
        self._stuck = 0
        self._braces: set[int] = set()

    def __call__(self, m: Machine, token: Token) -> Token:
        here = (token.start, len(m.tokens))
        self._stuck = self._stuck + 1 if here == self._last else 0
        self._last = here
        self._faults += 1
        if self._faults > MAX_FAULTS:
            m.sink.add("E136", m.builder.of(token), limit=str(MAX_FAULTS))
            raise Stop
        if token.kind == "BADTRIPLE":
            # It swallowed the closing braces.
            self._braces.update(p.start for p in m.parts if isinstance(p, Token) and p.kind == "LBRACE")
        if self._stuck > 4:
            if token.kind == END or self._stuck > 40:
                raise Stop
            return self._panic(m, token, token.end)
        quiet = len(m.tokens) - self._guess <= 2
        sink, m.sink = m.sink, (Sink() if quiet or self._stuck else m.sink)
        try:
            fix = self._unclosed(m, token) or diagnose(m, token)
        finally:
            m.sink = sink
        if fix is None or isinstance(fix, int):
            at = token.start if fix is None or fix == PANIC else fix
            return self._panic(m, token, at)
        if fix.guess:
            self._guess = len(m.tokens)
        return fix.token

    # ------------------------------------------------------------ braces

    def _unclosed(self, m: Machine, token: Token) -> Answer:
        """Says so when the text ends, or another contract begins, before a block is closed."""
        brace = m.open_brace()
        kind = opens_statement(m, token)
        if brace is None or not (
            token.kind == END or kind in ("CONTRACT", "IMPORT") or self._belongs_outside(m, kind)
        ):
            return None
        self._report_brace(m, brace)
        return PANIC

    def _belongs_outside(self, m: Machine, kind: str | None) -> bool:
        """A statement that this block cannot hold, right where one of its own could begin."""
        return kind is not None and m.takes("RBRACE") and not m.takes(kind) and kind in BODY and _nested(m)

    def _report_brace(self, m: Machine, brace: Token) -> None:
        if brace.start in self._braces or brace.start == brace.end:
            return
        self._braces.add(brace.start)
        at = m.tokens[-1].end if m.tokens else 0
        place = Span(m.source.name, max(at - 1, 0), at)
        m.sink.add("E103", place, labels=(Label(m.builder.of(brace), "opened here"),))

    # ------------------------------------------------------------ skipping

    def _panic(self, m: Machine, token: Token, at: int) -> Token:
        in_clauses = at == token.start and m.takes("REQUIRED")
        if (
            at == token.start
            and first_on_line(m, at)
            and m.takes("CHECK")
            and not m.takes("CHECK", fresh=True)
        ):
            m.complete("CHECK")
        depth = 0
        while True:
            token = m.lexer.token(m.text, at, NOTHING)
            if token.kind == END:
                return self._resume(m, END, token)
            if token.kind == "LBRACE":
                if depth == 0 and (found := _find(m, "LBRACE")) is not None:
                    m.cut(found)
                    return token
                depth += 1
            elif token.kind == "RBRACE":
                if depth == 0:
                    return self._resume(m, "RBRACE", token)
                depth -= 1
            elif token.kind == "NAME":
                kind = opens_statement(m, token)
                if kind is not None and (
                    depth == 0 or kind == "CONTRACT" or (kind == "COLUMN" and first_on_line(m, at))
                ):
                    if m.open_brace() is None or kind != "FORMAT":
                        return self._resume(m, kind, token)
                elif in_clauses and token.text.lower() in CLAUSES:
                    return m.read(token.start)
            at = token.end

    def _resume(self, m: Machine, kind: str, token: Token) -> Token:
        """Cuts the stack back to where `kind` can be read; closes a block that nobody closed."""
        found = _find(m, kind)
        if found is not None:
            m.cut(found)
            return Token(kind, token.text, token.start, token.end)
        brace = m.open_brace()
        if brace is None:
            m.cut(0)
            if kind == "RBRACE":
                return m.read(token.end)
            return Token(kind, token.text, token.start, token.end)
        if kind != "RBRACE":
            self._report_brace(m, brace)
        found = _find(m, "RBRACE")
        if found is not None:
            m.cut(found)
            return Token("RBRACE", "", token.start, token.start)
        # The block cannot be closed yet (an example without columns): forget all of it.
        while m.parts[-1] is not brace:
            m.cut(len(m.parts) - 1)
        while m.parts and not _keyword(m.parts[-1]):
            m.cut(len(m.parts) - 1)
        m.cut(len(m.parts) - 1)
        return m.read(token.end if kind == "RBRACE" else token.start)


def _nested(m: Machine) -> bool:
    opened = sum(1 for p in m.parts if isinstance(p, Token) and p.kind == "LBRACE")
    closed = sum(1 for p in m.parts if isinstance(p, Token) and p.kind == "RBRACE")
    return opened - closed > 1


def _keyword(part: object) -> bool:
    return isinstance(part, Token) and part.kind in STATEMENTS


def _find(m: Machine, kind: str) -> int | None:
    """How many parts to keep so that `kind` can be read in this block. A column keeps what it has."""
    column = None
    for i in range(len(m.parts) - 1, -1, -1):
        part = m.parts[i]
        if isinstance(part, Token) and (part.kind in STATEMENTS or part.kind in ("LBRACE", "RBRACE")):
            column = i if part.kind == "COLUMN" and kind != "LBRACE" else None
            break
    for depth in range(len(m.parts), -1, -1):
        if kind == "LBRACE":
            if m.takes(kind, depth=depth) and depth:
                return depth
        elif m.takes(kind, fresh=True, depth=depth) or (
            column is not None and depth >= column + 3 and m.takes(kind, depth=depth)
        ):
            return depth
        if depth:
            part = m.parts[depth - 1]
            if isinstance(part, Token) and (
                part.kind == "LBRACE" or (kind == "LBRACE" and part.kind in STATEMENTS)
            ):
                return None
    return None
