"""The schema of the protocol is what the types are, and describes what the types write."""

from __future__ import annotations

import json
from typing import Any

import jsonschema_rs
import pytest

from assay.protocol.endpoints import ENDPOINTS
from assay.protocol.wire import PROTOCOL
from tools import protocol

SCHEMA: dict[str, Any] = json.loads(protocol.schema())


def test_the_schema_of_this_version_is_current() -> None:
    assert protocol.SCHEMA.read_text(encoding="utf-8") == protocol.schema(), "run `make golden`, and review"


def test_every_version_that_is_served_has_a_schema() -> None:
    assert {path.parent.name for path in protocol.FOLDER.glob("*/schema.json")} >= {f"v{PROTOCOL}"}


def test_it_is_a_json_schema() -> None:
    jsonschema_rs.meta.validate(SCHEMA)
    assert not jsonschema_rs.is_valid({**SCHEMA, "$ref": "#/$defs/PollRequest"}, {"free_slots": -1})


@pytest.mark.parametrize("endpoint", ENDPOINTS, ids=lambda e: e.name)
def test_every_endpoint_stands_in_it(endpoint: Any) -> None:
    found = SCHEMA["endpoints"][endpoint.name]
    assert (found["method"], found["path"]) == (endpoint.method, endpoint.path)
    assert ("request" in found, "response" in found) == (
        endpoint.request is not None,
        endpoint.response is not None,
    )


def test_requests_are_closed_and_answers_are_open() -> None:
    assert SCHEMA["$defs"]["PollRequest"]["additionalProperties"] is False
    assert "additionalProperties" not in SCHEMA["$defs"]["Poll"]
