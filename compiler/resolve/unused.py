"""Warnings for what nobody reads: imports, lets, formats of the contract's own file, parameters."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from assay.compiler import ast
from assay.compiler.diagnostics import Sink
from assay.compiler.resolve.imports import imports_of, target_of
from assay.compiler.resolve.walk import names


def warn_unused(contract: ast.Contract, file: ast.File, files: Mapping[str, ast.File], sink: Sink) -> None:
    own = (*file.definitions, *(i for i in contract.items if isinstance(i, ast.Let)))
    lets = {d.name.text: d for f in files.values() for d in f.definitions if isinstance(d, ast.Let)}
    lets.update({d.name.text: d for d in own if isinstance(d, ast.Let)})
    used = _reached(set(_names(contract)), lets)
    for item in own:
        if item.name.text not in used:
            kind = "format" if isinstance(item, ast.Format) else "let"
            sink.add("W202", item.name.span, name=item.name.text, kind=kind)
    for param in contract.items:
        if isinstance(param, ast.Param) and param.name.text not in used:
            sink.add("W203", param.name.span, name=param.name.text)
    for wanted in file.imports:
        target = target_of(file.name, wanted.path.value)
        if target in files and target is not None and used.isdisjoint(_defined(target, files)):
            sink.add("W201", wanted.path.span, name=target)


def _reached(used: set[str], lets: Mapping[str, ast.Let]) -> set[str]:
    """The names in use, with those that the used lets use themselves."""
    pending = [name for name in used if name in lets]
    while pending:
        for name in names(lets[pending.pop()].body):
            if name not in used:
                used.add(name)
                if name in lets:
                    pending.append(name)
    return used


def _defined(name: str, files: Mapping[str, ast.File]) -> set[str]:
    """What a file and all that it imports define."""
    found: set[str] = set()
    seen: set[str] = set()
    pending = [name]
    while pending:
        top = pending.pop()
        if top in seen or top not in files:
            continue
        seen.add(top)
        found.update(d.name.text for d in files[top].definitions)
        pending.extend(target for target, _ in imports_of(files[top]))
    return found


def _names(contract: ast.Contract) -> Iterator[str]:
    for item in contract.items:
        match item:
            case ast.Column():
                for clause in item.clauses:
                    yield from _clause(clause)
            case ast.Param() if item.default is not None:
                yield from names(item.default)
            case ast.Filter():
                yield from names(item.condition)
            case ast.Rule():
                for e in (item.when, item.body):
                    if e is not None and not isinstance(e, ast.RawSql):
                        yield from names(e)
                yield from _mods(item.mods)
            case ast.Check():
                yield from _check(item)
            case ast.Unique() | ast.References():
                yield from _mods(item.mods)
            case ast.Reconcile():
                if item.where is not None:
                    yield from names(item.where)
                for part in item.body:
                    if isinstance(part, ast.Check):
                        yield from _check(part)
            case _:
                pass


def _check(item: ast.Check) -> Iterator[str]:
    if not isinstance(item.metric, ast.RawSql):
        yield from names(item.metric)
    for leveled in item.bounds:
        yield from _bound(leveled.bound)
    yield from _mods(item.mods)


def _bound(bound: ast.Bound) -> Iterator[str]:
    match bound:
        case ast.CompareBound():
            yield from names(bound.value)
        case ast.BetweenBound():
            yield from names(bound.low)
            yield from names(bound.high)
        case ast.SigmaBound():
            pass


def _mods(mods: ast.Modifiers) -> Iterator[str]:
    if mods.where is not None:
        yield from names(mods.where)


def _clause(clause: ast.Clause) -> Iterator[str]:
    match clause:
        case ast.Optional() | ast.Sensitive():
            return
        case ast.MissingValues():
            for e in clause.items:
                yield from names(e)
            return
        case ast.MissingPattern():
            if isinstance(clause.pattern, ast.Name):
                yield clause.pattern.text
            return
        case ast.InClause():
            for e in clause.items:
                yield from names(e)
        case ast.BetweenClause():
            yield from names(clause.low)
            yield from names(clause.high)
        case ast.CompareClause():
            yield from names(clause.value)
        case ast.MatchesClause():
            if isinstance(clause.pattern, ast.Name):
                yield clause.pattern.text
        case ast.LengthClause():
            yield from _bound(clause.bound)
        case ast.Required() | ast.UniqueClause() | ast.ReferencesClause():
            pass
    yield from _mods(clause.mods)
