"""`assay warehouse …`: for those who keep a warehouse of failed rows. One file per command."""

from __future__ import annotations

import click

from assay.cli.lazy import LazyGroup

COMMANDS = {
    "init": "Print, or run, the SQL that makes its tables and roles.",
    "prune": "Remove the runs whose days are over.",
}


@click.group(
    "warehouse",
    cls=LazyGroup,
    table=COMMANDS,
    package="assay.cli.warehouse",
    help="Keep a warehouse of failed rows: the PostgreSQL database that assay.yml names.",
)
def command() -> None:
    pass
