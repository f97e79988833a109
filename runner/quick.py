"""Judging millions of groups: the plain judge's verdict on a row of numbers, without fractions on the way.

`compiled` makes a check's formulas into closures over the row. Whole numbers stay whole, and a quotient is
held against its limit by multiplying across: exact, as the plain judge is. Whatever has no short way (a
fault, a kind of value, an operation) is left to the plain judge, group by group or for the whole check. Pure.
"""

from __future__ import annotations

import math
import operator
from collections import ChainMap
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import TypeAlias, cast

from assay.protocol.bundle import Apply, CheckSpec, Formula, MeasureSpec, MeasureValue
from assay.protocol.report import Outcome
from assay.runner.engines.port import Cell
from assay.runner.formulas import Scope, arithmetic, compare, evaluate
from assay.runner.groups import Groups
from assay.runner.judge import RANK, measures_in
from assay.runner.values import Value, ValueFault, from_cell, rounded, value_of

_Row: TypeAlias = tuple[Cell, ...]
_Number: TypeAlias = int | Decimal | Fraction | float
_Term: TypeAlias = Callable[[_Row], _Number | None]
Verdict: TypeAlias = tuple[int, int | None, int | None, float]
"""Rank of the outcome, failed rows, tested rows, distance from the bound."""
Quick: TypeAlias = Callable[[_Row], Verdict]
Places: TypeAlias = Mapping[str, tuple[int, str]]
"""Where a measure is in the row, and its kind."""

_PASSED = RANK[Outcome.PASSED]
_NONE = RANK[Outcome.NOT_EVALUATED]
_BROKEN = {"warn": RANK[Outcome.WARNED], "fail": RANK[Outcome.FAILED]}
_EXACT = ("count", "integer", "decimal", "micros")
_Test: TypeAlias = Callable[[object, object], bool]
_TESTS: Mapping[str, _Test] = {
    "=": operator.eq,
    "<>": operator.ne,
    "<": cast("_Test", operator.lt),
    "<=": cast("_Test", operator.le),
    ">": cast("_Test", operator.gt),
    ">=": cast("_Test", operator.ge),
}
_SIDES = {"between": (">=", "<=")}


class UnsureError(Exception):
    """The plain judge must look at this group."""


class _Unable(Exception):
    """There is no short way for this check."""


@dataclass(slots=True)
class GroupJudge:
    """The groups of one check, row by row as a grouped SELECT gives them: keys first, then its measures."""

    check: CheckSpec
    binds: Mapping[str, object]
    keys: int
    measures: Sequence[MeasureSpec]
    values: Mapping[str, Value | ValueFault]
    """Of measures that are not in the row."""
    groups: Groups = field(init=False)
    _quick: Quick | None = field(init=False)
    _own: list[tuple[int, MeasureSpec]] = field(init=False)

    def __post_init__(self) -> None:
        self.groups = Groups(self.check, self.binds)
        names = set(measures_in(self.check))
        numbered = enumerate(self.measures, start=self.keys)
        self._own = [(place, measure) for place, measure in numbered if measure.name in names]
        places = {measure.name: (place, measure.result) for place, measure in self._own}
        self._quick = compiled(self.check, places, self.values, self.binds)

    def add(self, batch: Sequence[_Row]) -> None:
        quick, groups = self._quick, self.groups
        if quick is None:
            for row in batch:
                self._plainly(row)
            return
        for row in batch:
            try:
                rank, failed, tested, distance = quick(row)
            except UnsureError:
                self._plainly(row)
                continue
            if groups.wants(rank, failed or 0, distance, lambda row=row: self._keys(row)):  # type: ignore[misc]
                self._plainly(row)
            else:
                groups.count(rank, failed, tested)

    def _plainly(self, row: _Row) -> None:
        own = {measure.name: value_of(row[place], measure.result) for place, measure in self._own}
        self.groups.add(lambda: self._keys(row), ChainMap(own, self.values))  # type: ignore[arg-type]

    def _keys(self, row: _Row) -> tuple[str, ...]:
        return tuple(["null" if key is None else str(key) for key in row[: self.keys]])


def compiled(
    check: CheckSpec,
    places: Places,
    values: Mapping[str, Value | ValueFault],
    binds: Mapping[str, object],
) -> Quick | None:
    """A function from a row to the verdict that `judge` would give, or None. It may raise UnsureError."""
    maker = _Maker(places, values, binds)
    try:
        failed = maker.count(check.failed)
        tested = maker.count(check.tested)
        value = check.value
        if isinstance(value, MeasureValue) and value.name in places and not _numeric(places[value.name][1]):
            return _of_any(maker, check, places[value.name], failed, tested)
        if isinstance(value, Apply) and value.op in ("ratio", "div"):
            top, bottom = (maker.term(arg) for arg in value.args)
            divided = _Quotient(bottom, value.op == "ratio")
            return _of_number(top, divided, maker.bounds(check), failed, tested)
        return _of_number(maker.term(value), None, maker.bounds(check), failed, tested)
    except _Unable:
        return None


def _numeric(kind: str) -> bool:
    return kind == "double" or kind in _EXACT


# -- bounds


@dataclass(frozen=True, slots=True)
class _Side:
    """One comparison with a limit: as a quotient of whole numbers, as a number, and as a double."""

    test: _Test
    top: int
    bottom: int
    number: Decimal | Fraction
    double: float
    plain: float


@dataclass(frozen=True, slots=True)
class _Bound:
    rank: int
    sides: tuple[_Side, ...]


def _side(op: str, limit: Value) -> _Side:
    if not isinstance(limit, Fraction) or op not in _TESTS:
        raise _Unable
    try:
        plain = float(limit)
    except OverflowError:
        raise _Unable from None
    near = Decimal(limit.numerator) / limit.denominator
    number = near if Fraction(near) == limit else limit
    return _Side(_TESTS[op], limit.numerator, limit.denominator, number, rounded(plain), plain)


# -- formulas


@dataclass(frozen=True, slots=True)
class _Maker:
    places: Places
    values: Mapping[str, Value | ValueFault]
    binds: Mapping[str, object]

    def bounds(self, check: CheckSpec) -> tuple[_Bound, ...]:
        return tuple(
            _Bound(rank, tuple(_side(op, limit) for op, limit in sides)) for rank, sides in self.limits(check)
        )

    def limits(self, check: CheckSpec) -> list[tuple[int, list[tuple[str, Value]]]]:
        """Of every bound the rank of breaking it, and its comparisons."""
        found = []
        for bound in check.bounds:
            sides = [bound.low] if bound.high is None else [bound.low, bound.high]
            ops = _SIDES.get(bound.op, (bound.op,))
            if len(sides) != len(ops):
                raise _Unable
            limits = [self.constant(side) for side in sides]
            found.append((_BROKEN[bound.level], list(zip(ops, limits, strict=True))))
        return found

    def constant(self, formula: Formula) -> Value:
        """Of a formula that reads nothing of the row."""
        if any(name in self.places for name in _names(formula)):
            raise _Unable
        scope = Scope(self.values, self.binds)
        try:
            value = evaluate(formula, scope)
        except ValueFault:
            raise _Unable from None
        if value is None or scope.empty:
            raise _Unable
        return value

    def count(self, formula: Formula | None) -> Callable[[_Row], int | None] | None:
        if formula is None:
            return None
        term = self.term(formula)

        def count(row: _Row) -> int | None:
            value = term(row)
            if type(value) is int:
                return value if value > 0 else 0
            return None if value is None or type(value) is float else max(int(value), 0)

        return count

    def term(self, formula: Formula) -> _Term:
        match formula:
            case MeasureValue(name) if name in self.places:
                place, kind = self.places[name]
                if not _numeric(kind):
                    raise _Unable
                return _double_at(place) if kind == "double" else _exact_at(place)
            case Apply("add" | "sub" | "mul" as op, (left, right)) if self._varies(formula):
                return _applied(op, self.term(left), self.term(right))
            case Apply("coalesce", args) if self._varies(formula):
                return _first([self.term(arg) for arg in args])
            case _:
                value = self.constant(formula)
                if not isinstance(value, Fraction):
                    raise _Unable
                number: _Number = value.numerator if value.denominator == 1 else value
                return lambda _: number

    def _varies(self, formula: Formula) -> bool:
        return any(name in self.places for name in _names(formula))


def _names(formula: Formula) -> list[str]:
    match formula:
        case MeasureValue(name):
            return [name]
        case Apply(_, args):
            return [name for arg in args for name in _names(arg)]
        case _:
            return []


def _exact_at(place: int) -> _Term:
    def cell(row: _Row) -> _Number | None:
        value = row[place]
        if type(value) is int or value is None:
            return value
        if type(value) is Decimal and value.is_finite():
            return value
        raise UnsureError

    return cell


def _double_at(place: int) -> _Term:
    def cell(row: _Row) -> _Number | None:
        value = row[place]
        if value is None or (type(value) is float and math.isfinite(value)):
            return value
        raise UnsureError

    return cell


def _first(terms: list[_Term]) -> _Term:
    def first(row: _Row) -> _Number | None:
        for term in terms:
            value = term(row)
            if value is not None:
                return value
        return None

    return first


_WHOLE: Mapping[str, Callable[[int, int], int]] = {
    "add": operator.add,
    "sub": operator.sub,
    "mul": operator.mul,
}


def _applied(op: str, left: _Term, right: _Term) -> _Term:
    whole = _WHOLE[op]

    def applied(row: _Row) -> _Number | None:
        one, other = left(row), right(row)
        if one is None or other is None:
            return None
        if type(one) is int and type(other) is int:
            return whole(one, other)
        return _arithmetic(op, one, other)

    return applied


def _arithmetic(op: str, left: _Number, right: _Number) -> Fraction | float:
    try:
        value = arithmetic(
            op,
            left if type(left) is float else Fraction(left),
            right if type(right) is float else Fraction(right),
        )
    except (OverflowError, ValueFault):
        raise UnsureError from None
    if type(value) is float and not math.isfinite(value):
        raise UnsureError
    return value


@dataclass(frozen=True, slots=True)
class _Quotient:
    """The divisor of a value: the division is left to the comparison. null: what a divisor of zero gives;
    else it is a fault."""

    term: _Term
    null: bool


# -- verdicts


def _of_any(
    maker: _Maker,
    check: CheckSpec,
    place: tuple[int, str],
    failed: Callable[[_Row], int | None] | None,
    tested: Callable[[_Row], int | None] | None,
) -> Quick:
    """Dates, times, texts: compared as the plain judge does."""
    at, kind = place
    limits = maker.limits(check)

    def quick(row: _Row) -> Verdict:
        try:
            value = from_cell(row[at], kind)
            counts = (None if failed is None else failed(row), None if tested is None else tested(row))
            if value is None:
                return _NONE, *counts, 0.0
            rank = _PASSED
            for broken, sides in limits:
                # Every side is compared: one of another kind is a fault even where the first is broken.
                held = [compare(op, value, limit) for op, limit in sides]
                if not all(held):
                    rank = max(rank, broken)
        except ValueFault:
            raise UnsureError from None
        return rank, *counts, 0.0

    return quick


def _of_number(
    value: _Term,
    divided: _Quotient | None,
    bounds: tuple[_Bound, ...],
    failed: Callable[[_Row], int | None] | None,
    tested: Callable[[_Row], int | None] | None,
) -> Quick:
    def quick(row: _Row) -> Verdict:
        top = value(row)
        bottom = 1
        if divided is not None:
            divisor = divided.term(row)
            if divisor is None or top is None:
                top = None
            elif divisor == 0:
                if not divided.null:
                    raise UnsureError
                top = None
            elif type(top) is int and type(divisor) is int:
                top, bottom = (top, divisor) if divisor > 0 else (-top, -divisor)
            elif type(top) is float or type(divisor) is float:
                top = _arithmetic("div", top, divisor)
            else:
                top, bottom = _across(top, divisor)
        some = None if failed is None else failed(row)
        of = None if tested is None else tested(row)
        if top is None:
            return _NONE, some, of, 0.0
        if type(top) is Fraction:
            top, bottom = top.numerator, top.denominator
        return _held(top, bottom, bounds, some, of)

    return quick


def _across(top: _Number, divisor: _Number) -> tuple[int, int]:
    one, under = top.as_integer_ratio()
    other, below = divisor.as_integer_ratio()
    up, down = one * below, under * other
    return (up, down) if down > 0 else (-up, -down)


def _held(
    top: _Number, bottom: int, bounds: tuple[_Bound, ...], failed: int | None, tested: int | None
) -> Verdict:
    """top / bottom against every bound; top is whole where bottom is not 1."""
    rank, distance = _PASSED, 0.0
    double = rounded(top) if type(top) is float else None
    for bound in bounds:
        for side in bound.sides:
            if type(top) is int:
                holds = side.test(top * side.bottom, side.top * bottom)
            elif double is not None:
                holds = side.test(double, side.double)
            else:
                holds = side.test(top, side.number)
            if not holds:
                if bound.rank > rank:
                    rank = bound.rank
                gap = _gap(top, bottom, bound)
                if gap > distance:
                    distance = gap
                break
    return rank, failed, tested, distance


def _gap(top: _Number, bottom: int, bound: _Bound) -> float:
    try:
        value = top / bottom if type(top) is int else float(top)
    except OverflowError:
        return math.inf
    gap = math.inf
    for side in bound.sides:
        one = abs(value - side.plain)
        if one < gap:
            gap = one
    return gap
