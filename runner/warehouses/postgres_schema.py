"""The tables and roles of a PostgreSQL warehouse, as SQL to read, review and run: `assay warehouse init`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from importlib.resources import files

FORMAT = 1
"""Of the tables. A runner refuses a warehouse of another."""
NAME = re.compile(r"[a-z_][a-z0-9_]{0,62}")


@dataclass(frozen=True, slots=True)
class Roles:
    """owner   owns the schema and all in it; nobody needs to log in as it
    writer  what a runner needs: adds and removes, and reads no failed row
    reader  for people: reads, and changes nothing
    """

    owner: str
    writer: str
    reader: str


def roles_of(schema: str) -> Roles:
    return Roles(f"{schema}_owner", f"{schema}_writer", f"{schema}_reader")


def ddl(schema: str, roles: Roles | None = None) -> str:
    """Raises ValueError for a name that is none."""
    given = roles or roles_of(schema)
    names = {"schema": schema, "owner": given.owner, "writer": given.writer, "reader": given.reader}
    for name in names.values():
        if not NAME.fullmatch(name) or name.startswith("pg_"):
            raise ValueError(name)
    if len(set(names.values()) - {schema}) < 3:
        raise ValueError("owner, writer and reader are three roles")
    text = (files("assay") / "runner" / "warehouses" / "postgres.sql").read_text(encoding="utf-8")
    names["format"] = str(FORMAT)
    return re.sub("@([a-z]+)@", lambda found: names[found[1]], text)
