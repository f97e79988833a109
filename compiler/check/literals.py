"""Constants: what a literal is worth, and whether it can ever meet a column's type."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, time
from decimal import Decimal
from fractions import Fraction

from assay.compiler import ast, ir
from assay.compiler.check.types import in_range, in_scale, is_number, is_text, of_number
from assay.compiler.diagnostics import Label, Sink
from assay.compiler.source import Span
from assay.compiler.types import DATE, INTERVAL, MAX_DIGITS, TIME, TIMESTAMP, TIMESTAMPTZ, UNKNOWN, Kind, Type

Labels = Callable[[], tuple[Label, ...]]
SECOND = 1_000_000
_MICROS = {
    "second": SECOND,
    "minute": 60 * SECOND,
    "hour": 3600 * SECOND,
    "day": 86_400 * SECOND,
    "week": 7 * 86_400 * SECOND,
}
_MONTHS = {"month": 1, "year": 12}
DAY = _MICROS["day"]

_DATE = re.compile(r"\d{4}-\d\d-\d\d\Z", re.ASCII)
_TIME = re.compile(r"\d\d:\d\d(:\d\d(\.\d{1,6})?)?\Z", re.ASCII)
_STAMP = re.compile(r"(\d{4}-\d\d-\d\d)(?:[ T](\d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?))?\Z", re.ASCII)
_ZONE = re.compile(r"\s?(Z|[+-]\d\d(?::?\d\d)?)\Z", re.ASCII)


def number(e: ast.Number, sink: Sink) -> ir.Literal:
    value = e.value
    exponent = value.as_tuple().exponent
    if not isinstance(exponent, int) or max(value.adjusted() + 1, 1) - min(exponent, 0) > MAX_DIGITS:
        sink.add("E321", e.span, value=e.text, type="decimal(38)")
        return ir.Literal(None, UNKNOWN)
    whole = value == value.to_integral_value()
    return ir.Literal(int(value) if whole and exponent >= 0 else value, of_number(value))


def duration(e: ast.Interval, sink: Sink) -> ir.Duration:
    """Whole months and microseconds; a fraction of a month is a fault."""
    if e.unit in _MONTHS:
        months = e.count * _MONTHS[e.unit]
        if months != months.to_integral_value() or abs(months) > 120_000:
            sink.add("E325", e.span, reason=f"a {e.unit} has no fixed length, so it has no fractions either")
            return ir.Duration(0, 0)
        return ir.Duration(int(months), 0)
    micros = e.count * _MICROS[e.unit]
    if abs(micros) > 10_000 * 366 * DAY:
        sink.add("E325", e.span, reason="it is longer than the calendar")
        return ir.Duration(0, 0)
    return ir.Duration(0, int(micros))


def seconds(e: ast.Interval, sink: Sink) -> int | Fraction:
    """An interval where only a fixed length makes sense, in seconds."""
    length = duration(e, sink)
    if length.months:
        sink.add("E326", e.span, unit=e.unit)
    value = Fraction(length.microseconds, SECOND)
    return int(value) if value.denominator == 1 else value


def temporal(e: ast.Temporal, sink: Sink) -> ir.Literal:
    return parsed(e.kind, e.value, e.span, sink)


def parsed(kind: str, text: str, span: Span, sink: Sink) -> ir.Literal:
    """A date or time given as text; a fault where the calendar has no such thing."""
    try:
        value = _value(kind, text.strip())
    except ValueError:
        value = None
    if value is None:
        shape = {
            "date": "2024-01-31",
            "time": "23:59:59",
            "timestamp": "2024-01-31 23:59:59",
            "timestamptz": "2024-01-31 23:59:59+00:00",
        }[kind]
        sink.add("E323", span, kind=kind, value=text, shape=shape)
        return ir.Literal(None, UNKNOWN)
    types: dict[str, Type] = {"date": DATE, "time": TIME, "timestamp": TIMESTAMP, "timestamptz": TIMESTAMPTZ}
    return ir.Literal(value, types[kind])


def _value(kind: str, text: str) -> date | time | datetime | None:
    if kind == "date":
        return date.fromisoformat(text) if _DATE.match(text) else None
    if kind == "time":
        return time.fromisoformat(text) if _TIME.match(text) else None
    zone = _ZONE.search(text) if kind == "timestamptz" and ":" in text else None
    body = text[: zone.start()] if zone else text
    found = _STAMP.match(body)
    if found is None:
        return None
    stamp = datetime.fromisoformat(f"{found[1]}T{found[2] or '00:00'}")
    if kind == "timestamp":
        return stamp
    if zone is None or zone[1] == "Z":
        return stamp.replace(tzinfo=UTC)
    offset = datetime.fromisoformat(f"2000-01-01T00:00{zone[1]}").tzinfo
    return stamp.replace(tzinfo=offset).astimezone(UTC)


def interval(e: ast.Interval, sink: Sink) -> ir.Literal:
    return ir.Literal(duration(e, sink), INTERVAL)


def quoted(value: ir.Scalar) -> str:
    """A constant as an author would write it."""
    match value:
        case None:
            return "null"
        case bool():
            return "true" if value else "false"
        case str():
            return "'" + value.replace("'", "''") + "'"
        case datetime():
            return f"timestamp '{value}'"
        case date():
            return f"date '{value}'"
        case time():
            return f"time '{value}'"
        case ir.Duration():
            return "an interval"
        case Decimal():
            return f"{value:f}"
        case _:
            return str(value)


def fits(column: Type, literal: ir.Literal, span: Span, sink: Sink, *, equal: bool, labels: Labels) -> None:
    """Reports a literal that no value of the column can equal (or, unless `equal`, ever be near)."""
    value = literal.value
    if isinstance(value, bool) or value is None:
        return
    if is_number(column) and isinstance(value, int | Decimal):
        if not in_range(value, column):
            sink.add("E321", span, value=quoted(value), type=str(column), labels=labels())
        elif equal and not in_scale(value, column):
            sink.add("E322", span, value=quoted(value), type=str(column), labels=labels())
    elif is_text(column) and isinstance(value, str) and column.length is not None and equal:
        stripped = value.rstrip(" ") if column.kind is Kind.CHAR else value
        if len(stripped) > column.length:
            sink.add(
                "E320",
                span,
                value=quoted(value),
                type=str(column),
                length=str(len(value)),
                labels=labels(),
            )


def backwards(low: ir.Expr, high: ir.Expr) -> bool:
    """Whether two constants stand in the wrong order for a range."""
    if not isinstance(low, ir.Literal) or not isinstance(high, ir.Literal):
        return False
    a, b = low.value, high.value
    if isinstance(a, int | Decimal) and isinstance(b, int | Decimal):
        return a > b
    if isinstance(a, str) and isinstance(b, str):
        return a > b
    if isinstance(a, datetime) and isinstance(b, datetime):
        return (a.tzinfo is None) == (b.tzinfo is None) and a > b
    if type(a) is date and type(b) is date:
        return a > b
    if isinstance(a, time) and isinstance(b, time):
        return a > b
    return False
