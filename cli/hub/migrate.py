"""`assay hub migrate`."""

from __future__ import annotations

from pathlib import Path

import click

from assay.cli.exits import PASSED
from assay.cli.hub.serve import show_json
from assay.cli.hub.store import settings, store_options, told
from assay.cli.lazy import Command
from assay.cli.screen import out


@click.command(
    "migrate",
    cls=Command,
    examples="""
    assay hub migrate
    ASSAY_HUB_STORE=postgresql://hub@db/hub assay hub migrate
    """,
)
@store_options
@click.option("--json", "as_json", is_flag=True, help="Print the steps before and after as JSON.")
def command(folder: str, store: str | None, master_key_file: Path | None, as_json: bool) -> int:
    """Bring the store to this version. Stop the hub first, and make a backup."""
    from assay.hub import migrations, serving

    with told():
        chosen = settings(folder, store, master_key_file)
        serving.require_idle(chosen)
        before, after = migrations.upgrade(chosen.address)
    if as_json:
        show_json({"before": before, "after": after})
    elif before == after:
        out().line(f"The store is at step {after} already.")
    else:
        out().line(f"The store went from step {before or 'none'} to {after}.")
    return PASSED
