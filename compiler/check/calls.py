"""Calls of functions, typed from `functions.TABLE`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assay.compiler import ast, ir
from assay.compiler.check import pairs
from assay.compiler.check.context import SILENCE, call
from assay.compiler.check.types import INSTANTS, MOMENTS, capped, is_number, is_text, silent
from assay.compiler.functions import TABLE, UNITS, Function
from assay.compiler.types import (
    BIGINT,
    DATE,
    FLOATS,
    INTEGERS,
    TIMESTAMPTZ,
    Kind,
    Type,
    digits,
)

if TYPE_CHECKING:
    from assay.compiler.check.rows import Rows

CALLABLE = frozenset(n for n, row in TABLE.items() if not row.operator or n in ("concat", "mod"))
"""What may be called by name; the rest of the table is written with its operator."""

ELSEWHERE = {
    "len": "length",
    "char_length": "length",
    "character_length": "length",
    "substr": "substring",
    "mid": "substring",
    "instr": "position",
    "strpos": "position",
    "charindex": "position",
    "ucase": "upper",
    "lcase": "lower",
    "ifnull": "coalesce",
    "nvl": "coalesce",
    "isnull": "coalesce",
    "ceiling": "ceil",
    "pow": "power",
    "log": "ln",
    "current_date": "today",
    "curdate": "today",
    "current_timestamp": "now",
    "getdate": "now",
    "sysdate": "now",
    "datediff": "days_between",
    "date_diff": "days_between",
    "trunc": "date_trunc",
    "dayofweek": "day_of_week",
    "weekday": "day_of_week",
    "dayofyear": "day_of_year",
    "mean": "avg",
    "average": "avg",
    "stdev": "stddev",
    "stddev_samp": "stddev",
    "var_samp": "variance",
    "null_count": "missing",
    "missing_count": "missing",
    "invalid_count": "invalid",
    "duplicate_count": "duplicates",
    "row_count": "rows",
    "count_distinct": "distinct",
    "quantile": "percentile",
    "corr": "correlation",
}
"""What engines and other tools call it."""

MOST_PLACES = 30
"""That `round` keeps or clears: more than a double has."""
MOST_CHARACTERS = 2**31 - 1
_SMALL_UNITS = ("second", "minute", "hour")
_NAMED: dict[str, Type] = {str(k.value): Type(k) for k in Kind}


def bind(rows: Rows, e: ast.Call, word: str) -> ir.Expr:
    """`now()` and `today()`: one value for the whole run."""
    if e.args:
        rows.ctx.sink.add("E303", e.span, name=word, wanted="no arguments", given=str(len(e.args)))
        return SILENCE
    return ir.Bind(word, TIMESTAMPTZ if word == "now" else DATE)


def wanted(row: Function) -> str:
    """How many arguments a function takes, in words."""
    most, least = len(row.params), len(row.params) - row.optional
    if row.variadic:
        return f"at least {least} arguments"
    if least != most:
        return f"{least} or {most} arguments"
    return f"{most} argument{'' if most == 1 else 's'}"


def function(rows: Rows, e: ast.Call, row: Function) -> ir.Expr:
    sink = rows.ctx.sink
    count = len(e.args)
    least = len(row.params) - row.optional
    if count < least or (count > len(row.params) and not row.variadic):
        sink.add("E303", e.span, name=row.name, wanted=wanted(row), given=str(count))
        return SILENCE
    reader = rows.condition if row.result == "boolean" else rows.expr
    args = [reader(a) for a in e.args]
    good = True
    for index, (arg, written) in enumerate(zip(args, e.args, strict=True)):
        wants = row.params[min(index, len(row.params) - 1)]
        good = _argument(rows, row, wants, arg, written) and good
    if row.name == "substring" and any(_below(a, least) for a, least in zip(args[1:], (1, 0), strict=False)):
        sink.add("E315", e.span, what="`substring`", wanted="a position from 1 and a count from 0")
        return SILENCE
    if row.name == "date_trunc" and args[1].type.kind is Kind.DATE and _small(args[0]):
        units = ", ".join(f"'{u}'" for u in UNITS if u not in _SMALL_UNITS)
        sink.add("E316", e.args[0].span, units=f"{units} of a date")
        return SILENCE
    if not good:
        return SILENCE
    if "same" in row.params:
        unified = pairs.unify(rows, args, [a.span for a in e.args])
        if unified is None:
            return SILENCE
        args = unified
        if row.name != "coalesce" and not all(
            pairs.usable(rows, "eq" if row.name == "nullif" else "lt", a, w.span)
            for a, w in zip(args, e.args, strict=True)
        ):
            return SILENCE
    elif row.name == "elapsed":
        paired = pairs.together(rows, args[0], args[1], e.args[0], e.args[1], e.span)
        if paired is None:
            return SILENCE
        args = list(paired)
    return call(row.name, *args, type=_result(row, args))


def _argument(rows: Rows, row: Function, wants: str, arg: ir.Expr, written: ast.Expr) -> bool:
    """Whether an argument is of the class that the function wants; reported where it is not."""
    sink = rows.ctx.sink
    if wants.startswith("="):
        return _literal(rows, row, wants[1:], arg, written)
    kind = arg.type
    if kind.kind is Kind.UNKNOWN:
        return False
    if accepts(wants, kind):
        return True
    word = {"instant": "timestamp", "temporal": "date or timestamp", "integer": "whole number"}.get(
        wants, wants
    )
    labels = pairs.labels_of(rows, arg) or rows.used()
    sink.add("E302", written.span, name=row.name, wanted=word, type=str(kind), labels=labels)
    return False


def _below(arg: ir.Expr, least: int) -> bool:
    return isinstance(arg, ir.Literal) and isinstance(arg.value, int) and arg.value < least


def _small(unit: ir.Expr) -> bool:
    return isinstance(unit, ir.Literal) and unit.value in _SMALL_UNITS


def _literal(rows: Rows, row: Function, wants: str, arg: ir.Expr, written: ast.Expr) -> bool:
    sink = rows.ctx.sink
    value = arg.value if isinstance(arg, ir.Literal) else None
    if arg.type.kind is Kind.UNKNOWN:
        return False
    if wants == "unit":
        if not isinstance(value, str) or value not in UNITS:
            sink.add("E316", written.span, units=", ".join(f"'{u}'" for u in UNITS))
            return False
        return True
    if wants == "integer":
        least, most = (-MOST_PLACES, MOST_PLACES) if row.name == "round" else (0, MOST_CHARACTERS)
        if isinstance(value, int) and not isinstance(value, bool) and least <= value <= most:
            return True
        wanted = f"a whole number from {least} to {most}, written out"
        sink.add("E315", written.span, what=f"`{row.name}`", wanted=wanted)
        return False
    if isinstance(value, str):
        return True
    sink.add("E315", written.span, what=f"`{row.name}`", wanted="a text between single quotes")
    return False


def accepts(wants: str, kind: Type) -> bool:
    """Whether a type belongs to a class of the function table."""
    if silent(kind) or kind.kind is Kind.NULL:
        return True
    match wants:
        case "any" | "same":
            return True
        case "boolean":
            return kind.kind is Kind.BOOLEAN
        case "integer":
            return kind.kind in INTEGERS
        case "number":
            return is_number(kind)
        case "text":
            return is_text(kind)
        case "date":
            return kind.kind is Kind.DATE
        case "instant":
            return kind.kind in INSTANTS
        case "temporal":
            return kind.kind in MOMENTS
        case _:
            return kind.kind is Kind.INTERVAL


def _result(row: Function, args: list[ir.Expr]) -> Type:
    match row.result:
        case "first":
            return args[0].type
        case "same":
            return pairs.common_of(args)
        case "moment":
            return args[-1].type
        case "number":
            return _rounded(args) if row.name == "round" else _widest(args)
        case name:
            return _NAMED[name]


def _widest(args: list[ir.Expr]) -> Type:
    return max((a.type for a in args), key=lambda t: INTEGERS.index(t.kind) if t.kind in INTEGERS else 0)


def _rounded(args: list[ir.Expr]) -> Type:
    kind = args[0].type
    if kind.kind in FLOATS or kind.kind in INTEGERS:
        return kind
    size = digits(kind)
    if size is None:
        return kind
    places = args[1].value if len(args) > 1 and isinstance(args[1], ir.Literal) else 0
    kept = min(size[1], max(places, 0)) if isinstance(places, int) else size[1]
    # Rounding may carry into one more digit before the point.
    return capped(size[0] - size[1] + kept + 1, kept)


__all__ = ["BIGINT", "CALLABLE", "ELSEWHERE", "accepts", "bind", "function", "wanted"]
