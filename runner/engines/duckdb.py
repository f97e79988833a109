"""DuckDB: a database file, or Parquet and CSV files as tables.

The main database lives in memory; a database file is attached read-only. Then the door is shut: no file but
the ones of the source, no extension, no change of settings. Zoned instants are fetched as UTC wall time, as
the driver's own way needs a library of time zones.

The driver is its extension module: the package around it (expressions, relations, data frames) takes three
quarters of the time of `import duckdb`, and nothing of it is used.
"""

from __future__ import annotations

import os
import re
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

try:
    import _duckdb as driver
except ImportError:  # a release that keeps its extension module elsewhere
    import duckdb as driver  # type: ignore[no-redef]

from assay.protocol.bundle import ColumnSpec
from assay.protocol.report import Reason
from assay.protocol.source import DuckdbSource
from assay.runner.engines import duckdb_files as files
from assay.runner.engines.duckdb_types import from_native, shortened
from assay.runner.engines.port import BindValue, CatalogColumn, Cell, EngineError, Table

__all__ = ["DuckdbRows", "DuckdbSession", "driver", "open_duckdb"]

ZONED = "TIMESTAMP WITH TIME ZONE"
_ALIAS = "assay source"

FAULTY = {
    "2.0.0": "DuckDB 2.0.0 takes WHERE CASE WHEN a = 1 THEN 'x' END LIKE 'x' for WHERE a IS NOT NULL; "
    "2.0.1 does not, and neither do releases before 2.0.0"
}
"""Releases that give wrong answers, and why they are refused. `pyproject.toml` leaves them out as well."""

_REASONS: dict[str, tuple[Reason, bool]] = {
    # class of the exception: reason, whether a smaller SELECT could help
    "ConversionException": (Reason.DATA_ERROR, True),
    "InvalidInputException": (Reason.DATA_ERROR, True),
    "DataError": (Reason.DATA_ERROR, True),
    "OutOfRangeException": (Reason.OVERFLOW, True),
    "OutOfMemoryException": (Reason.RESOURCES, True),
    "InterruptException": (Reason.CANCELLED, False),
    "PermissionException": (Reason.PERMISSION, True),
    "IOException": (Reason.CONNECTION, False),
    "ConnectionException": (Reason.CONNECTION, False),
    "FatalException": (Reason.ENGINE_ERROR, False),
    "InternalException": (Reason.ENGINE_ERROR, False),
}


_WORDS: tuple[tuple[str, str, Reason], ...] = (
    # class of the exception, a pattern in its message's first line, reason: DuckDB has no finer codes.
    # The first two are raised by SQL of the compiler.
    ("InvalidInputException", "Invalid Input Error: division by zero", Reason.DIVISION_BY_ZERO),
    ("InvalidInputException", "Invalid Input Error: out of range", Reason.OVERFLOW),
    ("ConversionException", "field value out of range", Reason.DATA_ERROR),
    ("ConversionException", "out of range", Reason.OVERFLOW),
    ("ConversionException", r"Could not cast value .* to DECIMAL\(", Reason.OVERFLOW),
    ("ConversionException", r"string '\s*[+-]?\d+\s*' to U?(INT|HUGEINT)", Reason.OVERFLOW),
)


def coded(error: BaseException) -> EngineError:
    code, message = type(error).__name__, str(error)
    reason, smaller = _REASONS.get(code, (Reason.ENGINE_ERROR, isinstance(error, driver.Error)))
    first = message.partition("\n")[0]
    reason = next((r for name, words, r in _WORDS if name == code and re.search(words, first)), reason)
    return EngineError(reason, code, message, retry_smaller=smaller)


def open_duckdb(
    source: DuckdbSource,
    base: Path | None,
    declared: Mapping[Table, Sequence[ColumnSpec]],
    statement_seconds: float | None = None,
) -> DuckdbSession:
    if driver.__version__ in FAULTY:
        raise EngineError(Reason.ENGINE_ERROR, "FaultyRelease", FAULTY[driver.__version__])
    spill = Path(os.environ.get("TMPDIR") or "/tmp") / f"assay-{os.getpid()}-{os.urandom(6).hex()}"  # noqa: S108
    config: dict[str, str | bool | int | float | list[str]] = {
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
        "allow_community_extensions": False,
        "temp_directory": str(spill),
    }
    if source.memory_limit:
        config["memory_limit"] = source.memory_limit
    if source.threads:
        config["threads"] = source.threads
    session = DuckdbSession(_connect(config), declared, statement_seconds, spill)
    try:
        session.prepare(source, base)
    except BaseException:
        session.close()
        raise
    return session


def _connect(config: dict[str, str | bool | int | float | list[str]]) -> driver.DuckDBPyConnection:
    try:
        return driver.connect(":memory:", config=config)
    except Exception as error:  # noqa: BLE001
        fault = coded(error)
    raise fault


class DuckdbRows:
    """A result that is still being computed; it ends when the session runs something else."""

    def __init__(
        self, session: DuckdbSession, columns: list[tuple[str, str]], zoned: tuple[int, ...], batch: int
    ) -> None:
        self._session = session
        self._columns = columns
        self._zoned = zoned
        self._batch = batch

    @property
    def columns(self) -> Sequence[tuple[str, str]]:
        return self._columns

    def batches(self) -> Iterator[list[tuple[Cell, ...]]]:
        while batch := self._session.fetch(self._batch):
            yield [_aware(row, self._zoned) for row in batch] if self._zoned else batch


class DuckdbSession:
    dialect = "duckdb"

    def __init__(
        self,
        connection: driver.DuckDBPyConnection,
        declared: Mapping[Table, Sequence[ColumnSpec]],
        statement_seconds: float | None,
        spill: Path,
    ) -> None:
        self._connection = connection
        self._declared = declared
        self._seconds = statement_seconds
        self._spill = spill
        self._timed_out = False
        self._folder: Path | None = None
        self._files: dict[Table, Path] = {}
        self._defined: set[Table] = set()
        self._database = "memory"

    def prepare(self, source: DuckdbSource, base: Path | None) -> None:
        allowed: list[str] = []
        if source.path:
            path = files.confined(base, source.path)
            if not path.is_file():
                raise EngineError(Reason.CONNECTION, "FileNotFound", f"there is no file {path}")
            longer = [table[0] for table in self._declared if len(table) == 3]
            self._database = longer[0] if longer else _ALIAS
            alias = files.quoted(self._database)
            self._execute(f"ATTACH {files.literal(str(path))} AS {alias} (TYPE duckdb, READ_ONLY)")
            self._execute(f"USE {alias}")
        elif source.folder:
            self._folder = files.confined(base, source.folder)
            if not self._folder.is_dir():
                raise EngineError(Reason.CONNECTION, "FileNotFound", f"there is no folder {self._folder}")
            allowed.append(f"SET allowed_directories = [{files.literal(f'{self._folder}/')}]")
        else:
            self._files = {file.table: files.confined(base, file.path) for file in source.files}
            paths = ", ".join(files.literal(str(path)) for path in self._files.values())
            allowed.append(f"SET allowed_paths = [{paths}]")
        for statement in (
            *allowed,
            "SET TimeZone = 'UTC'",
            "SET enable_external_access = false",
            "SET lock_configuration = true",
        ):
            self._execute(statement)
        for table in self._files:
            self._define(table)

    def catalog(self, table: Table) -> tuple[CatalogColumn, ...] | None:
        if self._folder is not None and table not in self._defined:
            path = files.in_folder(self._folder, table)
            if path is None:
                return None
            self._files[table] = path
            self._define(table)
        match table:
            case [name]:
                database, schema = self._database, "main"
            case [schema, name]:
                database = self._database
            case [database, schema, name]:
                pass
            case _:
                return None
        fault: EngineError
        try:
            # Twenty times faster than a search through the catalog's tables.
            found = self._execute(f"DESCRIBE {files.path_of((database, schema, name))}")
            return tuple(
                CatalogColumn(str(row[0]), from_native(str(row[1])), str(row[1]), row[2] == "YES")
                for row in found
            )
        except EngineError as error:
            if error.code in ("CatalogException", "BinderException"):
                return None
            fault = error
        raise fault

    def one(self, sql: str, binds: Mapping[str, BindValue]) -> tuple[Cell, ...]:
        zoned = self._start(sql, binds)[1]
        rows = self.fetch(1)
        if not rows:
            raise EngineError(Reason.ENGINE_ERROR, "NoRow", "a SELECT of numbers gave no row")
        return _aware(rows[0], zoned)

    def rows(self, sql: str, binds: Mapping[str, BindValue], *, batch: int = 1000) -> DuckdbRows:
        columns, zoned = self._start(sql, binds)
        return DuckdbRows(self, columns, zoned, batch)

    def shortened(self, sql: str, column: CatalogColumn, most: int) -> str:
        return shortened(sql, column.native, most)

    def cancel(self) -> None:
        self._connection.interrupt()

    def close(self) -> None:
        self._connection.close()
        with suppress(OSError):
            self._spill.rmdir()

    # -- inside

    def _define(self, table: Table) -> None:
        if len(table) == 3:
            self._execute(f"ATTACH IF NOT EXISTS ':memory:' AS {files.quoted(table[0])}")
        if len(table) > 1:
            self._execute(f"CREATE SCHEMA IF NOT EXISTS {files.path_of(table[:-1])}")
        files.define(self._execute, table, self._files[table], self._declared.get(table, ()))
        self._defined.add(table)

    def _start(
        self, sql: str, binds: Mapping[str, BindValue]
    ) -> tuple[list[tuple[str, str]], tuple[int, ...]]:
        """Runs one SELECT; gives its columns, and the places of zoned instants among them."""
        fault = None
        try:
            statements = self._connection.extract_statements(sql)
            if len(statements) != 1 or statements[0].type != driver.StatementType.SELECT:
                fault = EngineError(
                    Reason.PERMISSION, "NotASelect", "only one SELECT may run", retry_smaller=True
                )
            else:
                used = statements[0].named_parameters
                given = {name: value for name, value in binds.items() if name in used}
                described = self._connection.execute(f"DESCRIBE {sql}", given).fetchall()
                columns = [(str(row[0]), str(row[1])) for row in described]
                zoned = tuple(place for place, (_, type_) in enumerate(columns) if type_ == ZONED)
                self._run(_unzoned(sql, columns), given)
                return columns, zoned
        except Exception as error:  # noqa: BLE001
            fault = self._coded(error)
        raise fault

    def _run(self, sql: str, binds: Mapping[str, BindValue]) -> None:
        self._timed_out = False
        if self._seconds is None:
            self._connection.execute(sql, binds)
            return
        timer = threading.Timer(self._seconds, self._time_out)
        timer.daemon = True
        timer.start()
        try:
            self._connection.execute(sql, binds)
        finally:
            timer.cancel()

    def _time_out(self) -> None:
        self._timed_out = True
        self._connection.interrupt()

    def _coded(self, error: BaseException) -> EngineError:
        fault = coded(error)
        if self._timed_out and fault.reason is Reason.CANCELLED:
            return EngineError(Reason.TIMEOUT, fault.code, fault.detail)
        return fault

    def fetch(self, count: int) -> list[tuple[Cell, ...]]:
        try:
            return self._connection.fetchmany(count)
        except Exception as error:  # noqa: BLE001
            fault = self._coded(error)
        raise fault

    def _execute(self, sql: str) -> list[tuple[object, ...]]:
        try:
            return self._connection.execute(sql).fetchall()
        except Exception as error:  # noqa: BLE001
            fault = coded(error)
        raise fault


def _unzoned(sql: str, columns: Sequence[tuple[str, str]]) -> str:
    """The SELECT with zoned instants as UTC wall time, and zones within nested values as text."""
    if not any("WITH TIME ZONE" in type_ for _, type_ in columns):
        return sql
    names = [f"c{place}" for place in range(len(columns))]
    shown = []
    for name, (_, type_) in zip(names, columns, strict=True):
        if type_ == ZONED:
            shown.append(f"timezone('UTC', {name})")
        elif "WITH TIME ZONE" in type_:
            shown.append(f"CAST({name} AS VARCHAR)")
        else:
            shown.append(name)
    return f"SELECT {', '.join(shown)} FROM ({sql}) AS q({', '.join(names)})"  # noqa: S608


def _aware(row: tuple[Cell, ...], zoned: tuple[int, ...]) -> tuple[Cell, ...]:
    if not zoned:
        return row
    cells = list(row)
    for place in zoned:
        cell = cells[place]
        if isinstance(cell, datetime):
            cells[place] = cell.replace(tzinfo=UTC)
    return tuple(cells)
