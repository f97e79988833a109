"""What is compiled depends on the text alone: not on the process, the place, the time or the machine's language."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
CONTRACTS = {
    "flights": ROOT / "examples" / "flights",
    "imports": ROOT / "golden" / "cases" / "imports",
    "real_events": ROOT / "golden" / "cases" / "real_events",
}
FILES = (
    "duckdb.bundle.json",
    "duckdb.sql",
    "egress.txt",
    "plan.txt",
    "postgres.bundle.json",
    "postgres.sql",
)


@dataclass(frozen=True)
class Variant:
    """What differs from the first run. `inside`: the current folder is the project, else one far from it."""

    environment: dict[str, str]
    umask: int = 0o022
    inside: bool = True
    folder: str = "project"


VARIANTS = {
    "hash seed 1": Variant({"PYTHONHASHSEED": "1"}),
    "hash seed 4242": Variant({"PYTHONHASHSEED": "4242"}),
    "random hash seed": Variant({"PYTHONHASHSEED": "random"}),
    "another folder": Variant({}, folder="a b/ü 'quoted'/project"),
    "another current folder": Variant({}, inside=False),
    "LC_ALL C": Variant({"LC_ALL": "C", "LANG": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}),
    "LC_ALL C.UTF-8": Variant({"LC_ALL": "C.UTF-8", "LANG": "C.UTF-8"}),
    "LC_ALL de_DE": Variant({"LC_ALL": "de_DE.UTF-8", "LANG": "de_DE.UTF-8"}),
    "LC_ALL tr_TR": Variant({"LC_ALL": "tr_TR.UTF-8", "LANG": "tr_TR.UTF-8"}),
    "TZ far east": Variant({"TZ": "Pacific/Kiritimati"}),
    "TZ far west": Variant({"TZ": "America/St_Johns"}),
    "no home": Variant({"HOME": "/nonexistent", "XDG_CACHE_HOME": ""}),
    "umask 077": Variant({}, umask=0o077),
    "a year ahead": Variant({"SOURCE_DATE_EPOCH": "4000000000", "COLUMNS": "40", "FORCE_COLOR": "1"}),
}


def compiled(tmp_path: Path, name: str, variant: Variant) -> dict[str, bytes]:
    """Every file that `assay compile` writes in a process of its own, without any cache."""
    project = tmp_path / name / variant.folder
    for folder, origin in CONTRACTS.items():
        (project / folder).mkdir(parents=True)
        for file in sorted(origin.glob("*.contract")):
            if file.name != "mistakes.contract":
                shutil.copy(file, project / folder)
    shutil.copy(ROOT / "examples" / "flights" / "production" / "assay.yml", project)
    away = tmp_path / name / "away"
    away.mkdir()
    out = tmp_path / name / "out"
    contracts = ["flights/flights.contract", "imports/contract.contract", "real_events/contract.contract"]
    ended = subprocess.run(
        [
            *(sys.executable, "-m", "assay.cli.main", "compile"),
            *(contracts if variant.inside else [str(project / item) for item in contracts]),
            *("--dialect", "postgres", "--dialect", "duckdb", "--out", str(out)),
        ],
        cwd=project if variant.inside else away,
        env={
            "PATH": os.environ.get("PATH", ""),
            "PYTHONPATH": os.pathsep.join(path for path in sys.path if path),
            "PYTHONHASHSEED": "0",
            "HOME": str(tmp_path),
            "ASSAY_CACHE_DIR": "",
            **variant.environment,
        },
        preexec_fn=partial(os.umask, variant.umask),
        capture_output=True,
        timeout=120,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr.decode(errors="replace")
    return {file.relative_to(out).as_posix(): file.read_bytes() for file in out.rglob("*") if file.is_file()}


@pytest.fixture(scope="module")
def expected(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    return compiled(tmp_path_factory.mktemp("first"), "run", Variant({}))


def test_everything_is_there(expected: dict[str, bytes]) -> None:
    assert {f"imports/contract/{name}" for name in FILES} <= set(expected)
    assert any(name.startswith("flights/flights/") and name.endswith(".yaml") for name in expected)
    assert len({name.split("/")[0] for name in expected}) == len(CONTRACTS)


@pytest.mark.parametrize("name", VARIANTS)
def test_compiled_files_are_the_same_bytes(tmp_path: Path, expected: dict[str, bytes], name: str) -> None:
    variant = VARIANTS[name]
    locale = variant.environment.get("LC_ALL", "")
    if locale and locale != "C":
        known = subprocess.run(["locale", "-a"], capture_output=True, text=True, check=False).stdout.lower()  # noqa: S607
        if locale.lower().replace("-", "") not in known.replace("-", ""):
            pytest.skip(f"locales: {locale} is not installed")
    found = compiled(tmp_path, "run", variant)
    assert sorted(found) == sorted(expected)
    assert [file for file, data in found.items() if data != expected[file]] == []
