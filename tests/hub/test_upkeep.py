"""What the hub does by itself: schedules, retention, keys."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from sqlalchemy import func, select, update

from assay.hub.agents.enrolment import enrol, rotate_agent_token
from assay.hub.agents.sessions import open_session, send_back
from assay.hub.audit import note
from assay.hub.callers import EnrolmentCaller
from assay.hub.keyring import KeyProblem
from assay.hub.refusal import Refusal
from assay.hub.runs.showing import get_run
from assay.hub.schedules.firing import fire_due, seal_schedule
from assay.hub.store import Store, Tx, mine
from assay.hub.tables import (
    agent_tokens,
    attempts,
    audit,
    batches,
    contracts,
    fires,
    instructions,
    reports,
    schedules,
    tenants,
)
from assay.hub.upkeep.loop import Upkeep
from assay.hub.upkeep.reaper import reap
from assay.hub.upkeep.retention import remove_old
from assay.protocol.agent import EnrolRequest, SessionRequest
from assay.protocol.user import ScheduleRequest
from assay.protocol.wire import ErrorCode, encode
from tests.support.hub import Clock
from tests.support.world import CHECKS, CONTRACT, Pod, World, batch, enrolment, result

DAY = 86_400


@pytest.fixture
def world(store: Store, clock: Clock) -> World:
    return World(store, clock)


def schedule(world: World, name: str = "often", **options: Any) -> None:
    """Every ten minutes, the next time in ten."""
    request = ScheduleRequest(**{"contract": CONTRACT, "cron": "*/10 * * * *", **options})

    def work(tx: Tx) -> None:
        tx.add(
            schedules,
            name=name,
            revision=1,
            contract=request.contract,
            cron=request.cron,
            zone=request.zone,
            enabled=True,
            body=seal_schedule(tx, name, encode(request)),
            updated_at=tx.now,
            next_fire_at=tx.now - tx.now % 600_000_000 + 600_000_000,
        )

    world.write(work)


def fired(world: World) -> list[tuple[str | None, int]]:
    """Why each fire time was left out (None: it has its run), and how many were missed before it."""
    statement = select(fires.c.left_out, fires.c.missed).where(mine(fires)).order_by(fires.c.fire_at)
    return [tuple(row) for row in world.read(lambda tx: tx.rows(statement))]


def after(world: World, seconds: float) -> None:
    world.clock.pass_(seconds)
    fire_due(world.store.write_now)


def test_a_schedule_queues_a_run_that_knows_its_fire_time(world: World) -> None:
    schedule(world)
    after(world, 1)
    assert fired(world) == []
    after(world, 600)
    after(world, 1)
    assert fired(world) == [(None, 0)]
    (given,) = world.agent().poll().deliver
    run = world.call(get_run, world.key, given.instruction)
    assert (run.schedule, run.fire_at) == ("often", "2025-06-15T15:10:00Z")


def test_a_fire_is_left_out_while_the_run_before_it_is_not_over(world: World) -> None:
    schedule(world)
    after(world, 600)
    world.agent().poll()
    after(world, 600)
    assert fired(world) == [(None, 0), ("still_running", 0)]


def test_runs_may_overlap_where_the_schedule_says_so(world: World) -> None:
    schedule(world, concurrency="allow")
    after(world, 600)
    after(world, 600)
    assert fired(world) == [(None, 0), (None, 0)]


def test_what_was_missed_is_made_up_for_once(world: World) -> None:
    schedule(world)
    after(world, 3 * 3600 + 60)
    assert fired(world) == [(None, 17)]


def test_what_comes_too_late_to_start_is_left_out(world: World) -> None:
    schedule(world, cron="0 0 * * *", start_s=60)
    after(world, 2 * DAY + 7200)
    assert [why for why, _ in fired(world)] == ["too_late"]


def test_a_schedule_of_a_retired_contract_goes_on_without_runs(world: World) -> None:
    schedule(world)
    world.write(lambda tx: tx.run(update(contracts).where(mine(contracts)).values(retired_at=tx.now)))
    after(world, 600)
    after(world, 600)
    assert [why for why, _ in fired(world)] == ["not_possible", "not_possible"]


def test_a_schedule_that_cannot_be_read_is_switched_off_and_ends_no_other(world: World) -> None:
    schedule(world, "broken")
    schedule(world, "whole")
    broken = (
        update(schedules).where(mine(schedules), schedules.c.name == "broken").values(body=b"\1" + b"0" * 40)
    )
    world.write(lambda tx: tx.run(broken))
    after(world, 600)
    assert fired(world) == [(None, 0)]
    after(world, 600)
    assert len(fired(world)) == 2


def counts(world: World) -> list[int]:
    tables = (instructions, attempts, batches, reports, audit)
    return [
        world.read(lambda tx, t=table: tx.one(select(func.count()).select_from(t).where(mine(t)))[0])  # type: ignore[misc]
        for table in tables
    ]


def test_old_runs_go_with_all_that_belongs_to_them_and_others_stay(world: World) -> None:
    agent = world.agent()
    world.queue()
    (given,) = agent.poll().deliver
    agent.accept(given)
    pod = Pod(world, given)
    pod.start()
    sent = [batch(1, *(result(check) for check in CHECKS))]
    pod.put(0, sent[0])
    pod.commit(sent)
    agent.complete(given)
    world.clock.pass_(89 * DAY)
    waiting = world.queue(start_s=7 * DAY)
    before = counts(world)
    assert remove_old(world.store.write_now) == 0
    assert counts(world) == before
    world.clock.pass_(2 * DAY)
    assert remove_old(world.store.write_now) == 1
    assert counts(world)[:4] == [1, 1, 0, 0]
    assert world.attempt(waiting).state == "queued"


def test_each_tenant_says_how_long_its_log_is_kept(world: World, store: Store, clock: Clock) -> None:
    other = World(store, clock, "other")
    for one in (world, other):
        one.write(lambda tx: note(tx, "hub", "test", "x"))
    world.write(lambda tx: tx.run(update(tenants).where(mine(tenants)).values(keep_audit_days=10)))
    clock.pass_(11 * DAY)
    remove_old(store.write_now)
    assert (counts(world)[4], counts(other)[4]) == (0, 1)


def test_an_enrolment_token_is_used_once_and_in_time(world: World) -> None:
    name = world.write(lambda tx: enrolment(tx, "default"))
    late = world.write(lambda tx: enrolment(tx, "default"))
    request = EnrolRequest(name="a", cluster=world.agent().cluster)
    world.call(enrol, EnrolmentCaller(world.tenant, name, "default"), request)
    world.clock.pass_(901)
    for used in (name, late):
        with pytest.raises(Refusal) as refused:
            world.call(enrol, EnrolmentCaller(world.tenant, used, "default"), request)
        assert refused.value.code is ErrorCode.UNAUTHENTICATED


def test_a_token_that_was_rotated_is_good_for_another_day(world: World) -> None:
    agent = world.agent()
    made = world.call(rotate_agent_token, agent.caller)
    assert made.token != agent.token
    ends = world.read(
        lambda tx: [row.expires_at for row in tx.rows(select(agent_tokens).where(mine(agent_tokens)))]
    )
    assert sorted(ends, key=bool) == [None, world.clock.now + DAY * 1_000_000]


def test_a_session_speaks_a_version_that_both_know_in_the_cluster_of_its_enrolment(world: World) -> None:
    agent = world.agent(1)
    for oldest, newest, cluster, code in (
        (2, 9, agent.cluster, ErrorCode.UPGRADE_REQUIRED),
        (1, 1, world.agent(2).cluster, ErrorCode.CONFLICT),
    ):
        request = SessionRequest(oldest=oldest, newest=newest, version="1", cluster=cluster)
        with pytest.raises(Refusal) as refused:
            world.call(open_session, agent.caller, request)
        assert refused.value.code is code


def test_what_a_revoked_agent_had_goes_to_another(world: World) -> None:
    agent = world.agent()
    run = world.queue()
    agent.poll()
    world.write(lambda tx: send_back(tx, agent.caller.agent))
    assert [item.instruction for item in world.agent().poll().deliver] == [run]
    with pytest.raises(Refusal):
        agent.poll()


def test_two_hubs_that_reap_at_once_do_it_once(postgres_store: Store, clock: Clock) -> None:
    world = World(postgres_store, clock)
    agent = world.agent()
    runs = [world.queue() for _ in range(20)]
    for given in agent.poll(free=100).deliver:
        agent.fetch(given)
    clock.pass_(61)
    done: list[int] = []
    hubs = [threading.Thread(target=lambda: done.append(reap(postgres_store.write_now))) for _ in range(4)]
    for hub in hubs:
        hub.start()
    for hub in hubs:
        hub.join()
    assert sum(done) == 20
    assert {world.attempt(run).lapsed for run in runs} == {1}


def test_many_agents_that_claim_at_once_get_each_run_once(postgres_store: Store, clock: Clock) -> None:
    world = World(postgres_store, clock)
    agents = [world.agent() for _ in range(6)]
    runs = [world.queue() for _ in range(60)]
    given: list[str] = []

    def take(agent: Any) -> None:
        for _ in range(5):
            given.extend(item.instruction for item in agent.poll(free=100, known=()).deliver)

    hubs = [threading.Thread(target=take, args=(agent,)) for agent in agents]
    for hub in hubs:
        hub.start()
    for hub in hubs:
        hub.join()
    holders = [world.attempt(run) for run in runs]
    assert {row.fence for row in holders} == {1}
    assert set(given) == set(runs)


def test_a_task_that_fails_is_tried_again_and_ends_no_other(store: Store) -> None:
    upkeep = Upkeep(store)
    first, second = upkeep._tasks[:2]
    tried = threading.Event()

    def fails() -> int:
        if upkeep.failed[first.name]:
            tried.set()
        raise KeyProblem("a row of theirs: 4711")

    first.work, first.every, second.every = fails, 0.0, 0.0
    upkeep.start()
    assert tried.wait(20)
    upkeep.stop()
    assert upkeep.failed[first.name] >= 1
    assert upkeep.failed[second.name] == 0
