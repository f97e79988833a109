"""What statements mean: which rows break them, what metrics count, what is refused."""

from __future__ import annotations

import time
from fractions import Fraction

import pytest

from assay.compiler import ir
from assay.compiler.codes import Code, names, table, warnings
from assay.compiler.codes import meaning as meaning_codes
from assay.compiler.types import BIGINT, DOUBLE, decimal
from tests.support.contracts import codes, compiled, meaning, metric, row, say, tell, the, whole
from tests.support.diagnose import diagnose

MINE: tuple[Code, ...] = (*names.CODES, *meaning_codes.CODES, *warnings.CODES)


@pytest.mark.parametrize("code", MINE, ids=lambda c: c.code)
def test_every_code_has_an_example_that_shows_it_alone_and_a_fix_without_fault(code: Code) -> None:
    assert code.cause
    assert code.message
    assert [d.code for d in diagnose(code.example, "example.contract")] == [code.code]
    assert diagnose(code.fix, "fix.contract") == ()


def test_every_code_that_is_reported_is_in_the_table() -> None:
    assert {c.code for c in MINE} <= set(table())


# ---------------------------------------------------------------- rows


def test_required_is_broken_by_null_and_by_listed_values() -> None:
    assert say(row("", "orders.id.required").breaking) == "is_null(id)"
    check = row("column x text missing ('-') required", "orders.x.required")
    assert say(check.breaking) == "or(is_null(x), in(x, '-'))"


def test_a_missing_pattern_counts_as_missing() -> None:
    check = row("column x text missing matches /^-+$/ required", "orders.x.required")
    assert say(check.breaking) == "or(is_null(x), matches(x, /^-+$/))"


def test_in_is_not_broken_by_missing_values() -> None:
    check = row("column x text missing ('-') in ('a', 'b')", "orders.x.in")
    assert say(check.breaking) == "and(not(in(x, '-')), not(in(x, 'a', 'b')))"


def test_not_in_is_broken_by_listed_values() -> None:
    assert say(row("column x int not in (1, 2)", "orders.x.not_in").breaking) == "in(x, 1, 2)"


def test_a_null_in_a_list_is_refused_whichever_way_the_list_is_read() -> None:
    assert codes("column x text in ('a', null)") == ["E333"]
    assert codes("column x text not in ('a', null)") == ["E333"]
    assert codes("column x text missing ('a', null)") == ["E333"]


@pytest.mark.parametrize(
    ("clause", "ident", "breaking"),
    [
        ("int between 1 and 5", "between", "not(between(x, 1, 5))"),
        ("int >= 1", "compare", "not(ge(x, 1))"),
        ("text matches /a/", "matches", "not(matches(x, /a/))"),
        ("text length <= 5", "length", "not(le(length(x), 5))"),
        ("text length between 2 and 5", "length", "not(between(length(x), 2, 5))"),
        ("timestamptz >= day", "compare", "not(ge(x, cast(day as timestamptz)))"),
    ],
)
def test_clauses(clause: str, ident: str, breaking: str) -> None:
    assert say(row(f"column x {clause}", f"orders.x.{ident}").breaking) == breaking


def test_unique_ignores_values_that_count_as_missing() -> None:
    check = the(meaning("column x text missing ('-') unique"), "orders.x.unique")
    assert isinstance(check, ir.UniqueCheck)
    assert [say(k) for k in check.keys] == ["case(not(in(x, '-')): x else -)"]


def test_a_composite_key_stays_several_expressions() -> None:
    check = the(meaning("unique (status, day)"), "orders.status+day.unique")
    assert isinstance(check, ir.UniqueCheck)
    assert [say(k) for k in check.keys] == ["status", "day"]


def test_references_name_the_table_of_the_same_source() -> None:
    body = "column c int references shop.public.customers.id where amount > 0 for at least 99.5% else warn"
    check = the(meaning(body), "orders.c.references")
    assert isinstance(check, ir.ReferenceCheck)
    assert check.target == ir.Target(("public", "customers"), ("id",))
    assert say(check.scope) == "gt(amount, 0)"
    assert check.at_least == Fraction(995, 1000)
    assert check.head.level is ir.LevelName.WARN


def test_a_rule_is_tested_where_its_condition_holds() -> None:
    check = row("rule r: when status = 'a' then amount > 0 where id > 5", "orders.r")
    assert say(check.scope) == "and(gt(id, 5), eq(status, 'a'))"
    assert say(check.breaking) == "not(gt(amount, 0))"


def test_lets_are_written_out_with_their_arguments() -> None:
    check = row("let near(x, y) = x - y < 5\nlet ok = near(amount, 3)\nrule r: ok", "orders.r")
    assert say(check.breaking) == "not(lt(sub(amount, 3), 5))"


def test_a_long_chain_of_conditions_is_one_call() -> None:
    chain = " and ".join(f"id <> {n}" for n in range(90))
    assert len(say(row(f"rule r: {chain}", "orders.r").breaking)) > 900


# ---------------------------------------------------------------- metrics


@pytest.mark.parametrize(
    ("check", "ident", "value"),
    [
        ("rows > 0", "rows", "rows()"),
        ("missing(email) = 0", "email.missing", "count_if(or(is_null(email), in(email, '', 'n/a')))"),
        ("sum(amount) > 1", "amount.sum", "sum(amount)"),
        ("avg(amount) > 1", "amount.avg", "div(sum(amount), count(amount))"),
        ("count(status = 'a') > 1", "status.count", "count_if(eq(status, 'a'))"),
        ("count(amount) > 1", "amount.count", "count(amount)"),
        ("median(amount) > 1", "amount.median", "percentile(amount)"),
        ("distinct(email) > 1", "email.distinct", "distinct(case(not(in(email, '', 'n/a')): email else -))"),
        ("duplicates(id, day) = 0", "id+day.duplicates", "duplicates(id, day)"),
        (
            "avg(length(email)) > 1",
            "email.avg",
            "div(sum(length(case(not(in(email, '', 'n/a')): email else -))), "
            "count(length(case(not(in(email, '', 'n/a')): email else -))))",
        ),
        (
            "freshness(placed_at) < 2 hours",
            "placed_at.freshness",
            "div(sub(:now_micros, newest(placed_at)), 1000000)",
        ),
    ],
)
def test_metrics(check: str, ident: str, value: str) -> None:
    assert tell(metric(f"check {check}", f"orders.{ident}").metric) == value


def test_conditions_see_the_cell_and_aggregates_the_value() -> None:
    body = "check sum(case when email = 'n/a' then 1 else 0 end) > 5"
    assert tell(metric(body, "orders.email.sum").metric) == "sum(case(eq(email, 'n/a'): 1 else 0))"


def test_where_restricts_every_aggregate() -> None:
    found = metric("check avg(amount) > 1 where status = 'a'", "orders.amount.avg").metric
    where = "where eq(status, 'a')"
    assert tell(found) == f"div(sum(amount {where}), count(amount {where}))"


def test_a_count_against_a_percentage_is_divided_by_the_rows_tested() -> None:
    check = metric("check missing(amount) < 1% where id > 5", "orders.amount.missing")
    assert tell(check.metric) == "div(count_if(is_null(amount) where gt(id, 5)), rows( where gt(id, 5)))"
    assert check.unit is ir.Unit.RATIO
    assert check.bounds[0].low == ir.Constant(Fraction(1, 100))


def test_violations_are_divided_by_the_rows_that_the_rule_tests() -> None:
    check = metric("rule r: when id > 5 then amount > 0\ncheck violations(r) < 1%", "orders.r.violations")
    assert tell(check.metric) == "div(count_if(not(gt(amount, 0)) where gt(id, 5)), rows( where gt(id, 5)))"


def test_missing_valid_and_invalid_make_up_all_rows() -> None:
    body = "column x int missing (-1) between 0 and 9 where id > 5\n"
    invalid = metric(body + "check invalid(x) = 0", "orders.x.invalid").metric
    broken = "and(gt(id, 5), not(in(x, -1)), not(between(x, 0, 9)))"
    assert tell(invalid) == f"count_if({broken})"
    valid = metric(body + "check valid(x) > 0", "orders.x.valid").metric
    assert tell(valid) == f"count_if(and(is_not_null(x), not(in(x, -1)), not(is_true({broken}))))"


def test_two_bounds_have_two_levels() -> None:
    check = metric("check missing(amount) < 1% else warn, < 5% else fail", "orders.amount.missing")
    assert [(b.op, b.level.value) for b in check.bounds] == [("<", "warn"), ("<", "fail")]
    assert check.head.level is ir.LevelName.FAIL


def test_else_at_the_end_is_for_bounds_that_say_nothing() -> None:
    check = metric("check rows > 5 else warn", "orders.rows")
    assert [b.level.value for b in check.bounds] == ["warn"]
    assert check.head.level is ir.LevelName.WARN


def test_failed_rows_are_those_that_the_metric_counts() -> None:
    found = metric("check missing(email) < 5", "orders.email.missing").failed_rows
    assert isinstance(found, ir.RowCheck)
    assert say(found.breaking) == "or(is_null(email), in(email, '', 'n/a'))"
    assert isinstance(
        metric("check duplicates(day) = 0", "orders.day.duplicates").failed_rows, ir.UniqueCheck
    )
    assert metric("check count(id > 5) > 5", "orders.id.count").failed_rows is None
    assert metric("check rows < 5", "orders.rows").failed_rows is None


def test_lets_may_be_metrics() -> None:
    body = "let gap(c) = missing(c) / rows\ncheck gap(amount) < 5%"
    assert tell(metric(body, "orders.amount.missing+rows").metric) == "div(count_if(is_null(amount)), rows())"


def test_sums_and_means_are_exact() -> None:
    check = metric("check avg(amount) > 1", "orders.amount.avg").metric
    assert isinstance(check, ir.MetricCall)
    assert isinstance(check.args[0], ir.Aggregate)
    assert check.args[0].type == decimal(38, 2)
    assert isinstance(check.args[1], ir.Aggregate)
    assert check.args[1].type == BIGINT
    spread = metric("check stddev(amount) < 1", "orders.amount.stddev").metric
    assert isinstance(spread, ir.Aggregate)
    assert spread.type == DOUBLE


def test_bounds_are_reckoned_exactly() -> None:
    assert metric("check rows > 0.1 + 0.2", "orders.rows").bounds[0].low == ir.Constant(Fraction(3, 10))


def test_a_parameter_may_be_a_bound() -> None:
    check = metric("param least_rows int = 5\ncheck rows >= least_rows", "orders.rows")
    assert tell(check.bounds[0].low) == ":least_rows"


# ---------------------------------------------------------------- the contract


def test_keys_are_the_first_required_unique_column() -> None:
    assert meaning("").keys == ("id",)


def test_a_composite_of_required_columns_is_a_key() -> None:
    text = "contract a.b { dataset s.t\ncolumn x int required\ncolumn y int required\nunique (x, y) }"
    contract, _ = compiled(text)
    assert contract is not None
    assert contract.keys == ("x", "y")
    assert contract.version == "0.0.0"


def test_defaults_are_explicit() -> None:
    contract = meaning("")
    assert contract.failed_rows == ir.FailedRows(100, None, None)
    assert (contract.schema_mode, contract.schema.id) == ("open", "orders.schema")
    assert (contract.source, contract.table) == ("shop", ("public", "orders"))


def test_words_and_line_lead_back_to_the_text() -> None:
    body = "check missing(email) # why '\n   < 5 where status\n = 'a # b'"
    head = metric(body, "orders.email.missing").head
    assert head.words == "check missing(email) < 5 where status = 'a # b'"
    assert head.line == 11


@pytest.mark.parametrize(
    ("column", "start"),
    [
        ("placed_at", "shift(:now, Duration(months=0, microseconds=-172800000000))"),
        ("day", "shift(:today, Duration(months=0, microseconds=-172800000000))"),
        ("seen_at", "shift(cast(:now as timestamp), Duration(months=0, microseconds=-172800000000))"),
    ],
)
def test_filter_within_a_window(column: str, start: str) -> None:
    assert say(meaning(f"filter within last 2 days of {column}").filter) == f"ge({column}, {start})"


def test_a_date_parameter_meets_a_timestamp_in_utc() -> None:
    contract = meaning("param since date = today() - 7 days\nfilter placed_at >= since")
    assert say(contract.filter) == "ge(placed_at, cast(:since as timestamptz))"
    assert say(contract.params[0].default) == "shift(:today, Duration(months=0, microseconds=-604800000000))"


@pytest.mark.parametrize(
    "body",
    [
        "check rows within 3 sigma of last 30 runs",
        "check rows > rows over last 7 runs",
        'rule r: failing sql postgres """select 1"""',
        'check r: sql postgres """select 1""" = 0',
        "column c int references lake.raw.customers.id",
        "reconcile with lake.raw.orders on id { check rows = other.rows }",
        'example "x" { id\n 1\n expect r passes }',
    ],
)
def test_what_is_not_supported_is_said_once(body: str) -> None:
    assert codes(body) == ["E390"]


# ---------------------------------------------------------------- what is refused


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ("check missing(emial) = 0", "E201"),
        ("rule r: Amount > 0", "E201"),
        ("rule r: orders.amount > 0", "E201"),
        ("unique (id, nobody)", "E201"),
        ("check rows > 0 by nobody", "E201"),
        ("failed rows { columns nobody }", "E201"),
        ("rule r: nvl(amount, 0) > 0", "E202"),
        ("check rows(1) > 0", "E303"),
        ("check missing(id, day) > 0", "E303"),
        ("check sum > 0", "E303"),
        ("rule r: status > 5", "E301"),
        ("column x int = 'a'", "E301"),
        ("column x int in (1, 'a')", "E301"),
        ("rule r: day >= '2024-01-01'", "E309"),
        ("column x date in ('2024-01-01')", "E309"),
        ("rule r: seen_at <= now()", "E317"),
        ("rule r: upper(amount) = 'A'", "E302"),
        ("rule r: day like 'a'", "E310"),
        ("rule r: not amount", "E304"),
        ("rule r: amount + day > 1", "E308"),
        ("rule r: day + (placed_at - now()) > day", "E325"),
        ("rule r: placed_at - now() < 1 month", "E326"),
        ("rule r: amount < 5%", "E327"),
        ("rule r: amount / 0.0 > 1", "E324"),
        ("check sum(amount) / 0 > 1", "E324"),
        ("column x smallint between 0 and 99999", "E321"),
        ("column x varchar(3) = 'abcd'", "E320"),
        ("check rows between 10 and 5", "E330"),
        ("check missing(id) between 0% and 100%", "E334"),
        ("check rows < 0", "E335"),
        ("check rows = 0.5", "E335"),
        ("check rows < 5%", "E335"),
        ("column x text length >= -1", "E335"),
        ("column x varchar(3) length > 5", "E335"),
        ("check missing(id) < 1%, < 5", "E341"),
        ("check freshness(amount) < 2 hours", "E302"),
        ("check max(day) > 5", "E341"),
        ("check max(day) > '2024-01-01'", "E309"),
        ("check email like 'a'", "E305"),
        ("check length(email) > 5", "E305"),
        ("check rows", "E340"),
        ("check avg(rows) > 5", "E307"),
        ("rule r: rows > 5", "E306"),
        ("rule r: amount > 5 by status", "E339"),
        ("rule r: amount > 5 for at least 0%", "E328"),
        ("check percentile(amount, 1.5) > 5", "E344"),
        ("param p json\nrule r: p is null", "E347"),
        ("param p date = q\nparam q date = today()\nfilter day > p and day > q", "E345"),
    ],
)
def test_each_mistake_has_its_own_message(body: str, code: str) -> None:
    assert codes(body) == [code]


def test_one_fault_gives_one_message() -> None:
    assert codes("column x integr between 'a' and 5 length < 3\nrule r: x + 1 > 'a' and x matches email") == [
        "E203"
    ]
    assert codes("let a = nobody\nrule r: a\nrule s: not a") == ["E201"]


def test_a_fault_in_a_let_says_where_it_is_used() -> None:
    _, said = compiled(whole("let long(x) = length(x) > 5\nrule r: long(amount)"))
    assert [d.code for d in said] == ["E302"]
    assert any("declared here" in label.text or "used here" in label.text for label in said[0].labels)


def test_null_is_asked_for_before_a_warning_is_given() -> None:
    assert codes("check count(amount <> 5) > 5") == ["W301"]
    assert codes("check count(amount is null or amount <> 5) > 5") == []
    assert codes("check count(coalesce(amount, 0) <> 5) > 5") == []
    assert codes("check count(status <> 'a') > 5") == []


def test_lets_that_multiply_are_stopped() -> None:
    lets = "let l0 = amount > 0\n" + "".join(f"let l{n} = l{n - 1} and not l{n - 1}\n" for n in range(1, 40))
    begin = time.perf_counter()
    assert codes(f"{lets}rule r: l39") == ["E227"]
    assert time.perf_counter() - begin < 5


def test_typing_is_linear() -> None:
    def seconds(count: int) -> float:
        body = "".join(f"column c{n} text required\ncheck missing(c{n}) < 5%\n" for n in range(count))
        begin = time.perf_counter()
        compiled(whole(body))
        return time.perf_counter() - begin

    seconds(50)
    assert seconds(1600) < 40 * max(seconds(160), 0.001)
