"""`assay runs`: the list, one of them, and its end."""

from __future__ import annotations

import click

from assay.cli.exits import PASSED
from assay.cli.lazy import Command
from assay.cli.remote.listing import show, show_one, when, worded
from assay.cli.remote.session import hub

COLUMNS = (
    ("run", lambda run: run.id),
    ("contract", lambda run: f"{run.contract} {run.version}"),
    ("state", lambda run: run.state.value),
    ("verdict", lambda run: run.verdict.value if run.verdict else ""),
    ("queued", lambda run: when(run.queued_at)),
    ("ended", lambda run: when(run.ended_at)),
    ("reason", lambda run: run.reason_code.value if run.reason_code else ""),
)


@click.group(
    "runs",
    invoke_without_command=True,
    help="List the runs of this tenant, newest first; show or cancel one.",
)
@click.option("--contract", metavar="NAME", help="Only of this contract.")
@click.option("--state", metavar="STATE", help="Only in this state: queued, running, succeeded, failed, …")
@click.option(
    "--limit", default=20, type=click.IntRange(1, 10_000), metavar="N", help="At most. [default: 20]"
)
@click.option("--json", "as_json", is_flag=True, help="Print a JSON line a run.")
@click.pass_context
def command(
    context: click.Context, contract: str | None, state: str | None, limit: int, as_json: bool
) -> int:
    if context.invoked_subcommand is not None:
        return PASSED
    with hub() as session:
        query = {"contract": contract, "state": state}
        items = list(session.pages("list_runs", limit, query=query))[:limit]
    show(items, COLUMNS, as_json=as_json, nothing="There are no such runs.", colour=worded)
    return PASSED


@command.command("show", cls=Command, examples="assay runs show 01m8a0q0xe5d0nzagss5n8k763 --json")
@click.argument("run")
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON.")
def show_command(run: str, as_json: bool) -> int:
    """Show one run."""
    with hub() as session:
        found = session.call("get_run", at={"run": run})
    show([found], COLUMNS, as_json=as_json, nothing="", colour=worded)
    return PASSED


@command.command("cancel", cls=Command, examples="assay runs cancel 01m8a0q0xe5d0nzagss5n8k763")
@click.argument("run")
@click.option("--json", "as_json", is_flag=True, help="Print the run as JSON.")
def cancel_command(run: str, as_json: bool) -> int:
    """Ask for a run to end: its query is cancelled at the database, and its pod goes."""
    with hub() as session:
        found = session.call("cancel_run", at={"run": run})
    word = found.state.value if not found.cancel_requested else f"{found.state.value}, asked to end"
    show_one(found, f"{found.id} is {word}", as_json=as_json)
    return PASSED
