"""`assay completion`: the completion script of a shell."""

from __future__ import annotations

import os
from pathlib import Path

import click

from assay.cli.lazy import Command
from assay.cli.screen import out

SHELLS = ("bash", "zsh", "fish")


@click.command(
    "completion",
    cls=Command,
    examples="""
    eval "$(assay completion bash)"                                in ~/.bashrc
    eval "$(assay completion zsh)"                                 in ~/.zshrc
    assay completion fish > ~/.config/fish/completions/assay.fish
    """,
)
@click.argument("shell", required=False, type=click.Choice(SHELLS))
def command(shell: str | None) -> None:
    """Print the completion script of a shell; without SHELL, of the one that $SHELL names."""
    from click.shell_completion import get_completion_class

    from assay.cli.main import cli

    name = shell or Path(os.environ.get("SHELL", "")).name
    found = get_completion_class(name) if name in SHELLS else None
    if found is None:
        raise click.UsageError(f"name a shell: {', '.join(SHELLS)}")
    out().block(found(cli, {}, "assay", "_ASSAY_COMPLETE").source())
