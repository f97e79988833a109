"""The reference judge against answers that were worked out by hand."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction

import pytest

from assay.compiler import ir, types
from assay.compiler.functions import TABLE
from assay.compiler.pipeline import compile_contract
from assay.compiler.types import Type
from assay.protocol.report import Outcome, Reason
from tests.support.reference import Judged, RowError, Table, judge
from tests.support.reference.casts import cast
from tests.support.reference.functions import KNOWN
from tests.support.reference.moments import shift, truncated
from tests.support.reference.rows import compiled
from tests.support.reference.texts import like, substring
from tests.support.reference.values import equal, less, rounded

NOW = datetime(2024, 6, 1, 12, tzinfo=UTC)
COLUMNS = (("id", types.INT), ("n", types.INT), ("f", types.DOUBLE), ("t", types.TEXT), ("day", types.DATE))
DECLARED = "  column id int\n  column n int\n  column f double\n  column t text\n  column day date\n"
ROWS: tuple[Mapping[str, object], ...] = (
    {"id": 1, "n": 10, "f": 1.5, "t": "a", "day": date(2024, 5, 31)},
    {"id": 2, "n": None, "f": None, "t": "", "day": None},
    {"id": 3, "n": -5, "f": 2.5, "t": "n/a", "day": date(2024, 6, 1)},
    {"id": 3, "n": 0, "f": 0.5, "t": None, "day": None},
)
OTHERS = (("key", types.INT),)


def judged(
    *statements: str,
    declared: str = DECLARED,
    rows: tuple[Mapping[str, object], ...] = ROWS,
    others: tuple[int | None, ...] = (),
    params: Mapping[str, str] | None = None,
) -> list[Judged]:
    """What is said of the statements, in their order, over one table; columns are declared as in `declared`."""
    body = "\n".join(f"  {line}" for line in statements)
    text = f"contract test.things version 1.0.0 {{\n  dataset s.public.things\n{declared}{body}\n}}\n"
    made = compile_contract("t.contract", {"t.contract": text}.get, ())
    assert made.contract is not None, made.diagnostics
    tables: dict[tuple[str, ...], Table] = {
        ("public", "things"): Table(COLUMNS, rows),
        ("public", "others"): Table(OTHERS, tuple({"key": key} for key in others)),
    }
    found = judge(made.contract, tables, NOW, params or {})
    return [one for name, one in found.items() if name != "things.schema"]


def one(statement: str, **options: object) -> Judged:
    return judged(statement, **options)[0]  # type: ignore[arg-type]


def test_a_rule_blames_what_is_false_and_passes_what_is_unknown() -> None:
    found = one("rule r: n > 0")
    assert (found.outcome, found.failed, found.tested) == (Outcome.FAILED, 2, 4)
    assert found.rows == frozenset({2, 3})


def test_when_chooses_the_rows_for_which_it_is_true() -> None:
    found = one("rule r: when n <= 0 then t = 'x' else warn")
    assert (found.outcome, found.failed, found.tested, found.rows) == (Outcome.WARNED, 1, 2, frozenset({2}))


def test_a_share_of_no_rows_is_no_number() -> None:
    found = one("rule r: when n > 99 then t = 'x' for at least 50%")
    assert (found.outcome, found.reason, found.value) == (Outcome.NOT_EVALUATED, Reason.NO_ROWS, None)


@pytest.mark.parametrize(("share", "outcome"), [("66.6%", Outcome.PASSED), ("66.67%", Outcome.FAILED)])
def test_shares_are_exact(share: str, outcome: Outcome) -> None:
    found = one(f"rule r: when n is not null then n >= 0 for at least {share}")
    assert (found.outcome, found.value) == (outcome, Fraction(2, 3))


def test_required_and_unique_know_missing_values() -> None:
    declared = DECLARED.replace("column t text", "column t text missing ('', 'n/a') required unique")
    required, unique = judged(declared=declared)
    assert (required.failed, required.rows) == (3, frozenset({1, 2, 3}))
    assert (unique.outcome, unique.failed, unique.tested) == (Outcome.PASSED, 0, 4)


def test_every_row_of_a_repeated_key_breaks_unique() -> None:
    found = one("", declared=DECLARED.replace("column id int", "column id int unique"))
    assert (found.failed, found.rows) == (2, frozenset({2, 3}))


def test_a_key_with_a_missing_part_is_not_compared() -> None:
    assert one("unique (id, n)").failed == 0
    same = ({**ROWS[3], "n": None}, {**ROWS[3], "n": None})
    assert one("unique (id, n)", rows=same).failed == 0


def test_a_reference_is_not_counted_twice_for_a_repeated_target() -> None:
    found = one("references (id) to s.public.others (key)", others=(3, 3, None, 7))
    assert (found.failed, found.tested, found.rows) == (2, 4, frozenset({0, 1}))


def test_the_filter_lets_through_what_is_true() -> None:
    found = judged("filter n >= 0", "check rows = 2", "check sum(n) = 10")
    assert [f.value for f in found] == [2, 10]


def test_aggregates_pass_over_null() -> None:
    found = judged(
        "check sum(n) = 5",
        "check avg(n) = 1",
        "check min(n) < 0",
        "check count(n) = 3",
        "check max(t) = 'n/a'",
    )
    assert [f.value for f in found] == [5, Fraction(5, 3), -5, 3, "n/a"]
    assert [f.outcome.value for f in found] == ["passed", "failed", "passed", "passed", "passed"]


def test_spread_and_percentiles() -> None:
    found = judged(
        "check variance(f) = 1",
        "check stddev(f) = 1",
        "check median(n) = 0",
        "check percentile(n, 0.75) = 5",
        "check percentile(day, 0.5) = date '2024-05-31'",
        "check correlation(n, f) > 0",
        "check variance(f) = 1 where id = 1 as alone",
    )
    assert [f.value for f in found[:5]] == [1.0, 1.0, 0.0, 5.0, date(2024, 5, 31)]
    # n 10, -5, 0 and f 1.5, 2.5, 0.5: the products of the distances add up to -5, and 350/3 * 2 under the root.
    assert found[5].value == pytest.approx(-5 / math.sqrt(350 / 3 * 2))
    assert (found[6].outcome, found[6].reason) == (Outcome.NOT_EVALUATED, Reason.NULL_VALUE)


def test_no_rows_counts_0_and_all_else_is_not_evaluated() -> None:
    found = judged(
        *("check rows = 0", "check missing(n) = 0", "check sum(n) >= 0", "check missing(n) < 1% as share"),
        rows=(),
    )
    assert [f.outcome.value for f in found] == ["passed", "passed", "not_evaluated", "not_evaluated"]
    assert [f.reason.value for f in found[2:]] == ["null_value", "no_rows"]


def test_the_worst_level_that_is_broken_is_the_outcome() -> None:
    warned, failed = judged(
        "check missing(n) < 10% else warn, < 50% else fail",
        "check missing(day) < 10% else warn, < 50% else fail",
    )
    assert (warned.outcome, warned.value) == (Outcome.WARNED, Fraction(1, 4))
    assert (failed.outcome, failed.value) == (Outcome.FAILED, Fraction(1, 2))


def test_groups_are_judged_one_by_one() -> None:
    found = one("check sum(n) > 0 by id")
    assert (found.outcome, found.groups, found.failed_groups) == (Outcome.FAILED, 3, 1)
    unknown = one("check sum(n) > -9 by id")
    assert (unknown.outcome, unknown.reason) == (Outcome.NOT_EVALUATED, Reason.NULL_VALUE)


def test_freshness_takes_a_date_as_its_first_instant() -> None:
    assert one("check freshness(day) < 1 day").value == 12 * 3600


def test_a_division_by_zero_is_an_error_of_its_check_alone() -> None:
    broken, guarded, whole = judged(
        "check avg(1 / n) > 0", "check avg(1 / n) > 0 where n > 0 as guarded", "check sum(n) > 0"
    )
    assert (broken.outcome, broken.reason) == (Outcome.ERROR, Reason.DIVISION_BY_ZERO)
    assert (guarded.value, whole.value) == (0.1, 5)


def test_a_ratio_by_a_number_that_is_zero_is_an_error_and_by_a_count_no_number() -> None:
    number, count = judged("check sum(n) / (sum(n) - 5) > 0", "check rows / count(n > 99) > 0 as share")
    assert (number.outcome, number.reason) == (Outcome.ERROR, Reason.DIVISION_BY_ZERO)
    assert (count.outcome, count.reason) == (Outcome.NOT_EVALUATED, Reason.NO_ROWS)


def test_a_sum_with_nan_is_not_finite() -> None:
    rows = ({**ROWS[0], "f": math.nan}, ROWS[2])
    found = judged("check sum(f) > 0", "check min(f) > 0", rows=rows)
    assert (found[0].outcome, found[0].reason) == (Outcome.ERROR, Reason.NOT_FINITE)
    assert found[1].value == 2.5


def test_missing_columns_and_tables_are_errors_of_what_reads_them() -> None:
    declared = DECLARED + "  column gone int\n"
    found = judged("rule r: gone > n", "check rows = 4", declared=declared)
    assert [(f.outcome.value, f.reason.value) for f in found] == [
        ("error", "missing_column"),
        ("passed", "within_bounds"),
    ]
    nowhere = one("references (id) to s.public.nowhere (key)")
    assert (nowhere.outcome, nowhere.reason) == (Outcome.ERROR, Reason.MISSING_TABLE)


def test_parameters_have_defaults_that_move_with_the_run() -> None:
    statements = ("param since date = today() - 1 day", "check max(day) > since")
    assert one("\n".join(statements)).outcome is Outcome.PASSED
    assert one("\n".join(statements), params={"since": "2024-06-01"}).outcome is Outcome.FAILED


def test_the_function_table_is_known() -> None:
    assert TABLE.keys() == KNOWN


def test_values() -> None:
    assert equal(math.nan, math.nan)
    assert less(math.inf, math.nan)
    assert equal(0.0, -0.0)
    assert equal(Fraction(1, 2), 0.5)
    assert less("Z", "a")
    assert rounded(Fraction(5, 2), 0) == 3
    assert rounded(Fraction(-5, 2), 0) == -3
    assert rounded(Fraction(125, 100), 1) == Fraction(13, 10)


@pytest.mark.parametrize(
    ("text", "type_", "value"),
    [
        (" 7 ", types.INT, 7),
        ("3.15", types.decimal(4, 1), Fraction(32, 10)),
        ("1e2", types.DOUBLE, 100.0),
        ("Yes", types.BOOLEAN, True),
        ("2024-02-29", types.DATE, date(2024, 2, 29)),
        ("2024-02-29T10:00+02:00", types.TIMESTAMPTZ, datetime(2024, 2, 29, 8, tzinfo=UTC)),
    ],
)
def test_casts_of_text(text: str, type_: Type, value: object) -> None:
    assert cast(text, types.TEXT, type_) == value


@pytest.mark.parametrize(
    ("text", "type_", "reason"),
    [
        ("seven", types.INT, Reason.DATA_ERROR),
        ("40000", types.SMALLINT, Reason.OVERFLOW),
        ("1000", types.decimal(4, 1), Reason.OVERFLOW),
        ("2023-02-29", types.DATE, Reason.DATA_ERROR),
        ("NaN", types.DOUBLE, Reason.DATA_ERROR),
    ],
)
def test_casts_that_do_not_fit(text: str, type_: Type, reason: Reason) -> None:
    with pytest.raises(RowError) as caught:
        cast(text, types.TEXT, type_)
    assert caught.value.reason is reason


def test_casts_to_text() -> None:
    assert cast(Fraction(Decimal("-2.50")), types.decimal(8, 3), types.TEXT) == "-2.500"
    assert cast(datetime(2024, 1, 2, 3, 4, 5, 600000), types.TIMESTAMP, types.TEXT) == "2024-01-02 03:04:05.6"
    assert cast("abc", types.TEXT, Type(types.Kind.VARCHAR, length=2)) == "ab"


def test_texts() -> None:
    assert like("100%", r"100\%")
    assert not like("1000", r"100\%")
    assert like("a\nb", "a_b")
    assert (substring("hello", 0, 3), substring("hello", 4, None), substring("hello", 2, 0)) == (
        "he",
        "lo",
        "",
    )


def test_patterns_end_where_the_text_ends() -> None:
    assert compiled("^abc$").search("abc")
    assert not compiled("^abc$").search("abc\n")
    assert not compiled(r"\d").search("٣")
    assert compiled("[$]").search("5$")


def test_moments() -> None:
    month = ir.Duration(1, 0)
    assert shift(date(2024, 1, 31), month, types.DATE) == date(2024, 2, 29)
    assert truncated("week", date(2024, 6, 1)) == date(2024, 5, 27)
    assert truncated("quarter", date(2024, 6, 1)) == date(2024, 4, 1)
