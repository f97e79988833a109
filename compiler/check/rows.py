"""Row expressions: binds their names, types them, and gives them in the words of the function table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import assert_never

from assay.compiler import ast, ir
from assay.compiler.check import calls, literals, pairs
from assay.compiler.check.context import MAX_DEPTH, MAX_EXPANSIONS, SILENCE, Context, call, negate
from assay.compiler.check.types import (
    DIGITS_WANTED,
    MOMENTS,
    arithmetic,
    castable,
    is_number,
    is_text,
    silent,
    type_of,
)
from assay.compiler.diagnostics import Label, did_you_mean
from assay.compiler.functions import TABLE
from assay.compiler.resolve.scope import METRICS
from assay.compiler.source import Span
from assay.compiler.types import BOOLEAN, INTEGERS, INTERVAL, TEXT, TIMESTAMP, UNKNOWN, Kind

COMPARISONS = {"=": "eq", "<>": "ne", "<": "lt", "<=": "le", ">": "gt", ">=": "ge"}
_ARITHMETIC = {"+": "add", "-": "sub", "*": "mul", "/": "div", "%": "mod"}


@dataclass(frozen=True, slots=True)
class Argument:
    """What a let's parameter stands for: an expression of the caller, to be read in the caller's scope."""

    expr: ast.Expr
    rows: Rows


@dataclass(slots=True)
class Rows:
    """Reads row expressions in one scope.

    env       the parameters of the let that is being expanded
    path      the lets that are being expanded, outermost first, each with the place that uses it
    values    columns stand for their value, NULL where it counts as missing; not inside of conditions
    constant  no columns here: what is allowed instead, in words
    """

    ctx: Context
    env: Mapping[str, Argument] = field(default_factory=dict)
    path: tuple[tuple[str, Span], ...] = ()
    values: bool = False
    constant: str = ""
    depth: int = 0

    def expr(self, e: ast.Expr) -> ir.Expr:
        self.depth += 1
        try:
            if self.depth > MAX_DEPTH:
                self.ctx.sink.add("E227", e.span, what="this expression")
                return SILENCE
            return self._expr(e)
        finally:
            self.depth -= 1

    def predicate(self, e: ast.Expr) -> ir.Expr:
        """An expression that must be true or false."""
        found = self.condition(e)
        if found.type.kind not in (Kind.BOOLEAN, Kind.UNKNOWN, Kind.ANY):
            self.ctx.sink.add("E304", e.span, type=str(found.type), labels=self.used())
            return SILENCE
        return found

    def condition(self, e: ast.Expr) -> ir.Expr:
        """An expression inside of a condition, where columns stand for what is in the cell."""
        before, self.values = self.values, False
        found = self.expr(e)
        self.values = before
        return found

    def used(self) -> tuple[Label, ...]:
        """Points at the use of the let that is being expanded."""
        return tuple(Label(span, f"`{name}` is used here") for name, span in self.path[:1])

    def _expr(self, e: ast.Expr) -> ir.Expr:
        sink = self.ctx.sink
        match e:
            case ast.Ref():
                return self._ref(e)
            case ast.Number():
                return literals.number(e, sink)
            case ast.Text():
                return ir.Literal(e.value, TEXT)
            case ast.Boolean():
                return ir.Literal(e.value, BOOLEAN)
            case ast.Null():
                return pairs.NOTHING
            case ast.Temporal():
                return literals.temporal(e, sink)
            case ast.Interval():
                return literals.interval(e, sink)
            case ast.Percent():
                sink.add("E327", e.span, what="a value of a row")
                return SILENCE
            case ast.Regex():
                sink.add("E319", e.span)
                return SILENCE
            case ast.Binary():
                return self._binary(e)
            case ast.Unary():
                return self._unary(e)
            case ast.Call():
                return self._call(e)
            case ast.Between():
                return self._between(e)
            case ast.InList():
                operand = self.condition(e.operand)
                return pairs.in_list(self, operand, e.operand.span, e.items, negated=e.negated)
            case ast.IsNull():
                return call("is_not_null" if e.negated else "is_null", self.condition(e.operand))
            case ast.Like():
                return self._like(e)
            case ast.Matches():
                found = self.matches(self.condition(e.operand), e.operand.span, e.pattern)
                return negate(found) if e.negated and found is not SILENCE else found
            case ast.Case():
                return self._case(e)
            case ast.Cast():
                return self._cast(e)
            case ast.History():
                sink.add("E390", e.span, what="`over last`")
                return SILENCE
            case ast.ShareOf():
                sink.add("E327", e.percent.span, what="a value of a row")
                return SILENCE
            case _:
                assert_never(e)

    # ------------------------------------------------------------ names

    def _ref(self, e: ast.Ref) -> ir.Expr:
        ctx = self.ctx
        if len(e.path.parts) != 1:
            return self._dotted(e)
        name = e.path.parts[0].text
        argument = self.env.get(name)
        if argument is not None:
            return self._argument(argument, e.span)
        column = ctx.columns.get(name)
        if column is not None:
            if self.constant:
                ctx.sink.add("E345", e.span, name=name, what=self.constant)
                return SILENCE
            return column.value if self.values else column.ref
        kind = ctx.params.get(name)
        if kind is not None:
            return ir.Bind(name, kind)
        let = ctx.resolved.lets.get(name)
        if let is not None:
            return self._let(let, (), e.span)
        if name == "rows":
            ctx.sink.add("E307" if self.values else "E306", e.span, name=name, labels=self.used())
            return SILENCE
        known = (*self.env, *ctx.columns, *ctx.params, *ctx.resolved.lets)
        self._unknown(e.span, name, did_you_mean(name, known))
        return SILENCE

    def _unknown(self, span: Span, name: str, suggestion: str | None) -> None:
        labels = self.used() or (self.ctx.declared(suggestion) if suggestion else ())
        self.ctx.unknown("E201", span, name, suggestion, labels)

    def _dotted(self, e: ast.Ref) -> ir.Expr:
        parts = e.path.parts
        if parts[0].text == "other":
            self.ctx.sink.add("E390", e.span, what="`other`")
            return SILENCE
        known = self.ctx.columns
        self._unknown(e.span, str(e.path), parts[-1].text if parts[-1].text in known else None)
        return SILENCE

    def _argument(self, argument: Argument, span: Span) -> ir.Expr:
        if self._too_many(span):
            return SILENCE
        caller = argument.rows
        before = caller.values
        caller.values = self.values
        found = caller.expr(argument.expr)
        caller.values = before
        return found

    def _too_many(self, span: Span) -> bool:
        self.ctx.expansions += 1
        if self.ctx.expansions <= MAX_EXPANSIONS:
            return False
        if self.ctx.expansions == MAX_EXPANSIONS + 1:
            place = self.path[0][1] if self.path else span
            self.ctx.sink.add("E227", place, what="this, with its lets written out,")
        return True

    def _let(self, let: ast.Let, args: tuple[ast.Expr, ...], span: Span) -> ir.Expr:
        inner = self.inside(let, args, span)
        return inner.expr(let.body) if inner else SILENCE

    def inside(self, let: ast.Let, args: tuple[ast.Expr, ...], span: Span) -> Rows | None:
        """The scope of a let's body; None where the use of the let is at fault."""
        name = let.name.text
        place = Label(let.name.span, "defined here")
        if name in (used for used, _ in self.path):
            used = [n for n, _ in self.path]
            circle = used[used.index(name) :]
            if self.ctx.circular.isdisjoint(circle):
                self.ctx.sink.add("E226", let.name.span, name=name, path=" -> ".join([*circle, name]))
            self.ctx.circular.update(circle)
            return None
        if len(args) != len(let.params):
            facts: dict[str, str] = {"name": name, "wanted": str(len(let.params)), "given": str(len(args))}
            self.ctx.sink.add("E228", span, labels=(place,), **facts)
            return None
        if self._too_many(span):
            return None
        env = {p.text: Argument(a, self) for p, a in zip(let.params, args, strict=True)}
        path = (*self.path, (name, span))
        return Rows(self.ctx, env, path, self.values, self.constant, self.depth)

    # ------------------------------------------------------------ operators

    def _unary(self, e: ast.Unary) -> ir.Expr:
        if e.op == "not":
            found = self.predicate(e.operand)
            return found if found is SILENCE else negate(found)
        found = self.expr(e.operand)
        if silent(found.type):
            return SILENCE
        if isinstance(found, ir.Literal) and isinstance(found.value, ir.Duration):
            sign = -1 if e.op == "-" else 1
            moved = ir.Duration(sign * found.value.months, sign * found.value.microseconds)
            return ir.Literal(moved, found.type)
        if not is_number(found.type):
            self.ctx.sink.add("E308", e.span, op=e.op, types=f"{found.type}", labels=self.used())
            return SILENCE
        if e.op == "+":
            return found
        if isinstance(found, ir.Literal) and isinstance(found.value, int | Decimal):
            return ir.Literal(-found.value, found.type)
        return call("neg", found, type=found.type)

    def _binary(self, e: ast.Binary) -> ir.Expr:
        match e.op:
            case "and" | "or":
                return self._logic(e)
            case "||":
                return self._concat(e)
            case "=" | "<>" | "<" | "<=" | ">" | ">=":
                left, right = self.condition(e.left), self.condition(e.right)
                return pairs.compare(self, COMPARISONS[e.op], left, right, e.left, e.right, e.span)
            case _:
                return self._arithmetic(e)

    def _logic(self, e: ast.Binary) -> ir.Expr:
        """`and` and `or`; a chain of them is one call, however long."""
        terms: list[ast.Expr] = []
        left: ast.Expr = e
        while isinstance(left, ast.Binary) and left.op == e.op:
            terms.append(left.right)
            left = left.left
        terms.append(left)
        parts: list[ir.Expr] = []
        for term in reversed(terms):
            part = self.predicate(term)
            if isinstance(part, ir.Call) and part.function == e.op:
                parts.extend(part.args)
            else:
                parts.append(part)
        return SILENCE if SILENCE in parts else call(e.op, *parts)

    def _concat(self, e: ast.Binary) -> ir.Expr:
        parts: list[ir.Expr] = []
        left: ast.Expr = e
        while isinstance(left, ast.Binary) and left.op == "||":
            parts.append(self._text(left.right, "||"))
            left = left.left
        parts.append(self._text(left, "||"))
        parts.reverse()
        return SILENCE if SILENCE in parts else call("concat", *parts, type=TEXT)

    def _text(self, e: ast.Expr, op: str) -> ir.Expr:
        found = self.expr(e)
        if is_text(found.type) or found.type.kind is Kind.NULL:
            return found
        if not silent(found.type):
            self.ctx.sink.add("E308", e.span, op=op, types=str(found.type), labels=self.used())
        return SILENCE

    def _arithmetic(self, e: ast.Binary) -> ir.Expr:
        left, right = self.expr(e.left), self.expr(e.right)
        if silent(left.type) or silent(right.type):
            return SILENCE
        if is_number(left.type) and is_number(right.type):
            name = _ARITHMETIC[e.op]
            if name in ("div", "mod") and isinstance(right, ir.Literal) and right.value == 0:
                self.ctx.sink.add("E324", e.right.span, op=e.op)
                return SILENCE
            exact = left.type.kind in INTEGERS and right.type.kind in INTEGERS
            if name != "mod" or exact:
                result = arithmetic(name, left.type, right.type)
                if result is UNKNOWN:
                    self.ctx.sink.add("E329", e.span, left=str(left.type), right=str(right.type))
                    return SILENCE
                return call(name, left, right, type=result)
        moved = self._moment(e, left, right)
        if moved is None:
            types = f"{left.type} and {right.type}"
            place = e.op_span
            self.ctx.sink.add("E308", place, op=e.op, types=types, labels=self.used())
            return SILENCE
        return moved

    def _moment(self, e: ast.Binary, left: ir.Expr, right: ir.Expr) -> ir.Expr | None:
        """`moment + interval`, `moment - interval`, `moment - moment`; None for anything else."""
        if e.op == "+" and left.type.kind is Kind.INTERVAL and right.type.kind in MOMENTS:
            left, right = right, left
        if left.type.kind in MOMENTS and right.type.kind is Kind.INTERVAL and e.op in "+-":
            if not isinstance(right, ir.Literal) or not isinstance(right.value, ir.Duration):
                self.ctx.sink.add(
                    "E325", e.span, reason="only a written interval such as `2 days` moves a moment"
                )
                return SILENCE
            sign = -1 if e.op == "-" else 1
            length = ir.Duration(sign * right.value.months, sign * right.value.microseconds)
            whole = length.microseconds % literals.DAY == 0
            kind = left.type if whole or left.type.kind is not Kind.DATE else TIMESTAMP
            return call("shift", left, ir.Literal(length, INTERVAL), type=kind)
        if e.op != "-" or left.type.kind not in MOMENTS or right.type.kind not in MOMENTS:
            return None
        if left.type.kind is Kind.DATE and right.type.kind is Kind.DATE:
            return call("days_between", right, left, type=calls.BIGINT)
        paired = pairs.together(self, left, right, e.left, e.right, e.span)
        if paired is None:
            return SILENCE
        return call("elapsed", paired[1], paired[0], type=INTERVAL)

    def _between(self, e: ast.Between) -> ir.Expr:
        operand = self.condition(e.operand)
        found = pairs.between(self, operand, e.operand, e.low, e.high, e.span)
        return negate(found) if e.negated and found is not SILENCE else found

    def _like(self, e: ast.Like) -> ir.Expr:
        operand, pattern = self.condition(e.operand), self.condition(e.pattern)
        if silent(operand.type) or silent(pattern.type):
            return SILENCE
        if not is_text(operand.type):
            self.ctx.sink.add("E310", e.operand.span, what="like", type=str(operand.type), labels=self.used())
            return SILENCE
        if not isinstance(pattern, ir.Literal) or not isinstance(pattern.value, str):
            self.ctx.sink.add("E315", e.pattern.span, what="`like`", wanted="a pattern between single quotes")
            return SILENCE
        found = call("like", operand, pattern)
        return negate(found) if e.negated else found

    def matches(self, operand: ir.Expr, span: Span, pattern: ast.Name | ast.Regex) -> ir.Expr:
        """True where the pattern is found in the operand."""
        text = self.ctx.pattern(pattern)
        if silent(operand.type) or text is None:
            return SILENCE
        if not is_text(operand.type):
            self.ctx.sink.add("E310", span, what="matches", type=str(operand.type), labels=self.used())
            return SILENCE
        return ir.Matches(operand, text, BOOLEAN, operand.nullable)

    def _case(self, e: ast.Case) -> ir.Expr:
        conditions: list[ir.Expr] = []
        for when in e.whens:
            if e.operand is None:
                conditions.append(self.predicate(when.condition))
            else:
                left, right = self.condition(e.operand), self.condition(when.condition)
                span = when.condition.span
                conditions.append(pairs.compare(self, "eq", left, right, e.operand, when.condition, span))
        written = [*(w.result for w in e.whens), *((e.otherwise,) if e.otherwise else ())]
        results = pairs.unify(self, [self.expr(r) for r in written], [r.span for r in written])
        if results is None or SILENCE in conditions:
            return SILENCE
        otherwise = results[-1] if e.otherwise is not None else None
        nullable = otherwise is None or any(r.nullable for r in results)
        kind = pairs.common_of(results)
        return ir.Case(tuple(zip(conditions, results, strict=False)), otherwise, kind, nullable)

    def _cast(self, e: ast.Cast) -> ir.Expr:
        found, kind = self.expr(e.operand), type_of(e.type, self.ctx.sink)
        if silent(found.type) or silent(kind):
            return SILENCE
        if kind.kind is Kind.DECIMAL and kind.precision is None:
            self.ctx.sink.add("E347", e.type.span, name=str(kind), reason=DIGITS_WANTED)
            return SILENCE
        if not castable(found.type, kind):
            facts: dict[str, str] = {"source": str(found.type), "target": str(kind)}
            self.ctx.sink.add("E314", e.span, labels=self.used(), **facts)
            return SILENCE
        if (
            isinstance(found, ir.Literal)
            and isinstance(found.value, str)
            and kind.kind in (*MOMENTS, Kind.TIME)
        ):
            return literals.parsed(kind.kind.value, found.value, e.operand.span, self.ctx.sink)
        return ir.Cast(found, kind, e.lenient, e.lenient or found.nullable)

    # ------------------------------------------------------------ calls

    def _call(self, e: ast.Call) -> ir.Expr:
        sink = self.ctx.sink
        if len(e.function.parts) != 1:
            if e.function.parts[0].text == "other":
                sink.add("E390", e.span, what="`other`")
            else:
                sink.add("E202", e.function.span, name=str(e.function))
            return SILENCE
        name = e.function.parts[0].text
        let = self.ctx.resolved.lets.get(name)
        if let is not None:
            return self._let(let, e.args, e.span)
        word = name.lower()
        if word in ("now", "today"):
            return calls.bind(self, e, word)
        if word in calls.CALLABLE:
            return calls.function(self, e, TABLE[word])
        if word in METRICS:
            nested = "E307" if self.values else "E306"
            sink.add(nested, e.function.span, name=word, labels=self.used())
            return SILENCE
        known = (*calls.CALLABLE, *self.ctx.resolved.lets, *METRICS)
        suggestion = calls.ELSEWHERE.get(word) or did_you_mean(name, known)
        self.ctx.unknown("E202", e.function.span, name, suggestion)
        return SILENCE
