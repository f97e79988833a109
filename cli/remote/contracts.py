"""`assay contracts`: what is published, its texts, and its end."""

from __future__ import annotations

import click

from assay.cli.exits import PASSED
from assay.cli.lazy import Command
from assay.cli.remote.listing import show, show_one, when
from assay.cli.remote.session import hub
from assay.cli.screen import harmless, out

COLUMNS = (
    ("contract", lambda item: item.contract),
    ("version", lambda item: item.version),
    ("revision", lambda item: str(item.revision)),
    ("source", lambda item: item.source),
    ("checks", lambda item: f"{item.checks:,}"),
    ("published", lambda item: when(item.published_at)),
)


@click.group(
    "contracts",
    invoke_without_command=True,
    help="List the published contracts; show one, its versions, or retire it.",
)
@click.option("--json", "as_json", is_flag=True, help="Print a JSON line a contract.")
@click.pass_context
def command(context: click.Context, as_json: bool) -> int:
    if context.invoked_subcommand is not None:
        return PASSED
    with hub() as session:
        items = list(session.pages("list_contracts"))
    show(items, COLUMNS, as_json=as_json, nothing="There is no contract: `assay publish` gives the hub one.")
    return PASSED


@command.command("versions", cls=Command, examples="assay contracts versions shop.orders")
@click.argument("contract")
@click.option("--json", "as_json", is_flag=True, help="Print a JSON line a version.")
def versions_command(contract: str, as_json: bool) -> int:
    """List the versions of a contract, newest first."""
    with hub() as session:
        items = list(session.pages("list_versions", at={"contract": contract}))
    show(items, COLUMNS, as_json=as_json, nothing="")
    return PASSED


@command.command(
    "show",
    cls=Command,
    examples="""
    assay contracts show shop.orders                    the newest version
    assay contracts show shop.orders --version 1.0.0
    assay contracts show shop.orders --json | jq -r '.files[]'
    """,
)
@click.argument("contract")
@click.option("--version", metavar="VERSION", help="[default: the newest]")
@click.option("--json", "as_json", is_flag=True, help="Print the files as JSON.")
def show_command(contract: str, version: str | None, as_json: bool) -> int:
    """Show the texts of a version: the contract's own first, then what it imports."""
    with hub() as session:
        if version is None:
            version = session.call("get_contract", at={"contract": contract}).version
        found = session.call("get_text", at={"contract": contract, "version": version})
    if as_json:
        show_one(found, "", as_json=True)
        return PASSED
    screen = out()
    names = [found.root, *sorted(name for name in found.files if name != found.root)]
    for number, name in enumerate(names):
        if number:
            screen.line()
        if len(names) > 1:
            screen.line(screen.paint(harmless(name), "bold"))
        for line in found.files[name].splitlines():
            screen.line(harmless(line))
    return PASSED


@command.command("retire", cls=Command, examples="assay contracts retire shop.orders")
@click.argument("contract")
def retire_command(contract: str) -> int:
    """Let no new run of a contract begin; its runs and their results stay."""
    with hub() as session:
        session.call("delete_contract", at={"contract": contract})
    out().line(f"{harmless(contract)} is retired")
    return PASSED
