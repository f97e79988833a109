"""The folders, the links to them, the wheel and the house rules that no linter knows."""

from __future__ import annotations

import ast
import subprocess
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
TARGETS = PROJECT["tool"]["hatch"]["build"]["targets"]
LINKS = sorted(path for path in (ROOT / "src" / "assay").iterdir() if path.is_symlink())
FOLDERS = [link.name for link in LINKS]
LONGEST = 700
CODE_FOLDERS = [*FOLDERS, "tests", "bench", "examples", "tools"]

# What a pure function has no use for: files, network, processes, clock, chance, environment.
IMPURE_MODULES = {
    *("asyncio", "ctypes", "getpass", "glob", "http", "io", "locale", "logging", "multiprocessing", "os"),
    *(
        "pathlib",
        "platform",
        "random",
        "secrets",
        "shutil",
        "signal",
        "socket",
        "sqlite3",
        "ssl",
        "subprocess",
    ),
    *("sys", "tempfile", "threading", "time", "urllib", "uuid", "zoneinfo"),
}
IMPURE_NAMES = {"open", "input", "print", "exec", "eval", "__import__"}
IMPURE_METHODS = {"now", "today", "utcnow"}


def _python_files(folder: str) -> Iterator[Path]:
    return (path for path in sorted((ROOT / folder).rglob("*.py")) if path.is_file())


def _tracked() -> list[Path]:
    try:
        listed = subprocess.run(
            ["git", "ls-files", "-z"],  # noqa: S607 - whichever git the developer has
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=True,
        )
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("the list of tracked files: not a git checkout")
    paths = (ROOT / name for name in listed.stdout.split("\0") if name)
    return [path for path in paths if path.is_file() and not path.is_symlink()]


def test_every_link_points_to_its_folder() -> None:
    for link in LINKS:
        assert link.readlink() == Path("../..", link.name)
        assert (ROOT / link.name).is_dir()


def test_the_wheel_holds_the_package_and_every_linked_folder() -> None:
    wheel = TARGETS["wheel"]
    assert sorted(wheel["only-include"]) == sorted(["src/assay/__init__.py", "src/assay/py.typed", *FOLDERS])
    assert wheel["sources"] == {"src/assay": "assay"} | {name: f"assay/{name}" for name in FOLDERS}


def test_the_sdist_holds_all_that_the_wheel_does() -> None:
    assert set(TARGETS["sdist"]["only-include"]) >= set(TARGETS["wheel"]["only-include"])


def test_pyright_names_every_folder_with_code() -> None:
    with_code = {f"src/assay/{name}" for name in FOLDERS if any(_python_files(name))}
    assert set(PROJECT["tool"]["pyright"]["include"]) >= with_code


def test_the_lock_has_a_hash_for_every_package_and_no_address() -> None:
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    assert "://" not in lock
    assert "--index" not in lock
    for entry in lock.replace("\\\n", " ").splitlines():
        if entry.strip():
            assert "--hash=sha256:" in entry, entry


def _impurities(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        match node:
            case ast.Import(names=names):
                found = [alias.name for alias in names if alias.name.split(".")[0] in IMPURE_MODULES]
            case ast.ImportFrom(module=str(module)):
                found = [module] if module.split(".")[0] in IMPURE_MODULES else []
            case ast.Call(func=ast.Name(id=name)):
                found = [name] if name in IMPURE_NAMES else []
            case ast.Call(func=ast.Attribute(attr=name)):
                found = [name] if name in IMPURE_METHODS else []
            case _:
                continue
        for name in found:
            yield f"line {getattr(node, 'lineno', '?')}: {name}"


@pytest.mark.parametrize(
    "source",
    ["import os.path", "from pathlib import Path", "open('x')", "datetime.now()", "from time import time"],
)
def test_impurities_are_seen(source: str) -> None:
    assert list(_impurities(ast.parse(source)))


def test_the_compiler_is_pure() -> None:
    found = [
        f"{path.relative_to(ROOT)} {impurity}"
        for path in _python_files("compiler")
        for impurity in _impurities(ast.parse(path.read_text(encoding="utf-8")))
    ]
    assert not found, "\n".join(found)


def test_no_file_is_long() -> None:
    lengths = {
        path.relative_to(ROOT): len(path.read_text(encoding="utf-8").splitlines())
        for folder in CODE_FOLDERS
        for path in _python_files(folder)
    }
    assert not {str(path): length for path, length in lengths.items() if length > LONGEST}


def test_no_tracked_file_names_a_registry_or_a_path_of_one_machine() -> None:
    # put together here, so that this file is not found itself
    registries = ["py" + "pi.org", "files.python" + "hosted", "registry." + "npmjs", "deb." + "debian.org"]
    machine = ["/" + "home/", "/" + "work/", "/" + "root/", str(ROOT) + "/"]
    found: list[str] = []
    for path in _tracked():
        data = path.read_bytes()
        found.extend(
            f"{path.relative_to(ROOT)}: {word}" for word in registries + machine if word.encode() in data
        )
    assert not found, "\n".join(found)
