"""The report of a run: the only message that leaves the customer's network.

It can hold numbers, booleans, closed enums, durations, digests, instants of the run itself, and names that
the contract wrote. There is no field for a message, a row, a group key or a column that the contract does not
name.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import msgspec
from msgspec import Meta

from assay.protocol import decoding

FORMAT = 1

# `$` also matches before a line break at the end: `(?!\n)` rules it out
Digest = Annotated[str, Meta(pattern=r"^sha256:[0-9a-f]{64}$(?!\n)")]
Instant = Annotated[
    str, Meta(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,6})?Z$(?!\n)")
]
Code = Annotated[str, Meta(pattern=r"^[A-Za-z0-9_]{1,64}$(?!\n)")]
"""A SQLSTATE, or the name of a driver's exception class."""
Count = Annotated[int, Meta(ge=0)]
Value = Annotated[str, Meta(pattern=r"^-?[0-9][0-9A-Z:.+-]{0,63}$(?!\n)|^(true|false)$(?!\n)")]
"""A number in plain or scientific notation, an ISO date, time or instant, or a boolean: never text."""


class Struct(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    pass


class Outcome(StrEnum):
    PASSED = "passed"
    WARNED = "warned"
    FAILED = "failed"
    NOT_EVALUATED = "not_evaluated"
    ERROR = "error"


class Reason(StrEnum):
    """Why an outcome is what it is. Messages of databases never leave; these do."""

    WITHIN_BOUNDS = "within_bounds"
    OUT_OF_BOUNDS = "out_of_bounds"
    NO_ROWS = "no_rows"
    NULL_VALUE = "null_value"
    NOT_FINITE = "not_finite"
    DIVISION_BY_ZERO = "division_by_zero"
    MISSING_TABLE = "missing_table"
    MISSING_COLUMN = "missing_column"
    TYPE_MISMATCH = "type_mismatch"
    EXTRA_COLUMN = "extra_column"
    COLUMN_ORDER = "column_order"
    DATA_ERROR = "data_error"
    OVERFLOW = "overflow"
    TIMEOUT = "timeout"
    CANCELLED = "cancelled"
    PERMISSION = "permission"
    CONNECTION = "connection"
    RESOURCES = "resources"
    ENGINE_ERROR = "engine_error"


class Unit(StrEnum):
    COUNT = "count"
    RATIO = "ratio"
    NUMBER = "number"
    DURATION = "duration"
    DATE = "date"
    TIME = "time"
    TIMESTAMP = "timestamp"
    TEXT = "text"
    BOOLEAN = "boolean"


class CheckResult(Struct, frozen=True):
    """One check's outcome.

    value         the metric's value; absent when null or withheld. Ratios are 0..1, durations are seconds
    withheld      there is a value, and it stays inside (egress class)
    failed_rows   rows that broke the check; tested_rows: rows in its scope
    groups, failed_groups   for a check `by` columns
    kept_rows     failed rows written to the diagnostics store
    code          SQLSTATE or exception class of an error
    """

    id: str
    kind: str
    outcome: Outcome
    reason: Reason
    unit: Unit
    value: Value | None = None
    withheld: bool = False
    failed_rows: Count | None = None
    tested_rows: Count | None = None
    groups: Count | None = None
    failed_groups: Count | None = None
    kept_rows: Count | None = None
    code: Code | None = None


class Summary(Struct, frozen=True, omit_defaults=False):
    passed: Count = 0
    warned: Count = 0
    failed: Count = 0
    not_evaluated: Count = 0
    error: Count = 0


class Report(Struct, frozen=True):
    """rows: the rows in scope of the dataset after the filter, where a check counted them."""

    format: int
    run: str
    bundle: Digest
    contract: str
    version: str
    dialect: Code
    now: Instant
    """The pinned instant that `now` and `today()` mean in this run."""
    seconds: float
    outcome: Outcome
    summary: Summary
    checks: tuple[CheckResult, ...]
    scans: Count = 0
    """SELECTs that gave numbers (captures of failed rows not counted)."""
    store_failed: bool = False
    """Failed rows could not be written to the diagnostics store."""
    store_code: Code | None = None
    """Why: a SQLSTATE, or the name of a failure."""


_encoder = msgspec.json.Encoder(order="deterministic")


def encode(report: Report) -> bytes:
    return _encoder.encode(report)


def decode(data: bytes) -> Report:
    return decoding.decode(data, Report)
