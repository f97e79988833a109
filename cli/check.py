"""`assay check`: compile only, and say what is wrong."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from assay.cli import programs
from assay.cli.cache import Shown
from assay.cli.exits import PASSED, WRONG_INPUT
from assay.cli.lazy import Command, config_option
from assay.cli.problems import InputError
from assay.cli.project import Project, open_project
from assay.cli.screen import out

if TYPE_CHECKING:
    from assay.compiler.source import Source


@click.command(
    "check",
    cls=Command,
    examples="""
    assay check                          all contracts of the project
    assay check orders.contract
    assay check --dialect postgres       also what PostgreSQL cannot do
    assay check --format github          annotations beside the changed lines
    """,
)
@click.argument("contracts", nargs=-1, metavar="[CONTRACT]...")
@config_option
@click.option(
    "--dialect",
    "dialects",
    multiple=True,
    metavar="NAME",
    help="Check for this dialect (repeatable). Without it: that of the data source in assay.yml, or all.",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(("text", "json", "github")),
    default="text",
    help="For people (text), programs (json: one array) or GitHub's annotations (github).",
)
def command(contracts: tuple[str, ...], config: str | None, dialects: tuple[str, ...], form: str) -> int:
    """Compile contracts and show what is wrong with them.

    Nothing is connected to and nothing is written. Ends with 2 where there are errors; warnings end with 0.
    """
    project = open_project(contracts, other=config)
    known = known_dialects(dialects)
    found: dict[bytes, Shown] = {}
    for shown in check_many(project, project.contracts, known):
        # A file that is imported by many contracts has its faults once.
        found.update((item.json, item) for item in shown)
    _print(list(found.values()), form, len(project.contracts))
    return WRONG_INPUT if any(item.severity == "error" for item in found.values()) else PASSED


def known_dialects(names: Sequence[str]) -> tuple[str, ...]:
    from assay.compiler.dialects import DIALECTS

    for name in names:
        if name not in DIALECTS:
            from assay.compiler.diagnostics import did_you_mean

            near = did_you_mean(name, tuple(DIALECTS))
            hint = f"did you mean `{near}`?" if near else "known are " + ", ".join(DIALECTS)
            raise click.UsageError(f"there is no dialect `{name}`; {hint}")
    return tuple(dict.fromkeys(names))


def dialects_for(project: Project, name: str, wished: tuple[str, ...]) -> tuple[str, ...]:
    """What was wished for, else the dialect of the contract's data source, else all."""
    from assay.cli.prepare import dialect_of
    from assay.compiler.dialects import DIALECTS

    if wished:
        return wished
    source = project.config.sources.get(programs.guess_source(project.text(name)) or "")
    return (dialect_of(source),) if source is not None else tuple(DIALECTS)


def check_many(project: Project, names: Sequence[str], dialects: tuple[str, ...]) -> list[tuple[Shown, ...]]:
    jobs = [(project, name, dialects) for name in names]
    if len(jobs) < programs.PAYS or programs.workers() < 2:
        return [check_one(job) for job in jobs]
    with programs.pool() as executor:
        return list(executor.map(check_one, jobs, chunksize=programs.chunk(len(jobs))))


def check_one(job: tuple[Project, str, tuple[str, ...]]) -> tuple[Shown, ...]:
    from assay.cli.rendered import render

    project, name, wished = job
    sources: dict[str, Source] = {}
    try:
        made = programs.compile_now(programs.Reader(project), name, dialects_for(project, name, wished))
        items, sources = made.diagnostics, made.sources
    except InputError as error:
        items, sources = error.items, error.sources
    return render(items, sources)


def _print(items: list[Shown], form: str, contracts: int) -> None:
    from assay.cli.human import plural
    from assay.cli.rendered import counted, show

    screen = out()
    if form == "json":
        screen.line("[" + ",\n ".join(item.json.decode() for item in items) + "]")
        return
    if form == "github":
        for item in items:
            screen.block(item.github)
        return
    show(screen, items)
    text = counted(items)
    worst = "red" if any(item.severity == "error" for item in items) else "yellow" if items else "green"
    screen.line(
        f"{plural(contracts, 'contract')}: " + screen.paint(text or "nothing to complain about", worst)
    )
