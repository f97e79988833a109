"""The schema check: declared columns held against the engine's catalog. Pure.

A type fits when every value of it is a value of the declared type: the same family, whole numbers as narrow
or narrower, decimals within precision and scale (a decimal without precision, which PostgreSQL has, promises
nothing and fits only a declared one without), float within double, text within the declared length. An engine
that records no lengths (DuckDB) is not blamed for it. `any` fits and takes everything.

Names are compared exactly. What the contract does not name is only counted in a report; the name itself stays
on this side.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from assay.protocol.bundle import ColumnSpec, SchemaSpec, TypeSpec
from assay.protocol.report import Outcome, Reason
from assay.runner.engines.port import CatalogColumn

_FAMILIES = {
    "smallint": "number",
    "int": "number",
    "bigint": "number",
    "decimal": "number",
    "float": "number",
    "double": "number",
    "text": "text",
    "varchar": "text",
    "char": "text",
}
_INTEGERS = ("smallint", "int", "bigint")
_FLOATS = ("float", "double")
_WITHOUT_LENGTHS = ("duckdb",)


@dataclass(frozen=True, slots=True)
class SchemaFault:
    """`text` is for people on this side: it may name columns that the contract does not."""

    reason: Reason
    text: str


@dataclass(frozen=True, slots=True)
class SchemaJudged:
    outcome: Outcome
    reason: Reason
    faults: tuple[SchemaFault, ...]


def family(type_: TypeSpec) -> str:
    return _FAMILIES.get(type_.kind, type_.kind)


def means_the_same(declared: TypeSpec, actual: TypeSpec) -> bool:
    """Whether a check that was written for the declared type may run on the actual one. A type that the
    language does not have is tried: the engine says whether it goes."""
    if "any" in (declared.kind, actual.kind):
        return True
    if declared.kind == "array" and actual.kind == "array":
        return declared.item is None or actual.item is None or means_the_same(declared.item, actual.item)
    return family(declared) == family(actual)


def fits(declared: TypeSpec, actual: TypeSpec, dialect: str) -> bool:
    match declared.kind, actual.kind:
        case "any", _:
            return True
        case (("smallint" | "int" | "bigint") as wide, ("smallint" | "int" | "bigint") as narrow):
            return _INTEGERS.index(narrow) <= _INTEGERS.index(wide)
        case (("float" | "double") as wide, ("float" | "double") as narrow):
            return _FLOATS.index(narrow) <= _FLOATS.index(wide)
        case "decimal", "decimal":
            return _decimal_fits(declared, actual)
        case (("text" | "varchar" | "char"), ("text" | "varchar" | "char")):
            if declared.length is None or dialect in _WITHOUT_LENGTHS:
                return True
            return actual.length is not None and actual.length <= declared.length
        case "array", "array":
            return declared.item is None or (
                actual.item is not None and fits(declared.item, actual.item, dialect)
            )
        case wanted, found:
            return wanted == found


def _decimal_fits(declared: TypeSpec, actual: TypeSpec) -> bool:
    if declared.precision is None:
        return True
    if actual.precision is None:
        return False
    scale, found = declared.scale or 0, actual.scale or 0
    return found <= scale and actual.precision - found <= declared.precision - scale


def judge_schema(
    spec: SchemaSpec, declared: Sequence[ColumnSpec], actual: Sequence[CatalogColumn], dialect: str
) -> SchemaJudged:
    faults: list[SchemaFault] = []
    found = {column.name: column for column in actual}
    for column in declared:
        match = found.get(column.name)
        if match is None:
            faults.append(SchemaFault(Reason.MISSING_COLUMN, _missing(column.name, actual)))
        elif not fits(column.type, match.type, dialect):
            text = f"column `{column.name}` is {match.native}, declared {written(column.type)}"
            faults.append(SchemaFault(Reason.TYPE_MISMATCH, text))
    names = [column.name for column in declared]
    if spec.mode != "open":
        known = set(names)
        faults += [
            SchemaFault(Reason.EXTRA_COLUMN, f"column `{column.name}` is not declared")
            for column in actual
            if column.name not in known
        ]
    if spec.mode == "ordered" and not faults and [column.name for column in actual] != names:
        first = next(a.name for a, name in zip(actual, names, strict=True) if a.name != name)
        faults.append(SchemaFault(Reason.COLUMN_ORDER, f"the order differs from column `{first}` on"))
    if not faults:
        return SchemaJudged(Outcome.PASSED, Reason.WITHIN_BOUNDS, ())
    order = (Reason.MISSING_COLUMN, Reason.TYPE_MISMATCH, Reason.EXTRA_COLUMN, Reason.COLUMN_ORDER)
    return SchemaJudged(
        Outcome.FAILED, min((fault.reason for fault in faults), key=order.index), tuple(faults)
    )


def _missing(name: str, actual: Sequence[CatalogColumn]) -> str:
    for column in actual:
        if column.name.casefold() == name.casefold():
            return f"column `{name}` is missing; `{column.name}` differs only in upper and lower case"
    return f"column `{name}` is missing"


def written(type_: TypeSpec) -> str:
    if type_.kind == "decimal" and type_.precision is not None:
        return f"decimal({type_.precision},{type_.scale or 0})"
    if type_.kind == "array" and type_.item is not None:
        return f"array<{written(type_.item)}>"
    return f"{type_.kind}({type_.length})" if type_.length is not None else type_.kind
