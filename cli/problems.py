"""The input is wrong: one exception for it, which carries diagnostics like those of the compiler."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from assay.compiler.diagnostics import Diagnostic
    from assay.compiler.source import Source


class InputError(Exception):
    """Ends a command with exit code 2, or the one contract that it belongs to."""

    def __init__(self, items: tuple[Diagnostic, ...], sources: Mapping[str, Source] | None = None) -> None:
        super().__init__(", ".join(item.code for item in items))
        self.items = items
        self.sources = dict(sources or {})

    def __reduce__(self) -> tuple[type[InputError], tuple[object, ...]]:
        return type(self), (self.items, self.sources)


class OutputError(InputError):
    """What was asked for cannot be written: exit code 3, as the input was right."""


def problem(code: str, *, suggestion: str | None = None, **facts: str) -> InputError:
    """A fault that has no place in a file."""
    from assay.compiler.diagnostics import Diagnostic

    return InputError((Diagnostic(code, None, facts, suggestion),))


def unwritable(path: object, error: OSError) -> OutputError:
    from assay.compiler.diagnostics import Diagnostic

    facts = {"file": str(path), "reason": reason(error)}
    return OutputError((Diagnostic("E634", None, facts),))


def reason(error: OSError) -> str:
    """The system's words for what went wrong, as part of a sentence."""
    text = error.strerror or type(error).__name__
    return text[:1].lower() + text[1:]


def listed(words: list[str] | tuple[str, ...], limit: int = 8) -> str:
    """`a`, `b`, … as part of a sentence."""
    shown = ", ".join(f"`{word}`" for word in words[:limit])
    return f"{shown}, …" if len(words) > limit else shown or "none"
