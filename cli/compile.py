"""`assay compile`: everything that will run, as files to read, diff and review."""

from __future__ import annotations

from pathlib import Path

import click

from assay.cli import cache, outputs
from assay.cli.cache import Shown
from assay.cli.exits import PASSED, WRONG_INPUT, refuse
from assay.cli.lazy import Command, config_option
from assay.cli.outputs import Row
from assay.cli.problems import InputError
from assay.cli.project import Project, open_project
from assay.cli.screen import err, out


@click.command(
    "compile",
    cls=Command,
    examples="""
    assay compile                                all contracts of the project, to compiled/
    assay compile orders.contract --out build
    assay compile --dialect postgres             for a source that assay.yml does not know
    assay compile --egress                       print what a report can hold, and write nothing
    """,
)
@click.argument("contracts", nargs=-1, metavar="[CONTRACT]...")
@config_option
@click.option(
    "--out", "-o", "folder", default="compiled", metavar="FOLDER", help="Where to write. [default: compiled]"
)
@click.option(
    "--dialect",
    "dialects",
    multiple=True,
    metavar="NAME",
    help="Compile for this dialect (repeatable). Without it: that of the data source in assay.yml, or all.",
)
@click.option("--egress", is_flag=True, help="Print exactly what may leave with a report, and write nothing.")
def command(
    contracts: tuple[str, ...], config: str | None, folder: str, dialects: tuple[str, ...], egress: bool
) -> int:
    """Write SQL, manifests, plan, egress list and bundle of contracts to a folder.

    A contract `shop/orders.contract` becomes the folder `shop/orders`. Files that would not change are left
    alone; files of an earlier run that nothing makes any more are removed. A contract with errors changes
    nothing.
    """
    project = open_project(contracts, profile=True, other=config)
    if egress:
        return _egress(project, dialects)
    return _compile(project, Path(folder), dialects)


def _compile(project: Project, folder: Path, dialects: tuple[str, ...]) -> int:
    index = outputs.open_index(folder, _made_by(project, dialects))
    root, base = str(project.root), str(folder)
    todo = [
        name
        for name in project.contracts
        if name not in index.rows or not outputs.unchanged(index.rows[name], root, base, index.saved)
    ]
    shown: list[Shown] = [
        item
        for name in project.contracts
        if name in index.rows and name not in todo
        for item in index.rows[name].shown
    ]
    failed = written = removed = 0
    if todo:
        from assay.cli.artefacts import make_all
        from assay.cli.check import dialects_for, known_dialects

        wished = known_dialects(dialects)
        jobs: list[tuple[Project, Path, str, tuple[str, ...]]] = []
        for name in todo:
            try:
                jobs.append((project, folder, name, dialects_for(project, name, wished)))
            except InputError as error:
                refuse(error)
                failed += 1
        for made in make_all(jobs):
            shown += made.shown
            if not made.stamps:
                failed += 1
                continue
            written += made.written
            before = index.rows.get(made.name)
            if before is not None:
                removed += outputs.remove(folder, before.outputs, [stamp.name for stamp in made.stamps])
            index.rows[made.name] = Row(made.reads, made.stamps, made.shown)
    gone = [name for name in index.rows if not (project.root / name).exists()] if not failed else []
    for name in gone:
        removed += outputs.remove(folder, index.rows.pop(name).outputs, ())
    if todo or gone:
        outputs.save_index(folder, index)
    _tell(project, folder, shown, failed, written, removed)
    return WRONG_INPUT if failed else PASSED


def _made_by(project: Project, dialects: tuple[str, ...]) -> str:
    """What besides the contracts decides what comes out: the toolchain, the configuration and the options."""
    try:
        config = project.file.read_bytes()
    except OSError:
        config = b""
    return " ".join((cache.toolchain(), str(project.root), outputs.hash_bytes(config), *sorted(dialects)))


def _tell(
    project: Project, folder: Path, shown: list[Shown], failed: int, written: int, removed: int
) -> None:
    from assay.cli.human import plural
    from assay.cli.rendered import counted, show

    distinct = list({item.json: item for item in shown}.values())
    if distinct:
        show(err(), distinct)
    parts = [f"{plural(written, 'file')} written to {folder}" if written else f"{folder} is up to date"]
    if failed and not written:
        parts = ["nothing written"]
    if removed:
        parts.append(f"{removed:,} removed")
    if failed:
        parts.append(f"{failed:,} not compiled")
    if text := counted(distinct):
        parts.append(text)
    screen = out()
    colour = "red" if failed else "green"
    screen.line(f"{plural(len(project.contracts), 'contract')}: {screen.paint(', '.join(parts), colour)}")


def _egress(project: Project, dialects: tuple[str, ...]) -> int:
    from assay.cli import programs
    from assay.cli.artefacts import egress_text
    from assay.cli.check import dialects_for, known_dialects
    from assay.cli.rendered import show

    wished = known_dialects(dialects)
    code = PASSED
    for name in project.contracts:
        loaded = programs.load(project, name, dialects_for(project, name, wished)[0])
        bundle = loaded.bundle
        if bundle is None:
            show(err(), loaded.shown)
            code = WRONG_INPUT
            continue
        out().block(egress_text(bundle))
    return code
