"""What a cast takes and gives. RowError where a value does not fit."""

from __future__ import annotations

import math
import re
import struct
from datetime import UTC, date, datetime, time
from decimal import Decimal
from fractions import Fraction

from assay.compiler.types import FLOATS, INTEGERS, TEXTS, Kind, Type
from assay.protocol.report import Reason
from tests.support.reference.values import RowError, Value, rounded, to_float, to_fraction

_WHOLE = re.compile(r" *[+-]?[0-9]{1,60} *")
_NUMBER = re.compile(r" *[+-]?([0-9]{1,60}(\.[0-9]{0,60})?|\.[0-9]{1,60})([eE][+-]?[0-9]{1,2})? *")
_DATE = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
_TIME = r"[0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,6})?)?"
_ZONE = r"(Z|[+-][0-9]{2}(:[0-9]{2})?)?"
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_LIMITS = {Kind.SMALLINT: 2**15, Kind.INT: 2**31, Kind.BIGINT: 2**63}
_TRUE = ("true", "t", "yes", "y", "1")
_FALSE = ("false", "f", "no", "n", "0")
_UNFIT = RowError(Reason.DATA_ERROR)


def cast(value: Value, source: Type, target: Type) -> Value:
    if value is None:
        return None
    kind = target.kind
    if kind in TEXTS:
        text = written(value, source)
        return text if target.length is None else text[: target.length]
    if source.kind in TEXTS:
        value = parsed(str(value), kind)
    if kind in INTEGERS or kind is Kind.DECIMAL:
        return _exact(value, target)
    if kind in FLOATS:
        number = to_float(Fraction(value) if isinstance(value, bool) else value)
        return struct.unpack("f", struct.pack("f", number))[0] if kind is Kind.FLOAT else number
    match kind:
        case Kind.BOOLEAN:
            return value if isinstance(value, bool) else value != 0
        case Kind.DATE:
            return value.date() if isinstance(value, datetime) else value
        case Kind.TIME:
            return value.time() if isinstance(value, datetime) else value
        case Kind.TIMESTAMP:
            return _instant(value).replace(tzinfo=None)
        case Kind.TIMESTAMPTZ:
            moment = _instant(value)
            return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
        case _:
            return value


def _instant(value: Value) -> datetime:
    if isinstance(value, datetime):
        return value
    if isinstance(value, date):
        return datetime.combine(value, time())
    raise TypeError(f"no moment: {value!r}")


def _exact(value: Value, target: Type) -> Fraction:
    """A whole number or a decimal, rounded half away from zero; a double goes to the even whole number."""
    if isinstance(value, bool):
        number = Fraction(value)
    elif isinstance(value, float):
        if not math.isfinite(value):
            raise RowError(Reason.OVERFLOW)
        number = Fraction(round(value)) if target.kind in INTEGERS else Fraction(Decimal(repr(value)))
    else:
        number = to_fraction(value)
    if target.kind is Kind.DECIMAL:
        if target.precision is None:
            return number
        scale = target.scale or 0
        number = rounded(number, scale)
        fits = abs(number) < 10 ** (target.precision - scale)
    else:
        number = rounded(number, 0)
        limit = _LIMITS[target.kind]
        fits = -limit <= number < limit
    if not fits:
        raise RowError(Reason.OVERFLOW)
    return number


def parsed(text: str, kind: Kind) -> Value:
    """A text as a value of the kind; RowError where it has another shape."""
    if kind in INTEGERS:
        if _WHOLE.fullmatch(text):
            return Fraction(int(text))
    elif kind is Kind.DECIMAL:
        if _NUMBER.fullmatch(text):
            return Fraction(Decimal(text.strip(" ")))
    elif kind in FLOATS:
        if _NUMBER.fullmatch(text):
            return float(text)
    elif kind is Kind.BOOLEAN:
        if text.lower() in (*_TRUE, *_FALSE):
            return text.lower() in _TRUE
    elif kind is Kind.UUID:
        if _UUID.fullmatch(text):
            return text.lower()
    elif kind is Kind.JSON:
        return text
    else:
        return _moment(text, kind)
    raise _UNFIT


def _moment(text: str, kind: Kind) -> Value:
    shape = {
        Kind.DATE: _DATE,
        Kind.TIME: _TIME,
        Kind.TIMESTAMP: f"{_DATE}([ T]{_TIME})?",
        Kind.TIMESTAMPTZ: f"{_DATE}([ T]{_TIME}{_ZONE})?",
    }[kind]
    if not re.fullmatch(shape, text):
        raise _UNFIT
    try:
        match kind:
            case Kind.DATE:
                return date.fromisoformat(text)
            case Kind.TIME:
                return time.fromisoformat(text)
            case _:
                return datetime.fromisoformat(text)
    except ValueError:
        raise _UNFIT from None


def written(value: Value, source: Type) -> str:
    """A value as text."""
    match value:
        case str():
            return value
        case bool():
            return "true" if value else "false"
        case Fraction():
            scale = source.scale or 0 if source.kind is Kind.DECIMAL else 0
            sign = "-" if value < 0 else ""
            digits = str(int(abs(value) * 10**scale)).rjust(scale + 1, "0")
            return f"{sign}{digits[:-scale]}.{digits[-scale:]}" if scale else sign + digits
        case datetime():
            day = value.date().isoformat()
            zone = "+00" if value.tzinfo is not None else ""
            return f"{day} {_clock(value.time())}{zone}"
        case date():
            return value.isoformat()
        case time():
            return _clock(value)
        case _:
            raise TypeError(f"no text for {value!r}")


def _clock(value: time) -> str:
    text = value.replace(tzinfo=None).isoformat()
    return text.rstrip("0") if "." in text else text
