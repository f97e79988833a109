"""Is the agent any good? It is while its polls go well; that its process runs says nothing.

/healthz   a poll went well in the last ten minutes: otherwise starting anew is worth a try
/readyz    a poll went well within its lease, the cluster was heard of, and nothing keeps it from working
/metrics   numbers for Prometheus
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from assay.agent.context import Agent
from assay.agent.sight import Sight
from assay.agent.workers import Troubles

ALIVE_S = 600.0
SILENT_S = 300.0
"""Without a word of the API server: a mirror lists at least that often."""


@dataclass(slots=True)
class Health:
    """sight: None until the agent has a session; it is asked how it is from its first moment."""

    agent: Agent
    troubles: Troubles
    started: float
    sight: Sight | None = None

    def alive(self) -> str | None:
        """What is wrong, in a word; None where nothing is."""
        age = self.agent.lease.age
        since = age if age is not None else self.agent.lease.now() - self.started
        return "no_poll" if since > ALIVE_S else None

    def ready(self) -> str | None:
        session, age = self.agent.hub.session, self.agent.lease.age
        if self.troubles.superseded.is_set():
            return "superseded"
        if self.troubles.rights_missing.is_set():
            return "rights_missing"
        if session is None or age is None or age > session.lease_s or self.sight is None:
            return "no_poll"
        mirrors = (self.sight.jobs, self.sight.pods)
        if any(not mirror.synced.is_set() or mirror.silent > SILENT_S for mirror in mirrors):
            return "cluster_silent"
        return None


class HealthServer:
    """Serves on one address until it is closed. Raises OSError where the port is taken."""

    def __init__(self, address: str, port: int, health: Health) -> None:
        class Bound(_Handler):
            answers = _answers(health)

        self._http = ThreadingHTTPServer((address, port), Bound)
        self._http.daemon_threads = True
        self.port = int(self._http.server_address[1])
        threading.Thread(target=self._http.serve_forever, name="agent-health", daemon=True).start()

    def close(self) -> None:
        self._http.shutdown()
        self._http.server_close()


Answer = Callable[[], tuple[int, str, bytes]]
_TEXT = "text/plain; charset=utf-8"


def _answers(health: Health) -> dict[str, Answer]:
    def of(check: Callable[[], str | None]) -> Answer:
        def answer() -> tuple[int, str, bytes]:
            wrong = check()
            return (200, _TEXT, b"ok\n") if wrong is None else (503, _TEXT, f"{wrong}\n".encode())

        return answer

    return {
        "/healthz": of(health.alive),
        "/readyz": of(health.ready),
        "/metrics": lambda: (200, "text/plain; version=0.0.4; charset=utf-8", health.agent.metrics.text()),
    }


class _Handler(BaseHTTPRequestHandler):
    answers: dict[str, Answer]
    timeout = 10

    def do_GET(self) -> None:
        answer = self.answers.get(self.path)
        status, kind, body = answer() if answer is not None else (404, _TEXT, b"not found\n")
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        pass
