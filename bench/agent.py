"""How many Jobs a second one agent brings through a real API server, and what memory it needs for many at once.

    .venv/bin/python bench/agent.py [JOBS]

Control plane and Job controller are real, and so is the hub (a process of its own, SQLite); pods are scripted: each
runs and ends at once. All of it, the scripted kubelet and this program too, shares the machine with the agent. No
counterpart does the same work; the ceiling is what the API server and its controllers do with Jobs that nobody
looks after.
"""

from __future__ import annotations

import sys
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from hub_world import hub, lift_caps

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tests.agent.ground import RealGround, wait
from tests.agent.process import Process, agent_process, configuration
from tests.agent.samples import job
from tests.agent.stage import TERMINAL, Stage
from tests.support.live import Http
from tools.cluster.cluster import Cluster
from tools.cluster.scripted import Script

SLOTS = 100


@dataclass(frozen=True)
class Served:
    http: Http


def memory(process: Process) -> tuple[int, int]:
    """MiB resident: of the agent, and of its sandbox."""
    found: set[str] = set()
    for thread in Path(f"/proc/{process.pid}/task").iterdir():
        with suppress(OSError):  # a thread that has ended meanwhile
            found.update((thread / "children").read_text().split())
    return _resident(process.pid), sum(_resident(int(child)) for child in found)


def _resident(pid: int) -> int:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) // 1024 for line in lines if line.startswith("VmRSS"))


def ceiling(stage: Stage, count: int) -> float:
    """Jobs a second that are created, run and end, with a client that does nothing but create them."""
    jobs = stage.ground.jobs(stage.namespace)
    begun = time.monotonic()
    for number in range(count):
        jobs.create(job(f"raw-{number}", suspend=False, ttlSecondsAfterFinished=600))

    def ended() -> bool:
        found = stage.ground.items(stage.namespace, "jobs")
        return sum(bool(each.get("status", {}).get("completionTime")) for each in found) >= count

    wait(ended, 600)
    return count / (time.monotonic() - begun)


def throughput(stage: Stage, process: Process, count: int) -> tuple[float, int, int]:
    """Jobs a second from the first delivery to the last end; MiB of agent and sandbox then."""
    runs = [stage.run() for _ in range(count)]
    begun = time.monotonic()
    peak = (0, 0)
    # The oldest begin first: asking for one at a time is little load.
    while runs:
        while runs and stage.look(runs[0]).state.value in TERMINAL:
            runs.pop(0)
        time.sleep(0.2)
        peak = max(peak, memory(process))
    return count / (time.monotonic() - begun), peak[0], peak[1]


def at_once(stage: Stage, process: Process) -> tuple[int, int]:
    """MiB of agent and sandbox while SLOTS Jobs run."""
    runs = [stage.run() for _ in range(SLOTS)]
    for run in runs:
        stage.until(run, "applied", "running", seconds=300)
    time.sleep(5)
    return memory(process)


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000
    with tempfile.TemporaryDirectory() as name, Cluster(control_plane_only=True) as cluster:
        folder, ground = Path(name), RealGround(cluster)
        with hub(folder / "hub", None) as process:
            lift_caps(process)
            served = Served(Http(process.host, process.port, process.key))
            with ground.kubelet(Script()):
                stage = Stage(served, ground, folder, ground.namespace())
                print(f"created by a bare client: {ceiling(stage, min(count, 200)):.1f} Jobs/s")
                stage = Stage(served, ground, folder, ground.namespace())
                config = configuration(stage, stage.token(), slots=SLOTS)
                with agent_process(config) as agent:
                    rate, own, child = throughput(stage, agent, count)
                    print(f"{count} Jobs: {rate:.1f} Jobs/s, agent {own} MiB, sandbox {child} MiB")
            with ground.kubelet(Script(run=None)):
                stage = Stage(served, ground, folder, ground.namespace(), published=True)
                config = configuration(stage, stage.token(), slots=SLOTS)
                with agent_process(config) as agent:
                    own, child = at_once(stage, agent)
                    print(f"{SLOTS} Jobs at once: agent {own} MiB, sandbox {child} MiB")


if __name__ == "__main__":
    main()
