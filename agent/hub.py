"""The hub, as the agent speaks to it: one session, and a few words about each attempt."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from assay import __version__
from assay.agent.attempt import Attempt
from assay.client import HubClient, Refused, Reply, TokenFile
from assay.compiler.profile import Hub as HubProfile
from assay.protocol.address import hub_address, proxy_address
from assay.protocol.agent import (
    Accepted,
    AcceptRequest,
    AttemptOutcome,
    Cluster,
    CompleteRequest,
    Enrolled,
    EventRequest,
    Known,
    Phase,
    Poll,
    PollRequest,
    ReasonCode,
    ReleaseRequest,
    Session,
    SessionRequest,
)
from assay.protocol.wire import OLDEST, PROTOCOL, ErrorCode

_STALE = frozenset((ErrorCode.NOT_FOUND, ErrorCode.STALE_FENCE, ErrorCode.CONFLICT))
_OVER = _STALE | {ErrorCode.ILLEGAL_TRANSITION, ErrorCode.CONFLICTING_REPLAY, ErrorCode.EXPIRED}
APPLIED, RUNNING = 1, 2
"""Numbers of events: the same event has the same number in every process, so that it is a replay."""


class Over(Exception):
    """This process has no more say in an attempt. stale: it is another's now; else it has ended."""

    def __init__(self, *, stale: bool) -> None:
        super().__init__("stale" if stale else "ended")
        self.stale = stale


class Superseded(Exception):
    """Another process of this agent has begun."""


def client(hub: HubProfile, token: Path | None, connections: int = 8) -> HubClient:
    """Raises OSError and ValueError for certificates or a proxy that cannot be used."""
    return HubClient(
        hub_address(hub.url, cleartext=hub.cleartext),
        None if token is None else TokenFile(token),
        ca=hub.ca,
        proxy=proxy_address(hub.proxy) if hub.proxy else None,
        role="agent",
        connections=connections,
    )


class Hub:
    """Raises HubError, Over and Superseded."""

    def __init__(self, calls: HubClient) -> None:
        self._calls = calls
        self._session: Session | None = None

    @property
    def session(self) -> Session | None:
        return self._session

    def open_session(self, cluster: Cluster) -> Session:
        request = SessionRequest(oldest=OLDEST, newest=PROTOCOL, version=__version__, cluster=cluster)
        session: Session = self._calls.call("open_session", request).body
        self._session = session
        return session

    def poll(self, free: int, known: Sequence[Known], wait: float) -> Poll:
        session = self._session
        if session is None:
            raise Superseded
        request = PollRequest(
            session=session.session,
            epoch=session.epoch,
            free_slots=free,
            known=tuple(known),
            wait_s=wait,
        )
        with _translated():
            answer: Poll = self._calls.call("poll", request, wait=wait).body
            return answer

    def order(self, attempt: Attempt) -> bytes:
        """The bytes of the work order, as its digest names them."""
        return self._say(attempt, "get_order").data

    def accept(self, attempt: Attempt, request: AcceptRequest) -> Accepted:
        answer: Accepted = self._say(attempt, "accept", request).body
        return answer

    def applied(self, attempt: Attempt, fence: int) -> None:
        uid = None if attempt.job is None else attempt.job.metadata.uid
        request = EventRequest(fence=fence, seq=APPLIED, phase=Phase.APPLIED, job_uid=uid)
        self._say(attempt, "report_event", request)

    def running(self, attempt: Attempt, fence: int, pod: str) -> None:
        request = EventRequest(fence=fence, seq=RUNNING, phase=Phase.RUNNING, pod_name=pod)
        self._say(attempt, "report_event", request)

    def complete(
        self,
        attempt: Attempt,
        fence: int,
        outcome: AttemptOutcome,
        reason: ReasonCode,
        code: int | None = None,
    ) -> None:
        uid = None if attempt.job is None else attempt.job.metadata.uid
        request = CompleteRequest(
            fence=fence, outcome=outcome, reason_code=reason, exit_code=code, job_uid=uid
        )
        self._say(attempt, "complete", request)

    def release(self, attempt: Attempt, fence: int, reason: ReasonCode) -> None:
        self._say(attempt, "release", ReleaseRequest(fence=fence, reason_code=reason))

    def _say(self, attempt: Attempt, name: str, request: object = None) -> Reply:
        with _translated():
            at: dict[str, str | int] = {"instruction": attempt.instruction, "attempt": attempt.attempt}
            return self._calls.call(name, request, at=at)

    def rotate_token(self) -> Enrolled:
        answer: Enrolled = self._calls.call("rotate_agent_token").body
        return answer

    def close(self) -> None:
        self._calls.close()


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except Refused as refused:
        if refused.code is ErrorCode.SESSION_SUPERSEDED:
            raise Superseded from None
        if refused.code in _OVER:
            raise Over(stale=refused.code in _STALE) from None
        raise
