"""The short way of judging groups gives what the plain judge gives, group by group and in sum."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Literal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from assay.protocol.bundle import Apply, BindRef, BoundSpec, CheckSpec, Const, Formula, MeasureSpec
from assay.protocol.report import Outcome
from assay.runner.engines.port import Cell
from assay.runner.groups import Groups
from assay.runner.judge import RANK, judge
from assay.runner.quick import GroupJudge, UnsureError, compiled
from assay.runner.values import Value, ValueFault, value_of
from tests.runner.builders import check, fails, m, number, ratio, warns

BINDS = {"now": datetime(2024, 1, 2, tzinfo=UTC), "least": 3}
TOTAL: dict[str, Value | ValueFault] = {"total": Fraction(7)}
"""A measure of the whole dataset."""

numbers = st.sampled_from(("0", "1", "2", "-3", "0.1", "2.50", "1/3", "100000000000000000000", "1e-3"))
wholes = st.one_of(st.integers(-4, 4), st.integers(), st.sampled_from((10**400, -(10**400), 2**63)))
cells: st.SearchStrategy[Cell] = st.one_of(
    st.none(),
    wholes,
    st.decimals(),
    st.decimals(-5, 5, places=2),
    st.floats(),
    st.floats(-3, 3),
    st.sampled_from((0.1 + 0.2, 0.3, 2.4999999999999996, True, "x", date(2024, 1, 1), datetime(2024, 1, 1))),
)
kinds = st.sampled_from(("count", "integer", "decimal", "double", "micros", "text", "date"))
terms: st.SearchStrategy[Formula] = st.recursive(
    st.one_of(
        st.sampled_from((m("a"), m("b"), m("total"), BindRef("least"), BindRef("now_micros"))),
        numbers.map(number),
        st.just(Const("null", "")),
    ),
    lambda inner: st.builds(
        lambda op, one, other: Apply(op, (one, other)),
        st.sampled_from(("add", "sub", "mul", "div", "ratio", "coalesce", "least")),
        inner,
        inner,
    ),
    max_leaves=4,
)
limits: st.SearchStrategy[Formula] = st.one_of(
    numbers.map(number), st.sampled_from((m("total"), Const("date", "2024-01-01"), m("b")))
)


levels: st.SearchStrategy[Literal["warn", "fail"]] = st.sampled_from(("warn", "fail"))
ops: st.SearchStrategy[Literal["=", "<>", "<", "<=", ">", ">="]] = st.sampled_from(
    ("=", "<>", "<", "<=", ">", ">=")
)


@st.composite
def bounds(draw: st.DrawFn) -> BoundSpec:
    level = draw(levels)
    low, high = draw(limits), draw(limits)
    if draw(st.booleans()):
        return BoundSpec("between", low, level, high)
    return BoundSpec(draw(ops), low, level)


checks = st.builds(
    lambda value, sides, failed, tested: check("c", value, *sides, failed=failed, tested=tested),
    st.one_of(st.sampled_from((m("a"), ratio(m("a"), m("b")), Apply("div", (m("a"), m("b"))))), terms),
    st.lists(bounds(), min_size=1, max_size=3),
    st.one_of(st.none(), terms),
    st.one_of(st.none(), terms),
)
TENTH = ratio(m("a"), m("b"))


@given(checks, kinds, kinds, st.lists(st.tuples(cells, cells), min_size=1, max_size=30))
@example(
    check("c", TENTH, fails("<", "0.1")), "count", "count", [(1, 10), (0, 0), (-1, -10), (None, 0), (1, 11)]
)
@example(check("c", TENTH, fails("=", "1/3")), "decimal", "decimal", [(Decimal("0.1"), Decimal("0.3"))])
@example(check("c", TENTH, fails("=", "1")), "integer", "integer", [(None, Decimal("NaN"))])
@example(check("c", m("a"), fails("=", "0.3")), "double", "double", [(0.1 + 0.2, None), (float("nan"), 1)])
@example(check("c", m("a"), fails("<=", "1")), "integer", "count", [(10**400, 1), (-(10**400), 1)])
@example(check("c", m("a"), fails("=", "1/3")), "decimal", "count", [(Decimal("0." + "3" * 40), 1)])
@example(
    check("c", m("a"), warns("<", "2"), fails("<", "4"), failed=m("b")), "count", "count", [(3, -2), (5, 2)]
)
def test_it_is_the_plain_verdict(
    spec: CheckSpec, kind: str, other: str, rows: list[tuple[Cell, Cell]]
) -> None:
    measures = [MeasureSpec("a", "", kind), MeasureSpec("b", "", other)]
    quick = compiled(spec, {"a": (1, kind), "b": (2, other)}, TOTAL, BINDS)
    plain = Groups(spec, BINDS)
    streamed = GroupJudge(spec, BINDS, 1, measures, TOTAL)
    for place, (a, b) in enumerate(rows):
        values = {**TOTAL, "a": value_of(a, kind), "b": value_of(b, other)}
        wanted = judge(spec, values, BINDS)
        row = (place % 13, a, b)
        plain.add(lambda row=row: (str(row[0]),), values)  # type: ignore[misc]
        streamed.add([row])
        if quick is None:
            continue
        try:
            found = quick(row)
        except UnsureError:
            continue
        assert found == (RANK[wanted.outcome], wanted.failed, wanted.tested, wanted.distance)
    assert streamed.groups.judged() == plain.judged()
    assert streamed.groups.worst() == plain.worst()
    assert (streamed.groups.seen, streamed.groups.broken) == (plain.seen, plain.broken)


@pytest.mark.parametrize(
    ("spec", "row"),
    [
        (check("c", m("a"), fails("<", "10")), (0, 5, 1)),
        (check("c", m("a"), fails("between", "0.5", "10")), (0, Decimal("5.5"), 1)),
        (check("c", ratio(m("a"), m("b")), fails("<", "0.01"), failed=m("a"), tested=m("b")), (0, 0, 9)),
        (check("c", ratio(Apply("sub", (m("b"), m("a"))), m("b")), fails(">", "0.5")), (0, 1, 9)),
        (check("c", Apply("coalesce", (m("a"), number("0"))), fails("<", "10")), (0, None, 1)),
    ],
)
def test_usual_checks_have_a_short_way(spec: CheckSpec, row: tuple[Cell, ...]) -> None:
    quick = compiled(spec, {"a": (1, "decimal"), "b": (2, "count")}, TOTAL, BINDS)
    assert quick is not None
    assert quick(row)[0] == RANK[Outcome.PASSED]
