"""From a delivery to an accepted plan: fetch, compile, accept."""

from __future__ import annotations

import structlog

from assay.agent.attempt import Attempt
from assay.agent.compiling import Refusal
from assay.agent.context import NEXT, WAIT, Agent, Step
from assay.agent.handlers.ending import fail
from assay.client import Refused
from assay.protocol.agent import AcceptRequest, ReasonCode
from assay.protocol.crash import crash_point
from assay.protocol.wire import ErrorCode, sha256

log = structlog.get_logger("assay.agent")


def fetch(agent: Agent, attempt: Attempt) -> Step:
    """The work order, which must be the very bytes that the delivery named."""
    if attempt.delivery is None or attempt.accepted or attempt.made is not None or attempt.order is not None:
        return NEXT
    order = agent.hub.order(attempt)
    if sha256(order) != attempt.delivery.order_sha256:
        return fail(agent, attempt, ReasonCode.ORDER_CORRUPT)
    attempt.order = order
    return NEXT


def compile_(agent: Agent, attempt: Attempt) -> Step:
    if attempt.delivery is None or attempt.accepted or attempt.made is not None:
        return NEXT
    if attempt.order is None:
        return WAIT
    delivery = attempt.delivery
    made = agent.compiler.compile(attempt.order, agent.pool, delivery.fence, delivery.deadline_s)
    if isinstance(made, Refusal):
        log.warning(
            "not compiled",
            run=attempt.instruction,
            attempt=attempt.attempt,
            reason=made.reason.value,
            codes=made.codes,
        )
        return fail(agent, attempt, made.reason)
    attempt.made, attempt.order = made, None
    return NEXT


def accept(agent: Agent, attempt: Attempt) -> Step:
    """Tells the hub what was compiled, before anything of it is in the cluster."""
    if attempt.delivery is None or attempt.accepted:
        return NEXT
    if attempt.made is None:
        return WAIT
    request = AcceptRequest(
        fence=attempt.delivery.fence,
        order_sha256=attempt.delivery.order_sha256,
        plan_sha256=attempt.made.plan_sha256,
        checks_sha256=attempt.made.checks_sha256,
        job_name=attempt.name,
        job_auth=agent.settings.job_auth,
    )
    crash_point("agent-before-accept")
    try:
        accepted = agent.hub.accept(attempt, request)
    except Refused as refused:
        if refused.code is ErrorCode.PLAN_MISMATCH:
            return fail(agent, attempt, ReasonCode.PLAN_MISMATCH)
        raise
    crash_point("agent-after-accept")
    attempt.job_token, attempt.accepted = accepted.job_token, True
    return NEXT
