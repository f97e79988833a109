"""`assay hub …`: for those who run a hub. One file per command; `store.py` has the options that all take."""

from __future__ import annotations

import click

from assay.cli.lazy import LazyGroup

COMMANDS = {
    "serve": "Serve a hub; makes its store where there is none.",
    "init": "Make the store, the master key and the first tenant.",
    "migrate": "Bring the store to this version.",
    "tenant": "Make a tenant, or list them.",
    "rotate-key": "Replace the master key, while the hub serves.",
    "backup": "Copy an SQLite store, while the hub serves.",
}


@click.group(
    "hub",
    cls=LazyGroup,
    table=COMMANDS,
    package="assay.cli.hub",
    extra="hub",
    help="Run a hub: the control plane that keeps contracts, queues runs and takes in their numbers.",
)
def command() -> None:
    pass
