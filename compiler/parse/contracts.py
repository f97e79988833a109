"""One function per production of a file, a contract and its other statements: parts -> node.

Every function takes the same arguments, used or not: the builder, the parts, where they start and end.
"""
# ruff: noqa: ARG001

from __future__ import annotations

from typing import Any

from assay.compiler import ast
from assay.compiler.parse.builder import Builder, Maker, Parts
from assay.compiler.parse.lexer import Token
from assay.compiler.parse.statements import gather
from assay.compiler.tree import replace

# The name of a contract that recovery opens for statements found outside of one; no author can write it.
REOPENED = ""
# The name of a contract whose author gave it none: what follows is read all the same.
UNNAMED = "unnamed"


def start(b: Builder, p: Parts, s: int, e: int) -> ast.File:
    imports: list[ast.Import] = []
    definitions: list[ast.Format | ast.Let] = []
    contracts: list[ast.Contract] = []
    for part in p[0]:
        match part:
            case ast.Import():
                imports.append(part)
            case ast.Contract() if str(part.name) == REOPENED:
                if contracts:
                    last = contracts[-1]
                    items = last.items + part.items
                    contracts[-1] = replace(last, span=last.span.to(part.span), items=items)
            case ast.Contract():
                contracts.append(part)
            case _:
                definitions.append(part)
    return ast.File(b.file, tuple(imports), tuple(definitions), tuple(contracts))


def import_file(b: Builder, p: Parts, s: int, e: int) -> ast.Import:
    return ast.Import(b.span(s, e), prose_text(b, p[1]))


def prose_text(b: Builder, token: Token) -> ast.Text:
    return ast.Text(b.of(token), b.prose(token))


def opt_prose(b: Builder, token: Token | None) -> str | None:
    return None if token is None else b.prose(token)


def make_format(b: Builder, p: Parts, s: int, e: int) -> ast.Format:
    token: Token = p[3]
    pattern = ast.Regex(b.of(token), token.text[1:-1].replace("\\/", "/"))
    return ast.Format(b.span(s, e), p[1], opt_prose(b, p[2]), pattern)


def let(b: Builder, p: Parts, s: int, e: int) -> ast.Let:
    return ast.Let(b.span(s, e), p[1], (), p[3])


def let_with_params(b: Builder, p: Parts, s: int, e: int) -> ast.Let:
    return ast.Let(b.span(s, e), p[1], tuple(p[3]), p[6])


def version(b: Builder, p: Parts, s: int, e: int) -> Token:
    token: Token = p[1]
    return token


def contract(b: Builder, p: Parts, s: int, e: int) -> ast.Contract:
    token: Token | None = p[2]
    known = token is not None and token.text != ""
    return ast.Contract(
        b.span(s, e),
        p[1],
        token.text if token is not None and known else None,
        b.of(token) if token is not None and known else None,
        opt_prose(b, p[4]),
        tuple(p[5]),
    )


def dataset(b: Builder, p: Parts, s: int, e: int) -> ast.Dataset:
    return ast.Dataset(b.span(s, e), p[1])


def owner(b: Builder, p: Parts, s: int, e: int) -> ast.Owner:
    return ast.Owner(b.span(s, e), b.prose(p[1]), p[2].text[1:-1] if len(p) == 3 else None)


def tags(b: Builder, p: Parts, s: int, e: int) -> ast.Tags:
    return ast.Tags(b.span(s, e), tuple(p[1]))


def tag(b: Builder, p: Parts, s: int, e: int) -> ast.Tag:
    return ast.Tag(b.span(s, e), p[0], p[2])


def schedule(b: Builder, p: Parts, s: int, e: int) -> ast.Schedule:
    return ast.Schedule(b.span(s, e), prose_text(b, p[2]), None)


def schedule_in_zone(b: Builder, p: Parts, s: int, e: int) -> ast.Schedule:
    return ast.Schedule(b.span(s, e), prose_text(b, p[2]), prose_text(b, p[4]))


def param(b: Builder, p: Parts, s: int, e: int) -> ast.Param:
    return ast.Param(b.span(s, e), p[1], p[2], p[4] if len(p) == 5 else None)


def make_filter(b: Builder, p: Parts, s: int, e: int) -> ast.Filter:
    return ast.Filter(b.span(s, e), p[1])


def filter_within(b: Builder, p: Parts, s: int, e: int) -> ast.FilterWithin:
    return ast.FilterWithin(b.span(s, e), p[3], p[5])


def schema(b: Builder, p: Parts, s: int, e: int) -> ast.Schema:
    return ast.Schema(b.span(s, e), p[1].text.lower())


def unique(b: Builder, p: Parts, s: int, e: int) -> ast.Unique:
    return ast.Unique(b.span(s, e), tuple(p[2]), gather(b, p[4]))


def references(b: Builder, p: Parts, s: int, e: int) -> ast.References:
    return ast.References(b.span(s, e), tuple(p[2]), p[5], tuple(p[7]), gather(b, p[9]))


def rule(b: Builder, p: Parts, s: int, e: int) -> ast.Rule:
    return ast.Rule(b.span(s, e), p[1], opt_prose(b, p[2]), None, p[4], gather(b, p[5]))


def rule_when(b: Builder, p: Parts, s: int, e: int) -> ast.Rule:
    return ast.Rule(b.span(s, e), p[1], opt_prose(b, p[2]), p[5], p[7], gather(b, p[8]))


def rule_sql(b: Builder, p: Parts, s: int, e: int) -> ast.Rule:
    return ast.Rule(b.span(s, e), p[1], opt_prose(b, p[2]), None, p[5], gather(b, p[6]))


def reconcile(b: Builder, p: Parts, s: int, e: int) -> ast.Reconcile:
    condition = p[5].value if p[5] is not None else None
    return ast.Reconcile(b.span(s, e), p[2], tuple(p[4]), condition, tuple(p[7]))


def match_columns(b: Builder, p: Parts, s: int, e: int) -> ast.Match:
    return ast.Match(b.span(s, e), tuple(p[1]), gather(b, p[2]))


def option(b: Builder, p: Parts, s: int, e: int) -> Parts:
    return [b.of(p[0]), p[0].kind, p[1]]


def kept_column(b: Builder, p: Parts, s: int, e: int) -> ast.KeptColumn:
    return ast.KeptColumn(b.span(s, e), p[0], p[2].text.lower() if len(p) > 1 else None, 0)


def kept_prefix(b: Builder, p: Parts, s: int, e: int) -> ast.KeptColumn:
    return ast.KeptColumn(b.span(s, e), p[0], "prefix", b.whole(p[3]))


def failed_rows(b: Builder, p: Parts, s: int, e: int) -> ast.FailedRows:
    found: dict[str, Any] = {}
    for span, kind, value in p[3]:
        if kind in found:
            b.sink.add("E137", span, word=kind.lower())
        else:
            found[kind] = value
    names = tuple(found["COLUMNS"]) if "COLUMNS" in found else None
    return ast.FailedRows(b.span(s, e), found.get("KEEP"), names, found.get("FOR"))


def expectation(b: Builder, p: Parts, s: int, e: int) -> ast.Expectation:
    count = b.whole(p[3]) if len(p) == 4 else None
    return ast.Expectation(b.span(s, e), p[1], p[2].text.lower(), count)


def example(b: Builder, p: Parts, s: int, e: int) -> ast.Example:
    header, cells = p[3], p[4]
    width = len(header)
    whole = len(cells) - len(cells) % width
    if whole < len(cells):
        span = cells[whole].span.to(cells[-1].span)
        b.sink.add("E141", span, found=str(len(cells) - whole), expected=str(width))
    rows = tuple(tuple(cells[i : i + width]) for i in range(0, whole, width))
    return ast.Example(b.span(s, e), b.prose(p[1]), tuple(header), rows, tuple(p[5]))


MAKERS: dict[str, Maker] = {
    maker.__name__: maker
    for maker in (
        start, import_file, let, let_with_params, version, contract, dataset, owner, tags, tag, schedule,
        schedule_in_zone, param, filter_within, schema, unique, references, rule, rule_when, rule_sql,
        reconcile, kept_column, kept_prefix, failed_rows, expectation, example,
    )
} | {
    "format": make_format, "filter": make_filter, "match": match_columns, "keep": option,
    "failed_columns": option, "retention": option,
}  # fmt: skip
