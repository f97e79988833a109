"""What the author wrote, as a tree: one node per construct of grammar/contract.lark, a span on every node.

Nothing is bound or typed here. Later stages never point back at these nodes.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, TypeAlias

from assay.compiler.source import Span

# ---------------------------------------------------------------- names and types


@dataclass(frozen=True, slots=True)
class Name:
    """One identifier. `quoted` when it stood in backticks; `text` is without them."""

    span: Span
    text: str
    quoted: bool = False


@dataclass(frozen=True, slots=True)
class Path:
    """Identifiers joined by dots: a dataset, a referenced column, a contract's name."""

    span: Span
    parts: tuple[Name, ...]

    def __str__(self) -> str:
        return ".".join(p.text for p in self.parts)


@dataclass(frozen=True, slots=True)
class TypeName:
    """A type as written, e.g. `timestamp with time zone` or `decimal(12, 2)`; words joined by one blank."""

    span: Span
    name: str
    args: tuple[int, ...] = ()
    item: TypeName | None = None


# ---------------------------------------------------------------- expressions


@dataclass(frozen=True, slots=True)
class Number:
    span: Span
    value: Decimal
    text: str


@dataclass(frozen=True, slots=True)
class Percent:
    """`5%`: value is 5."""

    span: Span
    value: Decimal


@dataclass(frozen=True, slots=True)
class Text:
    span: Span
    value: str


@dataclass(frozen=True, slots=True)
class Boolean:
    span: Span
    value: bool


@dataclass(frozen=True, slots=True)
class Null:
    span: Span


Unit: TypeAlias = Literal["second", "minute", "hour", "day", "week", "month", "year"]


@dataclass(frozen=True, slots=True)
class Interval:
    """`2 hours`: count 2, unit hour."""

    span: Span
    count: Decimal
    unit: Unit


@dataclass(frozen=True, slots=True)
class Temporal:
    """`date '2024-01-31'`, `time '…'`, `timestamp '…'`, `timestamptz '…'`."""

    span: Span
    kind: Literal["date", "time", "timestamp", "timestamptz"]
    value: str


@dataclass(frozen=True, slots=True)
class Regex:
    """`/…/`: value is the pattern without the slashes, with `\\/` turned into `/`."""

    span: Span
    value: str


@dataclass(frozen=True, slots=True)
class Ref:
    """A name in an expression: a column, a `let`, a parameter, a metric such as `rows`, or `other.rows`."""

    span: Span
    path: Path


@dataclass(frozen=True, slots=True)
class Call:
    """`avg(amount)`, `today()`, `other.sum(amount)`."""

    span: Span
    function: Path
    args: tuple[Expr, ...]


UnaryOp: TypeAlias = Literal["-", "+", "not"]
BinaryOp: TypeAlias = Literal["+", "-", "*", "/", "%", "||", "=", "<>", "<", "<=", ">", ">=", "and", "or"]
Comparison: TypeAlias = Literal["=", "<>", "<", "<=", ">", ">="]


@dataclass(frozen=True, slots=True)
class Unary:
    span: Span
    op: UnaryOp
    operand: Expr


@dataclass(frozen=True, slots=True)
class Binary:
    """`op_span` is the operator alone."""

    span: Span
    op: BinaryOp
    op_span: Span
    left: Expr
    right: Expr


@dataclass(frozen=True, slots=True)
class Between:
    span: Span
    operand: Expr
    low: Expr
    high: Expr
    negated: bool


@dataclass(frozen=True, slots=True)
class InList:
    span: Span
    operand: Expr
    items: tuple[Expr, ...]
    negated: bool


@dataclass(frozen=True, slots=True)
class IsNull:
    span: Span
    operand: Expr
    negated: bool


@dataclass(frozen=True, slots=True)
class Like:
    span: Span
    operand: Expr
    pattern: Expr
    negated: bool


@dataclass(frozen=True, slots=True)
class Matches:
    """`x matches email` or `x matches /re/`."""

    span: Span
    operand: Expr
    pattern: Name | Regex
    negated: bool


@dataclass(frozen=True, slots=True)
class When:
    span: Span
    condition: Expr
    result: Expr


@dataclass(frozen=True, slots=True)
class Case:
    """`case [operand] when … then … [else …] end`."""

    span: Span
    operand: Expr | None
    whens: tuple[When, ...]
    otherwise: Expr | None


@dataclass(frozen=True, slots=True)
class Cast:
    """`cast(x as t)`, or `try_cast` when lenient."""

    span: Span
    operand: Expr
    type: TypeName
    lenient: bool


@dataclass(frozen=True, slots=True)
class History:
    """`rows over last 7 runs`."""

    span: Span
    operand: Expr
    count: int
    unit: Literal["runs", "days"]


@dataclass(frozen=True, slots=True)
class ShareOf:
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


@dataclass(frozen=True, slots=True)
class Modifiers:
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


@dataclass(frozen=True, slots=True)
class Level:
    span: Span
    value: Literal["warn", "fail"]


# ---------------------------------------------------------------- column clauses


@dataclass(frozen=True, slots=True)
class Required:
    span: Span
    mods: Modifiers


@dataclass(frozen=True, slots=True)
class Optional:
    span: Span


@dataclass(frozen=True, slots=True)
class Sensitive:
    span: Span


@dataclass(frozen=True, slots=True)
class MissingValues:
    """`missing ('', 'n/a')`."""

    span: Span
    items: tuple[Expr, ...]


@dataclass(frozen=True, slots=True)
class MissingPattern:
    """`missing matches /re/`."""

    span: Span
    pattern: Name | Regex


@dataclass(frozen=True, slots=True)
class UniqueClause:
    span: Span
    mods: Modifiers


@dataclass(frozen=True, slots=True)
class InClause:
    """`in (…)`, `not in (…)`."""

    span: Span
    items: tuple[Expr, ...]
    negated: bool
    mods: Modifiers


@dataclass(frozen=True, slots=True)
class BetweenClause:
    span: Span
    low: Expr
    high: Expr
    mods: Modifiers


@dataclass(frozen=True, slots=True)
class CompareClause:
    span: Span
    op: Comparison
    value: Expr
    mods: Modifiers


@dataclass(frozen=True, slots=True)
class MatchesClause:
    span: Span
    pattern: Name | Regex
    mods: Modifiers


@dataclass(frozen=True, slots=True)
class LengthClause:
    """`length <= 500` (one Bound) or `length between 2 and 5`."""

    span: Span
    bound: Bound
    mods: Modifiers


@dataclass(frozen=True, slots=True)
class ReferencesClause:
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


@dataclass(frozen=True, slots=True)
class CompareBound:
    span: Span
    op: Comparison
    value: Expr


@dataclass(frozen=True, slots=True)
class BetweenBound:
    span: Span
    low: Expr
    high: Expr


@dataclass(frozen=True, slots=True)
class SigmaBound:
    """`within 3 sigma of last 30 runs`."""

    span: Span
    sigmas: Decimal
    count: int
    unit: Literal["runs", "days"]


Bound: TypeAlias = CompareBound | BetweenBound | SigmaBound


@dataclass(frozen=True, slots=True)
class LeveledBound:
    """`< 1% else warn`. `level` is None when the bound says nothing itself."""

    span: Span
    bound: Bound
    level: Level | None


# ---------------------------------------------------------------- statements of a contract


@dataclass(frozen=True, slots=True)
class Dataset:
    span: Span
    path: Path


@dataclass(frozen=True, slots=True)
class Owner:
    span: Span
    name: str
    email: str | None


@dataclass(frozen=True, slots=True)
class Tag:
    span: Span
    name: Name
    value: Expr


@dataclass(frozen=True, slots=True)
class Tags:
    span: Span
    tags: tuple[Tag, ...]


@dataclass(frozen=True, slots=True)
class Schedule:
    span: Span
    cron: Text
    zone: Text | None


@dataclass(frozen=True, slots=True)
class Param:
    span: Span
    name: Name
    type: TypeName
    default: Expr | None


@dataclass(frozen=True, slots=True)
class Filter:
    """`filter p`."""

    span: Span
    condition: Expr


@dataclass(frozen=True, slots=True)
class FilterWithin:
    """`filter within last 2 days of placed_at`."""

    span: Span
    window: Interval
    column: Name


@dataclass(frozen=True, slots=True)
class Schema:
    span: Span
    mode: Literal["open", "exact", "ordered"]


@dataclass(frozen=True, slots=True)
class Column:
    """`prose` is a double-quoted description after the type."""

    span: Span
    name: Name
    type: TypeName
    clauses: tuple[Clause, ...]
    prose: str | None = None


@dataclass(frozen=True, slots=True)
class Unique:
    """`unique (a, b)`."""

    span: Span
    columns: tuple[Name, ...]
    mods: Modifiers


@dataclass(frozen=True, slots=True)
class References:
    """`references (a, b) to source.path (x, y)`."""

    span: Span
    columns: tuple[Name, ...]
    target: Path
    target_columns: tuple[Name, ...]
    mods: Modifiers


@dataclass(frozen=True, slots=True)
class Let:
    """`let delivered = p`, `let between_dates(a, b) = p`; inside a contract or shared."""

    span: Span
    name: Name
    params: tuple[Name, ...]
    body: Expr


@dataclass(frozen=True, slots=True)
class Format:
    """`format email ["prose"] /re/`; shared only."""

    span: Span
    name: Name
    prose: str | None
    pattern: Regex


@dataclass(frozen=True, slots=True)
class RawSql:
    """`sql postgres \"\"\"…\"\"\"`."""

    span: Span
    dialect: Name
    text: str


@dataclass(frozen=True, slots=True)
class Rule:
    """`rule name "prose": [when p then] q`; `body` is RawSql for `failing sql …`."""

    span: Span
    name: Name
    prose: str | None
    when: Expr | None
    body: Expr | RawSql
    mods: Modifiers


@dataclass(frozen=True, slots=True)
class Check:
    """`check [name ["prose"]:] metric bound[, bound]…`; bounds is empty for a lone predicate."""

    span: Span
    name: Name | None
    prose: str | None
    metric: Expr | RawSql
    bounds: tuple[LeveledBound, ...]
    mods: Modifiers


@dataclass(frozen=True, slots=True)
class Match:
    """`match status, amount for at least 99.9%` in a reconciliation."""

    span: Span
    columns: tuple[Name, ...]
    mods: Modifiers


@dataclass(frozen=True, slots=True)
class Reconcile:
    span: Span
    target: Path
    keys: tuple[Name, ...]
    where: Expr | None
    body: tuple[Check | Match, ...]


@dataclass(frozen=True, slots=True)
class FailedRows:
    """`failed rows { keep 1000 columns a, b for 30 days }`; columns None means: keys and the check's columns."""

    span: Span
    keep: Number | None
    columns: tuple[Name, ...] | None
    retention: Interval | None


@dataclass(frozen=True, slots=True)
class Expectation:
    """`expect rule_name fails 1`, `expect x passes`."""

    span: Span
    target: Path
    outcome: Literal["passes", "fails", "warns"]
    count: int | None


@dataclass(frozen=True, slots=True)
class Example:
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


@dataclass(frozen=True, slots=True)
class Contract:
    """`contract shop.orders version 2.1.0 { … }`. version is None where the author left it out."""

    span: Span
    name: Path
    version: str | None
    version_span: Span | None
    prose: str | None
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Import:
    span: Span
    path: Text


@dataclass(frozen=True, slots=True)
class File:
    """One parsed file. A library file has no contract."""

    name: str
    imports: tuple[Import, ...]
    definitions: tuple[Format | Let, ...]
    contracts: tuple[Contract, ...]
