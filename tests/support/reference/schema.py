"""Declared columns against those of a table."""

from __future__ import annotations

from collections.abc import Sequence

from assay.compiler import ir
from assay.compiler.types import FLOATS, INTEGERS, TEXTS, Kind, Type
from assay.protocol.report import Reason

_FLOATS = (Kind.FLOAT, Kind.DOUBLE)
Columns = Sequence[tuple[str, Type]]


def faults(contract: ir.Contract, actual: Columns) -> list[Reason]:
    """One reason per fault, in the order of their weight; none where the table is as declared."""
    there = dict(actual)
    declared = [column.name for column in contract.columns]
    found = [Reason.MISSING_COLUMN for name in declared if name not in there]
    found += [
        Reason.TYPE_MISMATCH
        for column in contract.columns
        if column.name in there and not fits(column.type, there[column.name])
    ]
    if contract.schema_mode != "open":
        found += [Reason.EXTRA_COLUMN for name in there if name not in declared]
    if contract.schema_mode == "ordered" and not found and list(there) != declared:
        found.append(Reason.COLUMN_ORDER)
    return found


def fits(declared: Type, actual: Type) -> bool:
    """Whether every actual value is one of the declared type; a length that is not told is not judged."""
    want, have = declared.kind, actual.kind
    if want is Kind.ANY:
        return True
    if want in INTEGERS and have in INTEGERS:
        return INTEGERS.index(have) <= INTEGERS.index(want)
    if want in _FLOATS and have in _FLOATS:
        return _FLOATS.index(have) <= _FLOATS.index(want)
    if want is Kind.DECIMAL and have is Kind.DECIMAL:
        if declared.precision is None or actual.precision is None:
            return declared.precision is None
        scale, found = declared.scale or 0, actual.scale or 0
        return found <= scale and actual.precision - found <= declared.precision - scale
    if want in TEXTS and have in TEXTS:
        return declared.length is None or actual.length is None or actual.length <= declared.length
    if want is Kind.ARRAY and have is Kind.ARRAY:
        return declared.item is None or actual.item is None or fits(declared.item, actual.item)
    return want is have


def comparable(declared: Type, actual: Type) -> bool:
    """Whether a check written for the one means the same on the other."""
    if Kind.ANY in (declared.kind, actual.kind):
        return True
    if declared.kind is Kind.ARRAY and actual.kind is Kind.ARRAY:
        return declared.item is None or actual.item is None or comparable(declared.item, actual.item)
    families = ((*INTEGERS, Kind.DECIMAL, *FLOATS), TEXTS)
    return any(declared.kind in f and actual.kind in f for f in families) or declared.kind is actual.kind
