"""`assay hub tenant`."""

from __future__ import annotations

from pathlib import Path

import click

from assay.cli.exits import PASSED
from assay.cli.hub.serve import show_json, show_key
from assay.cli.hub.store import settings, store_options, told
from assay.cli.lazy import Command
from assay.cli.screen import out, table


@click.command(
    "tenant",
    cls=Command,
    examples="""
    assay hub tenant            all tenants
    assay hub tenant acme       makes one, and shows its admin key once
    """,
)
@click.argument("name", required=False)
@store_options
@click.option("--json", "as_json", is_flag=True, help="Print JSON, a tenant a line.")
def command(
    name: str | None, folder: str, store: str | None, master_key_file: Path | None, as_json: bool
) -> int:
    """Make a tenant, or without NAME list them. The hub may serve meanwhile."""
    from assay.hub import serving

    with told(), serving.beside(settings(folder, store, master_key_file)) as opened:
        if name is not None:
            show_key(serving.add_tenant(opened, name), as_json=as_json)
            return PASSED
        found = serving.list_tenants(opened)
    if as_json:
        for tenant in found:
            show_json({"name": tenant.name, "created_at": tenant.created_at})
        return PASSED
    screen = out()
    rows: list[tuple[str, ...]] = [(tenant.name, tenant.created_at) for tenant in found]
    for line in table(("tenant", "made at"), rows, screen.width):
        screen.line(line)
    return PASSED
