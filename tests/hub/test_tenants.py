"""Two tenants on one hub: nothing of one can be seen or changed with a credential of the other.

Whatever the route and the method, another tenant's id is answered as one that does not exist, to the byte.
`test_tenant_mutants` runs this file on hubs without their defences, and expects it to fail.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import msgspec
import pytest
from sqlalchemy import create_engine, text

from assay.hub.address import is_sqlite, postgres_url
from assay.hub.tables import METADATA
from assay.protocol.endpoints import ENDPOINTS, Credential, Endpoint
from tests.support.live import Http, LiveHub, Reply, live
from tests.support.scripted import ScriptedAgent, prepare, verify

MISSING = "7zzzzzzzzzzzzzzzzzzzzzzzzz"
WITH_NAMES = ("put_source", "put_warehouse", "put_schedule")
"""A name is a tenant's own: putting one that another tenant has makes a thing of one's own."""
SCHEDULE = {"contract": "shop.orders", "cron": "0 3 * * *"}


@dataclass
class Side:
    """One tenant and what it has."""

    http: Http
    ids: dict[str, str]
    tokens: dict[Credential, str]
    marks: list[str]


@pytest.fixture(scope="module", params=["sqlite", "postgres"])
def sides(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Side, Side]]:
    from tests.hub.conftest import fresh_address

    with fresh_address(request, tmp_path_factory.mktemp("tenants"), request.param) as address:
        if "no-rls" in os.environ.get("ASSAY_TEST_MUTANT", "") and not is_sqlite(address):
            _without_row_level_security(address)
        with live(address, upkeep=False) as hub:
            yield _side(hub, "acme", 1), _side(hub, "umbrella", 2)


def _without_row_level_security(address: str) -> None:
    with create_engine(postgres_url(address)).begin() as connection:
        for table in METADATA.tables:
            connection.execute(text(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY"))


def _side(hub: LiveHub, name: str, number: int) -> Side:
    """Names that only this tenant has, so that a look into the other's answers would find them."""
    http = Http(hub.http.host, hub.http.port, hub.keys[name])
    prepare(http)
    contract = (
        f"contract {name}.secret version 1.0.0 {{\n dataset warehouse.public.orders\n column id int\n}}\n"
    )
    http.call("publish", {"root": "a.contract", "files": {"a.contract": contract}})
    document = {"type": "postgres", "host": f"{name}-host", "database": "d", "user": "u"}
    http.call("put_source", {"document": document}, name=f"{name}-source")
    http.call("put_warehouse", {"document": document}, name=f"{name}-warehouse")
    http.call("put_schedule", SCHEDULE, name=f"{name}-schedule")
    agent = ScriptedAgent(http, cluster=number)
    done = verify(http, agent)
    waiting = http.call("create_run", {"contract": "shop.orders"}).id
    given, _, job = agent.take()
    assert given.instruction == waiting
    key = http.call("create_key", {"role": "admin", "label": f"{name}-label"})
    enrolment = http.call("create_enrolment", {"pool": "default"})
    ids = {
        "instruction": waiting, "run": done, "agent": agent.enrolled.agent, "key": key.id, "attempt": "1",
        "seq": "0", "contract": f"{name}.secret", "version": "1.0.0", "source": f"{name}-source",
        "warehouse": f"{name}-warehouse", "schedule": f"{name}-schedule",
    }  # fmt: skip
    tokens = {
        Credential.KEY: key.key, Credential.AGENT: agent.token, Credential.JOB: job,
        Credential.ENROLMENT: enrolment.token,
    }  # fmt: skip
    marks = [done, waiting, agent.enrolled.agent, key.id, f"{name}."]
    return Side(
        http,
        ids,
        tokens,
        [*marks, *(f"{name}-{word}" for word in ("source", "warehouse", "schedule", "host"))],
    )


def _path(endpoint: Endpoint, ids: dict[str, str]) -> str:
    own = {"name": ids.get(endpoint.name.partition("_")[2].rstrip("s"), "")}
    if endpoint.credential is Credential.JOB:
        own["run"] = ids["instruction"]
    return endpoint.path.format(**{**ids, **own})


BODIES: dict[str, Any] = {
    "accept": {
        "fence": 1, "order_sha256": "sha256:" + "0" * 64, "plan_sha256": "sha256:" + "0" * 64,
        "checks_sha256": "sha256:" + "0" * 64, "job_name": "a", "job_auth": "token",
    },
    "report_event": {"fence": 1, "seq": 9, "phase": "applied"},
    "complete": {"fence": 1, "outcome": "failed", "reason_code": "job_failed"},
    "release": {"fence": 1, "reason_code": "quota"},
    "start": {
        "fence": 1, "pod_uid": "00000000-0000-0000-0000-000000000001", "runner_version": "1",
        "plan_sha256": "sha256:" + "0" * 64,
    },
    "heartbeat": {"generation": 1},
    "put_results": {"generation": 1, "checks": []},
    "commit_results": {
        "generation": 1, "count": 1, "root_sha256": "sha256:" + "0" * 64, "bundle": "sha256:" + "0" * 64,
        "contract": "a", "version": "1", "dialect": "postgres", "now": "2025-01-01T00:00:00Z", "seconds": 1,
        "outcome": "passed", "summary": {},
    },
    "end_run": {"generation": 1, "word": "error", "reason_code": "runner_bug"},
}  # fmt: skip
ROUTES = [e for e in ENDPOINTS if "{" in e.path and e.name not in WITH_NAMES]


def _ask(side: Side, endpoint: Endpoint, path: str, token: str) -> Reply:
    return side.http.ask(endpoint.method, path, BODIES.get(endpoint.name), token=token)


def _missing(ids: dict[str, str]) -> dict[str, str]:
    """Ids of the right form that nothing has."""
    return {
        name: value if name in ("attempt", "seq", "version") else MISSING if len(value) == 26 else "no.such-thing"
        for name, value in ids.items()
    }  # fmt: skip


@pytest.mark.parametrize("endpoint", ROUTES, ids=lambda e: e.name)
def test_a_foreign_id_is_answered_as_a_missing_one(sides: tuple[Side, Side], endpoint: Endpoint) -> None:
    for mine, other in (sides, sides[::-1]):
        token = mine.tokens[endpoint.credential]
        foreign = _ask(mine, endpoint, _path(endpoint, other.ids), token)
        missing = _ask(mine, endpoint, _path(endpoint, _missing(mine.ids)), token)
        nowhere = mine.http.ask("GET", "/v1/nothing-at-all", token=token)
        assert foreign.status == 404
        assert foreign.body == missing.body == nowhere.body
        varying = {"date"}
        assert {k: v for k, v in foreign.headers.items() if k not in varying} == {
            k: v for k, v in missing.headers.items() if k not in varying
        }


@pytest.mark.parametrize("endpoint", [e for e in ROUTES if e.method == "GET"], ids=lambda e: e.name)
def test_the_owner_sees_what_the_other_does_not(sides: tuple[Side, Side], endpoint: Endpoint) -> None:
    """The matrix above means something only where the ids are real."""
    for side in sides:
        assert _ask(side, endpoint, _path(endpoint, side.ids), side.tokens[endpoint.credential]).status == 200


LISTS = [e for e in ENDPOINTS if e.name.startswith("list_") and "{" not in e.path]


@pytest.mark.parametrize("endpoint", LISTS, ids=lambda e: e.name)
def test_a_list_holds_nothing_of_the_other(sides: tuple[Side, Side], endpoint: Endpoint) -> None:
    for mine, other in (sides, sides[::-1]):
        reply = mine.http.ask("GET", endpoint.path + "?limit=200")
        assert reply.status == 200
        assert reply.json["items"]
        assert not [mark for mark in other.marks if mark in reply.body.decode()]


def test_a_name_that_the_other_has_is_free(sides: tuple[Side, Side]) -> None:
    acme, umbrella = sides
    document = {"type": "postgres", "host": "mine", "database": "d", "user": "u"}
    name = umbrella.ids["source"]
    assert acme.http.call("put_source", {"document": document}, name=name).revision == 1
    assert umbrella.http.call("get_source", name=name).document["host"] == "umbrella-host"
    acme.http.call("delete_source", name=name)
    assert umbrella.http.call("get_source", name=name).revision == 1


def test_a_run_of_the_others_contract_cannot_be_asked_for(sides: tuple[Side, Side]) -> None:
    for mine, other in (sides, sides[::-1]):
        for body in (
            {"contract": other.ids["contract"]},
            {"contract": "shop.orders", "warehouse": other.ids["warehouse"]},
        ):
            reply = mine.http.ask("POST", "/v1/runs", body)
            assert (reply.status, reply.code) == (422, "invalid")
        schedule = {**SCHEDULE, "contract": other.ids["contract"]}
        assert mine.http.ask("PUT", "/v1/schedules/theirs", schedule).status == 422


def test_a_cursor_leads_only_through_ones_own(sides: tuple[Side, Side]) -> None:
    for mine, other in (sides, sides[::-1]):
        for path in ("/v1/runs", "/v1/audit", "/v1/sources", "/v1/keys"):
            theirs = other.http.ask("GET", f"{path}?limit=1").json.get("next")
            assert theirs
            body = mine.http.ask("GET", f"{path}?limit=200&cursor={theirs}").body.decode()
            assert not [mark for mark in other.marks if mark in body]


def test_an_idempotency_key_is_the_tenants_own(sides: tuple[Side, Side]) -> None:
    body = msgspec.json.encode({"pool": "default"})
    headers = {"Idempotency-Key": "the-same", "Content-Type": "application/json"}
    found = [side.http.ask("POST", "/v1/enrolments", body, headers=headers) for side in (*sides, *sides)]
    assert [reply.status for reply in found] == [201] * 4
    assert found[0].body == found[2].body != found[1].body == found[3].body


def test_an_agent_gets_the_work_of_its_own_tenant_alone(sides: tuple[Side, Side]) -> None:
    acme, umbrella = sides
    run = umbrella.http.call("create_run", {"contract": "umbrella.secret"}).id
    agent = ScriptedAgent(acme.http, cluster=3)
    assert agent.poll(free=100).deliver == ()
    assert umbrella.http.call("get_run", run=run).state == "queued"
