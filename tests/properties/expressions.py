"""Row expressions as text, by the type that they give. None of them can fail for a row of `values`."""

from __future__ import annotations

from collections.abc import Callable

from hypothesis import strategies as st

from tests.properties import values
from tests.properties.values import BY_NAME

Draw = Callable[[st.SearchStrategy[str]], str]
Made = st.SearchStrategy[str]
COMPARISONS = ("=", "<>", "<", "<=", ">", ">=")
PATTERNS = (
    "/a/",
    "/^a/",
    "/b$/",
    "/^[a-z]*$/",
    "/^.$/",
    r"/\s/",
    r"/^\w+$/",
    "/a|b/",
    "/^(a|ab)?$/",
    r"/%/",
    "slug",
)
LIKES = ("'a%'", "'%b'", "'_'", "'%a%'", r"'%\%%'", "''")


def _pick(names: tuple[str, ...]) -> Made:
    return st.sampled_from(names)


def literal(name: str) -> Made:
    return st.sampled_from(BY_NAME[name].literals)


@st.composite
def number(draw: Draw, depth: int = 2) -> str:
    if depth == 0:
        return draw(st.one_of(_pick(values.NUMBERS), literal("i"), literal("d")))
    a, b = draw(number(depth - 1)), draw(number(depth - 1))
    return draw(
        st.sampled_from(
            (
                a,
                f"({a} + {b})",
                f"({a} - {b})",
                f"({a} * {b})",
                f"({a} / nullif({b}, 0))",
                f"abs({a})",
                f"-({a})",
                f"round({a}, 1)",
                f"floor({a})",
                f"ceil({a})",
                f"sign({a})",
                f"coalesce({a}, {b})",
                f"nullif({a}, {b})",
                f"greatest({a}, {b})",
                f"least({a}, {b}, 1)",
                f"case when {draw(predicate(depth - 1))} then {a} else {b} end",
                f"length({draw(text(depth - 1))})",
                f"position({draw(text(0))}, {draw(text(0))})",
                f"{draw(_pick(values.INTEGERS))} % 3",
                f"year({draw(moment())})",
                f"day_of_week({draw(moment())})",
                f"month({draw(moment())})",
            )
        )
    )


@st.composite
def text(draw: Draw, depth: int = 1) -> str:
    if depth == 0:
        return draw(st.one_of(_pick(values.TEXTS), literal("t")))
    a, b = draw(text(depth - 1)), draw(text(depth - 1))
    return draw(
        st.sampled_from(
            (
                a,
                f"({a} || {b})",
                f"lower({a})",
                f"upper({a})",
                f"trim({a})",
                f"ltrim({a})",
                f"rtrim({a})",
                f"left({a}, 2)",
                f"right({a}, 1)",
                f"substring({a}, 2)",
                f"substring({a}, 1, 2)",
                f"replace({a}, 'a', {b})",
                f"coalesce({a}, {b})",
                f"nullif({a}, {b})",
                f"least({a}, {b})",
                f"greatest({a}, {b})",
                f"cast({draw(_pick(values.INTEGERS))} as text)",
                f"cast({draw(_pick(('d', 'day', 'p')))} as text)",
            )
        )
    )


@st.composite
def moment(draw: Draw) -> str:
    name = draw(_pick(("day", "moment", "instant")))
    return draw(
        st.sampled_from(
            (
                name,
                f"({name} + 1 day)",
                f"({name} - 1 month)",
                f"({name} + 2 years)",
                f"date_trunc('month', {name})",
                f"date_trunc('week', {name})",
                f"coalesce({name}, {draw(literal(name))})",
            )
        )
    )


@st.composite
def predicate(draw: Draw, depth: int = 1) -> str:
    if depth == 0:
        return draw(_simple())
    a, b = draw(predicate(depth - 1)), draw(predicate(depth - 1))
    return draw(
        st.sampled_from(
            (
                a,
                f"({a} and {b})",
                f"({a} or {b})",
                f"not ({a})",
                f"({draw(number(1))} {draw(_pick(COMPARISONS))} {draw(number(1))})",
                f"({draw(text(1))} {draw(_pick(COMPARISONS))} {draw(text(1))})",
                f"{draw(text(1))} matches {draw(_pick(PATTERNS))}",
                f"{draw(text(1))} like {draw(_pick(LIKES))}",
                f"starts_with({draw(text(0))}, {draw(text(0))})",
                f"contains({draw(text(0))}, {draw(text(0))})",
                f"case when {a} then {b} end",
                f"coalesce({a}, {b})",
                f"({draw(number(0))} between {draw(number(0))} and {draw(number(0))})",
            )
        )
    )


@st.composite
def _simple(draw: Draw) -> str:
    name = draw(_pick(values.ORDERED))
    flag = draw(_pick(values.FLAGS))
    value = draw(literal(name))
    many = ", ".join(sorted({draw(literal(name)), draw(literal(name))}))
    return draw(
        st.sampled_from(
            (
                flag,
                f"{name} {draw(_pick(COMPARISONS))} {value}",
                f"{name} is null",
                f"{name} is not null",
                f"{name} in ({many})",
                f"{name} not in ({many})",
                f"not {flag}",
            )
        )
    )
