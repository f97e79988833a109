"""The LALR machine: shifts and reduces by the tables, and asks `repair` how to go on after a fault."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any, TypeAlias

from assay.compiler.diagnostics import Sink
from assay.compiler.parse import tables
from assay.compiler.parse.build_ast import makers
from assay.compiler.parse.builder import Builder, Maker
from assay.compiler.parse.lexer import Lexer, Token
from assay.compiler.parse.tables import END, Tables
from assay.compiler.source import Source

MAX_STACK = 1_000


class Stop(Exception):
    """Nothing more can be read; never leaves this package."""


Reached: TypeAlias = dict[tuple[int, str, str], int]


@cache
def _shared() -> tuple[Tables, Lexer, tuple[tuple[str, int, Maker | None], ...], Reached]:
    loaded = tables.load()
    return loaded, Lexer(loaded), makers(loaded), {}


class Machine:
    """One text being read. `states` is one longer than the stacks of parts and their places."""

    __slots__ = (
        "_makers",
        "_reached",
        "at",
        "builder",
        "lexer",
        "parts",
        "shifted",
        "sink",
        "source",
        "starts",
        "states",
        "tables",
        "text",
        "tokens",
    )  # fmt: skip

    def __init__(self, source: Source, text: str, sink: Sink) -> None:
        self.tables, self.lexer, self._makers, self._reached = _shared()
        self.source = source
        self.text = text
        self.sink = sink
        self.builder = Builder(source.name, sink, {})
        self.states: list[int] = [0]
        self.parts: list[Any] = []
        self.starts: list[int] = []
        self.tokens: list[Token] = []
        self.at = 0

    def run(self, repair: Callable[[Machine, Token], Token]) -> Any:
        """Reads all of the text. `repair` gives the token to go on with, or raises Stop."""
        states, parts, starts = self.states, self.parts, self.starts
        actions = self.tables.actions
        productions, builder, reached = self._makers, self.builder, self._reached
        lex, text, shifted = self.lexer.token, self.text, self.tokens
        state = states[-1]
        row = actions[state]
        token = lex(text, self.at, row)
        while True:
            action = row.get(token.kind)
            if action is None or len(states) > MAX_STACK:
                if len(states) > MAX_STACK:
                    self.sink.add("E134", builder.of(token), limit=str(MAX_STACK))
                    raise Stop
                token = repair(self, token)
                state = states[-1]
                row = actions[state]
            elif action >= 0:
                if token.kind == END:
                    return parts[-1]
                states.append(action)
                parts.append(token)
                starts.append(token.start)
                shifted.append(token)
                self.at = token.end
                row = actions[action]
                token = lex(text, token.end, row)
            else:
                origin, length, maker = productions[~action]
                if maker is None:
                    states.pop()
                elif length:
                    # What was shifted last is the last token of this production: its end is `self.at`.
                    made = maker(builder, parts[-length:], starts[-length], self.at)
                    del states[-length:], parts[-length:], starts[1 - length or len(starts) :]
                    parts.append(made)
                else:
                    parts.append(maker(builder, [], token.start, self.at))
                    starts.append(token.start)
                step = (states[-1], origin, token.kind)
                state = reached[step] if step in reached else self._reach(*step)
                states.append(state)
                row = actions[state]

    def _reach(self, below: int, origin: str, kind: str) -> int:
        """The state above `below` once an `origin` was made and handed on as far as it goes before `kind`.

        A literal is handed on by a dozen productions until it is an operand: they are walked once.
        """
        gotos, makers = self.tables.gotos, self._makers
        state = gotos[below][origin]
        while (action := self.tables.actions[state].get(kind)) is not None and action < 0:
            further, _, maker = makers[~action]
            if maker is not None:
                break
            state = gotos[below][further]
        self._reached[below, origin, kind] = state
        return state

    # ------------------------------------------------------------ what repair needs to know and do

    def usable(self) -> tuple[str, ...]:
        """The kinds that can come next, in alphabetical order."""
        return tuple(kind for kind in sorted(self.tables.actions[self.states[-1]]) if self.takes(kind))

    def read(self, at: int) -> Token:
        """The token at `at`, as the state on top sees it."""
        return self.lexer.token(self.text, at, self.tables.actions[self.states[-1]])

    def takes(self, *kinds: str, fresh: bool = False, depth: int | None = None) -> bool:
        """Could these kinds be shifted one after the other? `fresh`: without completing what was begun.

        `depth` asks for the moment when the stack had only so many parts.
        """
        states = self.states[:] if depth is None else self.states[: depth + 1]
        actions, gotos, productions = self.tables.actions, self.tables.gotos, self.tables.productions
        for kind in kinds:
            while True:
                action = actions[states[-1]].get(kind)
                if action is None:
                    return False
                if action >= 0:
                    states.append(action)
                    break
                production = productions[~action]
                if production.length:
                    if fresh:
                        return False
                    del states[-production.length :]
                states.append(gotos[states[-1]][production.origin])
        return True

    def cut(self, depth: int) -> None:
        """Forgets all but the lowest `depth` parts."""
        del self.states[depth + 1 :], self.parts[depth:], self.starts[depth:]

    def unread(self, start: int) -> None:
        """Forgets every part that begins at `start` or later."""
        depth = len(self.parts)
        while depth and self.starts[depth - 1] >= start:
            depth -= 1
        self.cut(depth)
        while self.tokens and self.tokens[-1].start >= start:
            self.tokens.pop()
        self.at = self.tokens[-1].end if self.tokens else 0

    def insert(self, kind: str, text: str, at: int) -> None:
        """Shifts a token that the author did not write. Only where `takes(kind)`."""
        self.complete(kind)
        self.states.append(self.tables.actions[self.states[-1]][kind])
        self.parts.append(Token(kind, text, at, at))
        self.starts.append(at)

    def complete(self, kind: str) -> None:
        """Makes the nodes that are complete when `kind` comes next. Only where `takes(kind)`."""
        at = self.at
        while (action := self.tables.actions[self.states[-1]][kind]) < 0:
            origin, length, maker = self._makers[~action]
            if length == 0 or maker is not None:
                parts = self.parts[-length:] if length else []
                start = self.starts[-length] if length else at
                made = maker(self.builder, parts, start, self.at) if maker else None
                self.cut(len(self.parts) - length)
                self.parts.append(made)
                self.starts.append(start)
            else:
                self.states.pop()
            self.states.append(self.tables.gotos[self.states[-1]][origin])

    def open_brace(self) -> Token | None:
        closed = 0
        for part in reversed(self.parts):
            if isinstance(part, Token) and part.kind == "RBRACE":
                closed += 1
            elif isinstance(part, Token) and part.kind == "LBRACE":
                if not closed:
                    return part
                closed -= 1
        return None
