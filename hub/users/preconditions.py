"""What a change asks of what is there, so that nobody overwrites what he has not seen."""

from __future__ import annotations

from dataclasses import dataclass

from assay.hub.refusal import Refusal
from assay.protocol.wire import ErrorCode


@dataclass(frozen=True, slots=True)
class Precondition:
    """What a change asks of what is there. revisions: one of these must be the current one; None where the
    request names none. new: there must be nothing yet."""

    revisions: frozenset[int] | None = None
    new: bool = False
    any: bool = False

    def check(self, current: int | None) -> None:
        """Raises where the revision that is there (None: nothing) is another than was asked for. A change of
        what is there has to name it, so that nobody overwrites what he has not seen."""
        if current is None:
            if self.revisions is not None or self.any:
                raise Refusal(ErrorCode.PRECONDITION_FAILED, "it is not there", parameter="If-Match")
            return
        if self.new:
            raise Refusal(ErrorCode.PRECONDITION_FAILED, "it is there already", parameter="If-None-Match")
        if self.any:
            return
        if self.revisions is None:
            raise Refusal(
                ErrorCode.PRECONDITION_REQUIRED,
                "send If-Match with the ETag of what is there",
                parameter="If-Match",
            )
        if current not in self.revisions:
            raise Refusal(ErrorCode.PRECONDITION_FAILED, "it was changed since", parameter="If-Match")
