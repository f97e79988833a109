"""The statements of a bundle as people read them: `duckdb.sql`, `postgres.sql`."""

from __future__ import annotations

import re

from assay.compiler.lower.bundles import Lowered
from assay.protocol import bundle


def sql_text(lowered: Lowered) -> str:
    """Every statement with a comment that says what it is for. The same bundle gives the same text."""
    made = lowered.bundle
    parts = [f"-- {_line(made.contract)} {_line(made.version)} in {lowered.dialect}"]
    if made.binds:
        named = ", ".join(
            f"{place} {_line(bind.name)} ({bind.type.kind})" for place, bind in enumerate(made.binds, 1)
        )
        parts.append(f"-- values fixed per run: {named}")
    served = _served(made)
    for query in made.queries:
        lines = [f"-- {query.id}: " + _line(", ".join(served.get(query.id, ())))]
        if query.guard is not None:
            lines.append(
                f"-- only where {_formula(query.guard.formula)} is not 0, else {query.guard.otherwise}"
            )
        parts.append("\n".join([*lines, statement(query) + ";"]))
    for capture in made.captures:
        parts.append(f"-- failed rows of {_line(capture.check)}\n{capture_statement(capture)};")
    return "\n\n".join(parts) + "\n"


def statement(query: bundle.Query) -> str:
    """The SELECT of one query, an expression a line."""
    items = [f"{key.sql} AS {bundle.quoted(key.name)}" for key in query.keys]
    items += [f"{measure.sql} AS {bundle.quoted(measure.name)}" for measure in query.measures]
    lines = ["SELECT", *_indented(items), *_source(query.source)]
    if query.keys:
        lines.append("GROUP BY " + ", ".join(key.sql for key in query.keys))
    return "\n".join(lines)


def capture_statement(capture: bundle.CaptureSpec) -> str:
    items = [f"{item.sql} AS {bundle.quoted(item.name)}" for item in capture.columns]
    return "\n".join(["SELECT", *_indented(items), *_source(capture.source), f"LIMIT {capture.keep}"])


def _indented(items: list[str]) -> list[str]:
    return [f"  {item}," for item in items[:-1]] + [f"  {item}" for item in items[-1:]]


_CUT = re.compile(r"""'[^']*'|"[^"]*"|[()]| (?:WHERE|AND|BETWEEN)(?= |\Z)""")


def _source(source: str) -> list[str]:
    """Cut before WHERE and before each AND of the outermost condition; not within quotes or parentheses."""
    lines: list[str] = []
    start = depth = 0
    between = False
    for found in _CUT.finditer(source):
        piece = found[0]
        if piece == "(":
            depth += 1
        elif piece == ")":
            depth -= 1
        elif depth or piece[0] != " ":
            continue
        elif piece == " BETWEEN":
            between = True
        elif piece == " AND" and between:
            between = False
        else:
            lines.append(source[start : found.start()])
            start = found.start() + 1
    lines.append(source[start:])
    return [f"  {line}" if line.startswith("AND ") else line for line in lines]


def _line(text: str) -> str:
    """Words of a contract within a comment: one line, nothing that ends it."""
    if not text.isprintable():
        text = "".join(c if c.isprintable() else " " for c in text)
    return " ".join(text.split())


def _served(made: bundle.Bundle) -> dict[str, list[str]]:
    """The ids of the checks that read a measure of each query."""
    home = {measure.name: query.id for query in made.queries for measure in query.measures}
    guards = {query.id: query.guard for query in made.queries if query.guard is not None}
    served: dict[str, list[str]] = {query.id: [] for query in made.queries}
    for check in made.checks:
        formulas = [check.value, check.failed, check.tested]
        formulas += [side for bound in check.bounds for side in (bound.low, bound.high)]
        queries = dict.fromkeys(home[name] for name in _names(formulas) if name in home)
        for query in list(queries):
            guard = guards.get(query)
            if guard is not None:
                queries.update(dict.fromkeys(home[name] for name in _names([guard.formula]) if name in home))
        for query in queries:
            served[query].append(check.id)
    return served


def _names(formulas: list[bundle.Formula | None]) -> list[str]:
    found: list[str] = []
    pending = list(reversed(formulas))
    while pending:
        formula = pending.pop()
        match formula:
            case bundle.MeasureValue():
                found.append(formula.name)
            case bundle.Apply():
                pending.extend(reversed(formula.args))
            case _:
                pass
    return found


_SIGNS = {"add": "+", "sub": "-", "mul": "*", "div": "/", "ratio": "/"}


def _formula(formula: bundle.Formula) -> str:
    match formula:
        case bundle.Const():
            return _line(formula.text)
        case bundle.MeasureValue() | bundle.BindRef():
            return _line(formula.name)
        case bundle.Apply() if formula.op in _SIGNS:
            return "(" + f" {_SIGNS[formula.op]} ".join(_formula(arg) for arg in formula.args) + ")"
        case bundle.Apply():
            return f"{formula.op}({', '.join(_formula(arg) for arg in formula.args)})"
