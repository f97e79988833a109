"""A run's way through hub, agent, real pods and PostgreSQL: how long each part takes; how soon a cancelled run's pod is
gone; how soon a new agent goes on where a killed one was.

    .venv/bin/python bench/flow.py [--runs N] [--cancels N] [--kills N]

Needs what `make cluster` needs. The table that is read has ten rows, so the times are those of the system itself.
"""

from __future__ import annotations

import argparse
import math
import statistics
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from assay.protocol.user import RunState
from tests.flow.conftest import Flow, prepared
from tools.cluster.cluster import Cluster, wait
from tools.flow.demo import endpoint
from tools.flow.estate import WAREHOUSE, Estate, estate

PARTS = {
    "get_order": "the order is fetched",
    "accept": "compiled, accepted",
    "report_event": "the Job is applied",
    "start": "scheduled, started, imported: at the start gate",
    "put_results": "connected, scanned, judged, rows kept",
    "commit_results": "committed",
    "complete": "the Job has ended, the agent has told",
}
PAUSE_S = 2.0


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--runs", type=int, default=10)
    parser.add_argument("--cancels", type=int, default=20)
    parser.add_argument("--kills", type=int, default=10)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, Cluster() as cluster, estate(Path(folder), cluster) as made:
        flow = prepared(made)
        flow.start_agent()
        journey([one_run(made) for _ in range(args.runs + 1)][1:])
        told("cancelled to pod gone", [cancelled(flow) for _ in range(args.cancels)])
        told("a new agent to the verdict told", [killed(flow) for _ in range(args.kills)])


def one_run(made: Estate) -> dict[str, float]:
    """Seconds from queueing to the first answer of each endpoint."""
    time.sleep(PAUSE_S)
    began = time.monotonic()
    run = made.queue("shop.orders", warehouse=WAREHOUSE)
    made.until(run)
    found: dict[str, float] = {}
    for one in list(made.relay.exchanges):
        if run in one.path and one.status == 200:
            found.setdefault(endpoint(one), one.at - began)
    return found


def journey(runs: list[dict[str, float]]) -> None:
    print(f"queued to verdict told, median of {len(runs)} runs with nothing else to do")
    before = 0.0
    for name, words in PARTS.items():
        at = statistics.median(run[name] for run in runs)
        print(f"  {at:6.2f} s  + {at - before:5.2f} s  {words}")
        before = at


def cancelled(flow: Flow) -> float:
    run = flow.estate.queue("shop.slow_600")
    flow.estate.until(run, RunState.RUNNING)
    flow.wait_for_pod(run)
    time.sleep(PAUSE_S)
    began = time.monotonic()
    flow.estate.hub.call("cancel_run", at={"run": run})
    wait(lambda: flow.pods(run) == [], 120, "end of the pod")
    took = time.monotonic() - began
    flow.estate.until(run)
    return took


def killed(flow: Flow) -> float:
    """The agent is killed while a pod runs; the Job ends without it."""
    run = flow.estate.queue("shop.slow_5")
    flow.estate.until(run, RunState.RUNNING)
    flow.agent.kill()
    flow.estate.until(run, RunState.COMMITTED, RunState.SUCCEEDED)
    time.sleep(PAUSE_S)
    began = time.monotonic()
    flow.agent.start()
    flow.estate.until(run, RunState.SUCCEEDED)
    return time.monotonic() - began


def told(what: str, seconds: list[float]) -> None:
    ordered = sorted(seconds)
    half, p95 = statistics.median(ordered), ordered[math.ceil(0.95 * len(ordered)) - 1]
    print(f"{what}, {len(ordered)} times: median {half:.1f} s, p95 {p95:.1f} s, at most {ordered[-1]:.1f} s")


if __name__ == "__main__":
    main()
