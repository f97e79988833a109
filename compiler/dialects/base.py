"""The shape of a dialect's table."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from assay.compiler import ir
from assay.compiler.dialects.sql import Node
from assay.compiler.planning.strategies import Strategies
from assay.compiler.types import Kind, Type

Lowering: TypeAlias = Callable[[ir.Call, Sequence[Node]], Node]
"""One row of the function table: the typed call and its lowered arguments give a tree."""


@dataclass(frozen=True, slots=True)
class Gap:
    """Something that a dialect cannot say. `never`: it has no equal there; `not yet`: nobody wrote it."""

    state: Literal["not yet", "never"]
    what: str
    reason: str


NUL = Gap("never", "a text with a null character", "PostgreSQL can neither store nor compare one")

FLOAT_AS_TEXT = Gap("never", "a float or double as text", "engines write the same double in different ways")

DECIMAL_AS_TEXT = Gap(
    "never",
    "a decimal of unknown digits as text",
    "engines differ in the zeros at its end: declare `decimal(p, s)`, or cast to one first",
)

NESTED = Gap(
    "never",
    "an expression nested as deeply as this one",
    "each step repeats the one within it, and they grow without end",
)


class Unsupported(Exception):
    """Raised while lowering, with the key of one of the dialect's gaps."""

    def __init__(self, gap: Gap) -> None:
        super().__init__(gap.what)
        self.gap = gap


@dataclass(frozen=True, slots=True)
class Dialect:
    """Everything that differs from engine to engine.

    name          also the name that sqlglot knows it by
    strategies    choices of planning, each measured
    count_if      how rows for which a predicate is true are counted; `function` is COUNT_IF, null over no rows
    anti_join     how rows are found whose key is not in another table (no key is null on either side)
    identifier    longest name in bytes of UTF-8
    named_binds   placeholders go by name, not by number
    types         the engine's name of each kind of type that a cast or a constant can have
    type_name     the engine's name of a type, a decimal with its digits
    functions     a lowering for every row of `functions.TABLE`
    gaps          what it cannot say, by a short key
    placeholder   a value fixed per run, by its name and its number from 1
    column        what is put around a column so that its values compare as the language says
    ordered       the same for a text whose order matters
    marked        for a whole number, the word of 64 neighbours that it falls in, and the aggregate that sets the bits
                  of a word; None where single keys are not proven so
    double        a double constant from its digits
    matches       true where the portable pattern is found
    finite        a double made of others, an error where they are finite and it is not; None where engines see to it
    cast, try_cast   from a type to a type; raise Unsupported
    minimum, maximum  aggregates by the type of their argument
    micros        microseconds since 1970-01-01 UTC of a moment of the given type
    """

    name: str
    title: str
    strategies: Strategies
    count_if: Literal["filter", "case", "function"]
    anti_join: Literal["not exists", "not in"]
    identifier: int
    named_binds: bool
    types: Mapping[Kind, str]
    type_name: Callable[[Type], str]
    functions: Mapping[str, Lowering]
    gaps: Mapping[str, Gap]
    placeholder: Callable[[str, int], Node]
    column: Callable[[Node, Type], Node]
    ordered: Callable[[Node, Type], Node]
    marked: Callable[[Node], tuple[Node, Node]] | None
    double: Callable[[str], Node]
    matches: Callable[[Node, str], Node]
    finite: Callable[[Node, Sequence[Node]], Node] | None
    cast: Callable[[Node, Type, Type], Node]
    try_cast: Callable[[Node, Type, Type], Node]
    minimum: Callable[[Node, Type], Node]
    maximum: Callable[[Node, Type], Node]
    micros: Callable[[Node, Type], Node]
