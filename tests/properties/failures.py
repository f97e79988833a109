"""Statements that some rows make impossible to compute: each is an error of its own, and of nothing beside it."""

from __future__ import annotations

from tests.properties import values
from tests.properties.expressions import Author

_CASTS = ("int", "smallint", "decimal(4, 1)", "double", "date", "boolean")


def expression(a: Author) -> str:
    """A number that has no value for some rows."""
    number = a.pick(values.NUMBERS)
    whole = a.pick(values.INTEGERS)
    return a.one_of(
        lambda: f"{a.pick(values.EXACT)} / {a.pick(values.EXACT)}",
        f"7 % {whole}",
        f"cast({a.pick(values.TEXTS)} as {a.pick(('int', 'decimal(4, 1)', 'double'))})",
        f"sqrt({a.pick(values.EXACT)})",
        f"ln({a.pick(values.EXACT)})",
        f"cast({whole} * 10000 as smallint)",
        f"{number} + f",
        f"abs(f) * {number}",
        "b * b * 4000000000",
        "i * b * 4000000000 + b",
    )


def statement(a: Author, place: int) -> str:
    made = expression(a)
    where = a.perhaps(lambda: f" where {a.predicate()}")
    return "  " + a.one_of(
        f"rule x{place}: {made} > 1{where}",
        f"rule x{place}: when {a.predicate()} then {made} > 1",
        f"rule x{place}: cast({a.pick(values.TEXTS)} as {a.pick(_CASTS)}) is not null{where}",
        f"check x{place}: {a.pick(('sum', 'avg', 'min', 'max'))}({made}) > 1{where}",
        f"check x{place}: count({made} > 1) / rows < 50%{where}",
        f"check x{place}: {a.pick(('distinct', 'duplicates'))}({made}) > 1{where}",
        f"check x{place}: {a.pick(('distinct', 'duplicates'))}({made}) > 1 by {a.pick(values.KEYS)}{where}",
        f"check x{place}: {a.pick(('median', 'stddev', 'variance'))}({made}) > 1{where}",
        f"check x{place}: sum(i) / (sum({a.pick(values.EXACT)}) - sum(i)) > 1{where}",
        f"check x{place}: {a.pick(('sum', 'avg', 'max'))}({made}) > 1 by {a.pick(values.KEYS)}{where}",
    )
