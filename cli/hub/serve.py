"""`assay hub serve`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from assay.cli.exits import PASSED
from assay.cli.hub.store import settings, store_options, told
from assay.cli.lazy import Command
from assay.cli.screen import out

if TYPE_CHECKING:
    from assay.hub.serving import FirstKey

_FILE = click.Path(path_type=Path)


@click.command(
    "serve",
    cls=Command,
    examples="""
    assay hub serve                                             on this machine, SQLite in ./assay-hub
    assay hub serve --host 0.0.0.0 --tls-cert hub.pem --tls-key hub.key
    ASSAY_HUB_STORE=postgresql://hub@db/hub assay hub serve     several can share one PostgreSQL
    """,
)
@store_options
@click.option("--host", default="127.0.0.1", metavar="HOST", help="Where to listen. [default: 127.0.0.1]")
@click.option(
    "--port",
    default=8420,
    type=click.IntRange(0, 65_535),
    metavar="PORT",
    help="0 is any that is free. [default: 8420]",
)
@click.option("--tls-cert", type=_FILE, metavar="FILE", help="The certificate and those above it, in PEM.")
@click.option("--tls-key", type=_FILE, metavar="FILE", help="The certificate's key, in PEM.")
@click.option(
    "--insecure-listen",
    is_flag=True,
    help="Listen beyond this machine without TLS: only behind a proxy that has it.",
)
@click.option(
    "--old-master-key-file",
    type=_FILE,
    metavar="FILE",
    help="A master key that is being replaced. [default: the variable ASSAY_OLD_MASTER_KEY]",
)
@click.option(
    "--max-connections",
    default=8_000,
    type=click.IntRange(1, 1_000_000),
    metavar="N",
    help="Open at once; more are turned away. [default: 8000]",
)
@click.option(
    "--log-level",
    default="info",
    type=click.Choice(("debug", "info", "warning", "error")),
    help="Of the log on standard error. [default: info]",
)
@click.option("--json", "as_json", is_flag=True, help="Print what was made, and the address, as JSON.")
def command(
    folder: str,
    store: str | None,
    master_key_file: Path | None,
    host: str,
    port: int,
    tls_cert: Path | None,
    tls_key: Path | None,
    insecure_listen: bool,
    old_master_key_file: Path | None,
    max_connections: int,
    log_level: str,
    as_json: bool,
) -> int:
    """Serve a hub until Ctrl-C or SIGTERM.

    In a folder without one, an SQLite store, a master key, a tenant `default` and its admin key are made; the key
    is shown once. A PostgreSQL store is made by `assay hub init`. SIGUSR1 prints what every thread does.
    """
    import faulthandler
    import signal

    from assay.hub import serving
    from assay.hub.api import logs
    from assay.hub.api.connections import Limits
    from assay.hub.api.server import Listening

    logs.configure(log_level)
    faulthandler.register(signal.SIGUSR1, all_threads=True)
    listening = Listening(host, port, tls_cert, tls_key, insecure_listen, Limits(connections=max_connections))
    chosen = settings(folder, store, master_key_file, old_master_key=old_master_key_file, listening=listening)
    with told():
        listening.check()
        if serving.is_new(chosen):
            first = serving.make(chosen)
            if first is not None:
                show_key(first, as_json=as_json)
        serving.serve(chosen, lambda address: _started(address, as_json=as_json))
    return PASSED


def _started(address: str, *, as_json: bool) -> None:
    screen = out()
    if as_json:
        show_json({"address": address})
    else:
        screen.line(f"The hub listens on {screen.paint(address, 'bold')}")
    screen.flush()


def show_key(first: FirstKey, *, as_json: bool) -> None:
    """The one moment at which a key can be read."""
    if as_json:
        show_json({"tenant": first.tenant, "key": first.key})
        return
    screen = out()
    screen.line(f"Made the tenant `{first.tenant}`. Its admin key, shown this once:")
    screen.line()
    screen.line(f"  {screen.paint(first.key, 'bold')}")
    screen.line()
    screen.flush()


def show_json(document: dict[str, object]) -> None:
    import json

    screen = out()
    screen.line(json.dumps(document))
    screen.flush()
