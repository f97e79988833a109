"""A project in a folder of its own, and the command: in this process for speed, as its own for truth."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from assay.cli.main import run
from assay.cli.sample import FILES


@dataclass(frozen=True)
class Ended:
    code: int
    out: str
    err: str


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder: empty, with a cache beside it and no switches set."""
    here = tmp_path / "here"
    here.mkdir()
    monkeypatch.chdir(here)
    monkeypatch.setenv("ASSAY_CACHE_DIR", str(tmp_path / "cache"))
    for name in ("NO_COLOR", "FORCE_COLOR", "ASSAY_DEBUG"):
        monkeypatch.delenv(name, raising=False)
    return here


@pytest.fixture
def shop(folder: Path) -> Path:
    """What `assay init` makes."""
    for name, text in FILES.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text)
    return folder


@pytest.fixture
def assay(capsys: pytest.CaptureFixture[str]) -> Callable[..., Ended]:
    """Runs a command in this process."""

    def call(*arguments: str) -> Ended:
        capsys.readouterr()
        code = run(list(arguments))
        captured = capsys.readouterr()
        return Ended(code, captured.out, captured.err)

    return call


COMMAND = (sys.executable, "-m", "assay.cli.main")


def environment(**changes: str) -> dict[str, str]:
    """The environment of a process that finds the package as this one does."""
    paths = os.pathsep.join(path for path in sys.path if path)
    return {**os.environ, "PYTHONPATH": paths, **changes}


@pytest.fixture
def process() -> Callable[..., Ended]:
    """Runs a command as a process with pipes."""

    def call(*arguments: str, stdin: str | bytes = "", **changes: str) -> Ended:
        data = stdin.encode() if isinstance(stdin, str) else stdin
        ended = subprocess.run(
            [*COMMAND, *arguments],
            input=data,
            capture_output=True,
            env=environment(**changes),
            timeout=60,
            check=False,
        )
        return Ended(ended.returncode, ended.stdout.decode(), ended.stderr.decode())

    return call
