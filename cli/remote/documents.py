"""What `assay sources` and `assay warehouses` have in common: documents with placeholders in place of secrets."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from assay.cli.exits import PASSED
from assay.cli.lazy import Command
from assay.cli.problems import problem
from assay.cli.remote.listing import show, show_one, when
from assay.cli.remote.session import hub
from assay.cli.screen import out

COLUMNS = (
    ("name", lambda item: item.name),
    ("type", lambda item: item.type),
    ("revision", lambda item: str(item.revision)),
    ("changed", lambda item: when(item.updated_at)),
)


def group(word: str, plural: str, prose: str, find: Callable[[str, dict[str, Any]], object]) -> click.Group:
    """The commands of one kind of document. find: its part of a file like assay.yml, by name."""

    @click.group(
        plural,
        invoke_without_command=True,
        help=f"List the {prose}s that the hub knows; show, put or remove one.",
    )
    @click.option("--json", "as_json", is_flag=True, help="Print a JSON line an item.")
    @click.pass_context
    def command(context: click.Context, as_json: bool) -> int:
        if context.invoked_subcommand is not None:
            return PASSED
        with hub() as session:
            items = list(session.pages(f"list_{plural}"))
        show(
            items,
            COLUMNS,
            as_json=as_json,
            nothing=f"There is no {prose}: `assay {plural} put NAME` tells the hub one.",
        )
        return PASSED

    @command.command("show", cls=Command, examples=f"assay {plural} show shop --json")
    @click.argument("name")
    @click.option("--json", "as_json", is_flag=True, help="Print it as JSON.")
    def show_command(name: str, as_json: bool) -> int:
        """Show what the hub knows of one."""
        import yaml

        with hub() as session:
            found = session.call(f"get_{word}", at={"name": name})
        show_one(found, yaml.safe_dump(found.document, sort_keys=False).rstrip(), as_json=as_json)
        return PASSED

    @command.command("put", cls=Command, examples=f"assay {plural} put shop --file production.yml")
    @click.argument("name")
    @click.option("--file", "file", default="assay.yml", metavar="FILE", help="[default: assay.yml]")
    @click.option("--json", "as_json", is_flag=True, help="Print it as JSON.")
    def put_command(name: str, file: str, as_json: bool) -> int:
        """Tell the hub one, as a configuration file has it: with placeholders in place of secrets."""
        from assay.protocol.user import DocumentRequest

        document = find(name, _read(file, prose))
        if not isinstance(document, dict):
            advice = f"write it there, or name another file: `assay {plural} put {name} --file FILE`"
            raise problem(
                "E675", file=file, kind=f"file with the {prose} `{name}`", reason="it has none", advice=advice
            )
        with hub() as session:
            made = session.put(word, name, DocumentRequest(document=document))
        show_one(made, f"{made.name} is known to the hub, revision {made.revision}", as_json=as_json)
        return PASSED

    @command.command("remove", cls=Command, examples=f"assay {plural} remove shop")
    @click.argument("name")
    def remove_command(name: str) -> int:
        """Remove one; runs that use it keep theirs."""
        with hub() as session:
            session.call(f"delete_{word}", at={"name": name})
        out().line(f"{name} is removed")
        return PASSED

    return command


def _read(file: str, prose: str) -> dict[str, Any]:
    """The file as plain YAML. Anchors and aliases are refused: whoever reads a document sees all of it."""
    import yaml

    try:
        text = Path(file).read_text(encoding="utf-8")
        events = list(yaml.parse(text, yaml.SafeLoader))
        aliases = any(isinstance(event, yaml.AliasEvent) for event in events)
        document = None if aliases else yaml.safe_load(text)
    except OSError as error:
        raise problem("E601", file=file, reason=(error.strerror or "it cannot be read").lower()) from None
    except (UnicodeDecodeError, yaml.YAMLError, RecursionError):
        document = None
    if not isinstance(document, dict):
        advice = "write it as assay.yml is written"
        raise problem(
            "E675",
            file=file,
            kind=f"file with a {prose}",
            reason="it is no plain YAML mapping",
            advice=advice,
        )
    return document
