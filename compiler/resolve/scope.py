"""The scope of a contract: its columns, parameters, lets and rules, and what the imported files define."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

from assay.compiler import ast
from assay.compiler.diagnostics import Label, Sink
from assay.compiler.functions import TABLE
from assay.compiler.resolve.imports import closure, target_of
from assay.compiler.resolve.unused import warn_unused
from assay.compiler.source import Source

METRICS = (
    "rows",
    "missing",
    "invalid",
    "valid",
    "duplicates",
    "distinct",
    "count",
    "violations",
    "sum",
    "avg",
    "min",
    "max",
    "stddev",
    "variance",
    "median",
    "percentile",
    "correlation",
    "freshness",
)
BINDS = ("now", "today", "now_micros")
RESERVED = frozenset((*BINDS, *METRICS, *(name for name, row in TABLE.items() if not row.operator)))
"""Names with a meaning of their own, which no let may take; a parameter may have the name of a function."""

Definition: TypeAlias = ast.Column | ast.Param | ast.Let


@dataclass(frozen=True, slots=True)
class Resolved:
    """The contract of the root file with everything that its names may mean.

    contract  None where the root file holds none
    lets      those of the contract and the shared ones
    sources   the text of every file, by name
    complete  False where an import could not be followed: a name that is not found may be defined there
    """

    root: str
    contract: ast.Contract | None
    columns: Mapping[str, ast.Column]
    params: Mapping[str, ast.Param]
    lets: Mapping[str, ast.Let]
    formats: Mapping[str, ast.Format]
    rules: Mapping[str, ast.Rule]
    sources: Mapping[str, Source]
    complete: bool = True


def resolve(root: str, files: Mapping[str, ast.File], sink: Sink, sources: Mapping[str, Source]) -> Resolved:
    """Binds the definitions of the root file and of all that it imports; faults go to the sink.

    `files` and `sources` hold the root and every file of its import closure that could be read.
    """
    order = closure(root, files, sink)
    complete = all(target_of(n, i.path.value) in files for n in order for i in files[n].imports)
    formats, shared = _shared(order, files, sink)
    for name in order[:-1]:
        for extra in files[name].contracts:
            sink.add("E214", extra.name.span, name=str(extra.name), file=name)
    contract = _contract(files[root], sink)
    columns: dict[str, ast.Column] = {}
    params: dict[str, ast.Param] = {}
    rules: dict[str, ast.Rule] = {}
    lets = dict(shared)
    taken: dict[str, Definition] = dict(shared)
    for item in contract.items if contract else ():
        match item:
            case ast.Column():
                if _claim(item, taken, sink):
                    columns[item.name.text] = item
            case ast.Param():
                if _claim(item, taken, sink):
                    params[item.name.text] = item
            case ast.Let():
                if _claim(item, taken, sink):
                    lets[item.name.text] = item
            case ast.Rule():
                first = rules.setdefault(item.name.text, item)
                if first is not item:
                    label = Label(first.name.span, "the first one is here")
                    sink.add("E221", item.name.span, name=item.name.text, labels=(label,))
            case _:
                pass
    if contract is not None and not sink.failed:
        warn_unused(contract, files[root], files, sink)
    return Resolved(root, contract, columns, params, lets, formats, rules, sources, complete)


def _contract(file: ast.File, sink: Sink) -> ast.Contract | None:
    if not file.contracts:
        # A file that could not be parsed has no contract either, and its fault was reported.
        if not sink.failed:
            sink.add("E215", None, file=file.name)
        return None
    first = file.contracts[0]
    for extra in file.contracts[1:]:
        label = Label(first.name.span, "the first one is here")
        sink.add("E216", extra.name.span, name=str(extra.name), labels=(label,))
    return first


def _shared(
    order: tuple[str, ...], files: Mapping[str, ast.File], sink: Sink
) -> tuple[dict[str, ast.Format], dict[str, ast.Let]]:
    formats: dict[str, ast.Format] = {}
    lets: dict[str, ast.Let] = {}
    for file in order:
        for item in files[file].definitions:
            first: ast.Format | ast.Let
            match item:
                case ast.Format():
                    first = formats.setdefault(item.name.text, item)
                case ast.Let():
                    _check_let(item, sink)
                    first = lets.setdefault(item.name.text, item)
            if first is not item:
                label = Label(first.name.span, f"the first one is here, in {first.span.file}")
                sink.add("E222", item.name.span, name=item.name.text, labels=(label,))
    return formats, lets


def _claim(item: Definition, taken: dict[str, Definition], sink: Sink) -> bool:
    """Whether the name was free; else the fault is reported and the first definition stays."""
    name = item.name.text
    if isinstance(item, ast.Let):
        _check_let(item, sink)
    elif isinstance(item, ast.Param) and name in (*BINDS, *METRICS):
        sink.add("E223", item.name.span, name=name)
    first = taken.setdefault(name, item)
    if first is item:
        return True
    code = "E220" if isinstance(item, ast.Column) and isinstance(first, ast.Column) else "E221"
    sink.add(code, item.name.span, name=name, labels=(Label(first.name.span, "the first one is here"),))
    return False


def _check_let(item: ast.Let, sink: Sink) -> None:
    if item.name.text in RESERVED:
        sink.add("E223", item.name.span, name=item.name.text)
    seen: dict[str, ast.Name] = {}
    for param in item.params:
        first = seen.setdefault(param.text, param)
        if first is not param:
            label = Label(first.span, "the first one is here")
            sink.add("E231", param.span, name=param.text, labels=(label,))
