"""`assay explain`: a diagnostic code, a standard format, or what a contract will do."""

from __future__ import annotations

import re

import click

from assay.cli import programs
from assay.cli.check import dialects_for, known_dialects
from assay.cli.exits import PASSED, WRONG_INPUT
from assay.cli.lazy import Command, config_option
from assay.cli.problems import problem
from assay.cli.project import ENDING, open_project
from assay.cli.screen import err, out

_CODE = re.compile(r"[EW][0-9]{3}", re.IGNORECASE)


@click.command(
    "explain",
    cls=Command,
    examples="""
    assay explain E201                   why this is said, an example, the fix
    assay explain email                  the pattern of a standard format
    assay explain orders.contract        which scans will run, and what they cost
    """,
)
@click.argument("subject", metavar="CODE | FORMAT | CONTRACT")
@config_option
@click.option(
    "--dialect", metavar="NAME", help="The plan for this dialect. Without it: that of the data source."
)
def command(subject: str, config: str | None, dialect: str | None) -> int:
    """Say what a diagnostic code or a standard format means, or what a contract will do."""
    if _CODE.fullmatch(subject):
        _code(subject)
        return PASSED
    if subject.endswith(ENDING) or "/" in subject:
        return _contract(subject, dialect, config)
    _format(subject)
    return PASSED


def _code(subject: str) -> None:
    from assay.compiler.render import explain

    text = explain(subject)
    if text is None:
        from assay.compiler.codes import table
        from assay.compiler.diagnostics import did_you_mean

        raise problem("E655", name=subject, suggestion=did_you_mean(subject.upper(), tuple(table())))
    out().block(text)


def _format(subject: str) -> None:
    from assay.compiler.formats import FORMATS

    found = FORMATS.get(subject.lower())
    if found is None:
        from assay.compiler.diagnostics import did_you_mean

        raise problem("E655", name=subject, suggestion=did_you_mean(subject, tuple(FORMATS)))
    screen = out()
    screen.line(f"{screen.paint(found.name, 'bold')}: {found.prose}")
    screen.line()
    screen.line(f"  pattern   {found.pattern}")
    for word, texts in (("fits", found.fits), ("does not", found.fails)):
        for number, text in enumerate(texts):
            screen.line(f"  {word if not number else '':<8}  {text!r}")


def _contract(subject: str, dialect: str | None, config: str | None) -> int:
    from assay.cli.rendered import render, show
    from assay.compiler.planning import explain_plan

    project = open_project([subject], other=config)
    wished = known_dialects([dialect] if dialect else [])
    code = PASSED
    for number, name in enumerate(project.contracts):
        first = dialects_for(project, name, wished)[0]
        made = programs.compile_now(programs.Reader(project), name, (first,))
        show(err(), render(made.diagnostics, made.sources))
        program = made.programs.get(first)
        if program is None:
            code = WRONG_INPUT
            continue
        if number:
            out().line()
        out().block(explain_plan(program.plan))
    return code
