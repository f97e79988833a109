"""One attempt of an instruction, in the pod that the hub lets through its gate.

    start -> (heartbeats) run -> warehouse -> results -> commit

Everything up to the commit may happen again: in a second pod, in the next attempt. Only one report is ever
committed, and a pod that was not let through, or is no longer wanted, opens no connection to any data.
"""

from __future__ import annotations

import os
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from assay.protocol.agent import ReasonCode
from assay.protocol.crash import crash_point
from assay.protocol.delivery import EndWord
from assay.protocol.report import Report
from assay.protocol.run import POD_UID, HubSpec
from assay.protocol.warehouse import Warehouse
from assay.runner.ending import Ending, Word
from assay.runner.exits import (
    BAD_SPEC,
    FENCED,
    FORBIDDEN,
    INTERRUPTED,
    REJECTED,
    UNAVAILABLE,
    UNDELIVERED,
    Ended,
)
from assay.runner.heart import Heart
from assay.runner.hub import open_hub
from assay.runner.run import Progress
from assay.runner.spec import Work
from assay.runner.telling import Log
from assay.runner.verify import conclude, verified

if TYPE_CHECKING:
    from assay.runner.outbox import Outbox

GATE = 300.0
"""Seconds that a pod waits for a hub that is away; half of its time at most."""
_REASONS = {
    BAD_SPEC: ReasonCode.BAD_SPEC,
    REJECTED: ReasonCode.CONTRACT_REJECTED,
    UNAVAILABLE: ReasonCode.SOURCE_UNAVAILABLE,
    FORBIDDEN: ReasonCode.PERMISSION_DENIED,
    UNDELIVERED: ReasonCode.RESULT_UNDELIVERED,
    FENCED: ReasonCode.CANCEL_REQUESTED,
    INTERRUPTED: ReasonCode.INTERRUPTED,
}


@dataclass(frozen=True, slots=True)
class Times:
    """Instants of the monotonic clock: when the run has to end, when its delivery. The last minute is for the
    last word, the one before for a hub that is just coming back; of a short Job, a tenth and two tenths."""

    run: float
    deliver: float

    @classmethod
    def between(cls, now: float, end: float) -> Times:
        whole = max(0.0, end - now)
        deliver = end - min(60.0, whole / 10)
        return cls(deliver - min(60.0, whole / 5), deliver)


def attempt(work: Work, spec: HubSpec, token: Path, ending: Ending, log: Log, began: float) -> None:
    """Returns where the report is committed; raises Ended otherwise. `began`: when the process did."""
    pod = os.environ.get(POD_UID, "")
    if not pod:
        raise Ended(BAD_SPEC, "NoPodUid", "spec")
    hub = open_hub(spec, work.folder, token, ending, log)
    crash_point("runner-before-start")
    asked = time.monotonic()
    started = hub.start(pod, work.spec.bundle_sha256, began + min(GATE, work.spec.timeout / 2))
    crash_point("runner-after-start")
    now = time.monotonic()
    times = Times.between(now, min(began + work.spec.timeout, asked + started.deadline_s))
    with Heart(hub, started.heartbeat_s, ending, log) as heart:
        outbox = None if work.warehouse is None else _outbox(work, work.warehouse, heart, ending, log)
        try:
            report = None
            if outbox is not None and (spec.attempt, started.generation) != (1, 1):
                report = outbox.waiting(spec.instruction, work.spec.bundle_sha256)
            if report is None:
                report = verified(work, ending, times.run - now, spec.instruction, _progress, outbox)
                crash_point("runner-after-warehouse")
                conclude(report, ending, rows=outbox is not None)
            hub.deliver(report, times.deliver)
            crash_point("runner-after-commit")
            if outbox is not None:
                outbox.delivered(spec.instruction)
        except Ended as ended:
            if ended.status != FENCED or ending.word is Word.CANCELLED:
                word = EndWord.INTERRUPTED if ended.status == INTERRUPTED else EndWord.ERROR
                hub.last_word(word, _REASONS.get(ended.status, ReasonCode.RUNNER_BUG), ended.code)
            raise
        except Exception as error:
            hub.last_word(EndWord.ERROR, ReasonCode.RUNNER_BUG, type(error).__name__)
            raise


def _outbox(work: Work, place: Warehouse, heart: Heart, ending: Ending, log: Log) -> Outbox:
    # Its driver is not loaded where there is no warehouse.
    from assay.runner.outbox import Outbox

    def wanted(report: Report) -> bool:
        """Asked just before the commit: rows of a pod that was overtaken would replace those of the next."""
        heart.beat()
        try:
            conclude(report, ending, rows=True)
        except Ended:
            return False
        return True

    return Outbox(place, work.folder, work.spec.params, wanted, log)


def _progress(progress: Progress) -> None:
    if progress.stage == "scan":
        crash_point("runner-mid-query")
