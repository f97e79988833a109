"""Whatever expression the checker can make, its text is read back as its tree."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assay.compiler import functions, ir
from assay.compiler.dialects import DIALECTS
from assay.compiler.dialects.base import Unsupported
from assay.compiler.lower import printing
from assay.compiler.lower.expressions import Expressions
from assay.compiler.types import (
    BIGINT,
    BOOLEAN,
    DATE,
    DOUBLE,
    INT,
    INTERVAL,
    TEXT,
    TIMESTAMP,
    TIMESTAMPTZ,
    Kind,
    Type,
    decimal,
)

MONEY = decimal(12, 2)
CHAR = Type(Kind.CHAR, length=3)
CLASSES: dict[str, tuple[Type, ...]] = {
    "boolean": (BOOLEAN,),
    "integer": (INT, BIGINT),
    "number": (INT, BIGINT, MONEY, DOUBLE, Type(Kind.FLOAT)),
    "text": (TEXT, CHAR),
    "date": (DATE,),
    "instant": (TIMESTAMP, TIMESTAMPTZ),
    "temporal": (DATE, TIMESTAMP, TIMESTAMPTZ),
    "any": (BOOLEAN, INT, TEXT, DATE),
    "same": (INT, TEXT, DATE, DOUBLE),
}
NAMED = {str(kind): kind for kind in (BOOLEAN, INT, BIGINT, DOUBLE, TEXT, INTERVAL)}
CONSTANTS: dict[Kind, list[ir.Scalar]] = {
    Kind.BOOLEAN: [True, False, None],
    Kind.INT: [0, 1, -7],
    Kind.BIGINT: [0, -(2**62)],
    Kind.DECIMAL: [Decimal("-1.50"), Decimal("0")],
    Kind.DOUBLE: [0.1, -1e300, float("inf"), float("nan")],
    Kind.TEXT: ["", "it's", "%_\\", "$1", None],
}


def leaf(type_: Type) -> st.SearchStrategy[ir.Expr]:
    names = st.sampled_from(["a", "b c", 'q"'])
    columns: st.SearchStrategy[ir.Expr] = names.map(lambda name: ir.Column(name, type_, True))
    binds: st.SearchStrategy[ir.Expr] = st.just(ir.Bind("since", type_))
    values = CONSTANTS.get(type_.kind, [None])
    constants: st.SearchStrategy[ir.Expr] = st.sampled_from(values).map(
        lambda value: ir.Literal(value, type_)
    )
    return st.one_of(columns, constants, binds)


ROWS: dict[Type, list[functions.Function]] = {}
for _row in functions.TABLE.values():
    for _kind in (BOOLEAN, INT, BIGINT, MONEY, DOUBLE, TEXT, DATE, TIMESTAMP, TIMESTAMPTZ, INTERVAL, CHAR):
        _fixed = NAMED.get(_row.result)
        if _fixed is not None and _fixed.kind is not _kind.kind:
            continue
        _narrow = _row.result in ("number", "first") and _row.params[0] in CLASSES
        if _narrow and _kind not in CLASSES[_row.params[0]]:
            continue
        if _row.result == "moment" and _kind not in CLASSES["temporal"]:
            continue
        ROWS.setdefault(_kind, []).append(_row)


@st.composite
def calls(draw: st.DrawFn, wanted: Type, depth: int) -> ir.Expr:
    """A call that gives the wanted type, its arguments of types that the table allows."""
    row = draw(st.sampled_from(ROWS[wanted]))
    shared = wanted if row.result == "same" else draw(st.sampled_from(CLASSES["same"]))
    params = list(row.params[: len(row.params) - draw(st.integers(0, row.optional))])
    if row.variadic:
        params += [row.params[-1]] * draw(st.integers(0, 2))
    args = [draw(argument(param, shared, depth)) for param in params]
    place = {"first": 0, "moment": 1 if row.name == "date_trunc" else 0, "number": 0}.get(row.result)
    if place is not None and not params[place].startswith("="):
        args[place] = draw(expressions(wanted, depth - 1))
    return ir.Call(row.name, tuple(args), wanted, True)


@st.composite
def argument(draw: st.DrawFn, param: str, shared: Type, depth: int) -> ir.Expr:
    match param:
        case "=unit":
            return ir.Literal(draw(st.sampled_from(functions.UNITS)), TEXT)
        case "=interval":
            months, micros = draw(st.integers(-20, 20)), draw(st.sampled_from([0, 1, -1, 86_400_000_000]))
            return ir.Literal(ir.Duration(months, micros), INTERVAL)
        case "=text":
            return ir.Literal(draw(st.sampled_from(["a%", "\\%", "_'", "\\"])), TEXT)
        case "=integer":
            return ir.Literal(draw(st.integers(0, 5)), INT)
        case _:
            wanted = shared if param == "same" else draw(st.sampled_from(CLASSES[param]))
            return draw(expressions(wanted, depth - 1))


@st.composite
def expressions(draw: st.DrawFn, wanted: Type, depth: int) -> ir.Expr:
    if depth <= 0:
        return draw(leaf(wanted))
    match draw(st.sampled_from(["leaf", "call", "case", "cast", "matches"])):
        case "call" if wanted in ROWS:
            return draw(calls(wanted, depth))
        case "case":
            tests = draw(st.lists(expressions(BOOLEAN, depth - 1), min_size=1, max_size=2))
            whens = tuple((test, draw(expressions(wanted, depth - 1))) for test in tests)
            return ir.Case(whens, draw(st.none() | expressions(wanted, depth - 1)), wanted, True)
        case "cast":
            inner = draw(expressions(TEXT, depth - 1))
            return ir.Cast(inner, wanted, draw(st.booleans()), True)
        case "matches" if wanted == BOOLEAN:
            pattern = draw(st.sampled_from(["^a", "a$", "b", "^ab$", "^(?:a|b)$", "[a-c]+x?", "%$"]))
            return ir.Matches(draw(expressions(TEXT, depth - 1)), pattern, BOOLEAN, True)
        case _:
            return draw(leaf(wanted))


@pytest.mark.parametrize("dialect", list(DIALECTS))
@settings(max_examples=150, deadline=None)
@given(expr=st.sampled_from(sorted(ROWS, key=str)).flatmap(lambda wanted: expressions(wanted, 4)))
def test_every_expression_is_read_back(dialect: str, expr: ir.Expr) -> None:
    table = DIALECTS[dialect]
    try:
        tree = Expressions(table, {"since": 1}).lower(expr)
    except Unsupported:
        return
    assert printing.to_sql(tree, dialect)


@pytest.mark.parametrize("dialect", list(DIALECTS))
def test_a_parameter_before_an_empty_text_at_the_end_is_read_back(dialect: str) -> None:
    test = ir.Call("eq", (ir.Bind("since", TEXT), ir.Literal("", TEXT)), BOOLEAN, True)
    assert printing.to_sql(Expressions(DIALECTS[dialect], {"since": 1}).lower(test), dialect).endswith("''")


@pytest.mark.parametrize("dialect", list(DIALECTS))
def test_not_like_around_is_not_null_is_read_back(dialect: str) -> None:
    column = ir.Column("a", TEXT, True)
    there = ir.Call("is_not_null", (column,), BOOLEAN, False)
    chosen = ir.Case(((there, column),), ir.Literal("b", TEXT), TEXT, True)
    like = ir.Call("like", (chosen, ir.Literal("a%", TEXT)), BOOLEAN, True)
    tree = Expressions(DIALECTS[dialect], {}).lower(ir.Call("not", (like,), BOOLEAN, True))
    assert "NOT LIKE" in printing.to_sql(tree, dialect)
