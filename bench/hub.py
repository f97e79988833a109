"""The hub under load: one process, with this driver on the same machine.

    .venv/bin/python bench/hub.py [sqlite|postgres|all] [--only poll,claim,wake,ingest] [--small]
    .venv/bin/python bench/hub.py [sqlite|postgres] --soak MINUTES

poll    agents that come every ten seconds: how long a poll takes
claim   a full queue, handed out: instructions a second
wake    nobody has anything to do; from asking for a run to its delivery to an agent that waits
ingest  runs of 50 checks: start, results, commit
soak    100 instructions a second through their whole life: memory, descriptors

Beside them the ceilings of the same machine in the same run: a request that does nothing (/healthz), and the claim's
own statements without HTTP. PostgreSQL is the test server, with its commits reaching the disk (fsync on).
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import uvloop
from hub_client import Connection, Times, timed
from hub_world import PLAN, Agent, Hub, hub, prepare, uid

ROOT = Path(__file__).resolve().parent.parent
DURABLE = {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on", "autovacuum": "on"}


@dataclass(frozen=True)
class Sizes:
    agents: int
    seconds: float
    queued: int
    claimers: int
    wakes: int
    runs: int


FULL = {"sqlite": Sizes(500, 30, 6_000, 60, 100, 1_500), "postgres": Sizes(2_000, 30, 12_000, 60, 100, 3_000)}
SMALL = Sizes(100, 5, 500, 20, 10, 100)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("store", nargs="?", default="all", choices=("sqlite", "postgres", "all"))
    parser.add_argument("--only", default="http,poll,claim,wake,ingest")
    parser.add_argument("--small", action="store_true", help="a minute in all, to see that it works")
    parser.add_argument("--soak", type=float, metavar="MINUTES")
    parser.add_argument("--rate", type=float, default=100, help="instructions a second of the soak")
    args = parser.parse_args()
    for store in ("sqlite", "postgres") if args.store == "all" else (args.store,):
        sizes = SMALL if args.small else FULL[store]
        with tempfile.TemporaryDirectory() as folder, _address(store) as address:
            if args.soak:
                with hub(Path(folder), address) as made:
                    uvloop.run(soak(made, args.soak * 60, args.rate))
                continue
            for name in args.only.split(","):
                with _fresh(address) as own, hub(Path(folder) / name, own) as made:
                    print(f"{store} {name}:", flush=True)
                    uvloop.run(BENCHES[name](made, sizes))
                    print(f"    hub: {made.memory():.0f} MiB, {made.cpu():.1f} s of CPU", flush=True)


@contextmanager
def _address(store: str) -> Iterator[str | None]:
    if store == "sqlite":
        yield None
        return
    sys.path.insert(0, str(ROOT))
    from tests.support.hub import address_of
    from tests.support.postgres import postgres

    with postgres(**DURABLE) as server:
        yield address_of(server)


@contextmanager
def _fresh(address: str | None) -> Iterator[str | None]:
    """A database of its own for each benchmark."""
    if address is None:
        yield None
        return
    import psycopg

    name = f"bench_{time.time_ns()}"
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}".encode())
    yield f"{address.rpartition('/')[0]}/{name}"


# ---------------------------------------------------------------- the benchmarks


async def bare(made: Hub, sizes: Sizes) -> None:
    """The ceiling: requests that do nothing, on 16 connections."""
    times = Times()
    connections = [Connection(made.host, made.port) for _ in range(16)]
    until = time.perf_counter() + min(5.0, sizes.seconds)

    async def lane(connection: Connection) -> None:
        while time.perf_counter() < until:
            await timed(times, connection, "GET", "/healthz", "x")

    began, cpu = time.perf_counter(), made.cpu()
    await asyncio.gather(*map(lane, connections))
    seconds = time.perf_counter() - began
    print(
        f"    {len(times.seconds) / seconds:,.0f} requests/s; hub {100 * (made.cpu() - cpu) / seconds:.0f} % CPU"
    )


async def poll(made: Hub, sizes: Sizes) -> None:
    """Agents that come every ten seconds, each at a moment of its own; then all wait in long polls."""
    load = await prepare(made)
    await load.enrol(sizes.agents)
    times = Times()
    end = time.perf_counter() + sizes.seconds

    async def come(agent: Agent, first: float) -> None:
        await asyncio.sleep(first)
        while time.perf_counter() < end:
            await asyncio.gather(agent.poll(times, free=0), asyncio.sleep(10))

    cpu, began = made.cpu(), time.perf_counter()
    await asyncio.gather(*(come(a, 10 * n / len(load.agents)) for n, a in enumerate(load.agents)))
    busy = 100 * (made.cpu() - cpu) / (time.perf_counter() - began)
    print(f"    {sizes.agents:,} agents, a poll every 10 s: {times.text()}; hub {busy:.0f} % CPU")
    waiting = Times()
    cpu, began = made.cpu(), time.perf_counter()
    await asyncio.gather(*(agent.poll(waiting, free=1, wait_s=10) for agent in load.agents))
    late = [1000 * (seconds - 10) for seconds in waiting.seconds]
    busy = 100 * (made.cpu() - cpu) / (time.perf_counter() - began)
    print(
        f"    all of them in long polls of 10 s, begun at once: p99 {sorted(late)[int(0.99 * len(late))]:.0f} ms"
        f" over the 10 s, refused {waiting.refused}; hub {busy:.0f} % CPU"
    )


async def claim(made: Hub, sizes: Sizes) -> None:
    """A full queue handed out to agents that take one, and then ten, at a time."""
    load = await prepare(made)
    for free in (1, 10):
        await load.enrol(sizes.claimers)
        queueing = Times()
        began = time.perf_counter()
        await load.queue(sizes.queued // 2, queueing)
        queued = time.perf_counter() - began
        agents, load.agents = load.agents, []
        times = Times()

        async def take(agent: Agent, free: int = free, times: Times = times) -> int:
            count = 0
            while deliver := await agent.poll(times, free):
                count += len(deliver)
                for given in deliver:
                    agent.keep(given)
            return count

        cpu, began = made.cpu(), time.perf_counter()
        taken = sum(await asyncio.gather(*map(take, agents)))
        seconds = time.perf_counter() - began
        assert taken >= sizes.queued // 2, (taken, times.refused)
        print(
            f"    {free} at a time: {taken / seconds:,.0f} claims/s ({times.text()});"
            f" hub {100 * (made.cpu() - cpu) / seconds:.0f} % CPU; queued at {sizes.queued // 2 / queued:,.0f} runs/s"
        )


async def wake(made: Hub, sizes: Sizes) -> None:
    """From the request for a run to its delivery."""
    load = await prepare(made)
    await load.enrol(20)
    times = Times()
    agent = load.agents[0]
    for _ in range(sizes.wakes):
        waiting = asyncio.ensure_future(agent.poll(Times(), free=1, wait_s=25))
        await asyncio.sleep(0.1)
        began = time.perf_counter()
        await load.queue(1)
        (given,) = await waiting
        times.add(time.perf_counter() - began, 200)
        agent.keep(given)
    print(f"    queued to delivered: {times.text()}")


async def ingest(made: Hub, sizes: Sizes) -> None:
    """Runs of 50 checks on 32 connections: start, one batch, commit."""
    load = await prepare(made)
    await load.enrol(40)
    await load.queue(sizes.runs)
    pods: list[tuple[str, str, int]] = []

    async def take(agent: Agent) -> None:
        while deliver := await agent.poll(Times(), free=20):
            for given in deliver:
                pods.append((given.instruction, await load.accept(agent, given), given.fence))
                agent.keep(given)

    await asyncio.gather(*map(take, load.agents))
    assert len(pods) == sizes.runs
    results = load.results()
    commit = load.commit(results)
    times = Times()
    lanes = [Connection(made.host, made.port) for _ in range(32)]
    todo = iter(pods)

    async def lane(connection: Connection) -> None:
        for run, token, fence in todo:
            await deliver(times, connection, run, token, fence, results, commit)

    cpu, began = made.cpu(), time.perf_counter()
    await asyncio.gather(*map(lane, lanes))
    seconds = time.perf_counter() - began
    assert not times.refused, times.refused
    print(
        f"    {sizes.runs / seconds:,.0f} runs/s of {len(load.checks)} checks, three requests each ({times.text()});"
        f" hub {100 * (made.cpu() - cpu) / seconds:.0f} % CPU"
    )


async def deliver(
    times: Times,
    connection: Connection,
    run: str,
    token: str,
    fence: int,
    results: bytes,
    commit: bytes,
) -> None:
    """A runner's life without its queries."""
    path = f"/v1/runs/{run}/attempts/1"
    start = {"fence": fence, "pod_uid": uid(1), "runner_version": "1", "plan_sha256": PLAN}
    await timed(times, connection, "POST", f"{path}/start", token, start)
    await timed(times, connection, "PUT", f"{path}/results/0", token, results)
    await timed(times, connection, "POST", f"{path}/results:commit", token, commit)


async def soak(made: Hub, seconds: float, rate: float) -> None:
    """Instructions at a steady rate, each through its whole life: queued, delivered to one of 50 agents, accepted,
    started, its results committed, completed."""
    load = await prepare(made)
    await load.enrol(50)
    results = load.results()
    commit = load.commit(results)
    times, asked, done = Times(), Times(), 0
    lanes = [Connection(made.host, made.port) for _ in range(64)]
    room: asyncio.Queue[Connection] = asyncio.Queue()
    for lane in lanes:
        room.put_nowait(lane)
    end = time.perf_counter() + seconds

    async def live(agent: Agent) -> None:
        nonlocal done
        while time.perf_counter() < end:
            given_ = await agent.poll(times, free=8, wait_s=5)
            for given in given_:
                path = f"/v1/agent/instructions/{given.instruction}/attempts/1"
                await agent.connection.ask("GET", f"{path}/order", agent.token)
                token = await load.accept(agent, given)
                connection = await room.get()
                try:
                    await deliver(times, connection, given.instruction, token, given.fence, results, commit)
                finally:
                    room.put_nowait(connection)
                body = {
                    "fence": given.fence,
                    "outcome": "succeeded",
                    "reason_code": "job_complete",
                    "exit_code": 0,
                }
                status, data = await agent.connection.ask("POST", f"{path}/complete", agent.token, body)
                assert status == 200, data
                done += 1

    async def ask() -> None:
        began = time.perf_counter()
        number = 0
        while time.perf_counter() < end:
            number += max(1, int(rate / 20))
            await load.queue(max(1, int(rate / 20)), asked)
            await asyncio.sleep(max(0.0, began + number / rate - time.perf_counter()))

    async def watch() -> None:
        began, cpu, before = time.perf_counter(), made.cpu(), 0
        while time.perf_counter() < end:
            await asyncio.sleep(min(60, max(1.0, end - time.perf_counter())))
            passed = time.perf_counter() - began
            print(
                f"    {passed / 60:4.1f} min: {made.memory():.0f} MiB, {made.descriptors()} descriptors,"
                f" {(done - before) / min(60, passed):.0f} done/s, {done:,} in all,"
                f" hub {100 * (made.cpu() - cpu) / passed:.0f} % CPU, refused {times.refused | asked.refused}",
                flush=True,
            )
            before = done

    await asyncio.gather(ask(), watch(), *map(live, load.agents))


BENCHES = {"http": bare, "poll": poll, "claim": claim, "wake": wake, "ingest": ingest}


if __name__ == "__main__":
    main()
