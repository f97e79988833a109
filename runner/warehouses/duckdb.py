"""Failed rows in a DuckDB file.

    runs      one row a run: when, which contract, its report
    captures  one row per run and check: which table has its rows
    groups    the worst groups of a check, with their keys
    rows_…    failed rows of one check, with the source's column names and types: a table per shape

The file is opened when there is something to keep, or when it is there already (so that "the last run" is the
last one, passed or not). DuckDB lets one process write at a time: a second run waits. All of a run is one
transaction: a run that dies leaves nothing behind.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

from assay.protocol.report import Report, encode
from assay.runner.engines.duckdb import driver
from assay.runner.engines.port import Cell
from assay.runner.store import RunHead, StoredGroup, StoredRows, StoredRun, StoreError
from assay.runner.warehouses.cells import cell_text, column_names, quoted, rows_table
from assay.runner.warehouses.duckdb_file import Reading, do, fetch, open_file

_SCHEMA = (
    "CREATE TABLE IF NOT EXISTS runs ("
    "run VARCHAR, contract VARCHAR, version VARCHAR, now TIMESTAMP, outcome VARCHAR, report VARCHAR)",
    'CREATE TABLE IF NOT EXISTS captures (run VARCHAR, "check" VARCHAR, place VARCHAR, rows BIGINT)',
    'CREATE TABLE IF NOT EXISTS groups (run VARCHAR, "check" VARCHAR, place INTEGER, keys VARCHAR[],'
    " outcome VARCHAR, value VARCHAR, failed BIGINT)",
    # When the run was written, and when it has to go: by the clock, not by the `now` that it was given.
    "ALTER TABLE runs ADD COLUMN IF NOT EXISTS written TIMESTAMP",
    "ALTER TABLE runs ADD COLUMN IF NOT EXISTS expires TIMESTAMP",
)
_SIMPLE = (
    *("BOOLEAN", "TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT"),
    *("UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT", "FLOAT", "DOUBLE"),
    *("VARCHAR", "UUID", "DATE", "TIME", "TIMESTAMP"),
)


class DuckdbStore:
    """A warehouse at `path`. `wait_seconds`: how long to wait for another run that writes to it."""

    def __init__(self, path: Path, *, wait_seconds: float = 30.0) -> None:
        self.path = path
        self._wait = wait_seconds
        self._connection: driver.DuckDBPyConnection | None = None
        self._head: RunHead | None = None

    # -- writing

    def begin(self, head: RunHead) -> None:
        self.close()
        self._head = head

    def keep(
        self, check: str, columns: Sequence[tuple[str, str]], batches: Iterable[list[tuple[Cell, ...]]]
    ) -> int:
        store, head = self._open()
        names = column_names([name for name, _ in columns])
        types = [_storable(type_) for _, type_ in columns]
        place = rows_table(head.contract, check, names, types)
        shape = ", ".join(f"{quoted(name)} {type_}" for name, type_ in zip(names, types, strict=True))
        do(store, f'CREATE TABLE IF NOT EXISTS {place} ("_run" VARCHAR, "_row" BIGINT, {shape})')
        count = 0
        try:
            for batch in batches:
                _insert(store, place, head.run, count, types, batch)
                count += len(batch)
        except BaseException:
            do(store, f"DELETE FROM {place} WHERE _run = ?", [head.run])  # noqa: S608
            raise
        do(store, "INSERT INTO captures VALUES (?, ?, ?, ?)", [head.run, check, place, count])
        return count

    def keep_groups(self, check: str, groups: Sequence[StoredGroup]) -> None:
        store, head = self._open()
        for place, group in enumerate(groups, 1):
            row = [head.run, check, place, list(group.keys), group.outcome, group.value, group.failed]
            do(store, "INSERT INTO groups VALUES (?, ?, ?, ?, ?, ?, ?)", row)

    def finish(self, report: Report) -> None:
        if self._connection is None and not self.path.exists():
            return
        store, head = self._open()
        try:
            moment = _clock()
            days = None if head.keep_days is None else timedelta(days=head.keep_days)
            row: list[object] = [
                *(head.run, head.contract, head.version, _naive(head.now), report.outcome.value),
                *(encode(report).decode(), moment, None if days is None else moment + days),
            ]
            fields = "run, contract, version, now, outcome, report, written, expires"
            do(store, f"INSERT INTO runs ({fields}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)", row)  # noqa: S608
            oldest = None if days is None else moment - days
            old = "expires < ? OR (contract = ? AND coalesce(written, now) < ?)"
            _remove(store, old, [moment, head.contract, oldest])
            do(store, "COMMIT")
        finally:
            self.close()

    def cancel(self) -> None:
        if self._connection is not None:
            self._connection.interrupt()

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
        self._connection = None

    def prune(self) -> int:
        if not self.path.exists():
            return 0
        store = open_file(self.path, self._wait, read_only=False)
        try:
            _prepare(store)
            removed = _remove(store, "expires < ?", [_clock()])
            do(store, "COMMIT")
            return removed
        finally:
            store.close()

    def _open(self) -> tuple[driver.DuckDBPyConnection, RunHead]:
        if self._head is None:
            raise StoreError("NoRun", "nothing was begun")
        if self._connection is None:
            new = not self.path.exists()
            self._connection = open_file(self.path, self._wait, read_only=False)
            if new:
                # The rows are the customer's: nobody else's business on this machine.
                self.path.chmod(0o600)
            _prepare(self._connection)
            _remove(self._connection, "run = ?", [self._head.run])
        return self._connection, self._head

    # -- reading

    def runs(
        self, contract: str | None = None, *, run: str | None = None, limit: int = 100
    ) -> list[StoredRun]:
        with Reading(self.path, self._wait) as store:
            found = fetch(
                store,
                "SELECT run, contract, version, now, outcome, report FROM runs"
                " WHERE ($1 IS NULL OR contract = $1) AND ($2 IS NULL OR run = $2)"
                " ORDER BY now DESC, run DESC LIMIT $3",
                [contract, run, limit],
            )
            counts: dict[str, dict[str, int]] = {}
            asked = 'SELECT run, "check", rows FROM captures WHERE run IN (SELECT unnest(?::VARCHAR[]))'
            for name, check, rows in fetch(store, asked, [[row[0] for row in found]]):
                counts.setdefault(str(name), {})[str(check)] = _int(rows)
            return [_run(row, counts) for row in found]

    def read(
        self, run: str, check: str, *, contract: str | None = None, batch: int = 1000
    ) -> StoredRows | None:
        store = open_file(self.path, self._wait, read_only=True)
        found = fetch(
            store,
            'SELECT c.run, c.place FROM captures c JOIN runs r USING (run) WHERE c."check" = $1'
            " AND ($2 = 'last' OR c.run = $2) AND ($3 IS NULL OR r.contract = $3)"
            " ORDER BY r.now DESC, c.run DESC LIMIT 1",
            [check, run, contract],
        )
        if not found:
            store.close()
            return None
        name, place = str(found[0][0]), str(found[0][1])
        described = fetch(store, f"DESCRIBE SELECT * EXCLUDE (_run, _row) FROM {place}")  # noqa: S608
        columns = tuple((str(row[0]), str(row[1])) for row in described)
        return StoredRows(name, check, columns, _stream(store, place, name, batch))

    def groups(self, run: str, check: str) -> list[StoredGroup]:
        with Reading(self.path, self._wait) as store:
            found = fetch(
                store,
                'SELECT keys, outcome, value, failed FROM groups WHERE run = $1 AND "check" = $2'
                " ORDER BY place",
                [run, check],
            )
        return [_group(row) for row in found]


def _prepare(store: driver.DuckDBPyConnection) -> None:
    do(store, "BEGIN")
    for statement in _SCHEMA:
        do(store, statement)


def _remove(store: driver.DuckDBPyConnection, which: str, values: list[object]) -> int:
    """Removes runs, `which` of them, with all that was kept of them."""
    runs = [row[0] for row in fetch(store, f"SELECT run FROM runs WHERE {which}", values)]  # noqa: S608
    if not runs:
        return 0
    given = "IN (SELECT unnest(?::VARCHAR[]))"
    for (place,) in fetch(store, f"SELECT DISTINCT place FROM captures WHERE run {given}", [runs]):  # noqa: S608
        do(store, f"DELETE FROM {place} WHERE _run {given}", [runs])  # noqa: S608
    for table in ("captures", "groups", "runs"):
        do(store, f"DELETE FROM {table} WHERE run {given}", [runs])  # noqa: S608
    return len(runs)


# -- rows


def _insert(
    store: driver.DuckDBPyConnection,
    place: str,
    run: str,
    before: int,
    types: list[str],
    batch: list[tuple[Cell, ...]],
) -> None:
    """Columns go over as lists of text and are cast there: 1,000 rows in 10 ms, one by one in 1,400."""
    texts: list[list[str | None]] = [
        [cell_text(cell) for cell in column] for column in zip(*batch, strict=True)
    ]
    for number, (type_, cells, column) in enumerate(zip(types, zip(*batch, strict=True), texts, strict=True)):
        if _doubtful(type_, cells) and not _all_read_as(store, type_, column):
            name = str(fetch(store, f"DESCRIBE {place}")[number + 2][0])
            do(store, f"ALTER TABLE {place} ALTER {quoted(name)} TYPE VARCHAR")
            types[number] = "VARCHAR"
    do(store, _insertion(place, types), [run, before, len(batch), *texts])


def _doubtful(type_: str, cells: Sequence[Cell]) -> bool:
    """A cell that DuckDB's type may not hold: a NaN among decimals, a date before Christ."""
    if type_ in ("VARCHAR", "UUID"):
        return False
    return any(
        isinstance(cell, str) or (isinstance(cell, Decimal) and not cell.is_finite()) for cell in cells
    )


def _all_read_as(store: driver.DuckDBPyConnection, type_: str, column: Sequence[str | None]) -> bool:
    """Asked beforehand, as a failed statement would end the transaction."""
    sql = (
        f"SELECT count(*) FROM (SELECT unnest(?::VARCHAR[]) AS v)"  # noqa: S608
        f" WHERE v IS NOT NULL AND try_cast(v AS {type_}) IS NULL"
    )
    return fetch(store, sql, [column])[0][0] == 0


def _insertion(place: str, types: Sequence[str]) -> str:
    cells = "".join(f", CAST(unnest(?::VARCHAR[]) AS {type_})" for type_ in types)
    return f"INSERT INTO {place} SELECT ?, ? + unnest(range(1, ? + 1)){cells}"


def _storable(type_: str) -> str:
    """Zoned instants are kept as UTC wall time; what has no plain form as text, bytes in hexadecimal."""
    if type_ in _SIMPLE or (type_.startswith("DECIMAL(") and type_.endswith(")")):
        return type_
    return "TIMESTAMP" if type_.startswith("TIMESTAMP") else "VARCHAR"


def _stream(
    store: driver.DuckDBPyConnection, place: str, run: str, batch: int
) -> Iterator[list[tuple[Cell, ...]]]:
    try:
        sql = f"SELECT * EXCLUDE (_run, _row) FROM {place} WHERE _run = ? ORDER BY _row"  # noqa: S608
        result = store.execute(sql, [run])
        while rows := result.fetchmany(batch):
            yield rows
        return
    except driver.Error as error:
        fault = StoreError(type(error).__name__, str(error))
    finally:
        store.close()
    raise fault


def _clock() -> datetime:
    return datetime.now(UTC).replace(tzinfo=None)


def _naive(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(tzinfo=None)


def _int(cell: object) -> int:
    return cell if isinstance(cell, int) else 0


def _run(row: tuple[object, ...], counts: dict[str, dict[str, int]]) -> StoredRun:
    run, contract, version, now, outcome, report = row
    moment = now.replace(tzinfo=UTC) if isinstance(now, datetime) else datetime.min.replace(tzinfo=UTC)
    name = str(run)
    return StoredRun(
        name, str(contract), str(version), moment, str(outcome), str(report).encode(), counts.get(name, {})
    )


def _group(row: tuple[object, ...]) -> StoredGroup:
    keys, outcome, value, failed = row
    texts = tuple(str(key) for key in keys) if isinstance(keys, list) else ()
    return StoredGroup(
        texts,
        str(outcome),
        None if value is None else str(value),
        failed if isinstance(failed, int) else None,
    )
