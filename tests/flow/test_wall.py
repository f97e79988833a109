"""The report's wall: a source whose every cell is a mark, every kind of check failing or in error, and everything that
leaves or stays outside of the customer's databases searched: no mark, no secret."""

from __future__ import annotations

import json
import re

import pytest

from assay.protocol.report import Outcome
from assay.protocol.user import RunState
from tests.cluster.deployment import RUNS
from tests.flow.conftest import PODS, Flow
from tools.flow.estate import WAREHOUSE
from tools.flow.programs import run as assay

NUMBERS = (918273645, 827364591, 736459182)
TEXT = "canarymark"
MARKS = (TEXT, *map(str, NUMBERS), "1918-03-2", "1918032", "63616e6172796d61726b", "c0ffee00-1918")
TABLE = f"""
CREATE TABLE public.marked (
    id bigint, name text, amount decimal(18, 2), ratio double precision, day date, at timestamptz,
    key uuid, blob bytea, {TEXT}_column text, number text);
INSERT INTO public.marked
SELECT n, '{TEXT}_' || i, n + 0.25, n + 0.5, ('1918-03-2' || i)::date, ('1918-03-2' || i || 'T00:00:00Z')::timestamptz,
    ('c0ffee00-1918-4000-8000-00000000000' || i)::uuid, convert_to('{TEXT}' || i, 'UTF8'), '{TEXT}_hidden_' || i,
    '{TEXT}'
FROM (VALUES (1, {NUMBERS[0]}), (2, {NUMBERS[1]}), (3, {NUMBERS[2]})) AS given (i, n);
INSERT INTO public.marked SELECT * FROM public.marked;
"""
CONTRACT = """contract shop.marked version 1.0.0 {
  dataset shop.public.marked
  schema exact

  column id      bigint          required unique not in (5, 6) between 1 and 4 in (3, 4)
  column name    text            required unique in ('1', '2') matches /^[0-9]+$/ length <= 3 sensitive
  column amount  decimal(18, 2)  < 1
  column ratio   double          <= 1
  column day     date            > date '2020-01-01'
  column at      timestamptz
  column key     uuid            unique
  column blob    binary          required
  column number  text            references shop.public.orders.note
  column absent  int             required

  unique (id, day)
  rule early "nothing is early": day > date '2020-01-01'
  rule when_then "named rows have a low number": when name is not null then id < 5

  check rows = 0
  check missing(name) > 5
  check duplicates(day) = 0
  check distinct(key) = 1
  check least: min(id) < 5
  check most: max(amount) < 5
  check middle: median(ratio) < 5
  check high: percentile(id, 95%) < 5
  check newest: max(at) > timestamptz '2020-01-01T00:00:00Z'
  check first_name: min(name) < 'a'
  check last_day: max(day) > date '2020-01-01'
  check age: freshness(at) < 2 days
  check grouped: sum(amount) < 5 by name
  check spread: stddev(ratio) < 0.001
  check bad_cast: sum(cast(number as int)) = 0
  check bad_date: max(cast(name as date)) > date '2020-01-01'
  check overflow: sum(cast(id * id * id * id as bigint)) = 0
  check zero: sum(1 / (id - id)) = 0
  check gone: sum(absent) = 0

  failed rows { keep 1000 columns id, name, amount, day, at, key, blob, number for 30 days }
}
"""


@pytest.fixture(scope="module")
def walled(whole: Flow) -> tuple[Flow, str]:
    """A run over marks, with a wrong password and a missing table beside it."""
    flow = whole
    with flow.estate.server.connect() as connection:
        connection.execute(TABLE.encode())
    flow.estate.publish("marked.contract", marked=CONTRACT)
    flow.start_agent()
    run = flow.estate.queue("shop.marked", warehouse=WAREHOUSE)
    found = flow.estate.until(run, seconds=120)
    assert (found.state, found.verdict) == (RunState.SUCCEEDED, Outcome.ERROR)
    return flow, run


def found_in(data: bytes, marks: tuple[str, ...]) -> list[str]:
    text = data.decode("utf-8", errors="replace").lower()
    return [mark for mark in marks if mark.lower() in text]


def secrets_of(flow: Flow) -> tuple[str, ...]:
    return (flow.estate.server.password,)


def test_every_kind_of_check_failed_or_erred(walled: tuple[Flow, str]) -> None:
    flow, run = walled
    report = flow.estate.hub.call("get_results", at={"run": run}).report
    outcomes = {check.id: check.outcome for check in report.checks}
    passed = [name for name, outcome in outcomes.items() if outcome is Outcome.PASSED]
    assert set(passed) <= {
        f"marked.{one}" for one in ("id.required", "id.not_in", "name.required", "blob.required")
    }
    errors = [name for name, outcome in outcomes.items() if outcome is Outcome.ERROR]
    assert len(errors) >= 4, errors


def test_the_rows_are_in_the_warehouse_or_this_searches_in_vain(walled: tuple[Flow, str]) -> None:
    flow, run = walled
    folder = flow.estate.folder / "warehouse"
    told = assay(
        ["rows", run, "marked.amount.compare", "--json"], folder, {"DB_PASSWORD": flow.estate.server.password}
    )
    rows = [json.loads(line) for line in told.splitlines()]
    assert {int(row["id"]) for row in rows} == set(NUMBERS)
    assert all(TEXT not in str(row["name"]) for row in rows), "a sensitive column is masked even inside"


def test_nothing_that_crossed_the_line_holds_a_mark_or_a_secret(walled: tuple[Flow, str]) -> None:
    flow, run = walled
    crossed = flow.estate.relay.bytes()
    assert run.encode() in crossed
    assert found_in(crossed, MARKS) == []
    assert found_in(crossed, secrets_of(flow)) == []


def test_what_the_hub_keeps_and_logs_holds_no_mark_and_no_secret(walled: tuple[Flow, str]) -> None:
    flow, _ = walled
    files = [path for path in flow.estate.hub.folder.rglob("*") if path.is_file()]
    assert len(files) > 1
    for path in files:
        assert found_in(path.read_bytes(), (*MARKS, *secrets_of(flow))) == [], path.name
    metrics = flow.estate.hub.get("/metrics")
    assert found_in(metrics, (*MARKS, *secrets_of(flow))) == []


def test_the_hub_keeps_contract_and_results_encrypted(walled: tuple[Flow, str]) -> None:
    flow, _ = walled
    for path in flow.estate.hub.store.glob("hub.db*"):
        data = path.read_bytes()
        for word in (b"middle: median", b"out_of_bounds", b"DB_PASSWORD", b"when named rows"):
            assert word not in data, (path.name, word)


def test_the_cluster_s_objects_events_and_logs_hold_no_mark(walled: tuple[Flow, str]) -> None:
    flow, run = walled
    api = flow.estate.cluster.api
    seen = []
    for kind in ("pods", "configmaps", "events"):
        listed = json.dumps(api.get(f"/api/v1/namespaces/{RUNS}/{kind}")).encode()
        seen.append(listed)
    seen.append(json.dumps(api.get(f"/apis/batch/v1/namespaces/{RUNS}/jobs")).encode())
    for pod in flow.pods(run):
        seen.append(api.text(f"{PODS}/{pod}/log").encode())
    everything = b"\n".join(seen)
    # the contract names the column `number`; its data do not name their marks
    assert found_in(everything, MARKS) == []
    assert found_in(everything, secrets_of(flow)) == []
    encoded = re.findall(rb'"DB_PASSWORD": "([^"]+)"', everything)
    assert encoded == [], "no Secret is among what was looked at"


def test_the_agents_log_holds_no_mark_and_no_secret(walled: tuple[Flow, str]) -> None:
    flow, run = walled
    log = flow.agent.log.read_bytes()
    assert run.encode() in log
    assert found_in(log, (*MARKS, *secrets_of(flow))) == []
