"""How the hub says no: a code with a status, a sentence of its own, and nothing of what was sent."""

from __future__ import annotations

from assay.protocol.wire import ErrorCode, Found


class Refusal(Exception):
    """Raised by a service; what it had written is rolled back.

    detail        a sentence of the hub's own, without any value of the request
    pointer       JSON pointer to what is wrong in the request's body
    parameter     the query parameter or header that is wrong
    retry_after   seconds after which the same request may succeed
    """

    def __init__(
        self,
        code: ErrorCode,
        detail: str = "",
        *,
        pointer: str = "",
        parameter: str = "",
        retry_after: float | None = None,
        diagnostics: tuple[Found, ...] = (),
    ) -> None:
        super().__init__(f"{code}: {detail}")
        self.code = code
        self.detail = detail
        self.pointer = pointer
        self.parameter = parameter
        self.retry_after = retry_after
        self.diagnostics = diagnostics


def not_found() -> Refusal:
    """The one answer for what does not exist and for what belongs to another tenant."""
    return Refusal(ErrorCode.NOT_FOUND, "there is no such thing here")


def busy(retry_after: float, detail: str = "too much is waiting; try again later") -> Refusal:
    return Refusal(ErrorCode.TOO_MANY_REQUESTS, detail, retry_after=retry_after)


def unavailable(retry_after: float = 5.0, detail: str = "the store does not answer") -> Refusal:
    return Refusal(ErrorCode.UNAVAILABLE, detail, retry_after=retry_after)


def illegal() -> Refusal:
    return Refusal(ErrorCode.ILLEGAL_TRANSITION, "the attempt is not in a state for this")


def conflicting_replay() -> Refusal:
    return Refusal(ErrorCode.CONFLICTING_REPLAY, "something else was said here before")


class Raced(Refusal):
    """What a transaction had read was changed by another: the store does it again from the beginning."""

    def __init__(self) -> None:
        super().__init__(ErrorCode.UNAVAILABLE, "something else happened at the same time", retry_after=1.0)
