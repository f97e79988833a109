"""What the parts of the checker share: the scope, the sink, what is known of each column, a few builders."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from assay.compiler import ast, ir
from assay.compiler.check.types import type_of
from assay.compiler.diagnostics import Label, Sink, did_you_mean
from assay.compiler.formats import FORMATS
from assay.compiler.functions import TABLE
from assay.compiler.regex import RegexError, parse_regex
from assay.compiler.resolve import Resolved
from assay.compiler.source import Span
from assay.compiler.tree import Node
from assay.compiler.types import BOOLEAN, UNKNOWN, Type

SILENCE = ir.Literal(None, UNKNOWN)
"""Stands for an expression whose fault was reported."""

MAX_EXPANSIONS = 20_000
MAX_DEPTH = 100


class ColumnInfo(Node, frozen=True):
    """A declared column.

    listed    true for a value that counts as missing though it is not NULL; None where there is none
    value     the column, NULL where it counts as missing
    missing   true where the value counts as missing
    """

    decl: ast.Column
    ref: ir.Column
    required: bool
    unique: bool
    sensitive: bool
    listed: ir.Expr | None
    value: ir.Expr
    missing: ir.Expr


@dataclass(slots=True)
class Context:
    """One run of the checker over one contract."""

    resolved: Resolved
    sink: Sink
    name: str
    columns: dict[str, ColumnInfo] = field(default_factory=dict)
    params: dict[str, Type] = field(default_factory=dict)
    patterns: dict[ast.Regex, str | None] = field(default_factory=dict)
    expansions: int = 0
    circular: set[str] = field(default_factory=set)

    def unknown(
        self, code: str, span: Span, name: str, suggestion: str | None, labels: tuple[Label, ...] = ()
    ) -> None:
        """Reports a name that means nothing, unless an import that failed may have defined it."""
        if self.resolved.complete:
            self.sink.add(code, span, suggestion=suggestion, name=name, contract=self.name, labels=labels)

    def pattern(self, written: ast.Name | ast.Regex) -> str | None:
        """The portable pattern behind a format's name or between slashes; None where a fault was reported."""
        if isinstance(written, ast.Name):
            own = self.resolved.formats.get(written.text)
            if own is not None:
                return self.pattern(own.pattern)
            standard = FORMATS.get(written.text)
            if standard is not None:
                return standard.pattern
            known = (*self.resolved.formats, *FORMATS)
            suggestion = did_you_mean(written.text, known)
            self.unknown("E204", written.span, written.text, suggestion)
            return None
        if written not in self.patterns:
            self.patterns[written] = self._parsed(written)
        return self.patterns[written]

    def _parsed(self, written: ast.Regex) -> str | None:
        try:
            parse_regex(written.value)
        except RegexError as fault:
            code = {"construct": "E350", "syntax": "E351", "count": "E352", "nested": "E353"}[fault.problem]
            span = self._within(written, fault.start, fault.end)
            advice = fault.advice or "the subset is described under `assay explain E350`"
            self.sink.add(code, span, construct=fault.construct, advice=advice)
            return None
        return written.value

    def _within(self, written: ast.Regex, start: int, end: int) -> Span:
        """Offsets in a pattern, as a place in the file, where `\\/` is one character of the pattern."""
        source = self.resolved.sources.get(written.span.file)
        if source is None:
            return written.span
        raw = source.text[written.span.start + 1 : written.span.end - 1]
        places: list[int] = []
        at = 0
        while at < len(raw):
            places.append(at)
            if raw.startswith("\\\\", at):
                places.append(at + 1)
                at += 2
            else:
                at += 2 if raw.startswith("\\/", at) else 1
        places.append(len(raw))
        first = written.span.start + 1
        last = len(places) - 1
        return Span(written.span.file, first + places[min(start, last)], first + places[min(end, last)])

    def declared(self, name: str) -> tuple[Label, ...]:
        """Points at the declaration of a column."""
        info = self.columns.get(name)
        if info is None:
            return ()
        place = info.decl.name.span.to(info.decl.type.span)
        return (Label(place, f"declared here as `{info.ref.type}`"),)


def declare(ctx: Context) -> None:
    """Types of columns and parameters, before any expression is read."""
    for name, column in ctx.resolved.columns.items():
        kinds = [type(c) for c in column.clauses]
        ref = ir.Column(name, type_of(column.type, ctx.sink), True)
        ctx.columns[name] = ColumnInfo(
            column,
            ref,
            required=any(isinstance(c, ast.Required) and always(c.mods) for c in column.clauses),
            unique=any(isinstance(c, ast.UniqueClause) and always(c.mods) for c in column.clauses),
            sensitive=ast.Sensitive in kinds,
            listed=None,
            value=ref,
            missing=call("is_null", ref),
        )
    for name, param in ctx.resolved.params.items():
        ctx.params[name] = type_of(param.type, ctx.sink)


def always(mods: ast.Modifiers) -> bool:
    """Whether a statement speaks of every row."""
    whole = mods.at_least is None or mods.at_least.value >= 100
    return whole and mods.where is None and (mods.level is None or mods.level.value == "fail")


def call(function: str, *args: ir.Expr, type: Type = BOOLEAN) -> ir.Expr:
    """An operator of the function table, with its nullness worked out."""
    match TABLE[function].nulls:
        case "never":
            nullable = False
        case "all":
            nullable = all(a.nullable for a in args)
        case "maybe" if function not in ("and", "or"):
            nullable = True
        case _:
            nullable = any(a.nullable for a in args)
    return ir.Call(function, args, type, nullable)


def both(*parts: ir.Expr | None) -> ir.Expr | None:
    """All of the conditions that there are, joined by `and`; None where there is none."""
    flat: list[ir.Expr] = []
    for part in parts:
        if isinstance(part, ir.Call) and part.function == "and":
            flat.extend(part.args)
        elif part is not None:
            flat.append(part)
    if len(flat) < 2:
        return flat[0] if flat else None
    return call("and", *flat)


def negate(e: ir.Expr) -> ir.Expr:
    """The opposite; a double negation is dropped."""
    if isinstance(e, ir.Call) and e.function == "not":
        return e.args[0]
    return call("not", e)


def nodes(e: ir.Expr) -> Iterator[ir.Expr]:
    """The expression and everything in it, from left to right."""
    stack = [e]
    while stack:
        top = stack.pop()
        yield top
        match top:
            case ir.Call():
                stack.extend(reversed(top.args))
            case ir.Matches() | ir.Cast():
                stack.append(top.operand)
            case ir.Case():
                if top.otherwise is not None:
                    stack.append(top.otherwise)
                for condition, result in reversed(top.whens):
                    stack.append(result)
                    stack.append(condition)
            case ir.Literal() | ir.Column() | ir.Bind():
                pass


def columns_of(*parts: ir.Expr | None) -> tuple[str, ...]:
    """The columns that expressions read, each once, in order."""
    found: dict[str, None] = {}
    for part in parts:
        if part is not None:
            for node in nodes(part):
                if isinstance(node, ir.Column):
                    found[node.name] = None
    return tuple(found)
