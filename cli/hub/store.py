"""The options that say where a hub has its store and its master key, and its problems as this command line says
them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from assay.cli.problems import problem

if TYPE_CHECKING:
    from assay.hub.serving import Settings

F = TypeVar("F", bound=Callable[..., Any])
_OPTIONS = (
    click.option(
        "--folder",
        default="assay-hub",
        metavar="FOLDER",
        envvar="ASSAY_HUB_FOLDER",
        help="Where the SQLite store and the master key are, unless named otherwise. [default: assay-hub]",
    ),
    click.option(
        "--store",
        metavar="ADDRESS",
        envvar="ASSAY_HUB_STORE",
        help="`sqlite:///PATH` or `postgresql://…`. A password belongs in the variable ASSAY_HUB_STORE.",
    ),
    click.option(
        "--master-key-file",
        metavar="FILE",
        type=click.Path(path_type=Path),
        help="Unless given: the variable ASSAY_MASTER_KEY, or master.key in the folder.",
    ),
)


def store_options(function: F) -> F:
    for option in reversed(_OPTIONS):
        function = option(function)
    return function


def settings(folder: str, store: str | None, master_key_file: Path | None, **more: Any) -> Settings:
    from assay.hub.serving import Settings

    return Settings(folder=Path(folder), store=store, master_key=master_key_file, **more)


@contextmanager
def told() -> Iterator[None]:
    """Problems of the hub become problems of the command line."""
    from assay.hub.address import Problem

    try:
        yield
    except Problem as error:
        raise problem("E670", reason=str(error)) from None
