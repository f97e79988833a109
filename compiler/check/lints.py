"""Warnings for what is allowed and probably not meant."""

from __future__ import annotations

import re

from assay.compiler import ast
from assay.compiler.check.context import ColumnInfo, Context
from assay.compiler.diagnostics import Label
from assay.compiler.regex import parse_regex, spell
from assay.compiler.resolve.walk import walk
from assay.compiler.source import Span


def misread(ctx: Context, condition: ast.Expr) -> None:
    """A condition such as `status <> 'void'` that leaves rows out because the value is null."""
    handled: set[str] = set()
    suspects: list[tuple[str, Span]] = []
    for node in walk(condition):
        match node:
            case ast.IsNull(operand=ast.Ref() as ref):
                handled.add(str(ref.path))
            case ast.Call() if str(node.function).lower() == "coalesce":
                handled.update(str(a.path) for a in node.args if isinstance(a, ast.Ref))
            case ast.Binary(op="<>"):
                suspects.extend(
                    (str(s.path), node.span) for s in (node.left, node.right) if isinstance(s, ast.Ref)
                )
            case ast.InList(negated=True) | ast.Like(negated=True) | ast.Matches(negated=True):
                if isinstance(node.operand, ast.Ref):
                    suspects.append((str(node.operand.path), node.span))
            case _:
                pass
    for name, span in suspects:
        info = ctx.columns.get(name)
        if info is not None and not info.required and name not in handled:
            ctx.sink.add("W301", span, name=name, labels=ctx.declared(name))


def contradictions(ctx: Context, info: ColumnInfo) -> None:
    """Clauses of one column that no value, or not all of the listed ones, can keep at once."""
    lists = [
        c for c in info.decl.clauses if isinstance(c, ast.InClause) and not c.negated and not c.mods.where
    ]
    if not lists:
        return
    for clause in info.decl.clauses:
        match clause:
            case ast.MatchesClause() if clause.mods.where is None:
                pattern = ctx.pattern(clause.pattern)
                if pattern is None:
                    continue
                found = re.compile(spell(parse_regex(pattern), "\\Z"))
                for item in lists[0].items:
                    if isinstance(item, ast.Text) and not found.search(item.value):
                        _conflict(
                            ctx,
                            item.span,
                            item.value,
                            "does not match the pattern of its column",
                            clause.span,
                        )
            case ast.LengthClause() if clause.mods.where is None:
                for item in lists[0].items:
                    if isinstance(item, ast.Text) and not _within(len(item.value), clause.bound):
                        _conflict(
                            ctx, item.span, item.value, "has a length that its column rules out", clause.span
                        )
            case ast.BetweenClause(low=ast.Number() as low, high=ast.Number() as high) if (
                not clause.mods.where
            ):
                for item in lists[0].items:
                    if isinstance(item, ast.Number) and not low.value <= item.value <= high.value:
                        _conflict(
                            ctx, item.span, item.text, "lies outside of the range of its column", clause.span
                        )
            case _:
                pass


def _conflict(ctx: Context, span: Span, value: str, how: str, other: Span) -> None:
    ctx.sink.add("E338", span, value=value, how=how, labels=(Label(other, "this clause"),))


def _within(length: int, bound: ast.Bound) -> bool:
    match bound:
        case ast.BetweenBound(low=ast.Number() as low, high=ast.Number() as high):
            return low.value <= length <= high.value
        case ast.CompareBound(value=ast.Number() as limit):
            n = limit.value
            holds = {
                "=": length == n,
                "<>": length != n,
                "<": length < n,
                "<=": length <= n,
                ">": length > n,
                ">=": length >= n,
            }
            return holds[bound.op]
        case _:
            return True


def implied_keys(ctx: Context, statement: ast.Unique) -> None:
    """`unique (a, b)` where `a` is unique by itself says nothing more."""
    if statement.mods.where is not None or statement.mods.at_least is not None:
        return
    for name in statement.columns:
        info = ctx.columns.get(name.text)
        if info is not None and info.unique and len(statement.columns) > 1:
            ctx.sink.add("W304", statement.span, name=name.text, labels=ctx.declared(name.text))
            return
