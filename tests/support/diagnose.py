"""One place that says how a text is diagnosed in the tests of error messages.

A text may hold further files: each stands after a line `# file: NAME`.
"""

from __future__ import annotations

import re

from assay.compiler.diagnostics import Diagnostic
from assay.compiler.dialects import DIALECTS
from assay.compiler.pipeline import compile_contract
from assay.compiler.source import Source

_FILE = re.compile(r"^# file: (\S+)\n", re.MULTILINE)


def sources(text: str, name: str) -> dict[str, Source]:
    """The files that a text holds, the root first."""
    parts = _FILE.split(text)
    found = {name: Source(name, parts[0])}
    for other, body in zip(parts[1::2], parts[2::2], strict=True):
        found[other] = Source(other, body)
    return found


def diagnose(text: str, name: str) -> tuple[Diagnostic, ...]:
    """Everything that the compiler says of a text, all dialects together."""
    texts = {file: source.text for file, source in sources(text, name).items()}
    return compile_contract(name, texts.get, tuple(DIALECTS)).diagnostics
