"""Rules over numbers, without a database."""

from __future__ import annotations

from datetime import UTC, date, datetime
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.protocol.bundle import Apply, BindRef, BoundSpec, Const, Formula, GuardSpec
from assay.protocol.report import Outcome, Reason
from assay.runner.formulas import compare
from assay.runner.groups import WORST, Groups
from assay.runner.judge import Judged, MissingMeasureError, judge, passes_guard
from assay.runner.values import Value, ValueFault, from_cell, shown
from tests.runner.builders import check, fails, m, number, ratio, warns


def judged(value: Formula, *bounds: BoundSpec, **values: Value | ValueFault) -> Judged:
    return judge(check("c", value, *bounds), values, {"now": datetime(2024, 1, 2, tzinfo=UTC)})


def test_numbers_are_exact() -> None:
    """A tenth three times is three tenths, and no cent is lost in sixteen digits."""
    tenth = Fraction("0.1")
    assert (
        judged(Apply("add", (m("a"), Apply("add", (m("a"), m("a"))))), fails("=", "0.3"), a=tenth).outcome
        == "passed"
    )
    big = Fraction("12345678901234567.89")
    assert (
        judged(Apply("sub", (m("a"), number("0.01"))), fails("=", "12345678901234567.88"), a=big).outcome
        == "passed"
    )
    assert judged(ratio(m("a"), m("b")), fails(">=", "1/3"), a=Fraction(1), b=Fraction(3)).outcome == "passed"


def test_doubles_are_compared_as_they_are_shown() -> None:
    noisy = 19.999999999999996
    assert judged(m("a"), fails(">=", "20"), a=noisy).outcome is Outcome.PASSED
    assert shown(noisy, "number") == "20"
    assert judged(m("a"), fails("=", "0.1"), a=0.1).outcome is Outcome.PASSED
    assert judged(m("a"), fails(">=", "20"), a=19.9999).outcome is Outcome.FAILED


def test_a_null_aggregate_is_not_zero() -> None:
    """An empty table must not pass `sum(amount) <= 10` in silence."""
    result = judged(m("a"), fails("<=", "10"), a=None)
    assert (result.outcome, result.reason) == (Outcome.NOT_EVALUATED, Reason.NULL_VALUE)


def test_a_ratio_over_no_rows_is_not_evaluated() -> None:
    result = judged(ratio(m("a"), m("b")), fails("<", "0.01"), a=Fraction(0), b=Fraction(0))
    assert (result.outcome, result.reason) == (Outcome.NOT_EVALUATED, Reason.NO_ROWS)


def test_no_rows_is_the_reason_where_none_were_tested() -> None:
    spec = check("c", m("a"), fails(">", "0"), tested=m("n"))
    result = judge(spec, {"a": None, "n": Fraction(0)}, {})
    assert (result.outcome, result.reason, result.tested) == (Outcome.NOT_EVALUATED, Reason.NO_ROWS, 0)


def test_division_by_zero_is_an_error_of_the_check() -> None:
    for zero in (Fraction(0), 0.0):
        result = judged(Apply("div", (m("a"), m("b"))), fails(">", "0"), a=Fraction(1), b=zero)
        assert (result.outcome, result.reason) == (Outcome.ERROR, Reason.DIVISION_BY_ZERO)


def test_null_in_null_out_but_for_coalesce() -> None:
    for op in ("add", "sub", "mul", "div", "ratio", "least", "greatest"):
        assert judged(Apply(op, (m("a"), m("b"))), fails(">", "0"), a=None, b=Fraction(1)).value is None
        assert judged(Apply(op, (m("b"), m("a"))), fails(">", "0"), a=None, b=Fraction(1)).value is None
    assert judged(Apply("coalesce", (m("a"), number("5"))), fails("=", "5"), a=None).outcome is Outcome.PASSED


def test_what_is_not_finite_is_an_error() -> None:
    for cell in (float("nan"), float("inf"), float("-inf")):
        with pytest.raises(ValueFault) as caught:
            from_cell(cell, "double")
        assert judged(m("a"), fails("<", "1"), a=caught.value).reason is Reason.NOT_FINITE
    overflow = Apply("mul", (m("a"), m("a")))
    assert judged(overflow, fails("<", "1"), a=1e300).outcome is Outcome.ERROR


def test_all_bounds_are_judged_and_the_worst_counts() -> None:
    bounds = (warns("<", "1"), fails("<", "5"))
    assert judged(m("a"), *bounds, a=Fraction(0)).outcome is Outcome.PASSED
    assert judged(m("a"), *bounds, a=Fraction(3)).outcome is Outcome.WARNED
    assert judged(m("a"), *bounds, a=Fraction(9)).outcome is Outcome.FAILED
    assert judged(m("a"), *reversed(bounds), a=Fraction(9)).outcome is Outcome.FAILED


def test_a_bound_without_value_is_not_a_pass() -> None:
    result = judged(m("a"), fails(">=", m("b")), a=Fraction(1), b=None)
    assert result.outcome is Outcome.NOT_EVALUATED
    both = judged(m("a"), fails(">=", m("b")), fails("<", "0"), a=Fraction(1), b=None)
    assert both.outcome is Outcome.FAILED
    between = BoundSpec("between", number("5"), "fail", m("b"))
    assert judged(m("a"), between, a=Fraction(1), b=None).outcome is Outcome.FAILED
    assert judged(m("a"), between, a=Fraction(6), b=None).outcome is Outcome.NOT_EVALUATED


@pytest.mark.parametrize(
    ("op", "left", "right", "holds"),
    [
        ("<", date(2024, 1, 1), datetime(2024, 1, 1, 0, 0, 1), True),
        ("=", datetime(2024, 1, 1, tzinfo=UTC), datetime(2024, 1, 1), True),
        (">=", "b", "a", True),
        ("<>", True, False, True),
        ("between", 1, 2, None),
        ("<", "10", Fraction(9), None),
        ("<", True, Fraction(1), None),
    ],
)
def test_values_of_other_kinds(op: str, left: Value, right: Value, holds: bool | None) -> None:
    if holds is None:
        with pytest.raises(ValueFault):
            compare(op, left, right)
    else:
        assert compare(op, left, right) is holds


def test_freshness_is_now_less_the_newest_instant() -> None:
    newest = from_cell(1_704_067_200_000_000, "micros")  # 2024-01-01
    result = judged(
        Apply("div", (Apply("sub", (BindRef("now_micros"), m("a"))), number("1000000"))),
        BoundSpec("<=", Const("seconds", "86400"), "fail"),
        a=newest,
    )
    assert (result.outcome, result.value) == (Outcome.PASSED, Fraction(86400))


def test_an_error_of_a_measure_is_the_check_s_own() -> None:
    fault = MissingMeasureError(Reason.DATA_ERROR, "22P02")
    result = judged(m("a"), fails(">", "0"), a=fault)
    assert (result.outcome, result.reason, result.code) == (Outcome.ERROR, Reason.DATA_ERROR, "22P02")
    assert judged(m("b"), fails(">", "0"), a=fault, b=Fraction(1)).outcome is Outcome.PASSED


def test_a_guard_of_zero_or_null_saves_the_scan() -> None:
    guard = GuardSpec(m("a"))
    assert passes_guard(guard, {"a": Fraction(2)}, {})
    assert not passes_guard(guard, {"a": Fraction(0)}, {})
    assert not passes_guard(guard, {"a": None}, {})


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (Fraction("12.50"), "number", "12.5"),
        (Fraction(1, 3), "ratio", "0.333333333333"),
        (Fraction(2, 3), "number", "0.666666666667"),
        (Fraction(1), "ratio", "1"),
        (Fraction(-7), "count", "-7"),
        (Fraction("-0.005"), "number", "-0.005"),
        (0.1 + 0.2, "number", "0.3"),
        (-0.0, "number", "0"),
        (1e300, "number", "1E+300"),
        (1e15, "number", "1000000000000000"),
        (True, "boolean", "true"),
        (date(2024, 2, 29), "date", "2024-02-29"),
        (datetime(2024, 2, 29, 10, tzinfo=UTC), "timestamp", "2024-02-29T10:00:00Z"),
        ("a cell", "text", None),
        (None, "number", None),
    ],
)
def test_values_as_a_report_writes_them(value: Value, unit: str, text: str | None) -> None:
    assert shown(value, unit) == text


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**20), max_value=10**20, places=6))
def test_exact_values_read_back(value: object) -> None:
    exact = Fraction(str(value))
    text = shown(exact, "number")
    assert text is not None
    assert Fraction(text) == exact


# -- groups


def grouped(values: list[Value]) -> Groups:
    groups = Groups(check("c", m("a"), fails(">=", "10"), warns(">=", "20"), failed=m("a")), {})
    for key, value in enumerate(values):
        groups.add(lambda key=key: (f"k{key:04d}",), {"a": value})  # type: ignore[misc]
    return groups


def test_the_worst_group_is_the_outcome() -> None:
    assert grouped([Fraction(30), Fraction(15)]).judged().outcome is Outcome.WARNED
    groups = grouped([Fraction(30), Fraction(15), Fraction(5), None])
    assert (groups.judged().outcome, groups.seen, groups.broken) == (Outcome.FAILED, 4, 2)
    assert grouped([Fraction(30), None]).judged().outcome is Outcome.NOT_EVALUATED


def test_no_group_at_all_is_not_evaluated() -> None:
    result = grouped([]).judged()
    assert (result.outcome, result.reason) == (Outcome.NOT_EVALUATED, Reason.NO_ROWS)


@given(st.permutations(range(40)))
def test_the_same_groups_are_kept_in_whatever_order_they_come(order: list[int]) -> None:
    groups = Groups(check("c", m("a"), fails(">=", "10")), {})
    for key in order:
        groups.add(lambda key=key: (f"k{key:02d}",), {"a": Fraction(9 - key % 3)})  # type: ignore[misc]
    worst = groups.worst()
    assert len(worst) == WORST
    assert [group.keys[0] for group in worst] == [f"k{key:02d}" for key in range(2, 32, 3)]
