"""`assay warehouses`."""

from __future__ import annotations

from typing import Any

from assay.cli.remote.documents import group


def _find(_name: str, document: dict[str, Any]) -> object:
    """assay.yml has one, under `warehouse`; a file of its own may be nothing else."""
    return document.get("warehouse", document if "type" in document else None)


command = group("warehouse", "warehouses", "diagnostics warehouse", _find)
