"""Contracts built by hand, for tests of the stages after `check`."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from assay.compiler import ir
from assay.compiler.types import BIGINT, BOOLEAN, TEXT, TIMESTAMPTZ, Kind, Type, decimal

VARCHAR = Type(Kind.VARCHAR, length=16)
ORDER_ID = ir.Column("order_id", BIGINT, False)
CUSTOMER_ID = ir.Column("customer_id", BIGINT, True)
STATUS = ir.Column("status", VARCHAR, True)
EMAIL = ir.Column("email", TEXT, True)
AMOUNT = ir.Column("amount", decimal(12, 2), True)
PLACED_AT = ir.Column("placed_at", TIMESTAMPTZ, True)
COUNTRY = ir.Column("country", TEXT, True)

COLUMNS = (ORDER_ID, CUSTOMER_ID, STATUS, EMAIL, AMOUNT, PLACED_AT, COUNTRY)


def call(function: str, *args: ir.Expr, type_: Type = BOOLEAN) -> ir.Call:
    return ir.Call(function, args, type_, True)


def text(value: str) -> ir.Literal:
    return ir.Literal(value, TEXT)


def whole(value: int) -> ir.Literal:
    return ir.Literal(value, BIGINT)


def exact(value: str) -> ir.Literal:
    return ir.Literal(Decimal(value), decimal(12, 2))


def head(id_: str, kind: str = "check", *columns: str) -> ir.Head:
    return ir.Head(
        f"orders.{id_}", kind, "", f"{kind} {id_}", "orders.contract", 1, columns, ir.LevelName.FAIL
    )


def rows(where: ir.Expr | None = None) -> ir.Aggregate:
    return ir.Aggregate(ir.Aggregation.ROWS, (), BIGINT, where)


def aggregate(
    function: ir.Aggregation, *args: ir.Expr, type_: Type = BIGINT, where: ir.Expr | None = None
) -> ir.Aggregate:
    return ir.Aggregate(function, args, type_, where)


def required(column: ir.Column) -> ir.RowCheck:
    return ir.RowCheck(
        head(f"{column.name}.required", "required", column.name), call("is_null", column), None, None
    )


def unique(
    *keys: ir.Column, scope: ir.Expr | None = None, at_least: Fraction | None = None
) -> ir.UniqueCheck:
    names = tuple(key.name for key in keys)
    return ir.UniqueCheck(head(f"{'_'.join(names)}.unique", "unique", *names), keys, scope, at_least)


def breaks(name: str, predicate: ir.Expr, *columns: str, at_least: Fraction | None = None) -> ir.RowCheck:
    return ir.RowCheck(head(name, "rule", *columns), predicate, None, at_least)


def metric(
    name: str,
    value: ir.Metric,
    op: str = ">=",
    low: object = 0,
    by: tuple[ir.Column, ...] = (),
    unit: ir.Unit = ir.Unit.NUMBER,
) -> ir.MetricCheck:
    bound = ir.Bound(op, ir.Constant(low), None, ir.LevelName.FAIL)  # type: ignore[arg-type]
    return ir.MetricCheck(head(name), value, unit, (bound,), by, ir.Egress.OPEN, None)


def contract(
    *checks: ir.Check,
    columns: tuple[ir.Column, ...] = COLUMNS,
    filter_: ir.Expr | None = None,
    table: tuple[str, ...] = ("orders",),
    params: tuple[ir.Param, ...] = (),
    keep: int = 100,
    shown: tuple[str, ...] | None = None,
) -> ir.Contract:
    return ir.Contract(
        name="shop.orders",
        version="1.0.0",
        prose="",
        file="orders.contract",
        source="warehouse",
        table=table,
        owners=(),
        tags=(),
        schedule=None,
        params=params,
        filter=filter_,
        schema_mode="open",
        schema=head("schema", "schema"),
        columns=tuple(
            ir.ColumnDecl(c.name, c.type, not c.nullable, False, c is ORDER_ID, "", place)
            for place, c in enumerate(columns, 1)
        ),
        keys=("order_id",) if ORDER_ID in columns else (),
        checks=checks,
        failed_rows=ir.FailedRows(keep, shown, None),
    )


def sample() -> ir.Contract:
    """One check of each kind."""
    in_list = call("in", STATUS, text("new"), text("paid"), text("shipped"))
    missing = aggregate(ir.Aggregation.COUNT_IF, call("is_null", EMAIL))
    paid = aggregate(ir.Aggregation.COUNT_IF, call("eq", STATUS, text("paid")))
    target = ir.Target(("customers",), ("id",))
    reference = ir.ReferenceCheck(
        head("customer_id.references", "references", "customer_id"), (CUSTOMER_ID,), target, None, None
    )
    mean = ir.MetricCall(
        "div",
        (aggregate(ir.Aggregation.SUM, AMOUNT, type_=AMOUNT.type), aggregate(ir.Aggregation.COUNT, AMOUNT)),
    )
    return contract(
        required(ORDER_ID),
        unique(ORDER_ID),
        required(STATUS),
        breaks("status.in", call("not", in_list), "status"),
        breaks("amount.range", call("not", call("between", AMOUNT, whole(0), whole(100000))), "amount"),
        breaks(
            "email.format",
            call("not", ir.Matches(EMAIL, "^[^@\\s]+@[^@\\s]+$", BOOLEAN, True)),
            "email",
            at_least=Fraction(99, 100),
        ),
        reference,
        unique(CUSTOMER_ID, PLACED_AT),
        metric("rows", rows(), unit=ir.Unit.COUNT),
        metric("missing", ir.MetricCall("div", (missing, rows())), "<", Fraction(1, 100), unit=ir.Unit.RATIO),
        metric("mean", mean),
        metric("paid_share", ir.MetricCall("div", (paid, rows())), unit=ir.Unit.RATIO),
        metric("by_country", aggregate(ir.Aggregation.SUM, AMOUNT, type_=AMOUNT.type), by=(COUNTRY,)),
        metric("dups_by_country", aggregate(ir.Aggregation.DUPLICATES, CUSTOMER_ID), "=", 0, by=(COUNTRY,)),
        filter_=call("ge", PLACED_AT, ir.Bind("since", TIMESTAMPTZ)),
        params=(
            ir.Param(
                "since",
                TIMESTAMPTZ,
                call(
                    "shift",
                    ir.Bind("today", TIMESTAMPTZ),
                    ir.Literal(ir.Duration(0, -7 * 86_400_000_000), TEXT),
                ),
            ),
        ),
    )
