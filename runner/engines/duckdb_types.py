"""DuckDB's types in the language's terms, and back."""

from __future__ import annotations

import re

from assay.protocol.bundle import TypeSpec

_PLAIN = {
    "BOOLEAN": "boolean",
    "TINYINT": "smallint",
    "SMALLINT": "smallint",
    "UTINYINT": "smallint",
    "INTEGER": "int",
    "USMALLINT": "int",
    "BIGINT": "bigint",
    "UINTEGER": "bigint",
    "FLOAT": "float",
    "DOUBLE": "double",
    "VARCHAR": "text",
    "UUID": "uuid",
    "JSON": "json",
    "BLOB": "binary",
    "DATE": "date",
    "TIME": "time",
    "TIMESTAMP": "timestamp",
    "TIMESTAMP_S": "timestamp",
    "TIMESTAMP_MS": "timestamp",
    "TIMESTAMP_NS": "timestamp",
    "TIMESTAMP WITH TIME ZONE": "timestamptz",
    "INTERVAL": "interval",
}
_WIDE = {"UBIGINT": 20, "HUGEINT": 38, "UHUGEINT": 38}
_DECIMAL = re.compile(r"DECIMAL\((\d+),\s?(\d+)\)")

_NATIVE = {
    "boolean": "BOOLEAN",
    "smallint": "SMALLINT",
    "int": "INTEGER",
    "bigint": "BIGINT",
    "float": "FLOAT",
    "double": "DOUBLE",
    "text": "VARCHAR",
    "varchar": "VARCHAR",
    "char": "VARCHAR",
    "uuid": "UUID",
    "json": "JSON",
    "date": "DATE",
    "time": "TIME",
    "timestamp": "TIMESTAMP",
    "timestamptz": "TIMESTAMP WITH TIME ZONE",
}


def from_native(native: str) -> TypeSpec:
    """An ENUM reads as the text that it is shown as."""
    kind = _PLAIN.get(native)
    if kind is not None:
        return TypeSpec(kind)
    if native in _WIDE:
        return TypeSpec("decimal", precision=_WIDE[native], scale=0)
    if found := _DECIMAL.fullmatch(native):
        return TypeSpec("decimal", precision=int(found[1]), scale=int(found[2]))
    if found := re.fullmatch(r"(.*)\[\d*\]", native, re.DOTALL):
        return TypeSpec("array", item=from_native(found[1]))
    if native.startswith("ENUM("):
        return TypeSpec("text")
    return TypeSpec("any")


def shortened(sql: str, native: str, most: int) -> str:
    """An expression for the beginning of a value that may be long."""
    if native == "VARCHAR":
        return f"left({sql}, {most})"
    if native == "BLOB":
        return f"array_slice({sql}, 1, {most})"
    nested = native.endswith("]") or native.startswith(("STRUCT(", "MAP(", "UNION("))
    if nested or native in ("JSON", "BIT", "BIGNUM", "VARIANT"):
        return f"left(CAST({sql} AS VARCHAR), {most})"
    return sql


def to_native(type_: TypeSpec) -> str | None:
    """The DuckDB type that holds the values of a type; None where text cannot be read as one."""
    if type_.kind == "decimal":
        return (
            f"DECIMAL({type_.precision or 38},{type_.scale or 0})" if (type_.precision or 38) <= 38 else None
        )
    return _NATIVE.get(type_.kind)


def reads_as(column: str, type_: TypeSpec) -> str | None:
    """SQL that is true where the text `column` says a value of the type, all of it; None: no text does."""
    native = to_native(type_)
    if native is None:
        return None
    fits = f"try_cast({column} AS {native}) IS NOT NULL"
    match type_.kind:
        case "text" | "varchar" | "char":
            return "true"
        case "smallint" | "int" | "bigint":
            return rf"(regexp_full_match({column}, '\s*[+-]?[0-9]+\s*') AND {fits})"
        case "decimal":
            form = rf"\s*[+-]?[0-9]*(\.[0-9]{{0,{type_.scale or 0}}}0*)?\s*"
            return f"(regexp_full_match({column}, '{form}') AND {fits})"
        case "boolean":
            return f"lower({column}) IN ('true', 'false', 't', 'f')"
        case "date":
            return f"(length(trim({column})) <= 10 AND {fits})"
        case "timestamp":
            zoned = rf"regexp_matches({column}, ':.*([+-]\d\d(:?\d\d)?|[zZ])\s*$')"
            return f"(NOT {zoned} AND {fits})"
        case _:
            return fits
