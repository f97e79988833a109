"""Rules between types: what a written name means, which types meet, what arithmetic gives.

Implicit conversions are those that every engine agrees on: a narrower number meets a wider one, and a date
meets a timestamp as its first instant (in UTC where there is a time zone). Everything else needs a `cast`.
"""

from __future__ import annotations

from decimal import Decimal

from assay.compiler import ast
from assay.compiler.diagnostics import Sink, did_you_mean
from assay.compiler.types import (
    ANY,
    BIGINT,
    BINARY,
    BOOLEAN,
    DATE,
    DOUBLE,
    FLOAT,
    FLOATS,
    INT,
    INTEGERS,
    JSON,
    MAX_DIGITS,
    SMALLINT,
    TEXT,
    TEXTS,
    TIME,
    TIMESTAMP,
    TIMESTAMPTZ,
    UNKNOWN,
    UUID,
    Kind,
    Type,
    decimal,
    digits,
)

DIGITS_WANTED = "engines keep different numbers of digits then; say how many: `decimal(18, 2)`"
"""Of a cast, or a parameter, to a decimal of any size."""
SILENT = (Kind.UNKNOWN, Kind.ANY)
INSTANTS = (Kind.TIMESTAMP, Kind.TIMESTAMPTZ)
MOMENTS = (Kind.DATE, Kind.TIMESTAMP, Kind.TIMESTAMPTZ)
NUMBERS = (*INTEGERS, Kind.DECIMAL, *FLOATS)
ORDERED = (*NUMBERS, *TEXTS, Kind.DATE, Kind.TIME, *INSTANTS, Kind.INTERVAL)
EQUATABLE = (*ORDERED, Kind.BOOLEAN, Kind.UUID, Kind.BINARY)

_PLAIN: dict[str, Type] = {
    "boolean": BOOLEAN,
    "bool": BOOLEAN,
    "logical": BOOLEAN,
    "smallint": SMALLINT,
    "int2": SMALLINT,
    "int16": SMALLINT,
    "tinyint": SMALLINT,
    "int": INT,
    "integer": INT,
    "int4": INT,
    "int32": INT,
    "mediumint": INT,
    "bigint": BIGINT,
    "int8": BIGINT,
    "int64": BIGINT,
    "long": BIGINT,
    "float": FLOAT,
    "float4": FLOAT,
    "float32": FLOAT,
    "real": FLOAT,
    "double": DOUBLE,
    "double precision": DOUBLE,
    "float8": DOUBLE,
    "float64": DOUBLE,
    "text": TEXT,
    "string": TEXT,
    "clob": TEXT,
    "longtext": TEXT,
    "uuid": UUID,
    "uniqueidentifier": UUID,
    "json": JSON,
    "jsonb": JSON,
    "variant": JSON,
    "binary": BINARY,
    "varbinary": BINARY,
    "bytea": BINARY,
    "bytes": BINARY,
    "blob": BINARY,
    "date": DATE,
    "time": TIME,
    "time without time zone": TIME,
    "timestamp": TIMESTAMP,
    "datetime": TIMESTAMP,
    "timestamp_ntz": TIMESTAMP,
    "timestamp without time zone": TIMESTAMP,
    "timestamptz": TIMESTAMPTZ,
    "timestamp_tz": TIMESTAMPTZ,
    "datetimeoffset": TIMESTAMPTZ,
    "timestamp with time zone": TIMESTAMPTZ,
    "timestamp with local time zone": TIMESTAMPTZ,
    "any": ANY,
}
_SIZED = {
    "varchar": Kind.VARCHAR,
    "char": Kind.CHAR,
    "varchar2": Kind.VARCHAR,
    "nvarchar": Kind.VARCHAR,
    "nvarchar2": Kind.VARCHAR,
    "character varying": Kind.VARCHAR,
    "char varying": Kind.VARCHAR,
    "character": Kind.CHAR,
    "nchar": Kind.CHAR,
    "bpchar": Kind.CHAR,
}
_DECIMALS = ("decimal", "numeric", "number", "dec", "bignumeric")
_WITH_PRECISION = (*INSTANTS, Kind.TIME)
NAMES = (*_PLAIN, *_SIZED, *_DECIMALS, "array")


def type_of(name: ast.TypeName, sink: Sink) -> Type:
    """The type that a written name means; its synonyms become one."""
    word = name.name.lower()
    args = name.args
    if name.item is not None or word == "array":
        if name.item is None:
            return _bad(name, sink, "an array says what it holds: `array<text>`")
        return Type(Kind.ARRAY, item=type_of(name.item, sink))
    if word in _DECIMALS:
        return _decimal(name, sink)
    kind = _SIZED.get(word)
    if kind is not None:
        if not args:
            return TEXT if kind is Kind.VARCHAR else Type(kind, length=1)
        length, *rest = args
        if rest or length < 1:
            return _bad(name, sink, f"`{word}` takes one length, from 1")
        return Type(kind, length=length)
    plain = _PLAIN.get(word)
    if plain is None:
        sink.add("E203", name.span, suggestion=did_you_mean(word, NAMES), name=name.name)
        return UNKNOWN
    match args:
        case ():
            return plain
        case (bits,) if word == "float" and 1 <= bits <= 53:
            return FLOAT if bits <= 24 else DOUBLE
        case (places,) if plain.kind in _WITH_PRECISION and 0 <= places <= 9:
            return plain
        case _:
            return _bad(name, sink, f"`{word}` takes no such size")


def _decimal(name: ast.TypeName, sink: Sink) -> Type:
    if not name.args:
        return Type(Kind.DECIMAL)
    precision, scale, *rest = (*name.args, 0) if len(name.args) == 1 else name.args
    if rest or not 1 <= precision <= MAX_DIGITS or not 0 <= scale <= precision:
        return _bad(
            name, sink, f"a decimal has 1 to {MAX_DIGITS} digits, and no more of them after the point"
        )
    return decimal(precision, scale)


def _bad(name: ast.TypeName, sink: Sink, reason: str) -> Type:
    sink.add("E347", name.span, name=name.name, reason=reason)
    return UNKNOWN


def silent(t: Type) -> bool:
    """Whether nothing is to be said about it: it was reported already, or may be anything."""
    return t.kind in SILENT


def is_number(t: Type) -> bool:
    return t.kind in NUMBERS


def is_text(t: Type) -> bool:
    return t.kind in TEXTS


def orderable(t: Type) -> bool:
    return t.kind in ORDERED or t.kind in SILENT or t.kind is Kind.NULL


def equatable(t: Type) -> bool:
    return t.kind in EQUATABLE or t.kind in SILENT or t.kind is Kind.NULL


def capped(precision: int, scale: int) -> Type:
    """A decimal of at most 38 digits. All of those after the point stay: what has more before it overflows."""
    return decimal(min(precision, MAX_DIGITS), scale)


def crowded(t: Type, shared: Type) -> bool:
    """Whether some values of an exact number have no place in the decimal that it shares with others."""
    size = digits(t)
    if shared.kind is not Kind.DECIMAL or shared.precision is None or size is None:
        return False
    return size[0] - size[1] > shared.precision - (shared.scale or 0)


def common(a: Type, b: Type) -> Type | None:
    """The type that both can be read as without a cast, or None."""
    if a == b:
        return a
    if a.kind in SILENT or b.kind in SILENT:
        return UNKNOWN if Kind.UNKNOWN in (a.kind, b.kind) else ANY
    if a.kind is Kind.NULL:
        return b
    if b.kind is Kind.NULL:
        return a
    if a.kind in NUMBERS and b.kind in NUMBERS:
        return _wider(a, b)
    if a.kind in TEXTS and b.kind in TEXTS:
        return TEXT
    if Kind.DATE in (a.kind, b.kind):
        other = b if a.kind is Kind.DATE else a
        return other if other.kind in INSTANTS else None
    if a.kind is Kind.ARRAY and b.kind is Kind.ARRAY and a.item and b.item:
        item = common(a.item, b.item)
        return Type(Kind.ARRAY, item=item) if item else None
    return None


def _wider(a: Type, b: Type) -> Type:
    if a.kind in FLOATS or b.kind in FLOATS:
        return FLOAT if a.kind is b.kind is Kind.FLOAT else DOUBLE
    if a.kind in INTEGERS and b.kind in INTEGERS:
        return max(a, b, key=lambda t: INTEGERS.index(t.kind))
    x, y = digits(a), digits(b)
    if x is None or y is None:
        return Type(Kind.DECIMAL)
    scale = max(x[1], y[1])
    return capped(max(x[0] - x[1], y[0] - y[1]) + scale, scale)


def arithmetic(op: str, a: Type, b: Type) -> Type:
    """What `a op b` of two numbers gives; decimals stay exact up to 38 digits, and overflow beyond them.

    UNKNOWN for a product with more than 38 digits after the point.
    """
    if a.kind in SILENT or b.kind in SILENT:
        return UNKNOWN
    if op == "div":
        return DOUBLE
    if a.kind in FLOATS or b.kind in FLOATS:
        return DOUBLE
    if a.kind in INTEGERS and b.kind in INTEGERS:
        return _wider(a, b) if op == "mod" else BIGINT
    x, y = digits(a), digits(b)
    if x is None or y is None:
        return Type(Kind.DECIMAL)
    if op == "mul":
        scale = x[1] + y[1]
        return capped(x[0] + y[0], scale) if scale <= MAX_DIGITS else UNKNOWN
    scale = max(x[1], y[1])
    whole = max(x[0] - x[1], y[0] - y[1])
    return capped(whole + scale + (0 if op == "mod" else 1), scale)


def of_number(value: Decimal) -> Type:
    """The narrowest type that holds a number literal; whole numbers start at `int`."""
    _, figures, exponent = value.as_tuple()
    if not isinstance(exponent, int):
        return UNKNOWN
    if exponent >= 0:
        whole = abs(int(value))
        if whole < 2**31:
            return INT
        if whole < 2**63:
            return BIGINT
        return capped(len(str(whole)), 0)
    scale = -exponent
    return capped(max(len(figures), scale), scale)


_RANGES = {Kind.SMALLINT: 2**15, Kind.INT: 2**31, Kind.BIGINT: 2**63}


def in_range(value: Decimal | int, t: Type) -> bool:
    """Whether a number lies in the range of the type, its digits after the point aside."""
    limit = _RANGES.get(t.kind)
    if limit is not None:
        return -limit <= value < limit
    if t.kind is Kind.DECIMAL and t.precision is not None:
        return bool(abs(value) < 10 ** (t.precision - (t.scale or 0)))
    return True


def in_scale(value: Decimal | int, t: Type) -> bool:
    """Whether a number has no more digits after the point than the type keeps."""
    size = digits(t)
    if size is None or isinstance(value, int):
        return True
    exponent = value.normalize().as_tuple().exponent
    return isinstance(exponent, int) and -exponent <= size[1]


_CASTABLE: dict[Kind, tuple[Kind, ...]] = {
    Kind.BOOLEAN: (Kind.BOOLEAN, *INTEGERS, *TEXTS),
    **dict.fromkeys(INTEGERS, (*NUMBERS, *TEXTS, Kind.BOOLEAN)),
    Kind.DECIMAL: (*NUMBERS, *TEXTS),
    Kind.FLOAT: (*NUMBERS, *TEXTS),
    Kind.DOUBLE: (*NUMBERS, *TEXTS),
    **dict.fromkeys(
        TEXTS, (*NUMBERS, *TEXTS, Kind.BOOLEAN, Kind.UUID, Kind.JSON, Kind.DATE, Kind.TIME, *INSTANTS)
    ),
    Kind.UUID: (Kind.UUID, *TEXTS),
    Kind.JSON: (Kind.JSON, *TEXTS),
    Kind.BINARY: (Kind.BINARY,),
    Kind.DATE: (*MOMENTS, *TEXTS),
    Kind.TIME: (Kind.TIME, *TEXTS),
    Kind.TIMESTAMP: (*MOMENTS, Kind.TIME, *TEXTS),
    Kind.TIMESTAMPTZ: (*MOMENTS, Kind.TIME, *TEXTS),
    Kind.INTERVAL: (Kind.INTERVAL,),
    Kind.ARRAY: (Kind.ARRAY,),
}


def castable(source: Type, target: Type) -> bool:
    if source.kind in SILENT or source.kind is Kind.NULL or target.kind in SILENT:
        return True
    return target.kind in _CASTABLE.get(source.kind, ())
