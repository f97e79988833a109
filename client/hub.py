"""Endpoints of the hub by name: a typed request in, a typed answer out, or Refused or Unreachable.

Every call of agent and runner may be repeated: the hub answers a replay as it did the first time. A POST of a
person carries an idempotency key for that, which the caller keeps for its tries.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import quote

from assay import __version__
from assay.client.errors import Cause, Refused, Unreachable
from assay.client.lenient import decode_answer
from assay.client.tokens import Token
from assay.client.transport import Answered, Timeouts, Transport
from assay.protocol.address import Address
from assay.protocol.decoding import decode
from assay.protocol.endpoints import BY_NAME, PARAMETERS, Endpoint
from assay.protocol.wire import Nothing, Problem, encode

_BRACES = re.compile(r"\{([a-z_]+)\}")
_SECONDS = re.compile(r"[0-9]{1,6}")
_LONG_POLL_MARGIN = 10.0
_NOWHERE: Mapping[str, str | int] = {}
_NO_QUERY: Mapping[str, str | int | float | None] = {}


@dataclass(frozen=True, slots=True)
class Reply:
    """body: of the endpoint's response type. data: its bytes, as a digest names them."""

    body: Any
    data: bytes
    etag: str | None = None


class HubClient:
    """The hub at one address, spoken to as one caller. May be used from several threads.

    ca      root certificates in PEM, a file or their text, in place of the system's
    role    who is calling, for the hub's log: `agent`, `runner`, `cli`
    Raises OSError where `ca` is no such file, ValueError for a proxy on the way to http://.
    """

    def __init__(
        self,
        address: Address,
        token: Token | None = None,
        *,
        ca: Path | str | None = None,
        proxy: Address | None = None,
        role: str = "client",
        timeouts: Timeouts | None = None,
        connections: int = 4,
    ) -> None:
        self._address = address
        self._token = token
        self._timeouts = timeouts or Timeouts()
        self._agent = f"assay-{role}/{__version__}"
        self._transport = Transport(address, ca=ca, proxy=proxy, connections=connections)

    def call(
        self,
        name: str,
        request: object = None,
        /,
        *,
        at: Mapping[str, str | int] = _NOWHERE,
        query: Mapping[str, str | int | float | None] = _NO_QUERY,
        if_match: str | None = None,
        idempotency_key: str | None = None,
        wait: float = 0.0,
        seconds: float | None = None,
        token: Token | None = None,
    ) -> Reply:
        """One try. Raises Refused and Unreachable; TypeError and ValueError for a call that no hub could take.

        request   of the endpoint's request type, or its bytes where a digest of them was taken before
        at        the parameters of the endpoint's path
        wait      seconds that the hub was asked to hold its answer back (a long poll)
        seconds   that this call may take, where it is less than usual
        token     in place of the client's own
        """
        endpoint = BY_NAME[name]
        path = self._address.path + endpoint_path(endpoint, at) + _query(endpoint, query)
        body = _body(endpoint, request)
        headers = {"Accept": "application/json, application/problem+json", "User-Agent": self._agent}
        bearer = token or self._token
        if bearer is not None:
            headers["Authorization"] = "Bearer " + bearer.read()
        if body is not None:
            headers["Content-Type"] = "application/json"
        if if_match is not None:
            headers["If-Match"] = if_match
        if idempotency_key is not None:
            headers["Idempotency-Key"] = idempotency_key
        answered = self._transport.exchange(endpoint.method, path, headers, body, self._limits(wait, seconds))
        return _reply(endpoint, answered)

    def _limits(self, wait: float, seconds: float | None) -> Timeouts:
        usual = self._timeouts
        if wait:
            read = max(usual.read, wait + _LONG_POLL_MARGIN)
            usual = replace(usual, read=read, total=max(usual.total, read + usual.connect))
        return usual if seconds is None else replace(usual, total=min(usual.total, seconds))

    def close(self) -> None:
        self._transport.close()


def endpoint_path(endpoint: Endpoint, parameters: Mapping[str, str | int]) -> str:
    """The endpoint's path with its parameters filled in and escaped. Raises TypeError for one that is missing
    or not known, ValueError (with its name only) for a value that no hub has."""
    wanted = _BRACES.findall(endpoint.path)
    if set(wanted) != set(parameters):
        raise TypeError(f"{endpoint.name} takes {', '.join(wanted) or 'no parameters'}")

    def fill(found: re.Match[str]) -> str:
        value = str(parameters[found[1]])
        if not re.fullmatch(PARAMETERS[found[1]], value) or value in (".", ".."):
            raise ValueError(f"there can be no such {found[1]}")
        return quote(value, safe="", errors="strict")

    return _BRACES.sub(fill, endpoint.path)


def _query(endpoint: Endpoint, query: Mapping[str, str | int | float | None]) -> str:
    unknown = set(query) - set(endpoint.query)
    if unknown:
        raise TypeError(f"{endpoint.name} has no {', '.join(sorted(unknown))}")
    pairs = [f"{key}={quote(str(value), safe='')}" for key, value in query.items() if value is not None]
    return "?" + "&".join(pairs) if pairs else ""


def _body(endpoint: Endpoint, request: object) -> bytes | None:
    if (request is None) is not (endpoint.request is None):
        raise TypeError(f"{endpoint.name} takes {'no request' if endpoint.request is None else 'a request'}")
    if request is None or isinstance(request, bytes):
        body = request
    elif isinstance(request, endpoint.request):
        body = encode(request)
    else:
        raise TypeError(f"{endpoint.name} takes {endpoint.request.__name__}")
    if body is not None and len(body) > endpoint.limit:
        raise ValueError(f"the request of {endpoint.name} is larger than {endpoint.limit} bytes")
    return body


def _reply(endpoint: Endpoint, answered: Answered) -> Reply:
    if 300 <= answered.status < 400:
        raise Unreachable(Cause.REDIRECTED)
    if not 200 <= answered.status < 300:
        raise Refused(answered.status, _problem(answered), _retry_after(answered))
    etag = answered.headers.get("ETag")
    if endpoint.response is None or (endpoint.response is Nothing and not answered.body):
        return Reply(Nothing(), answered.body, etag)
    try:
        return Reply(decode_answer(answered.body, endpoint.response), answered.body, etag)
    except (ValueError, RecursionError):
        pass
    raise Unreachable(Cause.GARBAGE)


def _problem(answered: Answered) -> Problem | None:
    try:
        return decode(answered.body, Problem)
    except (ValueError, RecursionError):
        return None


def _retry_after(answered: Answered) -> float | None:
    """Seconds; the form with a date would compare two machines' clocks, and is as if nothing were said."""
    text = answered.headers.get("Retry-After", "")
    return float(text) if _SECONDS.fullmatch(text) else None
