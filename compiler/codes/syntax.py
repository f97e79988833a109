"""E1xx: the text is not a contract."""

from __future__ import annotations

from assay.compiler.codes import Code

CODES: tuple[Code, ...] = ()
