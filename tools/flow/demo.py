"""`make cluster-demo`: a contract, queued by a schedule, verified by a pod of a real Kubernetes on a real PostgreSQL.

One screen shows each step of the way as it happens, the verdict as the hub has it, the failed rows where they stay,
and every message that left the cluster; demo-out/wire.txt has them byte for byte.
"""

from __future__ import annotations

import json
import os
import re
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from assay.protocol.endpoints import ENDPOINTS
from assay.protocol.user import TERMINAL, ScheduleRequest
from tools.cluster.box import Unavailable
from tools.cluster.build import build
from tools.cluster.cluster import Cluster
from tools.cluster.relay import Exchange
from tools.flow.databases import load_flights
from tools.flow.estate import WAREHOUSE, Estate, estate
from tools.flow.programs import Ended
from tools.flow.programs import run as assay

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "examples" / "flights"
OUT = ROOT / "demo-out"
CONTRACT, CHECK = "nyc.flights", "flights.arrives"
COLOUR = sys.stdout.isatty() and "NO_COLOR" not in os.environ
STEPS = {
    "get_order": "the agent fetches contract, source and warehouse, with placeholders for secrets",
    "accept": "it has compiled them itself, and will create the Job",
    "report_event": "it tells what became of the Job: {phase}",
    "start": "the pod asks to be the one that runs",
    "put_results": "outcomes and numbers of {checks} checks",
    "commit_results": "the pod commits: all of it is readable now, {outcome}",
    "complete": "the Job has ended by itself, and the agent says so: {outcome}",
}


def styled(text: str, code: str) -> str:
    return f"\x1b[{code}m{text}\x1b[0m" if COLOUR else text


@dataclass
class Screen:
    """Headings, and lines with the seconds since the last `reset`."""

    began: float = field(default_factory=time.monotonic)
    number: int = 0

    def heading(self, text: str) -> None:
        self.number += 1
        print(f"\n{styled(f'{self.number}. {text}', '1;36')}\n", flush=True)

    def step(self, who: str, text: str, at: float | None = None) -> None:
        seconds = max(0.0, (at or time.monotonic()) - self.began)
        print(f"  {seconds:6.2f} s  {styled(f'{who:8}', '1')} {text}", flush=True)


def main() -> int:
    try:
        build()
        with tempfile.TemporaryDirectory(prefix="assay-demo-") as folder, Cluster() as cluster:
            screen = Screen()
            screen.heading("A cluster, a hub, and one line between them")
            screen.step("cluster", f"Kubernetes {cluster.api.get('/version')['gitVersion']}, with real pods")
            with estate(Path(folder), cluster) as made:
                _tell(made, screen)
                run = _watch(made, screen)
                _verdict(made, run, screen)
                _rows(made, run, screen)
                _wire(made, run, screen)
    except Unavailable as error:
        print(f"no cluster here: {error}", file=sys.stderr)
        return 1
    except (Ended, TimeoutError) as error:
        print(f"the demo stopped: {error}", file=sys.stderr)
        return 1
    return 0


def _tell(made: Estate, screen: Screen) -> None:
    flights = load_flights(made.server)
    screen.step("source", f"PostgreSQL with {flights:,} flights; its password is a Secret of the cluster")
    made.init_warehouse()
    screen.step("source", "a diagnostics warehouse beside it, for failed rows")
    source = made.source()
    made.tell_source("warehouse", source)
    made.tell_warehouse(WAREHOUSE, source)
    texts = {path.stem: path.read_text(encoding="utf-8") for path in EXAMPLE.glob("*.contract")}
    texts.pop("mistakes")
    published = made.publish("flights.contract", **texts)
    screen.step(
        "hub", f"keeps {published.contract} {published.version}: {len(published.checks)} checks, encrypted"
    )
    screen.step(
        "hub", f"keeps the source as {json.dumps({k: source[k] for k in ('host', 'user', 'password')})}"
    )
    bound = {"warehouse": made.binding("assay-source-shop") | {"diagnostics": {"warehouse": WAREHOUSE}}}
    made.add_agent(deployment=made.deployment(sources=bound)).start()
    screen.step("agent", "runs in the cluster, with no port open and the rights of one Role")


def _watch(made: Estate, screen: Screen) -> str:
    """Every step of the scheduled run, as it crosses the line; gives the run's id."""
    screen.heading("A schedule queues a run; each step as it happens")
    schedule = ScheduleRequest(
        contract=CONTRACT, cron="* * * * *", zone="Europe/Brussels", warehouse=WAREHOUSE
    )
    made.hub.call("put_schedule", schedule, at={"name": "every-minute"})
    print("  waiting for the next minute …", flush=True)
    run = _first_run(made)
    screen.began = time.monotonic()
    screen.step("hub", "the schedule fires: the run is queued")
    told: set[int] = set()
    until = time.monotonic() + 150
    while (state := made.hub.run_of(run).state) not in TERMINAL and time.monotonic() < until:
        _show(made, run, screen, told)
        time.sleep(0.05)
    _show(made, run, screen, told)
    made.hub.call("delete_schedule", at={"name": "every-minute"})
    screen.step("hub", f"the run has {state.value}")
    if state not in TERMINAL:
        raise TimeoutError(f"the run is {state.value}\n{made.agents[0].tail()}")
    return run


def _first_run(made: Estate) -> str:
    until = time.monotonic() + 90
    while time.monotonic() < until:
        items = made.hub.call("list_runs").items
        if items:
            found: str = items[0].id
            return found
        time.sleep(0.1)
    raise TimeoutError("the schedule has not fired")


def _show(made: Estate, run: str, screen: Screen, told: set[int]) -> None:
    for one in _of(made, run):
        if id(one) in told or not one.status:
            continue
        told.add(id(one))
        name = endpoint(one)
        if name in STEPS:
            screen.step("pod" if "/runs/" in one.path else "agent", STEPS[name].format(**_facts(one)), one.at)


def _of(made: Estate, run: str) -> list[Exchange]:
    return [one for one in list(made.relay.exchanges) if run in one.path]


def endpoint(one: Exchange) -> str:
    """The name of the endpoint that an exchange was with."""
    parts = one.path.partition("?")[0].split("/")
    for item in ENDPOINTS:
        pattern = item.path.split("/")
        same = all(a == b or a.startswith("{") for a, b in zip(pattern, parts, strict=False))
        if item.method == one.method and len(pattern) == len(parts) and same:
            return item.name
    return ""


def _facts(one: Exchange) -> dict[str, Any]:
    body = json.loads(one.body or b"{}")
    return {
        "phase": body.get("phase"),
        "checks": len(body.get("checks", ())),
        "outcome": body.get("outcome"),
    }


def _verdict(made: Estate, run: str, screen: Screen) -> None:
    screen.heading("The verdict, as the hub has it")
    report = made.hub.call("get_results", at={"run": run}).report
    shown = [check for check in report.checks if check.outcome.value not in ("passed",)]
    for check in shown:
        rows = f"{check.failed_rows:,} of {check.tested_rows:,} rows" if check.failed_rows is not None else ""
        colour = {"warned": "33"}.get(check.outcome.value, "31")
        print(f"  {styled(f'{check.outcome.value:8}', colour)} {check.id:32} {rows}")
    summary = report.summary
    print(
        f"\n  {report.contract}: {summary.passed} passed, {summary.warned} warned, {summary.failed} failed · "
        f"{report.scans} scans · {report.seconds:.2f} s"
    )


def _rows(made: Estate, run: str, screen: Screen) -> None:
    screen.heading("The rows that failed stayed in the customer's network; this is one check's")
    folder = made.folder / "warehouse"
    told = assay(["rows", run, CHECK, "--limit", "5"], folder, {"DB_PASSWORD": made.server.password})
    for line in told.splitlines():
        print(f"  {line}")


def _wire(made: Estate, run: str, screen: Screen) -> None:
    screen.heading("What left the network: every message about this run")
    total = 0
    for one in _of(made, run):
        total += len(one.request)
        print(f"  {endpoint(one):16} {len(one.request):7,} bytes out {len(one.answer):7,} in")
    OUT.mkdir(exist_ok=True)
    file = OUT / "wire.txt"
    file.write_bytes(_redacted(made.relay.bytes()))
    (longest,) = sorted(_of(made, run), key=lambda one: endpoint(one) != "put_results")[:1]
    print(f"\n  of the results: {styled(longest.body[:300].decode() + '…', '2')}")
    print(f"\n  {total:,} bytes in all; byte for byte, without the tokens, in {file.relative_to(ROOT)}")
    secret = made.server.password.encode()
    _require(secret not in made.relay.bytes(), "the password of the source is in none of them")
    _require(b"N14228" not in made.relay.bytes(), "and no tail number of an aircraft")


def _require(holds: bool, text: str) -> None:
    if not holds:
        raise Ended(f"not true: {text}")
    print(f"  {styled('✓', '32')} {text}")


def _redacted(data: bytes) -> bytes:
    """Bearer tokens are no part of what a reader needs."""
    return re.sub(rb"(?im)^(authorization: bearer) .*$", rb"\1 ...", data)


if __name__ == "__main__":
    sys.exit(main())
