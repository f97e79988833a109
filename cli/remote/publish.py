"""`assay publish`."""

from __future__ import annotations

import click
import msgspec

from assay.cli.exits import PASSED
from assay.cli.lazy import Command
from assay.cli.problems import InputError
from assay.cli.project import Project, open_project
from assay.cli.remote.session import hub
from assay.cli.screen import harmless, out


@click.command(
    "publish",
    cls=Command,
    examples="""
    assay publish                                       all contracts of the project
    assay publish orders.contract
    assay publish --json | jq .revision
    """,
)
@click.argument("contracts", nargs=-1, metavar="[CONTRACT]...")
@click.option("--json", "as_json", is_flag=True, help="Print what the hub keeps as JSON, a line a contract.")
def command(contracts: tuple[str, ...], as_json: bool) -> int:
    """Give contracts, and what they import, to the hub.

    A contract is compiled here first, and by the hub again. A version that was published stays as it is: another
    text needs another version, and the same text again changes nothing.
    """
    from assay.protocol.user import PublishRequest

    project = open_project(contracts)
    texts = {name: files_of(project, name) for name in project.contracts}
    screen = out()
    with hub() as session:
        for name, files in texts.items():
            made = session.call("publish", PublishRequest(root=name, files=files))
            if as_json:
                screen.line(msgspec.json.encode(made).decode())
                continue
            what = "published" if made.created else "unchanged"
            title = screen.paint(harmless(f"{made.contract} {made.version}"), "bold")
            screen.line(
                f"{what}  {title}  {len(made.checks):,} checks on {made.source}, revision {made.revision}"
            )
    return PASSED


def files_of(project: Project, root: str) -> dict[str, str]:
    """A contract's text and the texts that it imports. Raises InputError where it does not compile."""
    from assay.compiler.pipeline import compile_contract

    project.text(root)
    made = compile_contract(root, project.read, ())
    if made.failed:
        raise InputError(made.diagnostics, made.sources)
    return {name: source.text for name, source in made.sources.items()}
