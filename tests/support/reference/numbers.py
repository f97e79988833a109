"""Aggregates: one value of many rows. Rows for which `where` is not true are passed over, unread."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from fractions import Fraction
from functools import cmp_to_key
from typing import assert_never

from assay.compiler import ir
from assay.compiler.types import FLOATS, INTEGERS, MAX_DIGITS, Kind, Type
from assay.protocol.report import Reason
from tests.support.reference.moments import micros_since_epoch
from tests.support.reference.rows import Binds, Row, is_true, value_of
from tests.support.reference.values import RowError, Value, key, less, rounded, to_float

A = ir.Aggregation
COUNTING = (A.ROWS, A.COUNT, A.COUNT_IF, A.DISTINCT, A.DUPLICATES, A.ORPHANS)
_NUMBERS = (*INTEGERS, Kind.DECIMAL, *FLOATS, Kind.INTERVAL)
_SECOND = 10**6

Tables = Mapping[tuple[str, ...], Sequence[Row]]


def aggregate(asked: ir.Aggregate, rows: Sequence[Row], binds: Binds, tables: Tables) -> Value:
    """Raises RowError where it has no value, such as a sum with NaN in it."""
    chosen = [row for row in rows if is_true(asked.where, row, binds)]
    if asked.function is A.ROWS:
        return Fraction(len(chosen))
    if asked.function is A.COUNT_IF:
        return Fraction(sum(is_true(asked.args[0], row, binds) for row in chosen))
    keys = [tuple(value_of(arg, row, binds) for arg in asked.args) for row in chosen]
    present = [values for values in keys if None not in values]
    found = _over(asked, present, tables)
    if isinstance(found, float) and not math.isfinite(found):
        raise RowError(Reason.NOT_FINITE)
    if found is None or not asked.args or asked.args[0].type.kind is not Kind.INTERVAL:
        return found
    return _in_seconds(asked.function, found)


def _over(asked: ir.Aggregate, present: list[tuple[Value, ...]], tables: Tables) -> Value:
    """`present` holds the arguments of the rows in which none is NULL."""
    function = asked.function
    match function:
        case A.ROWS | A.COUNT_IF | A.COUNT:
            return Fraction(len(present))
        case A.DISTINCT:
            return Fraction(len({key(values) for values in present}))
        case A.DUPLICATES:
            return Fraction(len(repeated(present)))
        case A.ORPHANS:
            assert asked.target is not None
            return Fraction(len(orphans(present, asked.target, tables)))
        case A.CORRELATION:
            return _correlation([(to_float(a), to_float(b)) for a, b in present])
        case A.SUM:
            return _total(_sum([values[0] for values in present]), asked.args[0].type)
        case A.MIN:
            return _ordered([values[0] for values in present])[0] if present else None
        case A.MAX:
            return _ordered([values[0] for values in present])[-1] if present else None
        case A.NEWEST:
            return micros_since_epoch(_ordered([values[0] for values in present])[-1]) if present else None
        case A.PERCENTILE:
            assert asked.fraction is not None
            smooth = asked.args[0].type.kind in _NUMBERS
            return _percentile(_ordered([v[0] for v in present]), Fraction(asked.fraction), smooth=smooth)
        case A.STDDEV | A.VARIANCE:
            variance = _variance([to_float(values[0]) for values in present])
            return variance if variance is None or function is A.VARIANCE else math.sqrt(variance)
        case _:
            assert_never(function)


def repeated(keys: Sequence[tuple[Value, ...]]) -> list[int]:
    """The places of the keys that stand more than once; a key with a NULL in it does not count."""
    whole = {place: key(values) for place, values in enumerate(keys) if None not in values}
    counts = Counter(whole.values())
    return [place for place, found in whole.items() if counts[found] > 1]


def orphans(keys: Sequence[tuple[Value, ...]], target: ir.Target, tables: Tables) -> list[int]:
    """The places of the keys that no row of the target has; a key with a NULL in it is not looked for."""
    there = {key(tuple(row[name] for name in target.columns)) for row in tables[target.table]}
    return [place for place, values in enumerate(keys) if None not in values and key(values) not in there]


def _ordered(values: list[Value]) -> list[Value]:
    return sorted(values, key=cmp_to_key(_order))


def _order(a: Value, b: Value) -> int:
    return -1 if less(a, b) else int(less(b, a))


def _sum(values: list[Value]) -> Value:
    if not values:
        return None
    if not any(isinstance(value, float) for value in values):
        return sum((value for value in values if isinstance(value, Fraction)), Fraction(0))
    numbers = [to_float(value) for value in values]
    if all(math.isfinite(number) for number in numbers):
        return math.fsum(numbers)
    return sum(numbers)


def _total(value: Value, kind: Type) -> Value:
    bounded = kind.kind is Kind.DECIMAL and kind.precision is not None
    if bounded and isinstance(value, Fraction) and abs(value) >= 10 ** (MAX_DIGITS - (kind.scale or 0)):
        raise RowError(Reason.OVERFLOW)
    return value


def _percentile(ordered: list[Value], fraction: Fraction, *, smooth: bool) -> Value:
    if not ordered:
        return None
    if not smooth:
        return ordered[max(math.ceil(fraction * len(ordered)), 1) - 1]
    place = fraction * (len(ordered) - 1)
    low = to_float(ordered[math.floor(place)])
    high = to_float(ordered[math.ceil(place)])
    if not math.isfinite(low) or not math.isfinite(high):
        return low if low == high else low + (high - low) * float(place - math.floor(place))
    return float(Fraction(low) + (Fraction(high) - Fraction(low)) * (place - math.floor(place)))


def _variance(values: list[float]) -> float | None:
    if len(values) < 2:
        return None
    if not all(math.isfinite(value) for value in values):
        return math.nan
    exact = [Fraction(value) for value in values]
    mean = sum(exact) / len(exact)
    return to_float(sum((value - mean) ** 2 for value in exact) / (len(exact) - 1))


def _correlation(pairs: list[tuple[float, float]]) -> float | None:
    """None for fewer than two pairs, or where one side does not vary; to twelve digits after the point."""
    sides = ([a for a, _ in pairs], [b for _, b in pairs])
    if len(pairs) < 2 or any(len({key((value,)) for value in side}) == 1 for side in sides):
        return None
    if not all(math.isfinite(value) for side in sides for value in side):
        return math.nan
    xs, ys = ([Fraction(value) for value in side] for side in sides)
    mean_x, mean_y = sum(xs) / len(xs), sum(ys) / len(ys)
    xx, yy = sum((x - mean_x) ** 2 for x in xs), sum((y - mean_y) ** 2 for y in ys)
    xy = sum((x - mean_x) * (y - mean_y) for x, y in zip(xs, ys, strict=True))
    found = to_float(xy) / (math.sqrt(to_float(xx)) * math.sqrt(to_float(yy)))
    return to_float(rounded(Fraction(found), 12))


def _in_seconds(function: ir.Aggregation, value: Value) -> Value:
    """Intervals are microseconds in a row and seconds in a metric."""
    if function in COUNTING or function is A.CORRELATION:
        return value
    scale = _SECOND**2 if function is A.VARIANCE else _SECOND
    return value / scale if isinstance(value, Fraction | float) else value
