"""The table of endpoints as OpenAPI 3.1: requests, answers, and every refusal that each can give."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

import msgspec

import assay
from assay.hub.api.problems import TITLES
from assay.protocol.endpoints import ENDPOINTS, PARAMETERS, QUERY, Credential, Endpoint
from assay.protocol.user import Health
from assay.protocol.wire import STATUS, ErrorCode, Problem, encode

REF = "#/components/schemas/{name}"
_SCHEMES = {
    Credential.ENROLMENT: ("enrolment", "an enrolment token, `aye_…`: good once, for 15 minutes"),
    Credential.AGENT: ("agent", "an agent's token, `aya_…`"),
    Credential.JOB: (
        "job",
        "a job token, `ayj_…`, or the projected ServiceAccount token of the attempt's pod",
    ),
    Credential.KEY: ("key", "an API key, `ayk_…`"),
}
_TAGS = {
    Credential.ENROLMENT: "agent",
    Credential.AGENT: "agent",
    Credential.JOB: "runner",
    Credential.KEY: "user",
    Credential.NONE: "operations",
}
_E = ErrorCode


def refusals(endpoint: Endpoint) -> tuple[ErrorCode, ...]:
    """The codes with which a request to this endpoint can be refused, by status."""
    found: set[ErrorCode] = {_E.MALFORMED, _E.INTERNAL, _E.UNAVAILABLE, _E.INVALID, _E.TOO_LARGE}
    if endpoint.credential is not Credential.NONE:
        found |= {_E.UNAUTHENTICATED, _E.NOT_FOUND, _E.NOT_ACCEPTABLE, _E.TOO_MANY_REQUESTS}
    if endpoint.credential in (Credential.KEY, Credential.JOB):
        found.add(_E.FORBIDDEN)
    if endpoint.request is not None:
        found |= {_E.REQUEST_TIMEOUT, _E.LENGTH_REQUIRED, _E.UNSUPPORTED_MEDIA_TYPE}
    if endpoint.method != "GET":
        found.add(_E.CONFLICT)
        if endpoint.etag:
            found |= {_E.PRECONDITION_FAILED, _E.PRECONDITION_REQUIRED}
    if endpoint.idempotent:
        found.add(_E.CONFLICTING_REPLAY)
    found |= _OWN.get(endpoint.name, set())
    if endpoint.credential in (Credential.AGENT, Credential.JOB) and "{attempt}" in endpoint.path:
        found |= {
            _E.STALE_FENCE, _E.ILLEGAL_TRANSITION, _E.CONFLICTING_REPLAY, _E.PLAN_MISMATCH, _E.EXPIRED
        }  # fmt: skip
    return tuple(sorted(found, key=lambda code: (STATUS[code], code)))


_OWN = {
    "open_session": {_E.UPGRADE_REQUIRED},
    "poll": {_E.SESSION_SUPERSEDED},
    "start": {_E.ALREADY_STARTED},
    "commit_results": {_E.INCOMPLETE_RESULTS},
    "publish": {_E.COMPILE_FAILED},
}


def document() -> bytes:
    """The whole document, as the hub serves it."""
    types = [Problem, Health]
    for endpoint in ENDPOINTS:
        types += [kind for kind in (endpoint.request, endpoint.response) if kind is not None]
    schemas, components = msgspec.json.schema_components(types, ref_template=REF)
    known = dict(zip(map(str, types), schemas, strict=True))
    paths: dict[str, dict[str, Any]] = {}
    for endpoint in ENDPOINTS:
        paths.setdefault(endpoint.path, {})[endpoint.method.lower()] = _operation(endpoint, known)
    return encode(
        {
            "openapi": "3.1.0",
            "info": {
                "title": "Assay hub",
                "version": assay.__version__,
                "summary": "Queues the verification of data contracts, and takes in metrics; never rows.",
                "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
            },
            "servers": [{"url": "/"}],
            "tags": [{"name": name} for name in dict.fromkeys(_TAGS.values())],
            "paths": paths,
            "components": {
                "schemas": components,
                "responses": _shared(known),
                "securitySchemes": {
                    name: {"type": "http", "scheme": "bearer", "description": words}
                    for name, words in _SCHEMES.values()
                },
            },
        }
    )


def _operation(endpoint: Endpoint, known: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {
        "operationId": endpoint.name,
        "summary": endpoint.summary,
        "tags": [_TAGS[endpoint.credential]],
        "parameters": [*_path_parameters(endpoint), *_query_parameters(endpoint), *_headers(endpoint)],
        "responses": _responses(endpoint, known),
    }
    scheme = _SCHEMES.get(endpoint.credential)
    found["security"] = [{scheme[0]: []}] if scheme is not None else []
    if endpoint.role is not None:
        found["description"] = f"Needs an API key with the role `{endpoint.role}` or more."
    if endpoint.request is not None:
        found["requestBody"] = {
            "required": True,
            "description": f"At most {endpoint.limit:,} bytes.",
            "content": {"application/json": {"schema": known[str(endpoint.request)]}},
        }
    return found


def _path_parameters(endpoint: Endpoint) -> Iterable[dict[str, Any]]:
    for name in re.findall(r"\{(\w+)\}", endpoint.path):
        schema: dict[str, Any] = {"type": "string", "pattern": f"^{PARAMETERS[name]}$"}
        if name in ("attempt", "seq"):
            schema = {
                "type": "integer",
                "minimum": int(name == "attempt"),
                "maximum": 9999 if name == "attempt" else 999,
            }
        yield {"name": name, "in": "path", "required": True, "schema": schema}


def _query_parameters(endpoint: Endpoint) -> Iterable[dict[str, Any]]:
    for name in endpoint.query:
        schema = msgspec.json.schema(QUERY[name], ref_template=REF)
        yield {"name": name, "in": "query", "required": False, "schema": _inline(schema)}


def _inline(schema: dict[str, Any]) -> dict[str, Any]:
    """Without the definitions that a reference would need."""
    own = schema.pop("$defs", {})
    if "$ref" in schema:
        return dict(own[schema["$ref"].rpartition("/")[2]])
    return schema


def _headers(endpoint: Endpoint) -> Iterable[dict[str, Any]]:
    def header(name: str, words: str, pattern: str) -> dict[str, Any]:
        schema = {"type": "string", "pattern": pattern}
        return {"name": name, "in": "header", "required": False, "description": words, "schema": schema}

    if endpoint.idempotent:
        words = "The same request under the same key is done once, and answered the same for a day."
        yield header("Idempotency-Key", words, "^[!-~]{1,200}$")
    if endpoint.etag and endpoint.method == "GET":
        yield header("If-None-Match", "Answers 304 where the ETag is still the same.", _TAG)
    if endpoint.etag and endpoint.method != "GET":
        yield header("If-Match", "The ETag of what is changed; needed where something is there.", _TAG)
        yield header("If-None-Match", "`*`: only where nothing is there.", r"^\*$")


_TAG = r'^\*$|^(W/)?"[!#-~]{0,60}"$'


def _responses(endpoint: Endpoint, known: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {str(endpoint.status): _success(endpoint, known)}
    if endpoint.etag and endpoint.method == "GET":
        found["304"] = {"description": "It is as it was.", "headers": _etag_header()}
    by_status: dict[int, list[ErrorCode]] = {}
    for code in refusals(endpoint):
        by_status.setdefault(STATUS[code], []).append(code)
    for status, codes in by_status.items():
        found[str(status)] = {"$ref": f"#/components/responses/{_name(codes)}"}
    if endpoint.name == "readyz":
        schema = known[str(Health)]
        found["503"] = {
            "description": "The store does not take writes.",
            "content": {"application/json": {"schema": schema}},
        }
    return found


def _success(endpoint: Endpoint, known: dict[str, Any]) -> dict[str, Any]:
    if endpoint.name == "metrics":
        return {"description": "Numbers.", "content": {"text/plain": {"schema": {"type": "string"}}}}
    schema = {"type": "object"} if endpoint.response is None else known[str(endpoint.response)]
    found: dict[str, Any] = {
        "description": "Done.",
        "content": {"application/json": {"schema": schema}},
    }
    if endpoint.etag:
        found["headers"] = _etag_header()
    return found


def _etag_header() -> dict[str, Any]:
    return {"ETag": {"required": True, "schema": {"type": "string"}}}


def _shared(known: dict[str, Any]) -> dict[str, Any]:
    """Every refusal that endpoints have in common, by the codes that it can have."""
    found: dict[str, Any] = {}
    for endpoint in ENDPOINTS:
        by_status: dict[int, list[ErrorCode]] = {}
        for code in refusals(endpoint):
            by_status.setdefault(STATUS[code], []).append(code)
        found |= {_name(codes): _refusal(codes, known) for codes in by_status.values()}
    return found


def _name(codes: list[ErrorCode]) -> str:
    return "-".join(codes)


def _refusal(codes: list[ErrorCode], known: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {
        "description": "; ".join(f"`{code}`: {TITLES[code][:1].lower()}{TITLES[code][1:]}" for code in codes)
        + ".",
        "content": {"application/problem+json": {"schema": known[str(Problem)]}},
    }
    statuses = {STATUS[code] for code in codes}
    if statuses & {429, 503}:
        words = "Seconds after which the same request may succeed."
        found["headers"] = {"Retry-After": {"description": words, "schema": {"type": "integer"}}}
    return found
