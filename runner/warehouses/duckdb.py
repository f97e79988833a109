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

import hashlib
import os
import time as clock
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

from assay.protocol.report import Report, encode
from assay.runner.engines.duckdb import driver
from assay.runner.engines.port import Cell
from assay.runner.judge import Group
from assay.runner.store import RunHead, StoreError
from assay.runner.values import shown

_SCHEMA = """
CREATE TABLE IF NOT EXISTS runs (
    run VARCHAR, contract VARCHAR, version VARCHAR, now TIMESTAMP, outcome VARCHAR, report VARCHAR);
CREATE TABLE IF NOT EXISTS captures (run VARCHAR, "check" VARCHAR, place VARCHAR, rows BIGINT);
CREATE TABLE IF NOT EXISTS groups (
    run VARCHAR, "check" VARCHAR, place INTEGER, keys VARCHAR[], outcome VARCHAR, value VARCHAR,
    failed BIGINT);
"""
_SIMPLE = (
    *("BOOLEAN", "TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT"),
    *("UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT", "FLOAT", "DOUBLE"),
    *("VARCHAR", "UUID", "DATE", "TIME", "TIMESTAMP"),
)
_HEADERS = 3 * 4096
_FIRST_WAIT = 0.02
_LONGEST_WAIT = 0.5


@dataclass(frozen=True, slots=True)
class StoredRun:
    run: str
    contract: str
    version: str
    now: datetime
    outcome: str
    report: bytes
    checks: dict[str, int]
    """Rows kept, by check."""


@dataclass(frozen=True, slots=True)
class StoredRows:
    """columns: names and DuckDB types. `batches` streams."""

    run: str
    check: str
    columns: tuple[tuple[str, str], ...]
    batches: Iterator[list[tuple[Cell, ...]]]


@dataclass(frozen=True, slots=True)
class StoredGroup:
    keys: tuple[str, ...]
    outcome: str
    value: str | None
    failed: int | None


class DuckdbStore:
    """A store at `path`. `wait_seconds`: how long to wait for another run that writes to it."""

    def __init__(self, path: Path, *, wait_seconds: float = 30.0) -> None:
        self.path = path
        self._wait = wait_seconds
        self._connection: driver.DuckDBPyConnection | None = None
        self._head: RunHead | None = None

    # -- writing

    def keep(
        self,
        head: RunHead,
        check: str,
        columns: Sequence[tuple[str, str]],
        batches: Iterable[list[tuple[Cell, ...]]],
    ) -> int:
        store = self._begin(head)
        names = _names([name for name, _ in columns])
        types = [_storable(type_) for _, type_ in columns]
        place = _place(head.contract, check, names, types)
        shape = ", ".join(f"{_quoted(name)} {type_}" for name, type_ in zip(names, types, strict=True))
        _do(store, f'CREATE TABLE IF NOT EXISTS {place} ("_run" VARCHAR, "_row" BIGINT, {shape})')
        count = 0
        try:
            for batch in batches:
                _insert(store, place, head.run, count, types, batch)
                count += len(batch)
        except BaseException:
            _do(store, f"DELETE FROM {place} WHERE _run = ?", [head.run])  # noqa: S608
            raise
        _do(store, "INSERT INTO captures VALUES (?, ?, ?, ?)", [head.run, check, place, count])
        return count

    def keep_groups(self, head: RunHead, check: str, groups: Sequence[Group]) -> None:
        store = self._begin(head)
        for place, group in enumerate(groups, 1):
            value = group.judged.value
            text = value if isinstance(value, str) else shown(value, "number")
            row = [
                head.run,
                check,
                place,
                list(group.keys),
                group.judged.outcome.value,
                text,
                group.judged.failed,
            ]
            _do(store, "INSERT INTO groups VALUES (?, ?, ?, ?, ?, ?, ?)", row)

    def finish(self, report: Report) -> None:
        head = self._head
        if head is None:
            if not self.path.exists():
                return
            moment = datetime.fromisoformat(report.now)
            head = RunHead(report.run, report.contract, report.version, moment, None)
        store = self._begin(head)
        try:
            row = [
                head.run,
                head.contract,
                head.version,
                _naive(head.now),
                report.outcome.value,
                encode(report).decode(),
            ]
            _do(store, "INSERT INTO runs VALUES (?, ?, ?, ?, ?, ?)", row)
            if head.keep_days is not None:
                _prune(store, head.contract, head.now - timedelta(days=head.keep_days))
            _do(store, "COMMIT")
        finally:
            self.close()

    def close(self) -> None:
        """What was not finished is gone."""
        if self._connection is not None:
            self._connection.close()
        self._connection = None
        self._head = None

    def _begin(self, head: RunHead) -> driver.DuckDBPyConnection:
        if self._connection is None:
            new = not self.path.exists()
            store = _open(self.path, self._wait, read_only=False)
            self._connection = store
            if new:
                # The rows are the customer's: nobody else's business on this machine.
                self.path.chmod(0o600)
            _do(store, "BEGIN")
            for statement in _SCHEMA.strip().split(";\n"):
                _do(store, statement.rstrip(";"))
        self._head = head
        return self._connection

    # -- reading

    def runs(self, contract: str | None = None) -> list[StoredRun]:
        """The newest first."""
        with _Reading(self.path, self._wait) as store:
            counts: dict[str, dict[str, int]] = {}
            for run, check, rows in _all(store, 'SELECT run, "check", rows FROM captures'):
                counts.setdefault(str(run), {})[str(check)] = _int(rows)
            found = _all(
                store,
                "SELECT run, contract, version, now, outcome, report FROM runs"
                " WHERE $1 IS NULL OR contract = $1 ORDER BY now DESC, run DESC",
                [contract],
            )
            return [_run(row, counts) for row in found]

    def read(
        self, run: str, check: str, *, contract: str | None = None, batch: int = 1000
    ) -> StoredRows | None:
        """The failed rows of one check in one run (`last`: the newest run that kept some of it), in the order
        they came; None where there are none."""
        store = _open(self.path, self._wait, read_only=True)
        found = _all(
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
        described = _all(store, f"DESCRIBE SELECT * EXCLUDE (_run, _row) FROM {place}")  # noqa: S608
        columns = tuple((str(row[0]), str(row[1])) for row in described)
        return StoredRows(name, check, columns, _stream(store, place, name, batch))

    def groups(self, run: str, check: str) -> list[StoredGroup]:
        with _Reading(self.path, self._wait) as store:
            found = _all(
                store,
                'SELECT keys, outcome, value, failed FROM groups WHERE run = $1 AND "check" = $2'
                " ORDER BY place",
                [run, check],
            )
        return [_group(row) for row in found]


def _discard_torn(path: Path) -> None:
    """Removes what a run left whose disk was full before DuckDB's headers were written: nothing can open it.
    DuckDB locks a file that it makes, so what is locked is not torn."""
    with suppress(OSError, ImportError):
        if path.stat().st_size >= _HEADERS:
            return
        import fcntl

        with path.open("r+b") as file:
            fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if file.read(12)[8:] in (b"", b"DUCK", bytes(4)):
                path.unlink()


class _Reading:
    def __init__(self, path: Path, wait: float) -> None:
        self._path, self._wait = path, wait

    def __enter__(self) -> driver.DuckDBPyConnection:
        self._store = _open(self._path, self._wait, read_only=True)
        return self._store

    def __exit__(self, *_: object) -> None:
        self._store.close()


def _open(path: Path, wait: float, *, read_only: bool) -> driver.DuckDBPyConnection:
    if read_only and not path.exists():
        raise StoreError("FileNotFound", f"there is no diagnostics store at {path}")
    deadline = clock.monotonic() + wait
    pause = _FIRST_WAIT
    while True:
        try:
            if not read_only:
                path.parent.mkdir(parents=True, exist_ok=True)
                _discard_torn(path)
            config = {"autoinstall_known_extensions": False, "autoload_known_extensions": False}
            return driver.connect(str(path), read_only=read_only, config=dict(config))
        except driver.Error as error:
            if "lock" not in str(error).lower():
                fault = StoreError(type(error).__name__, str(error))
                break
            fault = StoreError("StoreLocked", f"another process writes to {path}; waited {wait:g} s")
        except OSError as error:
            fault = StoreError(type(error).__name__, str(error))
            break
        if clock.monotonic() + pause > deadline:
            break
        # Two that wait must not knock in step.
        clock.sleep(pause * (0.5 + os.urandom(1)[0] / 256))
        pause = min(pause * 2, _LONGEST_WAIT)
    raise fault


def _do(store: driver.DuckDBPyConnection, sql: str, values: list[object] | None = None) -> None:
    try:
        store.execute(sql, values)
        return
    except Exception as error:  # noqa: BLE001
        fault = StoreError(type(error).__name__, str(error))
    raise fault


def _all(
    store: driver.DuckDBPyConnection, sql: str, values: list[object] | None = None
) -> list[tuple[object, ...]]:
    try:
        return store.execute(sql, values).fetchall()
    except Exception as error:  # noqa: BLE001
        fault = StoreError(type(error).__name__, str(error))
    raise fault


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
    texts: list[list[str | None]] = [[_text(cell) for cell in column] for column in zip(*batch, strict=True)]
    for number, (type_, cells, column) in enumerate(zip(types, zip(*batch, strict=True), texts, strict=True)):
        if _doubtful(type_, cells) and not _all_read_as(store, type_, column):
            name = str(_all(store, f"DESCRIBE {place}")[number + 2][0])
            _do(store, f"ALTER TABLE {place} ALTER {_quoted(name)} TYPE VARCHAR")
            types[number] = "VARCHAR"
    _do(store, _insertion(place, types), [run, before, len(batch), *texts])


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
    return _all(store, sql, [column])[0][0] == 0


def _insertion(place: str, types: Sequence[str]) -> str:
    cells = "".join(f", CAST(unnest(?::VARCHAR[]) AS {type_})" for type_ in types)
    return f"INSERT INTO {place} SELECT ?, ? + unnest(range(1, ? + 1)){cells}"


def _text(cell: Cell) -> str | None:
    if cell is None or isinstance(cell, str):
        return cell
    if isinstance(cell, datetime):
        return str(cell.astimezone(UTC).replace(tzinfo=None) if cell.tzinfo else cell)
    if isinstance(cell, bytes | bytearray | memoryview):
        return bytes(cell).hex()
    return str(cell)


def _storable(type_: str) -> str:
    """Zoned instants are kept as UTC wall time; what has no plain form as text, bytes in hexadecimal."""
    if type_ in _SIMPLE or (type_.startswith("DECIMAL(") and type_.endswith(")")):
        return type_
    return "TIMESTAMP" if type_.startswith("TIMESTAMP") else "VARCHAR"


def _names(names: Sequence[str]) -> list[str]:
    """DuckDB tells names apart by their letters only, not by upper and lower case."""
    taken = {"_run", "_row"}
    given = []
    for name in names:
        own, number = name or "column", 2
        while own.lower() in taken:
            own, number = f"{name}_{number}", number + 1
        taken.add(own.lower())
        given.append(own)
    return given


def _place(contract: str, check: str, names: Sequence[str], types: Sequence[str]) -> str:
    key = "\0".join([contract, check, *names, *types]).encode("utf-8", "surrogatepass")
    return "rows_" + hashlib.sha256(key).hexdigest()[:24]


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


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


def _prune(store: driver.DuckDBPyConnection, contract: str, before: datetime) -> None:
    old = "SELECT run FROM runs WHERE contract = ? AND now < ?"
    values: list[object] = [contract, _naive(before)]
    places = _all(store, f"SELECT DISTINCT place FROM captures WHERE run IN ({old})", values)  # noqa: S608
    for (place,) in places:
        _do(store, f"DELETE FROM {place} WHERE _run IN ({old})", values)  # noqa: S608
    for table in ("captures", "groups"):
        _do(store, f"DELETE FROM {table} WHERE run IN ({old})", values)  # noqa: S608
    _do(store, "DELETE FROM runs WHERE contract = ? AND now < ?", values)


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
