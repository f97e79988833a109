"""The reference of the command line, made from the commands themselves: docs/cli.md.

python -m assay.cli.reference > docs/cli.md
"""

from __future__ import annotations

import sys
from inspect import cleandoc

import click

from assay.cli.lazy import Command
from assay.cli.main import COMMANDS, cli

INTRODUCTION = """\
# The command line

This page is made from the commands: `python -m assay.cli.reference > docs/cli.md`.

A contract is named by its file; a folder stands for the contracts in it and below; without an argument all
contracts of the project are meant: of the folder with `assay.yml` (found upward from the contract or the
current folder), or of the current folder. Standard output has the result, standard error has diagnostics.

`--config FILE` takes another configuration in place of the `assay.yml` that was found, for staging or
production: `assay verify --config production.yml`. Paths in it start at its own folder; contracts stay where
they are, and are those of `assay.yml` unless it names its own.

On a terminal there are colours, progress and, for each check that failed, up to three failed rows. A pipe or
a file gets plain words and never a cell of the data. `NO_COLOR` and `FORCE_COLOR` are heeded.
`ASSAY_CACHE_DIR` says where compiled bundles are kept (empty: nowhere), `ASSAY_DEBUG=1` shows where an error
of Assay itself happened.

"""


def page() -> str:
    parts = [INTRODUCTION, _exit_codes()]
    with click.Context(cli, info_name="assay", **cli.context_settings) as top:
        for name in COMMANDS:
            found = cli.get_command(top, name)
            parts += _of(found, name, top) if found is not None else []
    return "\n".join(parts)


def _of(command: click.Command, name: str, above: click.Context) -> list[str]:
    """The sections of a command, or of those in a group."""
    context = click.Context(command, info_name=name, parent=above)
    if isinstance(command, click.Group):
        parts = [_group(command, context)] if command.params else []
        for inner in command.list_commands(context):
            found = command.get_command(context, inner)
            parts += _of(found, inner, context) if found is not None else []
        return parts
    return [_command(command, context)] if isinstance(command, Command) else []


def _group(command: click.Group, context: click.Context) -> str:
    """A group that does something by itself: it lists."""
    lines = [
        f"## {context.command_path}",
        "",
        f"`{context.command_path} [OPTIONS] [COMMAND]`",
        "",
        cleandoc(command.help or ""),
        "",
    ]
    return "\n".join([*lines, *_options(command, context), ""])


def _exit_codes() -> str:
    lines = (cli.epilog or "").replace("\b\n", "").strip().splitlines()[1:]
    return "## Exit codes\n\n```text\n" + "\n".join(line.rstrip() for line in lines) + "\n```\n"


def _command(command: Command, context: click.Context) -> str:
    usage = " ".join((context.command_path, *command.collect_usage_pieces(context)))
    text = cleandoc(command.help or "")
    lines = [f"## {context.command_path}", "", f"`{usage}`", "", text, ""]
    lines += _options(command, context)
    lines += ["", "```console", *command.examples, "```", ""]
    return "\n".join(lines)


def _options(command: click.Command, context: click.Context) -> list[str]:
    found = [option.get_help_record(context) for option in command.get_params(context)]
    rows = [record for record in found if record is not None and record[1]]
    return ["| option | |", "|---|---|", *(f"| `{_cell(name)}` | {_cell(help_)} |" for name, help_ in rows)]


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


if __name__ == "__main__":
    sys.stdout.write(page())
