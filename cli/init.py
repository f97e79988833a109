"""`assay init`: a first contract with data, ready to verify."""

from __future__ import annotations

from pathlib import Path

import click

from assay.cli.files import write_output
from assay.cli.lazy import Command
from assay.cli.problems import problem
from assay.cli.sample import FILES
from assay.cli.screen import out

_UNSEEN = frozenset({".git", ".gitignore", ".gitattributes", ".editorconfig", "README.md", "LICENSE"})
"""What an empty folder may have."""


@click.command(
    "init",
    cls=Command,
    examples="""
    assay init               in the current folder, which has to be empty
    assay init shop && cd shop && assay verify
    """,
)
@click.argument("folder", default=".")
def command(folder: str) -> None:
    """Make a first contract, sample data and assay.yml in an empty folder."""
    root = Path(folder)
    if root.exists() and not root.is_dir():
        raise problem("E635", folder=folder, file=root.name)
    there = (
        sorted(entry.name for entry in root.iterdir() if entry.name not in _UNSEEN) if root.exists() else []
    )
    if there:
        raise problem("E635", folder=folder, file=there[0])
    screen = out()
    for name, text in FILES.items():
        write_output(root / name, text.encode())
        screen.line(f"wrote {root / name}")
    step = "" if root.resolve() == Path.cwd() else f"cd {folder} && "
    screen.line()
    screen.line(
        f"next: {screen.paint(step + 'assay verify', 'bold')}, "
        f"then change {root / 'orders.contract'} and run it again"
    )
