"""Runs a case on an engine: its tables made afresh, its bundle executed, report and failed rows kept."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path

import duckdb
import msgspec

from assay.protocol.bundle import Bundle
from assay.protocol.report import Report
from assay.protocol.source import DuckdbSource, PostgresSource
from assay.runner.engines import open_session
from assay.runner.engines.port import Cell, Session
from assay.runner.run import run
from assay.runner.store import RunHead, StoredGroup
from tests.golden.cases import Case
from tests.support.postgres import Server
from tests.support.reference import MASK_KEY

LEFT_OUT = ("code", "withheld")
"""Of a check: the code of an error is the engine's own. `withheld` is shown where it is true."""


@dataclass(slots=True)
class Kept:
    """A store of failed rows in memory."""

    rows: dict[str, list[dict[str, object]]] = field(default_factory=dict)
    groups: dict[str, list[StoredGroup]] = field(default_factory=dict)

    def begin(self, head: RunHead) -> None: ...

    def keep(
        self, check: str, columns: Sequence[tuple[str, str]], batches: Iterable[list[tuple[Cell, ...]]]
    ) -> int:
        names = [name for name, _ in columns]
        rows = [dict(zip(names, row, strict=True)) for batch in batches for row in batch]
        self.rows[check] = rows
        return len(rows)

    def keep_groups(self, check: str, groups: Sequence[StoredGroup]) -> None:
        self.groups[check] = list(groups)

    def finish(self, report: Report) -> None: ...

    def cancel(self) -> None: ...

    def close(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Ran:
    report: Report
    kept: Kept
    messages: dict[str, str]


@contextmanager
def duckdb_tables(sql: str, folder: Path) -> Iterator[DuckdbSource]:
    """A database file with these tables, for one case."""
    path = folder / "case.duckdb"
    path.unlink(missing_ok=True)
    with duckdb.connect(path) as connection:
        connection.execute("SET TimeZone = 'UTC'")
        connection.execute("CREATE SCHEMA public")
        connection.execute(sql)
    yield DuckdbSource(path=str(path), threads=1)
    path.unlink()


@contextmanager
def postgres_tables(sql: str, server: Server) -> Iterator[PostgresSource]:
    """The tables in the schema `public` of a database, which is made afresh."""
    with server.connect() as connection:
        connection.execute("DROP SCHEMA IF EXISTS public CASCADE")
        connection.execute("CREATE SCHEMA public")
        connection.execute("SET TimeZone = 'UTC'")
        connection.execute(sql.encode())
    yield PostgresSource(
        host=server.host,
        port=server.port,
        database=server.dbname,
        user=server.user,
        password=server.password,
        sslmode="disable",
    )


def execute(
    data: bytes,
    source: DuckdbSource | PostgresSource,
    *,
    now: datetime,
    params: Mapping[str, str] | None = None,
) -> Ran:
    kept = Kept()

    def opened(bundle: Bundle) -> Session:
        return open_session(source, declared={bundle.table: bundle.columns})

    done = run(data, opened, params=params, now=now, run_id="golden", store=kept, mask_key=MASK_KEY)
    messages = {name: detail.message for name, detail in done.details.checks.items() if detail.message}
    return Ran(done.report, kept, messages)


def ran(case: Case, source: DuckdbSource | PostgresSource, engine: str) -> Ran:
    return execute(case.compiled.programs[engine].sealed.data, source, now=case.now, params=case.params)


def run_duckdb(case: Case, folder: Path) -> Ran:
    with duckdb_tables(case.sql("duckdb"), folder) as source:
        return ran(case, source, "duckdb")


def run_postgres(case: Case, server: Server) -> Ran:
    with postgres_tables(case.sql("postgres"), server) as source:
        return ran(case, source, "postgres")


# ---------------------------------------------------------------- as text


def result_text(report: Report) -> str:
    """What every engine must agree on: the report without its run, engine and cost. A line per check."""
    checks = []
    for check in report.checks:
        known = msgspec.to_builtins(check)
        known = {"id": check.id, **{name: known[name] for name in known if name not in LEFT_OUT}}
        if check.withheld:
            known["withheld"] = True
        checks.append("    " + _line(known))
    head = {
        "contract": report.contract,
        "version": report.version,
        "now": report.now,
        "outcome": report.outcome.value,
        "summary": {name: n for name, n in msgspec.to_builtins(report.summary).items() if n},
    }
    lines = [f"  {_line(name)}: {_line(value)}," for name, value in head.items()]
    return "\n".join(["{", *lines, '  "checks": [', ",\n".join(checks), "  ]", "}"]) + "\n"


def failed_text(report: Report, kept: Kept, keep: int) -> str:
    """The failed rows of each check, where all were kept; and the worst groups with their keys."""
    totals = {check.id: check.failed_rows for check in report.checks}
    rows = {
        check: sorted(_line({name: plain(cell) for name, cell in row.items()}) for row in found)
        for check, found in sorted(kept.rows.items())
        if (totals.get(check) or 0) <= keep
    }
    groups = {
        check: [_line({"keys": group.keys, "outcome": group.outcome}) for group in found]
        for check, found in sorted(kept.groups.items())
    }
    parts = [_part(title, found) for title, found in (("rows", rows), ("groups", groups)) if found]
    return "{\n" + ",\n".join(parts) + "\n}\n" if parts else "{}\n"


def _part(title: str, found: dict[str, list[str]]) -> str:
    """Checks with their lines, as one member of a JSON object."""
    checks = []
    for name, lines in found.items():
        listed = ",\n".join(f"      {line}" for line in lines)
        checks.append(f"    {_line(name)}: [\n{listed}\n    ]")
    return f"  {_line(title)}: {{\n" + ",\n".join(checks) + "\n  }"


def _line(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def plain(cell: object) -> object:
    """A cell as JSON, the same whichever driver gave it."""
    match cell:
        case None | bool() | int():
            return cell
        case float():
            return cell if math.isfinite(cell) else str(cell)
        case Decimal():
            return f"{cell.normalize():f}"
        case str():
            # PostgreSQL pads char(n) with blanks, which do not count.
            return cell.rstrip(" ")
        case datetime() | date() | time():
            return cell.isoformat()
        case bytes() | bytearray() | memoryview():
            return bytes(cell).hex()
        case list() | tuple():
            return [plain(item) for item in cell]
        case _:
            return str(cell)
