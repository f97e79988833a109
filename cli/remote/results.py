"""`assay results`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click
import msgspec

from assay.cli.exits import ERROR
from assay.cli.lazy import Command
from assay.cli.remote.session import Hub, hub
from assay.cli.screen import out

if TYPE_CHECKING:
    from assay.protocol.report import Report


@click.command(
    "results",
    cls=Command,
    examples="""
    assay results 01m8a0q0xe5d0nzagss5n8k763
    assay results 01m8a0q0xe5d0nzagss5n8k763 --json | jq .summary
    """,
)
@click.argument("run")
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
@click.option("--quiet", "-q", is_flag=True, help="Show only what did not pass.")
def command(run: str, as_json: bool, quiet: bool) -> int:
    """Show the committed report of a run, as `assay verify` shows its own.

    The failed rows are not among it: they are in the customer's warehouse, for `assay rows`.
    """
    with hub() as session:
        found = session.call("get_results", at={"run": run})
        if as_json:
            out().line(msgspec.json.encode(found.report).decode())
        else:
            draw(session, found.report, quiet=quiet)
    return code_of(found.report)


def code_of(report: Report) -> int:
    """The exit code that `verify` has for it."""
    from assay.cli.verify import CODES

    return CODES.get(report.outcome, ERROR)


def draw(session: Hub, report: Report, *, quiet: bool) -> None:
    """With the words of the contract, which the hub has; it is compiled here for them."""
    from assay.cli import drawing
    from assay.cli.verdicts import verdicts
    from assay.compiler.pipeline import compile_contract
    from assay.runner.details import Details

    text = session.call("get_text", at={"contract": report.contract, "version": report.version})
    made = compile_contract(text.root, text.files.get, (report.dialect,))
    if made.failed:
        _plain(report)
        return
    bundle = made.programs[report.dialect].lowered.bundle
    drawing.draw(out(), bundle, report, Details(), verdicts(bundle, report, None), {}, quiet=quiet)


def _plain(report: Report) -> None:
    """A contract of a compiler that is newer than this one: ids instead of words."""
    screen = out()
    for check in report.checks:
        screen.line(f"{check.outcome.value:14} {check.id}")
