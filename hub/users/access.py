"""Who may ask: API keys, enrolments of agents, the agents themselves. A secret is shown once, and kept as a hash."""

from __future__ import annotations

from typing import Any

from sqlalchemy import and_, bindparam, func, select, update

from assay.hub import tokens
from assay.hub.agents.sessions import LEASE_S, send_back
from assay.hub.audit import note
from assay.hub.callers import KeyCaller
from assay.hub.instants import instant, instant_or_none
from assay.hub.refusal import Refusal, not_found
from assay.hub.store.tx import Tx, mine
from assay.hub.tables import agent_sessions, agents, api_keys, attempts, enrolments
from assay.hub.tables.work import LIVE
from assay.hub.tokens import TokenKind
from assay.hub.users.pages import Query, after, page
from assay.protocol.user import (
    Agent,
    Enrolment,
    EnrolmentRequest,
    Key,
    KeyHead,
    KeyRequest,
    Page,
    Role,
)
from assay.protocol.wire import ErrorCode, Nothing

ENROLMENT_US = 15 * 60 * 1_000_000
"""How long an enrolment token is good."""
_KEYS = (
    select(api_keys)
    .where(mine(api_keys), api_keys.c.id > bindparam("after"))
    .order_by(api_keys.c.id)
    .limit(bindparam("most"))
)
_KEY = select(api_keys).where(mine(api_keys), api_keys.c.id == bindparam("k"))
_LAST_ADMIN = select(func.count()).where(
    mine(api_keys),
    api_keys.c.role == Role.ADMIN.value,
    api_keys.c.revoked_at.is_(None),
    api_keys.c.id != bindparam("k"),
)
_REVOKE_KEY = (
    update(api_keys)
    .where(mine(api_keys), api_keys.c.id == bindparam("k"), api_keys.c.revoked_at.is_(None))
    .values(revoked_at=bindparam("now"))
)
_REVOKE_AGENT = (
    update(agents)
    .where(mine(agents), agents.c.id == bindparam("a"), agents.c.revoked_at.is_(None))
    .values(revoked_at=bindparam("now"))
)
_AGENT = select(agents.c.id).where(mine(agents), agents.c.id == bindparam("a"))
_IN_FLIGHT = (
    select(func.count())
    .where(
        attempts.c.tenant == agents.c.tenant,
        attempts.c.session == agents.c.session,
        attempts.c.state.in_(LIVE),
    )
    .correlate(agents)
    .scalar_subquery()
)
_AGENTS = (
    select(
        agents.c.id,
        agents.c.name,
        agents.c.pool,
        agents.c.cluster,
        agents.c.enrolled_at,
        agents.c.version,
        agents.c.revoked_at,
        agent_sessions.c.lease_until,
        agent_sessions.c.superseded_at,
        _IN_FLIGHT.label("in_flight"),
    )
    .outerjoin(
        agent_sessions,
        and_(agent_sessions.c.tenant == agents.c.tenant, agent_sessions.c.id == agents.c.session),
    )
    .where(mine(agents), agents.c.id > bindparam("after"))
    .order_by(agents.c.id)
    .limit(bindparam("most"))
)


def list_keys(tx: Tx, caller: KeyCaller, query: Query) -> Page[KeyHead]:
    """Revoked ones too: the audit log names them."""
    rows = tx.rows(_KEYS, after=after(query.cursor), most=query.limit + 1)
    return page(rows, query.limit, _key_head, lambda row: row.id)


def create_key(tx: Tx, caller: KeyCaller, request: KeyRequest) -> Key:
    key = add_key(tx, request.role, request.label)
    note(tx, caller.actor, "key.create", f"key:{key.id}")
    return key


def add_key(tx: Tx, role: Role, label: str) -> Key:
    """A new key of the transaction's tenant."""
    key = tx.new_id()
    token = tokens.mint(TokenKind.KEY, key)
    tx.add(api_keys, id=key, role=role.value, label=label, hash=tokens.hash_of(token), created_at=tx.now)
    return Key(id=key, role=role, label=label, key=token)


def revoke_key(tx: Tx, caller: KeyCaller, key: str) -> Nothing:
    """The last admin key stays: without it nobody could make another."""
    row = tx.one(_KEY, k=key)
    if row.revoked_at is not None:
        return Nothing()
    if row.role == Role.ADMIN.value and not tx.one(_LAST_ADMIN, k=key)[0]:
        raise Refusal(ErrorCode.CONFLICT, "it is the last admin key: make another before")
    if tx.changed(_REVOKE_KEY, k=key, now=tx.now):
        note(tx, caller.actor, "key.revoke", f"key:{key}")
    return Nothing()


def create_enrolment(tx: Tx, caller: KeyCaller, request: EnrolmentRequest) -> Enrolment:
    """A token with which one agent can join the pool, once, within a quarter of an hour."""
    enrolment = tx.new_id()
    token = tokens.mint(TokenKind.ENROLMENT)
    until = tx.now + ENROLMENT_US
    tx.add(
        enrolments,
        id=enrolment,
        pool=request.pool,
        hash=tokens.hash_of(token),
        created_at=tx.now,
        expires_at=until,
    )
    note(tx, caller.actor, "enrolment.create", f"enrolment:{enrolment}")
    return Enrolment(token=token, pool=request.pool, expires_at=instant(until))


def list_agents(tx: Tx, caller: KeyCaller, query: Query) -> Page[Agent]:
    rows = tx.rows(_AGENTS, after=after(query.cursor), most=query.limit + 1)
    return page(rows, query.limit, lambda row: _agent(row, tx.now), lambda row: row.id)


def revoke_agent(tx: Tx, caller: KeyCaller, agent: str) -> Nothing:
    """Its tokens are good for nothing any more; what it has not applied goes back into the queue."""
    if tx.row(_AGENT, a=agent) is None:
        raise not_found()
    if tx.changed(_REVOKE_AGENT, a=agent, now=tx.now):
        send_back(tx, agent)
        note(tx, caller.actor, "agent.revoke", f"agent:{agent}")
    return Nothing()


def _key_head(row: Any) -> KeyHead:
    return KeyHead(
        id=row.id,
        role=Role(row.role),
        label=row.label,
        created_at=instant(row.created_at),
        last_used_at=instant_or_none(row.last_used_at),
        revoked=row.revoked_at is not None,
    )


def _agent(row: Any, now: int) -> Agent:
    """Online while its session's lease lasts: it has polled within the last minute."""
    live = row.superseded_at is None and row.lease_until is not None and row.lease_until >= now
    return Agent(
        id=row.id,
        name=row.name,
        pool=row.pool,
        cluster=row.cluster,
        enrolled_at=instant(row.enrolled_at),
        online=live and row.revoked_at is None,
        last_poll_at=instant_or_none(
            None if row.lease_until is None else row.lease_until - LEASE_S * 1_000_000
        ),
        version=row.version,
        revoked=row.revoked_at is not None,
        in_flight=row.in_flight,
    )
