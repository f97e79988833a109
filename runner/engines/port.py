"""The one port to a data source. An adapter per driver; one conformance suite for all of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from typing import Protocol, TypeAlias

from assay.protocol.bundle import TypeSpec
from assay.protocol.report import Reason

Cell: TypeAlias = object
"""What a driver gives for one cell: int, float, Decimal, str, bytes, bool, date, time, datetime, None, …"""
BindValue: TypeAlias = bool | int | float | Decimal | str | date | time | datetime | None
Table: TypeAlias = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CatalogColumn:
    """A column as the engine's catalog has it. `type.kind` is "any" for a type unknown to the language.

    native   the engine's own name of the type, for DDL of the diagnostics store and for people on this side
    """

    name: str
    type: TypeSpec
    native: str
    nullable: bool


class EngineError(Exception):
    """A failure of the driver, in coded form.

    reason   what may leave; code: SQLSTATE or class name of the driver's exception, may leave
    detail   the database's message: stays on this side, shown on a local terminal only
    retry_smaller   leaving out part of a SELECT could help (a cast, an overflow, a missing function)
    """

    def __init__(self, reason: Reason, code: str, detail: str, *, retry_smaller: bool = False) -> None:
        super().__init__(f"{reason.value} ({code})")
        self.reason = reason
        self.code = code
        self.detail = detail
        self.retry_smaller = retry_smaller


class Rows(Protocol):
    """A result read in batches; memory does not grow with the number of rows."""

    @property
    def columns(self) -> Sequence[tuple[str, str]]:
        """Name and DuckDB type (for the diagnostics store) of each column."""
        ...

    def batches(self) -> Iterator[list[tuple[Cell, ...]]]: ...


class Session(Protocol):
    """Read-only, one snapshot from open to close, UTC. Every method raises EngineError and nothing else."""

    def catalog(self, table: Table) -> tuple[CatalogColumn, ...] | None:
        """The columns of a table in order, or None where there is no such table (or no right to see it)."""
        ...

    def one(self, sql: str, binds: Mapping[str, BindValue]) -> tuple[Cell, ...]:
        """The single row of a SELECT. `binds` holds every bind of the bundle, in order, used or not."""
        ...

    def rows(self, sql: str, binds: Mapping[str, BindValue], *, batch: int = 1000) -> Rows: ...

    def shortened(self, sql: str, column: CatalogColumn, most: int) -> str:
        """`sql`, which gives the column, as an expression for at most `most` characters (bytes of a binary
        value) of it. What is short by its type stays as it is."""
        ...

    def cancel(self) -> None:
        """Stops what runs on the server. Safe to call from a signal handler or another thread."""
        ...

    def close(self) -> None: ...
