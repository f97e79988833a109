"""Sessions: one process of an agent at a time. A new one takes over what runs, and sends back what does not."""

from __future__ import annotations

from sqlalchemy import bindparam, update

from assay.hub.callers import AgentCaller
from assay.hub.instants import instant
from assay.hub.machine import LAPSED, Event, step
from assay.hub.refusal import Refusal, not_found
from assay.hub.store.tx import Tx, mine
from assay.hub.store.wake import agent_topic, pool_topic
from assay.hub.tables import agent_sessions, agents, attempts
from assay.protocol.agent import Session, SessionRequest
from assay.protocol.wire import OLDEST, PROTOCOL, ErrorCode, encode

LEASE_S = 60
POLL_S = 25
_OPEN = (
    update(agents)
    .where(mine(agents), agents.c.id == bindparam("a"), agents.c.revoked_at.is_(None))
    .values(
        epoch=agents.c.epoch + 1,
        session=bindparam("s"),
        version=bindparam("v"),
        issuer=bindparam("iss"),
        keys=bindparam("jwks"),
        namespace=bindparam("ns"),
    )
    .returning(agents.c.epoch, agents.c.pool, agents.c.cluster)
)
_SUPERSEDE = (
    update(agent_sessions)
    .where(
        mine(agent_sessions),
        agent_sessions.c.agent == bindparam("a"),
        agent_sessions.c.superseded_at.is_(None),
    )
    .values(superseded_at=bindparam("now"))
)
_OF_AGENT = (mine(attempts), attempts.c.agent == bindparam("a"))
_SEND_BACK = step(Event.LAPSE).where(*_OF_AGENT).values(session=None, agent=None, lapsed=LAPSED)
_TAKE_OVER = (
    update(attempts)
    .where(*_OF_AGENT, attempts.c.state.in_(("applied", "running", "committed")))
    .values(session=bindparam("s"))
)


def open_session(tx: Tx, caller: AgentCaller, request: SessionRequest) -> Session:
    """The agent's process begins. What the one before had not applied goes back into the queue (to the same
    cluster, where it had been accepted); what runs is now this one's."""
    protocol = min(request.newest, PROTOCOL)
    if protocol < max(request.oldest, OLDEST):
        raise Refusal(ErrorCode.UPGRADE_REQUIRED, f"this hub speaks protocol {OLDEST} to {PROTOCOL}")
    session = tx.new_id()
    found = tx.row(
        _OPEN,
        a=caller.agent,
        s=session,
        v=request.version,
        iss=request.cluster.issuer,
        jwks=encode(request.cluster.keys),
        ns=request.cluster.namespace,
    )
    if found is None:
        raise not_found()
    if found.cluster != request.cluster.id:
        raise Refusal(ErrorCode.CONFLICT, "this agent was enrolled in another cluster: enrol it anew")
    close_sessions(tx, caller.agent)
    tx.add(
        agent_sessions,
        id=session,
        agent=caller.agent,
        epoch=found.epoch,
        pool=found.pool,
        cluster=found.cluster,
        protocol=protocol,
        opened_at=tx.now,
        lease_until=tx.now + LEASE_S * 1_000_000,
    )
    tx.run(_SEND_BACK, a=caller.agent)
    tx.run(_TAKE_OVER, a=caller.agent, s=session)
    tx.wake(pool_topic(tx.tenant, found.pool))
    return Session(
        session=session,
        epoch=found.epoch,
        pool=found.pool,
        protocol=protocol,
        lease_s=LEASE_S,
        poll_s=POLL_S,
        server_time=instant(tx.now),
    )


def close_sessions(tx: Tx, agent: str) -> None:
    """No session of the agent is good any more, and its process is told when it polls."""
    tx.run(_SUPERSEDE, a=agent, now=tx.now)
    tx.wake(agent_topic(tx.tenant, agent))


def send_back(tx: Tx, agent: str) -> None:
    """What a revoked agent holds and has not applied goes back into the queue."""
    close_sessions(tx, agent)
    tx.run(_SEND_BACK, a=agent)
