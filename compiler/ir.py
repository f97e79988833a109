"""What the contract means: names bound, expressions typed, defaults explicit, every check with its id.

The tree stands alone: it holds no node of the ast and no span, only the words and the line that a person
needs to find a statement again. `check` makes it, `planning` reads it.
"""

from __future__ import annotations

from datetime import date, datetime, time
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Literal as L
from typing import TypeAlias

from assay.compiler.tree import Node
from assay.compiler.types import Type

# ---------------------------------------------------------------- row expressions


class Duration(Node, frozen=True):
    """An interval literal: whole months and microseconds apart, as their sum depends on the calendar."""

    months: int
    microseconds: int


Scalar: TypeAlias = bool | int | Decimal | float | str | date | time | datetime | Duration | None


class Literal(Node, frozen=True):
    """A constant. A timestamptz is an aware datetime in UTC, a timestamp a naive one. None is NULL."""

    value: Scalar
    type: Type

    @property
    def nullable(self) -> bool:
        return self.value is None


class Column(Node, frozen=True):
    name: str
    type: Type
    nullable: bool


class Bind(Node, frozen=True):
    """A value fixed once per run: a declared parameter, `now` (timestamptz) or `today` (date, UTC)."""

    name: str
    type: Type
    nullable: bool = False


class Call(Node, frozen=True):
    """An operator or function of `functions.TABLE`, by its name there."""

    function: str
    args: tuple[Expr, ...]
    type: Type
    nullable: bool


class Matches(Node, frozen=True):
    """True where `pattern`, a portable regular expression, is found anywhere in the operand."""

    operand: Expr
    pattern: str
    type: Type
    nullable: bool


class Case(Node, frozen=True):
    """Searched case; `otherwise` None is NULL."""

    whens: tuple[tuple[Expr, Expr], ...]
    otherwise: Expr | None
    type: Type
    nullable: bool


class Cast(Node, frozen=True):
    """`lenient` gives NULL where the value does not fit (`try_cast`).

    A date becomes its first instant; between timestamptz and the other moments the clock is read in UTC.
    """

    operand: Expr
    type: Type
    lenient: bool
    nullable: bool


Expr: TypeAlias = Literal | Column | Bind | Call | Matches | Case | Cast

# ---------------------------------------------------------------- metrics: numbers about many rows


class Aggregation(StrEnum):
    """What an Aggregate computes over the rows in scope for which `where` is true.

    ROWS            count of rows; no args
    COUNT           rows whose one argument is not null
    COUNT_IF        rows whose one argument, a predicate, is true
    DISTINCT        distinct keys among rows with no null in args (one arg or a tuple)
    DUPLICATES      rows with no null in args whose key stands in more than one such row
    ORPHANS         rows with no null in args whose key is not in `target`
    SUM MIN MAX     of one argument; null over no rows
    STDDEV VARIANCE sample forms (divisor n - 1), as double; null under two rows
    PERCENTILE      args[0] at `fraction` in 0..1: linear interpolation as double for numbers
                    (SQL's percentile_cont), the nearest value for everything else (percentile_disc)
    CORRELATION     Pearson's r of two arguments, as double; null where one of them does not vary
    NEWEST          greatest instant of one date/timestamp argument, as integer microseconds since
                    1970-01-01 UTC (a timestamp without zone is read as UTC)
    """

    ROWS = "rows"
    COUNT = "count"
    COUNT_IF = "count_if"
    DISTINCT = "distinct"
    DUPLICATES = "duplicates"
    ORPHANS = "orphans"
    SUM = "sum"
    MIN = "min"
    MAX = "max"
    STDDEV = "stddev"
    VARIANCE = "variance"
    PERCENTILE = "percentile"
    CORRELATION = "correlation"
    NEWEST = "newest"


class Target(Node, frozen=True):
    """The other side of a reference: a table of the same data source and its key columns."""

    table: tuple[str, ...]
    columns: tuple[str, ...]


class Aggregate(Node, frozen=True):
    function: Aggregation
    args: tuple[Expr, ...]
    type: Type
    where: Expr | None = None
    fraction: Decimal | None = None
    target: Target | None = None


class Constant(Node, frozen=True):
    """A number, duration (as seconds), date, timestamp, text or boolean; `unit` as in Unit."""

    value: Scalar | Fraction


class BindValue(Node, frozen=True):
    """A parameter, `now` or `today` in a bound or a metric; `now_micros` is now as microseconds since
    1970-01-01 UTC, which NEWEST is subtracted from: freshness is div(sub(now_micros, newest), 1000000)."""

    name: str
    type: Type


MetricOp: TypeAlias = L["add", "sub", "mul", "div", "neg", "abs", "round", "least", "greatest", "coalesce"]


class MetricCall(Node, frozen=True):
    """Arithmetic between numbers, done by the runner, exact for whole and decimal numbers; null in, null
    out (except coalesce); division by zero is an error of the check, unless the divisor counts rows (ROWS,
    COUNT, COUNT_IF, DISTINCT, DUPLICATES): then the ratio is null. A mean is div(sum, count)."""

    op: MetricOp
    args: tuple[Metric, ...]


Metric: TypeAlias = Aggregate | Constant | BindValue | MetricCall


class Unit(StrEnum):
    """How a check's value is to be read and shown."""

    COUNT = "count"
    RATIO = "ratio"
    NUMBER = "number"
    DURATION = "duration"
    DATE = "date"
    TIME = "time"
    TIMESTAMP = "timestamp"
    TEXT = "text"
    BOOLEAN = "boolean"


# ---------------------------------------------------------------- checks


class LevelName(StrEnum):
    WARN = "warn"
    FAIL = "fail"


class Bound(Node, frozen=True):
    """The promise is `value op low`, or `low <= value <= high` for between; broken, it costs `level`."""

    op: L["=", "<>", "<", "<=", ">", ">=", "between"]
    low: Metric
    high: Metric | None
    level: LevelName


class Egress(StrEnum):
    """Whether the value of a check may leave the customer's network. Counts, ratios, outcomes always may."""

    OPEN = "open"
    WITHHELD = "withheld"


class Head(Node, frozen=True):
    """What every check carries.

    id      stable, made from what the check is about: `orders.email.missing`
    kind    the statement: required, unique, in, not_in, between, compare, matches, length, references,
            rule, check, schema
    prose   the author's words in double quotes, or ""
    words   the statement as it stands in the contract, white space folded
    line    where it stands, from 1
    columns the columns that it is about, in order: what a failed row shows besides the keys
    was     ids whose history this check continues
    """

    id: str
    kind: str
    prose: str
    words: str
    file: str
    line: int
    columns: tuple[str, ...]
    level: LevelName
    was: tuple[str, ...] = ()


class RowCheck(Node, frozen=True):
    """Every row in `scope` for which `breaking` is true is a failed row.

    scope      `where`, and the `when` of a rule; None means all rows
    at_least   the share of rows in scope that must not break, in 0..1; None means all
    """

    head: Head
    breaking: Expr
    scope: Expr | None
    at_least: Fraction | None


class UniqueCheck(Node, frozen=True):
    """`keys` are expressions that are null where a value counts as missing."""

    head: Head
    keys: tuple[Expr, ...]
    scope: Expr | None
    at_least: Fraction | None


class ReferenceCheck(Node, frozen=True):
    head: Head
    keys: tuple[Expr, ...]
    target: Target
    scope: Expr | None
    at_least: Fraction | None


class MetricCheck(Node, frozen=True):
    """`by` is empty for the whole dataset; scope (`where`) is already part of every aggregate.

    failed_rows   rows to show when the check fails, where the metric counts bad rows
                  (missing, invalid, duplicates, violations, count = 0 …); None where no row is to blame
    """

    head: Head
    metric: Metric
    unit: Unit
    bounds: tuple[Bound, ...]
    by: tuple[Column, ...]
    egress: Egress
    failed_rows: RowCheck | UniqueCheck | ReferenceCheck | None


Check: TypeAlias = RowCheck | UniqueCheck | ReferenceCheck | MetricCheck

# ---------------------------------------------------------------- the contract


class ColumnDecl(Node, frozen=True):
    """`key` when the column is required and unique: it identifies a row."""

    name: str
    type: Type
    required: bool
    sensitive: bool
    key: bool
    prose: str
    line: int


class Param(Node, frozen=True):
    """`default` may use other binds; None means that a run must give the value."""

    name: str
    type: Type
    default: Expr | None


class Schedule(Node, frozen=True):
    cron: str
    zone: str


class Mask(Node, frozen=True):
    """How a column is shown in failed rows; `characters` of a prefix."""

    kind: L["hash", "redact", "prefix"]
    characters: int


class FailedRows(Node, frozen=True):
    """columns None: the keys and the check's own columns. days None: kept until pruned by hand."""

    keep: int
    columns: tuple[str, ...] | None
    days: int | None
    masks: tuple[tuple[str, Mask], ...] = ()


class Contract(Node, frozen=True):
    """`keys` are the columns that identify a row (the first unique required column or composite)."""

    name: str
    version: str
    prose: str
    file: str
    source: str
    table: tuple[str, ...]
    owners: tuple[tuple[str, str | None], ...]
    tags: tuple[tuple[str, Scalar], ...]
    schedule: Schedule | None
    params: tuple[Param, ...]
    filter: Expr | None
    schema_mode: L["open", "exact", "ordered"]
    schema: Head
    columns: tuple[ColumnDecl, ...]
    keys: tuple[str, ...]
    checks: tuple[Check, ...]
    failed_rows: FailedRows
