"""Each defence between tenants alone is enough, where there are two; without any the matrix fails."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


READ = "instructions attempts reports batches"


def _fails(mutant: str, store: str) -> bool:
    """Whether the matrix, begun on such a hub, finds something; not merely that the hub does not work."""
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-x",
        "-p",
        "tests.hub.mutate",
        "tests/hub/test_tenants.py",
    ]
    done = subprocess.run(
        [*command, "-k", store, "-p", "no:cacheprovider"],
        cwd=ROOT,
        env={**os.environ, "ASSAY_TEST_MUTANT": mutant, "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}"},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode in (0, 1), done.stdout + done.stderr
    assert "ERROR" not in done.stdout, done.stdout
    return done.returncode == 1


@pytest.mark.slow
@pytest.mark.parametrize(
    ("mutant", "store", "found"),
    [
        (READ, "sqlite", True),
        ("api_keys", "sqlite", True),
        ("schedules", "sqlite", True),
        (READ, "postgres", False),
        ("no-rls", "postgres", False),
        (f"no-rls {READ}", "postgres", True),
    ],
)
def test_the_matrix_tells_whether_tenants_are_apart(mutant: str, store: str, found: bool) -> None:
    assert _fails(mutant, store) == found
