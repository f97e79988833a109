"""Runs the model against every mutant, or those that are named: `python -m tests.hub.mutants [NAME…]`."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.hub.mutants.catalogue import MUTANTS, Mutant

ROOT = Path(__file__).resolve().parents[3]
TIMEOUT_S = 900
PARTS = 8


def copy_of(mutant: Mutant, folder: Path) -> None:
    """The project with the fault in it."""
    left_out = shutil.ignore_patterns(
        ".git", ".venv", ".*_cache", "__pycache__", "node_modules", ".hypothesis", "golden", "bench"
    )
    shutil.copytree(ROOT, folder, symlinks=True, ignore=left_out, dirs_exist_ok=True)
    for edit in mutant.edits:
        path = folder / edit.file
        text = path.read_text(encoding="utf-8")
        if text.count(edit.old) != 1:
            raise SystemExit(f"{mutant.name}: its text does not stand once in {edit.file}")
        path.write_text(text.replace(edit.old, edit.new), encoding="utf-8")


def found(mutant: Mutant, folder: Path) -> tuple[bool, str]:
    """Whether the model (or the test that the mutant names) found it, and what it said."""
    model = [f"tests/hub/test_model.py::test_histories_on_sqlite[{part}]" for part in range(PARTS)]
    for test in [mutant.test] if mutant.test else model:
        run = subprocess.run(
            [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", "--no-header", test],
            cwd=folder,
            env={**os.environ, "ASSAY_MODEL_STEPS": "20", "ASSAY_MODEL_EXAMPLES": "150", "ASSAY_MODEL_QUICK": "1"},
            capture_output=True,
            text=True,
            timeout=TIMEOUT_S,
            check=False,
        )  # fmt: skip
        said = run.stdout
        broken = re.search(r"Violation: (I\d+: [^\n]*)", said)
        if run.returncode == 1 and (broken or mutant.test):
            return True, broken.group(1) if broken else mutant.test
        if run.returncode != 0:
            return False, "; ".join(re.findall(r"^E +(\S*(?:Error|Violation).*)$", said, re.MULTILINE)[:3])
    return False, "the model found nothing"


def main(names: list[str]) -> int:
    chosen = [mutant for mutant in MUTANTS if not names or mutant.name in names]
    missed = []
    for mutant in chosen:
        began = time.monotonic()
        with tempfile.TemporaryDirectory(prefix="assay-mutant-") as name:
            copy_of(mutant, Path(name))
            caught, words = found(mutant, Path(name))
        if not caught:
            missed.append(mutant.name)
        word = "caught" if caught else "MISSED"
        sys.stdout.write(f"{word}  {mutant.name:36} {time.monotonic() - began:5.0f} s  {words}\n")
        sys.stdout.flush()
    sys.stdout.write(f"{len(chosen) - len(missed)} of {len(chosen)} mutants caught\n")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
