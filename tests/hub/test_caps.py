"""A tenant's caps hold, however many hub processes work for it at once, and what they cost does not grow."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest
from sqlalchemy import update

from assay.hub.address import conninfo, is_sqlite, sqlite_path
from assay.hub.agents import claiming, polling
from assay.hub.agents.polling import poll
from assay.hub.loads import Load, enter
from assay.hub.refusal import Refusal
from assay.hub.runners.results import put_results
from assay.hub.runs.queueing import _FAIR
from assay.hub.store import Store, Tx, mine
from assay.hub.store.line import engine
from assay.hub.store.sqlite import connect
from assay.hub.store.statements import of
from assay.hub.tables import tenants
from assay.protocol.agent import PollRequest
from assay.protocol.wire import ErrorCode
from tests.support.hub import Clock, opened
from tests.support.world import CHECKS, Agent, Pod, World, batch, result


@pytest.fixture
def world(store: Store, clock: Clock) -> World:
    return World(store, clock)


def cap(world: World, **values: int) -> None:
    world.write(lambda tx: tx.run(update(tenants).where(mine(tenants)).values(**values)))


def test_what_runs_is_capped_and_room_that_was_made_is_used_at_once(world: World) -> None:
    for _ in range(6):
        world.queue()
    cap(world, max_running=3)
    agent, other = world.agent(), world.agent(2)
    given = agent.poll(free=10).deliver
    assert len(given) == 3
    assert other.poll(free=10).deliver == ()
    agent.accept(given[0])
    agent.event(given[0])
    pod = Pod(world, given[0])
    pod.start()
    sent = [batch(1, *(result(check) for check in CHECKS))]
    pod.put(0, sent[0])
    pod.commit(sent)
    agent.complete(given[0])
    assert len(other.poll(free=10).deliver) == 1
    cap(world, max_running=5)
    assert len(other.poll(free=10).deliver) == 3


def test_what_is_full_is_counted_once_a_second_where_the_cap_is_high(world: World) -> None:
    cap(world, max_running=2_500)

    def ask(wanted: int) -> int:
        got: int = world.write(lambda tx: enter(tx, Load.RUNNING, wanted))
        return got

    assert [ask(2_000), ask(400), ask(200), ask(50)] == [2_000, 400, 100, 0]
    world.clock.pass_(1)  # nothing of it was ever claimed
    assert ask(200) == 200


def claims_and_waits(agent: Agent, free: int, claimed: threading.Event, go_on: threading.Event) -> Any:
    request = PollRequest(session=agent.session.session, epoch=agent.session.epoch, free_slots=free)

    def work(tx: Tx) -> int:
        found = poll(tx, agent.caller, request)
        claimed.set()
        go_on.wait(20)
        return len(found.deliver)

    return work


@contextmanager
def watching(address: str) -> Iterator[psycopg.Connection]:
    with psycopg.connect(conninfo(address), autocommit=True) as connection:
        yield connection


def test_two_hubs_that_claim_at_once_stay_within_the_cap(postgres_address: str, clock: Clock) -> None:
    with opened(postgres_address, clock) as one, opened(postgres_address, clock) as other:
        world = World(one, clock)
        for _ in range(10):
            world.queue()
        cap(world, max_running=5)
        first, second = world.agent(), world.agent(2)
        assert len(first.poll(free=1).deliver) == 1
        claimed, go_on, given = threading.Event(), threading.Event(), list[int]()

        def claim(store: Store, agent: Agent, known: threading.Event) -> None:
            given.append(store.write_now(world.tenant, claims_and_waits(agent, 4, known, go_on)))

        threads = [threading.Thread(target=claim, args=(one, first, claimed))]
        threads[0].start()
        assert claimed.wait(20)
        threads.append(threading.Thread(target=claim, args=(other, second, threading.Event())))
        threads[1].start()
        with watching(postgres_address) as connection:
            waits = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
            until = time.monotonic() + 20
            while not connection.execute(waits).fetchone()[0] and threads[1].is_alive():  # type: ignore[index]
                assert time.monotonic() < until
                time.sleep(0.01)
        go_on.set()
        for thread in threads:
            thread.join(30)
        states = [row.state for row in world.states().values()]
        assert states.count("leased") == 5
        assert sum(given) == 5, given  # the first one's first is told again


def test_results_of_a_minute_are_capped(world: World) -> None:
    cap(world, max_results_a_minute=4)
    world.queue()
    agent = world.agent()
    (given,) = agent.poll().deliver
    agent.accept(given)
    pod = Pod(world, given)
    pod.start()
    pod.put(0, batch(1, *(result(check) for check in CHECKS)))
    world.clock.pass_(20)
    with pytest.raises(Refusal) as found:
        pod.put(1, batch(1, result("a"), result("b")))
    assert (found.value.code, found.value.retry_after) == (ErrorCode.TOO_MANY_REQUESTS, 40.0)
    pod.call(put_results, 1, batch(1, result("a")))
    world.clock.pass_(40)
    pod.put(
        2, batch(1, *(result(name) for name in "bcdef"))
    )  # more than a minute's are taken when they come first


CLAIM = {"kinds": ["verify"], "p": "x", "c": "x", "protocol": 1, "now": 1, "most": 1}
PLANS = (
    (claiming._QUEUED, CLAIM, "ix_attempts_queue"),
    (polling._HELD, {"s": "x"}, "ix_attempts_session"),
    (_FAIR, {"p": "x", "l": "x"}, "ix_attempts_queue"),
)


@pytest.mark.parametrize(("statement", "values", "index"), PLANS, ids=["claim", "held", "fair"])
def test_what_every_poll_asks_is_answered_from_its_own_index(
    address: str, statement: Any, values: dict[str, Any], index: str
) -> None:
    """Whatever the values: a plan is made once, and kept."""
    if is_sqlite(address):
        with connect(sqlite_path(address)) as connection:
            known = of(connection).of(statement, values)
            known.sql = f"EXPLAIN QUERY PLAN {known.sql}"
            plan = known.execute(connection.connection.driver_connection, {**values, "t": "x"}).fetchall()
        assert index in str(plan)
        return
    with engine(address).connect() as connection:
        known = of(connection).of(statement, values)
        names = list(dict.fromkeys(part.partition(")")[0] for part in known.sql.split("%(")[1:]))
        sql = known.sql
        for number, name in enumerate(names, start=1):
            sql = sql.replace(f"%({name})s", f"${number}")
        raw: Any = connection.connection.driver_connection
        raw.execute("SELECT set_config('assay.tenant', 'x', false)")
        raw.execute("SET plan_cache_mode = force_generic_plan")
        raw.execute(f"PREPARE asked AS {sql}")
        plan = raw.execute(f"EXPLAIN EXECUTE asked({', '.join(['NULL'] * len(names))})").fetchall()
    assert index in str(plan)
