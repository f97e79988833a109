"""Clauses of columns, and the contract's own `unique` and `references`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from typing import assert_never

from assay.compiler import ast, ir
from assay.compiler.check import pairs
from assay.compiler.check.context import SILENCE, ColumnInfo, Context, both, call, negate
from assay.compiler.check.heads import Heads
from assay.compiler.check.lints import contradictions, implied_keys, misread
from assay.compiler.check.rows import COMPARISONS, Rows
from assay.compiler.check.tables import Tables
from assay.compiler.check.types import equatable, is_text, silent
from assay.compiler.diagnostics import Label, did_you_mean
from assay.compiler.source import Span
from assay.compiler.tree import replace
from assay.compiler.types import BIGINT, Kind

_ONCE = (ast.Required, ast.Optional, ast.Sensitive, ast.MissingValues | ast.MissingPattern)


@dataclass(slots=True)
class Columns:
    """Reads what is promised of single rows and of keys."""

    ctx: Context
    tables: Tables
    heads: Heads
    source: str
    read: dict[Span, tuple[ir.Expr | None, ir.Expr | None]] = field(default_factory=dict)

    # ------------------------------------------------------------ what counts as missing

    def missing(self) -> None:
        """Works out, for every column, what counts as missing. Nothing may be read before."""
        for name, info in list(self.ctx.columns.items()):
            self._once(info)
            listed = self._listed(info)
            if listed is None:
                continue
            present = negate(listed)
            value = ir.Case(((present, info.ref),), None, info.ref.type, True)
            missing = call("or", call("is_null", info.ref), listed)
            self.ctx.columns[name] = replace(info, listed=listed, value=value, missing=missing)

    def _listed(self, info: ColumnInfo) -> ir.Expr | None:
        rows = Rows(self.ctx)
        for clause in info.decl.clauses:
            match clause:
                case ast.MissingValues():
                    found = pairs.in_list(rows, info.ref, info.decl.name.span, clause.items, negated=False)
                case ast.MissingPattern():
                    found = rows.matches(info.ref, info.decl.name.span, clause.pattern)
                case _:
                    continue
            return found if found is not SILENCE else None
        return None

    def _once(self, info: ColumnInfo) -> None:
        """Clauses that may stand once, and those that exclude each other."""
        for kinds in _ONCE:
            found = [c for c in info.decl.clauses if isinstance(c, kinds)]
            for extra in found[1:]:
                label = Label(found[0].span, "the first one is here")
                self.ctx.sink.add("E337", extra.span, what=self.heads.words(extra.span), labels=(label,))
        required = [c for c in info.decl.clauses if isinstance(c, ast.Required) and c.mods.where is None]
        for clause in info.decl.clauses:
            if isinstance(clause, ast.Optional) and required:
                label = Label(required[0].span, "required here")
                self.ctx.sink.add("E336", clause.span, name=info.ref.name, labels=(label,))

    # ------------------------------------------------------------ clauses

    def validity(self) -> None:
        """Reads every clause; what rules values out is kept, as `invalid` and `valid` ask for it."""
        for name, info in self.ctx.columns.items():
            found: list[ir.Expr] = []
            for clause in info.decl.clauses:
                if isinstance(clause, _PLAIN):
                    continue
                broken, scope = self._broken(info, clause), self._where(clause.mods)
                self.read[clause.span] = (broken, scope)
                if broken is not None:
                    found.append(both(scope, broken) or broken)
            self.tables.validity[name] = found
            contradictions(self.ctx, info)

    def clauses(self, column: ast.Column) -> Iterator[ir.Check]:
        info = self.ctx.columns.get(column.name.text)
        if info is None or info.decl is not column:
            return
        for clause in column.clauses:
            if isinstance(clause, _PLAIN):
                continue
            row_only(self.ctx, clause.mods)
            broken, scope = self.read[clause.span]
            share = self.share(clause.mods)
            kind = _kind(clause)
            words = f"{column.name.text} {self.heads.words(clause.span)}"
            head = self.heads.head((column.name.text,), kind, clause.span, clause.mods, words=words)
            match clause:
                case ast.Required():
                    yield ir.RowCheck(head, info.missing, scope, share)
                case ast.UniqueClause():
                    if not equatable(info.ref.type):
                        self._no_equality(info, clause.span)
                    yield ir.UniqueCheck(head, (info.value,), scope, share)
                case ast.ReferencesClause():
                    target = self._target(clause.target)
                    if target is not None:
                        yield ir.ReferenceCheck(head, (info.value,), target, scope, share)
                case _:
                    if broken is not None:
                        yield ir.RowCheck(head, broken, scope, share)

    def _broken(self, info: ColumnInfo, clause: ast.Clause) -> ir.Expr | None:
        """True for a value that is not missing and that the clause rules out; None for other clauses."""
        rows, ref, place = Rows(self.ctx), info.ref, info.decl.name.span
        mine = ast.Ref(place, ast.Path(place, (info.decl.name,)))
        match clause:
            case ast.InClause():
                holds = pairs.in_list(rows, ref, clause.span, clause.items, negated=clause.negated)
            case ast.BetweenClause():
                holds = pairs.between(rows, ref, mine, clause.low, clause.high, clause.span)
            case ast.CompareClause():
                op = COMPARISONS[clause.op]
                value = rows.condition(clause.value)
                holds = pairs.compare(rows, op, ref, value, mine, clause.value, clause.span)
            case ast.MatchesClause():
                holds = rows.matches(ref, clause.span, clause.pattern)
            case ast.LengthClause():
                holds = self._length(rows, info, clause)
            case _:
                return None
        if holds.type.kind is Kind.UNKNOWN:
            return None
        broken = negate(holds)
        return both(negate(info.listed), broken) if info.listed else broken

    def _length(self, rows: Rows, info: ColumnInfo, clause: ast.LengthClause) -> ir.Expr:
        sink = self.ctx.sink
        if silent(info.ref.type):
            return SILENCE
        if not is_text(info.ref.type):
            sink.add("E311", clause.span, type=str(info.ref.type), labels=self.ctx.declared(info.ref.name))
            return SILENCE
        length = call("length", info.ref, type=BIGINT)
        place = info.decl.name.span
        mine = ast.Ref(place, ast.Path(place, (info.decl.name,)))
        match clause.bound:
            case ast.BetweenBound() as bound:
                self._possible(info, "<=", bound.low)
                return pairs.between(rows, length, mine, bound.low, bound.high, clause.span)
            case ast.CompareBound() as bound:
                self._possible(info, bound.op, bound.value)
                value = rows.condition(bound.value)
                op = COMPARISONS[bound.op]
                return pairs.compare(rows, op, length, value, mine, bound.value, clause.span)
            case ast.SigmaBound() as bound:
                sink.add("E390", bound.span, what="`within … sigma`")
                return SILENCE
            case _:
                assert_never(clause.bound)

    def _possible(self, info: ColumnInfo, op: str, value: ast.Expr) -> None:
        """A length is never below zero, nor above what the type holds."""
        if not isinstance(value, ast.Number):
            if isinstance(value, ast.Unary) and isinstance(value.operand, ast.Number) and value.op == "-":
                self.ctx.sink.add("E335", value.span, why="a length is never below 0")
            return
        limit = info.ref.type.length
        if limit is not None and op in (">=", ">", "=") and value.value > limit:
            why = f"a `{info.ref.type}` holds no more than {limit} characters"
            self.ctx.sink.add("E335", value.span, why=why)

    def _no_equality(self, info: ColumnInfo, span: Span) -> None:
        labels = self.ctx.declared(info.ref.name)
        self.ctx.sink.add("E312", span, type=str(info.ref.type), what="equality", labels=labels)

    # ------------------------------------------------------------ keys of several columns

    def unique(self, item: ast.Unique) -> Iterator[ir.Check]:
        infos = self.named(item.columns)
        row_only(self.ctx, item.mods)
        scope, share = self._where(item.mods), self.share(item.mods)
        head = self.heads.head((n.text for n in item.columns), "unique", item.span, item.mods)
        if len(infos) == len(item.columns):
            implied_keys(self.ctx, item)
        for info, name in zip(infos, item.columns, strict=False):
            if not equatable(info.ref.type):
                self._no_equality(info, name.span)
        yield ir.UniqueCheck(head, tuple(i.value for i in infos), scope, share)

    def references(self, item: ast.References) -> Iterator[ir.Check]:
        infos = self.named(item.columns)
        row_only(self.ctx, item.mods)
        scope, share = self._where(item.mods), self.share(item.mods)
        head = self.heads.head((n.text for n in item.columns), "references", item.span, item.mods)
        table = self._table(item.target, 2)
        if len(item.columns) != len(item.target_columns):
            counts = {"here": str(len(item.columns)), "there": str(len(item.target_columns))}
            place = item.target_columns[0].span.to(item.target_columns[-1].span)
            self.ctx.sink.add("E348", place, labels=(), **counts)
        if table is not None:
            target = ir.Target(table, tuple(n.text for n in item.target_columns))
            yield ir.ReferenceCheck(head, tuple(i.value for i in infos), target, scope, share)

    def named(self, names: tuple[ast.Name, ...]) -> list[ColumnInfo]:
        """The columns of a list of names; unknown ones and repeated ones are reported."""
        found: dict[str, ColumnInfo] = {}
        places: dict[str, Span] = {}
        for name in names:
            info = self.ctx.columns.get(name.text)
            if info is None:
                suggestion = did_you_mean(name.text, tuple(self.ctx.columns))
                labels = self.ctx.declared(suggestion) if suggestion else ()
                facts: dict[str, str] = {"name": name.text, "contract": self.ctx.name}
                self.ctx.sink.add("E201", name.span, suggestion=suggestion, labels=labels, **facts)
            elif name.text in found:
                label = Label(places[name.text], "the first one is here")
                self.ctx.sink.add("E229", name.span, name=name.text, labels=(label,))
            else:
                found[name.text] = info
                places[name.text] = name.span
        return list(found.values())

    def _target(self, path: ast.Path) -> ir.Target | None:
        table = self._table(path, 3)
        return ir.Target(table[:-1], (table[-1],)) if table else None

    def _table(self, path: ast.Path, least: int) -> tuple[str, ...] | None:
        """The path of a table within this contract's data source."""
        parts = tuple(p.text for p in path.parts)
        if len(parts) < least:
            self.ctx.sink.add("E207", path.span, path=str(path))
            return None
        if self.source and parts[0] != self.source:
            suggestion = did_you_mean(parts[0], (self.source,))
            what = f"a reference to another data source than `{self.source}`"
            self.ctx.sink.add("E390", path.span, what=what, suggestion=suggestion and f"{suggestion}.…")
            return None
        return parts[1:]

    # ------------------------------------------------------------ modifiers

    def _where(self, mods: ast.Modifiers) -> ir.Expr | None:
        return where(self.ctx, mods)

    def share(self, mods: ast.Modifiers) -> Fraction | None:
        """The share of rows that must keep the promise; None means all."""
        percent = mods.at_least
        if percent is None:
            return None
        if not 0 < percent.value <= 100:
            self.ctx.sink.add("E328", percent.span, value=f"{percent.value}%")
        return Fraction(percent.value) / 100 if percent.value < 100 else None


_PLAIN = (ast.Optional, ast.Sensitive, ast.MissingValues, ast.MissingPattern)


def _kind(clause: ast.Clause) -> str:
    match clause:
        case ast.Required():
            return "required"
        case ast.UniqueClause():
            return "unique"
        case ast.InClause():
            return "not_in" if clause.negated else "in"
        case ast.BetweenClause():
            return "between"
        case ast.CompareClause():
            return "compare"
        case ast.MatchesClause():
            return "matches"
        case ast.LengthClause():
            return "length"
        case ast.ReferencesClause():
            return "references"
        case ast.Optional() | ast.Sensitive() | ast.MissingValues() | ast.MissingPattern():
            return ""
        case _:
            assert_never(clause)


def where(ctx: Context, mods: ast.Modifiers) -> ir.Expr | None:
    """The condition that a statement is restricted to."""
    if mods.where is None:
        return None
    found = Rows(ctx).predicate(mods.where)
    misread(ctx, mods.where)
    return found


def row_only(ctx: Context, mods: ast.Modifiers) -> None:
    """Reports modifiers that only a check over metrics may carry."""
    if mods.by:
        place = mods.by[0].span.to(mods.by[-1].span)
        ctx.sink.add("E339", place, what="`by`", where="a statement about rows")
    if mods.release is not None:
        ctx.sink.add("E339", mods.release, what="`release value`", where="a statement about rows")
