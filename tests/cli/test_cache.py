"""Compiled bundles are kept, and never trusted more than they deserve."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from assay.cli import cache
from tests.cli.conftest import Ended, environment

Assay = Callable[..., Ended]

IMPORTS = """\
import sys
from assay.cli.main import run
code = run(["verify", "-q"])
heavy = ("assay.compiler.parse", "sqlglot", "rich", "yaml", "jinja2")
print(code, *(name for name in heavy if name in sys.modules))
"""


def imported() -> str:
    done = subprocess.run([sys.executable, "-c", IMPORTS], capture_output=True, env=environment(), check=True)
    return done.stdout.decode().splitlines()[-1]


def entries(tmp_path: Path) -> list[Path]:
    return [path for path in (tmp_path / "cache" / "bundles").rglob("*") if path.is_file()]


@pytest.mark.usefixtures("shop")
def test_a_hit_does_without_compiler_yaml_and_rich() -> None:
    assert "assay.compiler.parse" in imported()
    assert imported() == "0"


@pytest.mark.parametrize("damage", [b"", b"nonsense", None])
@pytest.mark.usefixtures("shop")
def test_a_damaged_entry_is_ignored_and_rewritten(tmp_path: Path, assay: Assay, damage: bytes | None) -> None:
    first = assay("verify", "--json")
    (entry,) = entries(tmp_path)
    good = entry.read_bytes()
    entry.write_bytes(good[:-1] + bytes([good[-1] ^ 1]) if damage is None else damage)
    again = assay("verify", "--json")
    assert (again.code, again.err) == (first.code, first.err)
    assert entry.read_bytes() == good


def test_what_is_imported_counts(shop: Path, assay: Assay) -> None:
    contract = shop / "orders.contract"
    contract.write_text(
        'import "shared.contract"\n' + contract.read_text().replace("matches email", "matches mail")
    )
    (shop / "shared.contract").write_text("format mail /@/\n")
    assert assay("verify", "orders.contract").code == 0
    (shop / "shared.contract").write_text("format mail /@nowhere/\n")
    assert assay("verify", "orders.contract").code == 1
    (shop / "shared.contract").unlink()
    assert assay("verify", "orders.contract").code == 2
    (shop / "shared.contract").write_text("format mail /@/\n")
    assert assay("verify", "orders.contract").code == 0


def test_warnings_are_shown_on_a_hit_too(shop: Path, assay: Assay) -> None:
    contract = shop / "orders.contract"
    contract.write_text(
        contract.read_text().replace("dataset shop.orders", "dataset shop.orders\n param unused int = 1")
    )
    first = assay("verify")
    assert "warning[W" in first.err
    assert assay("verify").err == first.err
    assert assay("verify", "-q").err == ""


@pytest.mark.usefixtures("shop")
def test_no_cache_is_no_fault(process: Assay, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    for place in ("", str(tmp_path / "file"), "/proc/nowhere"):
        assert process("verify", ASSAY_CACHE_DIR=place).code == 0


@pytest.mark.usefixtures("shop")
def test_many_at_once(process: Assay, tmp_path: Path) -> None:
    with ThreadPoolExecutor(4) as pool:
        ended = list(pool.map(lambda _: process("verify", "--json"), range(4)))
    assert [end.code for end in ended] == [0] * 4
    assert len(entries(tmp_path)) == 1


def test_it_does_not_grow_without_bound(tmp_path: Path) -> None:
    base = tmp_path / "bundles"
    base.mkdir()
    for number in range(10):
        (base / str(number)).write_bytes(b"x" * 100)
    cache.trim(base, entries=6)
    assert len(list(base.iterdir())) == 6
    cache.trim(base, size=350)
    assert len(list(base.iterdir())) == 3
