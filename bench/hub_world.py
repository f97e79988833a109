"""A hub process for benchmarks, and agents and runners that load it."""

from __future__ import annotations

import asyncio
import http.client
import json
import os
import subprocess
import sys
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec
from hub_client import Connection, Times, timed, together

from assay.protocol.agent import Delivery, Poll, job_name
from assay.protocol.delivery import CommitRequest, ResultsRequest
from assay.protocol.report import CheckResult, Outcome, Reason, Summary, Unit
from assay.protocol.wire import checks_sha256, encode, root_sha256, sha256

ASSAY = str(Path(sys.executable).with_name("assay"))
PLAN = sha256(b"plan")
CHECKS = 50
CONTRACT = (
    "contract shop.orders version 1.0.0 {\n  dataset warehouse.public.orders\n"
    + "".join(f"  column c{n} int required\n" for n in range(CHECKS - 1))
    + "}\n"
)
SOURCE = {"type": "postgres", "host": "db", "database": "shop", "user": "assay"}
_deliveries = msgspec.json.Decoder(Poll)


def uid(number: int) -> str:
    return str(uuid.UUID(int=number))


@dataclass
class Hub:
    """A hub process: where it is, the first key, and what it uses."""

    host: str
    port: int
    key: str
    process: subprocess.Popen[str]

    def memory(self) -> float:
        """Resident MiB."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(status.partition("VmRSS:")[2].split()[0]) / 1024

    def cpu(self) -> float:
        """Seconds, user and system, of the hub process alone."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def descriptors(self) -> int:
        return len(list(Path(f"/proc/{self.process.pid}/fd").iterdir()))


@contextmanager
def hub(folder: Path, store: str | None, *arguments: str) -> Iterator[Hub]:
    """store: an address of an empty PostgreSQL database, or None for SQLite in the folder."""
    options = ["--folder", str(folder), *(("--store", store) if store else ())]
    made = subprocess.run(
        [ASSAY, "hub", "init", "--json", *options], capture_output=True, text=True, check=True
    )
    process = subprocess.Popen(
        [ASSAY, "hub", "serve", "--json", "--port", "0", "--log-level", "warning", *options, *arguments],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    address = json.loads(process.stdout.readline())["address"]
    host, _, port = address.rpartition("//")[2].rpartition(":")
    try:
        yield Hub(host, int(port), json.loads(made.stdout)["key"], process)
    finally:
        process.terminate()
        process.wait(60)


@dataclass
class Agent:
    connection: Connection
    token: str
    session: dict[str, Any]
    known: list[dict[str, Any]] = field(default_factory=list)

    async def poll(self, times: Times, free: int, wait_s: float = 0.0) -> tuple[Delivery, ...]:
        request = {**self.session, "free_slots": free, "known": self.known, "wait_s": wait_s}
        status, body = await timed(times, self.connection, "POST", "/v1/agent/poll", self.token, request)
        return _deliveries.decode(body).deliver if status == 200 else ()

    def keep(self, given: Delivery) -> None:
        self.known.append(
            {"instruction": given.instruction, "attempt": 1, "fence": given.fence, "phase": "delivered"}
        )


@dataclass
class Load:
    """What a benchmark has at hand: one tenant with a contract, and as many agents as it asked for."""

    hub: Hub
    connections: list[Connection]
    agents: list[Agent] = field(default_factory=list)
    checks: list[str] = field(default_factory=list)

    async def call(self, method: str, path: str, body: Any = None, number: int = 0) -> Any:
        connection = self.connections[number % len(self.connections)]
        status, data = await connection.ask(method, path, self.hub.key, body)
        assert status < 300, (method, path, status, data)
        return json.loads(data)

    async def queue(self, count: int, times: Times | None = None) -> list[str]:
        """Queues runs, one request each; gives their ids."""
        own = times or Times()
        request = {"contract": "shop.orders", "deadline_s": 3600, "start_s": 7200}

        async def lane(number: int) -> list[str]:
            connection = self.connections[number]
            found: list[str] = []
            for _ in range(number, count, len(self.connections)):
                status, data = await timed(own, connection, "POST", "/v1/runs", self.hub.key, request)
                assert status == 201, data
                found.append(json.loads(data)["id"])
            return found

        lanes = await asyncio.gather(*(lane(n) for n in range(len(self.connections))))
        return [run for found in lanes for run in found]

    async def enrol(self, count: int) -> None:
        async def one(number: int) -> Agent:
            connection = Connection(self.hub.host, self.hub.port)
            cluster = {"id": uid(number + 1), "namespace": "assay"}
            enrolment = await self.call("POST", "/v1/enrolments", {}, number)
            request = {"name": f"agent-{number}", "cluster": cluster}
            _, data = await connection.ask("POST", "/v1/agents:enrol", enrolment["token"], request)
            token = json.loads(data)["token"]
            opening = {"oldest": 1, "newest": 1, "version": "1", "cluster": cluster}
            _, data = await connection.ask("POST", "/v1/agent/sessions", token, opening)
            session = json.loads(data)
            return Agent(connection, token, {"session": session["session"], "epoch": session["epoch"]})

        self.agents += await together((one(len(self.agents) + n) for n in range(count)), 16)

    async def accept(self, agent: Agent, given: Delivery) -> str:
        """Accepted and applied; gives the pod's token."""
        path = f"/v1/agent/instructions/{given.instruction}/attempts/1"
        request = {
            "fence": given.fence, "order_sha256": given.order_sha256, "plan_sha256": PLAN,
            "checks_sha256": checks_sha256(self.checks), "job_name": job_name(given.instruction, 1),
            "job_auth": "token",
        }  # fmt: skip
        status, data = await agent.connection.ask("POST", f"{path}/accept", agent.token, request)
        assert status == 200, data
        event = {"fence": given.fence, "seq": 1, "phase": "applied", "job_uid": uid(7)}
        status, body = await agent.connection.ask("POST", f"{path}/events", agent.token, event)
        assert status == 200, body
        return str(json.loads(data)["job_token"])

    def results(self) -> bytes:
        held = (Outcome.PASSED, Reason.WITHIN_BOUNDS, Unit.COUNT, "0")
        checks = tuple(
            CheckResult(name, "required", *held, failed_rows=0, tested_rows=1000) for name in self.checks
        )
        return encode(ResultsRequest(generation=1, checks=checks))

    def commit(self, results: bytes) -> bytes:
        return encode(
            CommitRequest(
                generation=1, count=1, root_sha256=root_sha256([sha256(results)]), bundle=PLAN,
                contract="shop.orders", version="1.0.0", dialect="postgres", now="2025-06-15T12:00:00Z",
                seconds=1.5, outcome=Outcome.PASSED, summary=Summary(passed=len(self.checks)), scans=1,
            )
        )  # fmt: skip


async def prepare(made: Hub, lanes: int = 16) -> Load:
    load = Load(made, [Connection(made.host, made.port) for _ in range(lanes)])
    await load.call("PUT", "/v1/sources/warehouse", {"document": SOURCE})
    request = {"root": "orders.contract", "files": {"orders.contract": CONTRACT}}
    published = await load.call("POST", "/v1/contracts", request)
    load.checks = [check["id"] for check in published["checks"]]
    lift_caps(made)
    return load


def lift_caps(made: Hub) -> None:
    """A benchmark queues more than a tenant may by default."""
    caps = {"max_queued": 1_000_000, "max_running": 100_000, "max_results_a_minute": 100_000_000}
    headers = {"Authorization": f"Bearer {made.key}", "Content-Type": "application/json", "If-Match": "*"}
    connection = http.client.HTTPConnection(made.host, made.port, timeout=10)
    connection.request("PUT", "/v1/tenant", json.dumps(caps), headers)
    assert connection.getresponse().status == 200
    connection.close()
