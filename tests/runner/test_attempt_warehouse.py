"""A Job for a hub's instruction with a warehouse: failed rows stay, and a result outlives the hub that it was for."""

from __future__ import annotations

import signal
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from assay.compiler.manifests import Instruction
from assay.protocol.report import Outcome
from tests.runner.pods import Pod, deploy, elsewhere
from tests.runner.warehouses import Accounts
from tests.support.postgres import Server
from tests.support.scripted_hub import ScriptedHub, serving_hub

RUN = "01j9zzzzzzzzzzzzzzzzzzzzzz"
CONTRACT = """contract shop.orders version 1.0.0 {
  dataset shop.public.orders
  param most decimal(12, 2) = 5

  column id      bigint  required unique
  column amount  decimal(12, 2)
  column note    text

  rule small: amount <= most
  check rows > 0

  failed rows { keep 1000000 columns id, amount, note }
}
"""
TABLE = """
CREATE TABLE public.orders (id bigint NOT NULL, amount decimal(12, 2), note text);
INSERT INTO public.orders SELECT i, i, 'canary' || i FROM generate_series(1, 10) i
"""
# Numbers come at once; to read a row takes a minute.
SLOW_ROWS = """
CREATE VIEW public.orders AS
SELECT i::bigint AS id, i::decimal(12, 2) AS amount, 'canary' || pg_sleep(60)::text AS note
FROM generate_series(1, 10) i
"""
ROWS = [(6, "canary6"), (7, "canary7"), (8, "canary8"), (9, "canary9"), (10, "canary10")]


@dataclass
class World:
    """One source, one warehouse; hubs and pods as they come."""

    folder: Path
    server: Server
    accounts: Accounts
    options: dict[str, Any] = field(default_factory=dict)
    pods: int = 0

    def pod(self, hub: ScriptedHub, **options: Any) -> Pod:
        self.pods += 1
        made = deploy(
            self.folder / f"pod{self.pods}",
            self.server,
            contract=options.pop("contract", CONTRACT),
            hub={"url": hub.url},
            instruction=Instruction(RUN, hub.attempt, 1, 600),
            warehouse=self.accounts.writer,
            **options,
        )
        made.environment["ASSAY_POD_UID"] = f"0f0f0f0f-1111-2222-3333-{self.pods:012}"
        elsewhere(made)
        return made

    def sql(self, statement: str) -> list[tuple[object, ...]]:
        with self.server.connect() as connection:
            cursor = connection.execute(statement.encode())
            return cursor.fetchall() if cursor.description is not None else []

    def kept(self) -> list[tuple[object, ...]]:
        """Failed rows of the run, as its readers see them."""
        places = self.sql("SELECT place FROM assay.captures JOIN assay.runs USING (run)")
        return [
            row
            for (place,) in places
            for row in self.sql(f"SELECT id, note FROM assay.{place} WHERE _run = '{RUN}' ORDER BY _row")
        ]

    def waiting(self) -> int:
        found = self.sql("SELECT count(*) FROM assay.outbox WHERE delivered IS NULL")[0][0]
        assert isinstance(found, int)
        return found


@pytest.fixture
def world(tmp_path: Path, made: Accounts) -> World:
    found = World(tmp_path, made.server, made)
    found.sql(TABLE)
    return found


@pytest.fixture
def hub() -> Iterator[ScriptedHub]:
    with serving_hub(ScriptedHub(RUN)) as served:
        yield served


def outcomes(hub: ScriptedHub) -> dict[str, tuple[Outcome, int | None]]:
    return {check.id: (check.outcome, check.kept_rows) for check in hub.checks}


def test_failed_rows_stay_and_numbers_leave(world: World, hub: ScriptedHub) -> None:
    assert world.pod(hub).told() == (0, {})
    assert world.kept() == ROWS
    assert outcomes(hub)["orders.small"] == (Outcome.FAILED, 5)
    assert (hub.commits, world.waiting()) == (1, 0)
    assert world.sql("SELECT run, delivered IS NOT NULL FROM assay.outbox") == [(RUN, True)]
    assert b"canary" not in hub.heard
    assert hub.commit is not None
    assert not hub.commit.store_failed


def test_secrets_of_the_warehouse_from_files(world: World, hub: ScriptedHub) -> None:
    pod = world.pod(hub, mode="file")
    assert sorted(path.name for path in pod.rows_files.iterdir()) == ["ROWS_PASSWORD"]
    assert pod.told()[0] == 0
    assert world.kept() == ROWS
    (pod.rows_files / "ROWS_PASSWORD").unlink()
    assert pod.told() == (78, {"code": "MissingSecret", "stage": "secrets"})


def test_a_warehouse_elsewhere_is_not_allowed(world: World, hub: ScriptedHub) -> None:
    pod = world.pod(hub)
    pod.change("warehouse.json", host="localhost")
    assert pod.told() == (77, {"code": "HostNotAllowed", "stage": "warehouse"})
    pod.change("warehouse.json", password="canary")
    assert pod.told() == (64, {"code": "BadWarehouse", "stage": "warehouse"})
    assert hub.called == []


def test_without_a_hub_rows_are_kept_and_nothing_waits(world: World, tmp_path: Path) -> None:
    pod = deploy(tmp_path / "pod", world.server, contract=CONTRACT, warehouse=world.accounts.writer)
    code, out, _ = pod.run()
    assert code == 0
    assert b"canary" not in out
    assert world.sql("SELECT count(*) FROM assay.outbox") == [(0,)]
    assert world.sql("SELECT rows FROM assay.captures") == [(5,)]


# -- a result outlives its pod, and its attempt


def test_a_pod_that_dies_after_the_warehouse_has_the_result_needs_no_second_query(
    world: World, hub: ScriptedHub
) -> None:
    hub.silent_s = 0.5
    first = world.pod(hub)
    first.environment["ASSAY_CRASH_AT"] = "runner-after-warehouse"
    assert first.run()[0] == -signal.SIGKILL
    assert (hub.commit, world.waiting(), world.kept()) == (None, 1, ROWS)
    # Had the source to be asked again, there would be no result.
    world.sql("DROP TABLE public.orders")
    assert world.pod(hub).told() == (0, {})
    assert outcomes(hub)["orders.small"] == (Outcome.FAILED, 5)
    assert (hub.commits, world.waiting(), world.kept()) == (1, 0, ROWS)


def undelivered(world: World, **options: Any) -> None:
    """The first attempt: its hub goes away for good."""
    with serving_hub(ScriptedHub(RUN, deadline_s=6.0)) as away:
        away.faults = {"put_results": ["drop before"] * 99}
        assert world.pod(away, **options).told() == (74, {"code": "dropped", "stage": "results"})
    assert world.waiting() == 1


def test_the_next_attempt_delivers_what_the_one_before_has_computed(world: World) -> None:
    undelivered(world)
    world.sql("DROP TABLE public.orders")
    with serving_hub(ScriptedHub(RUN, attempt=2)) as hub:
        assert world.pod(hub).told() == (0, {})
        assert outcomes(hub)["orders.small"] == (Outcome.FAILED, 5)
    assert world.waiting() == 0


@pytest.mark.parametrize(
    "options",
    [{"params": {"most": "9"}}, {"contract": CONTRACT.replace("1.0.0", "1.0.1")}],
    ids=["parameters", "contract"],
)
def test_what_another_question_had_for_an_answer_is_not_delivered(
    world: World, options: dict[str, Any]
) -> None:
    undelivered(world)
    with serving_hub(ScriptedHub(RUN, attempt=2)) as hub:
        assert world.pod(hub, **options).told() == (0, {})
        assert hub.commit is not None
        kept = 1 if "params" in options else 5
        assert outcomes(hub)["orders.small"] == (Outcome.FAILED, kept)
        assert hub.commit.version == ("1.0.0" if "params" in options else "1.0.1")
    assert (world.waiting(), len(world.kept())) == (0, kept)


def test_a_source_that_was_away_leaves_nothing_to_deliver(world: World, hub: ScriptedHub) -> None:
    pod = world.pod(hub)
    pod.change("source.json", port=1)
    pod.change("run.json", ports=[])
    assert pod.told()[0] == 69
    assert world.sql("SELECT count(*) FROM assay.outbox") == [(0,)]
    with serving_hub(ScriptedHub(RUN, attempt=2)) as second:
        assert world.pod(second).told() == (0, {})
        assert outcomes(second)["orders.small"] == (Outcome.FAILED, 5)


@pytest.mark.parametrize("point", ["runner-mid-results", "runner-before-commit"])
def test_a_crash_between_warehouse_and_hub_changes_nothing(
    world: World, hub: ScriptedHub, point: str
) -> None:
    hub.silent_s = 0.5
    first = world.pod(hub)
    first.environment["ASSAY_CRASH_AT"] = point
    assert first.run()[0] == -signal.SIGKILL
    assert world.pod(hub).told() == (0, {})
    assert (hub.commits, world.waiting(), world.kept()) == (1, 0, ROWS)


def test_a_pod_that_is_ended_while_it_reads_failed_rows_leaves_all_to_the_next(
    world: World, hub: ScriptedHub
) -> None:
    world.sql("DROP TABLE public.orders")
    world.sql(SLOW_ROWS)
    process = world.pod(hub).start()
    busy = (
        "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep' AND datname = current_database()"
    )
    end = time.monotonic() + 30
    while world.sql(busy) != [(1,)]:
        assert time.monotonic() < end
        time.sleep(0.02)
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=60)
    assert process.returncode == 143
    assert (hub.commit, world.sql("SELECT count(*) FROM assay.outbox")) == (None, [(0,)])
    world.sql("DROP VIEW public.orders")
    world.sql(TABLE)
    assert world.pod(hub).told() == (0, {})
    assert (hub.generation, world.kept()) == (2, ROWS)


def test_a_pod_that_was_overtaken_writes_no_rows(world: World, hub: ScriptedHub) -> None:
    """Its hub is asked just before the warehouse's commit, not only at the next heartbeat."""
    hub.heartbeat_s = 3600.0

    def overtake(name: str) -> None:
        if name == "heartbeat":
            hub.generation = 2

    hub.on_call = overtake
    assert world.pod(hub).told() == (75, {"code": "Fenced", "stage": "run"})
    assert (world.kept(), world.waiting(), hub.commit) == ([], 0, None)


# -- a warehouse that is away


def test_a_warehouse_that_is_away_is_told_and_ends_nothing(world: World, hub: ScriptedHub) -> None:
    pod = world.pod(hub)
    pod.change("warehouse.json", user="nobody_of_that_name")
    assert pod.told() == (0, {})
    assert hub.commit is not None
    assert (hub.commit.store_failed, hub.commit.store_code) == (True, "28P01")
    assert outcomes(hub)["orders.small"] == (Outcome.FAILED, None)


# -- memory


@pytest.mark.slow
def test_memory_does_not_grow_with_failed_rows(world: World, hub: ScriptedHub) -> None:
    """180 MB of failed rows go through a process that never has more than 150 MiB."""
    world.sql("DROP TABLE public.orders")
    world.sql(
        "CREATE TABLE public.orders (id bigint NOT NULL, amount decimal(12, 2), note text);"
        "INSERT INTO public.orders SELECT i, 10, repeat('x', 900) FROM generate_series(1, 200000) i"
    )
    pod = world.pod(hub, diagnostics={"rows": 1_000_000, "bytes": 10**9})
    assert pod.told()[0] == 0
    assert outcomes(hub)["orders.small"] == (Outcome.FAILED, 200_000)
    assert pod.peak <= 150 * 1024
