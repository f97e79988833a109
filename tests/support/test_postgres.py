from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest

from tests.support import postgres as support
from tests.support.postgres import Server, Unavailable, database, postgres

ROOT = Path(__file__).parents[2]

OWNER = """
import time
from tests.support.postgres import postgres
with postgres() as server:
    with server.connect() as connection:
        print(connection.execute("SHOW data_directory").fetchone()[0], server.port, flush=True)
    time.sleep(60)
"""


def test_answers(postgres_server: Server) -> None:
    with postgres_server.connect() as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)


def test_refuses_a_wrong_password(postgres_server: Server) -> None:
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        replace(postgres_server, password="wrong").connect()


def test_gives_each_test_an_empty_database(postgres_server: Server) -> None:
    with database(postgres_server) as first, database(postgres_server) as second:
        with first.connect() as connection:
            connection.execute("CREATE TABLE t (a int)")
        with second.connect() as connection:
            assert connection.execute("SELECT to_regclass('t')").fetchone() == (None,)


def test_removes_a_database_that_is_still_in_use(postgres_server: Server) -> None:
    with database(postgres_server) as fresh:
        held = fresh.connect()
    with pytest.raises(psycopg.OperationalError):
        held.execute("SELECT 1")
    with pytest.raises(psycopg.OperationalError, match="does not exist"):
        fresh.connect()


def test_the_fixture_is_a_database_of_its_own(postgres_server: Server, postgres_database: Server) -> None:
    assert postgres_database.dbname != postgres_server.dbname
    with postgres_database.connect() as connection:
        assert connection.execute("SHOW server_encoding").fetchone() == ("UTF8",)


def test_says_why_there_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ASSAY_TEST_POSTGRES", raising=False)
    monkeypatch.setattr(support, "_programs", lambda: iter([Path("/nowhere/bin")]))
    with pytest.raises(Unavailable, match="/nowhere/bin: no initdb there"), postgres():
        pass


def test_does_not_tell_the_password_of_a_server_that_is_not_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASSAY_TEST_POSTGRES", "postgresql://someone:hush@127.0.0.1:1/postgres")
    with pytest.raises(Unavailable, match=r"127\.0\.0\.1") as caught, postgres():
        pass
    assert "hush" not in str(caught.value)


def test_uses_the_server_that_is_given(postgres_server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASSAY_TEST_POSTGRES", postgres_server.conninfo)
    with postgres() as given:
        assert given == postgres_server


@pytest.mark.slow
def test_stops_and_removes_everything_when_its_owner_is_killed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ASSAY_TEST_POSTGRES", raising=False)
    try:
        with postgres():
            pass
    except Unavailable as error:
        pytest.skip(f"PostgreSQL: not run: {error}")
    owner = subprocess.Popen([sys.executable, "-c", OWNER], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert owner.stdout is not None
    data = Path(owner.stdout.readline().split()[0])
    server = int((data / "postmaster.pid").read_text(encoding="utf-8").split()[0])
    owner.send_signal(signal.SIGKILL)
    owner.wait()
    owner.stdout.close()
    _until_gone(data.parent)
    with pytest.raises(ProcessLookupError):
        os.kill(server, 0)


@pytest.mark.slow
def test_settings_reach_the_server(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ASSAY_TEST_POSTGRES", raising=False)
    try:
        with postgres(shared_buffers="16MB") as server, server.connect() as connection:
            assert connection.execute("SHOW shared_buffers").fetchone() == ("16MB",)
    except Unavailable as error:
        pytest.skip(f"PostgreSQL: not run: {error}")


def _until_gone(path: Path, seconds: float = 10.0) -> None:
    until = time.monotonic() + seconds
    while path.exists():
        assert time.monotonic() < until, f"{path} is still there"
        time.sleep(0.05)
