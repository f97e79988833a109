"""What stands in a cell, in one form per type, so that Python's own comparison means what the language means.

boolean                    bool
whole numbers, decimals    Fraction, exact
float, double              float
texts, json, uuid          str (char without blanks at its end, uuid in lower case)
binary                     bytes
date, time                 date, time
timestamp, timestamptz     datetime, naive and in UTC
interval                   Fraction of microseconds; a month is 30 days
"""

from __future__ import annotations

import math
from datetime import UTC, date, datetime, time
from decimal import Decimal
from fractions import Fraction
from typing import TypeAlias
from uuid import UUID

from assay.compiler import ir
from assay.compiler.types import FLOATS, Kind, Type
from assay.protocol.report import Reason

Value: TypeAlias = bool | Fraction | float | str | bytes | date | time | datetime | tuple["Value", ...] | None
MICROSECONDS_IN_A_DAY = 86_400_000_000


class RowError(Exception):
    """A row for which an expression has no value and is not NULL either: the check as a whole is an error."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.value)
        self.reason = reason


def of_cell(cell: object, declared: Type) -> Value:
    """A driver's cell as a value of the column's declared type."""
    if cell is None:
        return None
    if isinstance(cell, bool):
        return cell
    if declared.kind in FLOATS and isinstance(cell, int | float | Decimal):
        return float(cell)
    if isinstance(cell, int | float | Decimal):
        return Fraction(cell)
    if isinstance(cell, str):
        if declared.kind is Kind.CHAR:
            return cell.rstrip(" ")
        return cell.lower() if declared.kind is Kind.UUID else cell
    if isinstance(cell, UUID):
        return str(cell)
    if isinstance(cell, bytes | bytearray | memoryview):
        return bytes(cell)
    if isinstance(cell, datetime) and cell.tzinfo is not None:
        return cell.astimezone(UTC)
    if isinstance(cell, list | tuple):
        return tuple(of_cell(item, declared.item or declared) for item in cell)
    if isinstance(cell, date | time):
        return cell
    return str(cell)


def of_scalar(value: ir.Scalar, type_: Type) -> Value:
    """A constant of the contract."""
    if isinstance(value, ir.Duration):
        return micros_of(value)
    return of_cell(value, type_)


def micros_of(duration: ir.Duration) -> Fraction:
    return Fraction(duration.months * 30 * MICROSECONDS_IN_A_DAY + duration.microseconds)


def equal(left: Value, right: Value) -> bool:
    """Of two values that are not NULL."""
    a, b = _alike(left, right)
    return _rank(a) == _rank(b)


def less(left: Value, right: Value) -> bool:
    a, b = _alike(left, right)
    return bool(_rank(a) < _rank(b))  # type: ignore[operator]


def _alike(left: Value, right: Value) -> tuple[Value, Value]:
    """A number beside a float is read as a float."""
    if isinstance(left, float) and isinstance(right, Fraction):
        return left, to_float(right)
    if isinstance(left, Fraction) and isinstance(right, float):
        return to_float(left), right
    return left, right


def _rank(value: Value) -> object:
    """NaN is equal to itself and above all other numbers; the zeros are equal."""
    if isinstance(value, float):
        return (1, 0.0) if math.isnan(value) else (0, value)
    return value


def key(values: tuple[Value, ...]) -> tuple[object, ...]:
    """What makes rows belong together: part by part, with its type, so that nothing runs together."""
    return tuple((type(value).__name__, _rank(value)) for value in values)


def to_float(value: Value) -> float:
    if isinstance(value, float):
        return value
    if isinstance(value, Fraction):
        try:
            return value.numerator / value.denominator
        except OverflowError:
            raise RowError(Reason.OVERFLOW) from None
    raise TypeError(f"no number: {value!r}")


def to_fraction(value: Value) -> Fraction:
    if isinstance(value, Fraction):
        return value
    raise TypeError(f"no exact number: {value!r}")


def rounded(value: Fraction, digits: int) -> Fraction:
    """Half away from zero."""
    scale = Fraction(10) ** digits
    whole = math.floor(abs(value) * scale + Fraction(1, 2))
    return (whole if value >= 0 else -whole) / scale
