"""What a run is doing, on one line that goes away: only on a terminal, and only when it takes a while."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from assay.cli.screen import wants_colour

if TYPE_CHECKING:
    from rich.progress import Progress as Bar
    from rich.progress import TaskID

    from assay.runner.run import Progress

PATIENCE = 0.4
"""Seconds before anything is shown: what is quick needs no progress, and no library that draws it."""

_STAGES = {
    "open": "connecting",
    "catalog": "reading the catalog",
    "scan": "scan",
    "rows": "fetching failed rows",
}


class Display:
    def __init__(self, name: str, *, wanted: bool) -> None:
        self.name = name
        self.wanted = wanted and sys.stderr.isatty() and wants_colour(True)
        self.latest: Progress | None = None
        self._bar: Bar | None = None
        self._task: TaskID | None = None

    def tell(self, progress: Progress) -> None:
        """Called by the run, in its thread."""
        self.latest = progress

    def draw(self) -> None:
        """Called every now and then while the run is on."""
        if not self.wanted:
            return
        if self._bar is None:
            self._start()
        latest = self.latest
        if self._bar is None or self._task is None or latest is None:
            return
        text = _STAGES.get(latest.stage, latest.stage)
        if latest.stage in ("scan", "rows") and latest.total:
            text += f" {min(latest.done + 1, latest.total)} of {latest.total}"
        self._bar.update(self._task, total=latest.total or None, completed=latest.done, stage=text)

    def _start(self) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

        self._bar = Progress(
            SpinnerColumn(),
            TextColumn("{task.description}", style="bold", markup=False),
            TextColumn("{task.fields[stage]}", markup=False),
            BarColumn(bar_width=24),
            TimeElapsedColumn(),
            console=Console(stderr=True),
            transient=True,
        )
        self._bar.start()
        self._task = self._bar.add_task(self.name, total=None, stage="")

    def close(self) -> None:
        if self._bar is not None:
            self._bar.stop()
