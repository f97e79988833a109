"""kill -9 of a real hub process at its named places: nothing acknowledged is lost, nothing is done twice."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import select

from assay.hub.runs.showing import get_results
from assay.hub.schedules.firing import fire_due, seal_schedule
from assay.hub.store import Tx, mine
from assay.hub.tables import fires, instructions, schedules
from assay.hub.upkeep.reaper import reap
from assay.protocol import crash
from assay.protocol.user import ScheduleRequest
from assay.protocol.wire import encode
from tests.support import hub_process
from tests.support.hub import Clock, opened
from tests.support.world import CHECKS, CONTRACT, Agent, Pod, World, batch, commit_of, result

KILLED = -9
pytestmark = pytest.mark.slow


@contextmanager
def hub(address: str, clock: Clock, world: World | None = None) -> Iterator[World]:
    """The hub in this process; SQLite serves one at a time. world: what was made before goes on here."""
    with opened(address, clock) as store:
        if world is None:
            world = World(store, clock)
        world.store = store
        yield world


def session(agent: Agent) -> dict[str, Any]:
    return {"agent": agent.caller.agent, "session": agent.session.session, "epoch": agent.session.epoch}


def place(pod: Pod, **more: Any) -> dict[str, Any]:
    return {"run": pod.given.instruction, "attempt": pod.given.attempt, **more}


@pytest.mark.parametrize(("point", "leased"), [("hub-after-commit", True), ("hub-after-claim", False)])
def test_a_claim_whose_answer_was_lost_is_told_again(
    address: str, clock: Clock, point: str, leased: bool
) -> None:
    with hub(address, clock) as world:
        agent, run = world.agent(), world.queue()
    assert hub_process.run(address, point, clock, world.tenant, ("poll", session(agent))) == (KILLED, [])
    with hub(address, clock, world):
        assert world.attempt(run).state == ("leased" if leased else "queued")
        (given,) = agent.poll().deliver
        assert (given.instruction, given.fence) == (run, 1)
        agent.accept(given)


def started(world: World) -> tuple[Agent, Pod]:
    agent = world.agent()
    world.queue()
    (given,) = agent.poll().deliver
    agent.accept(given)
    pod = Pod(world, given)
    pod.start()
    return agent, pod


SENT = [batch(1, result(CHECKS[0]), result(CHECKS[1])), batch(1, result(CHECKS[2]))]


def test_a_batch_that_was_acknowledged_is_there_and_the_next_can_come_again(
    address: str, clock: Clock
) -> None:
    with hub(address, clock) as world:
        _, pod = started(world)
    steps = [("put", place(pod, seq=seq, request=one)) for seq, one in enumerate(SENT)]
    point = "hub-results-inserted:2"
    assert hub_process.run(address, point, clock, world.tenant, *steps) == (KILLED, ["put"])
    with hub(address, clock, world):
        pod.put(1, SENT[1])
        pod.put(0, SENT[0])
        pod.commit(SENT)
        found = world.call(get_results, world.key, pod.given.instruction)
        assert found.report.checks == SENT[0].checks + SENT[1].checks


@pytest.mark.parametrize("point", ["hub-before-commit", "hub-after-commit"])
def test_a_commit_is_whole_or_not_there_and_can_come_again(address: str, clock: Clock, point: str) -> None:
    with hub(address, clock) as world:
        agent, pod = started(world)
        for seq, one in enumerate(SENT):
            pod.put(seq, one)
    step = ("commit", place(pod, request=commit_of(1, SENT)))
    assert hub_process.run(address, point, clock, world.tenant, step) == (KILLED, [])
    with hub(address, clock, world):
        before = world.attempt(pod.given.instruction).state
        assert before == ("running" if point == "hub-before-commit" else "committed")
        pod.commit(SENT)
        agent.complete(pod.given)
        assert world.attempt(pod.given.instruction).state == "succeeded"


def test_a_reaper_that_was_killed_is_followed_by_another(address: str, clock: Clock) -> None:
    with hub(address, clock) as world:
        agent, run = world.agent(), world.queue()
        (given,) = agent.poll().deliver
        agent.fetch(given)
    clock.pass_(61)
    step = ("reap", None)
    assert hub_process.run(address, "hub-mid-reaper", clock, world.tenant, step) == (KILLED, [])
    with hub(address, clock, world):
        assert world.attempt(run).state == "leased"
        assert reap(world.store.write_now) == 1
        row = world.attempt(run)
        assert (row.state, row.lapsed) == ("queued", 1)


def test_a_fire_time_that_was_cut_off_fires_once(address: str, clock: Clock) -> None:
    with hub(address, clock) as world:
        world.write(_schedule)
    clock.pass_(300)
    step = ("fire", None)
    assert hub_process.run(address, "hub-mid-schedule", clock, world.tenant, step) == (KILLED, [])
    with hub(address, clock, world):
        assert world.read(_fired) == ([], [])
        assert fire_due(world.store.write_now) == 1
        assert fire_due(world.store.write_now) == 0
        times, runs = world.read(_fired)
        assert len(times) == len(runs) == 1


def test_without_the_variable_nothing_is_killed(address: str, clock: Clock) -> None:
    with hub(address, clock) as world:
        agent, _ = world.agent(), world.queue()
    assert hub_process.run(address, "", clock, world.tenant, ("poll", session(agent))) == (0, ["poll"])


def test_every_crash_point_of_the_hub_is_known_by_name() -> None:
    assert set(crash.HUB) == {
        "hub-before-commit",
        "hub-after-commit",
        "hub-after-claim",
        "hub-results-inserted",
        "hub-mid-reaper",
        "hub-mid-schedule",
    }


def _schedule(tx: Tx) -> None:
    request = ScheduleRequest(contract=CONTRACT, cron="*/5 * * * *")
    tx.add(
        schedules,
        name="often",
        revision=1,
        contract=CONTRACT,
        cron=request.cron,
        zone=request.zone,
        enabled=True,
        body=seal_schedule(tx, "often", encode(request)),
        updated_at=tx.now,
        next_fire_at=tx.now + 60_000_000,
    )


def _fired(tx: Tx) -> tuple[list[int], list[str]]:
    times = [row.fire_at for row in tx.rows(select(fires.c.fire_at).where(mine(fires)))]
    runs = [row.id for row in tx.rows(select(instructions.c.id).where(mine(instructions)))]
    return times, runs
