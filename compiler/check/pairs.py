"""Expressions that must go together: sides of a comparison, bounds of a range, items of a list."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assay.compiler import ast, ir
from assay.compiler.check import literals
from assay.compiler.check.context import SILENCE, call, negate
from assay.compiler.check.types import (
    INSTANTS,
    MOMENTS,
    common,
    crowded,
    equatable,
    is_number,
    is_text,
    orderable,
    silent,
)
from assay.compiler.diagnostics import Label
from assay.compiler.source import Span
from assay.compiler.types import NULL, UNKNOWN, Kind, Type

if TYPE_CHECKING:
    from assay.compiler.check.rows import Rows

NOTHING = ir.Literal(None, NULL)
_EQUAL = ("eq", "ne")


def common_of(parts: list[ir.Expr]) -> Type:
    """The type that unified expressions share."""
    found = NULL
    for part in parts:
        found = common(found, part.type) or UNKNOWN
    return found


def converted(e: ir.Expr, kind: Type) -> ir.Expr:
    """A date becomes its first instant where it meets timestamps, and a decimal one with more digits after the
    point where that leaves too little room before it; everything else stays as it is."""
    if crowded(e.type, kind):
        return ir.Cast(e, kind, lenient=False, nullable=e.nullable)
    if e.type.kind is Kind.DATE and kind.kind in INSTANTS:
        return ir.Cast(e, kind, lenient=False, nullable=e.nullable)
    return e


def unify(rows: Rows, parts: list[ir.Expr], spans: list[Span]) -> list[ir.Expr] | None:
    """The expressions as one type; None where a fault was reported, here or before."""
    kind = NULL
    for part, span in zip(parts, spans, strict=True):
        if part.type.kind is Kind.UNKNOWN:
            return None
        shared = common(kind, part.type)
        if shared is None:
            rows.ctx.sink.add("E313", span, first=str(kind), second=str(part.type), labels=rows.used())
            return None
        kind = shared
    return [converted(p, kind) for p in parts]


def together(
    rows: Rows, left: ir.Expr, right: ir.Expr, a: ast.Expr, b: ast.Expr, span: Span
) -> tuple[ir.Expr, ir.Expr] | None:
    """Both sides as one type; None where they do not meet, which is reported."""
    kind = common(left.type, right.type)
    if kind is not None:
        return None if kind.kind is Kind.UNKNOWN else (converted(left, kind), converted(right, kind))
    sink = rows.ctx.sink
    kinds = (left.type.kind, right.type.kind)
    for literal, written, other in ((left, a, right), (right, b, left)):
        if isinstance(literal, ir.Literal) and isinstance(literal.value, str):
            wanted = other.type.kind
            if wanted in (*MOMENTS, Kind.TIME):
                sink.add(
                    "E309",
                    written.span,
                    suggestion=f"{wanted} {literals.quoted(literal.value)}",
                    type=str(other.type),
                    labels=labels_of(rows, other) or rows.used(),
                )
                return None
    facts: dict[str, str] = {"left": str(left.type), "right": str(right.type)}
    labels = (*labels_of(rows, left), *labels_of(rows, right)) or rows.used()
    if Kind.TIMESTAMP in kinds and Kind.TIMESTAMPTZ in kinds:
        sink.add("E317", span, labels=labels, **facts)
    elif Kind.INTERVAL in kinds:
        other = right if left.type.kind is Kind.INTERVAL else left
        sink.add("E325", span, reason=f"an interval is compared with a {other.type}", labels=labels)
    else:
        sink.add("E301", span, labels=labels, **facts)
    return None


def labels_of(rows: Rows, e: ir.Expr) -> tuple[Label, ...]:
    return rows.ctx.declared(e.name) if isinstance(e, ir.Column) else ()


def usable(rows: Rows, function: str, e: ir.Expr, span: Span) -> bool:
    """Whether the values can be compared by this operator; reported where they cannot."""
    ok = equatable(e.type) if function in (*_EQUAL, "in") else orderable(e.type)
    if not ok:
        what = "equality" if function in (*_EQUAL, "in") else "order"
        rows.ctx.sink.add("E312", span, type=str(e.type), what=what, labels=labels_of(rows, e))
    return ok


def compare(
    rows: Rows, function: str, left: ir.Expr, right: ir.Expr, a: ast.Expr, b: ast.Expr, span: Span
) -> ir.Expr:
    """`left op right`, with both sides typed already."""
    if left.type.kind is Kind.NULL or right.type.kind is Kind.NULL:
        suggestion = {"eq": "is null", "ne": "is not null"}.get(function)
        place = a.span if left.type.kind is Kind.NULL else b.span
        rows.ctx.sink.add("E318", place, suggestion=suggestion)
        return SILENCE
    if left.type.kind is Kind.UNKNOWN or right.type.kind is Kind.UNKNOWN:
        return SILENCE
    paired = together(rows, left, right, a, b, span)
    if (
        paired is None
        or not usable(rows, function, left, a.span)
        or not usable(rows, function, right, b.span)
    ):
        return SILENCE
    _fit(rows, function, left, right, b.span)
    _fit(rows, function, right, left, a.span)
    return call(function, *paired)


def _fit(rows: Rows, function: str, column: ir.Expr, literal: ir.Expr, span: Span) -> None:
    """A literal must be one that the column could hold, and an interval one of fixed length."""
    if not isinstance(literal, ir.Literal):
        return
    if isinstance(literal.value, ir.Duration):
        if literal.value.months:
            rows.ctx.sink.add("E326", span, unit="month")
    elif isinstance(column, ir.Column):
        literals.fits(
            column.type,
            literal,
            span,
            rows.ctx.sink,
            equal=function in _EQUAL,
            labels=lambda: labels_of(rows, column),
        )


def between(rows: Rows, operand: ir.Expr, a: ast.Expr, low: ast.Expr, high: ast.Expr, span: Span) -> ir.Expr:
    least, most = rows.condition(low), rows.condition(high)
    lower = compare(rows, "ge", operand, least, a, low, span)
    upper = compare(rows, "le", operand, most, a, high, span)
    if lower is SILENCE or upper is SILENCE:
        return SILENCE
    if literals.backwards(least, most):
        rows.ctx.sink.add("E330", low.span.to(high.span), low=_word(least), high=_word(most))
        return SILENCE
    kind = common_of([operand, least, most])
    return call("between", *(converted(e, kind) for e in (operand, least, most)))


def _word(e: ir.Expr) -> str:
    return literals.quoted(e.value) if isinstance(e, ir.Literal) else "…"


def in_list(
    rows: Rows, operand: ir.Expr, place: Span, items: tuple[ast.Expr, ...], *, negated: bool
) -> ir.Expr:
    """`operand in (…)`: constants of the operand's type, each once, and no null among them."""
    sink = rows.ctx.sink
    if silent(operand.type):
        for item in items:
            rows.condition(item)
        return SILENCE
    if not usable(rows, "in", operand, place):
        return SILENCE
    seen: dict[tuple[type, object], Span] = {}
    values: list[ir.Expr] = []
    good = True
    for item in items:
        value = rows.condition(item)
        if value.type.kind is Kind.NULL:
            sink.add("E333", item.span)
            good = False
            continue
        if value.type.kind is Kind.UNKNOWN:
            good = False
            continue
        if common(operand.type, value.type) is None:
            together(rows, operand, value, item, item, item.span)
            good = False
            continue
        _fit(rows, "eq", operand, value, item.span)
        if isinstance(value, ir.Literal):
            key = (type(value.value) if not is_number(value.type) else int, value.value)
            if key in seen:
                label = Label(seen[key], "the first one is here")
                sink.add("E332", item.span, value=literals.quoted(value.value), labels=(label,))
                good = False
                continue
            seen[key] = item.span
        values.append(value)
    if not good:
        return SILENCE
    kind = common_of([operand, *values])
    if kind.kind is Kind.UNKNOWN:
        kind = operand.type
    found = call("in", converted(operand, kind), *(converted(v, kind) for v in values))
    return negate(found) if negated else found


def texts(items: list[ir.Expr]) -> list[str]:
    """The text constants among expressions."""
    return [
        i.value for i in items if isinstance(i, ir.Literal) and isinstance(i.value, str) and is_text(i.type)
    ]
