"""`assay hub backup`."""

from __future__ import annotations

from pathlib import Path

import click

from assay.cli.exits import PASSED
from assay.cli.hub.serve import show_json
from assay.cli.hub.store import settings, store_options, told
from assay.cli.lazy import Command
from assay.cli.screen import out


@click.command(
    "backup",
    cls=Command,
    examples="""
    assay hub backup hub-2025-06-15.db
    """,
)
@click.argument("file", type=click.Path(path_type=Path))
@store_options
@click.option("--json", "as_json", is_flag=True, help="Print the file and its size as JSON.")
def command(file: Path, folder: str, store: str | None, master_key_file: Path | None, as_json: bool) -> int:
    """Copy an SQLite store to FILE, as it is at one moment, while the hub serves.

    The copy is checked, and readable for its owner alone. The master key is not in it: keep that apart. For
    PostgreSQL use its own tools, such as pg_dump or base backups with archived WAL.
    """
    from assay.hub.backup import back_up

    with told():
        size = back_up(settings(folder, store, master_key_file).address, file)
    if as_json:
        show_json({"file": str(file), "bytes": size})
    else:
        out().line(f"Copied {size:,} bytes to {file}; keep the master key apart from it.")
    return PASSED
