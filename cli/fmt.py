"""`assay fmt`: the one style."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Sequence

import click

from assay.cli.exits import FAILED, PASSED, refuse
from assay.cli.files import TEXT_LIMIT, to_text, write_output
from assay.cli.lazy import Command
from assay.cli.problems import InputError, problem
from assay.cli.project import Project, open_project
from assay.cli.screen import err, out

STDIN = "-"


@click.command(
    "fmt",
    cls=Command,
    examples="""
    assay fmt                            all contracts of the project
    assay fmt orders.contract shared/company.contract
    assay fmt --check                    for CI: writes nothing, ends with 1 where something would change
    assay fmt - < orders.contract        from standard input to standard output
    """,
)
@click.argument("files", nargs=-1, metavar="[FILE | -]...")
@click.option("--check", is_flag=True, help="Write nothing; name the files that are not in the style.")
def command(files: tuple[str, ...], check: bool) -> int:
    """Format contracts in the one style: there are no options, and comments are kept.

    A file that cannot be read as a contract is left as it is.
    """
    if STDIN in files:
        if len(files) > 1:
            raise click.UsageError("`-` stands alone: standard input is one file")
        return _stdin(check=check)
    project = open_project(files, config=False)
    return _files(project, project.contracts, check=check)


def _stdin(*, check: bool) -> int:
    data = sys.stdin.buffer.read(TEXT_LIMIT + 1)
    if len(data) > TEXT_LIMIT:
        raise problem("E608", file=STDIN, size="more", limit=f"{TEXT_LIMIT:,} bytes")
    text = to_text(data, STDIN)
    formatted = formatted_text(STDIN, text)
    if not check:
        sys.stdout.buffer.write(formatted.encode())
        return PASSED
    return PASSED if formatted == text else FAILED


def formatted_text(name: str, text: str) -> str:
    """Raises InputError where the text cannot be read as contracts."""
    from assay.compiler.diagnostics import Sink
    from assay.compiler.format import format_source
    from assay.compiler.source import Source

    sink = Sink()
    source = Source(name, text)
    formatted = format_source(source, sink)
    if formatted is None:
        raise InputError(sink.items, {name: source})
    if _signs(text) - _signs(formatted):
        raise RuntimeError("formatting would lose a part of the text")
    return formatted


def _signs(text: str) -> Counter[str]:
    """What may not get lost, whatever is done to blanks, commas and capitals."""
    return Counter(char for char in text.casefold() if not char.isspace() and char not in ",\ufeff")


def _files(project: Project, names: Sequence[str], *, check: bool) -> int:
    screen = out()
    changed = code = 0
    for name in names:
        path = project.root / name
        try:
            text = project.text(name)
            formatted = formatted_text(name, text)
        except InputError as error:
            code = max(code, refuse(error))
            continue
        if formatted.encode() == path.read_bytes():
            continue
        changed += 1
        if not check:
            write_output(path, formatted.encode())
        screen.line(f"{'would change' if check else 'changed'} {name}")
    if not changed and not code:
        from assay.cli.human import plural

        err().line(f"{plural(len(names), 'file')} in the style")
    return code or (FAILED if check and changed else PASSED)
