"""Diagnostics on their way to a stream: rendered once, kept by the cache, shown in the form that was asked
for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

import msgspec

from assay.cli import human
from assay.cli.cache import Shown
from assay.cli.problems import InputError
from assay.cli.screen import Screen, err

if TYPE_CHECKING:
    from assay.compiler.diagnostics import Diagnostic
    from assay.compiler.source import Source

ERROR = "error"


def render(items: Iterable[Diagnostic], sources: Mapping[str, Source]) -> tuple[Shown, ...]:
    """Every form of every diagnostic."""
    from assay.compiler.render import render_github, render_text, to_json

    return tuple(
        Shown(
            severity=item.severity.value,
            code=item.code,
            text=render_text([item], sources),
            colour=render_text([item], sources, color=True),
            github=render_github([item], sources),
            json=msgspec.json.encode(to_json([item], sources)[0]),
        )
        for item in items
    )


def show(screen: Screen, items: Iterable[Shown]) -> None:
    """One after the other, with a blank line after each."""
    for item in items:
        screen.block(item.colour if screen.colour else item.text)
        screen.line()


def show_error(error: InputError) -> None:
    screen = err()
    try:
        items = render(error.items, error.sources)
        for number, item in enumerate(items):
            if number:
                screen.line()
            screen.block(item.colour if screen.colour else item.text)
    except OSError:
        return


def counted(items: Iterable[Shown]) -> str:
    """`2 errors, 1 warning`; empty where there is nothing."""
    severities = [item.severity for item in items]
    errors = severities.count(ERROR)
    warnings = len(severities) - errors
    parts = [human.plural(errors, "error")] if errors else []
    parts += [human.plural(warnings, "warning")] if warnings else []
    return ", ".join(parts)
