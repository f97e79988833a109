"""A bundle that can be executed, or BundleError: all that a run would stumble over is looked at before it.

A sealed bundle comes from the compiler and is right. One of another version, or a changed one, must end as a
refusal that has a name, not in the middle of a run.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import get_args

from assay.protocol.bundle import (
    FORMAT,
    Apply,
    BindRef,
    Bundle,
    CheckSpec,
    Const,
    Formula,
    MeasureValue,
    decode,
)
from assay.protocol.report import Code, Unit
from assay.runner.binds import checked_default
from assay.runner.formulas import OPERATIONS
from assay.runner.values import RESULTS, ValueFault, from_const

_DEEPEST = 200
_LONGEST = 1000
_NUMBER = re.compile(r"-?\d+(\.\d+)?([eE][+-]?\d{1,3})?|-?\d+/\d*[1-9]\d*", re.ASCII)
_UNITS = frozenset(Unit)
_CODE = re.compile(next(meta.pattern for meta in get_args(Code) if hasattr(meta, "pattern")))


class BundleError(Exception):
    """The bundle is not one that this runner can execute."""


def read_bundle(data: bytes) -> Bundle:
    """Raises BundleError."""
    try:
        bundle = decode(data)
    except (ValueError, RecursionError) as error:
        raise BundleError(str(error)) from None
    check_bundle(bundle)
    return bundle


def check_bundle(bundle: Bundle) -> None:
    """Raises BundleError."""
    fault = next(_faults(bundle), None)
    if fault is not None:
        raise BundleError(fault)


def _faults(bundle: Bundle) -> Iterator[str]:
    if bundle.format != FORMAT:
        yield f"bundle format {bundle.format}; this runner executes format {FORMAT}"
    if not _CODE.fullmatch(bundle.dialect):
        yield "the dialect has no name that a report can say"
    if not bundle.table or not all(bundle.table):
        yield "the dataset has no name"
    for bind in bundle.binds:
        if not checked_default(bind):
            yield f"the default of `{bind.name}` is no {bind.type.kind}"
    grouped: dict[str, set[str]] = {}
    plain: set[str] = set()
    for query in bundle.queries:
        names = {measure.name for measure in query.measures}
        if query.keys:
            grouped[query.id] = names
        else:
            plain |= names
        for measure in query.measures:
            if measure.result not in RESULTS:
                yield f"measure `{measure.name}` has an unknown kind of result"
        if not query.measures:
            yield f"query `{query.id}` has no measure"
        if query.guard is not None:
            yield from _formula_faults(bundle, query.guard.formula, plain)
    for check in bundle.checks:
        yield from _check_faults(bundle, check, grouped, plain)
    checks = {check.id for check in bundle.checks}
    for capture in bundle.captures:
        if capture.check not in checks:
            yield f"failed rows are kept for `{capture.check}`, which is no check"


def _check_faults(
    bundle: Bundle, check: CheckSpec, grouped: dict[str, set[str]], plain: set[str]
) -> Iterator[str]:
    if check.unit not in _UNITS:
        yield f"check `{check.id}` has an unknown unit"
    if check.query is not None and check.query not in grouped:
        yield f"check `{check.id}` is over groups of a query that has none"
    known = plain | grouped.get(check.query or "", set())
    formulas = [check.value, check.failed, check.tested]
    for bound in check.bounds:
        formulas += [bound.low, bound.high]
        if bound.op == "between" and bound.high is None:
            yield f"check `{check.id}` is between one limit"
    for formula in formulas:
        if formula is not None:
            yield from _formula_faults(bundle, formula, known)


def _formula_faults(bundle: Bundle, formula: Formula, measures: set[str]) -> Iterator[str]:
    binds = {bind.name for bind in bundle.binds}
    pending = [(formula, 0)]
    while pending:
        item, depth = pending.pop()
        match item:
            case Const() if not _constant(item):
                yield f"a constant is no {item.kind}"
            case MeasureValue() if item.name not in measures:
                yield f"measure `{item.name}` is not computed"
            case BindRef() if item.name not in binds and not (item.name == "now_micros" and "now" in binds):
                yield f"there is no bind `{item.name}`"
            case Apply():
                least, most = OPERATIONS.get(item.op, (1, 0))
                if not least <= len(item.args) <= most:
                    yield f"`{item.op}` of {len(item.args)} is unknown"
                elif depth == _DEEPEST:
                    yield "a formula is too deep"
                else:
                    pending += [(arg, depth + 1) for arg in item.args]
            case _:
                pass


def _constant(const: Const) -> bool:
    if len(const.text) > _LONGEST and const.kind != "text":
        return False
    if const.kind in ("number", "seconds"):
        return _NUMBER.fullmatch(const.text) is not None
    try:
        from_const(const.kind, const.text)
    except (ValueError, OverflowError, ValueFault):
        return False
    return const.kind != "boolean" or const.text in ("true", "false")
