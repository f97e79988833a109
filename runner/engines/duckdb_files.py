"""Files as tables: which file a table is, and the types of a CSV file.

A CSV file has no types of its own. A column takes the type that the contract declares when every value of the
file reads as it with nothing lost; else the type that DuckDB infers, so that the schema check says what is
there. Declared text stays text, leading zeros and all. Small CSV files are read whole, once, into memory.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TypeAlias

from assay.protocol.bundle import ColumnSpec
from assay.protocol.report import Reason
from assay.protocol.source import FILE_ENDINGS
from assay.runner.engines.duckdb_types import from_native, reads_as, to_native
from assay.runner.engines.port import EngineError, Table

Execute: TypeAlias = Callable[[str], list[tuple[object, ...]]]
"""Runs one statement on the connection and gives its rows; raises EngineError."""

SMALL = 32 * 1024 * 1024
"""Bytes up to which a CSV file is inferred from all of its rows, and kept in memory."""
_SAMPLE = 200_000


def quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def path_of(table: Table) -> str:
    return ".".join(quoted(part) for part in table)


def confined(base: Path | None, path: str) -> Path:
    """The real path of a configured file; raises EngineError where it leaves the configuration's folder."""
    if base is None:
        return Path(path).resolve()
    root = base.resolve()
    found = (root / path).resolve()
    if not found.is_relative_to(root):
        raise EngineError(Reason.PERMISSION, "OutsideFolder", "the path leaves the configuration's folder")
    return found


def in_folder(folder: Path, table: Table) -> Path | None:
    """The file that is `table`: its stem is the table's name, sub-folders are the schemas'."""
    if any(part in ("", ".", "..") or "/" in part or "\\" in part or "\0" in part for part in table):
        return None
    found = [
        path
        for ending in FILE_ENDINGS
        if (path := folder.joinpath(*table[:-1], table[-1] + ending)).is_file()
    ]
    if len(found) > 1:
        names = " and ".join(path.name for path in found)
        raise EngineError(Reason.ENGINE_ERROR, "AmbiguousFile", f"more than one file is this table: {names}")
    if found and not found[0].resolve().is_relative_to(folder.resolve()):
        raise EngineError(Reason.PERMISSION, "OutsideFolder", "the file is a link out of its folder")
    return found[0] if found else None


def define(execute: Execute, table: Table, path: Path, declared: Sequence[ColumnSpec]) -> None:
    """Makes `table` in memory, as a view of the file or, for a small CSV file, its content."""
    if not path.is_file():
        raise EngineError(Reason.CONNECTION, "FileNotFound", f"there is no file {path}")
    target = path_of(table)
    if path.name.lower().endswith(".parquet"):
        execute(f"CREATE VIEW {target} AS FROM read_parquet({literal(str(path))})")
        return
    size = path.stat().st_size
    whole = size <= SMALL and not path.name.endswith(".gz")
    if not size:
        raise EngineError(Reason.DATA_ERROR, "EmptyFile", f"{path} is empty: it has not even a header")
    select = _csv(execute, path, {column.name: column for column in declared}, whole)
    execute(f"CREATE {'TABLE' if whole else 'VIEW'} {target} AS {select}")


def _csv(execute: Execute, path: Path, declared: Mapping[str, ColumnSpec], whole: bool) -> str:
    """The SELECT that reads a CSV file. Inferring takes DuckDB longer than reading a small file, so it is
    asked only where a declared type does not hold or nothing is declared."""
    file = literal(str(path))
    header = _header(path) if declared else None
    names, types, options = header or _sniff(execute, file, whole)
    adopted = _adopted(execute, file, names, types, options, declared, whole)
    if header is not None and declared.keys() & set(names) - adopted.keys():
        names, types, options = _sniff(execute, file, whole)
        adopted = _adopted(execute, file, names, types, options, declared, whole)
    read = ["VARCHAR" if name in adopted else type_ for name, type_ in zip(names, types, strict=True)]
    shown = ", ".join(
        f"CAST({quoted(name)} AS {adopted[name]}) AS {quoted(name)}"
        if adopted.get(name, "VARCHAR") != "VARCHAR"
        else quoted(name)
        for name in names
    )
    return f"SELECT {shown} FROM read_csv({file}, {options}, {_columns(names, read)})"  # noqa: S608


def _adopted(
    execute: Execute,
    file: str,
    names: Sequence[str],
    types: Sequence[str],
    options: str,
    declared: Mapping[str, ColumnSpec],
    whole: bool,
) -> dict[str, str]:
    """The columns that take their declared type, and DuckDB's name for it."""
    adopted: dict[str, str] = {}
    tests: dict[str, str] = {}
    for name, type_ in zip(names, types, strict=True):
        column = declared.get(name)
        if column is None or (type_ != "VARCHAR" and from_native(type_) == column.type):
            continue
        test = reads_as(quoted(name), column.type)
        native = to_native(column.type)
        if test is not None and native is not None:
            adopted[name] = native
            if test != "true":
                tests[name] = test
    if not tests:
        return adopted
    counts = ", ".join(
        f"count(*) FILTER (WHERE {quoted(name)} IS NOT NULL AND NOT {test})" for name, test in tests.items()
    )
    limit = "" if whole else f" LIMIT {_SAMPLE}"
    columns = _columns(names, ["VARCHAR"] * len(names))
    sql = f"SELECT {counts} FROM (SELECT * FROM read_csv({file}, {options}, {columns}){limit})"  # noqa: S608
    for name, count in zip(tests, execute(sql)[0], strict=True):
        if count:
            del adopted[name]
    return adopted


def _header(path: Path) -> tuple[list[str], list[str], str] | None:
    """Names (types all text) and form of a file written in the usual way; None: let DuckDB find out."""
    import csv

    if path.name.endswith(".gz"):
        return None
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            first = file.readline(1 << 20)
            counts = {delimiter: first.count(delimiter) for delimiter in ",;\t|"}
            delimiter = max(counts, key=lambda found: counts[found])
            file.seek(0)
            names = next(csv.reader(file, delimiter=delimiter))
    except (OSError, UnicodeDecodeError, csv.Error, StopIteration):
        return None
    if "" in names or len(set(map(str.lower, names))) != len(names):
        return None
    form = f"delim={literal(delimiter)}, quote='\"', escape='\"'"
    return names, ["VARCHAR"] * len(names), f"auto_detect=false, header=true, {form}"


def _sniff(execute: Execute, file: str, whole: bool) -> tuple[list[str], list[str], str]:
    """Names, types and the options that pin the form of the file, so that no query has to infer again."""
    row = execute(
        "SELECT Delimiter, Quote, Escape, Comment, SkipRows, DateFormat, TimestampFormat,"  # noqa: S608
        " list_transform(Columns, lambda c: c.name), list_transform(Columns, lambda c: c.type)"
        f" FROM sniff_csv({file}, header=true, sample_size={-1 if whole else _SAMPLE})"
    )[0]
    delimiter, quote, escape, comment, skip, dates, stamps, names, types = row
    options = [f"auto_detect=false, header=true, skip={skip}"]
    for key, value in (("delim", delimiter), ("quote", quote), ("escape", escape), ("comment", comment)):
        options.append(f"{key}={literal('' if value in (None, '(empty)') else str(value))}")
    for key, value in (("dateformat", dates), ("timestampformat", stamps)):
        if value:
            options.append(f"{key}={literal(str(value))}")
    return _texts(names), _texts(types), ", ".join(options)


def _texts(cell: object) -> list[str]:
    return [str(item) for item in cell] if isinstance(cell, list) else []


def _columns(names: Sequence[str], types: Sequence[str]) -> str:
    pairs = ", ".join(f"{literal(name)}: {literal(type_)}" for name, type_ in zip(names, types, strict=True))
    return f"columns={{{pairs}}}"
