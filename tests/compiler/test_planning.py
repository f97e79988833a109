"""Few scans, every number once, and rules that no empty table passes by accident."""

from __future__ import annotations

import time
from fractions import Fraction

import pytest

from assay.compiler import ir
from assay.compiler.diagnostics import Sink
from assay.compiler.dialects import DIALECTS
from assay.compiler.plan import Apply, Guard, Measure, MeasureRef, Plan, Scan, Verdict, measures_of
from assay.compiler.planning import explain_plan, plan
from assay.compiler.types import BIGINT, BOOLEAN, INTERVAL, TEXT
from tests.compiler.build_ir import (
    AMOUNT,
    COUNTRY,
    CUSTOMER_ID,
    EMAIL,
    ORDER_ID,
    PLACED_AT,
    STATUS,
    aggregate,
    breaks,
    call,
    contract,
    head,
    metric,
    required,
    rows,
    sample,
    text,
    unique,
)

NEW = call("eq", STATUS, text("new"))


def planned(*checks: ir.Check, dialect: str = "duckdb", **options: object) -> Plan:
    return plan(contract(*checks, **options), DIALECTS[dialect], Sink())  # type: ignore[arg-type]


def functions(scan: Scan) -> list[str]:
    return [measure.aggregate.function.value for measure in scan.measures]


def verdict(found: Plan, id_: str) -> Verdict:
    return next(v for v in found.verdicts if v.head.id == f"orders.{id_}")


def measures(found: Plan) -> dict[str, Measure]:
    return {measure.name: measure for scan in found.scans for measure in scan.measures}


def test_checks_of_rows_share_one_scan() -> None:
    found = planned(
        required(ORDER_ID), required(STATUS), breaks("status.in", NEW, "status"), metric("rows", rows())
    )
    assert [functions(scan) for scan in found.scans] == [["rows", "count", "count", "count_if"]]


def test_an_equal_aggregate_is_one_measure() -> None:
    total = aggregate(ir.Aggregation.SUM, AMOUNT, type_=AMOUNT.type)
    found = planned(metric("one", total), metric("two", total), metric("three", rows()), required(EMAIL))
    assert [functions(scan) for scan in found.scans] == [["sum", "rows", "count"]]


def test_missing_is_all_rows_less_those_with_a_value() -> None:
    found = planned(required(EMAIL))
    value = verdict(found, "email.required").value
    names = measures(found)
    assert isinstance(value, Apply)
    assert value.op == "sub"
    assert [
        names[arg.name].aggregate.function.value for arg in value.args if isinstance(arg, MeasureRef)
    ] == [
        "rows",
        "count",
    ]


def test_a_tolerance_is_a_share_of_the_rows_in_scope() -> None:
    found = planned(breaks("status.in", NEW, "status", at_least=Fraction(99, 100)))
    judged = verdict(found, "status.in")
    assert judged.unit is ir.Unit.RATIO
    assert judged.bounds[0].op == ">="
    assert judged.bounds[0].low == ir.Constant(Fraction(99, 100))
    assert judged.failed is not None
    assert judged.value == Apply(
        "sub", (ir.Constant(1), Apply("div", (judged.failed, judged.tested or judged.failed)))
    )


def test_scope_and_filter_reach_every_number() -> None:
    check = ir.RowCheck(head("x"), call("is_null", EMAIL), NEW, None)
    found = planned(check, unique(CUSTOMER_ID, scope=NEW), filter_=call("is_not_null", PLACED_AT))
    assert all(measure.aggregate.where == NEW for measure in measures(found).values())
    assert all(scan.filter == call("is_not_null", PLACED_AT) for scan in found.scans)


def test_a_unique_column_is_counted_exactly_only_where_needed() -> None:
    found = planned(unique(ORDER_ID), dialect="postgres")
    assert [functions(scan) for scan in found.scans] == [["count", "rows"], ["distinct"], ["duplicates"]]
    guard = found.scans[2].guard
    assert guard is not None
    assert guard.formula == Apply("sub", (MeasureRef("m1"), MeasureRef("m2")))
    assert guard.otherwise == 0


def test_a_unique_column_of_duckdb_is_proven_by_its_order_or_else_counted() -> None:
    found = planned(unique(EMAIL), dialect="duckdb")
    assert [(functions(scan), scan.form) for scan in found.scans] == [
        (["rows"], "exact"),
        (["duplicates"], "ascending"),
        (["duplicates"], "exact"),
    ]
    assert found.scans[2].guard == Guard(MeasureRef(found.scans[1].measures[0].name))


def test_a_whole_number_of_duckdb_is_marked_before_it_is_counted() -> None:
    found = planned(unique(ORDER_ID), dialect="duckdb")
    assert [(functions(scan), scan.form) for scan in found.scans] == [
        (["count", "rows"], "exact"),
        (["duplicates"], "ascending"),
        (["duplicates"], "marked"),
        (["duplicates"], "exact"),
    ]
    present, steps, marks = (scan.measures[0].name for scan in found.scans[:3])
    assert found.scans[2].guard == Guard(MeasureRef(steps))
    assert found.scans[3].guard == Guard(
        Apply("mul", (MeasureRef(steps), Apply("sub", (MeasureRef(present), MeasureRef(marks)))))
    )


def test_a_composite_key_is_counted_at_once() -> None:
    found = planned(unique(CUSTOMER_ID, PLACED_AT))
    assert [functions(scan) for scan in found.scans] == [["rows"], ["duplicates"]]
    assert found.scans[1].guard is None


def test_postgres_keeps_distinct_values_out_of_the_parallel_scan() -> None:
    found = planned(unique(ORDER_ID), unique(CUSTOMER_ID), required(EMAIL), dialect="postgres")
    assert [functions(scan) for scan in found.scans] == [
        ["count", "rows", "count", "count"],
        ["distinct", "distinct"],
        ["duplicates"],
        ["duplicates"],
    ]


def test_a_guard_comes_after_what_it_reads() -> None:
    for dialect in DIALECTS:
        found = plan(sample(), DIALECTS[dialect], Sink())
        known: set[str] = set()
        for scan in found.scans:
            if scan.guard is not None:
                read = measures_of(scan.guard.formula)
                assert read
                assert known.issuperset(read)
            known |= {measure.name for measure in scan.measures}


def test_one_grouped_scan_for_each_set_of_keys() -> None:
    total = aggregate(ir.Aggregation.SUM, AMOUNT, type_=AMOUNT.type)
    found = planned(
        metric("a", total, by=(COUNTRY,)),
        metric("b", rows(), by=(COUNTRY,)),
        metric("c", total, by=(COUNTRY, STATUS)),
    )
    assert [(functions(scan), len(scan.by)) for scan in found.scans] == [(["sum", "rows"], 1), (["sum"], 2)]
    assert verdict(found, "a").scan == verdict(found, "b").scan == "s1"
    assert verdict(found, "c").scan == "s2"


def test_duplicates_of_groups_stand_with_what_they_are_divided_by() -> None:
    share = ir.MetricCall("div", (aggregate(ir.Aggregation.DUPLICATES, CUSTOMER_ID), rows()))
    found = planned(metric("dups", share, by=(COUNTRY,)), metric("rows", rows(), by=(COUNTRY,)))
    assert [functions(scan) for scan in found.scans] == [["rows"], ["duplicates", "rows"]]


def test_a_select_list_is_cut_at_the_dialects_limit() -> None:
    checks = [breaks(f"r{n}", call("eq", STATUS, text(str(n))), "status") for n in range(1200)]
    for name, dialect in DIALECTS.items():
        found = planned(*checks, dialect=name)
        limit = dialect.strategies.select_list
        *full, last = [len(scan.measures) for scan in found.scans]
        assert set(full) == {limit}
        assert 0 < last <= limit
        assert len(measures(found)) == 1201


def test_a_grouped_check_has_all_its_numbers_in_one_scan() -> None:
    checks = [
        metric(
            f"r{n}",
            ir.MetricCall(
                "div",
                (
                    aggregate(ir.Aggregation.COUNT_IF, call("eq", STATUS, text(str(n)))),
                    aggregate(ir.Aggregation.COUNT_IF, call("ne", STATUS, text(str(n)))),
                ),
            ),
            by=(COUNTRY,),
        )
        for n in range(400)
    ]
    found = planned(*checks)
    home = {measure.name: scan.id for scan in found.scans for measure in scan.measures}
    assert 1 < len(found.scans) < 10
    for judged in found.verdicts:
        assert isinstance(judged.value, Apply)
        assert {home[arg.name] for arg in judged.value.args if isinstance(arg, MeasureRef)} == {judged.scan}


def test_durations_are_seconds_in_formulas() -> None:
    waited = ir.Call("elapsed", (PLACED_AT, PLACED_AT), INTERVAL, True)
    found = planned(metric("wait", aggregate(ir.Aggregation.MAX, waited, type_=INTERVAL)))
    assert verdict(found, "wait").value == Apply("div", (MeasureRef("m1"), ir.Constant(10**6)))


def test_failed_rows_show_keys_and_the_checks_columns_once() -> None:
    found = planned(required(ORDER_ID), breaks("status.in", NEW, "status", "order_id"))
    assert [capture.columns for capture in found.captures] == [("order_id",), ("order_id", "status")]
    assert planned(required(ORDER_ID), keep=0).captures == ()
    chosen = planned(required(ORDER_ID), shown=("email", "email"))
    assert chosen.captures[0].columns == ("email",)


def test_a_metric_that_counts_bad_rows_shows_them() -> None:
    missing = aggregate(ir.Aggregation.COUNT_IF, call("is_null", EMAIL))
    blamed = ir.RowCheck(head("missing"), call("is_null", EMAIL), None, None)
    bound = ir.Bound("=", ir.Constant(0), None, ir.LevelName.WARN)
    check = ir.MetricCheck(head("missing"), missing, ir.Unit.COUNT, (bound,), (), ir.Egress.OPEN, blamed)
    found = planned(check)
    assert [functions(scan) for scan in found.scans] == [["rows", "count"]]
    judged = verdict(found, "missing")
    assert judged.failed == judged.value
    assert judged.tested == MeasureRef("m1")
    assert [capture.check for capture in found.captures] == ["orders.missing"]


def test_planning_is_linear() -> None:
    def seconds(count: int) -> float:
        checks = [breaks(f"r{n}", call("eq", STATUS, text(str(n))), "status") for n in range(count)]
        whole = contract(*checks)
        start = time.process_time()
        plan(whole, DIALECTS["duckdb"], Sink())
        return time.process_time() - start

    small = min(seconds(500) for _ in range(3))
    assert seconds(5000) < max(40 * small, 0.5)


@pytest.mark.parametrize("dialect", list(DIALECTS))
def test_a_plan_can_be_explained(dialect: str) -> None:
    text_ = explain_plan(plan(sample(), DIALECTS[dialect], Sink()))
    guarded = 2 if dialect == "duckdb" else 1
    assert f"over orders, {guarded} more on demand" in text_
    assert "orders.order_id.unique" in text_
    assert "in customers: a pass over both tables" in text_
    assert "for each group of country" in text_


def test_planning_is_repeatable() -> None:
    assert plan(sample(), DIALECTS["duckdb"], Sink()) == plan(sample(), DIALECTS["duckdb"], Sink())


def test_a_literal_in_a_predicate_is_no_column() -> None:
    predicate = call("in", STATUS, ir.Literal(None, TEXT), ir.Literal(True, BOOLEAN), ir.Literal(1, BIGINT))
    assert "one pass that reads status" in explain_plan(planned(breaks("odd", predicate)))
