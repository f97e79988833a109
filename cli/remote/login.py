"""`assay login`."""

from __future__ import annotations

import sys

import click

from assay.cli.exits import PASSED
from assay.cli.lazy import Command
from assay.cli.problems import problem
from assay.cli.remote.session import Login, hub, keep
from assay.cli.screen import out


@click.command(
    "login",
    cls=Command,
    examples="""
    assay login https://hub.example.com                 asks for the key
    assay login https://hub.example.com < key           the key from standard input
    assay login http://127.0.0.1:8420 --ca authority.pem
    """,
)
@click.argument("address", metavar="HUB")
@click.option("--ca", default="", metavar="FILE", help="Root certificates in PEM, in place of the system's.")
def command(address: str, ca: str) -> int:
    """Remember a hub and an API key, once the hub has taken the key.

    The key is kept in a file that only you can read. The variables ASSAY_HUB, ASSAY_KEY and ASSAY_HUB_CA count
    before it.
    """
    if sys.stdin.isatty():
        key: str = click.prompt("API key", hide_input=True, err=True)
    else:
        key = sys.stdin.read(4_096)
    if not key.strip():
        raise problem(
            "E674", reason="no key was given", advice="an admin makes one: `assay hub init` shows the first"
        )
    login = Login(address, key.strip(), ca)
    with hub(login) as session:
        who = session.call("whoami")
    keep(login)
    out().line(f"Logged in to {address}: tenant {who.tenant}, role {who.role.value}.")
    return PASSED
