"""The published OpenAPI document is true: its form, and the answers to whatever is sent."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from assay.hub.api.openapi import document, refusals
from assay.protocol.endpoints import ENDPOINTS
from assay.protocol.wire import STATUS
from tests.hub.conftest import fresh_address
from tests.support.fuzz import fuzz, world
from tests.support.live import live

CASES = 600
DOCUMENT: dict[str, Any] = json.loads(document())


def test_every_endpoint_is_in_the_document_once() -> None:
    found = {
        (method.upper(), path): operation["operationId"]
        for path, operations in DOCUMENT["paths"].items()
        for method, operation in operations.items()
    }
    assert found == {(e.method, e.path): e.name for e in ENDPOINTS}


@pytest.mark.parametrize("endpoint", ENDPOINTS, ids=lambda e: e.name)
def test_every_refusal_of_an_endpoint_has_its_status(endpoint: Any) -> None:
    responses = DOCUMENT["paths"][endpoint.path][endpoint.method.lower()]["responses"]
    assert {str(STATUS[code]) for code in refusals(endpoint)} <= set(responses)
    assert str(endpoint.status) in responses


def test_every_reference_leads_somewhere() -> None:
    def references(part: Any) -> Iterator[str]:
        if isinstance(part, dict):
            if isinstance(part.get("$ref"), str):
                yield part["$ref"]
            for value in part.values():
                yield from references(value)
        elif isinstance(part, list):
            for value in part:
                yield from references(value)

    for reference in set(references(DOCUMENT)):
        place: Any = DOCUMENT
        for step in reference.removeprefix("#/").split("/"):
            place = place[step.replace("~1", "/").replace("~0", "~")]


@pytest.mark.slow
@pytest.mark.parametrize("store", ["sqlite", "postgres"])
def test_whatever_is_sent_is_answered_as_the_document_says(
    store: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    with fresh_address(request, tmp_path, store) as address, live(address, upkeep=False) as hub:
        assert fuzz(world(hub), CASES, 1) >= CASES // 2
