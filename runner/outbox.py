"""The warehouse as a Job uses it: what the hub is to get waits in its outbox, and nothing else does."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from assay.protocol.decoding import decode
from assay.protocol.delivery import Outgoing, params_sha256
from assay.protocol.report import Report
from assay.protocol.warehouse import Warehouse
from assay.protocol.wire import encode
from assay.runner.engines.port import Cell
from assay.runner.store import RunHead, StoredGroup, StoreError
from assay.runner.telling import Log
from assay.runner.warehouses.postgres import PostgresStore


class Outbox:
    """A store for failed rows. wanted: whether a report is one to deliver; of one that is not, nothing is kept:
    the next attempt would find it and deliver it in place of a result."""

    def __init__(
        self, place: Warehouse, base: Path, params: dict[str, str], wanted: Callable[[Report], bool], log: Log
    ) -> None:
        self._params = params_sha256(params)
        self._store = PostgresStore(place, base, envelope=self._envelope)
        self._wanted = wanted
        self._log = log

    def _envelope(self, report: Report) -> bytes:
        return encode(Outgoing(params_sha256=self._params, report=report))

    # -- as a store

    def begin(self, head: RunHead) -> None:
        self._store.begin(head)

    def keep(
        self, check: str, columns: Sequence[tuple[str, str]], batches: Iterable[list[tuple[Cell, ...]]]
    ) -> int:
        return self._store.keep(check, columns, batches)

    def keep_groups(self, check: str, groups: Sequence[StoredGroup]) -> None:
        self._store.keep_groups(check, groups)

    def finish(self, report: Report) -> None:
        if self._wanted(report):
            self._store.finish(report)

    def cancel(self) -> None:
        self._store.cancel()

    def close(self) -> None:
        self._store.close()

    # -- as an outbox

    def waiting(self, run: str, bundle: str) -> Report | None:
        """What an earlier attempt of the run has computed with the same bundle and parameters, and could not
        deliver. A warehouse that is away has nothing: the run will say so."""
        try:
            data = self._store.waiting(run)
            found = None if data is None else decode(data, Outgoing)
        except (StoreError, ValueError) as error:
            self._log.tell("outbox", error.code if isinstance(error, StoreError) else "WrongEnvelope")
            return None
        if found is None or (found.report.bundle, found.params_sha256) != (bundle, self._params):
            return None
        return found.report

    def delivered(self, run: str) -> None:
        """The hub has it. Where that cannot be noted, it will be sent again, and change nothing."""
        try:
            self._store.delivered(run)
        except StoreError as error:
            self._log.tell("outbox", error.code)
