"""`assay agent …`: for those who run an agent in their cluster. One file per command; `config.py` reads its file."""

from __future__ import annotations

import click

from assay.cli.lazy import LazyGroup

COMMANDS = {
    "run": "Ask the hub for work, and run it as Jobs.",
    "enrol": "Trade an enrolment token for a token of the agent's own.",
}


@click.group(
    "agent",
    cls=LazyGroup,
    table=COMMANDS,
    package="assay.cli.agent",
    extra="agent",
    help="Run an agent: in your cluster, it asks a hub for work, compiles it, and runs it as Jobs.",
)
def command() -> None:
    pass
