"""The sealed bundle: everything that a run needs, and nothing that was not reviewed.

One bundle is one contract lowered to one dialect. It holds no secret, no path of a machine and no time. Its
digest, `sha256:` and the hex SHA-256 of `encode(bundle)`, is the identity of what was reviewed.

SQL comes in fragments, so that the runner can leave out what a source lacks (a missing column) and can split
a SELECT to isolate the one measure that errors. It is put together as

    SELECT {key.sql} AS "{key.name}", …, {measure.sql} AS "{measure.name}", … {source} [GROUP BY {key.sql}, …]

and a capture as `SELECT {column.sql} AS "{column.name}", … {source} LIMIT {keep}`. Values that are fixed per
run are named in `binds`; their placeholders in the text have the form that the dialect's driver takes
natively (DuckDB `$name`, PostgreSQL `$1` numbered by the place in `Bundle.binds`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Literal, TypeAlias

import msgspec

from assay.protocol import decoding
from assay.protocol.warehouse import Mask

FORMAT = 1


class Struct(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    pass


class TypeSpec(Struct, frozen=True):
    """A type of the language; `kind` as in the compiler's Kind."""

    kind: str
    precision: int | None = None
    scale: int | None = None
    length: int | None = None
    item: TypeSpec | None = None


class BindSpec(Struct, frozen=True):
    """A value fixed once per run. `now` and `today` come from the runner, others from the user or default."""

    name: str
    type: TypeSpec
    default: str | None = None
    """Free of SQL: an ISO literal, or `now`/`today` with an offset such as `today-7d`; None: required."""


class Fragment(Struct, frozen=True):
    """Printed SQL of one expression, the columns of the dataset that it reads and the binds that it uses."""

    name: str
    sql: str
    columns: tuple[str, ...] = ()
    binds: tuple[str, ...] = ()


class MeasureSpec(Struct, frozen=True):
    """A Fragment with the kind of number that it gives: count, integer, decimal, double, text, date, time,
    timestamp (naive), timestamptz, boolean, micros (microseconds since 1970-01-01 UTC)."""

    name: str
    sql: str
    result: str
    columns: tuple[str, ...] = ()
    binds: tuple[str, ...] = ()
    tables: tuple[tuple[str, ...], ...] = ()


# -- formulas: arithmetic of the judge


class Const(Struct, frozen=True, tag="const"):
    """kind: number (decimal text, or a fraction "1/3"), seconds, date, time, timestamp, timestamptz, text,
    boolean, null; text is the ISO form."""

    kind: str
    text: str


class MeasureValue(Struct, frozen=True, tag="measure"):
    name: str


class BindRef(Struct, frozen=True, tag="bind"):
    """A bind's value; `now_micros` is `now` as microseconds since 1970-01-01 UTC."""

    name: str


class Apply(Struct, frozen=True, tag="apply"):
    """op: add sub mul div ratio neg abs round least greatest coalesce. `ratio` is a division that is null
    when the divisor is zero; `div` by zero is an error of the check."""

    op: str
    args: tuple[Formula, ...]


Formula: TypeAlias = Const | MeasureValue | BindRef | Apply


class GuardSpec(Struct, frozen=True):
    formula: Formula
    otherwise: int = 0


class Query(Struct, frozen=True):
    """One SELECT that gives numbers, a row a group where there are `keys`. `source` is from `FROM` to the end
    of `WHERE`."""

    id: str
    source: str
    measures: tuple[MeasureSpec, ...]
    keys: tuple[Fragment, ...] = ()
    columns: tuple[str, ...] = ()
    """Columns that `source` itself reads (the filter): without them the whole query cannot run."""
    binds: tuple[str, ...] = ()
    tables: tuple[tuple[str, ...], ...] = ()
    """Further tables that `source` reads."""
    guard: GuardSpec | None = None


class BoundSpec(Struct, frozen=True):
    op: Literal["=", "<>", "<", "<=", ">", ">=", "between"]
    low: Formula
    level: Literal["warn", "fail"]
    high: Formula | None = None


class CheckSpec(Struct, frozen=True):
    """A verdict. `query` names the grouped query whose every group is judged. The bounds are promises, judged
    all of them: the worst level that is broken is the outcome."""

    id: str
    kind: str
    words: str
    line: int
    unit: str
    value: Formula
    bounds: tuple[BoundSpec, ...]
    prose: str = ""
    columns: tuple[str, ...] = ()
    failed: Formula | None = None
    tested: Formula | None = None
    withheld: bool = False
    query: str | None = None
    was: tuple[str, ...] = ()


class ColumnSpec(Struct, frozen=True):
    """mask: how failed rows show it."""

    name: str
    type: TypeSpec
    sensitive: bool = False
    mask: Mask | None = None


class SchemaSpec(Struct, frozen=True):
    """Judged from the engine's catalog. open: every declared column is there with a type that fits; exact:
    and no other column; ordered: and in this order."""

    id: str
    mode: Literal["open", "exact", "ordered"]
    words: str
    line: int


class CaptureSpec(Struct, frozen=True):
    check: str
    columns: tuple[Fragment, ...]
    source: str
    keep: int
    needs: tuple[str, ...] = ()
    """Columns that `source` reads."""
    binds: tuple[str, ...] = ()
    tables: tuple[tuple[str, ...], ...] = ()


class Bundle(Struct, frozen=True):
    format: int
    compiler: str
    dialect: str
    contract: str
    version: str
    file: str
    source: str
    """The data source's name in the configuration."""
    table: tuple[str, ...]
    """The dataset's path inside the source, unquoted."""
    schema: SchemaSpec
    columns: tuple[ColumnSpec, ...]
    binds: tuple[BindSpec, ...]
    queries: tuple[Query, ...]
    checks: tuple[CheckSpec, ...]
    captures: tuple[CaptureSpec, ...]
    keep_days: int | None = None
    prose: str = ""


def check_ids(bundle: Bundle) -> list[str]:
    """The ids that a report of this bundle has, in its order. Hub, agent and runner compile apart and compare
    the digest of these (`wire.checks_sha256`)."""
    return [bundle.schema.id, *(check.id for check in bundle.checks)]


def compose(query: Query, measures: Sequence[MeasureSpec] | None = None) -> str:
    """The SELECT of a query, of all its measures or of some; keys come first."""
    items = [f"{item.sql} AS {quoted(item.name)}" for item in query.keys]
    chosen = query.measures if measures is None else measures
    items += [f"{item.sql} AS {quoted(item.name)}" for item in chosen]
    text = f"SELECT {', '.join(items)} {query.source}"
    if query.keys:
        text += " GROUP BY " + ", ".join(key.sql for key in query.keys)
    return text


def compose_capture(capture: CaptureSpec, columns: Sequence[Fragment] | None = None) -> str:
    """The SELECT of failed rows, with all its columns or those that the source has."""
    chosen = capture.columns if columns is None else columns
    items = [f"{item.sql} AS {quoted(item.name)}" for item in chosen]
    return f"SELECT {', '.join(items)} {capture.source} LIMIT {capture.keep}"


def quoted(name: str) -> str:
    """An identifier as SQL's standard quotes it."""
    return '"' + name.replace('"', '""') + '"'


_encoder = msgspec.json.Encoder(order="deterministic")


def encode(bundle: Bundle) -> bytes:
    """The canonical bytes: compact JSON, keys in order."""
    return _encoder.encode(bundle)


def digest(data: bytes) -> str:
    return "sha256:" + hashlib.sha256(data).hexdigest()


def decode(data: bytes) -> Bundle:
    """Raises msgspec.ValidationError (with a path) for anything that is not a bundle of this format."""
    return decoding.decode(data, Bundle)
