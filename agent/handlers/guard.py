"""Who is handled at all: what is this process's, and what did not break those before it."""

from __future__ import annotations

import structlog

from assay.agent.attempt import MOST_FAULTS, Attempt
from assay.agent.cluster.jobs import VISITS
from assay.agent.context import NEXT, WAIT, Agent, Step
from assay.agent.handlers.ending import fail, failing
from assay.protocol.agent import ReasonCode

log = structlog.get_logger("assay.agent")


def own(_agent: Agent, attempt: Attempt) -> Step:
    """Another agent of the pool may see to it: the hub says so at the next poll."""
    return NEXT if attempt.mine else WAIT


def quarantine(agent: Agent, attempt: Attempt) -> Step:
    """What broke its handling twice is not handled a third time.

    Deaths of a process are counted where a process cannot forget them: by the hub, for an attempt that had no Job
    yet (`Delivery.lapsed`); by an annotation of the Job, once there is one (`visit`).
    """
    deaths = 0 if attempt.delivery is None else attempt.delivery.lapsed
    if not attempt.visited:
        deaths = max(deaths, attempt.visits)
    if attempt.failing is None and attempt.faults < MOST_FAULTS and deaths < MOST_FAULTS:
        return NEXT
    if attempt.failing is not None:
        return failing(agent, attempt)
    agent.metrics.quarantined.inc()
    log.error(
        "quarantined",
        run=attempt.instruction,
        attempt=attempt.attempt,
        faults=attempt.faults,
        deaths=deaths,
    )
    return fail(agent, attempt, ReasonCode.POISON)


def visit(agent: Agent, attempt: Attempt) -> Step:
    """Marks a Job that this process found before it looks into it. The mark goes when all went well (`leave`)."""
    if attempt.found and not attempt.visited and not attempt.asked and attempt.job is not None:
        attempt.see(agent.jobs.annotate(attempt.job, {VISITS: str(attempt.visits + 1)}))
    attempt.visited = True
    return NEXT


def leave(agent: Agent, attempt: Attempt) -> None:
    """Takes the mark away: this process has come through."""
    if attempt.job is not None and VISITS in attempt.job.metadata.annotations:
        attempt.see(agent.jobs.annotate(attempt.job, {VISITS: None}))
