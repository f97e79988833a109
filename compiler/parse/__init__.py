"""Stage 1: text -> tree. `parse` gives a tree of what could be read, whatever the text."""

from __future__ import annotations

import re
from bisect import bisect_left

from assay.compiler import ast
from assay.compiler.diagnostics import Sink
from assay.compiler.parse.depth import MAX_DEPTH, depth
from assay.compiler.parse.lexer import Token
from assay.compiler.parse.machine import Machine, Stop
from assay.compiler.parse.recovery import Recovery
from assay.compiler.source import Source, Span
from assay.compiler.tree import replace

__all__ = ["MAX_SIZE", "parse", "read"]

MAX_SIZE = 1_048_576

# Characters that a reader cannot see or a file cannot hold: controls, lone surrogates, text direction.
_UNSEEN = re.compile(
    "[\x00-\x08\x0b\x0e-\x1f\x7f\u200b\u202a-\u202e\u2060\u2066-\u2069\ud800-\udfff]+|(?<!^)\ufeff"
)


def parse(source: Source, sink: Sink) -> ast.File:
    """The tree of a file. Faults go to the sink; statements that could not be read are left out."""
    return read(source, sink)[0]


def read(source: Source, sink: Sink) -> tuple[ast.File, tuple[Token, ...]]:
    """The tree and the tokens it was made of, without the end of the file."""
    empty = ast.File(source.name, (), (), ())
    if len(source.text) > MAX_SIZE:
        sink.add("E135", Span(source.name, 0, 0), size=f"{len(source.text):,}", limit=f"{MAX_SIZE:,}")
        return empty, ()
    text = _readable(source, sink)
    machine = Machine(source, text, sink)
    try:
        file = machine.run(Recovery())
    except Stop:
        return empty, ()
    if not isinstance(file, ast.File):
        raise TypeError(file)
    return _shallow(file, machine, sink), tuple(machine.tokens)


def _readable(source: Source, sink: Sink) -> str:
    """The text with blanks for what cannot be read, at unchanged offsets."""
    text = source.text
    if text.startswith("\ufeff"):
        text = " " + text[1:]
    for count, found in enumerate(_UNSEEN.finditer(text)):
        if count == 20:
            break
        sign = f"U+{ord(found[0][0]):04X}"
        sink.add("E132", Span(source.name, found.start(), found.end()), sign=sign)
    else:
        if "\ufeff" not in text and not _UNSEEN.search(text):
            return text
    return _UNSEEN.sub(lambda m: " " * len(m[0]), text)


def _shallow(file: ast.File, machine: Machine, sink: Sink) -> ast.File:
    """Drops what is nested deeper than later stages follow. A short statement cannot be."""
    if len(machine.tokens) <= MAX_DEPTH:
        return file
    starts = [token.start for token in machine.tokens]

    def fits(node: ast.Item | ast.Format) -> bool:
        first, last = bisect_left(starts, node.span.start), bisect_left(starts, node.span.end)
        if last - first <= MAX_DEPTH or depth(node) <= MAX_DEPTH:
            return True
        word = machine.tokens[first]
        sink.add("E134", Span(file.name, word.start, word.end), limit=str(MAX_DEPTH))
        return False

    contracts = tuple(replace(c, items=tuple(item for item in c.items if fits(item))) for c in file.contracts)
    return replace(file, definitions=tuple(d for d in file.definitions if fits(d)), contracts=contracts)
