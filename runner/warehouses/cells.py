"""What warehouses agree on: cells as text, names of columns, the table of a check's failed rows."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from datetime import UTC, datetime

from assay.runner.engines.port import Cell

OWN: tuple[str, ...] = ("_run", "_row", "_odd")
"""Columns that every table of failed rows may have besides those of the source."""
_LONGEST_SLUG = 36


def cell_text(cell: Cell) -> str | None:
    """Zoned instants as UTC wall time, bytes in hexadecimal."""
    if cell is None or isinstance(cell, str):
        return cell
    if isinstance(cell, datetime):
        return str(cell.astimezone(UTC).replace(tzinfo=None) if cell.tzinfo else cell)
    if isinstance(cell, bytes | bytearray | memoryview):
        return bytes(cell).hex()
    return str(cell)


def column_names(names: Sequence[str], longest: int | None = None) -> list[str]:
    """Names that differ by more than upper and lower case, as DuckDB tells names apart, and have at most
    `longest` bytes."""
    taken = set(OWN)
    given = []
    for name in names:
        base = name or "column"
        own, number = _cut(base, longest), 2
        while own.lower() in taken:
            suffix = f"_{number}"
            own, number = _cut(base, longest, suffix) + suffix, number + 1
        taken.add(own.lower())
        given.append(own)
    return given


def _cut(name: str, longest: int | None, suffix: str = "") -> str:
    if longest is None:
        return name
    return name.encode()[: longest - len(suffix)].decode(errors="ignore")


def rows_table(contract: str, check: str, names: Sequence[str], types: Sequence[str]) -> str:
    """A table for each check and shape, so that columns can change from run to run. The name needs no quotes."""
    key = "\0".join([contract, check, *names, *types]).encode("utf-8", "surrogatepass")
    slug = re.sub(r"[^a-z0-9]+", "_", check.lower())[:_LONGEST_SLUG].strip("_")
    return f"rows_{slug}_{hashlib.sha256(key).hexdigest()[:16]}"


def quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
