"""`assay hub …` as processes, the way people run it."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import ssl
import subprocess
import sys
import threading
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.support.certificates import authority
from tests.support.live import Http
from tests.support.scripted import ScriptedAgent, prepare, verify

COMMAND = (sys.executable, "-m", "assay.cli.main", "hub")
TIMEOUT = 60


def environment(**changes: str) -> dict[str, str]:
    paths = os.pathsep.join(path for path in sys.path if path)
    return {**os.environ, "PYTHONPATH": paths, **changes}


class Process:
    """A hub, its standard output read line by line."""

    def __init__(self, folder: Path, *arguments: str, **changes: str) -> None:
        self.popen = subprocess.Popen(
            [*COMMAND, "serve", "--port", "0", "--json", *arguments],
            cwd=folder,
            env=environment(**changes),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self.err: list[str] = []
        assert self.popen.stderr is not None
        stream = self.popen.stderr
        threading.Thread(target=lambda: self.err.extend(stream), daemon=True).start()
        self.said: dict[str, str] = {}
        while "address" not in self.said:
            assert self.popen.stdout is not None
            line = self.popen.stdout.readline()
            assert line, self.ended()
            self.said |= json.loads(line)

    @property
    def http(self) -> Http:
        host, _, port = self.said["address"].rpartition("://")[2].rpartition(":")
        return Http(host, int(port), self.said.get("key", ""))

    def ended(self) -> str:
        self.popen.wait(TIMEOUT)
        time.sleep(0.1)
        return "".join(self.err)

    def stop(self) -> int:
        if self.popen.poll() is None:
            self.popen.send_signal(signal.SIGTERM)
        return self.popen.wait(TIMEOUT)


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Callable[..., Process]]:
    """Starts hubs in one folder; ends them with the test."""
    begun: list[Process] = []

    def start(*arguments: str, **changes: str) -> Process:
        begun.append(Process(tmp_path, *arguments, **changes))
        return begun[-1]

    yield start
    for process in begun:
        process.stop()


def run(folder: Path, *arguments: str, **changes: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*COMMAND, *arguments],
        cwd=folder,
        env=environment(**changes),
        capture_output=True,
        text=True,
        timeout=TIMEOUT,
        check=False,
    )


def test_an_empty_folder_becomes_a_hub_whose_key_is_shown_once(
    serve: Callable[..., Process], tmp_path: Path
) -> None:
    first = serve()
    assert first.said["tenant"] == "default"
    assert first.http.call("whoami").role == "admin"
    assert not [
        file
        for file in (tmp_path / "assay-hub").iterdir()
        if file.stat().st_mode & 0o077 and "hub.db.lock" not in file.name
    ]
    assert first.stop() == 0
    again = serve()
    assert set(again.said) == {"address"}
    http = again.http
    http.token = first.said["key"]
    assert http.call("whoami").tenant == "default"


def test_a_second_hub_on_one_sqlite_says_why_it_cannot(serve: Callable[..., Process], tmp_path: Path) -> None:
    serve()
    ended = run(tmp_path, "serve", "--port", "0")
    assert ended.returncode == 2
    assert "SQLite serves one; several can share a PostgreSQL" in ended.stderr
    assert "Traceback" not in ended.stderr
    migrated = run(tmp_path, "migrate")
    assert migrated.returncode == 2


def test_two_hubs_on_one_postgres_are_one_hub(
    serve: Callable[..., Process], tmp_path: Path, postgres_address: str
) -> None:
    """What one queues, an agent that waits at the other gets at once."""
    made = run(tmp_path, "init", "--json", "--store", postgres_address)
    key = json.loads(made.stdout)["key"]
    one, two = (serve("--store", postgres_address).http for _ in range(2))
    one.token = two.token = key
    prepare(one)
    agent = ScriptedAgent(two)
    verify(two, agent, unique=1)
    answers: list[tuple[float, int]] = []

    def wait() -> None:
        count = len(agent.poll(wait_s=25).deliver)
        answers.append((time.monotonic(), count))

    thread = threading.Thread(target=wait)
    thread.start()
    time.sleep(1)
    began = time.monotonic()
    one.call("create_run", {"contract": "shop.orders"})
    thread.join(40)
    ((at, count),) = answers
    assert count == 1
    assert at - began < 15


def test_the_master_key_is_replaced_while_the_hub_serves(
    serve: Callable[..., Process], tmp_path: Path
) -> None:
    hub = serve()
    prepare(hub.http)
    before = (tmp_path / "assay-hub" / "master.key").read_text()
    made = run(tmp_path, "tenant", "acme", "--json")
    done = run(tmp_path, "rotate-key", "--json")
    assert (done.returncode, json.loads(done.stdout)["wrapped"]) == (0, 2), done.stderr
    assert (tmp_path / "assay-hub" / "master.key").read_text() != before
    assert (tmp_path / "assay-hub" / "master.key.old").read_text() == before
    assert hub.http.call("get_source", name="warehouse").revision == 1
    late = Http(hub.http.host, hub.http.port, json.loads(made.stdout)["key"])
    prepare(late)
    (tmp_path / "assay-hub" / "master.key.old").unlink()
    assert hub.stop() == 0
    again = serve()
    late.port = again.http.port
    assert late.call("get_source", name="warehouse").document["type"] == "postgres"


def test_a_rotation_that_was_stopped_goes_on_where_it_was(
    serve: Callable[..., Process], tmp_path: Path
) -> None:
    hub = serve()
    prepare(hub.http)
    folder = tmp_path / "assay-hub"
    before = (folder / "master.key").read_text()
    begun = subprocess.Popen([*COMMAND, "rotate-key"], cwd=tmp_path, env=environment())
    try:
        until = time.monotonic() + TIMEOUT
        while (folder / "master.key").read_text() == before:
            assert time.monotonic() < until
            time.sleep(0.05)
    finally:
        begun.kill()
        begun.wait(TIMEOUT)
    made = (folder / "master.key").read_text()
    assert hub.stop() == 0
    between = serve().http
    between.token = hub.said["key"]
    assert between.call("get_source", name="warehouse").revision == 1
    ended = run(tmp_path, "rotate-key", "--json")
    assert json.loads(ended.stdout)["wrapped"] == 1, ended.stderr
    assert (folder / "master.key").read_text() == made
    assert between.call("get_source", name="warehouse").revision == 1


def test_a_backup_needs_the_master_key_of_its_time(serve: Callable[..., Process], tmp_path: Path) -> None:
    hub = serve()
    prepare(hub.http)
    key = tmp_path / "assay-hub" / "master.key"
    (tmp_path / "then.key").write_text(key.read_text())
    assert run(tmp_path, "backup", "copy.db").returncode == 0
    assert run(tmp_path, "rotate-key").returncode == 0
    (tmp_path / "assay-hub" / "master.key.old").unlink()
    assert hub.stop() == 0
    copied = ("--store", f"sqlite:///{tmp_path}/copy.db")
    ended = run(tmp_path, "serve", "--port", "0", *copied, "--master-key-file", str(key))
    assert ended.returncode == 2
    assert "the master key is not the one" in ended.stderr
    restored = serve(*copied, "--master-key-file", "then.key").http
    restored.token = hub.said["key"]
    assert restored.call("get_source", name="warehouse").revision == 1


def test_a_backup_of_a_hub_that_serves_is_a_hub(serve: Callable[..., Process], tmp_path: Path) -> None:
    hub = serve()
    prepare(hub.http)
    ended = run(tmp_path, "backup", "copy.db", "--json")
    assert ended.returncode == 0, ended.stderr
    copied = tmp_path / "copy.db"
    assert copied.stat().st_mode & 0o777 == 0o600
    assert run(tmp_path, "backup", "copy.db").returncode == 2
    key = tmp_path / "assay-hub" / "master.key"
    other = serve("--store", f"sqlite:///{copied}", "--master-key-file", str(key))
    http = other.http
    http.token = hub.said["key"]
    assert http.call("get_source", name="warehouse").revision == 1


def test_nothing_of_what_people_wrote_can_be_read_in_the_store(
    serve: Callable[..., Process], tmp_path: Path
) -> None:
    hub = serve()
    canary = "canary7f3a9c"
    http = hub.http
    document = {"type": "postgres", "host": canary, "database": "d", "user": "u"}
    http.call("put_source", {"document": document}, name="warehouse")
    text = f"""contract a.b version 1.0.0 {{
      "{canary}"
      dataset warehouse.public.t
      column id int
    }}
    """
    reply = http.ask("POST", "/v1/contracts", {"root": "a.contract", "files": {"a.contract": text}})
    assert reply.status == 200, reply.body
    http.ask("GET", f"/v1/runs?contract={canary}")
    http.ask("POST", "/v1/runs", {"contract": canary})
    assert hub.stop() == 0
    for file in (tmp_path / "assay-hub").iterdir():
        assert canary.encode() not in file.read_bytes(), file.name
        assert hub.said["key"].encode() not in file.read_bytes()
    log = hub.ended()
    assert canary not in log
    assert hub.said["key"] not in log
    assert '"endpoint": "create_run"' in log


def test_beyond_this_machine_only_with_tls(serve: Callable[..., Process], tmp_path: Path) -> None:
    ended = run(tmp_path, "serve", "--host", "0.0.0.0", "--port", "0")  # noqa: S104 - what is refused
    assert ended.returncode == 2
    assert "--tls-cert" in ended.stderr
    assert not (tmp_path / "assay-hub").exists()
    hub = serve("--host", "0.0.0.0", "--insecure-listen")  # noqa: S104 - asked for
    assert hub.http.port
    half = run(tmp_path, "serve", "--tls-cert", "x.pem")
    assert half.returncode == 2


def test_tls_is_verified_and_modern(serve: Callable[..., Process], tmp_path: Path) -> None:
    trusted = authority(tmp_path)
    trusted.server(tmp_path, "127.0.0.1")
    both = str(tmp_path / "127.0.0.1.pem")
    hub = serve("--tls-cert", both, "--tls-key", both)
    assert hub.said["address"].startswith("https://")
    http = hub.http
    http.context = ssl.create_default_context(cafile=trusted.file)
    assert http.call("whoami").role == "admin"
    old = ssl.create_default_context(cafile=trusted.file)
    with warnings.catch_warnings(action="ignore"):
        old.maximum_version = old.minimum_version = ssl.TLSVersion.TLSv1_1
    http.context = old
    with pytest.raises(ssl.SSLError):
        http.ask("GET", "/healthz")
    (tmp_path / "no.pem").write_text("nonsense")
    bad = run(tmp_path, "serve", "--tls-cert", "no.pem", "--tls-key", both, "--folder", "other")
    assert bad.returncode == 2
    assert "Traceback" not in bad.stderr


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("serve", "--store", "mysql://root:secret@x/y"), "sqlite:///PATH"),
        (("serve", "--store", "postgresql://nobody@127.0.0.1:1/none"), "assay hub init"),
        (("migrate",), "assay hub init"),
        (("tenant",), "master.key"),
        (("backup", "x.db"), "there is no store"),
        (("rotate-key",), "master.key"),
    ],
)
def test_what_cannot_be_done_is_said(tmp_path: Path, arguments: tuple[str, ...], words: str) -> None:
    ended = run(tmp_path, *arguments)
    assert ended.returncode == 2, ended.stderr
    assert words in ended.stderr
    assert "Traceback" not in ended.stderr
    assert "secret" not in ended.stderr


def test_a_damaged_or_foreign_file_is_no_store(tmp_path: Path) -> None:
    (tmp_path / "assay-hub").mkdir()
    (tmp_path / "assay-hub" / "hub.db").write_text("not a database" * 1000)
    assert run(tmp_path, "init").returncode == 2
    ended = run(tmp_path, "serve", "--port", "0")
    assert ended.returncode == 2
    assert "Traceback" not in ended.stderr
    with closing(sqlite3.connect(tmp_path / "assay-hub" / "other.db")) as other:
        other.execute("CREATE TABLE t (x)")
        other.commit()
    foreign = run(tmp_path, "serve", "--store", f"sqlite:///{tmp_path}/assay-hub/other.db")
    assert (foreign.returncode, "assay hub init" in foreign.stderr) == (2, True)
