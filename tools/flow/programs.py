"""Hub and agent as processes of this machine: started, killed, started again."""

from __future__ import annotations

import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import urllib3

from assay.client import HubClient, Refused, token_text
from assay.protocol.address import hub_address
from assay.protocol.endpoints import BY_NAME
from assay.protocol.user import DocumentRequest, Run

ASSAY = Path(sys.executable).with_name("assay")
PATIENCE = 30.0
NOTHING: Mapping[str, str] = {}


class Ended(Exception):
    """A program ended, or did not begin in time; the text has the end of its log."""


class Program:
    """One program with its log. It can be started again after whatever ended it."""

    def __init__(self, name: str, command: Sequence[str | Path], folder: Path, **environment: str) -> None:
        self.name, self.folder = name, folder
        self.log = folder / f"{name}.log"
        self._command = [str(part) for part in command]
        self._environment = environment
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def process(self) -> subprocess.Popen[bytes]:
        if self._process is None:
            raise Ended(f"{self.name} was not started")
        return self._process

    @property
    def running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    @property
    def code(self) -> int | None:
        """How it ended; None while it runs."""
        return None if self._process is None else self._process.poll()

    def start(self, **more: str) -> None:
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("PG", "ASSAY_"))}
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                self._command,
                cwd=self.folder,
                env={**kept, **self._environment, **more},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def kill(self) -> None:
        """SIGKILL, to it and to all that it has started."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        self._end(signal.SIGTERM)

    def wait(self, seconds: float = PATIENCE) -> int:
        """Its exit code, once it has ended by itself."""
        return self.process.wait(seconds)

    def _end(self, number: signal.Signals) -> None:
        if self._process is None or self._process.poll() is not None:
            return
        os.killpg(self._process.pid, number)
        try:
            self._process.wait(20)
        except subprocess.TimeoutExpired:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()

    def tail(self, lines: int = 15) -> str:
        return "\n".join(self.log.read_text(encoding="utf-8", errors="replace").splitlines()[-lines:])


class Hub(Program):
    """A hub on 127.0.0.1, in plain HTTP: the line before it has the certificate. key: of its first admin."""

    def __init__(self, folder: Path, store: str | None = None) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.port = free_port()
        self.store = folder / "assay-hub"
        environment: dict[str, str] = {} if store is None else {"ASSAY_HUB_STORE": store}
        super().__init__("hub", [ASSAY, "hub", "serve", "--port", str(self.port)], folder, **environment)
        made = run(["hub", "init", "--json"], folder, environment)
        self.key: str = json.loads(made)["key"]

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self, **more: str) -> None:
        super().start(**more)
        until = time.monotonic() + PATIENCE
        while not self._ready():
            if not self.running or time.monotonic() > until:
                raise Ended(f"the hub does not serve:\n{self.tail()}")
            time.sleep(0.02)

    def _ready(self) -> bool:
        try:
            return urllib3.request("GET", f"{self.url}/readyz", timeout=2.0, retries=False).status == 200
        except urllib3.exceptions.HTTPError:
            return False

    def call(self, name: str, request: object = None, **more: Any) -> Any:
        """One endpoint of the hub, as its first admin; the answer's body."""
        with closing(HubClient(hub_address(self.url), token_text(self.key))) as client:
            key = secrets.token_hex(8) if BY_NAME[name].idempotent else None
            return client.call(name, request, idempotency_key=key, **more).body

    def put(self, word: str, name: str, document: dict[str, Any]) -> None:
        """Makes or changes a `source` or a `warehouse`."""
        with closing(HubClient(hub_address(self.url), token_text(self.key))) as client:
            at = {"name": name}
            try:
                etag = client.call(f"get_{word}", at=at).etag
            except Refused as refused:
                if refused.status != 404:
                    raise
                etag = None
            client.call(f"put_{word}", DocumentRequest(document=document), at=at, if_match=etag)

    def get(self, path: str) -> bytes:
        """What stands at a path that needs no key."""
        return urllib3.request("GET", self.url + path, timeout=10.0, retries=False).data

    def run_of(self, run: str) -> Run:
        found: Run = self.call("get_run", at={"run": run})
        return found

    def cli(self, *arguments: str, accept: tuple[int, ...] = (0,), folder: Path | None = None) -> str:
        """What a person types, with the admin's key; gives what is printed."""
        known = {"ASSAY_HUB": self.url, "ASSAY_KEY": self.key}
        return run(arguments, folder or self.folder, known, accept)


def run(
    arguments: Sequence[str],
    folder: Path,
    environment: Mapping[str, str] = NOTHING,
    accept: tuple[int, ...] = (0,),
) -> str:
    """Runs `assay`; gives what it prints. Raises Ended with its words where it ends otherwise than accepted."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PG", "ASSAY_"))}
    done = subprocess.run(
        [str(ASSAY), *arguments],
        cwd=folder,
        env={**kept, **environment},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=300,
    )
    if done.returncode not in accept:
        raise Ended(f"assay {arguments[0]} ended with {done.returncode}:\n{done.stdout}{done.stderr}")
    return done.stdout


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
