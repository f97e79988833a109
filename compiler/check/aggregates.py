"""The metrics by name, each typed and given as aggregates."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from assay.compiler import ast, ir
from assay.compiler.check.context import ColumnInfo, Context, both, call, columns_of, negate
from assay.compiler.check.lints import misread
from assay.compiler.check.types import (
    MOMENTS,
    equatable,
    is_number,
    is_text,
    silent,
)
from assay.compiler.check.value import ABSENT, Counted, Value, unit_of
from assay.compiler.diagnostics import did_you_mean
from assay.compiler.resolve.scope import METRICS
from assay.compiler.resolve.walk import walk
from assay.compiler.tree import replace
from assay.compiler.types import BIGINT, DOUBLE, FLOATS, MAX_DIGITS, TEXT, Kind, Type, decimal, digits

if TYPE_CHECKING:
    from assay.compiler.check.metrics import Metrics

A = ir.Aggregation
_ARGUMENTS = {"percentile": (2, 2), "correlation": (2, 2), "duplicates": (1, 99), "distinct": (1, 99)}
MICROS = 1_000_000

__all__ = ["is_metric", "metric", "rows", "walk"]


def is_metric(e: ast.Ref | ast.Call, ctx: Context) -> bool:
    """Whether a name or a call is a metric."""
    parts = e.path.parts if isinstance(e, ast.Ref) else e.function.parts
    word = parts[0].text.lower()
    if isinstance(e, ast.Ref):
        return word == "rows" and word not in ctx.columns
    return word in METRICS and word not in ctx.resolved.lets


def rows(m: Metrics) -> Value:
    m.names["rows"] = None
    aggregate = ir.Aggregate(A.ROWS, (), BIGINT, m.where)
    return Value(aggregate, ir.Unit.COUNT, BIGINT, counted=Counted("rows", m.where, None), least=0)


def metric(m: Metrics, e: ast.Call, word: str) -> Value:
    """The metric that a call names."""
    if word == "rows":
        if e.args:
            m.ctx.sink.add("E303", e.span, name=word, wanted="no arguments", given=str(len(e.args)))
            return ABSENT
        return rows(m)
    least, most = _ARGUMENTS.get(word, (1, 1))
    if not least <= len(e.args) <= most:
        wanted = f"{least} argument{'' if least == 1 else 's'}" if most < 99 else "at least 1 argument"
        m.ctx.sink.add("E303", e.span, name=word, wanted=wanted, given=str(len(e.args)))
        return ABSENT
    m.names[word] = None
    match word:
        case "missing":
            return _missing(m, e)
        case "invalid" | "valid":
            return _valid(m, e, word)
        case "duplicates" | "distinct":
            return _keys(m, e, word)
        case "count":
            return _count(m, e)
        case "violations":
            return _violations(m, e)
        case "freshness":
            return _freshness(m, e)
        case "correlation":
            return _correlation(m, e)
        case _:
            return _numbers(m, e, word)


def _note(m: Metrics, *parts: ir.Expr) -> None:
    for name in columns_of(*parts):
        m.columns[name] = None


def _counting(aggregate: ir.Aggregate, counted: Counted) -> Value:
    return Value(aggregate, ir.Unit.COUNT, BIGINT, counted=counted, least=0)


def _column(m: Metrics, e: ast.Expr, word: str) -> ColumnInfo | None:
    """The column that `missing`, `valid` or `invalid` asks about, through lets' parameters."""
    found = m.rows.condition(e)
    if isinstance(found, ir.Column):
        return m.ctx.columns[found.name]
    if found.type.kind is not Kind.UNKNOWN:
        m.ctx.sink.add("E302", e.span, name=word, wanted="column", type="an expression")
    return None


def _missing(m: Metrics, e: ast.Call) -> Value:
    found = m.rows.condition(e.args[0])
    if found.type.kind is Kind.UNKNOWN:
        return ABSENT
    predicate = m.ctx.columns[found.name].missing if isinstance(found, ir.Column) else call("is_null", found)
    _note(m, found)
    aggregate = ir.Aggregate(A.COUNT_IF, (predicate,), BIGINT, m.where)
    return _counting(aggregate, Counted("missing", m.where, predicate))


def _valid(m: Metrics, e: ast.Call, word: str) -> Value:
    info = _column(m, e.args[0], word)
    if info is None:
        return ABSENT
    _note(m, info.ref)
    broken = m.tables.validity.get(info.ref.name, [])
    if not broken:
        m.ctx.sink.add("W302", e.span, name=info.ref.name, labels=m.ctx.declared(info.ref.name))
    invalid: ir.Expr = broken[0] if len(broken) == 1 else call("or", *broken) if broken else _FALSE
    predicate = invalid
    if word == "valid":
        present = call("is_not_null", info.ref)
        listed = negate(info.listed) if info.listed else None
        safe = negate(call("is_true", invalid)) if broken else None
        predicate = both(present, listed, safe) or present
    aggregate = ir.Aggregate(A.COUNT_IF, (predicate,), BIGINT, m.where)
    return _counting(aggregate, Counted(word, m.where, predicate if word == "invalid" else None))


_FALSE = ir.Literal(False, Type(Kind.BOOLEAN))


def _keys(m: Metrics, e: ast.Call, word: str) -> Value:
    keys = tuple(m.argument(a) for a in e.args)
    good = True
    for key, written in zip(keys, e.args, strict=True):
        if key.type.kind is Kind.UNKNOWN:
            good = False
        elif not equatable(key.type):
            m.ctx.sink.add("E312", written.span, type=str(key.type), what="equality")
            good = False
    if not good:
        return ABSENT
    _note(m, *keys)
    aggregate = ir.Aggregate(A(word), keys, BIGINT, m.where)
    return _counting(aggregate, Counted(word, m.where, keys if word == "duplicates" else None))


def _count(m: Metrics, e: ast.Call) -> Value:
    written = e.args[0]
    found = m.rows.condition(written)
    if found.type.kind is Kind.UNKNOWN:
        return ABSENT
    _note(m, found)
    if found.type.kind is Kind.BOOLEAN:
        misread(m.ctx, written)
        aggregate = ir.Aggregate(A.COUNT_IF, (found,), BIGINT, m.where)
        return _counting(aggregate, Counted("count", m.where, found))
    present = m.argument(written)
    aggregate = ir.Aggregate(A.COUNT, (present,), BIGINT, m.where)
    return _counting(aggregate, Counted("count", m.where, None))


def _violations(m: Metrics, e: ast.Call) -> Value:
    written = e.args[0]
    name = str(written.path) if isinstance(written, ast.Ref) else ""
    rule = m.tables.rules.get(name)
    if rule is None:
        if name not in m.ctx.resolved.rules:
            known = tuple(m.ctx.resolved.rules)
            suggestion = did_you_mean(name, known) if name else None
            m.ctx.sink.add("E206", written.span, suggestion=suggestion, name=name or "an expression")
        return ABSENT
    m.names.pop("violations", None)
    m.names[f"{name}.violations"] = None
    tested = both(m.where, rule.scope)
    aggregate = ir.Aggregate(A.COUNT_IF, (rule.breaking,), BIGINT, tested)
    return _counting(aggregate, Counted("violations", tested, rule.breaking))


def _sensitive(m: Metrics, *parts: ir.Expr) -> bool:
    return any(m.ctx.columns[name].sensitive for name in columns_of(*parts) if name in m.ctx.columns)


def _freshness(m: Metrics, e: ast.Call) -> Value:
    found = m.argument(e.args[0])
    if not _accepted(m, "freshness", found, e.args[0], "date or timestamp", found.type.kind in MOMENTS):
        return ABSENT
    newest = ir.Aggregate(A.NEWEST, (found,), BIGINT, m.where)
    age = ir.MetricCall("sub", (ir.BindValue("now_micros", BIGINT), newest))
    seconds = ir.MetricCall("div", (age, ir.Constant(MICROS)))
    return Value(seconds, ir.Unit.DURATION, Type(Kind.INTERVAL), sensitive=_sensitive(m, found))


def _accepted(m: Metrics, name: str, found: ir.Expr, written: ast.Expr, wanted: str, ok: bool) -> bool:
    if found.type.kind is Kind.UNKNOWN:
        return False
    if not ok and not silent(found.type):
        labels = m.ctx.declared(found.name) if isinstance(found, ir.Column) else m.rows.used()
        m.ctx.sink.add("E302", written.span, name=name, wanted=wanted, type=str(found.type), labels=labels)
        return False
    _note(m, found)
    return True


def _correlation(m: Metrics, e: ast.Call) -> Value:
    args = tuple(m.argument(a) for a in e.args)
    for arg, written in zip(args, e.args, strict=True):
        if not _accepted(m, "correlation", arg, written, "number", is_number(arg.type)):
            return ABSENT
    aggregate = ir.Aggregate(A.CORRELATION, args, DOUBLE, m.where)
    return Value(aggregate, ir.Unit.NUMBER, DOUBLE, sensitive=_sensitive(m, *args), least=-1, most=1)


def _numbers(m: Metrics, e: ast.Call, word: str) -> Value:
    """sum, avg, min, max, stddev, variance, median, percentile: of one value per row."""
    found = m.argument(e.args[0])
    kind = found.type
    ranked = word in ("min", "max", "median", "percentile")
    length = kind.kind is Kind.INTERVAL and word != "variance"
    ok = is_number(kind) or length or (ranked and (is_text(kind) or kind.kind in (*MOMENTS, Kind.TIME)))
    wanted = "number" if word == "variance" else "number or length of time"
    wanted = "number, text, date, time or length of time" if ranked else wanted
    number = Type(Kind.INTERVAL) if length else DOUBLE
    if not _accepted(m, word, found, e.args[0], wanted, ok):
        return ABSENT
    sensitive = _sensitive(m, found)
    where = m.where
    match word:
        case "sum":
            aggregate = ir.Aggregate(A.SUM, (found,), _summed(kind), where)
            return Value(aggregate, unit_of(aggregate.type), aggregate.type, sensitive=sensitive)
        case "avg":
            total = ir.Aggregate(A.SUM, (found,), _summed(kind), where)
            mean = ir.MetricCall("div", (total, ir.Aggregate(A.COUNT, (found,), BIGINT, where)))
            return Value(mean, unit_of(number), number, sensitive=sensitive)
        case "stddev" | "variance":
            aggregate = ir.Aggregate(A(word), (found,), number, where)
            return Value(aggregate, unit_of(number), number, sensitive=sensitive, least=0)
        case "min" | "max":
            shown = TEXT if is_text(kind) else kind
            aggregate = ir.Aggregate(A(word), (found,), shown, where)
        case _:
            fraction = Decimal("0.5") if word == "median" else _fraction(m, e.args[1])
            if fraction is None:
                return ABSENT
            shown = DOUBLE if is_number(kind) else TEXT if is_text(kind) else kind
            aggregate = ir.Aggregate(A.PERCENTILE, (found,), shown, where, fraction)
    made = Value(aggregate, unit_of(shown), shown)
    return replace(made, sensitive=sensitive, own=True, words=is_text(kind))


def _summed(kind: Type) -> Type:
    if kind.kind in FLOATS:
        return DOUBLE
    if kind.kind is Kind.INTERVAL:
        return kind
    size = digits(kind)
    return decimal(MAX_DIGITS, size[1]) if size else Type(Kind.DECIMAL)


def _fraction(m: Metrics, e: ast.Expr) -> Decimal | None:
    """The second argument of percentile: a number from 0 to 1, or a percentage."""
    match e:
        case ast.Number() if 0 <= e.value <= 1:
            return e.value
        case ast.Percent() if 0 <= e.value <= 100:
            return e.value / 100
        case ast.Number() if e.value <= 100:
            m.ctx.sink.add("E344", e.span, suggestion=f"{e.text}%")
        case _:
            m.ctx.sink.add("E344", e.span)
    return None
