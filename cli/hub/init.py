"""`assay hub init`."""

from __future__ import annotations

from pathlib import Path

import click

from assay.cli.exits import PASSED
from assay.cli.hub.serve import show_json, show_key
from assay.cli.hub.store import settings, store_options, told
from assay.cli.lazy import Command
from assay.cli.screen import out


@click.command(
    "init",
    cls=Command,
    examples="""
    assay hub init                                  SQLite and a master key in ./assay-hub
    assay hub init --folder /var/lib/assay --master-key-file /etc/assay/master.key
    ASSAY_HUB_STORE=postgresql://hub@db/hub assay hub init
    """,
)
@store_options
@click.option("--json", "as_json", is_flag=True, help="Print the key as JSON.")
def command(folder: str, store: str | None, master_key_file: Path | None, as_json: bool) -> int:
    """Make the store, the master key and the first tenant.

    What is there already stays as it is. The role of a PostgreSQL store needs CREATEROLE, or the roles
    `assay_tenant` and `assay_hub` granted to it. Keep a copy of the master key apart from copies of the store:
    without it, what is encrypted in the store is lost.
    """
    from assay.hub import serving

    with told():
        chosen = settings(folder, store, master_key_file)
        first = serving.make(chosen)
    if first is not None:
        show_key(first, as_json=as_json)
    elif as_json:
        show_json({"tenant": None, "key": None})
    else:
        out().line("There is a store already, and it has its tenants.")
    return PASSED
