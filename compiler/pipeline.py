"""One contract, from text to sealed bundle. `STAGES` is the architecture page as code."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from assay.compiler import ast, ir
from assay.compiler.bundle import Sealed, seal
from assay.compiler.check import check
from assay.compiler.diagnostics import Diagnostic, Severity, Sink
from assay.compiler.dialects import DIALECTS
from assay.compiler.lower import Lowered, lower
from assay.compiler.parse import parse
from assay.compiler.plan import Plan
from assay.compiler.planning import plan
from assay.compiler.resolve import Resolved, imports_of, resolve
from assay.compiler.source import Source


@dataclass(frozen=True, slots=True)
class Stage:
    """A row of the table in docs/architecture.md."""

    name: str
    takes: str
    gives: str
    errors: str
    golden: str


STAGES = (
    Stage("parse", "Source", "ast.File, a span on every node", "E1xx", "ast.txt"),
    Stage(
        "resolve", "ast.File of the contract and its imports", "Resolved: names bound, one scope", "E2xx", ""
    ),
    Stage(
        "check",
        "Resolved",
        "ir.Contract: typed, defaults explicit, ids, egress classes",
        "E2xx, E3xx",
        "ir.txt",
    ),
    Stage("planning", "ir.Contract", "Plan: scans, measures, verdicts, captures", "E4xx", "plan.txt"),
    Stage(
        "lower",
        "Plan",
        "SQL of one dialect, printed, parsed again and compared",
        "E4xx",
        "duckdb.sql, postgres.sql",
    ),
    Stage("bundle", "SQL and verdicts", "sealed, content-addressed bundle", "", "bundle.json"),
    Stage("manifests", "bundle, data source, profile", "Job and ConfigMap as YAML", "E5xx", "job.yaml"),
)

DOUBTFUL = frozenset(("E201", "E204", "E205", "E206", "E210", "E215", "E217", "W201", "W202", "W203", "W204"))
"""Codes that a statement which could not be read may cause elsewhere."""

Read = Callable[[str], str | None]
"""Gives the text of a file by its name relative to the project's root, or None where there is none."""


@dataclass(frozen=True, slots=True)
class Program:
    """A contract lowered to one dialect."""

    plan: Plan
    lowered: Lowered
    sealed: Sealed


@dataclass(frozen=True, slots=True)
class Compilation:
    """Everything that came out, as far as it came; `contract` is None where an error stopped the way.

    sources   every file that was read, by name: diagnostics point into them
    """

    root: str
    file: ast.File
    sources: dict[str, Source]
    contract: ir.Contract | None
    programs: dict[str, Program]
    diagnostics: tuple[Diagnostic, ...]

    @property
    def failed(self) -> bool:
        return any(d.severity is Severity.ERROR for d in self.diagnostics)


def front(root: str, read: Read, sink: Sink) -> tuple[dict[str, Source], dict[str, ast.File], Resolved]:
    """Parses the contract and everything that it imports, and binds the names."""
    sources: dict[str, Source] = {}
    files: dict[str, ast.File] = {}
    pending = [root]
    while pending:
        name = pending.pop()
        text = read(name) if name not in files else None
        if text is None:
            continue
        sources[name] = Source(name, text)
        files[name] = parse(sources[name], sink)
        pending.extend(target for target, _ in imports_of(files[name]))
    return sources, files, resolve(root, files, sink, sources)


def compile_contract(root: str, read: Read, dialects: Sequence[str]) -> Compilation:
    """All stages up to the bundle, for each dialect; errors are collected, never raised.

    `root` must be a file that `read` knows: a missing contract is the caller's to report.
    """
    sink = Sink()
    sources, files, resolved = front(root, read, sink)
    contract = check(resolved, sink)
    programs: dict[str, Program] = {}
    if contract is not None and not sink.failed:
        for name in dialects:
            dialect = DIALECTS[name]
            planned = plan(contract, dialect, sink)
            lowered = lower(planned, dialect, sink)
            if not sink.failed:
                programs[name] = Program(planned, lowered, seal(lowered.bundle))
    return Compilation(
        root, files[root], sources, contract, programs, _one_fault_one_message(sink.items, sources)
    )


def _one_fault_one_message(
    found: tuple[Diagnostic, ...], sources: dict[str, Source]
) -> tuple[Diagnostic, ...]:
    """Beside a syntax error, what it may have caused is left out: everything else on its line, and names that
    seem unknown or unused, unless they resemble a known one: the broken statement may define them."""

    def line(d: Diagnostic) -> tuple[str, int] | None:
        return None if d.span is None else (d.span.file, sources[d.span.file].line_column(d.span.start)[0])

    broken = {line(d) for d in found if d.code.startswith("E1")}
    if not broken:
        return found
    return tuple(
        d
        for d in found
        if d.code.startswith("E1") or (line(d) not in broken and (d.code not in DOUBTFUL or d.suggestion))
    )
