"""E5xx: manifests and deployment."""

from __future__ import annotations

from assay.compiler.codes import Code

CODES: tuple[Code, ...] = ()
