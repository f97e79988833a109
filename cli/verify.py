"""`assay verify`: the checks of contracts, on their data."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from assay.cli.exits import ERROR, FAILED, PASSED, WRONG_INPUT, refuse
from assay.cli.lazy import Command, config_option
from assay.cli.prepare import (
    Ready,
    Refused,
    instant,
    known_parameters,
    own_parameters,
    parameter_problem,
    parameters,
    prepare,
)
from assay.cli.problems import InputError, OutputError
from assay.cli.project import Project, open_project
from assay.cli.screen import err, out
from assay.protocol.report import Outcome

if TYPE_CHECKING:
    from assay.cli.programs import Loaded
    from assay.cli.running import Signals
    from assay.protocol.bundle import Bundle
    from assay.protocol.report import Report

FORMS = ("json", "junit", "markdown")
CODES = {
    Outcome.PASSED: PASSED,
    Outcome.WARNED: PASSED,
    Outcome.NOT_EVALUATED: ERROR,
    Outcome.FAILED: FAILED,
    Outcome.ERROR: ERROR,
}
BADNESS = (Outcome.PASSED, Outcome.WARNED, Outcome.NOT_EVALUATED, Outcome.FAILED, Outcome.ERROR)


@dataclass(frozen=True, slots=True)
class Wishes:
    """The options of the command."""

    params: dict[str, str]
    now: datetime | None
    json: bool
    quiet: bool


@dataclass(slots=True)
class Results:
    """What came out of all contracts so far."""

    runs: list[tuple[Bundle, Report]] = field(default_factory=list)
    wrong: int = 0

    def code(self) -> int:
        if self.wrong or not self.runs:
            return WRONG_INPUT
        return CODES[max((report.outcome for _, report in self.runs), key=BADNESS.index)]


@click.command(
    "verify",
    cls=Command,
    examples="""
    assay verify                                        all contracts of the project
    assay verify orders.contract --data orders.parquet
    assay verify orders.contract --data orders=orders.csv --data customers=customers.csv
    assay verify --param since=2024-01-31 --output junit report.xml
    assay verify --json | jq .outcome                   a report a line, a line a contract
    """,
)
@click.argument("contracts", nargs=-1, metavar="[CONTRACT]...")
@config_option
@click.option(
    "--data",
    "-d",
    multiple=True,
    metavar="[NAME=]FILE",
    help="Read a dataset from a Parquet, CSV or DuckDB file.",
)
@click.option(
    "--param", "-p", multiple=True, metavar="NAME=VALUE", help="Give a parameter of the contract a value."
)
@click.option("--now", metavar="INSTANT", help="What `now` and `today()` mean, such as 2024-01-31T12:00:00Z.")
@click.option("--json", "as_json", is_flag=True, help="Print the reports as JSON, one a line.")
@click.option(
    "--output",
    "-o",
    nargs=2,
    multiple=True,
    type=(click.Choice(FORMS), str),
    metavar="FORM FILE",
    help="Write the reports to a file, too: json, junit or markdown.",
)
@click.option("--quiet", "-q", is_flag=True, help="Show only what did not pass.")
def command(
    contracts: tuple[str, ...],
    config: str | None,
    data: tuple[str, ...],
    param: tuple[str, ...],
    now: str | None,
    as_json: bool,
    output: tuple[tuple[str, str], ...],
    quiet: bool,
) -> int:
    """Run the checks of contracts on their data.

    Without CONTRACT all contracts of the project run: of the folder with assay.yml, or of the current one.
    On a terminal some failed rows are shown; they are never part of a report, a file or a pipe.
    """
    from assay.cli.running import Signals

    started = time.monotonic()
    if data:
        from assay.cli.datafiles import parse

        given = parse(data)
    else:
        given = ()
    wishes = Wishes(parameters(param), instant(now), as_json, quiet)
    project = open_project(contracts, other=config)
    compiled, found = prepare(project, given)
    results = Results()
    _diagnostics(compiled, found, results, quiet=quiet)
    ready = [contract for contract in found if isinstance(contract, Ready)]
    known_parameters(wishes.params, [contract.bundle for contract in ready])
    with Signals() as signals:
        for contract in ready:
            _one(project, contract, wishes, results, signals, apart=len(found) > 1)
            if signals.number is not None:
                break
    code = signals.code if signals.code is not None else results.code()
    return _finish(results, wishes, output, time.monotonic() - started, code)


def _diagnostics(
    compiled: Sequence[Loaded], found: Sequence[Ready | Refused], results: Results, *, quiet: bool
) -> None:
    """Warnings of what will run, and the errors of what will not."""
    shown = [item for loaded in compiled for item in loaded.shown if not quiet]
    refused = [contract for contract in found if isinstance(contract, Refused)]
    shown += [item for contract in refused if contract.loaded is not None for item in contract.loaded.shown]
    if shown:
        from assay.cli.rendered import show

        show(err(), shown)
    for contract in refused:
        results.wrong += 1
        if contract.error is not None:
            refuse(contract.error)


def _one(
    project: Project, contract: Ready, wishes: Wishes, results: Results, signals: Signals, *, apart: bool
) -> None:
    from assay.cli.preview import Preview
    from assay.cli.progress import Display
    from assay.cli.running import opener, run_bundle
    from assay.cli.storage import open_warehouse
    from assay.runner.binds import ParameterError

    bundle = contract.bundle
    params = {name: value for name, value in wishes.params.items() if name in own_parameters(bundle)}
    try:
        warehouse, mask_key = open_warehouse(project.config, project.base)
        store = Preview(warehouse)
        open_session = opener(contract.source, contract.base)
        result = run_bundle(
            contract.data,
            open_session,
            params=params,
            now=wishes.now,
            store=store,
            policy=project.config.policy,
            mask_key=mask_key,
            display=Display(bundle.contract, wanted=not wishes.quiet),
            signals=signals,
            meanwhile=(lambda: None) if wishes.json else _load_words,
        )
    except ParameterError as error:
        results.wrong += 1
        refuse(parameter_problem(bundle, error.name, params.get(error.name)))
        return
    except InputError as error:
        results.wrong += 1
        refuse(error)
        return
    _leave_out_of_git(project.store)
    report = result.report
    results.runs.append((bundle, report))
    screen = out()
    if wishes.json:
        from assay.protocol.report import encode

        screen.line(encode(report).decode())
        screen.flush()
        return
    from assay.cli.drawing import draw
    from assay.cli.verdicts import verdicts

    local = result.details if screen.terminal else None
    nothing = None
    if report.outcome is Outcome.ERROR and report.checks[0].outcome is Outcome.ERROR:
        from assay.cli.absent import absent

        look = open_session if screen.terminal and signals.number is None else None
        nothing = absent(bundle, report, result.details, contract.source, contract.base, look)
    draw(
        screen,
        bundle,
        report,
        result.details,
        nothing or verdicts(bundle, report, local),
        store.seen,
        quiet=wishes.quiet,
    )
    if apart:
        screen.line()
    screen.flush()


def _load_words() -> None:
    import assay.cli.drawing
    import assay.cli.human  # noqa: F401


def _leave_out_of_git(store: Path) -> None:
    """Failed rows are data: the folder that is made for them keeps them out of the repository."""
    if store.parent.name == ".assay" and store.exists():
        ignore = store.parent / ".gitignore"
        if not ignore.exists():
            try:
                ignore.write_text("*\n", encoding="ascii")
            except OSError:
                return


def _finish(
    results: Results, wishes: Wishes, output: Sequence[tuple[str, str]], seconds: float, code: int
) -> int:
    """The files that were asked for, and the last line."""
    if output:
        from assay.cli.files import write_output
        from assay.cli.reports import document

        for form, file in output:
            try:
                write_output(Path(file), document(form, results.runs))
            except OutputError as error:
                refuse(error)
                code = code or ERROR
    if not wishes.json and len(results.runs) + results.wrong > 1:
        from assay.cli.drawing import total

        total(out(), [report for _, report in results.runs], results.wrong, seconds)
    return code
