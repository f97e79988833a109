"""What all messages between hub, agent, runner and users have in common: ids, limits, codes, encoding.

A request is refused for a field that it does not know (422), so that a misspelling is never ignored; a reader
of an answer skips fields that it does not know, so that a hub may be newer than its agents. Bytes are
canonical: compact JSON, keys in order, what is empty left out.
"""

from __future__ import annotations

import hashlib
from enum import StrEnum
from typing import Annotated

import msgspec
from msgspec import Meta

PROTOCOL = 1
"""The version that this code speaks; a hub serves it and the two before it."""
OLDEST = 1

MAX_BODY = 1 << 20
"""Bytes of a request's body."""
MAX_RESULTS = 4 << 20
"""Bytes of a batch of results, and of a work order."""
MAX_DEPTH = 32
"""Brackets that may stand open in a body."""
MAX_BATCHES = 256
"""Batches of one run's results."""
MAX_CHECKS = 20_000
"""Checks of one contract."""

# `$` also matches before a line break at the end: `(?!\n)` rules it out
Ulid = Annotated[str, Meta(pattern=r"^[0-9a-hjkmnp-tv-z]{26}$(?!\n)")]
"""An id made by the hub: a ULID in small letters, 26 characters, in order of time."""
Name = Annotated[str, Meta(pattern=r"^[a-z0-9]([a-z0-9_.-]{0,98}[a-z0-9])?$(?!\n)")]
"""A name that a person gives to a source, a warehouse, a schedule, a pool, an agent."""
ContractName = Annotated[str, Meta(min_length=1, max_length=200)]
Digest = Annotated[str, Meta(pattern=r"^sha256:[0-9a-f]{64}$(?!\n)")]
Fence = Annotated[int, Meta(ge=1, le=2**53)]
"""Grows with every lease of an instruction; a write with an old one is refused."""
Attempt = Annotated[int, Meta(ge=1, le=1000)]
Seq = Annotated[int, Meta(ge=0, le=2**53)]
Seconds = Annotated[float, Meta(ge=0, le=366 * 86_400)]
Instant = Annotated[
    str, Meta(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,6})?Z$(?!\n)")
]
KubernetesName = Annotated[str, Meta(pattern=r"^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$(?!\n)")]
Uid = Annotated[str, Meta(pattern=r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$(?!\n)")]
"""The uid of an object in a cluster."""


class Request(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    pass


class Answer(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    pass


class Nothing(Answer, frozen=True):
    """An answer that says only that it was done, or had been done before."""


class ErrorCode(StrEnum):
    """Why a request was refused. Each has one HTTP status."""

    MALFORMED = "malformed"
    UNAUTHENTICATED = "unauthenticated"
    FORBIDDEN = "forbidden"
    NOT_FOUND = "not_found"
    METHOD_NOT_ALLOWED = "method_not_allowed"
    NOT_ACCEPTABLE = "not_acceptable"
    REQUEST_TIMEOUT = "request_timeout"
    CONFLICT = "conflict"
    STALE_FENCE = "stale_fence"
    SESSION_SUPERSEDED = "session_superseded"
    ILLEGAL_TRANSITION = "illegal_transition"
    CONFLICTING_REPLAY = "conflicting_replay"
    ALREADY_STARTED = "already_started"
    INCOMPLETE_RESULTS = "incomplete_results"
    PLAN_MISMATCH = "plan_mismatch"
    EXPIRED = "expired"
    LENGTH_REQUIRED = "length_required"
    PRECONDITION_FAILED = "precondition_failed"
    TOO_LARGE = "too_large"
    UNSUPPORTED_MEDIA_TYPE = "unsupported_media_type"
    INVALID = "invalid"
    COMPILE_FAILED = "compile_failed"
    UPGRADE_REQUIRED = "upgrade_required"
    PRECONDITION_REQUIRED = "precondition_required"
    TOO_MANY_REQUESTS = "too_many_requests"
    HEADERS_TOO_LARGE = "headers_too_large"
    INTERNAL = "internal"
    UNAVAILABLE = "unavailable"


STATUS: dict[ErrorCode, int] = {
    ErrorCode.MALFORMED: 400,
    ErrorCode.UNAUTHENTICATED: 401,
    ErrorCode.FORBIDDEN: 403,
    ErrorCode.NOT_FOUND: 404,
    ErrorCode.METHOD_NOT_ALLOWED: 405,
    ErrorCode.NOT_ACCEPTABLE: 406,
    ErrorCode.REQUEST_TIMEOUT: 408,
    ErrorCode.CONFLICT: 409,
    ErrorCode.STALE_FENCE: 409,
    ErrorCode.SESSION_SUPERSEDED: 409,
    ErrorCode.ILLEGAL_TRANSITION: 409,
    ErrorCode.CONFLICTING_REPLAY: 409,
    ErrorCode.ALREADY_STARTED: 409,
    ErrorCode.INCOMPLETE_RESULTS: 409,
    ErrorCode.PLAN_MISMATCH: 409,
    ErrorCode.EXPIRED: 410,
    ErrorCode.LENGTH_REQUIRED: 411,
    ErrorCode.PRECONDITION_FAILED: 412,
    ErrorCode.TOO_LARGE: 413,
    ErrorCode.UNSUPPORTED_MEDIA_TYPE: 415,
    ErrorCode.INVALID: 422,
    ErrorCode.COMPILE_FAILED: 422,
    ErrorCode.UPGRADE_REQUIRED: 426,
    ErrorCode.PRECONDITION_REQUIRED: 428,
    ErrorCode.TOO_MANY_REQUESTS: 429,
    ErrorCode.HEADERS_TOO_LARGE: 431,
    ErrorCode.INTERNAL: 500,
    ErrorCode.UNAVAILABLE: 503,
}


class Found(Answer, frozen=True):
    """A diagnostic of the compiler, as a refusal carries it. line and column count from 1."""

    code: str
    severity: str
    message: str
    file: str = ""
    line: int = 0
    column: int = 0
    help: str = ""


class Problem(Answer, frozen=True):
    """The body of every refusal (RFC 9457, application/problem+json).

    pointer     JSON pointer (RFC 6901) to what is wrong in the request's body; its value is never repeated
    parameter   the query parameter or header that is wrong
    detail      a sentence of the hub's own, without anything that was sent
    """

    type: str
    title: str
    status: int
    code: ErrorCode
    detail: str = ""
    pointer: str = ""
    parameter: str = ""
    diagnostics: tuple[Found, ...] = ()


_encoder = msgspec.json.Encoder(order="deterministic")


def encode(message: object) -> bytes:
    """The canonical bytes of a message."""
    return _encoder.encode(message)


def sha256(data: bytes) -> str:
    return "sha256:" + hashlib.sha256(data).hexdigest()


def root_sha256(batches: list[str]) -> str:
    """What a commit promises of its batches: the digest of their digests, in order, a line each."""
    return sha256("".join(f"{digest}\n" for digest in batches).encode())


def checks_sha256(ids: list[str]) -> str:
    """The digest of a plan's check ids, sorted: hub and agent compile apart and must mean the same checks."""
    return sha256(encode(sorted(ids)))
