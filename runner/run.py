"""One run: a bundle executed against its data source, judged, and put into a report.

    open session -> catalog -> scans -> verdicts -> failed rows -> report

Whatever happens after the bundle and the parameters were read, there is a report: what could not be computed
is an error with its reason. The report holds what may leave; `Details` what stays.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime

import msgspec

from assay.protocol.bundle import Bundle, CheckSpec, digest, encode
from assay.protocol.report import FORMAT as REPORT_FORMAT
from assay.protocol.report import CheckResult, Outcome, Reason, Report, Summary, Unit
from assay.protocol.warehouse import WarehousePolicy
from assay.runner.binds import ParameterError, bind_values
from assay.runner.bundles import BundleError, check_bundle, read_bundle
from assay.runner.cancel import Cancel
from assay.runner.captures import Captures
from assay.runner.details import Details
from assay.runner.engines.port import BindValue, CatalogColumn, EngineError, Session, Table
from assay.runner.groups import Groups
from assay.runner.judge import Judged, MissingMeasureError, judge, measures_in, worst
from assay.runner.keeping import Keeping
from assay.runner.scans import Scans, Source, Stopped
from assay.runner.schema import SchemaJudged, judge_schema
from assay.runner.store import RunHead, Store, StoreError
from assay.runner.values import Value, ValueFault, shown

__all__ = ["BundleError", "Cancel", "ParameterError", "Progress", "RunResult", "run"]

OpenSession = Callable[[Bundle], Session]


@dataclass(frozen=True, slots=True)
class Progress:
    """stage: open, catalog, scan, rows."""

    stage: str
    done: int
    total: int


@dataclass(frozen=True, slots=True)
class RunResult:
    report: Report
    details: Details


def run(
    bundle: bytes | Bundle,
    open_session: OpenSession,
    *,
    params: Mapping[str, str] | None = None,
    now: datetime | None = None,
    run_id: str | None = None,
    on_progress: Callable[[Progress], None] | None = None,
    cancel: Cancel | None = None,
    store: Store | None = None,
    run_seconds: float | None = None,
    policy: WarehousePolicy | None = None,
    mask_key: str = "",
) -> RunResult:
    """Raises BundleError and ParameterError before anything is opened, and nothing else.

    now     the instant that `now` and `today()` mean; it must be aware
    store   takes the failed rows of checks that did not pass; None: none are fetched
    policy  what the customer lets be kept of them; mask_key keys their hashes,
            which without one can be compared within this run only
    """
    started = time.monotonic()
    if isinstance(bundle, bytes):
        data = bundle
        bundle = read_bundle(data)
    else:
        data = encode(bundle)
        check_bundle(bundle)
    moment = (now or datetime.now(UTC)).astimezone(UTC)
    binds = bind_values(bundle.binds, params or {}, moment)
    keeping = Keeping(bundle, policy or WarehousePolicy(), mask_key.encode() or os.urandom(32))
    head = RunHead(run_id or new_run_id(moment), bundle.contract, bundle.version, moment, keeping.days)
    execution = _Execution(
        bundle, binds, head, keeping, on_progress or (lambda _: None), cancel or Cancel(), store
    )
    if store is not None:
        store.begin(head)
        execution.cancel.writes_to(store)
    try:
        try:
            execution.execute(open_session, run_seconds)
        except KeyboardInterrupt:
            execution.stop(EngineError(Reason.CANCELLED, "KeyboardInterrupt", "interrupted"))
        report = execution.report(data, started)
        return RunResult(report if store is None else execution.finished(store, report), execution.details)
    finally:
        execution.cancel.over()


def new_run_id(moment: datetime) -> str:
    """Sorts by time; 48 random bits."""
    return f"{moment:%Y%m%dT%H%M%S}-{os.urandom(6).hex()}"


@dataclass(slots=True)
class _Execution:
    bundle: Bundle
    binds: Mapping[str, BindValue]
    head: RunHead
    keeping: Keeping
    tell: Callable[[Progress], None]
    cancel: Cancel
    store: Store | None
    details: Details = field(default_factory=Details)
    schema: SchemaJudged | None = None
    judged: dict[str, Judged] = field(default_factory=dict)
    groups: dict[str, Groups] = field(default_factory=dict)
    kept: dict[str, int] = field(default_factory=dict)
    stopped: EngineError | None = None
    scan_count: int = 0
    store_code: str | None = None

    def stop(self, error: EngineError) -> None:
        """What a stopped run says is why it was stopped, not what the driver made of it."""
        if self.cancel.reason is not None and error.reason in (Reason.CANCELLED, Reason.CONNECTION):
            error = EngineError(self.cancel.reason, error.code, error.detail)
        if self.stopped is None:
            self.stopped = error
            self.details.message = error.detail

    def execute(self, open_session: OpenSession, run_seconds: float | None) -> None:
        self.tell(Progress("open", 0, 1))
        try:
            self.cancel.check()
            session = open_session(self.bundle)
        except EngineError as error:
            self.stop(error)
            return
        self.cancel.attach(session, run_seconds)
        try:
            self._work(session)
        except EngineError as error:
            self.stop(error)
        except Stopped as stopped:
            self.stop(stopped.error)
        finally:
            self.cancel.detach()
            with suppress(EngineError):
                session.close()

    def _work(self, session: Session) -> None:
        self.tell(Progress("catalog", 0, 1))
        self.cancel.check()
        source, actual = _catalog(self.bundle, session)
        if actual is not None:
            self.schema = judge_schema(self.bundle.schema, self.bundle.columns, actual, self.bundle.dialect)
            self.details.of(self.bundle.schema.id).schema = self.schema.faults
        total = len(self.bundle.queries)
        done = iter(range(1, total + 1))
        self.tell(Progress("scan", 0, total))

        def progress() -> None:
            self.tell(Progress("scan", next(done), total))
            self.cancel.check()

        scans = Scans(self.bundle, source, session, self.binds, progress)
        try:
            scans.run()
        except Stopped as stopped:
            self.stop(stopped.error)
        except EngineError as error:
            self.stop(error)
        self.scan_count = scans.count
        self._judge(scans)
        if self.stopped is None and self.store is not None:
            captures = Captures(session, source, self.binds, self.store, self.keeping, self.details)
            wanted = [capture for capture in self.bundle.captures if self._broken(capture.check)]
            try:
                for place, capture in enumerate(wanted):
                    self.tell(Progress("rows", place, len(wanted)))
                    self.cancel.check()
                    kept = captures.keep(capture)
                    if kept is not None:
                        self.kept[capture.check] = kept
                queries = {query.id: query for query in self.bundle.queries}
                for check in self.bundle.checks:
                    if check.id in self.groups and check.query is not None:
                        captures.keep_groups(check, queries[check.query], self.groups[check.id])
            except StoreError as error:
                self.store_code = error.code
                self.kept.clear()
                self.details.store_message = error.detail

    def _broken(self, check: str) -> bool:
        judged = self.judged.get(check)
        return judged is not None and judged.outcome in (Outcome.FAILED, Outcome.WARNED)

    def _judge(self, scans: Scans) -> None:
        values: dict[str, Value | ValueFault] = dict(scans.values)
        stopped = self._stop_fault()
        for query in self.bundle.queries:
            for measure in query.measures:
                values.setdefault(measure.name, stopped)
        for check in self.bundle.checks:
            detail = self.details.of(check.id)
            if check.query is None:
                judged = judge(check, values, self.binds)
                said = [scans.messages[name] for name in measures_in(check) if name in scans.messages]
            else:
                groups = scans.groups.get(check.id)
                fault = scans.faults.get(check.id, stopped)
                if groups is None:
                    judged = Judged(Outcome.ERROR, fault.reason, code=fault.code)
                else:
                    judged = groups.judged()
                    detail.groups = groups.worst()
                    detail.keys = scans.keys.get(check.id, ())
                    self.groups[check.id] = groups
                said = [scans.messages[check.id]] if check.id in scans.messages else []
            detail.message = said[0] if said and judged.outcome is Outcome.ERROR else ""
            detail.value = judged.value if isinstance(judged.value, str) else shown(judged.value, check.unit)
            self.judged[check.id] = judged

    def _stop_fault(self) -> MissingMeasureError:
        if self.stopped is None:
            return MissingMeasureError(Reason.ENGINE_ERROR, None)
        return MissingMeasureError(self.stopped.reason, self.stopped.code)

    # -- into the report

    def report(self, data: bytes, started: float) -> Report:
        bundle, head, results = self.bundle, self.head, self.results()
        return Report(
            format=REPORT_FORMAT,
            run=head.run,
            bundle=digest(data),
            contract=bundle.contract,
            version=bundle.version,
            dialect=bundle.dialect,
            now=head.now.strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
            seconds=round(time.monotonic() - started, 3),
            outcome=worst([result.outcome for result in results]),
            summary=_summary(results),
            checks=results,
            scans=self.scan_count,
            store_failed=self.store_code is not None,
            store_code=self.store_code,
        )

    def finished(self, store: Store, report: Report) -> Report:
        """The report, with what became of the failed rows."""
        try:
            if self.store_code is None:
                store.finish(report)
            return report
        except StoreError as error:
            self.details.store_message = error.detail
            checks = tuple(msgspec.structs.replace(result, kept_rows=None) for result in report.checks)
            return msgspec.structs.replace(report, store_failed=True, store_code=error.code, checks=checks)
        finally:
            store.close()

    def results(self) -> tuple[CheckResult, ...]:
        return (self._schema_result(), *(self._result(check) for check in self.bundle.checks))

    def _schema_result(self) -> CheckResult:
        spec, judged = self.bundle.schema, self.schema
        if judged is None:
            fault = self._stop_fault()
            reason = fault.reason if self.stopped is not None else Reason.MISSING_TABLE
            return CheckResult(
                spec.id,
                "schema",
                Outcome.ERROR,
                reason,
                Unit.COUNT,
                code=fault.code if self.stopped else None,
            )
        return CheckResult(
            spec.id, "schema", judged.outcome, judged.reason, Unit.COUNT, value=str(len(judged.faults))
        )

    def _result(self, check: CheckSpec) -> CheckResult:
        judged = self.judged.get(check.id)
        if judged is None:
            fault = self._stop_fault()
            judged = Judged(Outcome.ERROR, fault.reason, code=fault.code)
        groups = self.groups.get(check.id)
        value = None if check.withheld else shown(judged.value, check.unit)
        return CheckResult(
            id=check.id,
            kind=check.kind,
            outcome=judged.outcome,
            reason=judged.reason,
            unit=Unit(check.unit),
            value=value,
            withheld=judged.value is not None and value is None,
            failed_rows=judged.failed,
            tested_rows=judged.tested,
            groups=None if groups is None else groups.seen,
            failed_groups=None if groups is None else groups.broken,
            kept_rows=self.kept.get(check.id),
            code=judged.code,
        )


def _catalog(bundle: Bundle, session: Session) -> tuple[Source, tuple[CatalogColumn, ...] | None]:
    tables: dict[Table, None] = {}
    for query in bundle.queries:
        tables.update(dict.fromkeys(query.tables))
        for measure in query.measures:
            tables.update(dict.fromkeys(measure.tables))
    for capture in bundle.captures:
        tables.update(dict.fromkeys(capture.tables))
    actual = session.catalog(bundle.table)
    missing = {table for table in tables if table != bundle.table and session.catalog(table) is None}
    if actual is None:
        missing.add(bundle.table)
    columns = {column.name: column for column in actual or ()}
    return Source(bundle, columns, frozenset(missing)), actual


def _summary(results: tuple[CheckResult, ...]) -> Summary:
    counts = dict.fromkeys((outcome.value for outcome in Outcome), 0)
    for result in results:
        counts[result.outcome.value] += 1
    return Summary(**counts)
