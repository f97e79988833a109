"""The image of the runner: what a Job needs, and that it needs nothing else."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from assay.compiler.manifests import Instruction
from tests.runner.pods import TABLE, deploy, elsewhere
from tests.runner.warehouses import Accounts
from tests.support.scripted_hub import ScriptedHub, serving_hub

RUN = "01j9zzzzzzzzzzzzzzzzzzzzzz"
OURS = ("assay", "assay.protocol", "assay.client", "assay.runner")
"""Folders of the package."""
THEIRS = ("msgspec", "psycopg", "psycopg_binary", "typing_extensions", "urllib3")
ROOT = Path(__file__).parents[2]
LOADED = """
import sys
import assay.runner.job, assay.runner.attempt, assay.runner.outbox, assay.runner.engines.postgres
print(*sorted({name.split(".")[0] for name in sys.modules} - set(sys.stdlib_module_names)))
"""


def test_a_job_runs_in_an_image_without_compiler(tmp_path: Path, made: Accounts) -> None:
    """Gate, PostgreSQL, warehouse and commit; every import of another package fails."""
    with made.server.connect() as connection:
        connection.execute(TABLE.encode())
    with serving_hub(ScriptedHub(RUN)) as hub:
        pod = deploy(
            tmp_path / "pod", made.server,
            hub={"url": hub.url}, instruction=Instruction(RUN, 1, 1, 600), warehouse=made.writer,
        )  # fmt: skip
        elsewhere(pod, [*OURS, *THEIRS])
        assert pod.told() == (0, {})
        assert hub.commits == 1


@pytest.mark.parametrize("package", ["msgspec", "urllib3", "psycopg", "assay.client"])
def test_an_image_that_lacks_something_is_noticed(tmp_path: Path, made: Accounts, package: str) -> None:
    """Else the test above could not fail."""
    with serving_hub(ScriptedHub(RUN)) as hub:
        pod = deploy(
            tmp_path / "pod", made.server, hub={"url": hub.url}, instruction=Instruction(RUN, 1, 1, 600)
        )
        elsewhere(pod, [name for name in (*OURS, *THEIRS) if name != package])
        process = pod.start()
        process.communicate(timeout=60)
        assert process.returncode != 0
        assert hub.commits == 0


def test_nothing_else_is_loaded() -> None:
    done = subprocess.run([sys.executable, "-I", "-c", LOADED], capture_output=True, text=True, check=True)
    found = {name for name in done.stdout.split() if not name.startswith("_")}
    assert found <= {"assay", "cython_runtime", *THEIRS}


def test_the_extra_names_what_the_image_needs() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    named = {line.split(">")[0].split("[")[0] for line in project["optional-dependencies"]["runner"]}
    assert named == {"msgspec", "psycopg", "urllib3"}
