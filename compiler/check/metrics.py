"""Metrics: numbers about many rows, and the arithmetic over them.

A column stands for its values here: what counts as missing is NULL for sum, avg, min, max and their like.
Inside of a condition (`count(status = 'n/a')`, `case when …`) a column is what is in the cell.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import assert_never

from assay.compiler import ast, ir
from assay.compiler.check import aggregates, literals
from assay.compiler.check.calls import ELSEWHERE
from assay.compiler.check.context import Context
from assay.compiler.check.rows import Rows
from assay.compiler.check.tables import Tables
from assay.compiler.check.value import ABSENT, Value, constant, is_absent, of_type, unit_name
from assay.compiler.diagnostics import did_you_mean
from assay.compiler.functions import TABLE
from assay.compiler.resolve.scope import METRICS
from assay.compiler.tree import replace
from assay.compiler.types import BOOLEAN, DATE, DOUBLE, INTERVAL, TEXT, TIMESTAMPTZ

_OPS: dict[str, ir.MetricOp] = {"+": "add", "-": "sub", "*": "mul", "/": "div"}
_CALLS: dict[str, ir.MetricOp] = {
    "abs": "abs",
    "round": "round",
    "least": "least",
    "greatest": "greatest",
    "coalesce": "coalesce",
}
_NUMERIC = (ir.Unit.COUNT, ir.Unit.RATIO, ir.Unit.NUMBER)


@dataclass(slots=True)
class Metrics:
    """Reads metric expressions of one check; `where` restricts every aggregate in them.

    columns, names   what the check is about and the metrics in it, in order
    """

    ctx: Context
    tables: Tables
    rows: Rows
    where: ir.Expr | None
    columns: dict[str, None] = field(default_factory=dict)
    names: dict[str, None] = field(default_factory=dict)

    def value(self, e: ast.Expr) -> Value:
        self.rows.depth += 1
        try:
            if self.rows.depth > 100:
                self.ctx.sink.add("E227", e.span, what="this expression")
                return ABSENT
            return self._value(e)
        finally:
            self.rows.depth -= 1

    def _value(self, e: ast.Expr) -> Value:
        sink = self.ctx.sink
        match e:
            case ast.Number():
                found = literals.number(e, sink)
                value = found.value
                return constant(value, found.type) if isinstance(value, int | Decimal) else ABSENT
            case ast.Percent():
                share = replace(constant(Fraction(e.value) / 100, DOUBLE), unit=ir.Unit.RATIO)
                return replace(share, percent=True)
            case ast.Interval():
                return replace(constant(literals.seconds(e, sink), INTERVAL), unit=ir.Unit.DURATION)
            case ast.Text():
                return constant(e.value, TEXT)
            case ast.Boolean():
                return constant(e.value, BOOLEAN)
            case ast.Temporal():
                moment = literals.temporal(e, sink)
                return constant(moment.value, moment.type) if moment.value is not None else ABSENT
            case ast.Null():
                sink.add("E318", e.span)
                return ABSENT
            case ast.Ref():
                return self._ref(e)
            case ast.Call():
                return self._call(e)
            case ast.Unary() if e.op != "not":
                return self._unary(e)
            case ast.Binary() if e.op in _OPS:
                return self._arithmetic(e)
            case ast.ShareOf():
                part = self.value(e.operand)
                if is_absent(part) or not self._number(part, e.operand):
                    return ABSENT
                factor = ir.Constant(Fraction(e.percent.value) / 100)
                metric = ir.MetricCall("mul", (factor, part.metric))
                return replace(part, metric=metric, unit=ir.Unit.NUMBER, counted=None)
            case ast.History():
                sink.add("E390", e.span, what="`over last`")
                return ABSENT
            case ast.Case() | ast.Cast() | ast.Regex():
                sink.add(
                    "E342", e.span, what="`case` and `cast`" if not isinstance(e, ast.Regex) else "a pattern"
                )
                return ABSENT
            case (
                ast.Unary()
                | ast.Binary()
                | ast.Between()
                | ast.InList()
                | ast.IsNull()
                | ast.Like()
                | ast.Matches()
            ):
                self.lone(e)
                return ABSENT
            case _:
                assert_never(e)

    def lone(self, e: ast.Expr) -> None:
        """A predicate where a metric should stand: either of rows, or of metrics."""
        about_rows = not any(
            isinstance(n, ast.Ref | ast.Call) and aggregates.is_metric(n, self.ctx)
            for n in aggregates.walk(e)
        )
        self.ctx.sink.add("E305" if about_rows else "E340", e.span, labels=self.rows.used())

    # ------------------------------------------------------------ names

    def _ref(self, e: ast.Ref) -> Value:
        ctx = self.ctx
        if len(e.path.parts) != 1:
            self.rows.expr(e)
            return ABSENT
        name = e.path.parts[0].text
        argument = self.rows.env.get(name)
        if argument is not None:
            return self._in(argument.rows).value(argument.expr)
        if name == "rows":
            return aggregates.rows(self)
        kind = ctx.params.get(name)
        if kind is not None:
            return of_type(ir.BindValue(name, kind), kind)
        let = ctx.resolved.lets.get(name)
        if let is not None and name not in ctx.columns:
            return self._let(let, (), e)
        if name in ctx.columns:
            ctx.sink.add("E305", e.span, labels=ctx.declared(name))
            return ABSENT
        if name in METRICS:
            ctx.sink.add("E303", e.span, name=name, wanted="its arguments in parentheses", given="none")
            return ABSENT
        known = (*self.rows.env, "rows", *ctx.params, *ctx.resolved.lets, *ctx.columns)
        suggestion = ELSEWHERE.get(name.lower()) or did_you_mean(name, known)
        ctx.unknown("E205", e.span, name, suggestion)
        return ABSENT

    def _let(self, let: ast.Let, args: tuple[ast.Expr, ...], e: ast.Ref | ast.Call) -> Value:
        inside = self.rows.inside(let, args, e.span)
        return self._in(inside).value(let.body) if inside else ABSENT

    def _in(self, rows: Rows) -> Metrics:
        return Metrics(self.ctx, self.tables, rows, self.where, self.columns, self.names)

    def _call(self, e: ast.Call) -> Value:
        ctx = self.ctx
        if len(e.function.parts) != 1:
            self.rows.expr(e)
            return ABSENT
        name = e.function.parts[0].text
        let = ctx.resolved.lets.get(name)
        if let is not None:
            return self._let(let, e.args, e)
        word = name.lower()
        if word in METRICS:
            return aggregates.metric(self, e, word)
        if word in ("now", "today"):
            bound = self.rows.expr(e)
            kind = TIMESTAMPTZ if word == "now" else DATE
            return of_type(ir.BindValue(word, kind), kind) if isinstance(bound, ir.Bind) else ABSENT
        if word in _CALLS:
            return self._function(e, word)
        if word in TABLE:
            ctx.sink.add("E305", e.span, labels=self.rows.used())
            return ABSENT
        known = (*METRICS, *_CALLS, *ctx.resolved.lets)
        suggestion = ELSEWHERE.get(word) or did_you_mean(name, known)
        ctx.unknown("E208", e.function.span, name, suggestion)
        return ABSENT

    def _function(self, e: ast.Call, word: str) -> Value:
        row = TABLE[word]
        least = len(row.params) - row.optional
        if len(e.args) < least or (len(e.args) > len(row.params) and not row.variadic):
            given = str(len(e.args))
            self.ctx.sink.add("E303", e.span, name=word, wanted=f"at least {least}", given=given)
            return ABSENT
        parts = [self.value(a) for a in e.args]
        if any(is_absent(p) for p in parts):
            return ABSENT
        for part, written in zip(parts, e.args, strict=True):
            if part.unit is not parts[0].unit and not (part.unit in _NUMERIC and parts[0].unit in _NUMERIC):
                self._mismatch(e, parts[0], part)
                return ABSENT
            if word in ("abs", "round") and not self._number(part, written):
                return ABSENT
        if word == "round" and len(parts) > 1 and not isinstance(parts[1].metric, ir.Constant):
            self.ctx.sink.add("E315", e.args[1].span, what="`round`", wanted="a whole number, written out")
            return ABSENT
        units = {p.unit for p in (parts[:1] if word == "round" else parts)}
        unit = parts[0].unit if len(units) == 1 else ir.Unit.NUMBER
        metric = ir.MetricCall(_CALLS[word], tuple(p.metric for p in parts))
        return self._merged(parts, metric, unit)

    # ------------------------------------------------------------ arithmetic

    def _unary(self, e: ast.Unary) -> Value:
        part = self.value(e.operand)
        if is_absent(part) or not self._number(part, e.operand):
            return ABSENT
        if e.op == "+":
            return part
        metric = part.metric
        if isinstance(metric, ir.Constant) and isinstance(metric.value, int | Decimal | Fraction):
            return replace(part, metric=ir.Constant(-metric.value), least=None, most=None)
        negated = ir.MetricCall("neg", (metric,))
        return replace(part, metric=negated, counted=None, least=None, most=None)

    def _number(self, part: Value, written: ast.Expr) -> bool:
        if part.unit in (*_NUMERIC, ir.Unit.DURATION):
            return True
        self.ctx.sink.add("E341", written.span, left=unit_name(part), right="number")
        return False

    def _mismatch(self, e: ast.Expr, left: Value, right: Value) -> None:
        place = e.op_span if isinstance(e, ast.Binary) else e.span
        self.ctx.sink.add("E341", place, left=unit_name(left), right=unit_name(right))

    def _arithmetic(self, e: ast.Binary) -> Value:
        left, right = self.value(e.left), self.value(e.right)
        if is_absent(left) or is_absent(right):
            return ABSENT
        op = _OPS[e.op]
        if op == "div" and isinstance(right.metric, ir.Constant) and right.metric.value == 0:
            self.ctx.sink.add("E324", e.right.span, op="/")
            return ABSENT
        unit = _unit_of(op, left, right)
        if unit is None:
            moments = (ir.Unit.DATE, ir.Unit.TIMESTAMP)
            if left.unit in moments or right.unit in moments:
                self.ctx.sink.add("E343", e.span)
            else:
                self._mismatch(e, left, right)
            return ABSENT
        folded = _folded(op, left.metric, right.metric)
        metric = folded or ir.MetricCall(op, (left.metric, right.metric))
        return self._merged([left, right], metric, unit)

    def _merged(self, parts: list[Value], metric: ir.Metric, unit: ir.Unit) -> Value:
        return Value(
            metric,
            unit,
            DOUBLE if unit in _NUMERIC else parts[0].type,
            percent=unit is ir.Unit.RATIO
            and any(p.percent for p in parts)
            and isinstance(metric, ir.Constant),
            sensitive=any(p.sensitive for p in parts),
            own=any(p.own for p in parts),
            words=any(p.words for p in parts),
        )

    # ------------------------------------------------------------ for the aggregates

    def argument(self, e: ast.Expr) -> ir.Expr:
        """A row expression whose value flows into an aggregate."""
        before, self.rows.values = self.rows.values, True
        found = self.rows.expr(e)
        self.rows.values = before
        return found


def _unit_of(op: str, left: Value, right: Value) -> ir.Unit | None:
    """What arithmetic on two metrics gives; None where it makes no sense."""
    a, b = left.unit, right.unit
    if a in _NUMERIC and b in _NUMERIC:
        if op == "div":
            same = a is b and a in (ir.Unit.COUNT, ir.Unit.RATIO)
            return ir.Unit.RATIO if same and not is_plain(left) and not is_plain(right) else ir.Unit.NUMBER
        if op in ("add", "sub"):
            return a if a is b else ir.Unit.NUMBER
        return ir.Unit.RATIO if a is b is ir.Unit.RATIO else ir.Unit.NUMBER
    if ir.Unit.DURATION in (a, b):
        if op in ("add", "sub"):
            return a if a is b else None
        if op == "div" and a is b:
            return ir.Unit.NUMBER
        if op == "div" and a is ir.Unit.DURATION and b in _NUMERIC:
            return a
        if op == "mul" and (a in _NUMERIC or b in _NUMERIC):
            return ir.Unit.DURATION
    return None


def is_plain(value: Value) -> bool:
    """Whether it is a number that the author wrote."""
    return isinstance(value.metric, ir.Constant) and not value.percent


def _folded(op: str, left: ir.Metric, right: ir.Metric) -> ir.Constant | None:
    """Arithmetic of two constants, done now and exactly."""
    if not isinstance(left, ir.Constant) or not isinstance(right, ir.Constant):
        return None
    a, b = left.value, right.value
    if not isinstance(a, int | Decimal | Fraction) or not isinstance(b, int | Decimal | Fraction):
        return None
    x, y = Fraction(a), Fraction(b)
    match op:
        case "add":
            x = x + y
        case "sub":
            x = x - y
        case "mul":
            x = x * y
        case _:
            x = x / y
    return ir.Constant(int(x) if x.denominator == 1 else x)


def numeric(value: Value) -> bool:
    return value.unit in _NUMERIC


__all__ = ["Metrics", "numeric"]
