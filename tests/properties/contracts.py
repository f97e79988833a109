"""Whole contracts as text: some statements of every kind over the columns of `values`."""

from __future__ import annotations

from hypothesis import strategies as st

from tests.properties import expressions, values
from tests.properties.expressions import Draw, literal, number, predicate, text
from tests.properties.values import BY_NAME, COLUMNS

_SHARES = ("25%", "50%", "66.6%", "99%")
_LEVELS = ("", " else warn", " else fail")


def _pick(items: tuple[str, ...]) -> st.SearchStrategy[str]:
    return st.sampled_from(items)


@st.composite
def modifiers(draw: Draw) -> str:
    parts = [
        draw(st.sampled_from(("", "", f" where {draw(predicate())}"))),
        draw(st.sampled_from(("", "", f" for at least {draw(_pick(_SHARES))}"))),
        draw(_pick(_LEVELS)),
    ]
    return "".join(parts)


@st.composite
def clause(draw: Draw, name: str) -> str:
    """A clause of a column, without its label."""
    column = BY_NAME[name]
    value = draw(literal(name))
    listed = ", ".join(sorted({draw(literal(name)) for _ in range(3)}))
    choices = ["required", "unique", f"in ({listed})", f"not in ({listed})", f"= {value}", f"<> {value}"]
    if name in values.ORDERED:
        choices += [f"{draw(_pick(('<', '<=', '>', '>=')))} {value}"]
        place = sorted(column.literals.index(draw(literal(name))) for _ in range(2))
        if name not in values.TEXTS:
            choices.append(f"between {column.literals[place[0]]} and {column.literals[place[1]]}")
    if name in values.TEXTS:
        choices += [f"matches {draw(_pick(expressions.PATTERNS))}", "length <= 2", "length > 0"]
    if name in values.TARGET:
        choices.append(f"references warehouse.public.others.{name}")
    return draw(st.sampled_from(choices))


@st.composite
def column(draw: Draw, name: str, place: int) -> str:
    declared = f"  column {name} {BY_NAME[name].declared}"
    if draw(st.integers(0, 3)) == 0:
        declared += f" missing ({draw(literal(name))})"
    if draw(st.booleans()):
        share = draw(st.sampled_from(("", f" for at least {draw(_pick(_SHARES))}")))
        # `where` comes last: what follows it would belong to its condition.
        where = draw(st.sampled_from(("", f" where {draw(predicate())}")))
        declared += f" {draw(clause(name))} as c{place}{share}{draw(_pick(_LEVELS))}{where}"
    return declared


@st.composite
def rule(draw: Draw, place: int) -> str:
    when = draw(st.sampled_from(("", f"when {draw(predicate())} then ")))
    return f"  rule r{place}: {when}{draw(predicate(2))}{draw(modifiers())}"


@st.composite
def metric(draw: Draw) -> str:
    name = draw(_pick(tuple(BY_NAME)))
    a_number = draw(number(1))
    keys = ", ".join(sorted({draw(_pick(values.KEYS)) for _ in range(2)}))
    ordered = draw(_pick(("i", "d", "f", "b")))
    return draw(
        st.sampled_from(
            (
                "rows",
                f"missing({name})",
                f"invalid({name})",
                f"valid({name})",
                f"duplicates({keys})",
                f"distinct({keys})",
                f"distinct({draw(text(1))})",
                f"count({draw(predicate())})",
                f"count({draw(predicate())}) / rows",
                f"count({name})",
                f"sum({a_number})",
                f"avg({a_number})",
                f"min({a_number})",
                f"max({a_number})",
                f"stddev({ordered})",
                f"variance({ordered})",
                f"median({a_number})",
                f"percentile({ordered}, 0.9)",
                f"correlation({ordered}, i)",
                f"sum({ordered}) - sum(i)",
                f"abs(avg({ordered})) + coalesce(max(i), 0)",
                f"least(min(i), {draw(_pick(('rows', 'max(d)')))})",
                "sum(i) / count(i)",
                "round(avg(d), 1)",
            )
        )
    )


@st.composite
def check(draw: Draw, place: int) -> str:
    bound = draw(
        st.sampled_from(
            (
                ">= 1",
                "< 2",
                "= 3",
                "<> 0.5",
                "between -1 and 4",
                ">= 0.5 else warn, >= 0.25 else fail",
                "<= 2 else fail, < 1 else warn",
            )
        )
    )
    where = draw(st.sampled_from(("", "", f" where {draw(predicate())}")))
    by = draw(st.sampled_from(("", "", f" by {draw(_pick(values.KEYS))}", " by p, q")))
    return f"  check k{place}: {draw(metric())} {bound}{where}{by}"


@st.composite
def share_check(draw: Draw, place: int) -> str:
    name = draw(_pick(tuple(BY_NAME)))
    counted = draw(
        st.sampled_from(
            (f"missing({name})", f"invalid({name})", f"duplicates({draw(_pick(values.KEYS))})", f"count({draw(predicate())})")
        )
    )  # fmt: skip
    where = draw(st.sampled_from(("", f" where {draw(predicate())}")))
    return f"  check s{place}: {counted} < 30% else warn, < 60% else fail{where}"


@st.composite
def moment_check(draw: Draw, place: int) -> str:
    name = draw(_pick(("day", "moment", "instant")))
    value = draw(literal(name))
    asked = draw(
        st.sampled_from(
            (
                f"freshness({name}) < 100 days",
                f"max({name}) >= {value}",
                f"min({name}) < {value}",
                f"median({name}) <= {value}",
                f"percentile({draw(_pick(values.TEXTS))}, 0.3) >= 'a'",
                f"max({draw(_pick(values.TEXTS))}) = 'b a'",
            )
        )
    )
    return f"  check m{place}: {asked}"


@st.composite
def keys(draw: Draw, place: int) -> str:
    first, second = sorted({draw(_pick(values.KEYS)), "b", "t"})[:2]
    composite = f"  unique ({first}, {second}){draw(modifiers())} as u{place}"
    reference = "  references (i, t) to warehouse.public.others (i, t)"
    return draw(st.sampled_from((composite, f"{reference}{draw(modifiers())} as o{place}")))


@st.composite
def contract(draw: Draw) -> str:
    lines = ["contract test.things version 1.0.0 {", "  dataset warehouse.public.things"]
    if draw(st.integers(0, 2)) == 0:
        lines.append(f"  filter {draw(predicate())}")
    lines += [draw(column(one.name, place)) for place, one in enumerate(COLUMNS)]
    for kind in (rule, check, share_check, moment_check, keys):
        lines += [draw(kind(place)) for place in range(draw(st.integers(0, 4)))]
    return "\n".join([*lines, "}", ""])
