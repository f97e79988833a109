"""Puts a contract together: its statements in order, each once where it may stand once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, TypeAlias, TypeVar, assert_never

from assay.compiler import ast, ir
from assay.compiler.check import literals, pairs
from assay.compiler.check.columns import Columns
from assay.compiler.check.context import SILENCE, Context, always, call, declare, nodes
from assay.compiler.check.heads import Heads
from assay.compiler.check.lints import misread
from assay.compiler.check.rows import Rows
from assay.compiler.check.schedule import cron_fault, is_zone
from assay.compiler.check.statements import Statements
from assay.compiler.check.tables import Tables
from assay.compiler.check.types import (
    DIGITS_WANTED,
    MOMENTS,
    common,
    in_range,
    in_scale,
    is_number,
    is_text,
)
from assay.compiler.diagnostics import Label, Sink
from assay.compiler.resolve import Resolved
from assay.compiler.resolve.scope import METRICS
from assay.compiler.resolve.walk import walk
from assay.compiler.source import Source, Span
from assay.compiler.types import INTERVAL, TIMESTAMP, TIMESTAMPTZ, Kind, Type

KEEP = 100
LONGEST_PREFIX = 64
NO_VERSION = "0.0.0"
Mode: TypeAlias = Literal["open", "exact", "ordered"]
_Item = TypeVar("_Item", bound=ast.Item)


def check(resolved: Resolved, sink: Sink) -> ir.Contract | None:
    """Types a contract and gives its meaning; None where the sink holds an error, of this stage or before."""
    written = resolved.contract
    if written is None:
        return None
    ctx = Context(resolved, sink, str(written.name))
    for own in resolved.formats.values():
        ctx.pattern(own.pattern)
    declare(ctx)
    contract = _Contract(ctx, written).contract()
    return None if sink.failed else contract


@dataclass(slots=True)
class _Contract:
    ctx: Context
    written: ast.Contract

    def contract(self) -> ir.Contract:
        ctx, written = self.ctx, self.written
        dataset = self.once(ast.Dataset, "dataset")
        path = tuple(p.text for p in dataset.path.parts) if dataset else ()
        if dataset is None:
            ctx.sink.add("E217", written.name.span, name=str(written.name))
        elif len(path) < 2:
            ctx.sink.add("E218", dataset.path.span, path=str(dataset.path))
        source = ctx.resolved.sources.get(written.span.file) or Source(written.span.file, "")
        heads = Heads(ctx.sink, source, written.name.parts[-1].text)
        params = tuple(self.params())
        tables = Tables()
        columns = Columns(ctx, tables, heads, path[0] if path else "")
        statements = Statements(ctx, tables, heads, columns)
        columns.missing()
        condition = self.filter()
        mode, schema = self.schema(heads)
        columns.validity()
        statements.rules()
        self.lets()
        checks: list[ir.Check] = []
        for item in written.items:
            checks.extend(self.item(item, columns, statements))
        return ir.Contract(
            name=str(written.name),
            version=written.version or NO_VERSION,
            prose=written.prose or "",
            file=written.span.file,
            source=path[0] if path else "",
            table=path[1:],
            owners=tuple((i.name, i.email) for i in written.items if isinstance(i, ast.Owner)),
            tags=tuple(self.tags()),
            schedule=self.schedule(),
            params=params,
            filter=condition,
            schema_mode=mode,
            schema=schema,
            columns=tuple(self.columns(source)),
            keys=self.keys(),
            checks=tuple(checks),
            failed_rows=self.failed_rows(columns),
        )

    def item(self, item: ast.Item, columns: Columns, statements: Statements) -> Iterator[ir.Check]:
        sink = self.ctx.sink
        match item:
            case ast.Column():
                yield from columns.clauses(item)
            case ast.Unique():
                yield from columns.unique(item)
            case ast.References():
                yield from columns.references(item)
            case ast.Rule():
                found = statements.rule(item)
                if found is not None:
                    yield found
            case ast.Check():
                made = statements.check(item)
                if made is not None:
                    yield made
            case ast.Reconcile():
                sink.add("E390", _word(item.span, "reconcile"), what="`reconcile`")
            case ast.Example():
                sink.add("E390", _word(item.span, "example"), what="`example`")
            case (
                ast.Dataset()
                | ast.Owner()
                | ast.Tags()
                | ast.Schedule()
                | ast.Param()
                | ast.Filter()
                | ast.FilterWithin()
                | ast.Schema()
                | ast.Let()
                | ast.FailedRows()
            ):
                pass
            case _:
                assert_never(item)

    def once(self, kind: type[_Item], what: str) -> _Item | None:
        """The statement of a kind that may stand once; more of them are reported."""
        found = [i for i in self.written.items if isinstance(i, kind)]
        for extra in found[1:]:
            label = Label(_word(found[0].span, what), "the first one is here")
            self.ctx.sink.add("E219", _word(extra.span, what), what=what, labels=(label,))
        return found[0] if found else None

    # ------------------------------------------------------------ what frames the checks

    def params(self) -> Iterator[ir.Param]:
        ctx = self.ctx
        before = {"now", "today"}
        for name, param in ctx.resolved.params.items():
            kind = ctx.params[name]
            if kind.kind in (Kind.JSON, Kind.ARRAY, Kind.ANY, Kind.BINARY):
                ctx.sink.add(
                    "E347", param.type.span, name=str(kind), reason="a parameter holds one plain value"
                )
            if kind.kind is Kind.DECIMAL and kind.precision is None:
                ctx.sink.add("E347", param.type.span, name=str(kind), reason=DIGITS_WANTED)
            default = None
            if param.default is not None:
                rows = Rows(ctx, constant="the default of a parameter")
                default = rows.expr(param.default)
                for node in nodes(default):
                    if isinstance(node, ir.Bind) and node.name not in before:
                        what = "the default of an earlier parameter"
                        ctx.sink.add("E345", param.default.span, name=node.name, what=what)
                shared = common(kind, default.type)
                if default.type.kind is Kind.UNKNOWN or kind.kind is Kind.UNKNOWN:
                    default = None
                elif (
                    default.type.kind is Kind.NULL
                    or shared is None
                    or (shared != kind and not _narrows(default, kind))
                ):
                    facts: dict[str, str] = {"name": name, "wanted": str(kind), "type": str(default.type)}
                    ctx.sink.add("E355", param.default.span, labels=(), **facts)
                else:
                    default = pairs.converted(default, kind)
            before.add(name)
            yield ir.Param(name, kind, default)

    def lets(self) -> None:
        """Reads the bodies of lets that nothing uses, so that their faults are seen as well."""
        ctx = self.ctx
        own = [i for i in self.written.items if isinstance(i, ast.Let)]
        for let in own:
            if let.params or ctx.resolved.lets.get(let.name.text) is not let:
                continue
            if not any(_metric(n) for n in walk(let.body)):
                Rows(ctx).expr(let.body)

    def filter(self) -> ir.Expr | None:
        ctx = self.ctx
        plain = self.once(ast.Filter, "filter")
        window = self.once(ast.FilterWithin, "filter")
        if plain is not None and window is not None:
            first, second = sorted((plain.span, window.span))
            label = Label(_word(first, "filter"), "the first one is here")
            ctx.sink.add("E219", _word(second, "filter"), what="filter", labels=(label,))
        if plain is not None:
            misread(ctx, plain.condition)
            return Rows(ctx).predicate(plain.condition)
        return self.window(window) if window is not None else None

    def window(self, item: ast.FilterWithin) -> ir.Expr | None:
        """`within last 2 days of placed_at`: at or after now minus the window."""
        ctx = self.ctx
        found = Rows(ctx).expr(ast.Ref(item.column.span, ast.Path(item.column.span, (item.column,))))
        if found is SILENCE:
            return None
        if found.type.kind not in MOMENTS:
            labels = ctx.declared(item.column.text)
            facts: dict[str, str] = {
                "name": "within last",
                "wanted": "date or timestamp",
                "type": str(found.type),
            }
            ctx.sink.add("E302", item.column.span, labels=labels, **facts)
            return None
        length = literals.duration(item.window, ctx.sink)
        back = ir.Literal(ir.Duration(-length.months, -length.microseconds), INTERVAL)
        start: ir.Expr = ir.Bind("now", TIMESTAMPTZ)
        if found.type.kind is Kind.DATE:
            if length.microseconds % literals.DAY:
                ctx.sink.add("E325", item.window.span, reason="a date knows whole days only")
            start = ir.Bind("today", found.type)
        elif found.type.kind is Kind.TIMESTAMP:
            start = ir.Cast(start, TIMESTAMP, lenient=False, nullable=False)
        return call("ge", found, call("shift", start, back, type=found.type))

    def schema(self, heads: Heads) -> tuple[Mode, ir.Head]:
        item = self.once(ast.Schema, "schema")
        span = item.span if item else self.written.name.span
        words = None if item else "schema open"
        head = heads.head((), "schema", span, ast.Modifiers(), last="schema", words=words)
        return item.mode if item else "open", head

    def schedule(self) -> ir.Schedule | None:
        item = self.once(ast.Schedule, "schedule")
        if item is None:
            return None
        fault = cron_fault(item.cron.value)
        if fault is not None:
            self.ctx.sink.add("E356", item.cron.span, reason=fault)
        if item.zone is not None and not is_zone(item.zone.value):
            self.ctx.sink.add("E357", item.zone.span, zone=item.zone.value)
        return ir.Schedule(item.cron.value, item.zone.value if item.zone else "UTC")

    def tags(self) -> Iterator[tuple[str, ir.Scalar]]:
        places: dict[str, Span] = {}
        rows = Rows(self.ctx, constant="a tag")
        for item in self.written.items:
            for tag in item.tags if isinstance(item, ast.Tags) else ():
                name = tag.name.text
                if name in places:
                    label = Label(places[name], "the first one is here")
                    self.ctx.sink.add("E230", tag.name.span, name=name, labels=(label,))
                    continue
                places[name] = tag.name.span
                value = rows.expr(tag.value)
                if isinstance(value, ir.Literal):
                    yield name, value.value
                else:
                    wanted = "a number, a text, a date, true or false"
                    self.ctx.sink.add("E315", tag.value.span, what=f"the tag `{name}`", wanted=wanted)

    # ------------------------------------------------------------ columns and keys

    def columns(self, source: Source) -> Iterator[ir.ColumnDecl]:
        for name, info in self.ctx.columns.items():
            line = source.line_column(info.decl.span.start)[0]
            key = info.required and info.unique
            prose = info.decl.prose or ""
            yield ir.ColumnDecl(name, info.ref.type, info.required, info.sensitive, key, prose, line)

    def keys(self) -> tuple[str, ...]:
        """The columns that identify a row: one by itself before several together."""
        columns = self.ctx.columns
        for name, info in columns.items():
            if info.required and info.unique:
                return (name,)
        for item in self.written.items:
            if isinstance(item, ast.Unique) and always(item.mods):
                names = tuple(n.text for n in item.columns)
                if all(n in columns and columns[n].required for n in names):
                    return names
        return ()

    def failed_rows(self, columns: Columns) -> ir.FailedRows:
        item = self.once(ast.FailedRows, "failed rows")
        if item is None:
            return ir.FailedRows(KEEP, None, None)
        sink = self.ctx.sink
        keep = KEEP
        if item.keep is not None:
            if item.keep.value != item.keep.value.to_integral_value() or item.keep.value > 1_000_000:
                sink.add("E358", item.keep.span, reason="rows to keep are a whole number up to 1,000,000")
            else:
                keep = int(item.keep.value)
        names = None
        masks: dict[str, ir.Mask] = {}
        if item.columns is not None:
            infos = columns.named(tuple(column.name for column in item.columns))
            names = tuple(i.ref.name for i in infos)
            for column in item.columns:
                name = column.name.text
                info = self.ctx.columns.get(name)
                if column.mask is not None:
                    masks[name] = ir.Mask(column.mask, column.characters)
                elif info is not None and info.sensitive:
                    sink.add("W306", column.span, name=name, labels=self.ctx.declared(name))
                if column.mask == "prefix" and not 1 <= column.characters <= LONGEST_PREFIX:
                    reason = f"a prefix has 1 to {LONGEST_PREFIX} characters"
                    sink.add("E358", column.span, reason=reason)
        days = None
        if item.retention is not None:
            length = literals.duration(item.retention, sink)
            whole, rest = divmod(length.microseconds, literals.DAY)
            if length.months or rest or whole < 1:
                sink.add("E358", item.retention.span, reason="rows are kept for whole days or weeks")
            days = whole
        return ir.FailedRows(keep, names, days, tuple(masks.items()))


def _metric(e: ast.Expr) -> bool:
    match e:
        case ast.Call():
            return str(e.function).lower() in METRICS
        case ast.Ref():
            return str(e.path) == "rows"
        case _:
            return False


def _narrows(default: ir.Expr, kind: Type) -> bool:
    """Whether a written number fits a narrower type than its own."""
    if not isinstance(default, ir.Literal):
        return False
    value = default.value
    if isinstance(value, str):
        return is_text(kind) and (kind.length is None or len(value) <= kind.length)
    if isinstance(value, int | Decimal) and is_number(kind):
        return in_range(value, kind) and in_scale(value, kind)
    return False


def _word(span: Span, word: str) -> Span:
    """The keyword that a statement begins with."""
    return Span(span.file, span.start, min(span.end, span.start + len(word)))
