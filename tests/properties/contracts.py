"""Whole contracts as text: some statements of every kind over the columns of `values`."""

from __future__ import annotations

from collections.abc import Callable

from tests.properties import expressions, values
from tests.properties.expressions import COMPARISONS, Author
from tests.properties.failures import statement
from tests.properties.values import BY_NAME, COLUMNS

_SHARES = ("25%", "50%", "66.6%", "99%")
_LEVELS = ("", " else warn", " else fail")
_BOUNDS = (
    ">= 1",
    "< 2",
    "= 3",
    "between -1 and 4",
    ">= 0.5 else warn, >= 0.25 else fail",
    "<= 2 else fail, < 1 else warn",
)


def modifiers(a: Author) -> str:
    """`where` comes last: what follows it would belong to its condition."""
    share = a.one_of("", "", lambda: f" for at least {a.pick(_SHARES)}")
    return share + a.pick(_LEVELS) + a.one_of("", "", lambda: f" where {a.predicate()}")


def clause(a: Author, name: str) -> str:
    """A clause of a column, without its label."""
    column = BY_NAME[name]
    choices: list[str | Callable[[], str]] = [
        "required",
        "unique",
        lambda: f"in ({a.some(name)})",
        lambda: f"not in ({a.some(name)})",
    ]
    if name in values.ORDERED:
        choices.append(lambda: f"{a.pick(COMPARISONS)} {a.literal(name)}")
    if name in values.TEXTS:
        choices += [
            lambda: f"matches {a.pick(expressions.PATTERNS)}",
            "length <= 2",
            "length between 1 and 3",
        ]
    elif name in values.ORDERED:
        low = a.times(len(column.literals) - 1)
        high = low + a.times(len(column.literals) - 1 - low)
        choices.append(f"between {column.literals[low]} and {column.literals[high]}")
    if name in values.TARGET:
        choices.append(f"references warehouse.public.others.{name}")
    return a.one_of(*choices)


def column(a: Author, place: int) -> str:
    name = COLUMNS[place].name
    choices: list[str | Callable[[], str]] = ["", "", lambda: f" missing ({a.some(name)})"]
    if name in values.TEXTS:
        choices.append(lambda: f" missing matches {a.pick(expressions.PATTERNS)}")
    missing = a.one_of(*choices)
    stated = a.perhaps(lambda: f" {clause(a, name)} as c{place}{modifiers(a)}")
    return f"  column {name} {COLUMNS[place].declared}{missing}{stated}"


def rule(a: Author, place: int) -> str:
    when = a.perhaps(lambda: f"when {a.predicate()} then ")
    return f"  rule r{place}: {when}{a.predicate(2)}{modifiers(a)}"


def keys(a: Author, count: int) -> str:
    return ", ".join(sorted({a.pick(values.KEYS) for _ in range(count)}))


def metric(a: Author) -> str:
    named = tuple(BY_NAME)
    return a.one_of(
        "rows",
        lambda: f"{a.pick(('missing', 'invalid', 'valid', 'count'))}({a.pick(named)})",
        lambda: f"{a.pick(('duplicates', 'distinct'))}({keys(a, 2)})",
        lambda: f"{a.pick(('duplicates', 'distinct'))}({a.text(1)})",
        lambda: f"count({a.predicate()})",
        lambda: f"count({a.predicate()}) / {a.one_of('rows', lambda: f'count({a.predicate()})')}",
        lambda: f"{a.pick(('sum', 'avg', 'min', 'max', 'median'))}({a.number(1)})",
        lambda: f"{a.pick(('stddev', 'variance'))}({a.pick(('i', 'd', 'f', 's'))})",
        lambda: f"percentile({a.number(1)}, {a.pick(('0', '0.1', '0.9', '100%'))})",
        lambda: f"round(10 * correlation({a.pick(('i', 'd', 'b'))}, {a.pick(('s', 'r'))}), 6)",
        lambda: f"sum({a.number(0)}) {a.pick('+-*')} count({a.pick(named)})",
        lambda: f"abs(avg({a.number(0)})) + coalesce(max(i), 0)",
        lambda: f"{a.pick(('least', 'greatest'))}(min(i), {a.pick(('rows', 'max(d)'))})",
        lambda: f"round(avg({a.number(1)}), 1)",
        lambda: f"share_of({a.predicate()}) * 10",
        lambda: f"{a.pick(('min', 'max', 'median', 'stddev'))}({a.pick(values.NUMBERS)})",
        lambda: f"{a.pick(('distinct', 'duplicates'))}({a.pick(('f', 'r', 'q', 'g', 'clock'))})",
        lambda: f"count({a.pick(named)}) - distinct({a.pick(values.KEYS)})",
        lambda: f"coalesce({a.pick(('min', 'max'))}({a.pick(('f', 'n', 'o'))}), -1)",
    )


def check(a: Author, place: int) -> str:
    where = a.one_of("", "", lambda: f" where {a.predicate()}")
    by = a.one_of("", "", lambda: f" by {keys(a, 2)}", " by p, q")
    return f"  check k{place}: {metric(a)} {a.pick(_BOUNDS)}{by}{where}"


def share(a: Author, place: int) -> str:
    name = a.pick(tuple(BY_NAME))
    counted = a.one_of(
        f"missing({name})",
        f"invalid({name})",
        lambda: f"duplicates({keys(a, 2)})",
        lambda: f"count({a.predicate()})",
    )
    where = a.perhaps(lambda: f" where {a.predicate()}")
    return f"  check s{place}: {counted} < 30% else warn, < 60% else fail{where}"


def moment(a: Author, place: int) -> str:
    name = a.pick(("day", "moment", "instant", "clock"))
    text = a.pick(values.TEXTS)
    asked = a.one_of(
        lambda: f"freshness({a.pick(('day', 'moment', 'instant'))}) < {a.times(200)} days",
        lambda: f"{a.pick(('min', 'max', 'median'))}({name}) {a.pick(COMPARISONS)} {a.literal(name)}",
        lambda: f"percentile({text}, 0.3) {a.pick(COMPARISONS)} 'a'",
        lambda: f"{a.pick(('min', 'max', 'median'))}({text}) {a.pick(COMPARISONS)} {a.literal('t')}",
        lambda: (
            f"{a.pick(('avg', 'min', 'max', 'median', 'sum'))}(now() - instant) {a.pick(COMPARISONS)} 100 days"
        ),
        lambda: f"{a.pick(('avg', 'max'))}({a.literal('moment')} - moment) {a.pick(COMPARISONS)} 3 hours",
        lambda: f"max(day) {a.pick(COMPARISONS)} since",
        lambda: f"min(instant) {a.pick(COMPARISONS)} since_at",
        lambda: f"stddev(now() - instant) {a.pick(COMPARISONS)} 100 days",
    )
    return f"  check m{place}: {asked}{a.perhaps(lambda: f' by {a.pick(values.KEYS)}')}"


def tuples(a: Author, place: int) -> str:
    composite = f"unique ({', '.join(sorted({a.pick(values.KEYS), 'b', 't'}))})"
    pairs = a.pick(("i, t", "day, g", "d, i", "t, d, g"))
    reference = f"references ({pairs}) to warehouse.public.others ({pairs})"
    return f"  {a.one_of(composite, reference)} as u{place}{modifiers(a)}"


_LETS = """let in_range(x, low, high) = x between low and high
let ratio(a, b) = case when b <> 0 then a / b end
let is_word(x) = lower(x) matches /^[a-z]+$/
let share_of(p) = count(p) / rows
let mean(x) = sum(x) / nullif(count(x), 0)
"""
_PARAMS = """  param least_n int = 1
  param small smallint = 2
  param step decimal(6, 3) = 0.125
  param rate double = 0.1
  param single float = 0.1
  param word text = 'a'
  param short char(3) = 'ab'
  param flag boolean = false
  param since date = today() - 90 days
  param since_at timestamptz = now() - 90 days"""


def contract(a: Author, *, failures: bool = False) -> str:
    lines = [f"{_LETS}contract test.things version 1.0.0 {{", "  dataset warehouse.public.things", _PARAMS]
    lines += a.one_of("", "", lambda: f"  filter {a.predicate()}").splitlines()
    lines += [column(a, place) for place in range(len(COLUMNS))]
    for kind in (rule, check, share, moment, tuples):
        lines += [kind(a, place) for place in range(1 + a.times(4))]
    if failures:
        lines += [statement(a, place) for place in range(1 + a.times(5))]
    return "\n".join([*lines, "}", ""])
