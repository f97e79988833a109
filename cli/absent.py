"""Where no check could run for one and the same reason, it is said once: what is not there, where it was
looked for, and what is there in its place.

The names of other tables and the words of a database are `local`: for the terminal of this run.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from assay.cli import human
from assay.cli.problems import listed
from assay.cli.screen import harmless
from assay.cli.verdicts import REASONS, Absent
from assay.protocol.report import Outcome, Reason
from assay.protocol.source import FILE_ENDINGS, DuckdbSource, PostgresSource, Source

if TYPE_CHECKING:
    from assay.protocol.bundle import Bundle
    from assay.protocol.report import Report
    from assay.runner.details import Details
    from assay.runner.engines.port import Session, Table

MOST = 1_000
_TABLES = """\
SELECT table_schema, table_name FROM information_schema.tables
WHERE table_catalog = current_database() AND table_schema NOT IN ('information_schema', 'pg_catalog')
ORDER BY table_schema, table_name LIMIT 1000"""


def absent(
    bundle: Bundle,
    report: Report,
    details: Details,
    source: Source,
    base: Path | None,
    open_session: Callable[[Bundle], Session] | None,
) -> Absent | None:
    """What kept every check from running; None where at least one did. `open_session` is None where nobody
    may see what else there is."""
    first = report.checks[0]
    same = all((r.outcome, r.reason) == (Outcome.ERROR, first.reason) for r in report.checks)
    if not same or len(report.checks) < 2:
        return None
    dataset = ".".join((bundle.source, *bundle.table))
    missing = first.reason is Reason.MISSING_TABLE
    stopped = first.reason in (Reason.CANCELLED, Reason.TIMEOUT)
    lines = () if stopped else _lines(bundle, source, missing=missing)
    local: tuple[str, ...] = ()
    if missing and open_session is not None:
        local = _instead(bundle, source, base, open_session)
    elif details.message and not missing:
        local = tuple(text for line in details.message.splitlines()[:4] if (text := harmless(line.strip())))
    return Absent(
        harmless(dataset if missing else bundle.source),
        REASONS[first.reason] + (f" ({first.code})" if first.code else ""),
        f"none of the {human.plural(len(report.checks), 'check')} could run",
        f"{bundle.file}:{bundle.schema.line}",
        lines,
        local,
    )


def _lines(bundle: Bundle, source: Source, *, missing: bool) -> tuple[str, ...]:
    """Where it was looked for, as the configuration says it: placeholders stay placeholders."""
    name = f"the data source `{harmless(bundle.source)}` is"
    match source:
        case DuckdbSource() if source.folder:
            wanted = "/".join((source.folder.rstrip("/"), *bundle.table))
            lines = [f"{name} the folder `{harmless(source.folder)}`; a sub-folder is a schema"]
            if missing:
                endings = " or ".join(FILE_ENDINGS[:2])
                lines.append(f"this table would be `{harmless(wanted)}` with {endings}")
        case DuckdbSource() if source.path:
            lines = [f"{name} the DuckDB file `{harmless(source.path)}`"]
        case DuckdbSource():
            files = [harmless(file.path) for file in source.files]
            lines = [f"{name} made of files: {listed(files, 4)}"]
        case PostgresSource():
            where = f"`{harmless(source.database)}` on {harmless(source.host)}, port {source.port}"
            lines = [f"{name} the PostgreSQL database {where}, as `{harmless(source.user)}`"]
    return tuple(lines)


def _instead(
    bundle: Bundle, source: Source, base: Path | None, open_session: Callable[[Bundle], Session]
) -> tuple[str, ...]:
    """The table that was probably meant, and what else there is."""
    from assay.compiler.diagnostics import did_you_mean

    if isinstance(source, DuckdbSource) and source.folder:
        found = list(_files((base or Path.cwd()) / source.folder))
    else:
        found = _tables(bundle, open_session)
    if not found:
        return ("there is no table at all, or none that may be seen",)
    names = [harmless(".".join((bundle.source, *table))) for table in found]
    wanted = ".".join((bundle.source, *bundle.table))
    moved = [
        n for n, table in zip(names, found, strict=True) if table[-1].lower() == bundle.table[-1].lower()
    ]
    near = moved[0] if moved else did_you_mean(wanted, names)
    if near is not None:
        return (f"did you mean `{near}`?",)
    return (f"there are {listed(names)}",)


def _files(folder: Path) -> Iterator[Table]:
    """The tables of a folder, a few levels deep."""
    seen = 0
    for path, folders, files in os.walk(folder):
        parts = Path(path).relative_to(folder).parts
        folders[:] = sorted(name for name in folders if not name.startswith(".")) if len(parts) < 2 else []
        for file in sorted(files):
            seen += 1
            if seen > MOST:
                return
            ending = next((ending for ending in FILE_ENDINGS if file.lower().endswith(ending)), None)
            if ending is not None:
                yield (*parts, file[: -len(ending)])


def _tables(bundle: Bundle, open_session: Callable[[Bundle], Session]) -> list[Table]:
    from assay.runner.engines.port import EngineError

    try:
        session = open_session(bundle)
        try:
            rows = [row for batch in session.rows(_TABLES, {}).batches() for row in batch]
        finally:
            session.close()
    except EngineError:
        return []
    tables = [(str(schema), str(name)) for schema, name in rows]
    lone = "main" if bundle.dialect == "duckdb" else "public"
    short = len(bundle.table) == 1
    return [table[1:] if short and table[0] == lone else table for table in tables]
