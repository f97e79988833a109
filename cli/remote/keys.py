"""`assay keys`: the list, a new one, and the end of one."""

from __future__ import annotations

import click

from assay.cli.exits import PASSED
from assay.cli.lazy import Command
from assay.cli.remote.listing import show, show_one, when, worded
from assay.cli.remote.session import hub
from assay.cli.screen import out

COLUMNS = (
    ("key", lambda key: key.id),
    ("role", lambda key: key.role.value),
    ("state", lambda key: "revoked" if key.revoked else "good"),
    ("label", lambda key: key.label),
    ("last used", lambda key: when(key.last_used_at)[:16] or "never"),
    ("made", lambda key: when(key.created_at)[:16]),
)
ROLES = ("viewer", "editor", "operator", "admin")


@click.group(
    "keys",
    invoke_without_command=True,
    help="List the API keys of this tenant; make or revoke one. For admins.",
)
@click.option("--json", "as_json", is_flag=True, help="Print a JSON line a key.")
@click.pass_context
def command(context: click.Context, as_json: bool) -> int:
    if context.invoked_subcommand is not None:
        return PASSED
    with hub() as session:
        items = list(session.pages("list_keys"))
    show(items, COLUMNS, as_json=as_json, nothing="There is no key.", colour=worded)
    return PASSED


@command.command(
    "create",
    cls=Command,
    examples="""
    assay keys create viewer --label "the board in the hall"
    assay keys create operator --json | jq -r .key > key
    """,
)
@click.argument("role", type=click.Choice(ROLES))
@click.option("--label", default="", metavar="TEXT", help="What it is for, as the list shows it.")
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON.")
def create_command(role: str, label: str, as_json: bool) -> int:
    """Make an API key, and show it this once.

    viewer reads; editor also changes contracts, sources, warehouses and schedules; operator also runs and cancels;
    admin also has keys, agents, the audit log and the settings.
    """
    from assay.protocol.user import KeyRequest, Role

    with hub() as session:
        made = session.call("create_key", KeyRequest(role=Role(role), label=label))
    text = f"{out().paint(made.key, 'bold')}\n\nThe key {made.id}, role {made.role.value}; it is shown this once."
    show_one(made, text, as_json=as_json)
    return PASSED


@command.command("revoke", cls=Command, examples="assay keys revoke 01m8a0q0b1n6x0v4xv6e2nq7vk")
@click.argument("key")
def revoke_command(key: str) -> int:
    """Make a key worthless, on every hub process within three seconds. The last admin key stays."""
    with hub() as session:
        session.call("revoke_key", at={"key": key})
    out().line(f"{key} is revoked")
    return PASSED
