"""DuckDB, 1.4 and later."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import assert_never

from sqlglot import exp

from assay.compiler import ir
from assay.compiler.dialects import casts, regexes, sql
from assay.compiler.dialects.base import DECIMAL_AS_TEXT, FLOAT_AS_TEXT, Dialect, Gap, Lowering, Unsupported
from assay.compiler.dialects.functions import arithmetic, digits_of, double, real, shared, spans
from assay.compiler.dialects.sql import Node
from assay.compiler.planning.strategies import Strategies
from assay.compiler.types import FLOATS, TEXTS, Kind, Type, decimal, digits

_TYPES: Mapping[Kind, str] = MappingProxyType(
    {
        Kind.BOOLEAN: "BOOLEAN",
        Kind.SMALLINT: "SMALLINT",
        Kind.INT: "INTEGER",
        Kind.BIGINT: "BIGINT",
        Kind.DECIMAL: "DECIMAL",
        Kind.FLOAT: "REAL",
        Kind.DOUBLE: "DOUBLE",
        Kind.TEXT: "VARCHAR",
        Kind.VARCHAR: "VARCHAR",
        Kind.CHAR: "VARCHAR",
        Kind.UUID: "UUID",
        Kind.JSON: "JSON",
        Kind.BINARY: "BLOB",
        Kind.DATE: "DATE",
        Kind.TIME: "TIME",
        Kind.TIMESTAMP: "TIMESTAMP",
        Kind.TIMESTAMPTZ: "TIMESTAMPTZ",
        Kind.INTERVAL: "BIGINT",
    }
)

_GAPS: Mapping[str, Gap] = MappingProxyType(
    {
        "cast": Gap("never", "this cast", "it has no form that means the same in every engine"),
    }
)


def _error(message: str) -> Node:
    """https://duckdb.org/docs/stable/sql/functions/utility#errormessage: "Throws the given error message"."""
    return sql.func("ERROR", sql.text(message))


def _fail_where(test: Node, message: str, otherwise: Node) -> Node:
    return sql.case([(test, _error(message))], otherwise)


def _ordered(node: Node, kind: Type) -> Node:  # noqa: ARG001
    """Text is compared by its bytes unless a collation is set, and runs set none.

    https://duckdb.org/docs/stable/sql/expressions/collations: "By default ... the BINARY collation".
    """
    return node


def _marked(key: Node) -> tuple[Node, Node]:
    """The bits are those of the number itself: `>>` and `&` take negative ones as their two's complement."""
    place = sql.cast(sql.operator(exp.BitwiseAnd, key, sql.number(63)), "UBIGINT")
    bit = sql.operator(exp.BitwiseLeftShift, sql.cast(sql.number(1), "UBIGINT"), place)
    return sql.operator(exp.BitwiseRightShift, key, sql.number(6)), sql.func("BIT_OR", bit)


def _column(node: Node, kind: Type) -> Node:
    """`char(n)` is plain VARCHAR here, and a blank at its end counts; the language says that it does not."""
    match kind.kind:
        case Kind.CHAR:
            return sql.func("RTRIM", node, sql.text(" "))
        case Kind.FLOAT:
            return sql.cast(node, "DOUBLE")
        case _:
            return node


def _blanks(name: str) -> Lowering:
    """Without the second argument every Unicode space is trimmed."""
    return lambda _, args: sql.func(name, args[0], sql.text(" "))


def _substring(call: ir.Call, args: Sequence[Node]) -> Node:
    """A position below 1 counts from the end here, in the standard it lies before the text.

    https://duckdb.org/docs/stable/sql/functions/text#substringstring-start-length
    """
    start, count = call.args[1], call.args[2] if len(call.args) > 2 else None
    if _at_least(start, 1) and (count is None or _at_least(count, 0)):
        return sql.func("SUBSTR", *args)
    from_one = sql.case([(sql.compare(exp.LT, args[1], sql.number(1)), sql.number(1))], args[1])
    if count is None:
        return sql.func("SUBSTR", args[0], from_one)
    end = sql.add(args[1], args[2])
    span = sql.sub(end, from_one)
    kept = sql.case([(sql.compare(exp.LT, span, sql.number(0)), sql.number(0))], span)
    found = sql.func("SUBSTR", args[0], from_one, kept)
    if _at_least(count, 0):
        return found
    return _fail_where(sql.compare(exp.LT, args[2], sql.number(0)), "negative length", found)


def _at_least(operand: ir.Expr, least: int) -> bool:
    return isinstance(operand, ir.Literal) and isinstance(operand.value, int) and operand.value >= least


def _round(call: ir.Call, args: Sequence[Node]) -> Node:
    return sql.func("ROUND", args[0], sql.number(digits_of(call)))


def _sqrt(call: ir.Call, args: Sequence[Node]) -> Node:
    x = double(args[0], call.args[0].type, _TYPES)
    below = sql.compare(exp.LT, args[0], sql.number(0))
    return _fail_where(below, "square root of a negative number", sql.func("SQRT", x))


def _ln(call: ir.Call, args: Sequence[Node]) -> Node:
    x = double(args[0], call.args[0].type, _TYPES)
    below = sql.compare(exp.LTE, args[0], sql.number(0))
    return _fail_where(below, "logarithm of a number that is not positive", sql.func("LN", x))


def _exp(call: ir.Call, args: Sequence[Node]) -> Node:
    x = double(args[0], call.args[0].type, _TYPES)
    found = sql.func("EXP", x)
    vanished = sql.all_of(sql.eq(found, sql.number(0)), sql.func("ISFINITE", x)) or found
    return sql.case([(sql.any_of(_lost(found, [x]), vanished), _error("out of range"))], found)


def _power(call: ir.Call, args: Sequence[Node]) -> Node:
    base, exponent = (double(a, x.type, _TYPES) for a, x in zip(args, call.args, strict=True))
    found = sql.func("POWER", base, exponent)
    unreal = sql.any_of(sql.eq(base, sql.number(0)), sql.func("ISNAN", found))
    fault = sql.case([(unreal, _error("a power that is no real number"))], _error("out of range"))
    none = sql.all_of(sql.eq(found, sql.number(0)), sql.compare(exp.NEQ, base, sql.number(0)))
    vanished = sql.all_of(none, sql.func("ISFINITE", base), sql.func("ISFINITE", exponent)) or found
    return sql.case([(sql.any_of(_lost(found, [base, exponent]), vanished), fault)], found)


def _finite(node: Node, parts: Sequence[Node]) -> Node:
    return sql.case([(_lost(node, parts), _error("out of range"))], node)


def _lost(node: Node, parts: Sequence[Node]) -> Node:
    """An engine that computes by IEEE 754 gives infinity and NaN where others raise an error."""
    wrong = sql.negate(sql.func("ISFINITE", node))
    once = [part for place, part in enumerate(parts) if part not in parts[:place]]
    return sql.all_of(wrong, *(sql.func("ISFINITE", part) for part in once)) or wrong


def _micros(node: Node, kind: Type) -> Node:
    return sql.func("EPOCH_US", sql.cast(node, "TIMESTAMP") if kind.kind is Kind.DATE else node)


def _elapsed(call: ir.Call, args: Sequence[Node]) -> Node:
    return sql.sub(_micros(args[1], call.args[1].type), _micros(args[0], call.args[0].type))


def _matches(node: Node, pattern: str) -> Node:
    test = regexes.simplest(pattern)
    match test:
        case regexes.Exact(text):
            return sql.eq(node, sql.text(text))
        case regexes.Prefix(text):
            return sql.func("STARTS_WITH", node, sql.text(text))
        case regexes.Suffix(text):
            return sql.func("SUFFIX", node, sql.text(text))
        case regexes.Piece(text):
            return sql.func("CONTAINS", node, sql.text(text))
        case regexes.Among(texts):
            return sql.is_in(node, [sql.text(text) for text in texts])
        case regexes.Spans():
            return spans(node, test, lambda value, text: sql.func("CONTAINS", value, sql.text(text)))
        case regexes.Pattern(text):
            return sql.func("REGEXP_MATCHES", node, sql.text(text))
        case _:
            assert_never(test)


def _name(kind: Type) -> str:
    if kind.kind is Kind.DECIMAL and kind.precision is not None:
        return f"DECIMAL({kind.precision}, {kind.scale or 0})"
    return _TYPES[kind.kind]


def _cast(node: Node, have: Type, want: Type) -> Node:
    if have.kind in TEXTS and want.kind not in (*TEXTS, Kind.JSON):
        if want.kind is Kind.BOOLEAN:
            missing = (sql.is_null(node), sql.cast(sql.null(), "BOOLEAN"))
            converted = casts.text_to_boolean(node, _error("not a boolean"))
            return sql.case([missing], converted)
        shape = _shape(want)
        fits = sql.func("REGEXP_MATCHES", node, sql.text(shape))
        return _fail_where(sql.negate(fits), f"not a {want.kind}", sql.cast(node, _name(want)))
    return _between_types(node, have, want, lenient=False)


def _try_cast(node: Node, have: Type, want: Type) -> Node:
    if have.kind in TEXTS and want.kind not in (*TEXTS, Kind.JSON):
        if want.kind is Kind.BOOLEAN:
            return casts.text_to_boolean(node, None)
        fits = sql.func("REGEXP_MATCHES", node, sql.text(_shape(want)))
        return sql.case([(fits, sql.try_cast(node, _name(want)))], None)
    return _between_types(node, have, want, lenient=True)


def _shape(want: Type) -> str:
    shape = casts.SHAPES.get(want.kind)
    if shape is None:
        raise Unsupported(_GAPS["cast"])
    return shape


def _scaled(node: Node, have: Type) -> Node:
    """A computed decimal with the digits after the point of its type, as these are written out."""
    computed = have.kind is Kind.DECIMAL and have.precision is not None and node.kind is not exp.Column
    return sql.cast(node, _name(have)) if computed else node


def _between_types(node: Node, have: Type, want: Type, *, lenient: bool) -> Node:
    if want.kind in TEXTS:
        if have.kind in TEXTS:
            return casts.shortened(node, want)
        if have.kind in FLOATS:
            raise Unsupported(FLOAT_AS_TEXT)
        if have.kind is Kind.DECIMAL and have.precision is None:
            raise Unsupported(DECIMAL_AS_TEXT)
        if have.kind in (Kind.BINARY, Kind.ARRAY, Kind.INTERVAL):
            raise Unsupported(_GAPS["cast"])
        return casts.shortened(sql.cast(_scaled(node, have), "VARCHAR"), want)
    if have.kind is want.kind and have.kind in (Kind.INTERVAL, Kind.ARRAY, Kind.BINARY):
        return node
    if want.kind not in _TYPES or want.kind is Kind.INTERVAL:
        raise Unsupported(_GAPS["cast"])
    if want.kind is Kind.FLOAT:
        return sql.cast(sql.cast(node, "REAL"), "DOUBLE")
    return sql.try_cast(node, _name(want)) if lenient else sql.cast(node, _name(want))


_PLAIN_PRODUCT = arithmetic(exp.Mul, _TYPES)


def _product(call: ir.Call, args: Sequence[Node]) -> Node:
    """The product of two decimals of up to 18 digits has 18 itself, and is an error beyond them."""
    places = [place for place, arg in enumerate(call.args) if arg.type.kind is Kind.DECIMAL]
    sizes = [digits(arg.type) for arg in call.args]
    if call.type.kind is not Kind.DECIMAL or any(size is not None and size[0] > 18 for size in sizes):
        return _PLAIN_PRODUCT(call, args)
    if None in sizes:
        wide = sql.cast(sql.number(1), "DECIMAL(19, 0)")
        return _PLAIN_PRODUCT(call, [sql.mul(wide, args[0]), args[1]])
    if sum(size[0] for size in sizes if size is not None) <= 18:
        return _PLAIN_PRODUCT(call, args)
    widened = list(args)
    place = places[0]
    widened[place] = sql.cast(args[place], _name(decimal(19, call.args[place].type.scale or 0)))
    return _PLAIN_PRODUCT(call, widened)


_FUNCTIONS: dict[str, Lowering] = {
    **shared(_TYPES, _ordered, _error),
    "mul": _product,
    "elapsed": _elapsed,
    "trim": _blanks("TRIM"),
    "ltrim": _blanks("LTRIM"),
    "rtrim": _blanks("RTRIM"),
    "substring": _substring,
    "ends_with": lambda _, args: sql.func("SUFFIX", *args),
    "contains": lambda _, args: sql.func("CONTAINS", *args),
    "round": _round,
    "sqrt": _sqrt,
    "power": _power,
    "ln": _ln,
    "exp": _exp,
}

DUCKDB = Dialect(
    name="duckdb",
    title="DuckDB",
    strategies=Strategies(
        dialect="duckdb",
        # 1,600 numbers of 1,000 rows: 0.50 s of CPU in lists of 200, 0.93 s of 500; planning grows by the square.
        select_list=200,
        # 75 ms fused, 57 ms in two scans of a million rows in memory; reading a file twice costs more.
        distinct="fused",
        # 4 ms for the probe of a million ascending bigints; 53 ms for COUNT(DISTINCT), 55 ms for GROUP BY
        # … HAVING. Of five million bigints in no order the probe takes 11 ms of CPU, the bits 130 ms,
        # COUNT(DISTINCT) 480 ms and GROUP BY … HAVING 620 ms.
        single_keys="probe",
        # 82 ms for COUNT(DISTINCT (a, b)), 83 ms for GROUP BY … HAVING, which gives the exact number.
        composite_keys="count",
        # 31 ms for five million rows and 100,000 keys, which a perfect hash finds; 115 ms for NOT IN.
        single_references="join",
    ),
    # 0.8 s of CPU for 300 counts over 150 columns of 500,000 rows, SUM(CASE) 0.9 s, FILTER 5.3 s: for each of them
    # a FILTER cuts the rows out of all columns of the SELECT. Even of four it is the fastest.
    count_if="function",
    # 26 ms; NOT EXISTS 58 ms, LEFT JOIN of distinct keys 29 ms.
    anti_join="not in",
    identifier=2**31 - 1,
    named_binds=True,
    types=_TYPES,
    type_name=_name,
    functions=MappingProxyType(_FUNCTIONS),
    gaps=_GAPS,
    placeholder=lambda name, _: sql.make(exp.Placeholder, this=name),
    column=_column,
    ordered=_ordered,
    marked=_marked,
    double=lambda digits: sql.cast(real(digits), "DOUBLE"),
    matches=_matches,
    finite=_finite,
    cast=_cast,
    try_cast=_try_cast,
    minimum=lambda node, _: sql.func("MIN", node),
    maximum=lambda node, _: sql.func("MAX", node),
    micros=_micros,
)
