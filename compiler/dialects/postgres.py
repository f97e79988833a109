"""PostgreSQL, 14 and later."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import assert_never

from sqlglot import exp

from assay.compiler import ir
from assay.compiler.dialects import casts, regexes, sql
from assay.compiler.dialects.base import DECIMAL_AS_TEXT, FLOAT_AS_TEXT, Dialect, Gap, Lowering, Unsupported
from assay.compiler.dialects.functions import arithmetic, as_double, digits_of, real, shared, spans
from assay.compiler.dialects.sql import Node
from assay.compiler.planning.strategies import Strategies
from assay.compiler.types import FLOATS, INTEGERS, MAX_DIGITS, TEXTS, Kind, Type

_TYPES: Mapping[Kind, str] = MappingProxyType(
    {
        Kind.BOOLEAN: "BOOLEAN",
        Kind.SMALLINT: "SMALLINT",
        Kind.INT: "INTEGER",
        Kind.BIGINT: "BIGINT",
        Kind.DECIMAL: "NUMERIC",
        Kind.FLOAT: "REAL",
        Kind.DOUBLE: "DOUBLE PRECISION",
        Kind.TEXT: "TEXT",
        Kind.VARCHAR: "TEXT",
        Kind.CHAR: "TEXT",
        Kind.UUID: "UUID",
        Kind.JSON: "JSONB",
        Kind.BINARY: "BYTEA",
        Kind.DATE: "DATE",
        Kind.TIME: "TIME",
        Kind.TIMESTAMP: "TIMESTAMP",
        Kind.TIMESTAMPTZ: "TIMESTAMPTZ",
        Kind.INTERVAL: "BIGINT",
    }
)
_DOUBLE = _TYPES[Kind.DOUBLE]

_GAPS: Mapping[str, Gap] = MappingProxyType(
    {
        "cast": Gap("never", "this cast", "it has no form that means the same in every engine"),
        "try_cast": Gap(
            "not yet",
            "this `try_cast`",
            "PostgreSQL has none; text, numbers and moments are converted by hand",
        ),
    }
)


def _ordered(node: Node, kind: Type) -> Node:
    """By code point, whatever the collation of the column.

    https://www.postgresql.org/docs/current/collation.html: "The C and POSIX collations both specify
    'traditional C' behavior, in which only the ASCII letters … are treated as letters, and sorting is done
    strictly by character code byte values."
    """
    return sql.collate(node, "C") if kind.kind in TEXTS else node


def _column(node: Node, kind: Type) -> Node:
    """https://www.postgresql.org/docs/current/datatype-character.html: trailing spaces of `character(n)` are
    "removed when converting a character value to one of the other string types"."""
    match kind.kind:
        case Kind.CHAR:
            return sql.cast(node, "TEXT")
        case Kind.FLOAT:
            return sql.cast(node, _DOUBLE)
        case _:
            return node


def _substring(call: ir.Call, args: Sequence[Node]) -> Node:
    """Positions are `integer` here; a wider number would find no function."""
    places = [
        a if isinstance(x, ir.Literal) or x.type.kind in (Kind.SMALLINT, Kind.INT) else sql.cast(a, "INTEGER")
        for a, x in zip(args[1:], call.args[1:], strict=True)
    ]
    return sql.func("SUBSTR", args[0], *places)


def _ends_with(_: ir.Call, args: Sequence[Node]) -> Node:
    return sql.eq(sql.func("RIGHT", args[0], sql.func("LENGTH", args[1])), args[1])


def _round(call: ir.Call, args: Sequence[Node]) -> Node:
    """ROUND of a double goes to the nearest even number here, and takes no number of digits.

    https://www.postgresql.org/docs/current/functions-math.html: "For double precision, the tie-breaking
    behavior is platform dependent, but 'round to nearest even' is the most common rule."
    """
    digits = digits_of(call)
    kind = call.args[0].type.kind
    if kind in FLOATS:
        return _round_double(args[0], digits)
    if kind in INTEGERS:
        if digits >= 0:
            return args[0]
        rounded = sql.func("ROUND", sql.cast(args[0], "NUMERIC"), sql.number(digits))
        return sql.cast(rounded, _TYPES[call.type.kind])
    return sql.func("ROUND", args[0], sql.number(digits))


def _round_double(node: Node, digits: int) -> Node:
    scale = sql.cast(sql.number(f"1e{abs(digits)}"), _DOUBLE)
    scaled = node if not digits else sql.arithmetic(exp.Mul if digits > 0 else exp.Div, node, scale)
    cut = sql.func("TRUNC", scaled)
    half = sql.compare(exp.GTE, sql.func("ABS", sql.sub(scaled, cut)), sql.cast(sql.number("0.5"), _DOUBLE))
    rounded = sql.case([(half, sql.add(cut, sql.func("SIGN", scaled)))], cut)
    if not digits:
        return rounded
    if digits < 0:
        return sql.mul(rounded, scale)
    # Beyond this there is no digit after the point, and scaling could leave the range.
    near = sql.compare(exp.LT, sql.func("ABS", node), sql.cast(sql.number(f"1e{308 - digits}"), _DOUBLE))
    return sql.case([(near, sql.arithmetic(exp.Div, rounded, scale))], node)


def _micros(node: Node, kind: Type) -> Node:  # noqa: ARG001
    """Exact, as EXTRACT gives numeric: https://www.postgresql.org/docs/current/functions-datetime.html."""
    return _whole_micros(sql.extract("EPOCH", node))


def _whole_micros(seconds: Node) -> Node:
    return sql.cast(sql.mul(seconds, sql.number(1_000_000)), "BIGINT")


def _elapsed(_: ir.Call, args: Sequence[Node]) -> Node:
    return _whole_micros(sql.extract("EPOCH", sql.sub(args[1], args[0])))


def _matches(node: Node, pattern: str) -> Node:
    test = regexes.simplest(pattern)
    match test:
        case regexes.Exact(text):
            return sql.eq(node, sql.text(text))
        case regexes.Prefix(text):
            return sql.func("STARTS_WITH", node, sql.text(text))
        case regexes.Suffix(text):
            escaped = regexes.escaped(text)
            return sql.like(node, "%" + escaped, escaped != text)
        case regexes.Piece(text):
            return _contains(node, text)
        case regexes.Among(texts):
            return sql.is_in(node, [sql.text(text) for text in texts])
        case regexes.Spans():
            return spans(node, test, _contains)
        case regexes.Pattern(text):
            return _found(node, text)
        case _:
            assert_never(test)


def _contains(node: Node, text: str) -> Node:
    return sql.gt(sql.func("STRPOS", node, sql.text(text)), sql.number(0))


def _found(node: Node, spelled: str) -> Node:
    return sql.make(exp.RegexpLike, this=sql.wrap(node, sql.POSTFIX), expression=sql.text(spelled))


def _name(kind: Type) -> str:
    if kind.kind is Kind.DECIMAL and kind.precision is not None:
        return f"NUMERIC({kind.precision}, {kind.scale or 0})"
    return _TYPES[kind.kind]


def _cast(node: Node, have: Type, want: Type) -> Node:
    if have.kind in TEXTS and want.kind not in (*TEXTS, Kind.JSON):
        node = _typed(node)
        if want.kind is Kind.BOOLEAN:
            return casts.text_to_boolean(node, sql.cast(_unfit(node), "BOOLEAN"))
        fits = _found(node, _shape(want))
        return sql.case([(fits, sql.cast(node, _name(want)))], sql.cast(_unfit(node), _name(want)))
    return _between_types(node, have, want)


def _typed(node: Node) -> Node:
    """A constant is converted while the statement is read, before any CASE around it, unless it is a text already.

    https://www.postgresql.org/docs/current/sql-syntax-lexical.html#SQL-SYNTAX-CONSTANTS-GENERIC
    """
    return sql.cast(node, "TEXT") if node.kind is exp.Literal else node


def _unfit(node: Node) -> Node:
    """A text that no cast accepts, made from the value: it fails for that row and not while planning."""
    return sql.concat(sql.text("unfit "), node)


def _shape(want: Type) -> str:
    shape = casts.SHAPES.get(want.kind)
    if shape is None:
        raise Unsupported(_GAPS["cast"])
    return shape


def _scaled(node: Node, have: Type) -> Node:
    """A computed decimal with the digits after the point of its type, as these are written out."""
    computed = have.kind is Kind.DECIMAL and have.precision is not None and node.kind is not exp.Column
    return sql.cast(node, _name(have)) if computed else node


def _between_types(node: Node, have: Type, want: Type) -> Node:
    if want.kind in TEXTS:
        if have.kind in TEXTS:
            return casts.shortened(node, want)
        if have.kind in FLOATS:
            raise Unsupported(FLOAT_AS_TEXT)
        if have.kind is Kind.DECIMAL and have.precision is None:
            raise Unsupported(DECIMAL_AS_TEXT)
        if have.kind in (Kind.BINARY, Kind.ARRAY, Kind.INTERVAL):
            raise Unsupported(_GAPS["cast"])
        return casts.shortened(sql.cast(_scaled(node, have), "TEXT"), want)
    if have.kind is want.kind and have.kind in (Kind.INTERVAL, Kind.ARRAY, Kind.BINARY):
        return node
    if want.kind not in _TYPES or want.kind is Kind.INTERVAL:
        raise Unsupported(_GAPS["cast"])
    if want.kind is Kind.FLOAT:
        return sql.cast(sql.cast(node, "REAL"), _DOUBLE)
    if want.kind is Kind.BOOLEAN and have.kind in (*INTEGERS, Kind.DECIMAL, *FLOATS):
        return sql.compare(exp.NEQ, node, sql.number(0))
    if have.kind is Kind.BOOLEAN and want.kind is not Kind.BOOLEAN:
        return sql.cast(sql.cast(node, "INTEGER"), _name(want))
    return sql.cast(node, _name(want))


def _try_cast(node: Node, have: Type, want: Type) -> Node:
    """There is no TRY_CAST, and `pg_input_is_valid` only since 16: a value is looked at before it is cast."""
    if have.kind in TEXTS and want.kind not in (*TEXTS, Kind.JSON):
        node = _typed(node)
        if want.kind is Kind.BOOLEAN:
            return casts.text_to_boolean(node, None)
        return sql.case([(_found(node, _shape(want)), _shaped(node, want))], None)
    numeric = (*INTEGERS, Kind.DECIMAL, *FLOATS)
    if have.kind in numeric and want.kind in (*INTEGERS, Kind.DECIMAL):
        return sql.case([(_in_range(node, have, want), _between_types(node, have, want))], None)
    if want.kind in TEXTS or have.kind is want.kind or (have.kind in numeric and want.kind is Kind.DOUBLE):
        return _between_types(node, have, want)
    if have.kind is Kind.BOOLEAN and want.kind in numeric:
        return _between_types(node, have, want)
    if {have.kind, want.kind} <= {Kind.DATE, Kind.TIME, Kind.TIMESTAMP, Kind.TIMESTAMPTZ, Kind.BOOLEAN} or (
        want.kind is Kind.BOOLEAN and have.kind in numeric
    ):
        return _between_types(node, have, want)
    raise Unsupported(_GAPS["try_cast"])


def _shaped(node: Node, want: Type) -> Node:
    """The cast of a text that has the right shape, null where its value is still out of range."""
    done = sql.cast(node, _name(want))
    match want.kind:
        case Kind.SMALLINT | Kind.INT | Kind.BIGINT | Kind.DECIMAL:
            number = sql.cast(node, "NUMERIC")
            return sql.case([(_in_range(number, Type(Kind.DECIMAL), want), done)], None)
        case Kind.DATE | Kind.TIMESTAMP | Kind.TIMESTAMPTZ:
            first = sql.cast(
                sql.concat(sql.func("SUBSTR", node, sql.number(1), sql.number(8)), sql.text("01")), "DATE"
            )
            last = sql.add(first, sql.cast(sql.text("1 month -1 day"), "INTERVAL"))
            days = sql.extract("DAY", last)
            day = sql.cast(sql.func("SUBSTR", node, sql.number(9), sql.number(2)), "INTEGER")
            year = sql.compare(exp.NEQ, sql.func("LEFT", node, sql.number(4)), sql.text("0000"))
            return sql.case([(year, sql.case([(sql.compare(exp.LTE, day, days), done)], None))], None)
        case _:
            return done


def _in_range(node: Node, have: Type, want: Type) -> Node:
    if want.kind is Kind.DECIMAL:
        if want.precision is None:
            return sql.is_not_null(node)
        number = node if have.kind is Kind.DECIMAL else sql.cast(node, "NUMERIC")
        rounded = sql.func("ABS", sql.func("ROUND", number, sql.number(want.scale or 0)))
        limit = sql.number(10 ** (want.precision - (want.scale or 0)))
        return sql.compare(exp.LT, rounded, limit)
    low, high = casts.LIMITS[want.kind]
    rounded = node if have.kind in INTEGERS else sql.func("ROUND", node)
    above = sql.compare(exp.GTE, rounded, sql.number(low))
    return sql.all_of(above, sql.compare(exp.LT, rounded, sql.number(high + 1))) or above


def _extreme(name: str, of_booleans: str) -> Callable[[Node, Type], Node]:
    """There is no MIN or MAX of booleans, and none of UUIDs before version 18."""

    def lower(node: Node, kind: Type) -> Node:
        if kind.kind is Kind.BOOLEAN:
            return sql.func(of_booleans, node)
        if kind.kind is Kind.UUID:
            return sql.func(name, sql.collate(sql.cast(node, "TEXT"), "C"))
        return sql.func(name, _ordered(node, kind))

    return lower


def _bounded(kind: sql.Kind) -> Lowering:
    """NUMERIC has any number of digits; what has more than the language's 38 is an error here as well."""
    plain = arithmetic(kind, _TYPES)

    def lower(call: ir.Call, args: Sequence[Node]) -> Node:
        found = plain(call, args)
        return sql.cast(found, _name(call.type)) if call.type.precision == MAX_DIGITS else found

    return lower


_FUNCTIONS: dict[str, Lowering] = {
    **shared(_TYPES, _ordered, None),
    "add": _bounded(exp.Add),
    "sub": _bounded(exp.Sub),
    "mul": _bounded(exp.Mul),
    "elapsed": _elapsed,
    "trim": lambda _, args: sql.func("BTRIM", args[0], sql.text(" ")),
    "ltrim": lambda _, args: sql.func("LTRIM", args[0], sql.text(" ")),
    "rtrim": lambda _, args: sql.func("RTRIM", args[0], sql.text(" ")),
    "substring": _substring,
    "ends_with": _ends_with,
    "contains": lambda _, args: sql.gt(sql.func("STRPOS", *args), sql.number(0)),
    "round": _round,
    "sqrt": as_double("SQRT", _TYPES),
    "power": as_double("POWER", _TYPES),
    "ln": as_double("LN", _TYPES),
    "exp": as_double("EXP", _TYPES),
}

POSTGRES = Dialect(
    name="postgres",
    title="PostgreSQL",
    strategies=Strategies(
        dialect="postgres",
        select_list=500,
        # docs/current/parallel-plans.html: "Parallel aggregation is not supported if any aggregate function
        # call contains DISTINCT or ORDER BY clause and is also not supported for ordered set aggregates".
        # Two counts over a million rows took 104 ms on their own, 400 ms beside a COUNT(DISTINCT) that
        # takes 263 ms.
        distinct="apart",
        # 263 ms for COUNT(DISTINCT) of a unique bigint, 1353 ms for GROUP BY … HAVING.
        single_keys="compare",
        # 3720 ms for COUNT(DISTINCT (a, b)), 919 ms for GROUP BY … HAVING, which gives the exact number.
        composite_keys="count",
        single_references="anti",
    ),
    # 137 ms against 147 ms for SUM(CASE) and 212 ms for COUNT(CASE), four counts over a million rows.
    count_if="filter",
    # 270 ms; NOT IN 332 ms as long as the target fits in work_mem, LEFT JOIN of distinct keys 561 ms.
    anti_join="not exists",
    identifier=63,
    named_binds=False,
    types=_TYPES,
    type_name=_name,
    functions=MappingProxyType(_FUNCTIONS),
    gaps=_GAPS,
    placeholder=lambda _, place: sql.make(exp.Parameter, this=sql.number(place)),
    column=_column,
    ordered=_ordered,
    marked=None,
    double=lambda digits: sql.cast(real(digits), _DOUBLE),
    matches=_matches,
    finite=None,
    cast=_cast,
    try_cast=_try_cast,
    minimum=_extreme("MIN", "BOOL_AND"),
    maximum=_extreme("MAX", "BOOL_OR"),
    micros=_micros,
)
