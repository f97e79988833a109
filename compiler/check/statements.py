"""Rules and checks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import assert_never

from assay.compiler import ast, ir
from assay.compiler.check import literals
from assay.compiler.check.columns import Columns, row_only, where
from assay.compiler.check.context import Context, both, columns_of, negate
from assay.compiler.check.heads import Heads, level_of, part
from assay.compiler.check.lints import misread
from assay.compiler.check.metrics import Metrics, numeric
from assay.compiler.check.rows import Rows
from assay.compiler.check.tables import RuleMeaning, Tables
from assay.compiler.check.value import Counted, Value, is_absent, unit_name
from assay.compiler.diagnostics import Label
from assay.compiler.types import BIGINT, Kind


@dataclass(slots=True)
class Statements:
    ctx: Context
    tables: Tables
    heads: Heads
    columns: Columns

    # ------------------------------------------------------------ rules

    def rules(self) -> None:
        """Reads every rule; `violations` asks for them."""
        for name, rule in self.ctx.resolved.rules.items():
            meaning = self._meaning(rule)
            if meaning is not None:
                self.tables.rules[name] = meaning

    def _meaning(self, rule: ast.Rule) -> RuleMeaning | None:
        if isinstance(rule.body, ast.RawSql):
            self.ctx.sink.add("E390", rule.body.span, what="raw SQL")
            return None
        rows = Rows(self.ctx)
        when = rows.predicate(rule.when) if rule.when is not None else None
        if rule.when is not None:
            misread(self.ctx, rule.when)
        holds = rows.predicate(rule.body)
        scope = both(where(self.ctx, rule.mods), when)
        if Kind.UNKNOWN in (holds.type.kind, when.type.kind if when else None):
            return None
        return RuleMeaning(negate(holds), scope)

    def rule(self, rule: ast.Rule) -> ir.Check | None:
        row_only(self.ctx, rule.mods)
        share = self.columns.share(rule.mods)
        meaning = self.tables.rules.get(rule.name.text)
        if self.ctx.resolved.rules.get(rule.name.text) is not rule:
            return None
        about = columns_of(meaning.breaking, meaning.scope) if meaning else ()
        head = self.heads.head(about, "rule", rule.span, rule.mods, name=rule.name, prose=rule.prose)
        return ir.RowCheck(head, meaning.breaking, meaning.scope, share) if meaning else None

    # ------------------------------------------------------------ checks

    def check(self, item: ast.Check) -> ir.Check | None:
        ctx, mods = self.ctx, item.mods
        if mods.at_least is not None:
            ctx.sink.add("E339", mods.at_least.span, what="`for at least`", where="a check over metrics")
        if isinstance(item.metric, ast.RawSql):
            ctx.sink.add("E390", item.metric.span, what="raw SQL")
            return None
        by = tuple(info.ref for info in self.columns.named(mods.by))
        metrics = Metrics(ctx, self.tables, Rows(ctx), where(ctx, mods))
        if not item.bounds:
            self._alone(metrics, item.metric)
            return None
        value = metrics.value(item.metric)
        others = Metrics(ctx, self.tables, Rows(ctx), metrics.where)
        bounds: list[tuple[ast.LeveledBound, tuple[Value, ...]]] = []
        good = not is_absent(value)
        if good and isinstance(value.metric, ir.Constant | ir.BindValue):
            ctx.sink.add("E346", item.metric.span)
            good = False
        for leveled in item.bounds:
            sides = self._sides(others, leveled.bound)
            if sides is None:
                good = False
            else:
                bounds.append((leveled, sides))
        level = self._level(item)
        about = tuple(metrics.columns)
        last = "+".join(part(n) if "." not in n else n for n in metrics.names)
        head = self.heads.head(
            about, "check", item.span, mods, last=last, name=item.name, prose=item.prose, level=level
        )
        if not good:
            return None
        shared = self._shared(value, bounds)
        if shared is None:
            return None
        value = shared
        made: list[ir.Bound] = []
        for leveled, sides in bounds:
            if self._meets(value, leveled.bound, sides):
                self._possible(value, leveled.bound, sides)
                own = ir.LevelName(leveled.level.value) if leveled.level else level_of(mods)
                op = leveled.bound.op if isinstance(leveled.bound, ast.CompareBound) else "between"
                low, *rest = sides
                made.append(ir.Bound(op, low.metric, rest[0].metric if rest else None, own))
        self._spoken(item, made)
        flows = [value, *(s for _, sides in bounds for s in sides)]
        egress = self._egress(item, flows)
        failed = _failed_rows(head, value.counted, made)
        return ir.MetricCheck(head, value.metric, value.unit, tuple(made), by, egress, failed)

    def _alone(self, metrics: Metrics, e: ast.Expr) -> None:
        """A check without a bound: a predicate, or a metric that nothing is asked of."""
        if isinstance(
            e, ast.Binary | ast.Unary | ast.Between | ast.InList | ast.IsNull | ast.Like | ast.Matches
        ):
            arithmetic = ("+", "-", "*", "/", "%", "||")
            if not isinstance(e, ast.Binary | ast.Unary) or e.op not in arithmetic:
                metrics.lone(e)
                return
        value = metrics.value(e)
        if not is_absent(value):
            self.ctx.sink.add("E340", e.span)

    def _sides(self, metrics: Metrics, bound: ast.Bound) -> tuple[Value, ...] | None:
        found: tuple[Value, ...]
        match bound:
            case ast.CompareBound():
                found = (metrics.value(bound.value),)
            case ast.BetweenBound():
                found = (metrics.value(bound.low), metrics.value(bound.high))
            case ast.SigmaBound():
                self.ctx.sink.add("E390", bound.span, what="`within … sigma`")
                return None
            case _:
                assert_never(bound)
        return None if any(is_absent(v) for v in found) else found

    def _level(self, item: ast.Check) -> ir.LevelName:
        """A check fails where one of its bounds does; it only warns where all of them do."""
        own = level_of(item.mods)
        levels = [ir.LevelName(b.level.value) if b.level else own for b in item.bounds]
        return ir.LevelName.FAIL if ir.LevelName.FAIL in levels else ir.LevelName.WARN

    def _shared(self, value: Value, bounds: list[tuple[ast.LeveledBound, tuple[Value, ...]]]) -> Value | None:
        """A row count that is held against percentages becomes a share of the rows tested."""
        percents = [all(s.percent for s in sides) for _, sides in bounds]
        if value.counted is None or not any(percents):
            return value
        if not all(percents):
            odd = bounds[percents.index(False)][0]
            self.ctx.sink.add("E341", odd.bound.span, left="percentage", right="number")
            return None
        tested = ir.Aggregate(ir.Aggregation.ROWS, (), BIGINT, value.counted.tested)
        metric = ir.MetricCall("div", (value.metric, tested))
        least = 1 if value.counted.name == "rows" else 0
        return Value(metric, ir.Unit.RATIO, value.type, counted=value.counted, least=least, most=1)

    def _meets(self, value: Value, bound: ast.Bound, sides: tuple[Value, ...]) -> bool:
        sink = self.ctx.sink
        places = [bound.value] if isinstance(bound, ast.CompareBound) else []
        if isinstance(bound, ast.BetweenBound):
            places = [bound.low, bound.high]
        for side, written in zip(sides, places, strict=True):
            if side.percent and value.unit is not ir.Unit.RATIO:
                sink.add("E327", written.span, what=_article(unit_name(value)))
                return False
            if numeric(side) and numeric(value):
                continue
            stamps = side.unit is value.unit is ir.Unit.TIMESTAMP
            if side.unit is not value.unit:
                text = side.metric.value if isinstance(side.metric, ir.Constant) else None
                moments = (ir.Unit.DATE, ir.Unit.TIMESTAMP, ir.Unit.TIME)
                if isinstance(text, str) and value.unit in moments:
                    suggestion = f"{value.type.kind} {literals.quoted(text)}"
                    sink.add("E309", written.span, suggestion=suggestion, type=str(value.type))
                else:
                    sink.add("E341", written.span, left=unit_name(value), right=unit_name(side))
                return False
            if stamps and side.type.kind is not value.type.kind:
                facts: dict[str, str] = {"left": str(value.type), "right": str(side.type)}
                sink.add("E317", written.span, labels=(), **facts)
                return False
        if len(sides) == 2:
            low, high = (_constant(s) for s in sides)
            if low is not None and high is not None and low > high and isinstance(bound, ast.BetweenBound):
                words: dict[str, str] = {
                    "low": self.heads.words(bound.low.span),
                    "high": self.heads.words(bound.high.span),
                }
                sink.add("E330", bound.span, labels=(), **words)
                return False
        return True

    def _possible(self, value: Value, bound: ast.Bound, sides: tuple[Value, ...]) -> None:
        """Reports a bound that holds whatever the data are, or never."""
        numbers = [n for n in (_constant(s) for s in sides) if n is not None]
        if value.least is None or len(numbers) < len(sides):
            return
        low, high = numbers[0], numbers[-1]
        least, most = Fraction(value.least), None if value.most is None else Fraction(value.most)
        if value.unit is ir.Unit.RATIO and any(
            s.percent and not 0 <= n <= 1 for s, n in zip(sides, numbers, strict=True)
        ):
            self.ctx.sink.add("E328", bound.span, value=self.heads.words(bound.span))
            return
        op = bound.op if isinstance(bound, ast.CompareBound) else "between"
        whole = value.unit is ir.Unit.COUNT
        outcome = _settled(op, low, high, least, most, whole=whole)
        if outcome is None:
            return
        why = "a count is never below 0" if whole else f"the value always lies from {least} to {most}"
        if most is None and not whole:
            why = f"the value is never below {least}"
        self.ctx.sink.add("E334" if outcome else "E335", bound.span, why=why)

    def _spoken(self, item: ast.Check, made: list[ir.Bound]) -> None:
        """A warning bound that is no stricter than the failing one says nothing."""
        if len(made) != 2 or len(item.bounds) != 2 or made[0].op != made[1].op:
            return
        if {b.level for b in made} != {ir.LevelName.WARN, ir.LevelName.FAIL}:
            if made[0].level is made[1].level:
                label = Label(item.bounds[0].span, "the other bound")
                self.ctx.sink.add("W303", item.bounds[1].span, labels=(label,))
            return
        warn, fail = sorted(range(2), key=lambda i: made[i].level is ir.LevelName.FAIL)
        a, b = _plain(made[warn].low), _plain(made[fail].low)
        if a is None or b is None:
            return
        looser = {"<": a >= b, "<=": a >= b, ">": a <= b, ">=": a <= b}.get(made[0].op, False)
        if looser:
            label = Label(item.bounds[fail].span, "this bound fails before")
            self.ctx.sink.add("W303", item.bounds[warn].span, labels=(label,))

    def _egress(self, item: ast.Check, flows: Sequence[Value]) -> ir.Egress:
        """A cell's own value leaves only where the author says so, and only as a number, a date or a time."""
        release = item.mods.release
        sensitive, words = any(v.sensitive for v in flows), any(v.words for v in flows)
        if sensitive or words:
            if release is not None:
                what = "a value of a sensitive column" if sensitive else "a text"
                self.ctx.sink.add("E349", release, what=what)
            return ir.Egress.WITHHELD
        if any(v.own for v in flows):
            return ir.Egress.WITHHELD if release is None else ir.Egress.OPEN
        if release is not None:
            self.ctx.sink.add("W305", release)
        return ir.Egress.OPEN


def _article(word: str) -> str:
    return f"a {word}" if word[0] not in "aeiou" else f"an {word}"


def _plain(metric: ir.Metric | None) -> Fraction | None:
    if isinstance(metric, ir.Constant):
        value = metric.value
        if isinstance(value, int | Decimal | Fraction) and not isinstance(value, bool):
            return Fraction(value)
    return None


def _constant(value: Value) -> Fraction | None:
    return _plain(value.metric)


def _settled(
    op: str, low: Fraction, high: Fraction, least: Fraction, most: Fraction | None, *, whole: bool
) -> bool | None:
    """True where the bound always holds, False where it never does, None where data decide."""
    above = most is not None and low > most
    match op:
        case ">=":
            return True if low <= least else False if above else None
        case ">":
            return True if low < least else False if most is not None and low >= most else None
        case "<=":
            return False if low < least else True if most is not None and low >= most else None
        case "<":
            return False if low <= least else True if above else None
        case "=" | "<>":
            never = low < least or above or (whole and low.denominator != 1)
            return None if not never else op == "<>"
        case _:
            if high < least or above:
                return False
            return True if low <= least and most is not None and high >= most else None


def _failed_rows(
    head: ir.Head, counted: Counted | None, bounds: list[ir.Bound]
) -> ir.RowCheck | ir.UniqueCheck | None:
    """The rows that a count of bad rows with an upper limit puts the blame on."""
    if counted is None or counted.bad is None or not bounds:
        return None
    for bound in bounds:
        upper = bound.op in ("<", "<=") or (bound.op == "=" and _plain(bound.low) == 0)
        upper = upper or (bound.op == "between" and _plain(bound.low) == 0)
        if not upper:
            return None
    if isinstance(counted.bad, tuple):
        return ir.UniqueCheck(head, counted.bad, counted.tested, None)
    return ir.RowCheck(head, counted.bad, counted.tested, None)
