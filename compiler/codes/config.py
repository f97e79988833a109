"""E6xx: configuration and data sources."""

from __future__ import annotations

from assay.compiler.codes import Code

CODES: tuple[Code, ...] = ()
