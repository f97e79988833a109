"""Bundles by hand: short words for the parts that tests vary."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from assay.protocol.bundle import (
    Apply,
    BindSpec,
    BoundSpec,
    Bundle,
    CaptureSpec,
    CheckSpec,
    ColumnSpec,
    Const,
    Formula,
    Fragment,
    MeasureSpec,
    MeasureValue,
    Query,
    SchemaSpec,
    TypeSpec,
)

FROM = 'FROM "public"."orders"'


def number(text: str) -> Const:
    return Const("number", text)


def m(name: str) -> MeasureValue:
    return MeasureValue(name)


def ratio(top: Formula, bottom: Formula) -> Apply:
    return Apply("ratio", (top, bottom))


def fails(
    op: Literal["=", "<>", "<", "<=", ">", ">=", "between"], low: Formula | str, high: str | None = None
) -> BoundSpec:
    bound = number(low) if isinstance(low, str) else low
    return BoundSpec(op, bound, "fail", None if high is None else number(high))


def warns(op: Literal["=", "<>", "<", "<=", ">", ">="], low: str) -> BoundSpec:
    return BoundSpec(op, number(low), "warn")


def check(
    id_: str,
    value: Formula,
    *bounds: BoundSpec,
    unit: str = "number",
    failed: Formula | None = None,
    tested: Formula | None = None,
    query: str | None = None,
    withheld: bool = False,
) -> CheckSpec:
    return CheckSpec(
        id_,
        "check",
        id_,
        1,
        unit,
        value,
        bounds,
        failed=failed,
        tested=tested,
        query=query,
        withheld=withheld,
    )


def measure(name: str, sql: str, result: str = "count", *columns: str) -> MeasureSpec:
    return MeasureSpec(name, sql, result, columns)


def query(id_: str, *measures: MeasureSpec, source: str = FROM, keys: Sequence[str] = ()) -> Query:
    return Query(id_, source, measures, tuple(column(name) for name in keys))


def column(name: str) -> Fragment:
    return Fragment(name, '"' + name.replace('"', '""') + '"', (name,))


def capture(check_: str, *columns: str, where: str = "true", keep: int = 1000) -> CaptureSpec:
    return CaptureSpec(check_, tuple(map(column, columns)), f"{FROM} WHERE {where}", keep)


def declared(name: str, kind: str, *, precision: int | None = None, scale: int | None = None) -> ColumnSpec:
    return ColumnSpec(name, TypeSpec(kind, precision=precision, scale=scale))


def bundle(
    columns: Sequence[ColumnSpec],
    queries: Sequence[Query],
    checks: Sequence[CheckSpec],
    captures: Sequence[CaptureSpec] = (),
    *,
    dialect: str = "duckdb",
    binds: Sequence[BindSpec] = (),
    mode: Literal["open", "exact", "ordered"] = "open",
    keep_days: int | None = None,
) -> Bundle:
    return Bundle(
        format=1,
        compiler="0",
        dialect=dialect,
        contract="shop.orders",
        version="1.0.0",
        file="orders.contract",
        source="warehouse",
        table=("public", "orders"),
        schema=SchemaSpec("orders.schema", mode, "schema", 1),
        columns=tuple(columns),
        binds=tuple(binds),
        queries=tuple(queries),
        checks=tuple(checks),
        captures=tuple(captures),
        keep_days=keep_days,
    )
