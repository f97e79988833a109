"""From a Job that runs to one that the hub has heard the end of: tell, watch, cancel, report, clean up."""

from __future__ import annotations

import structlog

from assay.agent import reasons
from assay.agent.attempt import Attempt
from assay.agent.context import NEXT, WAIT, Agent, Step
from assay.agent.handlers.ending import LOOK_S, end, fail, removed
from assay.protocol.agent import AttemptOutcome, ReasonCode
from assay.protocol.crash import crash_point

KEPT_S = 300
"""How long a Job stays after the hub has heard of its end: for people who want to look at it."""
log = structlog.get_logger("assay.agent")


def cancel(agent: Agent, attempt: Attempt) -> Step:
    """Ends the Job, and says so when its pods are gone. One that was over before is reported as it ended."""
    if not attempt.cancel or (attempt.job is not None and attempt.job.ended is not None):
        return NEXT
    crash_point("agent-mid-cancel")
    if not removed(agent, attempt):
        return LOOK_S
    end(agent, attempt, AttemptOutcome.CANCELLED, ReasonCode.CANCEL_REQUESTED)
    agent.book.strike(attempt)
    return WAIT


def lose(agent: Agent, attempt: Attempt) -> Step:
    """The Job was there, and is not: somebody deleted it. A namesake is not made in its place."""
    if attempt.job is not None or not attempt.gone:
        return NEXT
    found = agent.jobs.get(attempt.name)
    if found is not None:
        attempt.job, attempt.gone = found, False
        return NEXT
    end(agent, attempt, AttemptOutcome.LOST, ReasonCode.JOB_MISSING)
    agent.book.strike(attempt)
    return WAIT


def tell(agent: Agent, attempt: Attempt) -> Step:
    """The hub hears of the Job, and of the first pod whose container runs."""
    job, fence = attempt.job, attempt.fence
    if job is None or fence is None:
        return NEXT
    if not attempt.told_applied and (job.started or job.ended is not None):
        crash_point("agent-before-event")
        agent.hub.applied(attempt, fence)
        attempt.told_applied = True
    pod = reasons.running(attempt.pods.values())
    if pod is not None and not attempt.told_running and job.ended is None:
        agent.hub.running(attempt, fence, pod.metadata.name)
        attempt.told_running = True
    return NEXT


def watch(agent: Agent, attempt: Attempt) -> Step:
    """Waits for the end; a pod that does not come to run in time is not waited for any longer."""
    job = attempt.job
    if job is None or job.ended is not None or not job.started:
        return NEXT
    if reasons.running(attempt.pods.values()) is not None:
        return WAIT
    if attempt.waiting_since is None:
        attempt.waiting_since = agent.lease.now() - agent.jobs.age(job)
    left = agent.settings.start_seconds - (agent.lease.now() - attempt.waiting_since)
    if left > 0:
        return left
    pods = attempt.pods.values()
    reason = reasons.not_started(pods) if pods else reasons.no_pod(agent.jobs.refusal(job))
    log.warning("not started", run=attempt.instruction, attempt=attempt.attempt, reason=reason.value)
    return fail(agent, attempt, reason)


def report(agent: Agent, attempt: Attempt) -> Step:
    """Complete or Failed: the hub hears how it ended, with the exit code where a pod shows it."""
    job = attempt.job
    if job is None or job.ended is None or attempt.settled:
        return NEXT
    pods = tuple(attempt.pods.values())
    if not any(pod.state.terminated for pod in pods):
        # Two watches are not in step: the pod may be told later than its Job.
        pods = agent.jobs.pods(job) or pods
    outcome, reason, code = reasons.ended(job, pods)
    crash_point("agent-before-complete")
    end(agent, attempt, outcome, reason, code)
    crash_point("agent-after-complete")
    return NEXT


def clean_up(agent: Agent, attempt: Attempt) -> Step:
    """The Job expires soon, now that nobody needs it; until then a day is left to report it."""
    if not attempt.settled:
        return WAIT
    if attempt.job is not None and not attempt.expires:
        attempt.see(agent.jobs.let_expire(attempt.job, KEPT_S))
    agent.book.strike(attempt)
    return WAIT
