"""E2xx: a name means nothing, or two things."""

from __future__ import annotations

from assay.compiler.codes import Code

CODES: tuple[Code, ...] = ()
