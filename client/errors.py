"""What a call can end in. The texts hold codes only: no body, no token, no word of a library."""

from __future__ import annotations

from enum import StrEnum

from assay.protocol.wire import ErrorCode, Problem


class Cause(StrEnum):
    """Why there is no answer of the hub."""

    NAME = "name"
    """The host has no address."""
    CONNECT = "connect"
    """Nothing listens there, or the network does not let us through."""
    PROXY = "proxy"
    TLS = "tls"
    CERTIFICATE = "certificate"
    """Signed by nobody we trust, or for another host."""
    TIMEOUT = "timeout"
    DROPPED = "dropped"
    """The connection ended before the answer did. The hub may have acted."""
    TOO_LARGE = "too_large"
    ENCODED = "encoded"
    """Compressed, though it was asked not to be."""
    REDIRECTED = "redirected"
    """The hub never sends anywhere else: this is something in between."""
    GARBAGE = "garbage"
    """No message of this protocol."""
    TOKEN = "token"  # noqa: S105 - a code
    """There is no token to speak with."""


class HubError(Exception):
    """retry_after: seconds that the hub asked for."""

    retry_after: float | None = None

    @property
    def retryable(self) -> bool:
        """Whether the same call may go better later."""
        raise NotImplementedError


class Unreachable(HubError):
    """No answer of the hub. Whether it has acted is not known."""

    def __init__(self, cause: Cause) -> None:
        super().__init__(f"unreachable: {cause.value}")
        self.cause = cause

    @property
    def retryable(self) -> bool:
        """What only a person can change is not tried again."""
        return self.cause is not Cause.CERTIFICATE


_LATER = (408, 425, 429, 500, 502, 503, 504)


class Refused(HubError):
    """The hub, or what stands before it, said no.

    code      None where the body is no problem of this protocol: a proxy's page, or a newer hub's code
    problem   the hub's own words; they repeat nothing that was sent
    """

    def __init__(self, status: int, problem: Problem | None, retry_after: float | None = None) -> None:
        self.status = status
        self.problem = problem
        self.code: ErrorCode | None = None if problem is None else problem.code
        self.retry_after = retry_after
        super().__init__(f"refused: {status} {self.code.value if self.code else 'without a code'}")

    @property
    def retryable(self) -> bool:
        return self.status in _LATER
