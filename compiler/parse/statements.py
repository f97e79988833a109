"""One function per production of a statement: parts -> node. The grammar names them.

Every function takes the same arguments, used or not: the builder, the parts, where they start and end.
"""
# ruff: noqa: ARG001

from __future__ import annotations

from typing import Any, cast

from assay.compiler import ast
from assay.compiler.parse.builder import Builder, Maker, Parts
from assay.compiler.parse.expressions import compared_with_null, window
from assay.compiler.source import Span
from assay.compiler.tree import Node, replace

# Words of clauses, which nobody means as a type.
NOT_TYPES = frozenset(
    (
        "required",
        "optional",
        "sensitive",
        "unique",
        "missing",
        "matches",
        "length",
        "references",
        "in",
        "not",
        "between",
    )
)
NO_MODIFIERS = ast.Modifiers()


class Modifier(Node, frozen=True):
    """One modifier before it is gathered: the field of ast.Modifiers it fills."""

    span: Span
    field: str
    value: Any


def at_least(b: Builder, p: Parts, s: int, e: int) -> Modifier:
    span = b.of(p[3])
    percent = ast.Percent(span, b.decimal(p[3].text[:-1], span))
    return Modifier(b.span(s, e), "at_least", percent)


def where(b: Builder, p: Parts, s: int, e: int) -> Modifier:
    return Modifier(b.span(s, e), "where", p[1])


def by(b: Builder, p: Parts, s: int, e: int) -> Modifier:
    return Modifier(b.span(s, e), "by", tuple(p[1]))


def label(b: Builder, p: Parts, s: int, e: int) -> Modifier:
    return Modifier(b.span(s, e), "label", p[1])


def was(b: Builder, p: Parts, s: int, e: int) -> Modifier:
    return Modifier(b.span(s, e), "was", p[1])


def release(b: Builder, p: Parts, s: int, e: int) -> Modifier:
    span = b.span(s, e)
    return Modifier(span, "release", span)


def level(b: Builder, p: Parts, s: int, e: int) -> Modifier:
    span = b.span(s, e)
    return Modifier(span, "level", ast.Level(span, p[1].text.lower()))


def gather(b: Builder, given: list[Modifier]) -> ast.Modifiers:
    if not given:
        return NO_MODIFIERS
    fields: dict[str, Any] = {}
    spans: dict[str, Span] = {}
    for one in given:
        if one.field in fields:
            b.sink.add("E137", one.span, word=_FIELD_WORDS[one.field])
        else:
            fields[one.field] = one.value
            spans[one.field] = one.span
    return ast.Modifiers(**fields)


_FIELD_WORDS = {
    "at_least": "for at least",
    "where": "where",
    "by": "by",
    "label": "as",
    "was": "was",
    "release": "release value",
    "level": "else",
}

# ---------------------------------------------------------------- columns


def column(b: Builder, p: Parts, s: int, e: int) -> ast.Column:
    clauses: list[ast.Clause] = []
    given: list[Modifier] = []
    for part in p[4]:
        if isinstance(part, Modifier):
            given.append(part)
            continue
        if given:
            _modify_last(b, clauses, given)
            given = []
        clauses.append(part)
    if given:
        _modify_last(b, clauses, given)
    prose = b.prose(p[3]) if p[3] is not None else None
    kind: ast.TypeName = p[2]
    if kind.name in NOT_TYPES:
        # `column x required`: a clause stands where the type should.
        b.sink.add("E119", p[1].span, name=p[1].text)
        kind = ast.TypeName(kind.span, "any")
    return ast.Column(b.span(s, e), p[1], kind, tuple(clauses), prose)


def _modify_last(b: Builder, clauses: list[ast.Clause], given: list[Modifier]) -> None:
    last = clauses[-1] if clauses else None
    match last:
        case None | ast.Optional() | ast.Sensitive() | ast.MissingValues() | ast.MissingPattern():
            b.sink.add("E146", given[0].span, word=_FIELD_WORDS[given[0].field])
        case _:
            span = last.span.to(given[-1].span)
            clauses[-1] = replace(last, span=span, mods=gather(b, given))


def required(b: Builder, p: Parts, s: int, e: int) -> ast.Required:
    return ast.Required(b.span(s, e), NO_MODIFIERS)


def optional(b: Builder, p: Parts, s: int, e: int) -> ast.Optional:
    return ast.Optional(b.span(s, e))


def sensitive(b: Builder, p: Parts, s: int, e: int) -> ast.Sensitive:
    return ast.Sensitive(b.span(s, e))


def unique_clause(b: Builder, p: Parts, s: int, e: int) -> ast.UniqueClause:
    return ast.UniqueClause(b.span(s, e), NO_MODIFIERS)


def missing_values(b: Builder, p: Parts, s: int, e: int) -> ast.MissingValues:
    return ast.MissingValues(b.span(s, e), tuple(p[2]))


def missing_pattern(b: Builder, p: Parts, s: int, e: int) -> ast.MissingPattern:
    return ast.MissingPattern(b.span(s, e), p[2])


def in_clause(b: Builder, p: Parts, s: int, e: int) -> ast.InClause:
    return ast.InClause(b.span(s, e), tuple(p[2]), False, NO_MODIFIERS)


def not_in_clause(b: Builder, p: Parts, s: int, e: int) -> ast.InClause:
    return ast.InClause(b.span(s, e), tuple(p[3]), True, NO_MODIFIERS)


def between_clause(b: Builder, p: Parts, s: int, e: int) -> ast.BetweenClause:
    return ast.BetweenClause(b.span(s, e), p[1], p[3], NO_MODIFIERS)


def compare_clause(b: Builder, p: Parts, s: int, e: int) -> ast.CompareClause:
    compared_with_null(b, p[0], p[1])
    return ast.CompareClause(b.span(s, e), p[0].text, p[1], NO_MODIFIERS)


def matches_clause(b: Builder, p: Parts, s: int, e: int) -> ast.MatchesClause:
    return ast.MatchesClause(b.span(s, e), p[1], NO_MODIFIERS)


def length_clause(b: Builder, p: Parts, s: int, e: int) -> ast.LengthClause:
    return ast.LengthClause(b.span(s, e), p[1], NO_MODIFIERS)


def references_clause(b: Builder, p: Parts, s: int, e: int) -> ast.ReferencesClause:
    return ast.ReferencesClause(b.span(s, e), p[1], NO_MODIFIERS)


# ---------------------------------------------------------------- checks


def compare_bound(b: Builder, p: Parts, s: int, e: int) -> ast.CompareBound:
    compared_with_null(b, p[0], p[1])
    return ast.CompareBound(b.span(s, e), p[0].text, p[1])


def between_bound(b: Builder, p: Parts, s: int, e: int) -> ast.BetweenBound:
    return ast.BetweenBound(b.span(s, e), p[1], p[3])


def sigma_bound(b: Builder, p: Parts, s: int, e: int) -> ast.SigmaBound:
    return ast.SigmaBound(b.span(s, e), p[1].value, b.whole(p[5]), window(p[6]))


Bounds = tuple[Any, list[ast.LeveledBound], list[Modifier]]


def metric(b: Builder, p: Parts, s: int, e: int) -> Bounds:
    """`avg(x) > 5` was read as one expression; its outermost comparison is the bound."""
    match p[0]:
        case ast.Binary(op="=" | "<>" | "<" | "<=" | ">" | ">=" as op, op_span=op_span) as node:
            span = b.span(op_span.start, e)
            bound: ast.Bound = ast.CompareBound(span, op, node.right)
            return node.left, [ast.LeveledBound(span, bound, None)], []
        case ast.Between(negated=False) as node:
            span = b.span(b.word_starts[id(node)], e)
            bound = ast.BetweenBound(span, node.low, node.high)
            return node.operand, [ast.LeveledBound(span, bound, None)], []
        case predicate:
            return predicate, [], []


def metric_with_bound(b: Builder, p: Parts, s: int, e: int) -> Bounds:
    return p[0], [ast.LeveledBound(p[1].span, p[1], None)], []


def more_bounds(b: Builder, p: Parts, s: int, e: int) -> Bounds:
    metric, bounds, modifiers = p[0]
    return metric, [*bounds, ast.LeveledBound(p[2].span, p[2], None)], modifiers


def leveled(b: Builder, p: Parts, s: int, e: int) -> Bounds:
    metric, bounds, modifiers = p[0]
    if not bounds:
        return metric, bounds, [p[1]]
    last: ast.LeveledBound = bounds[-1]
    done = ast.LeveledBound(last.span.to(p[1].span), last.bound, p[1].value)
    return metric, [*bounds[:-1], done], modifiers


def judged(b: Builder, p: Parts, s: int, e: int) -> Bounds:
    return cast(Bounds, p[0])


def judged_late(b: Builder, p: Parts, s: int, e: int) -> Bounds:
    metric, bounds, _ = p[0]
    return metric, bounds, [p[1], *p[2]]


def judged_leveled(b: Builder, p: Parts, s: int, e: int) -> Bounds:
    metric, bounds, modifiers = p[0]
    return metric, bounds, [*modifiers, *p[1]]


def check(b: Builder, p: Parts, s: int, e: int) -> ast.Check:
    metric, bounds, modifiers = p[1]
    return ast.Check(b.span(s, e), None, None, metric, tuple(bounds), gather(b, modifiers))


def named_check(b: Builder, p: Parts, s: int, e: int) -> ast.Check:
    metric, bounds, modifiers = p[4]
    prose = b.prose(p[2]) if p[2] is not None else None
    return ast.Check(b.span(s, e), p[1], prose, metric, tuple(bounds), gather(b, modifiers))


def raw_sql(b: Builder, p: Parts, s: int, e: int) -> ast.RawSql:
    return ast.RawSql(b.span(s, e), p[1], p[2].text[3:-3])


_NAMED: dict[str, Maker] = {
    maker.__name__: maker
    for maker in (
        at_least, where, by, label, was, release, level, column, required, optional, sensitive, unique_clause,
        missing_values, missing_pattern, in_clause, not_in_clause, between_clause, compare_clause,
        matches_clause, length_clause, references_clause, compare_bound, between_bound, sigma_bound, metric,
        more_bounds, leveled, judged, judged_late, judged_leveled, check, named_check, raw_sql,
    )
}  # fmt: skip
MAKERS: dict[str, Maker] = {**_NAMED, "metric_within": metric_with_bound, "metric_sql": metric_with_bound}
