"""What the author wrote, as a tree: one node per construct of grammar/contract.lark, a span on every node.

Nothing is bound or typed here. Later stages never point back at these nodes.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Literal, TypeAlias

from assay.compiler.source import Span
from assay.compiler.tree import Node

# ---------------------------------------------------------------- names and types


class Name(Node, frozen=True):
    """One identifier. `quoted` when it stood in backticks; `text` is without them."""

    span: Span
    text: str
    quoted: bool = False


class Path(Node, frozen=True):
    """Identifiers joined by dots: a dataset, a referenced column, a contract's name."""

    span: Span
    parts: tuple[Name, ...]

    def __str__(self) -> str:
        return ".".join(p.text for p in self.parts)


class TypeName(Node, frozen=True):
    """A type as written, e.g. `timestamp with time zone` or `decimal(12, 2)`; words joined by one blank."""

    span: Span
    name: str
    args: tuple[int, ...] = ()
    item: TypeName | None = None


# ---------------------------------------------------------------- expressions


class Number(Node, frozen=True):
    span: Span
    value: Decimal
    text: str


class Percent(Node, frozen=True):
    """`5%`: value is 5."""

    span: Span
    value: Decimal


class Text(Node, frozen=True):
    span: Span
    value: str


class Boolean(Node, frozen=True):
    span: Span
    value: bool


class Null(Node, frozen=True):
    span: Span


Unit: TypeAlias = Literal["second", "minute", "hour", "day", "week", "month", "year"]


class Interval(Node, frozen=True):
    """`2 hours`: count 2, unit hour."""

    span: Span
    count: Decimal
    unit: Unit


class Temporal(Node, frozen=True):
    """`date '2024-01-31'`, `time '…'`, `timestamp '…'`, `timestamptz '…'`."""

    span: Span
    kind: Literal["date", "time", "timestamp", "timestamptz"]
    value: str


class Regex(Node, frozen=True):
    """`/…/`: value is the pattern without the slashes, with `\\/` turned into `/`."""

    span: Span
    value: str


class Ref(Node, frozen=True):
    """A name in an expression: a column, a `let`, a parameter, a metric such as `rows`, or `other.rows`."""

    span: Span
    path: Path


class Call(Node, frozen=True):
    """`avg(amount)`, `today()`, `other.sum(amount)`."""

    span: Span
    function: Path
    args: tuple[Expr, ...]


UnaryOp: TypeAlias = Literal["-", "+", "not"]
BinaryOp: TypeAlias = Literal["+", "-", "*", "/", "%", "||", "=", "<>", "<", "<=", ">", ">=", "and", "or"]
Comparison: TypeAlias = Literal["=", "<>", "<", "<=", ">", ">="]


class Unary(Node, frozen=True):
    span: Span
    op: UnaryOp
    operand: Expr


class Binary(Node, frozen=True):
    """`op_span` is the operator alone."""

    span: Span
    op: BinaryOp
    op_span: Span
    left: Expr
    right: Expr


class Between(Node, frozen=True):
    span: Span
    operand: Expr
    low: Expr
    high: Expr
    negated: bool


class InList(Node, frozen=True):
    span: Span
    operand: Expr
    items: tuple[Expr, ...]
    negated: bool


class IsNull(Node, frozen=True):
    span: Span
    operand: Expr
    negated: bool


class Like(Node, frozen=True):
    span: Span
    operand: Expr
    pattern: Expr
    negated: bool


class Matches(Node, frozen=True):
    """`x matches email` or `x matches /re/`."""

    span: Span
    operand: Expr
    pattern: Name | Regex
    negated: bool


class When(Node, frozen=True):
    span: Span
    condition: Expr
    result: Expr


class Case(Node, frozen=True):
    """`case [operand] when … then … [else …] end`."""

    span: Span
    operand: Expr | None
    whens: tuple[When, ...]
    otherwise: Expr | None


class Cast(Node, frozen=True):
    """`cast(x as t)`, or `try_cast` when lenient."""

    span: Span
    operand: Expr
    type: TypeName
    lenient: bool


class History(Node, frozen=True):
    """`rows over last 7 runs`."""

    span: Span
    operand: Expr
    count: int
    unit: Literal["runs", "days"]


class ShareOf(Node, frozen=True):
    """`0.1% of other.sum(amount)`."""

    span: Span
    percent: Percent
    operand: Expr


Expr: TypeAlias = (
    Number
    | Percent
    | Text
    | Boolean
    | Null
    | Interval
    | Temporal
    | Regex
    | Ref
    | Call
    | Unary
    | Binary
    | Between
    | InList
    | IsNull
    | Like
    | Matches
    | Case
    | Cast
    | History
    | ShareOf
)

# ---------------------------------------------------------------- what a statement may carry


class Modifiers(Node, frozen=True):
    """What may follow a column clause, a rule, `unique`, `references` or a check, in any order.

    at_least   `for at least 99%`
    where      `where p`
    level      `else warn` | `else fail`
    by         `by country, city` (checks only; the parser accepts it everywhere, the checker says where not)
    label      `as NAME`: the author's id for the statement
    was        `was old.id`
    release    span of `release value`
    A modifier given twice is a diagnostic of the parser; the first one counts.
    """

    at_least: Percent | None = None
    where: Expr | None = None
    level: Level | None = None
    by: tuple[Name, ...] = ()
    label: Name | None = None
    was: Path | None = None
    release: Span | None = None


class Level(Node, frozen=True):
    span: Span
    value: Literal["warn", "fail"]


# ---------------------------------------------------------------- column clauses


class Required(Node, frozen=True):
    span: Span
    mods: Modifiers


class Optional(Node, frozen=True):
    span: Span


class Sensitive(Node, frozen=True):
    span: Span


class MissingValues(Node, frozen=True):
    """`missing ('', 'n/a')`."""

    span: Span
    items: tuple[Expr, ...]


class MissingPattern(Node, frozen=True):
    """`missing matches /re/`."""

    span: Span
    pattern: Name | Regex


class UniqueClause(Node, frozen=True):
    span: Span
    mods: Modifiers


class InClause(Node, frozen=True):
    """`in (…)`, `not in (…)`."""

    span: Span
    items: tuple[Expr, ...]
    negated: bool
    mods: Modifiers


class BetweenClause(Node, frozen=True):
    span: Span
    low: Expr
    high: Expr
    mods: Modifiers


class CompareClause(Node, frozen=True):
    span: Span
    op: Comparison
    value: Expr
    mods: Modifiers


class MatchesClause(Node, frozen=True):
    span: Span
    pattern: Name | Regex
    mods: Modifiers


class LengthClause(Node, frozen=True):
    """`length <= 500` (one Bound) or `length between 2 and 5`."""

    span: Span
    bound: Bound
    mods: Modifiers


class ReferencesClause(Node, frozen=True):
    """`references crm.public.customers.id`: the last part is the column."""

    span: Span
    target: Path
    mods: Modifiers


Clause: TypeAlias = (
    Required
    | Optional
    | Sensitive
    | MissingValues
    | MissingPattern
    | UniqueClause
    | InClause
    | BetweenClause
    | CompareClause
    | MatchesClause
    | LengthClause
    | ReferencesClause
)

# ---------------------------------------------------------------- bounds of a check


class CompareBound(Node, frozen=True):
    span: Span
    op: Comparison
    value: Expr


class BetweenBound(Node, frozen=True):
    span: Span
    low: Expr
    high: Expr


class SigmaBound(Node, frozen=True):
    """`within 3 sigma of last 30 runs`."""

    span: Span
    sigmas: Decimal
    count: int
    unit: Literal["runs", "days"]


Bound: TypeAlias = CompareBound | BetweenBound | SigmaBound


class LeveledBound(Node, frozen=True):
    """`< 1% else warn`. `level` is None when the bound says nothing itself."""

    span: Span
    bound: Bound
    level: Level | None


# ---------------------------------------------------------------- statements of a contract


class Dataset(Node, frozen=True):
    span: Span
    path: Path


class Owner(Node, frozen=True):
    span: Span
    name: str
    email: str | None


class Tag(Node, frozen=True):
    span: Span
    name: Name
    value: Expr


class Tags(Node, frozen=True):
    span: Span
    tags: tuple[Tag, ...]


class Schedule(Node, frozen=True):
    span: Span
    cron: Text
    zone: Text | None


class Param(Node, frozen=True):
    span: Span
    name: Name
    type: TypeName
    default: Expr | None


class Filter(Node, frozen=True):
    """`filter p`."""

    span: Span
    condition: Expr


class FilterWithin(Node, frozen=True):
    """`filter within last 2 days of placed_at`."""

    span: Span
    window: Interval
    column: Name


class Schema(Node, frozen=True):
    span: Span
    mode: Literal["open", "exact", "ordered"]


class Column(Node, frozen=True):
    """`prose` is a double-quoted description after the type."""

    span: Span
    name: Name
    type: TypeName
    clauses: tuple[Clause, ...]
    prose: str | None = None


class Unique(Node, frozen=True):
    """`unique (a, b)`."""

    span: Span
    columns: tuple[Name, ...]
    mods: Modifiers


class References(Node, frozen=True):
    """`references (a, b) to source.path (x, y)`."""

    span: Span
    columns: tuple[Name, ...]
    target: Path
    target_columns: tuple[Name, ...]
    mods: Modifiers


class Let(Node, frozen=True):
    """`let delivered = p`, `let between_dates(a, b) = p`; inside a contract or shared."""

    span: Span
    name: Name
    params: tuple[Name, ...]
    body: Expr


class Format(Node, frozen=True):
    """`format email ["prose"] /re/`; shared only."""

    span: Span
    name: Name
    prose: str | None
    pattern: Regex


class RawSql(Node, frozen=True):
    """`sql postgres \"\"\"…\"\"\"`."""

    span: Span
    dialect: Name
    text: str


class Rule(Node, frozen=True):
    """`rule name "prose": [when p then] q`; `body` is RawSql for `failing sql …`."""

    span: Span
    name: Name
    prose: str | None
    when: Expr | None
    body: Expr | RawSql
    mods: Modifiers


class Check(Node, frozen=True):
    """`check [name ["prose"]:] metric bound[, bound]…`; bounds is empty for a lone predicate."""

    span: Span
    name: Name | None
    prose: str | None
    metric: Expr | RawSql
    bounds: tuple[LeveledBound, ...]
    mods: Modifiers


class Match(Node, frozen=True):
    """`match status, amount for at least 99.9%` in a reconciliation."""

    span: Span
    columns: tuple[Name, ...]
    mods: Modifiers


class Reconcile(Node, frozen=True):
    span: Span
    target: Path
    keys: tuple[Name, ...]
    where: Expr | None
    body: tuple[Check | Match, ...]


class KeptColumn(Node, frozen=True):
    """`email`, `email masked hash`, `email masked prefix 3` among the columns of failed rows."""

    span: Span
    name: Name
    mask: Literal["hash", "redact", "prefix"] | None
    characters: int


class FailedRows(Node, frozen=True):
    """`failed rows { keep 1000 columns a, b for 30 days }`; columns None means: keys and the check's columns."""

    span: Span
    keep: Number | None
    columns: tuple[KeptColumn, ...] | None
    retention: Interval | None


class Expectation(Node, frozen=True):
    """`expect rule_name fails 1`, `expect x passes`."""

    span: Span
    target: Path
    outcome: Literal["passes", "fails", "warns"]
    count: int | None


class Example(Node, frozen=True):
    """`rows` holds one tuple of literals per row, as long as `columns`."""

    span: Span
    title: str
    columns: tuple[Name, ...]
    rows: tuple[tuple[Expr, ...], ...]
    expectations: tuple[Expectation, ...]


Item: TypeAlias = (
    Dataset
    | Owner
    | Tags
    | Schedule
    | Param
    | Filter
    | FilterWithin
    | Schema
    | Column
    | Unique
    | References
    | Let
    | Rule
    | Check
    | Reconcile
    | FailedRows
    | Example
)


class Contract(Node, frozen=True):
    """`contract shop.orders version 2.1.0 { … }`. version is None where the author left it out."""

    span: Span
    name: Path
    version: str | None
    version_span: Span | None
    prose: str | None
    items: tuple[Item, ...]


class Import(Node, frozen=True):
    span: Span
    path: Text


class File(Node, frozen=True):
    """One parsed file. A library file has no contract."""

    name: str
    imports: tuple[Import, ...]
    definitions: tuple[Format | Let, ...]
    contracts: tuple[Contract, ...]
