"""Agents and runners that work on while a hub's database is away, slow or full, and look at the end whether all that
was acknowledged is there, once."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from assay.hub.compile_job import compile_order
from assay.hub.compiled import Order
from tests.support.live import Http, LiveHub, Reply
from tests.support.scripted import ScriptedAgent, ScriptedRunner, prepare, results

WAIT_S = 60.0


class Over(Exception):
    """The load was told to end in the middle of a run."""


@dataclass
class Patient(Http):
    """Asks again what was refused for now; anything but a clear refusal is kept as a fault."""

    load: Load | None = None

    def ask(self, method: str, path: str, body: Any = None, **more: Any) -> Reply:
        assert self.load is not None
        while True:
            reply = super().ask(method, path, body, **more)
            if reply.status not in (429, 503) and reply.status < 500:
                return reply
            self.load.refused[reply.status] += 1
            if not _is_clear(reply):
                self.load.faults.append((method, path, reply))
            if self.load.over.is_set():
                raise Over
            time.sleep(0.05)


def _is_clear(reply: Reply) -> bool:
    return (
        reply.status in (429, 503)
        and reply.headers.get("content-type") == "application/problem+json"
        and int(reply.headers.get("retry-after", "0")) > 0
        and reply.code in ("unavailable", "too_many_requests")
    )


@dataclass
class Load:
    """Lanes that each take runs through their whole life, one after another."""

    hub: LiveHub
    lanes: int = 3
    done: list[str] = field(default_factory=list)
    refused: Counter[int] = field(default_factory=Counter)
    faults: list[Any] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)
    asked: set[str] = field(default_factory=set)

    def __enter__(self) -> Load:
        prepare(self.hub.http)
        http = Patient(self.hub.http.host, self.hub.http.port, self.hub.http.token, load=self)
        agents = [ScriptedAgent(http, cluster=n + 1, pool=f"pool{n}") for n in range(self.lanes)]
        self._threads = [threading.Thread(target=self._lane, args=(agent,)) for agent in agents]
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.over.set()
        for thread in self._threads:
            thread.join(WAIT_S)

    def until(self, come: Callable[[], bool]) -> None:
        end = time.monotonic() + WAIT_S
        while not come():
            assert time.monotonic() < end, (len(self.done), self.refused, self.faults[:3])
            assert not self.faults, self.faults[:3]
            time.sleep(0.02)

    def goes_on(self) -> None:
        """Some more runs come to their end."""
        seen = len(self.done)
        self.until(lambda: len(self.done) >= seen + 2 * self.lanes)

    def is_refused(self) -> None:
        seen = self.refused.total()
        self.until(lambda: self.refused.total() >= seen + self.lanes)

    def nothing_is_lost(self) -> None:
        """After the end: every run that was asked for is there once, and every one that was committed is whole."""
        http = self.hub.http
        assert not self.faults, self.faults[:3]
        for run in self.done:
            assert http.call("get_run", run=run).state == "succeeded"
            assert len(http.call("get_results", run=run).report.checks) == self._checks
        found, cursor = [], ""
        while True:
            page = http.call("list_runs", query=f"?limit=200{cursor}")
            found += [run.id for run in page.items]
            if page.next is None:
                break
            cursor = f"&cursor={page.next}"
        assert len(found) == len(set(found))
        assert set(self.done) <= set(found)
        assert self.asked <= set(found)
        assert len(set(found) - self.asked) <= self.lanes, "a request that was repeated was done twice"

    def _lane(self, agent: ScriptedAgent) -> None:
        with suppress(Over):
            while not self.over.is_set():
                try:
                    self.done.append(self._run(agent))
                except Over:
                    raise
                except Exception as error:  # noqa: BLE001 - shown by the one who waits
                    self.faults.append(error)
                    return

    def _run(self, agent: ScriptedAgent) -> str:
        http = agent.http
        asked = http.ask(
            "POST",
            "/v1/runs",
            {"contract": "shop.orders", "pool": agent.pool},
            headers={"Idempotency-Key": f"{agent.pool}-{time.monotonic_ns()}"},
        )
        assert asked.status == 201, asked
        self.asked.add(asked.json["id"])
        given = None
        while given is None:
            given = next(iter(agent.poll().deliver), None)
        assert given.instruction == asked.json["id"]
        order = agent.order(given)
        compiled = compile_order(Order(order.root, order.files))
        token = agent.accept(given, compiled).job_token
        assert token is not None
        agent.applied(given)
        runner = ScriptedRunner(http, token, given)
        runner.start()
        checks = results(compiled)
        self._checks = len(checks)
        digests = [runner.send(0, checks[:1]), runner.send(1, checks[1:])]
        runner.commit(digests, compiled, checks)
        agent.complete(given)
        return given.instruction
