"""A click group that imports a command's file when the command is called, and says what was probably
meant."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module

import click


class LazyGroup(click.Group):
    """`table` maps a command's name to its one-line help; `verify` lives in `assay.cli.verify` as
    `command`. places: packages of commands that are elsewhere. extra: the part of the distribution that the
    commands need."""

    def __init__(
        self,
        table: Mapping[str, str],
        *,
        package: str = "assay.cli",
        places: Mapping[str, str] | None = None,
        extra: str = "",
        **settings: object,
    ) -> None:
        super().__init__(**settings)  # type: ignore[arg-type]
        self._table = table
        self._package = package
        self._places = places or {}
        self._extra = extra

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        return list(self._table)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in self._table:
            return None
        name = f"{self._places.get(cmd_name, self._package)}.{cmd_name.replace('-', '_')}"
        try:
            command = import_module(name).command
        except ModuleNotFoundError as error:
            if not self._extra or (error.name or "").startswith("assay"):
                raise
            from assay.cli.problems import problem

            raise problem("E671", part=error.name or "", extra=self._extra) from None
        if not isinstance(command, click.Command):
            raise TypeError(f"{name}.command is not a command")
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        with formatter.section("Commands"):
            formatter.write_dl(list(self._table.items()))

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        try:
            return super().resolve_command(ctx, args)
        except click.NoSuchCommand as error:
            raise click.NoSuchCommand(error.command_name, possibilities=list(self._table), ctx=ctx) from None


config_option = click.option(
    "--config",
    metavar="FILE",
    help="Another configuration in place of assay.yml, such as that of production. Contracts stay where they "
    "are.",
)


class Command(click.Command):
    """A command whose help ends in examples, kept as they are written."""

    def __init__(self, *args: object, examples: str = "", **settings: object) -> None:
        super().__init__(*args, **settings)  # type: ignore[arg-type]
        self.examples = tuple(line.strip() for line in examples.strip().splitlines())

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        if self.examples:
            with formatter.section("Examples"):
                for line in self.examples:
                    formatter.write(f"  {line}\n" if line else "\n")
