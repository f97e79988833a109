"""Writes the transcripts of this version anew: `make golden`, then `git diff golden/protocol`. Refused in CI."""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

from assay.hub.api import logs
from tests.protocol.transcripts.form import Transcript, render
from tests.protocol.transcripts.future import later
from tests.protocol.transcripts.pinned import pinned_hub
from tests.protocol.transcripts.stage import Story, record
from tests.protocol.transcripts.stories import STORIES
from tests.support.hub import template
from tools.protocol import CURRENT

LATER, LATER_OF = "later", "life"
LATER_ABOUT = (
    "The run of life.http as a later hub answers it: each message has a field that this version has not."
)


def recorded(story: Story, about: str, folder: Path) -> Transcript:
    """The story with a hub of its own behind it, on SQLite."""
    with pinned_hub(f"sqlite:///{template(folder / 'hub.db')}") as (hub, clock):
        return record(story, about, hub, clock, folder)


def transcripts() -> dict[str, Transcript]:
    """By the names of their files."""
    made: dict[str, Transcript] = {}
    for name, (story, about) in STORIES.items():
        with tempfile.TemporaryDirectory() as folder:
            made[name] = recorded(story, about, Path(folder))
    return {**made, LATER: later(made[LATER_OF], LATER_ABOUT)}


def main() -> int:
    if os.environ.get("CI"):
        sys.stderr.write("refused in CI: transcripts are written and reviewed by people\n")
        return 1
    logs.configure("error")
    changed = 0
    made = transcripts()
    for path in CURRENT.glob("*.http"):
        if path.stem not in made:
            path.unlink()
    for name, transcript in made.items():
        path, text = CURRENT / f"{name}.http", render(transcript)
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")
            changed += 1
    sys.stdout.write(f"{len(made)} transcripts, {changed} files changed\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
