"""A hub's process that does what it is told in a JSON document and says what was acknowledged, a line each. With
ASSAY_CRASH_AT it is killed on the way; whoever started it looks at what is left.

    python -m tests.support.hub_process ADDRESS '{"now": …, "tenant": …, "steps": [["poll", {…}], …]}'
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec

from assay.hub.agents.polling import poll
from assay.hub.callers import AgentCaller, JobCaller
from assay.hub.runners.results import commit_results, put_results
from assay.hub.schedules.firing import fire_due
from assay.hub.store import Store
from assay.hub.upkeep.reaper import reap
from assay.protocol.agent import PollRequest
from assay.protocol.crash import VARIABLE
from assay.protocol.delivery import CommitRequest, ResultsRequest
from tests.support.hub import Clock, opened

ROOT = Path(__file__).resolve().parents[2]
TIMEOUT_S = 120


def run(
    address: str, crash_at: str, clock: Clock, tenant: str, *steps: tuple[str, Any]
) -> tuple[int, list[str]]:
    """Runs the steps in a process of their own; gives its exit code and what it acknowledged."""
    document = json.dumps(
        {
            "now": clock.now,
            "tenant": tenant,
            "steps": [(name, msgspec.to_builtins(given)) for name, given in steps],
        }
    )
    done = subprocess.run(
        [sys.executable, "-m", "tests.support.hub_process", address, document],
        cwd=ROOT,
        env={**os.environ, VARIABLE: crash_at, "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}"},
        capture_output=True,
        text=True,
        timeout=TIMEOUT_S,
        check=False,
    )
    if done.returncode > 0:
        raise AssertionError(done.stderr)
    return done.returncode, done.stdout.splitlines()


def _poll(store: Store, tenant: str, given: Any) -> Any:
    caller = AgentCaller(tenant, given["agent"], "default")
    request = PollRequest(session=given["session"], epoch=given["epoch"], free_slots=1)
    return store.write_now(tenant, lambda tx: poll(tx, caller, request))


def _put(store: Store, tenant: str, given: Any) -> Any:
    request = msgspec.convert(given["request"], ResultsRequest)
    run, attempt = given["run"], given["attempt"]
    caller = JobCaller(tenant, run, attempt)
    return store.write_now(tenant, lambda tx: put_results(tx, caller, run, attempt, given["seq"], request))


def _commit(store: Store, tenant: str, given: Any) -> Any:
    request = msgspec.convert(given["request"], CommitRequest)
    run, attempt = given["run"], given["attempt"]
    caller = JobCaller(tenant, run, attempt)
    return store.write_now(tenant, lambda tx: commit_results(tx, caller, run, attempt, request))


STEPS: dict[str, Callable[[Store, str, Any], Any]] = {
    "poll": _poll,
    "put": _put,
    "commit": _commit,
    "reap": lambda store, _tenant, _given: reap(store.write_now),
    "fire": lambda store, _tenant, _given: fire_due(store.write_now),
}


def main() -> None:
    document = json.loads(sys.argv[2])
    with opened(sys.argv[1], Clock(document["now"]), durable=True) as store:
        for name, given in document["steps"]:
            STEPS[name](store, document["tenant"], given)
            sys.stdout.write(f"{name}\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main()
