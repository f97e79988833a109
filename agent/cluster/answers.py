"""What an API server's refusal means for the agent. Its words are looked into here, and go no further."""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import StrEnum

from assay.agent.cluster.objects import Status
from assay.protocol import decoding

_SECONDS = re.compile(r"[0-9]{1,5}")


class Kind(StrEnum):
    """Why a request was not done."""

    EXISTS = "exists"
    """409 of a create: an object has this name."""
    CHANGED = "changed"
    """409 of a change: the object is not the one that was meant."""
    MISSING = "missing"
    GONE = "gone"
    """410: a list or a watch from too far back."""
    REJECTED = "rejected"
    """400, 422: such an object is not taken, now or later."""
    DENIED = "denied"
    """403 of an admission policy: such an object is not taken here."""
    QUOTA = "quota"
    """403, and it means later."""
    FORBIDDEN = "forbidden"
    UNAUTHENTICATED = "unauthenticated"
    LATER = "later"
    """429, 5xx: try again."""
    UNREACHABLE = "unreachable"
    """No answer. The request may have been done."""
    GARBAGE = "garbage"
    """An answer that is none of an API server."""


class Refused(Exception):
    """status: 0 where there was no answer. retry_after: seconds that the server asked for."""

    def __init__(self, kind: Kind, status: int = 0, retry_after: float | None = None) -> None:
        super().__init__(f"{kind.value} {status}" if status else kind.value)
        self.kind = kind
        self.status = status
        self.retry_after = retry_after

    @property
    def retryable(self) -> bool:
        return self.kind in (Kind.LATER, Kind.UNREACHABLE, Kind.GARBAGE, Kind.UNAUTHENTICATED)


def refusal(method: str, status: int, headers: Mapping[str, str], body: bytes) -> Refused:
    said = _status(body)
    return Refused(_kind(method, status, said), status, _retry_after(headers, said))


def _kind(method: str, status: int, said: Status) -> Kind:
    match status:
        case 409:
            return Kind.EXISTS if method == "POST" and said.reason == "AlreadyExists" else Kind.CHANGED
        case 404:
            return Kind.MISSING
        case 410:
            return Kind.GONE
        case 422 if _other_uid(said):
            return Kind.CHANGED
        case 400 | 405 | 406 | 413 | 415 | 422:
            return Kind.DENIED if _by_policy(said) else Kind.REJECTED
        case 401:
            return Kind.UNAUTHENTICATED
        case 403:
            if "exceeded quota" in said.message:
                return Kind.QUOTA
            return Kind.DENIED if _by_policy(said) else Kind.FORBIDDEN
        case _:
            return Kind.LATER


def _other_uid(said: Status) -> bool:
    """A patch that names the uid of an object that is gone is told as one that would change the uid."""
    return said.details is not None and any(cause.field == "metadata.uid" for cause in said.details.causes)


def _by_policy(said: Status) -> bool:
    return any(words in said.message for words in ("ValidatingAdmissionPolicy", "admission webhook"))


def _status(body: bytes) -> Status:
    try:
        return decoding.decode(body, Status)
    except (ValueError, RecursionError):
        return Status()


def _retry_after(headers: Mapping[str, str], said: Status) -> float | None:
    text = headers.get("Retry-After", "")
    if _SECONDS.fullmatch(text):
        return float(text)
    seconds = said.details.retry_after_seconds if said.details is not None else None
    return None if seconds is None else float(max(0, min(seconds, 3_600)))


def pod_security(warnings: str) -> bool:
    """Whether a `Warning: 299` header says that the pods of a Job will not be let in: the Job itself is."""
    return "PodSecurity" in warnings
