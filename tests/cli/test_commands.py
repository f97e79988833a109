"""check, fmt, init, explain, completion, version: the small commands."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

import assay as package
from assay.cli.sample import CONTRACT, FILES
from tests.cli.conftest import Ended

Assay = Callable[..., Ended]

WRONG = CONTRACT.replace("missing(email)", "missing(emial)")


def test_check(shop: Path, assay: Assay) -> None:
    assert assay("check") == Ended(0, "1 contract: nothing to complain about\n", "")
    (shop / "orders.contract").write_text(WRONG)
    ended = assay("check")
    assert ended.code == 2
    assert ended.out.startswith("error[E201]: unknown column `emial`\n")
    assert ended.out.endswith("1 contract: 1 error\n")
    (found,) = json.loads(assay("check", "--format", "json").out)
    assert (found["code"], found["file"]) == ("E201", "orders.contract")
    assert assay("check", "--format", "github").out.startswith("::error file=orders.contract,line=")


def test_check_says_a_fault_of_an_import_once(shop: Path, assay: Assay) -> None:
    for name in ("a", "b"):
        text = f"contract shop.{name} version 1.0.0 {{ dataset shop.{name} column x int }}"
        (shop / f"{name}.contract").write_text('import "shared.contract"\n' + text)
    (shop / "shared.contract").write_text("format x /(/\n")
    assert assay("check").out.count("--> shared.contract") == 1


def test_fmt(shop: Path, assay: Assay, process: Assay) -> None:
    contract = shop / "orders.contract"
    contract.write_text(CONTRACT.replace("    ", " "))
    assert assay("fmt", "--check").code == 1
    assert assay("fmt").out == "changed orders.contract\n"
    assert contract.read_text() == CONTRACT
    assert assay("fmt") == Ended(0, "", "1 file in the style\n")
    assert process("fmt", "-", stdin=CONTRACT.replace("    ", " ")).out == CONTRACT
    assert process("fmt", "-", "--check", stdin=CONTRACT).code == 0
    assert process("fmt", "-", stdin=b"\xff").code == 2
    contract.write_text("contract a.b {\n dataset a.b colunm x int }")
    ended = assay("fmt")
    assert ended.code == 2
    assert "colunm" in contract.read_text()


def test_init(folder: Path, assay: Assay) -> None:
    ended = assay("init", "shop")
    assert ended.code == 0
    assert "cd shop && assay verify" in ended.out
    assert {name for name in FILES if (folder / "shop" / name).is_file()} == set(FILES)
    (folder / "shop" / "orders.contract").write_text("mine")
    ended = assay("init", "shop")
    assert ended.code == 2
    assert (folder / "shop" / "orders.contract").read_text() == "mine"


def test_explain(shop: Path, assay: Assay) -> None:
    assert "Fixed" in assay("explain", "e201").out
    assert assay("explain", "E604").code == 0
    assert "pattern" in assay("explain", "email").out
    assert assay("explain", "orders.contract").code == 0
    (shop / "orders.contract").write_text(WRONG)
    assert assay("explain", "orders.contract").code == 2
    assert "did you mean `email`" in assay("explain", "emial").err
    assert assay("explain", "E999").code == 2


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion(assay: Assay, process: Assay, shell: str) -> None:
    assert "_ASSAY_COMPLETE" in assay("completion", shell).out
    if shell == "bash":
        ended = process(_ASSAY_COMPLETE="bash_complete", COMP_WORDS="assay ver", COMP_CWORD="1")
        assert ended.out == "plain,verify\n"


def test_version(assay: Assay) -> None:
    assert assay("--version").out == f"assay {package.__version__}\n"


def test_a_project_is_found_from_below(shop: Path, assay: Assay, monkeypatch: pytest.MonkeyPatch) -> None:
    below = shop / "data"
    monkeypatch.chdir(below)
    assert assay("verify").code == 0
    assert assay("verify", "../orders.contract").code == 0
    (shop / "assay.yml").write_text((shop / "assay.yml").read_text() + "contracts: [none.contract]\n")
    assert "E630" in assay("verify").err
