"""Trees of SQL, and builders for the few kinds of nodes that lowering uses.

A node names the class of sqlglot that it stands for. `lower.proof` makes that class of it, once for each shape of
text; making it at once would take ten times as long. An operand that binds less tightly than its place asks for is
put in parentheses here, so a tree says exactly what its text says. Functions are `Anonymous` and types
`USERDEFINED` by the dialect's own name: nothing is translated behind our back.
"""

from __future__ import annotations

from typing import Any, Final, TypeAlias

import msgspec
from sqlglot import exp

Kind: TypeAlias = type[exp.Expr]


class Node(msgspec.Struct, frozen=True, gc=False):
    """`args` are the arguments of the class: nodes, lists of nodes, or texts and flags."""

    kind: Kind
    args: dict[str, Any]


def make(kind: Kind, /, **args: Any) -> Node:
    return Node(kind, args)


OR: Final = 1
AND: Final = 2
NOT: Final = 3
COMPARE: Final = 4
OTHER: Final = 5
ADD: Final = 6
MUL: Final = 7
SIGN: Final = 8
POSTFIX: Final = 9
ATOM: Final = 10

_BINDING: Final[dict[Kind, int]] = {
    exp.Or: OR,
    exp.And: AND,
    exp.Not: NOT,
    exp.EQ: COMPARE,
    exp.NEQ: COMPARE,
    exp.LT: COMPARE,
    exp.LTE: COMPARE,
    exp.GT: COMPARE,
    exp.GTE: COMPARE,
    exp.Is: COMPARE,
    exp.In: COMPARE,
    exp.Between: COMPARE,
    exp.Like: COMPARE,
    exp.Escape: COMPARE,
    exp.RegexpLike: COMPARE,
    exp.DPipe: OTHER,
    exp.BitwiseAnd: OTHER,
    exp.BitwiseLeftShift: OTHER,
    exp.BitwiseRightShift: OTHER,
    exp.Add: ADD,
    exp.Sub: ADD,
    exp.Mul: MUL,
    exp.Div: MUL,
    exp.Mod: MUL,
    exp.Neg: SIGN,
    exp.Collate: POSTFIX,
}

_NEGATED: Final = frozenset((exp.Is, exp.In, exp.Between, exp.Like))
"""`NOT x IS NULL` is written `x IS NOT NULL`, and so binds as a comparison."""


_OPPOSITES: Final[dict[Kind, Kind]] = {
    exp.EQ: exp.NEQ,
    exp.NEQ: exp.EQ,
    exp.LT: exp.GTE,
    exp.GTE: exp.LT,
    exp.GT: exp.LTE,
    exp.LTE: exp.GT,
}
"""Unknown stays unknown, and every engine orders NaN: both forms are true for the same rows."""


def binding(node: Node) -> int:
    if _written_within(node):
        return COMPARE
    return _BINDING.get(node.kind, ATOM)


def _written_within(node: Node) -> bool:
    return node.kind is exp.Not and node.args["this"].kind in _NEGATED


def wrap(node: Node, least: int) -> Node:
    return node if binding(node) >= least else make(exp.Paren, this=node)


def identifier(name: str) -> Node:
    return make(exp.Identifier, this=name, quoted=True)


def column(name: str, table: str | None = None) -> Node:
    if table is None:
        return make(exp.Column, this=identifier(name))
    return make(exp.Column, this=identifier(name), table=identifier(table))


def text(value: str) -> Node:
    return make(exp.Literal, this=value, is_string=True)


def number(value: int | str) -> Node:
    """A number from its digits, e.g. `-12.50` or `1e+20`."""
    digits = str(value)
    if digits.startswith("-"):
        return make(exp.Neg, this=make(exp.Literal, this=digits[1:], is_string=False))
    return make(exp.Literal, this=digits, is_string=False)


def null() -> Node:
    return make(exp.Null)


def star() -> Node:
    return make(exp.Star)


def boolean(value: bool) -> Node:
    return make(exp.Boolean, this=value)


def func(name: str, *args: Node) -> Node:
    return make(exp.Anonymous, this=name, expressions=list(args))


def cast(node: Node, type_name: str) -> Node:
    return make(exp.Cast, this=node, to=make(exp.DataType, this=exp.DType.USERDEFINED, kind=type_name))


def try_cast(node: Node, type_name: str) -> Node:
    return make(
        exp.TryCast, this=node, to=make(exp.DataType, this=exp.DType.USERDEFINED, kind=type_name), safe=True
    )


def compare(kind: Kind, left: Node, right: Node) -> Node:
    return make(kind, this=wrap(left, OTHER), expression=wrap(right, OTHER))


def eq(left: Node, right: Node) -> Node:
    return compare(exp.EQ, left, right)


def gt(left: Node, right: Node) -> Node:
    return compare(exp.GT, left, right)


def arithmetic(kind: Kind, left: Node, right: Node) -> Node:
    level = _BINDING[kind]
    return make(kind, this=wrap(left, level), expression=wrap(right, level + 1))


def add(left: Node, right: Node) -> Node:
    return arithmetic(exp.Add, left, right)


def sub(left: Node, right: Node) -> Node:
    return arithmetic(exp.Sub, left, right)


def mul(left: Node, right: Node) -> Node:
    return arithmetic(exp.Mul, left, right)


def neg(node: Node) -> Node:
    return make(exp.Neg, this=wrap(node, POSTFIX))


def operator(kind: Kind, left: Node, right: Node) -> Node:
    """An operator of which engines differ in how tightly it binds."""
    return make(kind, this=wrap(left, ATOM), expression=wrap(right, ATOM))


def concat(*parts: Node) -> Node:
    joined = wrap(parts[0], POSTFIX)
    for part in parts[1:]:
        joined = make(exp.DPipe, this=joined, expression=wrap(part, POSTFIX))
    return joined


def collate(node: Node, name: str) -> Node:
    return make(exp.Collate, this=wrap(node, ATOM), expression=identifier(name))


def all_of(*tests: Node | None) -> Node | None:
    """The tests joined by AND, in one level; None where there is none."""
    joined: Node | None = None
    for test in tests:
        if test is not None:
            for part in _conjuncts(test):
                joined = (
                    part
                    if joined is None
                    else make(exp.And, this=wrap(joined, AND), expression=wrap(part, NOT))
                )
    return joined


def _conjuncts(test: Node) -> list[Node]:
    if test.kind is not exp.And:
        return [test]
    parts: list[Node] = []
    while test.kind is exp.And:
        parts.append(test.args["expression"])
        test = test.args["this"]
    parts.append(test)
    return parts[::-1]


def any_of(first: Node, *tests: Node) -> Node:
    joined = first
    for test in tests:
        joined = make(exp.Or, this=wrap(joined, OR), expression=wrap(test, AND))
    return joined


def negate(node: Node) -> Node:
    if _written_within(node):
        inner: Node = node.args["this"]
        return inner
    if node.kind in _NEGATED:
        return make(exp.Not, this=node)
    opposite = _OPPOSITES.get(node.kind)
    if opposite is not None:
        return Node(opposite, node.args)
    return make(exp.Not, this=wrap(node, NOT))


def is_null(node: Node) -> Node:
    return make(exp.Is, this=wrap(node, OTHER), expression=make(exp.Null))


def is_not_null(node: Node) -> Node:
    return make(exp.Not, this=is_null(node))


def is_true(node: Node) -> Node:
    return make(exp.Is, this=wrap(node, OTHER), expression=make(exp.Boolean, this=True))


def between(node: Node, low: Node, high: Node) -> Node:
    return make(exp.Between, this=wrap(node, OTHER), low=wrap(low, OTHER), high=wrap(high, OTHER))


def is_in(node: Node, values: list[Node]) -> Node:
    return make(exp.In, this=wrap(node, OTHER), expressions=values)


def is_in_query(keys: list[Node], query: Node) -> Node:
    left = wrap(keys[0], OTHER) if len(keys) == 1 else make(exp.Tuple, expressions=keys)
    return make(exp.In, this=left, query=make(exp.Subquery, this=query))


def case(whens: list[tuple[Node, Node]], otherwise: Node | None) -> Node:
    return make(exp.Case, ifs=[make(exp.If, this=test, true=then) for test, then in whens], default=otherwise)


def like(node: Node, pattern: str, escaped: bool) -> Node:
    found = make(exp.Like, this=wrap(node, OTHER), expression=text(pattern))
    return make(exp.Escape, this=found, expression=text("\\")) if escaped else found


def count_rows() -> Node:
    return make(exp.Count, this=make(exp.Star), big_int=True)


def count(node: Node) -> Node:
    return make(exp.Count, this=node, big_int=True)


def count_distinct(keys: list[Node]) -> Node:
    one = keys[0] if len(keys) == 1 else make(exp.Tuple, expressions=keys)
    return make(exp.Count, this=make(exp.Distinct, expressions=[one]), big_int=True)


def filtered(aggregate: Node, where: Node | None) -> Node:
    return (
        aggregate
        if where is None
        else make(exp.Filter, this=aggregate, expression=make(exp.Where, this=where))
    )


def within_group(aggregate: str, fraction: str, order: Node) -> Node:
    kind = {"PERCENTILE_CONT": exp.PercentileCont, "PERCENTILE_DISC": exp.PercentileDisc}[aggregate]
    ordered = make(exp.Ordered, this=order, nulls_first=False)
    return make(
        exp.WithinGroup,
        this=make(kind, this=number(fraction)),
        expression=make(exp.Order, expressions=[ordered]),
    )


def extract(field: str, node: Node) -> Node:
    return make(exp.Extract, this=make(exp.Var, this=field), expression=wrap(node, ADD))


def windowed(aggregate: Node, partition: list[Node]) -> Node:
    return make(exp.Window, this=aggregate, partition_by=partition or None, over="OVER")


def alias(node: Node, name: str) -> Node:
    return make(exp.Alias, this=node, alias=identifier(name))


def table(path: tuple[str, ...], name: str | None = None) -> Node:
    parts = [identifier(part) for part in path]
    named = None if name is None else make(exp.TableAlias, this=identifier(name))
    return make(
        exp.Table,
        this=parts[-1],
        db=parts[-2] if len(parts) > 1 else None,
        catalog=parts[-3] if len(parts) > 2 else None,
        alias=named,
    )


def subquery(query: Node, name: str) -> Node:
    return make(exp.Subquery, this=query, alias=make(exp.TableAlias, this=identifier(name)))


def exists(query: Node) -> Node:
    return make(exp.Exists, this=query)


def select(
    items: list[Node],
    source: Node,
    where: Node | None = None,
    group: list[Node] | None = None,
    having: Node | None = None,
    join: tuple[Node, Node] | None = None,
) -> Node:
    """`join` is another source and the condition that its rows meet."""
    return make(
        exp.Select,
        expressions=items,
        from_=make(exp.From, this=source),
        joins=None if join is None else [make(exp.Join, this=join[0], on=join[1])],
        where=None if where is None else make(exp.Where, this=where),
        group=None if not group else make(exp.Group, expressions=group),
        having=None if having is None else make(exp.Having, this=having),
    )
