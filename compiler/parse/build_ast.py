"""The function of every production, by the name that the grammar gives it."""

from __future__ import annotations

from assay.compiler.parse import contracts, expressions, statements
from assay.compiler.parse.builder import Maker
from assay.compiler.parse.tables import Tables

# `prose: PROSE | TRIPLE` hands its token on; the statement that owns it reads it.
_TOKENS: dict[str, Maker] = {"prose": expressions.pick}


def makers(tables: Tables) -> tuple[tuple[str, int, Maker | None], ...]:
    """Per production: what it makes, of how many parts, by which function (None: hands its part on)."""
    known = {**expressions.MAKERS, **statements.MAKERS, **contracts.MAKERS, **_TOKENS}
    return tuple(
        (p.origin, p.length, None if p.action is None else known[p.action]) for p in tables.productions
    )
