"""Everything that is written for one contract, as bytes by file name. Runs in a process of its own, too."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from assay.cli import programs
from assay.cli.cache import Shown
from assay.cli.outputs import Stamp, hash_bytes, write
from assay.cli.problems import InputError
from assay.cli.project import ENDING, Project

if TYPE_CHECKING:
    from assay.compiler.diagnostics import Diagnostic
    from assay.compiler.pipeline import Compilation, Program
    from assay.protocol.bundle import Bundle


class Made(msgspec.Struct, frozen=True):
    """What came of a contract. The files are written where they were made: a process that hands a thousand of
    them to another takes longer than to make them.

    stamps   the files as they are now; none where the contract has errors
    written  how many of them were not there, or other
    reads    the files that went into it, by hash
    """

    name: str
    stamps: tuple[Stamp, ...]
    written: int
    shown: tuple[Shown, ...]
    reads: tuple[Stamp, ...]


def make(job: tuple[Project, Path, str, tuple[str, ...]]) -> Made:
    """Compiles a contract and writes its files below a folder. Raises OutputError."""
    from assay.cli.rendered import render

    project, out, name, dialects = job
    reader = programs.Reader(project)
    try:
        made = programs.compile_now(reader, name, dialects)
    except InputError as error:
        return Made(name, (), 0, render(error.items, error.sources), ())
    items = list(made.diagnostics)
    files: dict[str, bytes] = {}
    if not made.failed:
        files = _files(project, name, made, items)
    reads = tuple(
        Stamp(read, *reader.times[read], hash_bytes(text.encode()) if text is not None else "")
        for read, text in reader.seen.items()
    )
    shown = render(items, made.sources)
    if any(item.severity == "error" for item in shown):
        files = {}
    stamps, written = write(out, files)
    return Made(name, stamps, written, shown, reads)


def _files(project: Project, name: str, made: Compilation, items: list[Diagnostic]) -> dict[str, bytes]:
    from assay.compiler.lower import sql_text

    folder = name.removesuffix(ENDING)
    files: dict[str, bytes] = {}
    for dialect, program in made.programs.items():
        files[f"{folder}/{dialect}.sql"] = sql_text(program.lowered).encode()
        files[f"{folder}/{dialect}.bundle.json"] = program.sealed.data
    files[f"{folder}/plan.txt"] = _plans(made.programs).encode()
    first = next(iter(made.programs.values()))
    files[f"{folder}/egress.txt"] = egress_text(first.lowered.bundle).encode()
    for filename, text in _manifests(project, made, items):
        files[f"{folder}/{filename}"] = text.encode()
    return files


def _plans(made: dict[str, Program]) -> str:
    """One text, or one for each dialect whose plan is another."""
    from assay.compiler.planning import explain_plan
    from assay.compiler.tree import replace

    texts: dict[str, list[str]] = {}
    plan, text = None, ""
    for dialect, program in made.items():
        alike = replace(program.plan, dialect="")
        if alike != plan:
            plan, text = alike, explain_plan(program.plan)
        texts.setdefault(text, []).append(dialect)
    if len(texts) == 1:
        return next(iter(texts))
    return "\n".join(f"== {', '.join(dialects)}\n\n{text}" for text, dialects in texts.items())


def _manifests(project: Project, made: Compilation, items: list[Diagnostic]) -> list[tuple[str, str]]:
    """The Kubernetes objects, where assay.yml has a deployment and the contract's data source."""
    from assay.compiler.diagnostics import Sink
    from assay.compiler.manifests import manifests
    from assay.protocol.warehouse import document

    profile = project.config.profile
    contract = made.contract
    if profile is None or contract is None:
        return []
    bundle = next(iter(made.programs.values())).lowered.bundle
    source = project.config.sources.get(bundle.source)
    program = made.programs.get(str(type(source).__struct_config__.tag)) if source is not None else None
    if source is None or program is None:
        return []
    sink = Sink()
    binding = profile.binding(bundle.source)
    warehouse = project.config.warehouse
    kept = warehouse is not None and binding is not None and binding.warehouse is not None
    found = manifests(
        program.sealed.data,
        program.lowered.bundle,
        msgspec.to_builtins(source),
        profile,
        sink,
        schedule=contract.schedule,
        warehouse_doc=document(warehouse) if warehouse is not None and kept else None,
    )
    items.extend(sink.items)
    return [(item.filename, item.text) for item in found]


def egress_text(bundle: Bundle) -> str:
    """Exactly the fields that a report of this contract can have: what is not listed here cannot leave."""
    head = (
        "contract",
        "version",
        "dialect",
        "the bundle's digest",
        "the run's id, instant, duration and outcome",
    )
    lines = [f"# What a report of {bundle.contract} {bundle.version} can hold. Nothing else leaves.", ""]
    lines += [f"report      {item}" for item in head]
    rows = [(bundle.schema.id, ["outcome", "reason"])]
    for check in bundle.checks:
        fields = ["outcome", "reason", "error code"]
        if not check.withheld:
            fields.insert(0, f"value ({check.unit})")
        numbers = {
            "failed": check.failed is not None,
            "tested": check.tested is not None,
            "kept": any(capture.check == check.id for capture in bundle.captures),
        }
        if any(numbers.values()):
            fields.append(
                "numbers of " + ", ".join(name for name, there in numbers.items() if there) + " rows"
            )
        if check.query is not None:
            fields.append("numbers of groups")
        rows.append((check.id, fields))
    width = max(len(name) for name, _ in rows)
    lines += [f"{name:<{width}}  {', '.join(fields)}" for name, fields in rows]
    withheld = [check.id for check in bundle.checks if check.withheld]
    if withheld:
        lines += ["", "# Values that stay inside: " + ", ".join(withheld)]
    return "\n".join(lines) + "\n"


def make_all(jobs: Sequence[tuple[Project, Path, str, tuple[str, ...]]]) -> list[Made]:
    if len(jobs) < programs.PAYS or programs.workers() < 2:
        return [make(job) for job in jobs]
    with programs.pool() as executor:
        return list(executor.map(make, jobs, chunksize=programs.chunk(len(jobs))))
