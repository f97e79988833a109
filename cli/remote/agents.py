"""`assay agents`: the list, a token for one more, and the end of one."""

from __future__ import annotations

import click

from assay.cli.exits import PASSED
from assay.cli.lazy import Command
from assay.cli.remote.listing import show, show_one, when
from assay.cli.remote.session import hub
from assay.cli.screen import out

COLUMNS = (
    ("agent", lambda agent: agent.id),
    ("name", lambda agent: agent.name),
    ("pool", lambda agent: agent.pool),
    ("state", lambda agent: "revoked" if agent.revoked else "online" if agent.online else "away"),
    ("last poll", lambda agent: when(agent.last_poll_at)),
    ("in flight", lambda agent: str(agent.in_flight)),
    ("version", lambda agent: agent.version or ""),
)


@click.group(
    "agents",
    invoke_without_command=True,
    help="List the agents of this tenant; let one enrol, or revoke one.",
)
@click.option("--json", "as_json", is_flag=True, help="Print a JSON line an agent.")
@click.pass_context
def command(context: click.Context, as_json: bool) -> int:
    if context.invoked_subcommand is not None:
        return PASSED
    with hub() as session:
        items = list(session.pages("list_agents"))
    show(
        items,
        COLUMNS,
        as_json=as_json,
        nothing="No agent has enrolled: `assay agents enrol` makes a token for one.",
    )
    return PASSED


@command.command("enrol", cls=Command, examples="assay agents enrol --pool berlin")
@click.option(
    "--pool", default="default", metavar="POOL", help="The pool that it will work for. [default: default]"
)
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON.")
def enrol_command(pool: str, as_json: bool) -> int:
    """Make a token with which one agent can enrol: `assay agent enrol`, in its cluster."""
    from assay.protocol.user import EnrolmentRequest

    with hub() as session:
        made = session.call("create_enrolment", EnrolmentRequest(pool=pool))
    screen = out()
    text = f"{screen.paint(made.token, 'bold')}\n\nGood for one agent of the pool {made.pool}, until {made.expires_at}."
    show_one(made, text, as_json=as_json)
    return PASSED


@command.command("revoke", cls=Command, examples="assay agents revoke 01m8a0q0dqdj9hg7fef6163dh2")
@click.argument("agent")
def revoke_command(agent: str) -> int:
    """Make an agent's tokens worthless, at once."""
    with hub() as session:
        session.call("revoke_agent", at={"agent": agent})
    out().line(f"{agent} is revoked")
    return PASSED
