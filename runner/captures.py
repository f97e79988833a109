"""Failed rows: fetched for checks that did not pass, streamed in batches into the store."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import msgspec

from assay.protocol.bundle import CaptureSpec, CheckSpec, Fragment, Query, compose_capture
from assay.protocol.report import Reason
from assay.runner.details import Details
from assay.runner.engines.port import BindValue, EngineError, Rows, Session
from assay.runner.groups import Groups
from assay.runner.keeping import Keeping
from assay.runner.scans import FATAL, Source, Stopped
from assay.runner.store import Store


@dataclass(slots=True)
class Captures:
    session: Session
    source: Source
    binds: Mapping[str, BindValue]
    store: Store
    keeping: Keeping
    details: Details

    def keep(self, capture: CaptureSpec) -> int | None:
        """The number of rows kept; None where they cannot be fetched. Raises StoreError and Stopped."""
        detail = self.details.of(capture.check)
        capture = self.keeping.limited(capture)
        fault = self.source.fault(capture.needs, capture.tables)
        columns = [
            column
            for column in capture.columns
            if all(name in self.source.columns for name in column.columns) and self.keeping.allowed(column)
        ]
        detail.rows_left_out = tuple(column.name for column in capture.columns if column not in columns)
        if fault is not None or not columns or not capture.keep:
            return None
        while True:
            try:
                return self._keep(capture, columns)
            except EngineError as error:
                _stop_if_fatal(error)
                detail.capture_message = error.detail
                good = self._readable(capture, columns) if error.retry_smaller and len(columns) > 1 else []
            if not good or len(good) == len(columns):
                return None
            detail.rows_left_out += tuple(column.name for column in columns if column not in good)
            columns = good

    def _keep(self, capture: CaptureSpec, columns: Sequence[Fragment]) -> int:
        rows = self._rows(capture, columns)
        kept, batches = self.keeping.guarded(rows.columns, rows.batches())
        return self.store.keep(capture.check, kept, batches)

    def _rows(self, capture: CaptureSpec, columns: Sequence[Fragment]) -> Rows:
        """One character more than may be kept, so that it is seen what was cut off."""
        most = self.keeping.policy.cell + 1
        short = []
        for column in columns:
            sql = column.sql
            for name in column.columns:
                sql = self.session.shortened(sql, self.source.columns[name], most)
            short.append(msgspec.structs.replace(column, sql=sql))
        batch = self.keeping.fetched(len(columns))
        return self.session.rows(compose_capture(capture, short), self.binds, batch=batch)

    def _readable(self, capture: CaptureSpec, columns: Sequence[Fragment]) -> list[Fragment]:
        """The columns that can be fetched: found by halves, as one that cannot is rare."""
        try:
            for _ in self._rows(capture, columns).batches():
                pass
            return list(columns)
        except EngineError as error:
            _stop_if_fatal(error)
            if len(columns) == 1 or not error.retry_smaller:
                return []
        middle = len(columns) // 2
        return self._readable(capture, columns[:middle]) + self._readable(capture, columns[middle:])

    def keep_groups(self, check: CheckSpec, query: Query, groups: Groups) -> None:
        worst = groups.worst()
        if worst:
            self.store.keep_groups(check.id, self.keeping.groups(check, query, worst))


def _stop_if_fatal(error: EngineError) -> None:
    if error.reason in FATAL or error.reason is Reason.TIMEOUT:
        raise Stopped(error) from None
