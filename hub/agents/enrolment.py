"""An agent becomes known: it trades an enrolment token for one of its own."""

from __future__ import annotations

from sqlalchemy import bindparam, select, update

from assay.hub import tokens
from assay.hub.audit import note
from assay.hub.callers import AgentCaller, EnrolmentCaller
from assay.hub.refusal import Refusal
from assay.hub.store.tx import Tx, mine
from assay.hub.tables import agent_tokens, agents, enrolments
from assay.hub.tokens import TokenKind
from assay.protocol.agent import Enrolled, EnrolRequest
from assay.protocol.wire import ErrorCode, encode

OVERLAP_US = 86_400 * 1_000_000
"""How long the token before stays good after a rotation."""
_USE = (
    update(enrolments)
    .where(
        mine(enrolments),
        enrolments.c.id == bindparam("e"),
        enrolments.c.used_at.is_(None),
        enrolments.c.expires_at > bindparam("now"),
    )
    .values(used_at=bindparam("now"), agent=bindparam("a"))
)
_AGENT = select(agents.c.pool).where(
    mine(agents), agents.c.id == bindparam("a"), agents.c.revoked_at.is_(None)
)
_RUN_OUT = (
    update(agent_tokens)
    .where(
        mine(agent_tokens),
        agent_tokens.c.agent == bindparam("a"),
        agent_tokens.c.expires_at.is_(None),
    )
    .values(expires_at=bindparam("until"))
)


def enrol(tx: Tx, caller: EnrolmentCaller, request: EnrolRequest) -> Enrolled:
    """Uses the enrolment token up, once, and gives the agent its own."""
    agent = tx.new_id()
    if not tx.changed(_USE, e=caller.enrolment, a=agent, now=tx.now):
        raise Refusal(ErrorCode.UNAUTHENTICATED, "the enrolment token was used or is too old")
    tx.add(
        agents,
        id=agent,
        name=request.name,
        pool=caller.pool,
        cluster=request.cluster.id,
        namespace=request.cluster.namespace,
        issuer=request.cluster.issuer,
        keys=encode(request.cluster.keys),
        epoch=0,
        enrolled_at=tx.now,
    )
    note(tx, f"agent:{agent}", "agent.enrol", f"agent:{agent}")
    return Enrolled(agent=agent, pool=caller.pool, token=_new_token(tx, agent))


def rotate_agent_token(tx: Tx, caller: AgentCaller) -> Enrolled:
    """A new token; the old ones are good for another day."""
    pool = tx.one(_AGENT, a=caller.agent).pool
    tx.run(_RUN_OUT, a=caller.agent, until=tx.now + OVERLAP_US)
    note(tx, caller.actor, "agent.rotate_token", f"agent:{caller.agent}")
    return Enrolled(agent=caller.agent, pool=pool, token=_new_token(tx, caller.agent))


def _new_token(tx: Tx, agent: str) -> str:
    token = tokens.mint(TokenKind.AGENT, agent)
    tx.add(agent_tokens, agent=agent, hash=tokens.hash_of(token), created_at=tx.now)
    return token
