"""Failed rows in a PostgreSQL database inside the network; `postgres.sql` has its tables and roles.

All of a run is one transaction: its failed rows, its report, and the envelope in the outbox. So a result that is
committed here is not lost when nobody takes it, and one that is not leaves nothing behind. Cells are copied
(COPY) or bound, never written into a statement.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import psycopg
from psycopg import sql as text

from assay.protocol.report import Report, encode
from assay.protocol.warehouse import Warehouse
from assay.runner.engines.port import Cell
from assay.runner.engines.postgres_connect import Row
from assay.runner.store import RunHead, StoredGroup, StoredRows, StoredRun, StoreError
from assay.runner.warehouses.cells import column_names, rows_table
from assay.runner.warehouses.postgres_cells import column_type, copied
from assay.runner.warehouses.postgres_session import PostgresSession

_LONGEST_NAME = 63
_AT_ONCE = 500
_OLD = """
SELECT run FROM {schema}.runs
WHERE expires < now() OR (contract = $1 AND written < now() - make_interval(days => $2)) LIMIT $3
"""
_DELIVERED_DAYS = 7
"""How long an envelope stays after it was delivered: for people who look for it."""

_Batches = Iterable[list[tuple[Cell, ...]]]


@dataclass(frozen=True, slots=True)
class Envelope:
    """A result that waits in the outbox. data: as it was written, a report unless the store was told otherwise."""

    run: str
    written: datetime
    data: bytes


class PostgresStore:
    """A warehouse whose placeholders are filled in.

    base      the folder that the path of a certificate starts at
    envelope  what is written to the outbox of a report; None: nothing, as nobody will deliver it
    wait_seconds   how long to try to reach the server
    """

    def __init__(
        self,
        warehouse: Warehouse,
        base: Path | None = None,
        *,
        envelope: Callable[[Report], bytes] | None = encode,
        wait_seconds: float = 15.0,
    ) -> None:
        self._warehouse = warehouse
        self._base = base
        self._envelope = envelope
        self._wait = wait_seconds
        self._session: PostgresSession | None = None
        self._head: RunHead | None = None

    # -- writing

    def begin(self, head: RunHead) -> None:
        self.close()
        self._head = head

    def keep(self, check: str, columns: Sequence[tuple[str, str]], batches: _Batches) -> int:
        session, head = self._open()
        names = column_names([name for name, _ in columns], _LONGEST_NAME)
        types = [column_type(type_) for _, type_ in columns]
        place = rows_table(head.contract, check, names, types)
        self._make_table(session, place, f"failed rows of {check} of {head.contract}", names, types)
        session.all("SAVEPOINT keep")
        source = _Watched(batches)
        try:
            count = _copy(session, place, head.run, names, types, source)
        except Exception as error:
            if source.fault is not None:
                session.all("ROLLBACK TO SAVEPOINT keep")
                raise
            fault = session.fault(error)
        else:
            session.all(
                "INSERT INTO {schema}.captures VALUES ($1, $2, $3, $4, $5, $6)",
                [
                    head.run,
                    check,
                    place,
                    count,
                    [name for name, _ in columns],
                    [type_ for _, type_ in columns],
                ],
            )
            return count
        raise fault

    def keep_groups(self, check: str, groups: Sequence[StoredGroup]) -> None:
        session, head = self._open()
        for place, group in enumerate(groups, 1):
            keys = [key.replace("\0", "\u2400") for key in group.keys]
            session.all(
                "INSERT INTO {schema}.groups VALUES ($1, $2, $3, $4, $5, $6, $7)",
                [head.run, check, place, keys, group.outcome, group.value, group.failed],
            )

    def finish(self, report: Report) -> None:
        session, head = self._open()
        try:
            session.all(
                "INSERT INTO {schema}.runs (run, contract, version, now, outcome, report, expires)"
                " VALUES ($1, $2, $3, $4, $5, $6::json, now() + make_interval(days => $7))",
                [
                    *(head.run, head.contract, head.version, head.now, report.outcome.value),
                    *(encode(report).decode(), head.keep_days),
                ],
            )
            if self._envelope is not None:
                # The same result again is not delivered again.
                session.all(
                    "INSERT INTO {schema}.outbox AS o (run, envelope) VALUES ($1, $2) ON CONFLICT (run) DO UPDATE"
                    " SET envelope = excluded.envelope, written = excluded.written,"
                    " delivered = CASE WHEN o.envelope = excluded.envelope THEN o.delivered END",
                    [head.run, self._envelope(report)],
                )
            self._retain(session, head)
            session.all("COMMIT")
        finally:
            self.close()

    def cancel(self) -> None:
        if self._session is not None:
            self._session.cancel()

    def close(self) -> None:
        if self._session is not None:
            self._session.close()
        self._session = None

    def _open(self) -> tuple[PostgresSession, RunHead]:
        if self._head is None:
            raise StoreError("NoRun", "nothing was begun")
        if self._session is None:
            self._session = self._connect()
            self._session.begin()
            _remove(self._session, [self._head.run])
        return self._session, self._head

    def _connect(self) -> PostgresSession:
        return PostgresSession(self._warehouse, self._base, self._wait)

    def _make_table(
        self, session: PostgresSession, place: str, about: str, names: list[str], types: list[str]
    ) -> None:
        """In a transaction of its own: another run that needs the table, too, need not wait for this one."""
        found = session.all(
            "SELECT pg_catalog.to_regclass(pg_catalog.format('%I.%I', $1::text, $2::text)) IS NOT NULL",
            [self._warehouse.schema, place],
        )
        if found != [(True,)]:
            other = self._connect()
            try:
                other.all("SELECT {schema}.rows_table($1, $2, $3, $4)", [place, about, names, types])
            finally:
                other.close()

    # -- how long

    def _retain(self, session: PostgresSession, head: RunHead) -> None:
        """Removes the runs whose days are over, and those of this contract that are older than it now says."""
        self._remove_old(session, [head.contract, head.keep_days])

    def _remove_old(self, session: PostgresSession, of: list[object]) -> int:
        """One at a time: two that remove the same would wait for each other for ever."""
        lock = "SELECT pg_catalog.pg_try_advisory_xact_lock(pg_catalog.hashtext($1))"
        if session.all(lock, [f"assay prune {self._warehouse.schema}"]) != [(True,)]:
            return 0
        removed = 0
        while found := session.all(_OLD, [*of, _AT_ONCE]):
            removed += _remove(session, [str(row[0]) for row in found])
        session.all(
            "DELETE FROM {schema}.outbox WHERE delivered < now() - make_interval(days => $1)",
            [_DELIVERED_DAYS],
        )
        return removed

    def prune(self) -> int:
        session = self._connect()
        try:
            session.begin()
            removed = self._remove_old(session, [None, None])
            session.all("COMMIT")
            return removed
        finally:
            session.close()

    # -- the outbox

    def undelivered(self, limit: int = 100) -> list[Envelope]:
        """The oldest first. They stay until `delivered` says that they arrived, however old the run is."""
        session = self._connect()
        try:
            found = session.all(
                "SELECT run, written, envelope FROM {schema}.outbox WHERE delivered IS NULL"
                " ORDER BY written, run LIMIT $1",
                [limit],
            )
        finally:
            session.close()
        return [_envelope(row) for row in found]

    def waiting(self, run: str) -> bytes | None:
        """What waits of one run."""
        session = self._connect()
        try:
            found = session.all(
                "SELECT run, written, envelope FROM {schema}.outbox WHERE delivered IS NULL AND run = $1",
                [run],
            )
        finally:
            session.close()
        return _envelope(found[0]).data if found else None

    def delivered(self, run: str) -> None:
        """The envelope of the run arrived. Again, or of a run that has none, it changes nothing."""
        session = self._connect()
        try:
            session.all(
                "UPDATE {schema}.outbox SET delivered = now() WHERE run = $1 AND delivered IS NULL", [run]
            )
        finally:
            session.close()

    # -- reading

    def runs(
        self, contract: str | None = None, *, run: str | None = None, limit: int = 100
    ) -> list[StoredRun]:
        session = self._connect()
        try:
            found = session.all(
                "SELECT r.run, r.contract, r.version, r.now, r.outcome, r.report::text,"
                ' (SELECT json_object_agg("check", rows ORDER BY "check") FROM {schema}.captures c'
                " WHERE c.run = r.run)::text"
                " FROM {schema}.runs r WHERE ($1::text IS NULL OR contract = $1) AND ($2::text IS NULL OR run = $2)"
                " ORDER BY now DESC, run DESC LIMIT $3",
                [contract, run, limit],
            )
        finally:
            session.close()
        return [_run(row) for row in found]

    def read(
        self, run: str, check: str, *, contract: str | None = None, batch: int = 1000
    ) -> StoredRows | None:
        session = self._connect()
        try:
            found = session.all(
                "SELECT c.run, c.place, array_to_json(c.columns)::text, array_to_json(c.types)::text"
                ' FROM {schema}.captures c JOIN {schema}.runs r USING (run) WHERE c."check" = $1'
                " AND ($2 = 'last' OR c.run = $2) AND ($3::text IS NULL OR r.contract = $3)"
                " ORDER BY r.now DESC, c.run DESC LIMIT 1",
                [check, run, contract],
            )
        except StoreError:
            session.close()
            raise
        if not found:
            session.close()
            return None
        name, place, columns, types = (str(cell) for cell in found[0])
        names, kinds = (msgspec.json.decode(cell, type=tuple[str, ...]) for cell in (columns, types))
        own = column_names(names, _LONGEST_NAME)
        batches = _stream(session, place, name, own, batch)
        return StoredRows(name, check, tuple(zip(names, kinds, strict=True)), batches)

    def groups(self, run: str, check: str) -> list[StoredGroup]:
        session = self._connect()
        try:
            found = session.all(
                "SELECT array_to_json(keys)::text, outcome, value, failed FROM {schema}.groups"
                ' WHERE run = $1 AND "check" = $2 ORDER BY place',
                [run, check],
            )
        finally:
            session.close()
        return [_group(row) for row in found]


class _Watched:
    """Batches of which it is known whether they were what failed."""

    def __init__(self, batches: _Batches) -> None:
        self._batches = batches
        self.fault: BaseException | None = None

    def __iter__(self) -> Iterator[list[tuple[Cell, ...]]]:
        try:
            yield from self._batches
        except BaseException as error:
            self.fault = error
            raise


def _copy(
    session: PostgresSession, place: str, run: str, names: list[str], types: list[str], source: _Watched
) -> int:
    columns = text.SQL(", ").join(text.Identifier(name) for name in ("_run", "_row", "_odd", *names))
    statement = text.SQL("COPY {}.{} ({}) FROM STDIN").format(session.schema, text.Identifier(place), columns)
    count = 0
    with psycopg.Cursor(session.connection) as cursor, cursor.copy(statement) as copy:
        for batch in source:
            for row in copied(run, names, types, count + 1, batch):
                copy.write_row(row)
            count += len(batch)
    return count


def _remove(session: PostgresSession, runs: list[str]) -> int:
    """Removes runs with all that was kept of them; what waits in the outbox stays."""
    places = session.all("SELECT DISTINCT place FROM {schema}.captures WHERE run = ANY($1)", [runs])
    for (place,) in places:
        session.all("DELETE FROM {schema}.{place} WHERE _run = ANY($1)", [runs], place=str(place))
    for table in ("captures", "groups", "runs"):
        session.all("DELETE FROM {schema}.{table} WHERE run = ANY($1)", [runs], table=table)
    return len(runs)


def _stream(
    session: PostgresSession, place: str, run: str, names: Sequence[str], batch: int
) -> Iterator[list[tuple[Cell, ...]]]:
    columns = text.SQL(", ").join(text.Identifier(name) for name in ("_odd", *names))
    statement = text.SQL("SELECT {} FROM {}.{} WHERE _run = $1 ORDER BY _row").format(
        columns, session.schema, text.Identifier(place)
    )
    try:
        session.begin("READ ONLY")
        with psycopg.RawServerCursor(session.connection, "rows") as cursor:
            cursor.execute(statement, [run])
            while rows := cursor.fetchmany(batch):
                yield [_whole(row, names) for row in rows]
        return
    except Exception as error:  # noqa: BLE001
        fault = session.fault(error)
    finally:
        session.close()
    raise fault


def _whole(row: Row, names: Sequence[str]) -> tuple[Cell, ...]:
    """A row with the cells that the types of its columns could not hold."""
    odd, *cells = row
    if isinstance(odd, str):
        for name, cell in msgspec.json.decode(odd, type=dict[str, str]).items():
            cells[names.index(name)] = cell
    return tuple(cells)


def _run(row: Row) -> StoredRun:
    run, contract, version, now, outcome, report, checks = row
    moment = now if isinstance(now, datetime) else datetime.min.replace(tzinfo=UTC)
    counts = msgspec.json.decode(checks, type=dict[str, int]) if isinstance(checks, str) else {}
    return StoredRun(
        str(run), str(contract), str(version), moment, str(outcome), str(report).encode(), counts
    )


def _group(row: Row) -> StoredGroup:
    keys, outcome, value, failed = row
    return StoredGroup(
        msgspec.json.decode(str(keys), type=tuple[str, ...]),
        str(outcome),
        None if value is None else str(value),
        failed if isinstance(failed, int) else None,
    )


def _envelope(row: Row) -> Envelope:
    run, written, data = row
    if not isinstance(written, datetime) or not isinstance(data, bytes):
        raise StoreError("WrongFormat", "the outbox is not what it should be")
    return Envelope(str(run), written, data)
