"""Typed row expressions to trees, noting on the way which columns and binds they read."""

from __future__ import annotations

from datetime import date, datetime, time
from decimal import Decimal
from typing import assert_never

from assay.compiler import ir
from assay.compiler.dialects import Dialect, Unsupported, sql
from assay.compiler.dialects.base import NUL
from assay.compiler.dialects.sql import Node
from assay.compiler.lower.failing import can_fail
from assay.compiler.types import FLOATS, Kind, Type

DAYS_IN_A_MONTH = 30
MICROSECONDS_IN_A_DAY = 86_400_000_000


class Expressions:
    """Lowers expressions of one fragment. `columns` and `binds` hold what was read, in order of first use.

    table   the alias that columns are qualified with, where a sub-select could take their names for its own
    """

    __slots__ = ("binds", "columns", "dialect", "places", "table")

    def __init__(self, dialect: Dialect, places: dict[str, int], table: str | None = None) -> None:
        self.dialect = dialect
        self.places = places
        self.table = table
        self.columns: dict[str, None] = {}
        self.binds: dict[str, None] = {}

    def lower(self, expr: ir.Expr) -> Node:
        match expr:
            case ir.Call("and" | "or" as word, (first, *rest)) if any(map(can_fail, rest)):
                return self._in_order(word == "or", first, rest)
            case ir.Call("add" | "sub" | "mul" | "div", _, type_) if (
                type_.kind in FLOATS and self.dialect.finite
            ):
                doubles: list[Node] = []
                made = self._arithmetic(expr, doubles)
                return self.dialect.finite(made, doubles) if doubles else made
            case ir.Call(function, args):
                return self.dialect.functions[function](expr, [self.lower(arg) for arg in args])
            case ir.Column(name, type_):
                self.columns[name] = None
                return self.dialect.column(sql.column(name, self.table), type_)
            case ir.Literal(value, type_):
                return literal(value, type_, self.dialect)
            case ir.Matches(operand, pattern):
                return self.dialect.matches(self.lower(operand), pattern)
            case ir.Case(whens, otherwise):
                branches = [(self.lower(test), self.lower(then)) for test, then in whens]
                return sql.case(branches, None if otherwise is None else self.lower(otherwise))
            case ir.Cast(operand, type_, lenient):
                convert = self.dialect.try_cast if lenient else self.dialect.cast
                return convert(self.lower(operand), operand.type, type_)
            case ir.Bind(name, type_):
                return self._bind(name, type_)
            case _:
                assert_never(expr)

    def _in_order(self, decided: bool, first: ir.Expr, rest: list[ir.Expr]) -> Node:
        """`and` or `or` from left to right: a row that the first part has decided is spared the rest. Engines
        promise that of CASE only."""
        head = self.lower(first)
        if not rest:
            return head
        tail = self._in_order(decided, rest[0], rest[1:])
        both = sql.any_of(head, tail) if decided else sql.all_of(head, tail)
        if both is None or not any(map(can_fail, rest)):
            return both or head
        return sql.case([(head if decided else sql.negate(head), sql.boolean(decided))], both)

    def _arithmetic(self, expr: ir.Expr, doubles: list[Node]) -> Node:
        """Arithmetic of doubles, looked at once and as a whole: what leaves their range in one step stays infinite,
        or NaN, in the next, but for a divisor. `doubles` gets the values that it is made of."""
        match expr:
            case ir.Call("add" | "sub" | "mul" as word, args, type_) if type_.kind in FLOATS:
                return self.dialect.functions[word](expr, [self._arithmetic(arg, doubles) for arg in args])
            case ir.Call("div", (left, right)):
                divisor = self.lower(right)
                if right.type.kind in FLOATS and not isinstance(right, ir.Literal):
                    doubles.append(divisor)
                return self.dialect.functions["div"](expr, [self._arithmetic(left, doubles), divisor])
            case _:
                found = self.lower(expr)
                if expr.type.kind in FLOATS and not isinstance(expr, ir.Literal):
                    doubles.append(found)
                return found

    def optional(self, expr: ir.Expr | None) -> Node | None:
        return None if expr is None else self.lower(expr)

    def _bind(self, name: str, type_: Type) -> Node:
        """Always cast: a driver sends a parameter without a type, or with one of its own choice. A float is
        computed with as a double, as a column of floats is."""
        self.binds[name] = None
        place = self.places[name]
        # A name that no placeholder can have was reported by `limits`; the rest of the text goes on.
        plain = name if name.isidentifier() else f"p{place}"
        value = sql.cast(self.dialect.placeholder(plain, place), self.dialect.type_name(type_))
        return sql.cast(value, self.dialect.types[Kind.DOUBLE]) if type_.kind is Kind.FLOAT else value


def literal(value: ir.Scalar, type_: Type, dialect: Dialect) -> Node:
    match value:
        case None:
            known = dialect.types.get(type_.kind)
            return sql.null() if known is None else sql.cast(sql.null(), known)
        case bool():
            return sql.boolean(value)
        case int():
            return dialect.double(f"{value}") if type_.kind in FLOATS else sql.number(value)
        case Decimal():
            digits = f"{value:f}"
            return dialect.double(digits) if type_.kind in FLOATS else sql.number(digits)
        case float():
            return dialect.double(repr(value))
        case str():
            if "\0" in value:
                raise Unsupported(NUL)
            return sql.cast(sql.text(value), "UUID") if type_.kind is Kind.UUID else sql.text(value)
        case datetime():
            if value.tzinfo is None:
                return sql.cast(sql.text(value.isoformat(" ")), dialect.types[Kind.TIMESTAMP])
            return sql.cast(sql.text(value.isoformat(" ")), dialect.types[Kind.TIMESTAMPTZ])
        case date():
            return sql.cast(sql.text(value.isoformat()), dialect.types[Kind.DATE])
        case time():
            return sql.cast(sql.text(value.isoformat()), dialect.types[Kind.TIME])
        case ir.Duration():
            return sql.number(microseconds(value))
        case _:
            assert_never(value)


def microseconds(duration: ir.Duration) -> int:
    """A duration on its own is a number of microseconds; a month has 30 days, as in comparisons of SQL."""
    return duration.months * DAYS_IN_A_MONTH * MICROSECONDS_IN_A_DAY + duration.microseconds
