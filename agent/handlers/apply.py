"""From an accepted plan to a Job that runs: create it suspended, give it its ConfigMap, let it go.

Every step can be repeated, and every pause between two is safe: a suspended Job never runs by itself, and whatever
belongs to it goes when it goes.
"""

from __future__ import annotations

import base64

import structlog

from assay.agent.attempt import Attempt
from assay.agent.cluster.answers import Kind, Refused
from assay.agent.cluster.jobs import FENCE, POOL, SPEC
from assay.agent.cluster.objects import Tree
from assay.agent.context import NEXT, WAIT, Agent, Step
from assay.agent.handlers.ending import end, fail, give_back, removed
from assay.compiler.kubernetes import unique_slug
from assay.protocol.agent import AttemptOutcome, ReasonCode
from assay.protocol.crash import crash_point

LEASE_S = 1.0
QUOTA_S = 5.0
log = structlog.get_logger("assay.agent")


def create(agent: Agent, attempt: Attempt) -> Step:
    """The Job, suspended. Never the same twice: one that was there and is gone is lost, not made again."""
    if attempt.job is not None or attempt.gone or attempt.made is None:
        return NEXT
    if not agent.lease.may_create():
        return LEASE_S
    crash_point("agent-before-job")
    try:
        created = agent.jobs.create(attempt.made.job)
    except Refused as refused:
        return _not_created(agent, attempt, refused)
    crash_point("agent-after-job")
    attempt.see(created.job)
    agent.metrics.created.inc()
    if created.refused_pods:
        return fail(agent, attempt, ReasonCode.POD_SECURITY)
    return NEXT


def _not_created(agent: Agent, attempt: Attempt, refused: Refused) -> Step:
    match refused.kind:
        case Kind.EXISTS:
            attempt.job = agent.jobs.get(attempt.name)
            if attempt.job is None:
                return LEASE_S
            agent.metrics.adopted.inc()
            return NEXT
        case Kind.REJECTED | Kind.DENIED:
            return fail(agent, attempt, ReasonCode.MANIFEST_REJECTED)
        case Kind.QUOTA:
            if late(agent, attempt):
                return give_back(agent, attempt, ReasonCode.QUOTA)
            log.info("the quota is used up", run=attempt.instruction, attempt=attempt.attempt)
            return refused.retry_after or QUOTA_S
        case _:
            raise refused


def late(agent: Agent, attempt: Attempt) -> bool:
    """Whether its time to be started is over."""
    delivery = attempt.delivery
    if delivery is None:
        return False
    most = min(delivery.start_s, agent.settings.start_seconds)
    return agent.lease.now() - attempt.delivered_at > most


def adopt(agent: Agent, attempt: Attempt) -> Step:
    """A Job of this name is there: is it what would have been created?"""
    job, made = attempt.job, attempt.made
    if job is None or made is None or job.metadata.annotations.get(SPEC) == made.spec_sha256:
        return NEXT
    if job.metadata.labels.get(POOL) != unique_slug(agent.pool):
        end(agent, attempt, AttemptOutcome.FAILED, ReasonCode.NAME_CONFLICT)
        agent.book.strike(attempt)
        return WAIT
    if job.started or job.ended is not None:
        # Ours, of an earlier configuration: what it runs, the hub compares at the start gate.
        return NEXT
    # Nothing of it has run, or can. What belongs to it is collected before it is delivered again.
    if not removed(agent, attempt):
        return LEASE_S
    return give_back(agent, attempt, ReasonCode.NAME_CONFLICT)


def furnish(agent: Agent, attempt: Attempt) -> Step:
    """The ConfigMap, and the Secret where the hub gave a token: both owned by the Job."""
    job = attempt.job
    if job is None or job.started or job.ended is not None or attempt.furnished:
        return NEXT
    if attempt.made is None:
        # Found as it is; the hub will lease it anew.
        return WAIT
    crash_point("agent-before-config")
    agent.jobs.create_owned("configmaps", attempt.made.config_map, job)
    crash_point("agent-after-config")
    if attempt.job_token is not None:
        crash_point("agent-before-secret")
        agent.jobs.create_owned("secrets", _secret(attempt.made.config_map, attempt.job_token), job)
        crash_point("agent-after-secret")
    attempt.furnished = True
    return NEXT


def _secret(config_map: Tree, token: str) -> Tree:
    meta = config_map["metadata"]
    return {
        "apiVersion": "v1",
        "kind": "Secret",
        "type": "Opaque",
        "metadata": {"name": meta["name"], "namespace": meta["namespace"], "labels": meta["labels"]},
        "immutable": True,
        "data": {"token": base64.b64encode(token.encode()).decode()},
    }


def unsuspend(agent: Agent, attempt: Attempt) -> Step:
    job = attempt.job
    if job is None or not job.spec.suspend or job.ended is not None:
        return NEXT
    if not attempt.furnished:
        return WAIT
    if not agent.lease.may_create():
        return LEASE_S
    attempt.see(agent.jobs.unsuspend(job, {FENCE: str(attempt.fence)}))
    crash_point("agent-after-unsuspend")
    return NEXT
