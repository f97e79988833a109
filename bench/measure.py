"""Runs whole commands and says what they cost: wall time, CPU time of the process tree, peak memory."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Cost:
    """Seconds of wall clock and of CPU (user and system), peak resident memory in MiB, exit code."""

    wall: float
    cpu: float
    peak: float
    code: int


def children_of(pid: int) -> float:
    """Seconds of CPU that the ended children of a process have used, those of a PostgreSQL server its sessions."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[13]) + int(fields[14])) / os.sysconf("SC_CLK_TCK")


def once(command: Sequence[str], env: Mapping[str, str] | None = None, server: int | None = None) -> Cost:
    """Runs the command; `server` is a process whose children work for it, and their CPU counts as well."""
    before = children_of(server) if server is not None else 0.0
    start = time.perf_counter()
    child = subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env={**os.environ, **(env or {})}
    )
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    wall = time.perf_counter() - start
    cpu = usage.ru_utime + usage.ru_stime
    if server is not None:
        time.sleep(0.3)  # until the sessions have ended
        cpu += children_of(server) - before
    return Cost(wall, cpu, usage.ru_maxrss / 1024, child.returncode)


def best(
    commands: Mapping[str, Sequence[str]],
    *,
    rounds: int = 5,
    env: Mapping[str, str] | None = None,
    server: int | None = None,
) -> dict[str, Cost]:
    """The cheapest of `rounds` runs of each command; the commands take turns, so that noise hits all of them."""
    runs: dict[str, list[Cost]] = {name: [] for name in commands}
    for _ in range(rounds):
        for name, command in commands.items():
            runs[name].append(once(command, env, server))
    return {
        name: Cost(
            min(c.wall for c in costs), min(c.cpu for c in costs), min(c.peak for c in costs), costs[-1].code
        )
        for name, costs in runs.items()
    }


def table(title: str, costs: Mapping[str, Cost], base: str) -> str:
    """A table of the costs, with each one's ratio to `base`."""
    lines = [
        title,
        f"  {'':34} {'wall s':>8} {'ratio':>6} {'cpu s':>8} {'ratio':>6} {'peak MiB':>9} {'exit':>5}",
    ]
    for name, c in costs.items():
        b = costs[base]
        lines.append(
            f"  {name:34} {c.wall:8.3f} {c.wall / b.wall:6.2f} {c.cpu:8.3f} {c.cpu / b.cpu:6.2f}"
            f" {c.peak:9.0f} {c.code:5}"
        )
    return "\n".join(lines)
