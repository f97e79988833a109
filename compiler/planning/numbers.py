"""Every aggregate of a contract gets one place: a measure of one scan. Equal aggregates share it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeAlias

from assay.compiler import ir
from assay.compiler.plan import Apply, Form, Formula, Guard, Measure, MeasureRef, Scan
from assay.compiler.planning import rewrite
from assay.compiler.planning.strategies import Strategies
from assay.compiler.types import INTEGERS, Kind

Groups: TypeAlias = tuple[ir.Column, ...]

_APART = frozenset({ir.Aggregation.DUPLICATES, ir.Aggregation.ORPHANS})
CORRELATION_DIGITS = 12
"""After the point: as many as engines agree in, so that r is 0 and 1 where it should be."""
_DURATION_SCALE = {ir.Aggregation.VARIANCE: 10**12}


@dataclass(slots=True)
class _Open:
    """A scan that still grows."""

    by: Groups
    measures: list[Measure] = field(default_factory=list)
    known: dict[ir.Aggregate, MeasureRef] = field(default_factory=dict)
    guard: Guard | None = None
    form: Form = "exact"


class Numbers:
    """Hands out measures while the checks are walked. Scans are numbered at the end, cheap ones first."""

    def __init__(self, contract: ir.Contract, strategies: Strategies) -> None:
        self._filter = contract.filter
        self._table = contract.table
        self._strategies = strategies
        self._count = 0
        self._known: dict[ir.Aggregate, Formula] = {}
        self._common: list[_Open] = []
        self._distinct: list[_Open] = []
        self._shaped: list[_Open] = []
        self._grouped: dict[Groups, list[_Open]] = {}
        self._shaped_groups: list[_Open] = []

    # ------------------------------------------------------------ the whole dataset

    def formula(self, metric: ir.Metric) -> Formula:
        """The metric over the whole dataset, its aggregates replaced by measures."""
        match metric:
            case ir.Aggregate():
                return self._whole(metric)
            case ir.MetricCall(op, args):
                return Apply(op, tuple(self.formula(arg) for arg in args))
            case ir.Constant() | ir.BindValue():
                return metric

    def _whole(self, aggregate: ir.Aggregate) -> Formula:
        found = self._known.get(aggregate)
        if found is None:
            other = rewrite.cheaper(aggregate)
            if other is not None:
                return self.formula(other)
            found = self._known[aggregate] = self._place(aggregate)
        return _scaled(aggregate, found)

    def _place(self, aggregate: ir.Aggregate) -> Formula:
        match aggregate.function:
            case ir.Aggregation.DUPLICATES:
                return self._alone(self._shaped, aggregate, self._guard(aggregate))
            case ir.Aggregation.ORPHANS if self._joins(aggregate):
                found = self._alone(self._shaped, aggregate, None, "found")
                return Apply("sub", (self.formula(rewrite.present(aggregate.args, aggregate.where)), found))
            case ir.Aggregation.ORPHANS:
                return self._alone(self._shaped, aggregate, None)
            case ir.Aggregation.DISTINCT | ir.Aggregation.PERCENTILE if self._strategies.distinct == "apart":
                return self._shared(self._distinct, aggregate)
            case _:
                return self._shared(self._common, aggregate)

    def _joins(self, aggregate: ir.Aggregate) -> bool:
        """A table that refers to itself is as large as it is: its keys are not worth a pass of their own."""
        target = aggregate.target
        return (
            self._strategies.single_references == "join"
            and [arg.type.kind in INTEGERS for arg in aggregate.args] == [True]
            and target is not None
            and target.table != self._table
        )

    def _guard(self, aggregate: ir.Aggregate) -> Guard | None:
        keys = aggregate.args
        way = self._strategies.single_keys if len(keys) == 1 else self._strategies.composite_keys
        if way == "count":
            return None
        if way == "probe":
            steps = self._alone(self._shaped, aggregate, None, "ascending")
            if keys[0].type.kind not in INTEGERS:
                return Guard(steps)
            marks = self._alone(self._shaped, aggregate, Guard(steps), "marked")
            present = self.formula(rewrite.present(keys, aggregate.where))
            return Guard(Apply("mul", (steps, Apply("sub", (present, marks)))))
        present = self.formula(rewrite.present(keys, aggregate.where))
        distinct = self.formula(rewrite.distinct(keys, aggregate.where))
        return Guard(Apply("sub", (present, distinct)))

    def _shared(self, scans: list[_Open], aggregate: ir.Aggregate) -> MeasureRef:
        if not scans or len(scans[-1].measures) >= self._strategies.select_list:
            scans.append(_Open(()))
        return self._add(scans[-1], aggregate)

    def _alone(
        self, scans: list[_Open], aggregate: ir.Aggregate, guard: Guard | None, form: Form = "exact"
    ) -> MeasureRef:
        scan = _Open((), guard=guard, form=form)
        scans.append(scan)
        return self._add(scan, aggregate)

    # ------------------------------------------------------------ groups

    def grouped(self, metrics: tuple[ir.Metric, ...], by: Groups) -> tuple[tuple[Formula, ...], _Open]:
        """The metrics over each group, all in one scan, as groups are judged row by row."""
        needed: dict[ir.Aggregate, None] = {}
        for metric in metrics:
            _collect(metric, needed)
        if any(aggregate.function in _APART for aggregate in needed):
            scans = self._shaped_groups
            scan = next((s for s in scans if s.by == by and s.known.keys() == needed.keys()), None)
        else:
            scans = self._grouped.setdefault(by, [])
            scan = scans[-1] if scans else None
            if scan is not None:
                fresh = sum(1 for aggregate in needed if aggregate not in scan.known)
                if len(scan.measures) + fresh + len(by) > self._strategies.select_list:
                    scan = None
        if scan is None:
            scan = _Open(by)
            scans.append(scan)
        for aggregate in needed:
            if aggregate not in scan.known:
                scan.known[aggregate] = self._add(scan, aggregate)
        known = scan.known
        return tuple(_substitute(metric, known) for metric in metrics), scan

    # ------------------------------------------------------------ the result

    def _add(self, scan: _Open, aggregate: ir.Aggregate) -> MeasureRef:
        self._count += 1
        name = f"m{self._count}"
        scan.measures.append(Measure(name, aggregate))
        return MeasureRef(name)

    def scans(self) -> tuple[tuple[Scan, ...], dict[int, str]]:
        """All scans, a guard always after what it reads, and the name of each open scan by its identity."""
        ordered = [*self._common, *self._distinct, *self._shaped]
        for scans in self._grouped.values():
            ordered.extend(scans)
        ordered.extend(self._shaped_groups)
        names = {id(scan): f"s{number}" for number, scan in enumerate(ordered, 1)}
        done = tuple(
            Scan(names[id(scan)], self._filter, scan.by, tuple(scan.measures), scan.guard, scan.form)
            for scan in ordered
        )
        return done, names


def _collect(metric: ir.Metric, found: dict[ir.Aggregate, None]) -> None:
    match metric:
        case ir.Aggregate():
            other = rewrite.cheaper(metric)
            if other is None:
                found[metric] = None
            else:
                _collect(other, found)
        case ir.MetricCall(_, args):
            for arg in args:
                _collect(arg, found)
        case ir.Constant() | ir.BindValue():
            pass


def _substitute(metric: ir.Metric, known: dict[ir.Aggregate, MeasureRef]) -> Formula:
    match metric:
        case ir.Aggregate():
            other = rewrite.cheaper(metric)
            return _scaled(metric, known[metric]) if other is None else _substitute(other, known)
        case ir.MetricCall(op, args):
            return Apply(op, tuple(_substitute(arg, known) for arg in args))
        case ir.Constant() | ir.BindValue():
            return metric


def _scaled(aggregate: ir.Aggregate, measure: Formula) -> Formula:
    """Durations are whole microseconds in SQL and seconds in a formula. The last digits of r are noise."""
    if aggregate.function is ir.Aggregation.CORRELATION:
        return Apply("round", (measure, ir.Constant(CORRELATION_DIGITS)))
    if not aggregate.args or aggregate.args[0].type.kind is not Kind.INTERVAL:
        return measure
    if aggregate.function in rewrite.COUNTING:
        return measure
    return Apply("div", (measure, ir.Constant(_DURATION_SCALE.get(aggregate.function, 10**6))))
