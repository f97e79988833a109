"""Tests with a cluster share one: in one worker, whatever the versions of pytest and xdist make of groups."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
CONFTEST = """
import pytest
from tests.conftest import pytest_collection_modifyitems

@pytest.fixture(scope="session")
def cluster(): pass
"""
TESTS = """
import pytest

@pytest.mark.parametrize("number", range(8))
def test_with(cluster, number): pass

@pytest.mark.parametrize("number", range(8))
def test_without(number): pass
"""


def test_all_that_needs_a_cluster_runs_in_one_worker(tmp_path: Path) -> None:
    (tmp_path / "conftest.py").write_text(CONFTEST)
    (tmp_path / "test_it.py").write_text(TESTS)
    (tmp_path / "pytest.ini").write_text("[pytest]\n")
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-v", "-n", "2", "--dist", "loadgroup", str(tmp_path)],
        cwd=tmp_path,
        env={"PYTHONPATH": str(ROOT), "PATH": ""},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    found = re.findall(r"\[(gw\d)\] .* PASSED \S*::(test_with|test_without)\b", done.stdout)
    assert len(found) == 16
    assert len({worker for worker, name in found if name == "test_with"}) == 1
