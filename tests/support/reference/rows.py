"""Expressions of one row. NULL is None; a condition is True, False or None, which is unknown."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import TypeAlias, assert_never

from assay.compiler import ir
from tests.support.reference.casts import cast
from tests.support.reference.functions import apply
from tests.support.reference.values import RowError, Value, of_scalar

Row: TypeAlias = Mapping[str, Value]
Binds: TypeAlias = Mapping[str, Value]


def value_of(e: ir.Expr, row: Row, binds: Binds) -> Value:
    """Raises RowError where there is no value, such as a division by zero."""
    match e:
        case ir.Literal(value, type_):
            return of_scalar(value, type_)
        case ir.Column(name):
            return row[name]
        case ir.Bind(name):
            return binds[name]
        case ir.Matches(operand, pattern):
            text = value_of(operand, row, binds)
            return None if text is None else compiled(pattern).search(str(text)) is not None
        case ir.Case(whens, otherwise):
            for condition, result in whens:
                if is_true(condition, row, binds):
                    return value_of(result, row, binds)
            return None if otherwise is None else value_of(otherwise, row, binds)
        case ir.Cast(operand, type_, lenient):
            given = value_of(operand, row, binds)
            try:
                return cast(given, operand.type, type_)
            except RowError:
                if lenient:
                    return None
                raise
        case ir.Call("and", args):
            return _chain(args, row, binds, decided=False)
        case ir.Call("or", args):
            return _chain(args, row, binds, decided=True)
        case ir.Call("coalesce", args):
            return next((v for v in (value_of(a, row, binds) for a in args) if v is not None), None)
        case ir.Call():
            return apply(e, [value_of(a, row, binds) for a in e.args])
        case _:
            assert_never(e)


def is_true(e: ir.Expr | None, row: Row, binds: Binds) -> bool:
    """Whether a condition is true; no condition is always true."""
    return e is None or value_of(e, row, binds) is True


def _chain(args: tuple[ir.Expr, ...], row: Row, binds: Binds, *, decided: bool) -> Value:
    """`and` is decided by the first false, `or` by the first true; else unknown wins."""
    unknown = False
    for arg in args:
        found = value_of(arg, row, binds)
        if found is decided:
            return decided
        unknown = unknown or found is None
    return None if unknown else not decided


@lru_cache(maxsize=1000)
def compiled(pattern: str) -> re.Pattern[str]:
    r"""A portable pattern for Python: `^` and `$` are the ends of the whole text, \d \w \s are ASCII."""
    out: list[str] = []
    inside = False
    at = 0
    while at < len(pattern):
        sign = pattern[at]
        if sign == "\\":
            out.append(pattern[at : at + 2])
            at += 2
            continue
        if inside:
            inside = sign != "]"
        elif sign == "[":
            inside = True
            if pattern.startswith("[^", at):
                out.append("[^")
                at += 2
                continue
        elif sign in "^$":
            sign = r"\A" if sign == "^" else r"\Z"
        out.append(sign)
        at += 1
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)
        return re.compile("".join(out), re.ASCII)


def nodes(e: ir.Expr) -> Iterator[ir.Expr]:
    """The expression and all within it."""
    yield e
    match e:
        case ir.Call(_, args):
            below = args
        case ir.Matches(operand) | ir.Cast(operand):
            below = (operand,)
        case ir.Case(whens, otherwise):
            below = (*(part for when in whens for part in when), *((otherwise,) if otherwise else ()))
        case ir.Literal() | ir.Column() | ir.Bind():
            below = ()
        case _:
            assert_never(e)
    for part in below:
        yield from nodes(part)


def columns_of(*parts: ir.Expr | None) -> set[str]:
    return {n.name for part in parts if part is not None for n in nodes(part) if isinstance(n, ir.Column)}
