"""Diagnostics are data: a code, places and facts. Sentences live beside the codes, rendering in `render`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

from assay.compiler.source import Span

NO_FACTS: Mapping[str, str] = MappingProxyType({})


class Severity(StrEnum):
    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Label:
    """A second place that explains the first: "declared here"."""

    span: Span
    text: str


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One fault, as facts.

    code    a key of `codes.CODES`; its entry owns the sentences
    span    the smallest text that is at fault; None when the fault has no place in a file
    facts   the words that fill the sentences of the code, e.g. {"name": "emial"}
    suggestion   the replacement to offer, when there is one ("did you mean")
    labels  further places
    """

    code: str
    span: Span | None
    facts: Mapping[str, str] = field(default_factory=lambda: NO_FACTS)
    suggestion: str | None = None
    labels: tuple[Label, ...] = ()

    @property
    def severity(self) -> Severity:
        return Severity.WARNING if self.code.startswith("W") else Severity.ERROR


class Sink:
    """Collects diagnostics while a stage goes on. The same fault at the same place is kept once."""

    __slots__ = ("_items", "_seen")

    def __init__(self) -> None:
        self._items: list[Diagnostic] = []
        self._seen: set[tuple[str, Span | None]] = set()

    def add(
        self,
        code: str,
        span: Span | None,
        *,
        suggestion: str | None = None,
        labels: tuple[Label, ...] = (),
        **facts: str,
    ) -> None:
        key = (code, span)
        if span is not None and key in self._seen:
            return
        self._seen.add(key)
        self._items.append(Diagnostic(code, span, facts, suggestion, labels))

    def extend(self, items: tuple[Diagnostic, ...]) -> None:
        for item in items:
            self.add(item.code, item.span, suggestion=item.suggestion, labels=item.labels, **item.facts)

    @property
    def items(self) -> tuple[Diagnostic, ...]:
        """All diagnostics, in the order of their places."""
        return tuple(sorted(self._items, key=lambda d: (d.span is None, d.span or Span("", 0, 0), d.code)))

    @property
    def failed(self) -> bool:
        return any(d.severity is Severity.ERROR for d in self._items)


def did_you_mean(word: str, known: list[str] | tuple[str, ...]) -> str | None:
    """The known word that is closest to `word`, or None when nothing is close enough."""
    from difflib import get_close_matches

    lowered = {k.lower(): k for k in reversed(known)}
    hits = get_close_matches(word.lower(), list(lowered), n=1, cutoff=0.6)
    return lowered[hits[0]] if hits else None
