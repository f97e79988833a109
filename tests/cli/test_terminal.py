"""A terminal sees colours, progress and some failed rows; a pipe sees none of them."""

from __future__ import annotations

import os
import pty
import re
import select
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from tests.cli.conftest import COMMAND, Ended, environment

Assay = Callable[..., Ended]

SLOW = """\
contract shop.slow version 1.0.0 {
  dataset shop.main.slow
  column id bigint
  check sum(id) >= 0
}
"""
ENDLESS = "SELECT a.range AS id FROM range(4000000) a, range(4000000) b WHERE a.range + b.range < 9"


def on_terminal(*arguments: str, **changes: str) -> tuple[int, str]:
    """Runs a command on a terminal of its own; gives the exit code and what the terminal got."""
    main, other = pty.openpty()
    process = subprocess.Popen(
        [*COMMAND, *arguments],
        stdin=other,
        stdout=other,
        stderr=other,
        env=environment(TERM="xterm", **changes),
    )
    os.close(other)
    got = b""
    while True:
        ready, _, _ = select.select([main], [], [], 30)
        try:
            piece = os.read(main, 65536) if ready else b""
        except OSError:
            piece = b""
        if not piece:
            break
        got += piece
    os.close(main)
    return process.wait(30), got.decode()


@pytest.fixture
def spoiled(shop: Path) -> Path:
    data = shop / "data" / "orders.csv"
    data.write_text(data.read_text().replace(",new,52.41,", ",CANARY\x1b]0;owned\x07\x1b[2J,52.41,"))
    return shop


@pytest.mark.usefixtures("spoiled")
def test_a_terminal_sees_failed_rows_and_no_escape_of_the_data() -> None:
    code, text = on_terminal("verify")
    assert code == 1
    assert "CANARY" in text
    assert "\x1b[32m" in text
    assert not any(sign in text for sign in ("\x1b]", "\x1b[2J", "\x07"))
    text = text[text.index("shop.orders 1.0.0") :]
    assert max(len(re.sub("\x1b\\[[0-9;]*m", "", line)) for line in text.splitlines()) <= 100


@pytest.mark.usefixtures("spoiled")
def test_a_pipe_sees_neither_rows_nor_colours(process: Assay) -> None:
    ended = process("verify")
    assert "CANARY" not in ended.out + ended.err
    assert "\x1b" not in ended.out + ended.err
    assert "\x1b" in process("verify", FORCE_COLOR="1").out
    assert "CANARY" not in process("verify", FORCE_COLOR="1").out
    assert "\x1b" not in process("verify", FORCE_COLOR="1", NO_COLOR="1").out


@pytest.mark.parametrize("switch", [{"NO_COLOR": "1"}, {"TERM": "dumb"}])
@pytest.mark.usefixtures("spoiled")
def test_a_terminal_without_colours(switch: dict[str, str]) -> None:
    main, other = pty.openpty()
    with subprocess.Popen(
        [*COMMAND, "verify"], stdout=other, stderr=other, env=environment(**switch)
    ) as running:
        os.close(other)
        text = b""
        try:
            while piece := os.read(main, 65536):
                text += piece
        except OSError:
            pass
        assert running.wait(30) == 1
    os.close(main)
    assert b"\x1b[" not in text
    assert b"CANARY" in text


@pytest.mark.usefixtures("spoiled")
def test_rows(process: Assay) -> None:
    process("verify")
    code, text = on_terminal("rows", "shop.orders", "orders.status.in", "--csv")
    assert code == 0
    assert "CANARY␛" in text
    assert "\x1b]0" not in text
    assert "CANARY\x1b]0" in process("rows", "shop.orders", "orders.status.in", "--csv").out
    assert "CANARY␛" in process("rows", "shop.orders", "orders.status.in").out
    assert '"status":"CANARY' in process("rows", "orders.contract", "orders.status.in", "--json").out
    assert process("rows", "--csv").out.splitlines()[0] == "contract,run,now,check,rows"
    assert '"check":"orders.status.in","rows":1' in process("rows", "--json").out
    ended = process("rows", "shop.orders", "orders.status.im")
    assert ended.code == 2
    assert "did you mean `orders.status.in`" in ended.err


@pytest.fixture
def slow(shop: Path) -> Path:
    (shop / "orders.contract").write_text(SLOW)
    (shop / "assay.yml").write_text("sources: {shop: {type: duckdb, path: slow.duckdb}}")
    with duckdb.connect(str(shop / "slow.duckdb")) as connection:
        connection.sql(f"CREATE VIEW slow AS {ENDLESS}")
    return shop


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
@pytest.mark.usefixtures("slow")
def test_a_signal_stops_the_database(number: signal.Signals, code: int) -> None:
    assert (
        subprocess.run([*COMMAND, "check"], env=environment(), check=False, capture_output=True).returncode
        == 0
    )
    running = subprocess.Popen(
        [*COMMAND, "verify", "--json"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment()
    )
    time.sleep(4)
    assert running.poll() is None
    sent = time.monotonic()
    running.send_signal(number)
    out, err = running.communicate(timeout=20)
    assert time.monotonic() - sent < 10
    assert running.returncode == code
    assert b'"cancelled"' in out
    assert b"Traceback" not in err


@pytest.mark.usefixtures("slow")
def test_progress_is_drawn_and_taken_away() -> None:
    main, other = pty.openpty()
    running = subprocess.Popen(
        [*COMMAND, "verify"], stdout=other, stderr=other, env=environment(TERM="xterm")
    )
    os.close(other)
    text = b""
    deadline = time.monotonic() + 30
    while b"scan" not in text and time.monotonic() < deadline:
        text += os.read(main, 65536)
    running.send_signal(signal.SIGINT)
    try:
        while piece := os.read(main, 65536):
            text += piece
    except OSError:
        pass
    assert running.wait(30) == 130
    assert b"shop.slow" in text
    assert b"\x1b[?25h" in text
    os.close(main)


@pytest.mark.usefixtures("shop")
def test_the_reader_of_the_output_goes_away() -> None:
    for arguments in (["verify"], ["explain", "E201"], ["--help"]):
        running = subprocess.Popen(
            [*COMMAND, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment()
        )
        assert running.stdout is not None
        running.stdout.close()
        assert running.stderr is not None
        err = running.stderr.read()
        assert running.wait(30) == 141
        assert err == b""


def plain(text: str) -> str:
    return re.sub("\x1b\\[[0-9;?]*[a-zA-Z]", "", text).replace("\r", "")


@pytest.mark.parametrize("kind", ["folder", "database"])
def test_what_is_there_in_place_of_a_missing_table(shop: Path, kind: str) -> None:
    if kind == "folder":
        (shop / "data" / "orders.csv").rename(shop / "data" / "order.csv")
    else:
        with duckdb.connect(str(shop / "shop.duckdb")) as connection:
            connection.execute(f"CREATE TABLE \"order\" AS FROM read_csv('{shop}/data/orders.csv')")
        (shop / "assay.yml").write_text("sources:\n  shop: {type: duckdb, path: shop.duckdb}\n")
    code, text = on_terminal("verify")
    assert code == 3
    assert "did you mean `shop.order`?" in plain(text)
    assert plain(text).count("the table is not there") == 1


def test_many_checks_that_passed_are_a_block(folder: Path) -> None:
    columns = [f"c{n}" for n in range(30)]
    body = "\n".join(f"column {name} bigint required" for name in columns)
    (folder / "wide.contract").write_text(
        f"contract a.wide version 1.0.0 {{ dataset a.wide\n{body}\ncheck avg(c1) = 1\ncheck max(c2) > 1 }}"
    )
    (folder / "wide.csv").write_text(",".join(columns) + "\n" + "1," * 29 + "1\n")
    code, text = on_terminal("verify", "wide.contract", "--data", "wide.csv", COLUMNS="90")
    lines = plain(text[text.index("a.wide 1.0.0") :]).splitlines() if "a.wide 1.0.0" in text else []
    assert code == 1
    assert lines[1].strip() == "✓ 31 checks hold on every row"
    assert lines[2].strip().startswith("schema · c0: required · c1: required")
    assert max(map(len, lines)) <= 90
    marks = [line.strip()[0] for line in lines if line.strip()[:1] in ("✓", "✗")]
    assert marks == ["✓", "✓", "✗"], "what failed stands last"
