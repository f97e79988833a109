"""The parts of an expression, and the names in it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import assert_never

from assay.compiler import ast


def parts(e: ast.Expr) -> tuple[ast.Expr, ...]:
    """The expressions that an expression is made of."""
    match e:
        case ast.Ref() | ast.Number() | ast.Text() | ast.Percent() | ast.Boolean() | ast.Null():
            return ()
        case ast.Interval() | ast.Temporal() | ast.Regex():
            return ()
        case ast.Binary():
            return (e.left, e.right)
        case ast.Call():
            return e.args
        case ast.Unary() | ast.IsNull() | ast.Matches() | ast.Cast() | ast.History() | ast.ShareOf():
            return (e.operand,)
        case ast.Between():
            return (e.operand, e.low, e.high)
        case ast.InList():
            return (e.operand, *e.items)
        case ast.Like():
            return (e.operand, e.pattern)
        case ast.Case():
            whens = tuple(x for w in e.whens for x in (w.condition, w.result))
            return (*((e.operand,) if e.operand else ()), *whens, *((e.otherwise,) if e.otherwise else ()))
        case _:
            assert_never(e)


def walk(e: ast.Expr) -> Iterator[ast.Expr]:
    """The expression and everything in it, from left to right."""
    stack = [e]
    while stack:
        top = stack.pop()
        yield top
        stack.extend(reversed(parts(top)))


def names(e: ast.Expr) -> Iterator[str]:
    """The plain names that an expression uses: columns, lets, parameters, functions and formats."""
    for node in walk(e):
        match node:
            case ast.Ref() if len(node.path.parts) == 1:
                yield node.path.parts[0].text
            case ast.Call() if len(node.function.parts) == 1:
                yield node.function.parts[0].text
            case ast.Matches() if isinstance(node.pattern, ast.Name):
                yield node.pattern.text
            case _:
                pass
