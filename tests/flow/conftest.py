"""One estate for all tests of the flow; after each test, the promises of the protocol are looked at."""

from __future__ import annotations

import json
import os
import sqlite3
from collections import defaultdict
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from assay.protocol.user import TERMINAL, RunState
from tests.cluster.deployment import RUNS
from tests.flow.contracts import ORDERS, SLOW, TABLES, slow
from tests.support.history import History, Seen
from tools.cluster.cluster import Cluster, wait
from tools.flow.estate import SOURCE, WAREHOUSE, Estate, estate
from tools.flow.programs import Program

JOBS = f"/apis/batch/v1/namespaces/{RUNS}/jobs"
PODS = f"/api/v1/namespaces/{RUNS}/pods"


class Flow:
    """An estate with one enrolled agent, and what was seen of it so far."""

    def __init__(self, made: Estate, agent: Program) -> None:
        self.estate, self.agent = made, agent
        self.history = History()

    def start_agent(self) -> Program:
        if not self.agent.running:
            self.agent.start()
        return self.agent

    def runner_pids(self) -> list[int]:
        """Processes of runners in pods, seen from outside."""
        found: list[int] = []
        for entry in Path("/proc").iterdir():
            try:
                words = (entry / "cmdline").read_bytes().split(b"\0")
                if b"assay.runner" in words and words[0] == b"python3" and entry.name.isdigit():
                    found.append(int(entry.name))
            except OSError:
                continue
        return found

    def pods(self, run: str) -> list[str]:
        items = self.estate.cluster.api.get(PODS)["items"]
        return [item["metadata"]["name"] for item in items if run in item["metadata"]["name"]]

    def wait_for_pod(self, run: str) -> str:
        wait(lambda: bool(self.pods(run)), 60, "pod")
        return self.pods(run)[0]

    def attempts(self) -> dict[tuple[str, int], Seen]:
        """Every attempt as the hub's store has it."""
        path = self.estate.hub.store / "hub.db"
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as store:
            rows = store.execute(
                "SELECT instruction, attempt, state, fence, retry_at FROM attempts"
            ).fetchall()
        return {(row[0], row[1]): Seen(row[2], row[3], row[4] is not None) for row in rows}

    def settled(self) -> None:
        """I1 to I6 and I10 hold: everything is over, once, and nothing is left but Jobs within their time."""
        found = self.attempts()
        self.history.states(found)
        unfinished = {key: seen.state for key, seen in found.items() if RunState(seen.state) not in TERMINAL}
        assert unfinished == {}, "every attempt comes to an end"
        self._one_job_one_commit()
        for job in self.estate.cluster.api.get(JOBS)["items"]:
            ended = {c["type"] for c in job["status"].get("conditions", []) if c["status"] == "True"}
            assert ended & {"Complete", "Failed"}, f"{job['metadata']['name']} is left running"
        owners = [
            item["metadata"].get("ownerReferences")
            for item in self.estate.cluster.api.get(f"/api/v1/namespaces/{RUNS}/configmaps")["items"]
            if item["metadata"]["name"].startswith("assay-") and item["metadata"]["name"] != "assay-images"
        ]
        assert all(owners), "a ConfigMap of ours goes with its Job"

    def _one_job_one_commit(self) -> None:
        """What crossed the line: one Job's uid for each attempt, one commit for each run."""
        jobs: dict[str, set[str]] = defaultdict(set)
        commits: dict[str, set[str]] = defaultdict(set)
        for one in list(self.estate.relay.exchanges):
            if one.method != "POST" or one.status != 200:
                continue
            if one.path.endswith("/events") and (uid := json.loads(one.body).get("job_uid")):
                jobs[one.path].add(uid)
            if one.path.endswith("results:commit"):
                _, _, _, run, _, attempt, _ = one.path.split("/")
                commits[run].add(attempt)
        assert {path: uids for path, uids in jobs.items() if len(uids) > 1} == {}
        assert {run: attempts for run, attempts in commits.items() if len(attempts) > 1} == {}


def prepared(made: Estate) -> Flow:
    """With its tables, contracts and warehouse, and an agent that has not begun."""
    with made.server.connect() as connection:
        for statement in TABLES:
            connection.execute(statement.encode())
    made.init_warehouse()
    made.tell_source(SOURCE, made.source())
    made.tell_warehouse(WAREHOUSE, made.source())
    made.publish("orders.contract", orders=ORDERS)
    for seconds in SLOW:
        made.publish("slow.contract", slow=slow(seconds))
    return Flow(made, made.add_agent(slots=20))


@pytest.fixture(scope="session")
def whole(cluster: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flow]:
    with estate(tmp_path_factory.mktemp("estate"), cluster) as made:
        yield prepared(made)


@pytest.fixture
def flow(whole: Flow) -> Iterator[Flow]:
    """The flow with its agent running and the line whole; afterwards everything must have settled."""
    whole.estate.relay.cut = False
    whole.estate.relay.fault = lambda _: None
    if not whole.estate.hub.running:
        whole.estate.hub.start()
    whole.start_agent()
    yield whole
    whole.settled()


def kill(pids: list[int], number: int) -> None:
    for pid in pids:
        os.kill(pid, number)
