"""Whatever stands in a file, a command ends with words and an exit code, never with a traceback."""

from __future__ import annotations

import os
import re
import resource
import subprocess
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from assay.cli.sample import CONTRACT
from tests.cli.conftest import COMMAND, Ended, environment

Assay = Callable[..., Ended]

CONTENTS = {
    "empty": b"",
    "blank": b"\n\n  \n",
    "comment": b"# nothing yet",
    "binary": bytes(range(256)) * 40,
    "parquet": b"PAR1\x15\x04\x15\xff\xfePAR1",
    "latin-1": "contract é".encode("latin-1"),
    "utf-16": CONTRACT.encode("utf-16"),
    "nul": CONTRACT.replace("bigint", "big\0int", 1).encode(),
    "ten megabytes": b"# " + b"x" * 10_000_000,
    "one line": b"contract " * 50_000,
    "deep": b"contract a.b version 1.0.0 { dataset a.b check " + b"(" * 20_000,
    "escape": b"contract \x1b[31mred version 1.0.0 {}",
    "lone surrogate": b"contract \xed\xa0\x80 {",
    "nested": CONTRACT.replace("check rows", f"check {'(' * 10_000}rows{')' * 10_000}", 1).encode(),
    "unterminated block": CONTRACT.rstrip().removesuffix("}").encode(),
    "unterminated text": CONTRACT.replace("'new'", "'new", 1).encode(),
    "unterminated prose": CONTRACT.replace("{", '{ "One row per', 1).encode(),
    "duplicate names": CONTRACT.replace("column email", "column status", 1).encode(),
    "unknown names": CONTRACT.replace("missing(email)", "missing(emial)", 1).encode(),
    "no name": b"contract {\n  dataset a.b\n  column id int\n}\n",
}


@pytest.mark.parametrize("command", ["check", "verify", "compile", "fmt"])
@pytest.mark.parametrize("content", CONTENTS.values(), ids=list(CONTENTS))
def test_content(folder: Path, assay: Assay, command: str, content: bytes) -> None:
    (folder / "x.contract").write_bytes(content)
    ended = assay(command, "x.contract")
    assert "E901" not in ended.err
    assert "Traceback" not in ended.err + ended.out
    assert "\x1b" not in ended.err + ended.out
    assert ended.code in ((0, 2) if command == "fmt" else (2,)), ended


@pytest.mark.parametrize("content", CONTENTS.values(), ids=list(CONTENTS))
def test_content_through_the_whole_command(folder: Path, process: Assay, content: bytes) -> None:
    (folder / "x.contract").write_bytes(content)
    started = time.monotonic()
    ended = process("verify", "x.contract")
    assert time.monotonic() - started < 10
    assert ended.code == 2
    assert re.search(r"^error\[E[0-9]{3}\]: ", ended.err, re.MULTILINE), ended
    assert "E901" not in ended.err
    assert "Traceback" not in ended.err + ended.out


@pytest.mark.parametrize("content", CONTENTS.values(), ids=list(CONTENTS))
def test_configuration(shop: Path, assay: Assay, content: bytes) -> None:
    (shop / "assay.yml").write_bytes(content)
    ended = assay("verify")
    assert ended.code == 2
    assert "E901" not in ended.err
    assert "\x1b" not in ended.err


@pytest.mark.parametrize("content", CONTENTS.values(), ids=list(CONTENTS))
@pytest.mark.parametrize("ending", ["parquet", "csv", "duckdb"])
def test_data(shop: Path, assay: Assay, content: bytes, ending: str) -> None:
    (shop / f"orders.{ending}").write_bytes(content)
    ended = assay("verify", "--data", f"orders.{ending}")
    assert "E901" not in ended.err
    assert ended.code in (1, 3)


def test_line_ends_and_byte_order_mark(shop: Path, assay: Assay) -> None:
    (shop / "orders.contract").write_bytes(b"\xef\xbb\xbf" + CONTRACT.replace("\n", "\r\n").encode())
    (shop / "assay.yml").write_bytes(
        b"\xef\xbb\xbf" + (shop / "assay.yml").read_bytes().replace(b"\n", b"\r\n")
    )
    assert assay("verify").code == 0


def test_folders_and_names(shop: Path, assay: Assay) -> None:
    (shop / "folder.contract").mkdir()
    (shop / "sub").mkdir()
    assert assay("check", "folder.contract").code == 2
    assert "E631" in assay("check", "sub").err
    assert assay("check", ".").code == 0
    assert assay("check", "x" * 5000).code == 2
    (shop / "link.contract").symlink_to("/etc/passwd")
    assert "E609" in assay("check", "link.contract").out
    (shop / "broken.contract").symlink_to("nowhere")
    assert assay("check", "broken.contract").code == 2


@pytest.mark.skipif(os.geteuid() == 0, reason="unreadable files: root reads everything")
def test_unreadable(shop: Path, assay: Assay) -> None:
    (shop / "orders.contract").chmod(0)
    assert "E601" in assay("check").err


@pytest.mark.usefixtures("shop")
def test_outside_of_the_project(tmp_path: Path, assay: Assay) -> None:
    (tmp_path / "other.contract").write_text(CONTRACT)
    assert "E609" in assay("check", "orders.contract", str(tmp_path / "other.contract")).err


def test_two_runs_on_one_store(shop: Path, process: Assay) -> None:
    data = shop / "data" / "orders.csv"
    data.write_text(data.read_text().replace(",new,", ",odd,"))
    with ThreadPoolExecutor(3) as pool:
        ended = list(pool.map(lambda _: process("verify"), range(3)))
    assert [end.code for end in ended] == [1, 1, 1]
    assert not any("could not be kept" in end.out for end in ended)


def _small() -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


def test_a_full_disk(shop: Path) -> None:
    for arguments, code in ((["verify"], 0), (["compile"], 3), (["verify", "-o", "json", "report.json"], 3)):
        ended = subprocess.run(
            [*COMMAND, *arguments],
            capture_output=True,
            env=environment(),
            preexec_fn=_small,
            timeout=60,
            check=False,
        )
        assert b"Traceback" not in ended.stderr
        assert b"E901" not in ended.stderr
        assert ended.returncode == code, ended.stderr
    assert not (shop / "report.json").exists()


@pytest.mark.usefixtures("shop")
def test_standard_output_that_is_full() -> None:
    with Path("/dev/full").open("wb") as full:
        ended = subprocess.run(
            [*COMMAND, "verify"], stdout=full, stderr=subprocess.PIPE, env=environment(), check=False
        )
    assert ended.returncode == 3
    assert b"cannot be written" in ended.stderr
    assert b"Traceback" not in ended.stderr


@pytest.mark.usefixtures("shop")
def test_an_error_of_our_own(assay: Assay, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError("secret")

    monkeypatch.setattr("assay.cli.verify.prepare", broken)
    ended = assay("verify")
    assert ended.code == 3
    assert ended.err.startswith("error[E901]: something went wrong inside Assay: ZeroDivisionError in ")
    assert "secret" not in ended.err
    monkeypatch.setenv("ASSAY_DEBUG", "1")
    assert "Traceback" in assay("verify").err


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("verfiy",), "did you mean `verify`?"),
        (("verify", "--jsn"), "did you mean `--json`"),
        (("verify", "--output", "xml", "x"), "`json`"),
        (("rows", "--limit", "0"), "limit"),
        (("completion", "tcsh"), "bash"),
        (("fmt", "-", "x"), "stands alone"),
    ],
)
def test_usage(assay: Assay, arguments: tuple[str, ...], words: str) -> None:
    ended = assay(*arguments)
    assert ended.code == 2
    assert words in ended.err
    assert ended.err.startswith("error: ")
