"""How an attempt is ended: the hub hears it, and nothing of the attempt is left but what expires by itself."""

from __future__ import annotations

import structlog

from assay.agent.attempt import Attempt
from assay.agent.context import WAIT, Agent, Step
from assay.agent.hub import Over
from assay.protocol.agent import AttemptOutcome, ReasonCode

log = structlog.get_logger("assay.agent")


def end(
    agent: Agent, attempt: Attempt, outcome: AttemptOutcome, reason: ReasonCode, code: int | None = None
) -> None:
    """Tells the hub. That it has heard another end is as good; that the attempt is another's raises Over."""
    fence = attempt.fence
    if fence is not None and not attempt.acknowledged:
        try:
            agent.hub.complete(attempt, fence, outcome, reason, code)
        except Over as over:
            if over.stale:
                raise
            log.info("the hub had ended it before", run=attempt.instruction, attempt=attempt.attempt)
        agent.metrics.completed.labels(outcome.value, reason.value).inc()
        log.info(
            "ended",
            run=attempt.instruction,
            attempt=attempt.attempt,
            outcome=outcome.value,
            reason=reason.value,
            exit_code=code,
        )
    attempt.acknowledged = True


def fail(agent: Agent, attempt: Attempt, reason: ReasonCode) -> Step:
    """Ends it as failed: at once where it has no Job, else when the Job and its pods are gone."""
    attempt.failing = reason
    return failing(agent, attempt)


def failing(agent: Agent, attempt: Attempt) -> Step:
    reason = attempt.failing
    if reason is None:
        return WAIT
    if not removed(agent, attempt):
        return LOOK_S
    end(agent, attempt, AttemptOutcome.FAILED, reason)
    agent.book.strike(attempt)
    return WAIT


LOOK_S = 5.0
"""Until a Job that was deleted is looked for, where no watch says that it is gone."""


def removed(agent: Agent, attempt: Attempt) -> bool:
    """Deletes the Job; true when it is gone, and its pods with it."""
    if attempt.job is None:
        return True
    if attempt.job.metadata.deletion_timestamp is None:
        agent.jobs.delete(attempt.job)
    found = agent.jobs.get(attempt.name)
    if found is None or found.metadata.uid != attempt.job.metadata.uid:
        attempt.job = None
        attempt.pods.clear()
        return True
    attempt.see(found)
    return False


def give_back(agent: Agent, attempt: Attempt, reason: ReasonCode) -> Step:
    """Not here, not now: the instruction goes back into the queue."""
    fence = attempt.fence
    if fence is not None:
        agent.hub.release(attempt, fence, reason)
        agent.metrics.released.labels(reason.value).inc()
        log.warning("given back", run=attempt.instruction, attempt=attempt.attempt, reason=reason.value)
    agent.book.strike(attempt)
    return WAIT
