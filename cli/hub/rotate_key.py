"""`assay hub rotate-key`."""

from __future__ import annotations

from pathlib import Path

import click

from assay.cli.exits import PASSED
from assay.cli.hub.serve import show_json
from assay.cli.hub.store import settings, store_options, told
from assay.cli.lazy import Command
from assay.cli.screen import out


@click.command(
    "rotate-key",
    cls=Command,
    examples="""
    assay hub rotate-key                                       makes a new master.key, keeps the old one beside it
    assay hub rotate-key --master-key-file new.key --old-master-key-file old.key
    """,
)
@store_options
@click.option(
    "--old-master-key-file",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="The key that is replaced: then nothing is made, and the first file's key takes its place.",
)
@click.option("--json", "as_json", is_flag=True, help="Print how many data keys were wrapped anew, as JSON.")
def command(
    folder: str,
    store: str | None,
    master_key_file: Path | None,
    old_master_key_file: Path | None,
    as_json: bool,
) -> int:
    """Wrap every data key under a new master key, while hubs serve.

    Without --old-master-key-file a new key is written to the master key's file, and the old one beside it with
    `.old` behind its name. Hubs read both again within seconds. When this is done, the old key opens nothing any
    more: remove it.
    """
    from assay.hub import rotation

    with told():
        done = rotation.rotate(settings(folder, store, master_key_file, old_master_key=old_master_key_file))
    if as_json:
        show_json({"wrapped": done.wrapped, "old": str(done.old)})
    else:
        out().line(f"Wrapped {done.wrapped:,} data keys anew. The key in {done.old} opens nothing any more.")
    return PASSED
