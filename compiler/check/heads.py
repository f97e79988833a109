"""Ids and heads: what every check carries so that people and histories find it again."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from assay.compiler import ast, ir
from assay.compiler.diagnostics import Label, Sink
from assay.compiler.source import Source, Span

_STRINGS_OR_COMMENT = re.compile(r"'(?:[^'\n]|'')*'|\"(?:[^\"\\\n]|\\.)*\"|`[^`\n]*`|(#[^\n]*)")
_ODD = frozenset(".+`")


def part(name: str) -> str:
    """A name as a part of an id: in backticks where it holds a character that ids are built with."""
    return f"`{name.replace('`', '``')}`" if _ODD.intersection(name) else name


def joined(names: Iterable[str]) -> str:
    return "+".join(part(n) for n in names)


@dataclass(slots=True)
class Heads:
    """Gives out the heads of one contract; an id that was given already is reported.

    prefix   the last part of the contract's name
    taken    the place of each id; None for one that no statement wrote
    """

    sink: Sink
    source: Source
    prefix: str
    taken: dict[str, Span | None] = field(default_factory=dict)

    def words(self, span: Span) -> str:
        """The text of a statement with comments dropped and white space folded."""
        text = self.source.text[span.start : span.end]
        if "#" in text:
            text = _STRINGS_OR_COMMENT.sub(lambda m: "" if m[1] else m[0], text)
        return " ".join(text.split())

    def head(
        self,
        about: Iterable[str],
        kind: str,
        span: Span,
        mods: ast.Modifiers,
        *,
        last: str | None = None,
        name: ast.Name | None = None,
        prose: str | None = None,
        words: str | None = None,
        level: ir.LevelName | None = None,
    ) -> ir.Head:
        """The head of a statement about some columns; its id ends in `last`, or in its own name."""
        columns = tuple(about)
        own = name or mods.label
        if own is not None:
            tail = part(own.text)
        else:
            tail = ".".join(p for p in (joined(columns), kind if last is None else last) if p)
        ident = f"{part(self.prefix)}.{tail}"
        place = own.span if own else span
        self._take(ident, place, named=own is not None)
        if name is not None and mods.label is not None:
            self.sink.add("E339", mods.label.span, what="`as`", where="a statement that has a name already")
        return ir.Head(
            ident,
            kind,
            prose or "",
            words or self.words(span),
            span.file,
            self.source.line_column(span.start)[0],
            columns,
            level or level_of(mods),
            (str(mods.was),) if mods.was else (),
        )

    def _take(self, ident: str, place: Span, *, named: bool) -> None:
        if ident not in self.taken:
            self.taken[ident] = place
            return
        first = self.taken[ident]
        tail = ident.rsplit(".", 1)[-1].replace("+", "_")
        labels = (Label(first, "the first one is here"),) if first else ()
        self.sink.add("E225" if named else "E224", place, id=ident, name=f"{tail}_2", labels=labels)


def level_of(mods: ast.Modifiers) -> ir.LevelName:
    return ir.LevelName(mods.level.value) if mods.level else ir.LevelName.FAIL
