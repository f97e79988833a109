"""The hub as the pod of one attempt speaks to it: the start gate, heartbeats, results, the last word.

Every message may be sent again: the hub answers a replay as it did the first time. What it is told goes through
the scrubber; a body that holds a secret is not sent.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from assay import __version__
from assay.client import HubClient, HubError, Refused, Reply, Retry, TokenFile, Unreachable
from assay.client.errors import Cause
from assay.client.transport import Timeouts
from assay.protocol.address import AddressError, hub_address, proxy_address
from assay.protocol.agent import ReasonCode
from assay.protocol.crash import crash_point
from assay.protocol.delivery import (
    BATCH_CHECKS,
    CommitRequest,
    EndWord,
    Heartbeat,
    HeartbeatRequest,
    OutcomeRequest,
    ResultsRequest,
    Started,
    StartRequest,
)
from assay.protocol.report import CheckResult, Report
from assay.protocol.run import HubSpec
from assay.protocol.wire import ErrorCode, encode, root_sha256, sha256
from assay.runner.ending import Ending, Word
from assay.runner.exits import BAD_SPEC, BUG, FENCED, INTERRUPTED, MISSING_SECRET, UNDELIVERED, Ended
from assay.runner.scrub import Scrubber
from assay.runner.telling import Log

TIMEOUTS = Timeouts(connect=5.0, read=20.0, total=30.0)
"""Half of the minute that Kubernetes gives a pod to end: a word after SIGTERM must not wait for the call before."""
TAKE_OVER = 90.0
"""Seconds that a second pod waits for the first to be silent for long enough, by the hub's measure."""
GRACE = 20.0
"""Seconds that deliveries go on after SIGTERM."""
LAST_WORD = 15.0
_HURRY = Retry(first=0.5, cap=3.0)
_FENCES = frozenset(
    {
        ErrorCode.STALE_FENCE,
        ErrorCode.ILLEGAL_TRANSITION,
        ErrorCode.CONFLICTING_REPLAY,
        ErrorCode.CONFLICT,
        ErrorCode.EXPIRED,
        ErrorCode.NOT_FOUND,
        ErrorCode.UNAUTHENTICATED,
        ErrorCode.FORBIDDEN,
    }
)
"""Refusals that say: not you, or not any more."""


class RegisteredToken(TokenFile):
    """A token that the scrubber knows as soon as it is read."""

    def __init__(self, path: Path, scrubber: Scrubber) -> None:
        super().__init__(path)
        self._scrubber = scrubber

    def read(self) -> str:
        text = super().read()
        self._scrubber.add(text)
        return text


@dataclass(slots=True)
class Hub:
    """generation: 0 until the gate has opened. hurry: how calls are repeated once the pod was told to end."""

    client: HubClient
    spec: HubSpec
    ending: Ending
    log: Log
    retry: Retry
    hurry: Retry = _HURRY
    generation: int = 0

    def start(self, pod_uid: str, plan: str, until: float) -> Started:
        """Asks to be the one pod that runs. Raises Ended where it is not, or the hub cannot be asked."""
        request = StartRequest(
            fence=self.spec.fence, pod_uid=pod_uid, runner_version=__version__, plan_sha256=plan
        )
        patience = min(until, self.retry.clock() + TAKE_OVER)

        def again(error: HubError) -> bool:
            if self.ending.word is not None:
                return False
            return error.retryable if not _passing(error) else self.retry.clock() < patience

        try:
            started: Started = self._tried("start", request, until, again).body
        except HubError as error:
            fault = error
        else:
            self.generation = started.generation
            return started
        if self.ending.word is not None:
            raise Ended(INTERRUPTED, self.ending.word.value, "start")
        if isinstance(fault, Unreachable) and fault.cause is Cause.TOKEN:
            raise Ended(MISSING_SECRET, "MissingToken", "start")
        raise Ended(FENCED, said(fault), "start")

    def heartbeat(self, seconds: float) -> bool:
        """Whether the run is to end. Raises HubError."""
        beat: Heartbeat = self._call("heartbeat", HeartbeatRequest(generation=self.generation), seconds).body
        return beat.cancel

    def deliver(self, report: Report, until: float) -> None:
        """All results and their commit: everything is readable at once, or nothing. Raises Ended."""
        stage = "results"
        try:
            digests = []
            for seq, batch in enumerate(batches(report)):
                request = encode(ResultsRequest(generation=self.generation, checks=batch))
                self._persist("put_results", request, until, seq)
                digests.append(sha256(request))
                crash_point("runner-mid-results")
            crash_point("runner-before-commit")
            stage = "commit"
            self._persist("commit_results", self._commit(report, digests), until)
            return
        except HubError as error:
            fault = error
        if self.ending.word is Word.FENCED or (isinstance(fault, Refused) and fault.code in _FENCES):
            raise Ended(FENCED, said(fault), stage)
        raise Ended(UNDELIVERED, said(fault), stage)

    def _commit(self, report: Report, digests: list[str]) -> CommitRequest:
        return CommitRequest(
            generation=self.generation,
            count=len(digests),
            root_sha256=root_sha256(digests),
            bundle=report.bundle,
            contract=report.contract,
            version=report.version,
            dialect=report.dialect,
            now=report.now,
            seconds=report.seconds,
            outcome=report.outcome,
            summary=report.summary,
            scans=report.scans,
            store_failed=report.store_failed,
            store_code=report.store_code,
        )

    def last_word(self, word: EndWord, reason: ReasonCode, code: str | None = None) -> None:
        """Best effort: what it would tell is in the exit code, too."""
        request = OutcomeRequest(generation=self.generation, word=word, reason_code=reason, code=code)
        try:
            self.hurry.run(
                lambda left: self._call("end_run", request, left), until=self.hurry.clock() + LAST_WORD
            )
        except HubError as error:
            self.log.tell("end_run", said(error))

    # -- calls

    def _persist(self, name: str, request: object, until: float, seq: int | None = None) -> Reply:
        """The call, again and again until `until`; once the pod was told to end, as long as its grace lasts.
        What was computed is worth more patience than a question: any silence may pass."""

        def again(error: HubError) -> bool:
            return isinstance(error, Unreachable) or error.retryable or _passing(error)

        try:
            return self._tried(name, request, until, lambda e: self.ending.word is None and again(e), seq)
        except HubError as error:
            if self.ending.word in (None, Word.FENCED) or not again(error):
                raise
        until = min(until, self.hurry.clock() + GRACE)
        return self.hurry.run(lambda left: self._call(name, request, left, seq), until=until)

    def _tried(
        self,
        name: str,
        request: object,
        until: float,
        again: Callable[[HubError], bool],
        seq: int | None = None,
    ) -> Reply:
        def tell(error: HubError, failures: int) -> None:
            self.log.tell(name, said(error), failures=failures)

        return self.retry.run(
            lambda left: self._call(name, request, left, seq), until=until, again=again, tell=tell
        )

    def _call(self, name: str, request: object, seconds: float, seq: int | None = None) -> Reply:
        body = request if isinstance(request, bytes) else encode(request)
        if self.log.scrubber.holds(body):
            # Cleaned, it would be another message, and its digest another one.
            raise Ended(BUG, "SecretInMessage", name)
        at: dict[str, str | int] = {"run": self.spec.instruction, "attempt": self.spec.attempt}
        if seq is not None:
            at["seq"] = seq
        return self.client.call(name, body, at=at, seconds=seconds)


def open_hub(spec: HubSpec, folder: Path, token: Path, ending: Ending, log: Log) -> Hub:
    """Connects to nothing yet. Raises Ended."""
    try:
        client = HubClient(
            hub_address(spec.url, cleartext=spec.cleartext),
            RegisteredToken(token, log.scrubber),
            ca=folder / spec.ca if spec.ca else None,
            proxy=proxy_address(spec.proxy) if spec.proxy else None,
            role="runner",
            timeouts=TIMEOUTS,
        )
    except (AddressError, ValueError, OSError):
        raise Ended(BAD_SPEC, "BadHub", "spec") from None
    return Hub(client, spec, ending, log, Retry(sleep=ending.wait))


def batches(report: Report) -> Iterator[tuple[CheckResult, ...]]:
    for first in range(0, len(report.checks), BATCH_CHECKS):
        yield report.checks[first : first + BATCH_CHECKS]


def _passing(error: HubError) -> bool:
    """What may be over soon: another pod that is not silent for long enough, a token just before the kubelet
    writes the next one."""
    if isinstance(error, Unreachable):
        return error.cause is Cause.TOKEN
    return isinstance(error, Refused) and (error.status == 401 or error.code is ErrorCode.ALREADY_STARTED)


def said(error: HubError) -> str:
    """Why a call failed, as a code."""
    match error:
        case Refused(code=ErrorCode() as code):
            return code.value
        case Refused(status=status):
            return f"status_{status}"
        case Unreachable(cause=cause):
            return cause.value
        case _:
            return type(error).__name__
