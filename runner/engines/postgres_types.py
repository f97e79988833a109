"""PostgreSQL's types in the language's terms, and SQLSTATEs as reasons. Tables only."""

from __future__ import annotations

import re

from assay.protocol.bundle import TypeSpec
from assay.protocol.report import Reason
from assay.runner.engines.duckdb_types import to_native

_PLAIN = {
    "boolean": "boolean",
    "smallint": "smallint",
    "integer": "int",
    "bigint": "bigint",
    "oid": "bigint",
    "real": "float",
    "double precision": "double",
    "text": "text",
    "name": "text",
    "uuid": "uuid",
    "json": "json",
    "jsonb": "json",
    "bytea": "binary",
    "date": "date",
    "interval": "interval",
}
_NUMERIC = re.compile(r"numeric\((\d+),(-?\d+)\)")
_CHARACTERS = re.compile(r"(character varying|character|bpchar)(?:\((\d+)\))?")
_MOMENT = re.compile(r"(time|timestamp)(?:\(\d\))? (with|without) time zone")


def from_native(native: str) -> TypeSpec:
    """From what `format_type` prints."""
    if native in _PLAIN:
        return TypeSpec(_PLAIN[native])
    if native == "numeric":
        return TypeSpec("decimal")
    if found := _NUMERIC.fullmatch(native):
        precision, scale = int(found[1]), int(found[2])
        return TypeSpec("decimal", precision=precision - min(scale, 0), scale=max(scale, 0))
    if found := _CHARACTERS.fullmatch(native):
        kind = "varchar" if found[1] == "character varying" else "char"
        if found[2] is None:
            return TypeSpec("text")
        return TypeSpec(kind, length=int(found[2]))
    if found := _MOMENT.fullmatch(native):
        zoned = found[2] == "with"
        if found[1] == "time":
            return TypeSpec("any" if zoned else "time")
        return TypeSpec("timestamptz" if zoned else "timestamp")
    if native.endswith("[]"):
        return TypeSpec("array", item=from_native(native[:-2]))
    return TypeSpec("any")


_SHORT = ("interval", "inet", "cidr", "macaddr", "macaddr8", "money", "point", "uuid", "pg_lsn", "xid", "tid")


def shortened(sql: str, type_: TypeSpec, native: str, most: int) -> str:
    """An expression for the beginning of a value that may be long."""
    match type_.kind:
        case "text" | "varchar" if native != "name":
            return sql if type_.length is not None and type_.length <= most else f"left({sql}::text, {most})"
        case "char":
            return sql if (type_.length or 1) <= most else f"left({sql}::text, {most})"
        case "binary":
            return f"substring({sql} FROM 1 FOR {most})"
        case "decimal" if type_.precision is None:
            return f"left({sql}::text, {most})"
        case "json" | "array":
            return f"left({sql}::text, {most})"
        case "any" if native not in _SHORT and not native.endswith(" with time zone"):
            return f"left({sql}::text, {most})"
        case _:
            return sql


_STORED = {
    # oid: DuckDB type of a column in the diagnostics store
    16: "BOOLEAN",
    21: "SMALLINT",
    23: "INTEGER",
    20: "BIGINT",
    26: "BIGINT",
    700: "FLOAT",
    701: "DOUBLE",
    2950: "UUID",
    1082: "DATE",
    1083: "TIME",
    1114: "TIMESTAMP",
    1184: "TIMESTAMP WITH TIME ZONE",
}
NUMERIC = 1700


def stored_as(oid: int, precision: int | None, scale: int | None) -> str:
    """A numeric without precision has no DuckDB type that holds all of it: it is kept as text."""
    if oid == NUMERIC and precision is not None and 0 <= (scale or 0) <= precision:
        return to_native(TypeSpec("decimal", precision=precision, scale=scale or 0)) or "VARCHAR"
    return _STORED.get(oid, "VARCHAR")


_STATES: dict[str, tuple[Reason, bool]] = {
    # SQLSTATE or its class: reason, whether a smaller SELECT could help
    "22003": (Reason.OVERFLOW, True),
    "22008": (Reason.DATA_ERROR, True),
    "22012": (Reason.DIVISION_BY_ZERO, True),
    "22": (Reason.DATA_ERROR, True),
    "25006": (Reason.PERMISSION, True),
    "28": (Reason.PERMISSION, False),
    "42501": (Reason.PERMISSION, True),
    "42P01": (Reason.MISSING_TABLE, True),
    "42703": (Reason.MISSING_COLUMN, True),
    "42": (Reason.ENGINE_ERROR, True),
    "3D": (Reason.CONNECTION, False),
    "08": (Reason.CONNECTION, False),
    "53300": (Reason.CONNECTION, False),
    "53": (Reason.RESOURCES, True),
    "54": (Reason.RESOURCES, True),
    "55P03": (Reason.TIMEOUT, False),
    "57014": (Reason.TIMEOUT, False),
    "57": (Reason.CONNECTION, False),
    "0A": (Reason.ENGINE_ERROR, True),
    "P0": (Reason.DATA_ERROR, True),
    "38": (Reason.DATA_ERROR, True),
}


def reason_of(state: str) -> tuple[Reason, bool]:
    return _STATES.get(state) or _STATES.get(state[:2]) or (Reason.ENGINE_ERROR, False)
