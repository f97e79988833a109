"""The diagnostics warehouse: where failed rows go inside the network, and what of them may be kept.

The warehouse is configured as a data source is, with placeholders in place of secrets; `parse_warehouse` follows
the same rules. The policy is the customer's: it can only be stricter than what a contract asks for.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from assay.protocol.source import (
    PLACEHOLDER,
    MissingValueError,
    PostgresSource,
    Problem,
    Struct,
    WrongValueError,
    parse_sources,
)
from assay.protocol.source import placeholders as placeholders_of
from assay.protocol.source import resolve as resolve_source

SECRET_VARIABLE = "ASSAY_WAREHOUSE_"  # noqa: S105 - the prefix of names, not a secret
"""`${env.NAME}` of a warehouse is the variable with this prefix, that of a data source another: two Secrets may
both have a DB_PASSWORD."""
SECRET_FOLDER = "/run/assay/warehouse"  # noqa: S105 - a folder
"""In file mode, NAME is the file of that name in this folder."""

MOST_ROWS = 1_000_000
_EXTRA = ("schema", "mask_key")
_SCHEMA = re.compile(r"[a-z_][a-z0-9_]{0,47}")
_SHORTEST_KEY = 16


class Mask(Struct, frozen=True):
    """How a value is kept.

    prefix   its first `characters`, and never more than half of it
    hash     HMAC-SHA-256 with the warehouse's key: equal values stay equal, and are not shown
    redact   that there was one; a missing value stays missing under every mask
    """

    kind: Literal["prefix", "hash", "redact"]
    characters: Annotated[int, Meta(ge=0, le=64)] = 0


def stricter(one: Mask | None, other: Mask | None) -> Mask | None:
    """Of two masks the one that shows less: redact, then hash, then the shorter prefix."""
    if one is None or other is None:
        return one or other
    return max(one, other, key=lambda mask: (("prefix", "hash", "redact").index(mask.kind), -mask.characters))


class WarehousePolicy(Struct, frozen=True):
    """What the customer lets be kept of failed rows. With a contract's own wishes, the stricter counts.

    rows     failed rows of one check
    bytes    of all cells of one check's failed rows
    cell     characters of one text (bytes of a binary value); what is cut off is marked
    columns  the only ones that may be kept; None: those that the contract chooses
    masks    by the name of a column
    unmask_sensitive   False: a `sensitive` column without a mask of its own is kept redacted
    days     after which rows are removed; None: as the contract says
    """

    rows: Annotated[int, Meta(ge=0, le=MOST_ROWS)] = MOST_ROWS
    bytes: Annotated[int, Meta(ge=0)] = 64 * 1024 * 1024
    cell: Annotated[int, Meta(ge=1, le=1024 * 1024)] = 4_096
    columns: tuple[str, ...] | None = None
    masks: dict[str, Mask] = msgspec.field(default_factory=dict)
    unmask_sensitive: bool = False
    days: Annotated[int, Meta(ge=1)] | None = None


class WarehouseSpec(Struct, frozen=True):
    """What run.json says of the warehouse.

    file      beside run.json: the warehouse's document, with placeholders
    secrets   variables with SECRET_VARIABLE, or files in SECRET_FOLDER
    keys      names that may stand in `${env.NAME}`
    hosts, ports   where a connection may go; an empty list sets no limit
    """

    file: str
    secrets: Literal["env", "file"]
    keys: tuple[str, ...] = ()
    hosts: tuple[str, ...] = ()
    ports: tuple[int, ...] = ()
    policy: WarehousePolicy = WarehousePolicy()


class Warehouse(Struct, frozen=True):
    """A PostgreSQL database that failed rows are written to.

    schema    its tables live there; `assay warehouse init` makes them
    mask_key  keys the mask `hash`. Without one, hashes of different runs cannot be compared
    """

    server: PostgresSource
    schema: str = "assay"
    mask_key: str = ""

    def __repr__(self) -> str:
        return f"Warehouse({self.server!r}, {self.schema!r})"


def parse_warehouse(doc: object) -> tuple[Warehouse | None, list[Problem]]:
    """`doc` is the mapping under `warehouse`: the fields of a postgres data source, `schema` and `mask_key`.
    Every fault is found; a path begins with `warehouse`."""
    if not isinstance(doc, Mapping):
        return None, [Problem("wrong_value", "warehouse", "the warehouse is a mapping of fields")]
    fields = {str(key): value for key, value in doc.items()}
    problems: list[Problem] = []
    schema, key = (_own(name, fields.pop(name, None), problems) for name in _EXTRA)
    for name in [name for name in fields if name not in PostgresSource.__struct_fields__ and name != "type"]:
        if near := _meant(name):
            text = f"the warehouse has no `{name}`"
            problems.append(Problem("unknown_key", f"warehouse.{name}", text, f"did you mean `{near}`?"))
            del fields[name]
    if fields.get("type") == "duckdb":
        advice = "a DuckDB file is named by `store` under `diagnostics`"
        text = "the warehouse is a PostgreSQL database"
        return None, [*problems, Problem("unknown_type", "warehouse.type", text, advice)]
    found, more = parse_sources({"warehouse": fields})
    problems += more
    server = found.get("warehouse")
    if problems or not isinstance(server, PostgresSource):
        return None, problems
    return Warehouse(server, schema or "assay", key), problems


def _own(name: str, value: object, problems: list[Problem]) -> str:
    path = f"warehouse.{name}"
    if value is None:
        return ""
    if name == "schema":
        if isinstance(value, str) and _SCHEMA.fullmatch(value) and not value.startswith("pg_"):
            return value
        text = "a schema is a name of lower case letters, digits and `_`, 48 characters at most"
        problems.append(Problem("wrong_value", path, text))
    elif isinstance(value, str) and PLACEHOLDER.fullmatch(value):
        return value
    else:
        advice = "write `mask_key: ${env.WAREHOUSE_MASK_KEY}`"
        problems.append(Problem("literal_secret", path, "a key does not stand in a file", advice))
    return ""


def _meant(name: str) -> str | None:
    import difflib

    close = difflib.get_close_matches(name.lower(), (*_EXTRA, *PostgresSource.__struct_fields__), 1, 0.6)
    return close[0] if close and close[0] in _EXTRA else None


def document(warehouse: Warehouse) -> dict[str, object]:
    """The mapping that `parse_warehouse` reads: what warehouse.json holds."""
    fields: dict[str, object] = msgspec.to_builtins(warehouse.server)
    fields["schema"] = warehouse.schema
    if warehouse.mask_key:
        fields["mask_key"] = warehouse.mask_key
    return fields


def placeholders(warehouse: Warehouse) -> tuple[str, ...]:
    """The names of the values that a connection will ask for."""
    found = dict.fromkeys(placeholders_of(warehouse.server))
    found.update(dict.fromkeys(PLACEHOLDER.findall(warehouse.mask_key)))
    return tuple(found)


def resolve(warehouse: Warehouse, lookup: Callable[[str], str | None]) -> Warehouse:
    """As for a data source: every placeholder filled in once. Raises MissingValueError or WrongValueError."""
    values = {name: lookup(name) for name in placeholders(warehouse)}
    missing = [name for name, value in values.items() if not value]
    if missing:
        raise MissingValueError(missing)
    server = resolve_source(warehouse.server, values.get)
    if not isinstance(server, PostgresSource):
        raise TypeError("a warehouse is a PostgreSQL database")
    key = PLACEHOLDER.sub(lambda found: values[found[1]] or "", warehouse.mask_key)
    if key and len(key) < _SHORTEST_KEY:
        raise WrongValueError("mask_key")
    return Warehouse(server, warehouse.schema, key)
