"""One function per production of an expression: parts -> node. The grammar names them.

Every function takes the same arguments, used or not: the builder, the parts, where they start and end.
"""
# ruff: noqa: ARG001

from __future__ import annotations

import re
from typing import Any, cast

from assay.compiler import ast
from assay.compiler.parse.builder import Builder, Maker, Parts
from assay.compiler.parse.lexer import Token

_TEMPORAL = re.compile(r"(\w+)\s*'(.*)'", re.DOTALL)
_COMPARISONS = ("=", "<>", "<", "<=", ">", ">=")


def name(b: Builder, p: Parts, s: int, e: int) -> ast.Name:
    token: Token = p[0]
    if token.kind == "QUOTED":
        return ast.Name(b.span(s, e), token.text[1:-1].replace("``", "`"), True)
    return ast.Name(b.span(s, e), token.text)


def path(b: Builder, p: Parts, s: int, e: int) -> ast.Path:
    return ast.Path(b.span(s, e), (p[0],))


def longer_path(b: Builder, p: Parts, s: int, e: int) -> ast.Path:
    return ast.Path(b.span(s, e), (*p[0].parts, p[2]))


def number(b: Builder, p: Parts, s: int, e: int) -> ast.Number:
    span = b.span(s, e)
    return ast.Number(span, b.decimal(p[0].text, span), p[0].text)


def percent(b: Builder, p: Parts, s: int, e: int) -> ast.Percent:
    span = b.span(s, e)
    return ast.Percent(span, b.decimal(p[0].text[:-1], span))


def interval(b: Builder, p: Parts, s: int, e: int) -> ast.Interval:
    count = b.decimal(p[0].text, b.of(p[0]))
    return ast.Interval(b.span(s, e), count, cast(ast.Unit, p[1].text.lower().removesuffix("s")))


def text(b: Builder, p: Parts, s: int, e: int) -> ast.Text:
    return ast.Text(b.span(s, e), p[0].text[1:-1].replace("''", "'"))


def temporal(b: Builder, p: Parts, s: int, e: int) -> ast.Temporal:
    found = _TEMPORAL.fullmatch(p[0].text)
    if found is None:
        raise AssertionError("the grammar's TEMPORAL has both parts")
    kind = cast(Any, found[1].lower())
    return ast.Temporal(b.span(s, e), kind, found[2].replace("''", "'"))


def yes(b: Builder, p: Parts, s: int, e: int) -> ast.Boolean:
    return ast.Boolean(b.span(s, e), True)


def no(b: Builder, p: Parts, s: int, e: int) -> ast.Boolean:
    return ast.Boolean(b.span(s, e), False)


def null(b: Builder, p: Parts, s: int, e: int) -> ast.Null:
    return ast.Null(b.span(s, e))


def regex(b: Builder, p: Parts, s: int, e: int) -> ast.Regex:
    return ast.Regex(b.span(s, e), p[0].text[1:-1].replace("\\/", "/"))


def ref(b: Builder, p: Parts, s: int, e: int) -> ast.Ref:
    return ast.Ref(b.span(s, e), p[0])


def call(b: Builder, p: Parts, s: int, e: int) -> ast.Call:
    return ast.Call(b.span(s, e), p[0], tuple(p[2]))


def call_without_args(b: Builder, p: Parts, s: int, e: int) -> ast.Call:
    return ast.Call(b.span(s, e), p[0], ())


def share_of(b: Builder, p: Parts, s: int, e: int) -> ast.ShareOf:
    span = b.of(p[0])
    return ast.ShareOf(b.span(s, e), ast.Percent(span, b.decimal(p[0].text[:-1], span)), p[2])


def unary(b: Builder, p: Parts, s: int, e: int) -> ast.Unary:
    return ast.Unary(b.span(s, e), p[0].text.lower(), p[1])


def binary(b: Builder, p: Parts, s: int, e: int) -> ast.Binary:
    op = p[1].text.lower()
    if op in _COMPARISONS:
        compared_with_null(b, p[1], p[2])
    return ast.Binary(b.span(s, e), op, b.of(p[1]), p[0], p[2])


def compared_with_null(b: Builder, sign: Token, value: ast.Expr) -> None:
    if isinstance(value, ast.Null):
        offer = "is not null" if sign.text == "<>" else "is null"
        b.sink.add("E114", b.of(sign).to(value.span), suggestion=offer, op=sign.text)


def between(b: Builder, p: Parts, s: int, e: int) -> ast.Between:
    node = ast.Between(b.span(s, e), p[0], p[2], p[4], False)
    b.word_starts[id(node)] = p[1].start
    return node


def not_between(b: Builder, p: Parts, s: int, e: int) -> ast.Between:
    return ast.Between(b.span(s, e), p[0], p[3], p[5], True)


def in_list(b: Builder, p: Parts, s: int, e: int) -> ast.InList:
    return ast.InList(b.span(s, e), p[0], tuple(p[3]), False)


def not_in_list(b: Builder, p: Parts, s: int, e: int) -> ast.InList:
    return ast.InList(b.span(s, e), p[0], tuple(p[4]), True)


def is_null(b: Builder, p: Parts, s: int, e: int) -> ast.IsNull:
    return ast.IsNull(b.span(s, e), p[0], False)


def is_not_null(b: Builder, p: Parts, s: int, e: int) -> ast.IsNull:
    return ast.IsNull(b.span(s, e), p[0], True)


def like(b: Builder, p: Parts, s: int, e: int) -> ast.Like:
    return ast.Like(b.span(s, e), p[0], p[2], False)


def not_like(b: Builder, p: Parts, s: int, e: int) -> ast.Like:
    return ast.Like(b.span(s, e), p[0], p[3], True)


def matches(b: Builder, p: Parts, s: int, e: int) -> ast.Matches:
    return ast.Matches(b.span(s, e), p[0], p[2], False)


def not_matches(b: Builder, p: Parts, s: int, e: int) -> ast.Matches:
    return ast.Matches(b.span(s, e), p[0], p[3], True)


def when(b: Builder, p: Parts, s: int, e: int) -> ast.When:
    return ast.When(b.span(s, e), p[1], p[3])


def case(b: Builder, p: Parts, s: int, e: int) -> ast.Case:
    return ast.Case(b.span(s, e), None, tuple(p[1]), p[2])


def case_of(b: Builder, p: Parts, s: int, e: int) -> ast.Case:
    return ast.Case(b.span(s, e), p[1], tuple(p[2]), p[3])


def make_cast(b: Builder, p: Parts, s: int, e: int) -> ast.Cast:
    return ast.Cast(b.span(s, e), p[2], p[4], p[0].kind == "TRY_CAST")


def history(b: Builder, p: Parts, s: int, e: int) -> ast.History:
    return ast.History(b.span(s, e), p[0], b.whole(p[3]), window(p[4]))


def window(token: Token) -> Any:
    return "days" if token.text[0] in "dD" else "runs"


# ---------------------------------------------------------------- types


def plain_type(b: Builder, p: Parts, s: int, e: int) -> ast.TypeName:
    return ast.TypeName(b.span(s, e), p[0].text.lower())


def sized_type(b: Builder, p: Parts, s: int, e: int) -> ast.TypeName:
    words = p[0].text.lower() if len(p) == 4 else f"{p[0].text.lower()} {p[4]}"
    return ast.TypeName(b.span(s, e), words, tuple(b.whole(n) for n in p[2]))


def varying_type(b: Builder, p: Parts, s: int, e: int) -> ast.TypeName:
    return ast.TypeName(b.span(s, e), f"{p[0].text.lower()} varying", tuple(b.whole(n) for n in p[3]))


def long_type(b: Builder, p: Parts, s: int, e: int) -> ast.TypeName:
    return ast.TypeName(b.span(s, e), f"{p[0].text.lower()} {p[1]}")


def array_type(b: Builder, p: Parts, s: int, e: int) -> ast.TypeName:
    return ast.TypeName(b.span(s, e), "array", (), p[2])


def words(b: Builder, p: Parts, s: int, e: int) -> str:
    return " ".join(token.text.lower() for token in p)


# ---------------------------------------------------------------- lists and single parts


def empty(b: Builder, p: Parts, s: int, e: int) -> Parts:
    return []


def first(b: Builder, p: Parts, s: int, e: int) -> Parts:
    return [p[0]]


def append(b: Builder, p: Parts, s: int, e: int) -> Parts:
    p[0].append(p[1])
    return cast(Parts, p[0])


def append_after_comma(b: Builder, p: Parts, s: int, e: int) -> Parts:
    p[0].append(p[2])
    return cast(Parts, p[0])


def nothing(b: Builder, p: Parts, s: int, e: int) -> None:
    return None


def pick(b: Builder, p: Parts, s: int, e: int) -> Any:
    return p[0]


def second(b: Builder, p: Parts, s: int, e: int) -> Any:
    return p[1]


MAKERS: dict[str, Maker] = {
    maker.__name__: maker
    for maker in (
        name, path, longer_path, number, percent, interval, text, temporal, yes, no, null, regex, ref, call,
        call_without_args, share_of, unary, binary, between, not_between, in_list, not_in_list, is_null,
        is_not_null, like, not_like, matches, not_matches, when, case, case_of, history, plain_type,
        sized_type, varying_type, long_type, array_type, words, empty, first, append, append_after_comma,
        nothing, pick, second,
    )
} | {"cast": make_cast, "inner": second, "opt_else": second}  # fmt: skip
