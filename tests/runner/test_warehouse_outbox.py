"""The outbox: a result that is written is not lost, and one that is not leaves nothing behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from assay.protocol import report as reports
from assay.runner.warehouses.postgres import PostgresStore
from tests.runner.warehouses import (
    Accounts,
    cells,
    head,
    postgres_place,
    report,
    store,
    write,
)


def test_a_result_waits_until_it_is_delivered(made: Accounts) -> None:
    made_store = store(made.writer)
    write(made.writer)
    write(made.writer, "r2")
    (first, second) = made_store.undelivered()
    assert (first.run, second.run) == ("r1", "r2")
    assert reports.decode(first.data) == report("r1")
    assert first.written <= second.written
    assert [one.run for one in made_store.undelivered(limit=1)] == ["r1"]
    for _ in range(2):
        made_store.delivered("r1")
    made_store.delivered("never heard of")
    assert [one.run for one in made_store.undelivered()] == ["r2"]


def test_the_same_result_again_is_not_delivered_again_and_another_one_is(made: Accounts) -> None:
    made_store = store(made.writer)
    write(made.writer)
    made_store.delivered("r1")
    write(made.writer)
    assert made_store.undelivered() == []
    made_store.begin(head())
    made_store.finish(msgspec.structs.replace(report(), seconds=2.0))
    assert [one.run for one in made_store.undelivered()] == ["r1"]
    assert postgres_place(made).sql("SELECT count(*) FROM assay.outbox") == [(1,)]


def test_an_envelope_can_be_other_than_the_report_or_none(made: Accounts) -> None:
    for envelope, expected in ((lambda _: b"\x00sealed", [b"\x00sealed"]), (None, [b"\x00sealed"])):
        made_store = PostgresStore(made.writer, envelope=envelope)
        made_store.begin(head("r1" if envelope else "r2"))
        made_store.finish(report("r1" if envelope else "r2"))
        assert [one.data for one in made_store.undelivered()] == expected


def test_what_waits_is_not_removed_with_its_run(made: Accounts) -> None:
    place = postgres_place(made)
    made_store = store(made.writer)
    for run_id in ("r1", "r2"):
        made_store.begin(head(run_id, keep_days=1))
        made_store.finish(report(run_id))
    made_store.delivered("r2")
    place.age(400)
    place.sql(
        "UPDATE assay.outbox SET written = written - INTERVAL '400 days',"
        " delivered = delivered - INTERVAL '8 days'"
    )
    assert made_store.prune() == 2
    assert place.sql("SELECT run FROM assay.outbox") == [("r1",)]


KILLED = """
import os, signal, sys
import msgspec
from assay.protocol.warehouse import Warehouse
from assay.runner.warehouses.postgres import PostgresStore
from assay.runner.warehouses.postgres_session import PostgresSession
from tests.runner.warehouses import given, head, report

warehouse = msgspec.json.decode(os.environ["WAREHOUSE"], type=Warehouse)
at = sys.argv[1]
all_ = PostgresSession.all

def die(self, statement, *rest, **names):
    if at in statement and "BEGIN" not in statement:
        if sys.argv[2] == "after":
            all_(self, statement, *rest, **names)
        os.kill(os.getpid(), signal.SIGKILL)
    return all_(self, statement, *rest, **names)

PostgresSession.all = die
store = PostgresStore(warehouse)
store.begin(head())
store.keep("check", [("a", "INTEGER")], given([(1,)], [(2,)]))
store.finish(report())
"""


@pytest.mark.parametrize(
    ("at", "when", "there"),
    [
        ("captures VALUES", "before", False),
        ("captures VALUES", "after", False),
        (".runs (run", "after", False),
        (".outbox AS o", "after", False),
        ("COMMIT", "before", False),
        ("COMMIT", "after", True),
    ],
)
def test_rows_and_envelope_are_there_both_or_not_at_all(
    made: Accounts, at: str, when: str, there: bool
) -> None:
    """The process is killed at every statement that matters."""
    root = Path(__file__).parents[2]
    ended = subprocess.run(
        [sys.executable, "-c", KILLED, at, when],
        env={
            **os.environ,
            "PYTHONPATH": os.pathsep.join([str(root), *filter(None, sys.path)]),
            "WAREHOUSE": msgspec.json.encode(made.writer).decode(),
        },
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert ended.returncode == -signal.SIGKILL, ended.stderr
    place = postgres_place(made)
    found = [place.sql(f"SELECT count(*) FROM assay.{table}") for table in ("runs", "captures", "outbox")]
    assert found == [[(int(there),)]] * 3
    assert cells(place.reader.read("r1", "check")) == ([(1,), (2,)] if there else [])
    assert [one.run for one in store(made.writer).undelivered()] == (["r1"] if there else [])
    write(made.writer, value=3)
    assert cells(place.reader.read("r1", "check")) == [(3,)], (
        "and the next try writes as if it were the first"
    )
