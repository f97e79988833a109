"""`assay sources`."""

from __future__ import annotations

from typing import Any

from assay.cli.remote.documents import group


def _find(name: str, document: dict[str, Any]) -> object:
    sources = document.get("sources")
    return sources.get(name) if isinstance(sources, dict) else None


command = group("source", "sources", "data source", _find)
