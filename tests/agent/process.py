"""The agent as a process of its own, which a test can kill."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import yaml

from assay.agent.cluster.identity import right
from assay.agent.cluster.rights import NEEDED, TOKENS
from assay.protocol.crash import VARIABLE
from tests.agent.stage import KEY, Stage, deployment


def configuration(stage: Stage, token: Path, **changes: Any) -> Path:
    """An agent.yml for the stage."""
    number = len(list(stage.folder.glob("agent-*.yml")))
    auth = changes.get("jobAuth", "projected")
    rights = (*NEEDED, right(stage.namespace), *(TOKENS if auth == "token" else ()))
    keys = stage.folder / "jwks.json"
    keys.write_text(json.dumps({"keys": [{"kty": "RSA", "kid": "k", "n": KEY.n, "e": KEY.e}]}))
    document = {
        "token": str(token),
        "cluster": {
            "kubeconfig": str(stage.ground.kubeconfig(stage.namespace, rights)),
            "issuer": "https://kubernetes.default.svc",
            "keys": str(keys),
        },
        "deployment": deployment(stage.namespace, stage.http.url) | stage.doc,
    } | changes
    path = stage.folder / f"agent-{number}.yml"
    path.write_text(yaml.safe_dump(document), encoding="utf-8")
    return path


class Process:
    def __init__(self, config: Path, log: Path, crash: str = "") -> None:
        self.log = log
        environment = {name: value for name, value in os.environ.items() if name != VARIABLE}
        if crash:
            environment[VARIABLE] = crash
        with log.open("ab") as out:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "assay.cli.main", "agent", "run", "--config", str(config)],
                env=environment,
                stdout=out,
                stderr=out,
            )

    @property
    def pid(self) -> int:
        return self._process.pid

    def wait(self, seconds: float = 60.0) -> int:
        """Its exit code; that of a signal is negative."""
        return self._process.wait(timeout=seconds)

    def kill(self) -> None:
        self._process.kill()
        self._process.wait()

    def end(self, seconds: float = 40.0) -> int:
        self._process.send_signal(signal.SIGTERM)
        return self.wait(seconds)

    def said(self) -> list[dict[str, Any]]:
        """The lines of its log."""
        lines = self.log.read_text(encoding="utf-8").splitlines()
        return [json.loads(line) for line in lines if line.startswith("{")]

    def until_said(self, message: str, seconds: float = 30.0) -> dict[str, Any]:
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            for line in self.said():
                if line["message"] == message:
                    return line
            if self._process.poll() is not None:
                raise AssertionError(f"ended with {self._process.returncode}: {self.log.read_text()[-4000:]}")
            time.sleep(0.05)
        raise TimeoutError(f"it did not say {message!r}: {self.log.read_text()[-4000:]}")


@contextmanager
def agent_process(config: Path, crash: str = "") -> Iterator[Process]:
    log = config.with_suffix(f".{len(list(config.parent.glob('*.log')))}.log")
    process = Process(config, log, crash)
    try:
        yield process
    finally:
        process.kill()
