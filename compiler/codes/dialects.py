"""E4xx: what a dialect cannot do."""

from __future__ import annotations

from assay.compiler.codes import Code

CODES: tuple[Code, ...] = ()
