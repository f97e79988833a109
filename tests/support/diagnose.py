"""One place that says how a text is diagnosed in the tests of error messages."""

from __future__ import annotations

from assay.compiler.diagnostics import Diagnostic, Sink
from assay.compiler.parse import parse
from assay.compiler.source import Source


def diagnose(text: str, name: str) -> tuple[Diagnostic, ...]:
    sink = Sink()
    parse(Source(name, text), sink)
    return sink.items
