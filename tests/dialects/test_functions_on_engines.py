"""Every function means the same on every engine: executed, not read."""

from __future__ import annotations

import math
from collections.abc import Iterator

import pytest

from assay.compiler import functions, ir
from assay.compiler.dialects import DIALECTS
from assay.compiler.types import Type
from tests.dialects.cast_cases import CASTS, CastCase
from tests.dialects.engines import Engine, engines, fill, value_of
from tests.dialects.function_cases import CASES, Fixed, FunctionCase
from tests.dialects.pattern_cases import PATTERNS, PatternCase
from tests.support.postgres import Server


@pytest.fixture(scope="module")
def running(postgres_module_database: Server) -> Iterator[list[Engine]]:
    with engines(postgres_module_database) as found:
        yield found


def same(found: object, expected: object) -> bool:
    if isinstance(found, float) and isinstance(expected, float):
        return found == expected or (math.isnan(found) and math.isnan(expected))
    return (type(found) is not bool is not type(expected) and found == expected) or found is expected


@pytest.mark.parametrize("case", CASES, ids=str)
def test_function(case: FunctionCase, running: list[Engine]) -> None:
    columns: list[tuple[str, Type]] = []
    values: list[ir.Scalar] = []
    args: list[ir.Expr] = []
    for place, arg in enumerate(case.args):
        if isinstance(arg, Fixed):
            args.append(ir.Literal(arg.value, arg.type))
        else:
            columns.append((f"c{place}", arg[0]))
            values.append(arg[1])
            args.append(ir.Column(f"c{place}", arg[0], True))
    expr = ir.Call(case.function, tuple(args), case.result, True)
    check(expr, columns, values, case.expected, running)


@pytest.mark.parametrize("case", CASTS, ids=str)
def test_cast(case: CastCase, running: list[Engine]) -> None:
    column = ir.Column("c", case.have, True)
    for lenient, expected in ((False, case.strict), (True, case.lenient)):
        expr = ir.Cast(column, case.want, lenient, True)
        check(expr, [("c", case.have)], [case.value], expected, running)


@pytest.mark.parametrize("case", PATTERNS, ids=str)
def test_pattern(case: PatternCase, running: list[Engine]) -> None:
    for text, expected in case.found.items():
        expr = ir.Matches(ir.Column("c", case.type, True), case.pattern, functions_boolean(), True)
        check(expr, [("c", case.type)], [text], expected, running)


def functions_boolean() -> Type:
    from assay.compiler.types import BOOLEAN

    return BOOLEAN


def check(
    expr: ir.Expr,
    columns: list[tuple[str, Type]],
    values: list[ir.Scalar],
    expected: object,
    running: list[Engine],
) -> None:
    columns = columns or [("nothing", functions_boolean())]
    values = values or [None]
    for engine in running:
        fill(engine, "one", columns, [values])
        found = value_of(engine, expr, "one")
        assert same(found, expected), f"{engine.name} gives {found!r}, not {expected!r}"


def test_every_function_has_a_lowering_and_a_case() -> None:
    for dialect in DIALECTS.values():
        assert set(dialect.functions) == set(functions.TABLE), dialect.name
    assert {case.function for case in CASES} == set(functions.TABLE)
