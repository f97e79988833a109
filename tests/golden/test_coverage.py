"""What the language has, the corpus shows: statement, metric, function, type, outcome, each at least once."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache

from assay.compiler import ast, codes, ir
from assay.compiler.functions import TABLE
from assay.compiler.render import explain
from assay.compiler.resolve.scope import METRICS
from assay.compiler.tree import Node, parts
from assay.compiler.types import Kind
from assay.protocol.report import Outcome, Reason
from tests.golden.cases import ROOT, all_cases
from tests.support.reference.functions import KNOWN

KINDS = {
    *("required", "unique", "in", "not_in", "between", "compare", "matches", "length", "references"),
    *("rule", "check", "schema"),
}
NOT_OF_COLUMNS = {Kind.INTERVAL, Kind.NULL, Kind.UNKNOWN}
# Said in the grammar, and not compiled yet: each is error E390.
NOT_YET = (ast.Reconcile, ast.Match, ast.Example, ast.Expectation, ast.RawSql, ast.History, ast.SigmaBound)
# Nodes that stand only for a fault, in a file with an error.
NEVER_FAULTLESS: tuple[type, ...] = ()
# What only a source that fails in the middle can show; the tests of the runner do.
OF_FAILING_SOURCES = {
    *(Reason.TIMEOUT, Reason.CANCELLED, Reason.PERMISSION, Reason.CONNECTION, Reason.RESOURCES),
    Reason.ENGINE_ERROR,
}


@cache
def contracts() -> tuple[ir.Contract, ...]:
    return tuple(case.compiled.contract for case in all_cases() if case.compiled.contract is not None)


@cache
def found() -> tuple[object, ...]:
    """Every node of every contract."""
    return tuple(node for contract in contracts() for node in nodes(contract))


def nodes(tree: object) -> Iterator[object]:
    pending = [tree]
    while pending:
        top = pending.pop()
        yield top
        if isinstance(top, tuple):
            pending.extend(top)
        elif isinstance(top, Node):
            pending.extend(part for _, part in parts(top))


def test_every_statement() -> None:
    assert {node.kind for node in found() if isinstance(node, ir.Head)} >= KINDS
    assert {contract.schema_mode for contract in contracts()} == {"open", "exact", "ordered"}


def test_every_kind_of_syntax() -> None:
    files = [case.compiled.file for case in all_cases()]
    seen = {type(node) for file in files for node in nodes(file)}
    kinds = {
        kind
        for kind in vars(ast).values()
        if isinstance(kind, type) and issubclass(kind, Node) and kind.__module__ == ast.__name__
    }
    assert kinds - seen <= {*NOT_YET, *NEVER_FAULTLESS}, kinds - seen


def test_every_modifier() -> None:
    mods = [
        node for case in all_cases() for node in nodes(case.compiled.file) if isinstance(node, ast.Modifiers)
    ]
    for name in ast.Modifiers.__struct_fields__:
        if name == "release":  # what may leave leaves without it, and nothing else can: E349 and W305 say so
            continue
        assert any(getattr(one, name) for one in mods), name


def test_every_function() -> None:
    called = {node.function for node in found() if isinstance(node, ir.Call)}
    assert called == TABLE.keys()
    assert TABLE.keys() == KNOWN, "the reference judge knows the same functions"


def test_every_metric() -> None:
    called = {
        node.function.parts[0].text
        for case in all_cases()
        for node in nodes(case.compiled.file)
        if isinstance(node, ast.Call)
    }
    assert set(METRICS) - {"rows"} <= called


def test_every_aggregation() -> None:
    used = {node.function for node in found() if isinstance(node, ir.Aggregate)}
    # A reference is a check of its own; no metric asks for it.
    assert used == set(ir.Aggregation) - {ir.Aggregation.ORPHANS}
    assert any(isinstance(node, ir.ReferenceCheck) for node in found())


def test_every_operation_between_metrics() -> None:
    used = {node.op for node in found() if isinstance(node, ir.MetricCall)}
    assert used == set(ir.MetricOp.__args__)  # type: ignore[attr-defined]


def test_every_type() -> None:
    declared = {column.type.kind for contract in contracts() for column in contract.columns}
    assert declared == set(Kind) - NOT_OF_COLUMNS
    parameters = {param.type.kind for contract in contracts() for param in contract.params}
    assert parameters >= {Kind.DATE, Kind.TIMESTAMPTZ, Kind.TIME, Kind.INT, Kind.DECIMAL, Kind.BOOLEAN}


def test_every_unit() -> None:
    assert {check.unit for check in found() if isinstance(check, ir.MetricCheck)} >= set(ir.Unit) - {
        ir.Unit.BOOLEAN
    }


def test_every_egress_class() -> None:
    assert {node.egress for node in found() if isinstance(node, ir.MetricCheck)} == set(ir.Egress)


def test_every_outcome_and_reason() -> None:
    checks = [
        check
        for case in all_cases()
        if (case.expected / "result.json").exists()
        for check in json.loads((case.expected / "result.json").read_text(encoding="utf-8"))["checks"]
    ]
    assert {check["outcome"] for check in checks} == set(Outcome)
    assert {check["reason"] for check in checks} == set(Reason) - OF_FAILING_SOURCES


def test_every_code_has_a_faulty_example_and_an_explanation() -> None:
    shown = {path.name.split("_")[0] for path in (ROOT / "errors").iterdir()}
    known = codes.table().keys()
    assert shown <= known, "an example of no code"
    # Faults of size are no reading for anyone; E6 and E9 are about machines, not about a text.
    others = {"E135", "E136", *(code for code in known if code.startswith(("E6", "E9")))}
    assert known - shown <= others
    assert [code for code in known if not explain(code)] == []
