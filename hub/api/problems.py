"""Refusals as HTTP answers: problem+json (RFC 9457) without any value of the request."""

from __future__ import annotations

import math
from functools import cache

from assay.hub.api.answers import COMMON, Answer, Headers
from assay.hub.refusal import Refusal
from assay.protocol.wire import STATUS, ErrorCode, Problem, encode

TITLES: dict[ErrorCode, str] = {
    ErrorCode.MALFORMED: "The request cannot be read",
    ErrorCode.UNAUTHENTICATED: "The request needs a credential that is good here",
    ErrorCode.FORBIDDEN: "This credential may not do that",
    ErrorCode.NOT_FOUND: "There is no such thing here",
    ErrorCode.METHOD_NOT_ALLOWED: "The path does not take this method",
    ErrorCode.NOT_ACCEPTABLE: "The hub answers in JSON",
    ErrorCode.REQUEST_TIMEOUT: "The request took too long to arrive",
    ErrorCode.CONFLICT: "It stands against what is there",
    ErrorCode.STALE_FENCE: "The instruction was leased again since",
    ErrorCode.SESSION_SUPERSEDED: "A newer session of this agent is open",
    ErrorCode.ILLEGAL_TRANSITION: "That cannot happen in the state that it is in",
    ErrorCode.CONFLICTING_REPLAY: "The same was sent before with other content",
    ErrorCode.ALREADY_STARTED: "Another pod runs this attempt",
    ErrorCode.INCOMPLETE_RESULTS: "The batches are not those that the commit names",
    ErrorCode.PLAN_MISMATCH: "The plan is not the one that was accepted",
    ErrorCode.EXPIRED: "It is too late for that",
    ErrorCode.LENGTH_REQUIRED: "The request needs a body with its length",
    ErrorCode.PRECONDITION_FAILED: "It was changed since",
    ErrorCode.TOO_LARGE: "The request is too large",
    ErrorCode.UNSUPPORTED_MEDIA_TYPE: "The body has to be plain application/json",
    ErrorCode.INVALID: "The request is not valid",
    ErrorCode.COMPILE_FAILED: "The contract does not compile",
    ErrorCode.UPGRADE_REQUIRED: "Hub and agent have no protocol version in common",
    ErrorCode.PRECONDITION_REQUIRED: "A change of what is there names what it changes",
    ErrorCode.TOO_MANY_REQUESTS: "Too much is waiting",
    ErrorCode.HEADERS_TOO_LARGE: "The headers are too large",
    ErrorCode.INTERNAL: "Something went wrong inside the hub",
    ErrorCode.UNAVAILABLE: "The hub cannot answer now",
}

_PROBLEM: Headers = ((b"content-type", b"application/problem+json"), *COMMON)


def problem(refusal: Refusal, *extra: tuple[bytes, bytes]) -> Answer:
    status = STATUS[refusal.code]
    headers = [*_PROBLEM, *extra]
    if refusal.code is ErrorCode.UNAUTHENTICATED:
        headers.append((b"www-authenticate", b"Bearer"))
    if refusal.retry_after is not None:
        headers.append((b"retry-after", str(max(1, math.ceil(refusal.retry_after))).encode()))
    body = Problem(
        type=f"urn:assay:problem:{refusal.code}",
        title=TITLES[refusal.code],
        status=status,
        code=refusal.code,
        detail=refusal.detail,
        pointer=refusal.pointer,
        parameter=refusal.parameter,
        diagnostics=refusal.diagnostics,
    )
    return Answer(status, tuple(headers), encode(body))


@cache
def plain(code: ErrorCode, detail: str = "") -> Answer:
    """A refusal that is always the same bytes."""
    return problem(Refusal(code, detail))
