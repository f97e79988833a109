"""Failed rows: fetched for checks that did not pass, streamed in batches into the store."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from assay.protocol.bundle import CaptureSpec, Fragment, compose_capture
from assay.protocol.report import Reason
from assay.runner.details import Details
from assay.runner.engines.port import BindValue, EngineError, Session
from assay.runner.judge import Groups
from assay.runner.scans import FATAL, Source, Stopped
from assay.runner.store import RunHead, Store


@dataclass(slots=True)
class Captures:
    session: Session
    source: Source
    binds: Mapping[str, BindValue]
    store: Store
    head: RunHead
    details: Details

    def keep(self, capture: CaptureSpec) -> int | None:
        """The number of rows kept; None where they cannot be fetched. Raises StoreError and Stopped."""
        detail = self.details.of(capture.check)
        fault = self.source.fault(capture.needs, capture.tables)
        columns = [
            column
            for column in capture.columns
            if all(name in self.source.columns for name in column.columns)
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
        rows = self.session.rows(compose_capture(capture, columns), self.binds)
        return self.store.keep(self.head, capture.check, rows.columns, rows.batches())

    def _readable(self, capture: CaptureSpec, columns: Sequence[Fragment]) -> list[Fragment]:
        """The columns that can be fetched: found by halves, as one that cannot is rare."""
        try:
            for _ in self.session.rows(compose_capture(capture, columns), self.binds).batches():
                pass
            return list(columns)
        except EngineError as error:
            _stop_if_fatal(error)
            if len(columns) == 1 or not error.retry_smaller:
                return []
        middle = len(columns) // 2
        return self._readable(capture, columns[:middle]) + self._readable(capture, columns[middle:])

    def keep_groups(self, check: str, groups: Groups) -> None:
        worst = groups.worst()
        if worst:
            self.store.keep_groups(self.head, check, worst)


def _stop_if_fatal(error: EngineError) -> None:
    if error.reason in FATAL or error.reason is Reason.TIMEOUT:
        raise Stopped(error) from None
