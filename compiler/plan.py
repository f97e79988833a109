"""What will run: scans that give numbers, verdicts over numbers, and captures of failed rows.

A plan is the same for every dialect but for the strategy choices of its table; it holds typed expressions,
never SQL. `planning` makes it, `lower` prints it.
"""

from __future__ import annotations

from typing import Literal, TypeAlias

from assay.compiler import ir
from assay.compiler.tree import Node


class Measure(Node, frozen=True):
    """One number of a scan. `name` is unique in the whole plan: m1, m2, …"""

    name: str
    aggregate: ir.Aggregate


class MeasureRef(Node, frozen=True):
    name: str


class Apply(Node, frozen=True):
    op: ir.MetricOp
    args: tuple[Formula, ...]


Formula: TypeAlias = MeasureRef | ir.Constant | ir.BindValue | Apply


def measures_of(*formulas: Formula | None) -> list[str]:
    """The names of the measures in the formulas, from left to right."""
    found: list[str] = []
    pending = list(reversed(formulas))
    while pending:
        match pending.pop():
            case Apply(_, args):
                pending.extend(reversed(args))
            case MeasureRef(name):
                found.append(name)
            case None | ir.Constant() | ir.BindValue():
                pass
    return found


class Guard(Node, frozen=True):
    """Run the scan only where `formula` is not zero (or null); else its measures are `otherwise`."""

    formula: Formula
    otherwise: int = 0


Form: TypeAlias = Literal["exact", "ascending", "marked", "found"]


class Scan(Node, frozen=True):
    """One SELECT over the dataset, restricted by `filter`: all of `measures` at once.

    by      group keys; empty gives exactly one row
    form    what the single measure of a scan of its own counts. `exact`: the rows that its aggregate names.
            `ascending`, for DUPLICATES: the rows whose key is not greater than the one read before it, in
            whatever order the engine reads; none proves that no key stands twice. `marked`, for DUPLICATES of a
            whole number: its distinct values. `found`, for ORPHANS: the rows whose key is in the target; the
            rest of those with a key are the orphans
    A scan of DUPLICATES or ORPHANS has that single measure, as it needs a shape of its own.
    """

    id: str
    filter: ir.Expr | None
    by: tuple[ir.Column, ...]
    measures: tuple[Measure, ...]
    guard: Guard | None = None
    form: Form = "exact"


class Bound(Node, frozen=True):
    op: str
    low: Formula
    high: Formula | None
    level: ir.LevelName


class Verdict(Node, frozen=True):
    """The rule over numbers for one check.

    value    what is compared with the bounds; failed and tested count rows, where rows are what is judged
    scan     the grouped scan whose every group is judged; None for the whole dataset
    """

    head: ir.Head
    unit: ir.Unit
    value: Formula
    bounds: tuple[Bound, ...]
    failed: Formula | None
    tested: Formula | None
    egress: ir.Egress
    scan: str | None

    def measures(self) -> list[str]:
        """The names of the measures that it reads, in order, one as often as it is read."""
        sides = [side for bound in self.bounds for side in (bound.low, bound.high)]
        return measures_of(self.value, self.failed, self.tested, *sides)


class Capture(Node, frozen=True):
    """How to fetch the failed rows of a check: at most `keep`, with these columns."""

    check: str
    rows: ir.RowCheck | ir.UniqueCheck | ir.ReferenceCheck
    filter: ir.Expr | None
    columns: tuple[str, ...]
    keep: int


class Plan(Node, frozen=True):
    contract: ir.Contract
    dialect: str
    scans: tuple[Scan, ...]
    verdicts: tuple[Verdict, ...]
    captures: tuple[Capture, ...]
