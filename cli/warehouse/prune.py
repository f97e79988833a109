"""`assay warehouse prune`: what is over is removed, also where no run does it."""

from __future__ import annotations

from pathlib import Path

import click
import msgspec

from assay.cli.exits import PASSED
from assay.cli.lazy import Command, config_option
from assay.cli.screen import out


@click.command(
    "prune",
    cls=Command,
    examples="""
    assay warehouse prune                            what assay.yml names: the warehouse, or the file
    assay warehouse prune --json | jq .removed
    """,
)
@config_option
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def command(config: str | None, as_json: bool) -> int:
    """Remove the runs whose days are over, with all that was kept of them.

    Every run does the same when it writes; this is for a warehouse that no run writes to any more. Results that
    wait in the outbox stay.
    """
    from assay.cli.project import settings
    from assay.cli.storage import open_warehouse, unusable
    from assay.runner.store import StoreError

    found, base = settings(Path.cwd(), config)
    warehouse, _ = open_warehouse(found, base)
    try:
        removed = warehouse.prune()
    except StoreError as error:
        raise unusable(error) from None
    if as_json:
        out().line(msgspec.json.encode({"removed": removed}).decode())
    else:
        out().line("1 run removed" if removed == 1 else f"{removed:,} runs removed")
    return PASSED
