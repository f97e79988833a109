"""The schema of the protocol's current version: every message of the table of endpoints, as JSON Schema 2020-12.

It is kept in `golden/protocol/vN/`, beside the transcripts of the same version, and not in `protocol/`: it is what the
types make, read by people and by programs of others, and never by ours. Once the version is no longer the current one
its folder stays as it is.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import msgspec

from assay.protocol import delivery, report, run, user
from assay.protocol.endpoints import ENDPOINTS, PARAMETERS, QUERY
from assay.protocol.wire import PROTOCOL, STATUS, Problem

FOLDER = Path(__file__).resolve().parent.parent / "golden" / "protocol"
CURRENT = FOLDER / f"v{PROTOCOL}"
SCHEMA = CURRENT / "schema.json"
REF = "#/$defs/{name}"
ALSO = (Problem, user.Health, report.Report, delivery.Outgoing, run.RunSpec)
"""Messages that no line of the table names: refusals, what stands in an outbox, what a Job is told."""


def schema() -> str:
    """The file, as it should be."""
    types: list[Any] = [*ALSO]
    for endpoint in ENDPOINTS:
        types += [kind for kind in (endpoint.request, endpoint.response) if kind is not None]
    schemas, definitions = msgspec.json.schema_components(types, ref_template=REF)
    known = dict(zip(map(str, types), schemas, strict=True))
    endpoints = {
        endpoint.name: {
            "method": endpoint.method,
            "path": endpoint.path,
            "credential": endpoint.credential.value,
            **({"role": endpoint.role.value} if endpoint.role is not None else {}),
            **({"request": known[str(endpoint.request)]} if endpoint.request is not None else {}),
            "status": endpoint.status,
            **({"response": known[str(endpoint.response)]} if endpoint.response is not None else {}),
        }
        for endpoint in ENDPOINTS
    }
    document = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"Assay: messages between hub, agent, runner and people, protocol version {PROTOCOL}",
        "$comment": "Generated from protocol/ by `make golden`.",
        "endpoints": endpoints,
        "parameters": {
            **{name: {"type": "string", "pattern": f"^{form}$"} for name, form in PARAMETERS.items()},
            **{f"?{name}": msgspec.json.schema(kind) for name, kind in QUERY.items()},
        },
        "errors": {code.value: status for code, status in STATUS.items()},
        "$defs": dict(sorted(definitions.items())),
    }
    return json.dumps(document, indent=1, ensure_ascii=False) + "\n"


def main() -> None:
    CURRENT.mkdir(parents=True, exist_ok=True)
    SCHEMA.write_text(schema(), encoding="utf-8")


if __name__ == "__main__":
    main()
