"""The numbers: every SELECT of a bundle executed, as many measures at once as the source allows.

One bad measure is one error. When a SELECT fails in a way that a smaller one might not, its measures are
split in halves until the one to blame stands alone; its neighbours keep their results. Grouped SELECTs are
split by the checks that read them, since a group is judged while it streams by.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from assay.protocol.bundle import (
    Bundle,
    CheckSpec,
    MeasureSpec,
    Query,
    TypeSpec,
    compose,
)
from assay.protocol.report import Reason
from assay.runner.engines.port import BindValue, CatalogColumn, Cell, EngineError, Session, Table
from assay.runner.groups import Groups
from assay.runner.judge import MissingMeasureError, measures_in, passes_guard
from assay.runner.quick import GroupJudge
from assay.runner.schema import means_the_same
from assay.runner.values import Value, ValueFault, from_cell, value_of

FATAL = (Reason.CANCELLED, Reason.CONNECTION)
"""After these nothing more can be asked of the session."""


class Stopped(Exception):
    """The run cannot go on; what was not computed yet has this reason."""

    def __init__(self, error: EngineError) -> None:
        super().__init__(str(error))
        self.error = error


@dataclass(slots=True)
class Source:
    """What the catalog says about the bundle's tables."""

    bundle: Bundle
    columns: dict[str, CatalogColumn]
    missing_tables: frozenset[Table]
    declared: dict[str, TypeSpec] = field(init=False)

    def __post_init__(self) -> None:
        self.declared = {column.name: column.type for column in self.bundle.columns}

    def fault(self, columns: Sequence[str], tables: Sequence[Table]) -> MissingMeasureError | None:
        """Why SQL that reads these cannot run, or would mean something else."""
        if self.bundle.table in self.missing_tables or any(table in self.missing_tables for table in tables):
            return MissingMeasureError(Reason.MISSING_TABLE, None)
        wrong = None
        for name in columns:
            actual = self.columns.get(name)
            if actual is None:
                return MissingMeasureError(Reason.MISSING_COLUMN, None)
            if name in self.declared and not means_the_same(self.declared[name], actual.type):
                wrong = MissingMeasureError(Reason.TYPE_MISMATCH, None)
        return wrong


@dataclass(slots=True)
class Scans:
    """Runs the queries of a bundle in their order. `values` and `groups` are the outcome."""

    bundle: Bundle
    source: Source
    session: Session
    binds: Mapping[str, BindValue]
    progress: Callable[[], None] = lambda: None
    values: dict[str, Value | ValueFault] = field(default_factory=dict)
    groups: dict[str, Groups] = field(default_factory=dict)
    faults: dict[str, MissingMeasureError] = field(default_factory=dict)
    """Of grouped checks, which could not be computed, by check id."""
    messages: dict[str, str] = field(default_factory=dict)
    """What the database said, by measure name or check id: stays on this side."""
    keys: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """The names of the columns that a grouped check is `by`."""
    count: int = 0

    def run(self) -> None:
        """Raises Stopped; what is there by then stands."""
        for query in self.bundle.queries:
            if query.keys:
                self._grouped(query)
            else:
                self._plain(query)
            self.progress()

    # -- one row of numbers

    def _plain(self, query: Query) -> None:
        if query.guard is not None:
            try:
                needed = passes_guard(query.guard, self.values, self.binds)
            except ValueFault as fault:
                for measure in query.measures:
                    self.values[measure.name] = fault
                return
            if not needed:
                for measure in query.measures:
                    self.values[measure.name] = from_cell(query.guard.otherwise, "integer")
                return
        whole = self.source.fault(query.columns, query.tables)
        able = []
        for measure in query.measures:
            fault_ = whole or self.source.fault(measure.columns, measure.tables)
            if fault_ is None:
                able.append(measure)
            else:
                self.values[measure.name] = fault_
        if able:
            self._measure(query, able)

    def _measure(self, query: Query, measures: Sequence[MeasureSpec], *, probed: bool = False) -> None:
        try:
            row = self._one(compose(query, measures))
        except EngineError as error:
            if len(measures) == 1 or not error.retry_smaller:
                self._blame(measures, error)
                return
            if not probed and len(measures) > 3 and not self._source_runs(query, measures):
                return
            middle = len(measures) // 2
            self._measure(query, measures[:middle], probed=True)
            self._measure(query, measures[middle:], probed=True)
            return
        for measure, cell in zip(measures, row, strict=True):
            self.values[measure.name] = value_of(cell, measure.result)

    def _source_runs(self, query: Query, measures: Sequence[MeasureSpec]) -> bool:
        """Splitting is of no use when the filter itself is what fails."""
        if not query.columns and not query.binds:
            return True
        try:
            self._one(f"SELECT count(*) {query.source}")
        except EngineError as error:
            self._blame(measures, error)
            return False
        return True

    def _one(self, sql: str) -> tuple[Cell, ...]:
        self.count += 1
        try:
            return self.session.one(sql, self.binds)
        except EngineError as error:
            if error.reason in FATAL:
                raise Stopped(error) from None
            raise

    def _blame(self, measures: Sequence[MeasureSpec], error: EngineError) -> None:
        for measure in measures:
            self.values[measure.name] = MissingMeasureError(error.reason, error.code)
            self.messages[measure.name] = error.detail

    # -- a row of numbers per group

    def _grouped(self, query: Query) -> None:
        checks = [check for check in self.bundle.checks if check.query == query.id]
        self.keys.update(dict.fromkeys((check.id for check in checks), tuple(key.name for key in query.keys)))
        keys = [column for key in query.keys for column in key.columns]
        whole = self.source.fault([*query.columns, *keys], query.tables)
        by_name = {measure.name: measure for measure in query.measures}
        able = []
        for check in checks:
            fault = whole
            for name in measures_in(check):
                if fault is None and name in by_name:
                    fault = self.source.fault(by_name[name].columns, by_name[name].tables)
            if fault is None:
                able.append(check)
            else:
                self.faults[check.id] = fault
        if able:
            self._stream(query, able)

    def _stream(self, query: Query, checks: Sequence[CheckSpec]) -> None:
        names = {name for check in checks for name in measures_in(check)}
        measures = [measure for measure in query.measures if measure.name in names]
        judges = [GroupJudge(one, self.binds, len(query.keys), measures, self.values) for one in checks]
        self.count += 1
        try:
            for batch in self.session.rows(compose(query, measures), self.binds).batches():
                for judge in judges:
                    judge.add(batch)
        except EngineError as error:
            if error.reason in FATAL:
                raise Stopped(error) from None
            if len(checks) == 1 or not error.retry_smaller:
                for check in checks:
                    self.faults[check.id] = MissingMeasureError(error.reason, error.code)
                    self.messages[check.id] = error.detail
                return
            middle = len(checks) // 2
            self._stream(query, checks[:middle])
            self._stream(query, checks[middle:])
            return
        self.groups.update((judge.check.id, judge.groups) for judge in judges)
