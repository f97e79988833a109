"""The PostgreSQL warehouse: what only a server can do."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest

from assay.runner.warehouses.postgres import PostgresStore
from tests.runner.warehouses import (
    NOW,
    Accounts,
    cells,
    given,
    head,
    postgres_place,
    report,
    slow_rows,
    store,
    write,
)


def test_runs_at_once_that_need_the_same_new_table(made: Accounts) -> None:
    faults: list[BaseException] = []

    def work(number: int) -> None:
        try:
            write(made.writer, f"r{number}", value=number)
        except BaseException as error:  # noqa: BLE001 - shown below
            faults.append(error)

    threads = [threading.Thread(target=work, args=[number]) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert faults == []
    place = postgres_place(made)
    for number in range(8):
        assert cells(place.reader.read(f"r{number}", "check")) == [(number,)]


def test_a_run_that_lasts_holds_up_no_other(made: Accounts) -> None:
    """The first has made the table, and is still writing."""
    started, go_on = threading.Event(), threading.Event()
    first = store(made.writer)
    first.begin(head())
    thread = threading.Thread(
        target=lambda: first.keep("check", [("a", "INTEGER")], slow_rows(started, go_on))
    )
    thread.start()
    assert started.wait(20)
    write(made.writer, "r2")
    go_on.set()
    thread.join(60)
    first.finish(report())
    kept = {one.run: one.checks["check"] for one in PostgresStore(made.reader).runs()}
    assert kept == {"r1": 2_001_000, "r2": 1}


def test_many_that_prune_at_once_do_not_wait_for_each_other_for_ever(made: Accounts) -> None:
    for number in range(30):
        one = store(made.writer)
        one.begin(head(f"r{number:02}", keep_days=5))
        one.keep(f"check{number % 3}", [("a", "INTEGER")], given([(number,)]))
        one.finish(report(f"r{number:02}"))
    postgres_place(made).age(6)
    faults: list[BaseException] = []

    def work() -> None:
        try:
            store(made.writer).prune()
        except BaseException as error:  # noqa: BLE001 - shown below
            faults.append(error)

    threads = [threading.Thread(target=work) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert faults == []
    store(made.writer).prune()
    assert PostgresStore(made.reader).runs() == []


def test_an_instant_is_one_whatever_the_clock_of_the_server(made: Accounts) -> None:
    postgres_place(made).sql(f"ALTER DATABASE {made.server.dbname} SET TimeZone = 'Asia/Kolkata'")
    one = store(made.writer)
    one.begin(head())
    one.keep(
        "check",
        [("t", "TIMESTAMP"), ("z", "TIMESTAMP WITH TIME ZONE")],
        given([(NOW.replace(tzinfo=None), NOW)]),
    )
    one.finish(report())
    ((t, z),) = cells(PostgresStore(made.reader).read("r1", "check"))
    assert (t, z) == (NOW.replace(tzinfo=None), NOW)
    assert PostgresStore(made.reader).runs()[0].now == NOW
    assert timedelta(0) <= store(made.writer).undelivered()[0].written - NOW


@pytest.mark.parametrize(("type_", "text"), [("DATE", "infinity"), ("UUID", "no uuid at all")])
def test_what_a_type_cannot_hold_stands_beside_it(made: Accounts, type_: str, text: str) -> None:
    one = store(made.writer)
    one.begin(head())
    one.keep("check", [("a", type_)], given([(text,)]))
    one.finish(report())
    assert cells(PostgresStore(made.reader).read("r1", "check")) == [(text,)]
