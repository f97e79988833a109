"""`assay warehouse init`: the tables and roles of a warehouse, to read, to review, to run."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click
import msgspec

from assay.cli.exits import PASSED
from assay.cli.lazy import Command, config_option
from assay.cli.problems import problem
from assay.cli.screen import out

if TYPE_CHECKING:
    from assay.protocol.warehouse import Warehouse


@click.command(
    "init",
    cls=Command,
    examples="""
    assay warehouse init > warehouse.sql             read it, and give it to who may run it
    assay warehouse init | psql "host=db.example.com dbname=diagnostics user=admin"
    assay warehouse init --apply --user admin --password-env ADMIN_PASSWORD
    """,
)
@config_option
@click.option("--apply", is_flag=True, help="Run it on the server that assay.yml names.")
@click.option("--user", metavar="NAME", help="Run it as this user in place of the one in assay.yml.")
@click.option("--password-env", metavar="NAME", help="The environment variable with that user's password.")
@click.option("--owner", metavar="ROLE", help="Owns the tables. [default: SCHEMA_owner]")
@click.option("--writer", metavar="ROLE", help="What runs need. [default: SCHEMA_writer]")
@click.option("--reader", metavar="ROLE", help="What people need. [default: SCHEMA_reader]")
@click.option(
    "--json", "as_json", is_flag=True, help="Print JSON: the SQL, the names, and whether it was run."
)
def command(
    config: str | None,
    apply: bool,
    user: str | None,
    password_env: str | None,
    owner: str | None,
    writer: str | None,
    reader: str | None,
    as_json: bool,
) -> int:
    """Print the SQL that makes the warehouse's schema, tables and roles; run it with --apply.

    Who runs it may create roles and schemas. The roles cannot log in: grant them to accounts, the writer to
    that of the runs, the reader to people. Running it again changes nothing.
    """
    from assay.cli.project import settings
    from assay.runner.warehouses.postgres_schema import Roles, ddl, roles_of

    if (user or password_env) and not apply:
        raise click.UsageError("--user and --password-env go with --apply")
    found, base = settings(Path.cwd(), config)
    warehouse = found.warehouse
    if warehouse is None:
        raise problem("E619", file=config or "assay.yml")
    usual = roles_of(warehouse.schema)
    roles = Roles(owner or usual.owner, writer or usual.writer, reader or usual.reader)
    try:
        sql = ddl(warehouse.schema, roles)
    except ValueError as error:
        raise click.UsageError(f"no roles of a warehouse: {error}") from None
    if apply:
        _apply(warehouse, base, sql, user, password_env)
    screen = out()
    if as_json:
        names = {"owner": roles.owner, "writer": roles.writer, "reader": roles.reader}
        item = {"schema": warehouse.schema, "roles": names, "applied": apply, "sql": sql}
        screen.line(msgspec.json.encode(item).decode())
    elif apply:
        screen.line(f"the schema `{warehouse.schema}` is made")
        screen.line(f'  runs need:    GRANT "{roles.writer}" TO …;')
        screen.line(f'  people need:  GRANT "{roles.reader}" TO …;')
    else:
        screen.line(sql.rstrip("\n"))
    return PASSED


def _apply(warehouse: Warehouse, base: Path, sql: str, user: str | None, password_env: str | None) -> None:
    from assay.cli.storage import filled_in, unusable
    from assay.runner.store import StoreError
    from assay.runner.warehouses.postgres_session import run_script

    plain = msgspec.structs.replace(warehouse, mask_key="")
    password = os.environ.get(password_env or "")
    if password_env is not None:
        if not password:
            raise problem("E616", names=f"`{password_env}`", first=password_env)
        plain = msgspec.structs.replace(plain, server=msgspec.structs.replace(plain.server, password=""))
    server = filled_in(plain).server
    if password:
        server = msgspec.structs.replace(server, password=password)
    if user is not None:
        server = msgspec.structs.replace(server, user=user)
    try:
        run_script(server, base, sql)
    except StoreError as error:
        raise unusable(error) from None
