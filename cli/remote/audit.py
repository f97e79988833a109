"""`assay audit`."""

from __future__ import annotations

import click

from assay.cli.exits import PASSED
from assay.cli.lazy import Command
from assay.cli.remote.listing import show, when
from assay.cli.remote.session import hub

COLUMNS = (
    ("at, UTC", lambda entry: when(entry.at)),
    ("who", lambda entry: entry.actor),
    ("what", lambda entry: entry.action),
    ("of", lambda entry: entry.subject),
    ("revision", lambda entry: "" if entry.revision is None else str(entry.revision)),
)


@click.command(
    "audit",
    cls=Command,
    examples="""
    assay audit                                         the last 50 changes
    assay audit --limit 10000 --json | jq 'select(.action == "key.create")'
    """,
)
@click.option(
    "--limit", default=50, type=click.IntRange(1, 1_000_000), metavar="N", help="At most. [default: 50]"
)
@click.option("--json", "as_json", is_flag=True, help="Print a JSON line a change.")
def command(limit: int, as_json: bool) -> int:
    """Show who changed what in this tenant, newest first. For admins.

    Who is `key:ID` (`assay keys` names it), `agent:ID`, `schedule:NAME`, or the hub itself. The hub keeps the log for
    as long as `assay settings` says.
    """
    with hub() as session:
        items = list(session.pages("list_audit", limit))
    show(items, COLUMNS, as_json=as_json, nothing="Nothing was changed yet.")
    return PASSED
