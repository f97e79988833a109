"""What the node makers of build_ast.py and statements.py share: places, literals' meaning, reports."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from inspect import cleandoc
from typing import Any, TypeAlias

from assay.compiler import ast
from assay.compiler.diagnostics import Sink
from assay.compiler.parse.lexer import Token
from assay.compiler.source import Span

Parts: TypeAlias = list[Any]
Maker: TypeAlias = "Callable[[Builder, Parts, int, int], Any]"

_ESCAPE = re.compile(r"\\(.)", re.DOTALL)
_ESCAPED = {'"': '"', "\\": "\\", "n": "\n", "t": "\t"}
MAX_DIGITS = 76
MAX_EXPONENT = 308


@dataclass(slots=True)
class Builder:
    """`word_starts` keeps where `between` stood, by the id of its node: the node has no place for it."""

    file: str
    sink: Sink
    word_starts: dict[int, int]

    def span(self, start: int, end: int) -> Span:
        return Span(self.file, start, end)

    def of(self, token: Token) -> Span:
        return Span(self.file, token.start, token.end)

    def prose(self, token: Token) -> str:
        """The text of a `"…"` or a triple-quoted token."""
        if token.kind == "TRIPLE":
            return cleandoc(token.text[3:-3])
        text = token.text[1:-1]
        if "\\" not in text:
            return text
        for found in _ESCAPE.finditer(text):
            if found[1] not in _ESCAPED:
                at = token.start + 1 + found.start()
                self.sink.add("E128", self.span(at, at + 2), escape=found[0])
        return _ESCAPE.sub(lambda m: _ESCAPED.get(m[1], m[0]), text)

    def decimal(self, text: str, span: Span) -> Decimal:
        mantissa, _, exponent = text.lower().partition("e")
        digits = mantissa.replace("_", "")
        if len(digits) > MAX_DIGITS or (
            exponent and (len(exponent) > 4 or abs(int(exponent)) > MAX_EXPONENT)
        ):
            self.sink.add("E127", span, text=shorten(text))
            return Decimal(0)
        return Decimal(text.replace("_", ""))

    def whole(self, number: ast.Number) -> int:
        if number.value != number.value.to_integral_value():
            self.sink.add("E147", number.span, text=number.text)
        return int(number.value)


def shorten(text: str, limit: int = 40) -> str:
    """The user's text for use in a sentence: one line, not too long."""
    line = " ".join(text.split())
    return line if len(line) <= limit else line[: limit - 1] + "…"
