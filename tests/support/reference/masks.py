"""What failed rows show of a cell, with the key of the tests."""

from __future__ import annotations

import hashlib
import hmac

from assay.compiler import ir

MASK_KEY = "a mask key that only tests have"


def masked(contract: ir.Contract, column: str, cell: object) -> object:
    if cell is None:
        return None
    mask = dict(contract.failed_rows.masks).get(column)
    if mask is None:
        hidden = any(one.sensitive for one in contract.columns if one.name == column)
        return "[redacted]" if hidden else cell
    if mask.kind == "redact":
        return "[redacted]"
    text = str(cell)
    if mask.kind == "prefix":
        return text[: min(mask.characters, len(text) // 2)] + "…"
    return hmac.new(MASK_KEY.encode(), text.encode(), hashlib.sha256).hexdigest()[:32]
