"""The table of endpoints is whole: what it names exists, and nothing stands in it twice."""

from __future__ import annotations

import re

import msgspec
import pytest

from assay.protocol.endpoints import BY_NAME, ENDPOINTS, PARAMETERS, Credential, Endpoint
from assay.protocol.wire import STATUS, ErrorCode


def test_names_and_routes_are_unique() -> None:
    assert len(BY_NAME) == len(ENDPOINTS)
    assert len({(e.method, e.path) for e in ENDPOINTS}) == len(ENDPOINTS)


@pytest.mark.parametrize("endpoint", ENDPOINTS, ids=lambda e: e.name)
def test_every_endpoint_has_known_parameters_and_types_with_a_schema(endpoint: Endpoint) -> None:
    assert set(re.findall(r"\{(\w+)\}", endpoint.path)) <= set(PARAMETERS)
    types = [t for t in (endpoint.request, endpoint.response) if t is not None]
    assert len(msgspec.json.schema_components(types)[0]) == len(types)
    assert (endpoint.role is not None) == (endpoint.credential is Credential.KEY)
    assert endpoint.method != "GET" or endpoint.request is None


def test_every_error_code_has_a_status_of_a_refusal() -> None:
    assert set(STATUS) == set(ErrorCode)
    assert all(400 <= status <= 503 for status in STATUS.values())
