"""`assay rows`: the failed rows that a run kept, in the warehouse or on this machine. They are data: they are
shown here, and go nowhere else."""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

import click
import msgspec

from assay.cli.drawing import cell_text, is_number
from assay.cli.exits import PASSED
from assay.cli.lazy import Command, config_option
from assay.cli.problems import listed, problem
from assay.cli.project import ENDING, open_project, settings
from assay.cli.screen import Screen, harmless, out, table

if TYPE_CHECKING:
    from assay.cli.problems import InputError
    from assay.cli.project import Project
    from assay.runner.store import StoredRows, StoredRun, StoreError, Warehouse

SHOWN = 20
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@click.command(
    "rows",
    cls=Command,
    examples="""
    assay rows                                      checks with failed rows in the last run
    assay rows shop.orders orders.email.missing     its failed rows, as a table
    assay rows 01JB5Z0GQY5F7C2M8T4N6R9XWE orders.email.missing   of one run
    assay rows orders.contract orders.email.missing --csv > rows.csv
    assay rows --json | jq .rows
    """,
)
@click.argument("contract", required=False, metavar="[CONTRACT | RUN]")
@click.argument("check", required=False)
@config_option
@click.option(
    "--json", "as_json", is_flag=True, help="Print JSON, a row (or, without CHECK, a check) a line."
)
@click.option(
    "--csv", "as_csv", is_flag=True, help="Print CSV, with the names of the columns as its first line."
)
@click.option(
    "--limit",
    type=click.IntRange(1),
    metavar="N",
    help=f"Rows to show. [default: {SHOWN} in a table, else all]",
)
def command(
    contract: str | None,
    check: str | None,
    config: str | None,
    as_json: bool,
    as_csv: bool,
    limit: int | None,
) -> int:
    """Show the failed rows that a run kept: in the warehouse of assay.yml, else in the file on this machine.

    CONTRACT is a contract's name or its file, and means its newest run; RUN is the id of a run, as its report
    has it; without either the newest run of any contract is meant. Without CHECK the checks that have failed
    rows are listed. In CSV, a text that a spreadsheet would run as a formula begins with an apostrophe; JSON has
    it as it is.
    """
    if as_json and as_csv:
        raise click.UsageError("--json and --csv exclude each other")
    from assay.runner.store import StoreError

    store, file, name = _where(contract, config)
    try:
        run = _wanted(store, file, name)
        if check is None:
            _list(run, as_json=as_json, as_csv=as_csv)
            return PASSED
        found = store.read(run.run, check) if check in run.checks else None
        return _show(found, run, check, as_json=as_json, as_csv=as_csv, limit=limit)
    except StoreError as error:
        raise _unusable(file, error) from None


def _show(
    found: StoredRows | None, run: StoredRun, check: str, *, as_json: bool, as_csv: bool, limit: int | None
) -> int:
    if found is None:
        from assay.compiler.diagnostics import did_you_mean

        known = tuple(run.checks)
        raise problem("E657", name=check, known=listed(known), suggestion=did_you_mean(check, known))
    screen = out()
    rows = _first(found, limit or (None if as_json or as_csv else SHOWN))
    if as_json:
        _json(found, rows)
    elif as_csv:
        _csv(found, rows)
    else:
        _table(screen, found, list(rows), run.checks[check])
    return PASSED


def _where(contract: str | None, config: str | None) -> tuple[Warehouse, Path | None, str | None]:
    """The store, its file where it is one, and the name of the contract or run that is meant."""
    from assay.cli.storage import open_warehouse

    name = contract
    if contract is None or not (contract.endswith(ENDING) or "/" in contract):
        found, base = settings(Path.cwd(), config)
    else:
        project = open_project([contract], other=config)
        found, base, name = project.config, project.base, _named(project, contract)
    store, _ = open_warehouse(found, base, wait_seconds=5)
    return store, base / found.store if found.warehouse is None else None, name


def _named(project: Project, contract: str) -> str:
    from assay.compiler.diagnostics import Sink
    from assay.compiler.parse import parse
    from assay.compiler.source import Source

    name = project.contracts[0]
    file = parse(Source(name, project.text(name)), Sink())
    names = [str(found.name) for found in file.contracts]
    return names[0] if names else contract


def _wanted(store: Warehouse, file: Path | None, name: str | None) -> StoredRun:
    """The run of that name, or the newest of the contract; the newest of all where nothing is named."""
    if file is not None and not file.exists():
        advice = "run `assay verify` first: failed rows are kept where there are any"
        raise problem("E656", name=name or "any contract", advice=advice)
    runs = store.runs(run=name, limit=1) if name is not None else []
    runs = runs or store.runs(name, limit=1)
    if not runs:
        known = list(dict.fromkeys(run.contract for run in store.runs()))
        raise problem("E656", name=name or "any contract", advice=f"contracts with runs: {listed(known)}")
    return runs[0]


def _unusable(file: Path | None, error: StoreError) -> InputError:
    if file is not None:
        return problem("E601", file=str(file), reason=harmless(error.detail))
    from assay.cli.storage import unusable

    return unusable(error)


def _list(run: StoredRun, *, as_json: bool, as_csv: bool) -> None:
    screen = out()
    if as_json:
        for check, rows in run.checks.items():
            item = {
                "contract": run.contract,
                "run": run.run,
                "now": run.now.isoformat(),
                "check": check,
                "rows": rows,
            }
            screen.line(msgspec.json.encode(item).decode())
        return
    if as_csv:
        writer = csv.writer(sys.stdout, lineterminator="\n")
        writer.writerow(("contract", "run", "now", "check", "rows"))
        writer.writerows(
            (run.contract, run.run, run.now.isoformat(), check, rows) for check, rows in run.checks.items()
        )
        return
    moment = run.now.strftime("%Y-%m-%d %H:%M:%S UTC")
    screen.line(
        f"{screen.paint(run.contract, 'bold')}  {screen.paint(f'run of {moment}, {run.outcome}', 'dim')}"
    )
    if not run.checks:
        screen.line("no failed rows were kept")
        return
    body: list[tuple[str, ...]] = [(harmless(check), f"{rows:,}") for check, rows in run.checks.items()]
    for text in table(("check", "rows"), body, screen.width, right=frozenset({1})):
        screen.line("  " + text)


def _first(found: StoredRows, limit: int | None) -> Iterator[tuple[object, ...]]:
    return islice((row for batch in found.batches for row in batch), limit)


def _json(found: StoredRows, rows: Iterator[tuple[object, ...]]) -> None:
    names = [name for name, _ in found.columns]
    screen = out()
    for row in rows:
        line = {name: _portable(cell) for name, cell in zip(names, row, strict=True)}
        screen.line(msgspec.json.encode(line).decode())


def _portable(cell: object) -> object:
    """A cell as JSON has it: numbers that JSON cannot hold exactly, and all else, as text."""
    if cell is None or isinstance(cell, bool | int | float | str):
        return cell
    return str(cell)


def _csv(found: StoredRows, rows: Iterator[tuple[object, ...]]) -> None:
    """A pipe or a file gets the data, a terminal only what is harmless there. Texts that would be formulas are
    marked as texts: https://owasp.org/www-community/attacks/CSV_Injection"""
    terminal = out().terminal
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow([name for name, _ in found.columns])
    for row in rows:
        cells = [_plain(cell) for cell in row]
        writer.writerow(map(harmless, cells) if terminal else cells)


def _plain(cell: object) -> str:
    text = "" if cell is None else str(cell)
    return "'" + text if isinstance(cell, str) and text.startswith(_FORMULA) else text


def _table(screen: Screen, found: StoredRows, rows: list[tuple[object, ...]], kept: int) -> None:
    header = tuple(harmless(name) for name, _ in found.columns)
    body = [tuple(cell_text(cell) for cell in row) for row in rows]
    right = frozenset(n for n, (_, kind) in enumerate(found.columns) if is_number(kind))
    lines = table(header, body, screen.width, right=right)
    screen.line(screen.paint(lines[0], "bold"))
    for line in lines[1:]:
        screen.line(line)
    if kept > len(rows):
        screen.line(screen.paint(f"{len(rows):,} of {kept:,} rows; --limit shows more", "dim"))
