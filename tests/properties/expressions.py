"""Row expressions as text, by the type that they give. None of them can fail for a row of `values`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random

from tests.properties import values
from tests.properties.values import BY_NAME

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
    "/%/",
    "/^ab $/",
    "slug",
    "not_blank",
)
LIKES = ("'a%'", "'%b'", "'_'", "'%a%'", r"'%\%%'", "''", "'x\\_1'")
CASTS = ("int", "decimal(6, 1)", "bigint", "double")
UNITS = ("days", "weeks", "months", "years")
Writer = Callable[[], str]


@dataclass(frozen=True, slots=True)
class Author:
    """Writes expressions by chance."""

    chance: Random

    def pick(self, items: Sequence[str]) -> str:
        return self.chance.choice(items)

    def one_of(self, *writers: Writer | str) -> str:
        chosen = self.chance.choice(writers)
        return chosen if isinstance(chosen, str) else chosen()

    def perhaps(self, writer: Writer) -> str:
        """What it writes, or nothing: as often the one as the other."""
        return self.one_of("", writer)

    def times(self, most: int) -> int:
        return self.chance.randint(0, most)

    def literal(self, name: str) -> str:
        return self.pick(BY_NAME[name].literals)

    def some(self, name: str, most: int = 3) -> str:
        """Different constants of a column, separated by commas."""
        return ", ".join(sorted({self.literal(name) for _ in range(1 + self.times(most - 1))}))

    # ------------------------------------------------------------ numbers

    def number(self, depth: int = 2) -> str:
        if depth == 0:
            return self.one_of(
                lambda: self.pick(values.NUMBERS),
                lambda: self.pick(values.NUMBERS),
                lambda: self.literal(self.pick(("i", "d", "f"))),
                lambda: self.pick(("least_n", "step", "rate", "single", "small")),
            )
        a = self.number(depth - 1)
        below = depth - 1
        return self.one_of(
            a,
            lambda: f"({a} {self.pick('+-*')} {self.number(below)})",
            lambda: f"({a} / nullif({self.number(below)}, 0))",
            lambda: f"{self.pick(('abs', 'floor', 'ceil', 'sign', 'round', '-'))}({a})",
            lambda: f"round({a}, 1)",
            lambda: f"{self.pick(('coalesce', 'least', 'greatest'))}({a}, {self.number(below)})",
            lambda: f"nullif({self.pick(values.NUMBERS)}, {self.number(below)})",
            lambda: f"case when {self.predicate(below)} then {a} else {self.number(below)} end",
            lambda: f"case when {self.predicate(below)} then {a} end",
            lambda: f"length({self.text(below)})",
            lambda: f"position({self.text(0)}, {self.text(0)})",
            lambda: f"{self.pick(values.INTEGERS)} % 3",
            lambda: f"{self.pick(values.PARTS)}({self.moment()})",
            lambda: f"{self.pick(('hour', 'minute', 'second'))}({self.pick(('moment', 'instant'))})",
            lambda: f"(day - {self.literal('day')})",
            lambda: f"cast({self.pick(('i', 'd', 's'))} as decimal(12, 4))",
            lambda: f"cast({self.pick(('i', 'd', 's', 'b'))} as double)",
            lambda: f"try_cast({self.pick(values.TEXTS)} as {self.pick(CASTS)})",
            lambda: f"power({self.pick(('i', 's'))}, 2)",
            lambda: f"sqrt(abs({self.pick(('i', 'd'))}))",
            lambda: f"exp(least({self.pick(('i', 's', 'd'))}, 3))",
            lambda: f"ln(greatest({self.pick(('i', 's', 'd'))}, 1))",
            lambda: f"ratio({a}, {self.pick(values.NUMBERS)})",
            lambda: f"round({self.number(0)}, {self.pick(('-1', '0', '2', '5'))})",
            lambda: (
                f"coalesce({self.pick(values.EXACT)}, {self.pick(values.EXACT)}) * {self.pick(values.EXACT)}"
            ),
        )

    # ------------------------------------------------------------ texts

    def text(self, depth: int = 1) -> str:
        if depth == 0:
            return self.one_of(
                lambda: self.pick(values.TEXTS),
                lambda: self.pick(values.TEXTS),
                lambda: self.literal("t"),
                lambda: self.pick(("word", "short")),
            )
        a = self.text(depth - 1)
        below = depth - 1
        return self.one_of(
            a,
            lambda: f"({a} || {self.text(below)})",
            lambda: f"{self.pick(('lower', 'upper', 'trim', 'ltrim', 'rtrim'))}({a})",
            lambda: f"{self.pick(('left', 'right'))}({a}, {self.times(3)})",
            lambda: f"substring({a}, {1 + self.times(2)}{self.perhaps(lambda: f', {self.times(2)}')})",
            lambda: f"replace({a}, {self.text(0)}, {self.text(below)})",
            lambda: f"{self.pick(('coalesce', 'least', 'greatest'))}({a}, {self.text(below)})",
            lambda: f"nullif({self.pick(values.TEXTS)}, {self.text(below)})",
            lambda: f"cast({self.pick((*values.INTEGERS, 'd', 'day', 'p', 'moment', 'clock'))} as text)",
            lambda: f"cast({a} as varchar(2))",
            lambda: f"cast({a} as char(2))",
            lambda: (
                f"cast(coalesce({self.pick(values.EXACT)}, {self.literal(self.pick(('i', 'd')))}) as text)"
            ),
            lambda: f"cast({self.pick(('i', 's', 'd'))} * {self.pick(('d', 's'))} as text)",
            "cast(g as text)",
            "cast(instant as text)",
            lambda: f"case when {self.predicate(below)} then {a} else {self.text(below)} end",
        )

    # ------------------------------------------------------------ moments

    def moment(self) -> str:
        name = self.pick(("day", "moment", "instant"))
        return self.one_of(
            name,
            lambda: f"({name} {self.pick('+-')} {1 + self.times(40)} {self.pick(UNITS)})",
            lambda: f"date_trunc('{self.pick(('day', 'week', 'month', 'quarter', 'year'))}', {name})",
            lambda: f"coalesce({name}, {self.literal(name)})",
            lambda: f"greatest({name}, {self.literal(name)})",
            lambda: f"cast({self.pick(('day', 'moment', 'instant'))} as date)",
            lambda: f"try_cast({self.pick(values.TEXTS)} as date)",
            "since",
            lambda: f"least({self.pick(('day', 'moment'))}, since)",
            lambda: f"case when {self.pick(values.FLAGS)} then {name} end",
        )

    # ------------------------------------------------------------ conditions

    def predicate(self, depth: int = 1) -> str:
        if depth == 0:
            return self._simple()
        a = self.predicate(depth - 1)
        below = depth - 1
        return self.one_of(
            a,
            lambda: f"({a} {self.pick(('and', 'or'))} {self.predicate(below)})",
            lambda: f"not ({a})",
            lambda: f"({self.number(1)} {self.pick(COMPARISONS)} {self.number(1)})",
            lambda: f"({self.text(1)} {self.pick(COMPARISONS)} {self.text(1)})",
            lambda: f"({self.text(1)} {self.perhaps(lambda: 'not ')}matches {self.pick(PATTERNS)})",
            lambda: f"({self.text(1)} {self.perhaps(lambda: 'not ')}like {self.pick(LIKES)})",
            lambda: f"{self.pick(('starts_with', 'ends_with', 'contains'))}({self.text(0)}, {self.text(0)})",
            lambda: f"case when {a} then {self.predicate(below)} end",
            lambda: f"coalesce({a}, {self.predicate(below)})",
            lambda: f"(({a}) = ({self.predicate(below)}))",
            lambda: f"({self.number(0)} between {self.pick(values.NUMBERS)} and {self.pick(values.NUMBERS)})",
            lambda: f"({self.number(1)} is null)",
            lambda: f"(day <= {self.pick(('moment', 'instant'))})",
            lambda: f"(moment - {self.literal('moment')} > {self.times(90)} days)",
            lambda: f"(cast({self.moment()} as date) {self.pick(COMPARISONS)} {self.literal('day')})",
            lambda: f"in_range({self.number(0)}, {self.pick(values.NUMBERS)}, {self.number(0)})",
            lambda: f"is_word({self.text(1)})",
            lambda: f"(instant {self.pick(COMPARISONS)} since_at)",
            lambda: f"(now() - instant > {self.times(200)} days)",
            lambda: f"(today() - day > {self.times(200)})",
            lambda: f"(cast({self.pick(('day', 'moment', 'instant'))} as timestamptz) < now())",
            lambda: f"({self.number(0)} in ({self.pick(values.NUMBERS)}, {self.literal('i')}))",
            lambda: f"({self.text(0)} not in ({self.pick(values.TEXTS)}, 'a'))",
            lambda: f"(g = {self.literal('g')} or flag)",
            lambda: f"(try_cast({self.pick(values.TEXTS)} as boolean) = {self.pick(('true', 'flag'))})",
        )

    def _simple(self) -> str:
        name = self.pick(values.ORDERED)
        flag = self.pick(values.FLAGS)
        return self.one_of(
            flag,
            lambda: f"{name} {self.pick(COMPARISONS)} {self.literal(name)}",
            lambda: f"{name} is {self.perhaps(lambda: 'not ')}null",
            lambda: f"{name} {self.perhaps(lambda: 'not ')}in ({self.some(name)})",
            lambda: f"not {flag}",
        )
