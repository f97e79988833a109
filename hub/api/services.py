"""Which function serves which endpoint: the one of its name.

A service is `(tx, caller, parameters of the path…, request) -> response`. Where the endpoint has a query, the
last argument is a `Query`; where a change has a precondition, a `Precondition` follows the request. A service
that has to wait for something else than the store is in `api.longer`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import ModuleType
from typing import Any

from assay.protocol.endpoints import ENDPOINTS, Credential, Endpoint

Service = Callable[..., Any]


def services(modules: tuple[ModuleType, ...]) -> Mapping[str, Service]:
    """By the name of the endpoint. Raises LookupError where one has none, or two."""
    found: dict[str, Service] = {}
    for endpoint in served():
        having = [module for module in modules if endpoint.name in vars(module)]
        if len(having) != 1:
            raise LookupError(f"{endpoint.name} is served by {len(having)} functions")
        found[endpoint.name] = vars(having[0])[endpoint.name]
    return found


def served() -> tuple[Endpoint, ...]:
    """The endpoints that need a caller, and so a service."""
    return tuple(endpoint for endpoint in ENDPOINTS if endpoint.credential is not Credential.NONE)


def takes_precondition(endpoint: Endpoint) -> bool:
    return endpoint.etag and endpoint.method != "GET"
