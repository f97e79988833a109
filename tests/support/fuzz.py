"""schemathesis against a hub's own OpenAPI document: whatever is sent, the answer is one that the document has.

Half of the cases are valid by the document, half are not; half of all ids are real ones, so that cases get
behind the door. What is found is raised by schemathesis, with the request as a curl command.
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from hypothesis.errors import Unsatisfiable
from schemathesis import Case, GenerationMode
from schemathesis.checks import CHECKS, load_all_checks

from assay.protocol.endpoints import BY_NAME, Credential
from tests.support.live import LiveHub
from tests.support.scripted import ScriptedAgent, prepare, verify

load_all_checks()
NAMES = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
)
CHOSEN: Any = [CHECKS.get_one(name) for name in NAMES]
UNTOUCHED: Any = [*CHOSEN, CHECKS.get_one("negative_data_rejection")]
"""Where nothing was put in place of what was generated: wrong data must be refused."""
TIMEOUT = 60
EVERY_HEALTH_CHECK: Any = list(HealthCheck)


@dataclass
class World:
    """A hub with something in it: real ids by parameter, and a token for each kind of caller."""

    url: str
    document: dict[str, Any]
    tokens: dict[Credential, str]
    ids: dict[str, str]
    bodies: dict[str, Any] = field(default_factory=dict)
    statuses: Counter[int] = field(default_factory=Counter)


def world(hub: LiveHub) -> World:
    http = hub.http
    prepare(http)
    agent = ScriptedAgent(http)
    done = verify(http, agent, unique=1)
    waiting = http.call("create_run", {"contract": "shop.orders", "deadline_s": 86_400}).id
    given_, _, job = agent.take()
    spare = ScriptedAgent(http, cluster=2)
    key = http.call("create_key", {"role": "viewer"})
    http.call("put_schedule", {"contract": "shop.orders", "cron": "0 3 * * *"}, name="warehouse")
    session = {"session": agent.session.session, "epoch": agent.session.epoch}
    return World(
        http.url,
        json.loads(http.ask("GET", "/openapi.json").body),
        {
            Credential.KEY: http.token,
            Credential.AGENT: agent.token,
            Credential.JOB: job,
            Credential.ENROLMENT: http.call("create_enrolment", {}).token,
        },
        {
            "instruction": waiting, "run": waiting, "done": done, "attempt": "1", "agent": spare.enrolled.agent,
            "key": key.id, "name": "warehouse", "contract": "shop.orders", "version": "1.0.0", "seq": "0",
        },
        {"poll": session, "fence": given_.fence},
    )  # fmt: skip


def fuzz(found: World, cases: int, number: int | None = None) -> int:
    """Sends about so many cases, spread evenly over the operations; gives how many. number: a seed, for the same
    cases again. Raises what schemathesis finds."""
    schema = schemathesis.openapi.from_dict(found.document)
    operations: list[Any] = [result.ok() for result in schema.get_all_operations()]  # type: ignore[union-attr]
    session = requests.Session()
    sent = 0
    each = max(2, cases // (2 * len(operations)))
    for operation in operations:
        for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
            sent += _one(found, session, operation, mode, each, number)
    return sent


def _one(
    found: World,
    session: requests.Session,
    operation: Any,
    mode: GenerationMode,
    each: int,
    number: int | None,
) -> int:
    name = operation.definition.raw["operationId"]
    sent = 0

    @settings(
        max_examples=each,
        deadline=None,
        database=None,
        derandomize=number is not None,
        phases=[Phase.generate],
        suppress_health_check=EVERY_HEALTH_CHECK,
    )
    @given(case=operation.as_strategy(generation_mode=mode), real=st.integers(0, 3))
    def send(case: Case[Any], real: int) -> None:
        nonlocal sent
        _settle(found, name, case, real)
        response = case.call(
            base_url=found.url, session=session, headers=_headers(found, name), timeout=TIMEOUT
        )
        sent += 1
        found.statuses[response.status_code] += 1
        touched = real % 2 or response.status_code >= 400
        case.validate_response(response, checks=CHOSEN if touched else UNTOUCHED)

    try:
        (seed(number)(send) if number is not None else send)()
    except Unsatisfiable:
        assert mode is GenerationMode.NEGATIVE, name  # nothing can be wrong where nothing is sent
    return sent


def _headers(found: World, name: str) -> dict[str, str]:
    token = found.tokens.get(BY_NAME[name].credential)
    return {"Authorization": f"Bearer {token}"} if token else {}


def _settle(found: World, name: str, case: Case[Any], real: int) -> None:
    """Real ids in half of the cases; and nobody waits."""
    if real % 2:
        for parameter in list(case.path_parameters or {}):
            if parameter in found.ids:
                case.path_parameters[parameter] = quote(found.ids[parameter], safe="")
        if name in ("get_run", "get_results") and real == 3:
            case.path_parameters["run"] = found.ids["done"]
    if case.query:
        case.query.pop("wait", None)
    sent: Any = case.body
    if isinstance(sent, dict):
        body: dict[str, Any] = sent
        if name == "poll" and isinstance(body.get("wait_s"), int | float):
            body["wait_s"] = 0
        if name == "poll" and real % 2:
            body |= found.bodies["poll"]
        if "fence" in body and real % 2:
            body["fence"] = found.bodies["fence"]
        if name in ("create_run", "put_schedule") and real % 2:
            body["contract"] = found.ids["contract"]
