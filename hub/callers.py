"""Who asks: a credential looked up, before anything of the request is read.

A tenant comes from here and from nowhere else. What was found is remembered for a few seconds, so that a
revoked credential is useless within `REMEMBERED_S` on every hub process.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from sqlalchemy import bindparam, select, update

from assay.hub import pod_tokens, tokens
from assay.hub.refusal import Refusal
from assay.hub.store import HUB, Store, Tx
from assay.hub.tables import agent_tokens, agents, api_keys, attempts, enrolments
from assay.hub.tokens import Token, TokenKind
from assay.protocol.endpoints import Credential
from assay.protocol.user import Role
from assay.protocol.wire import ErrorCode

REMEMBERED_S = 3.0
REMEMBERED = 10_000
USED_US = 60_000_000
"""How exact the last use of an API key is kept."""
LATE_US = 3_600_000_000
"""How long after the end of an attempt its token still gets answers: a lost answer can be asked for again."""


@dataclass(frozen=True, slots=True)
class KeyCaller:
    """A person's or program's API key."""

    tenant: str
    key: str
    role: Role

    @property
    def actor(self) -> str:
        """As the audit log has it."""
        return f"key:{self.key}"


@dataclass(frozen=True, slots=True)
class EnrolmentCaller:
    """One who may become an agent of the pool."""

    tenant: str
    enrolment: str
    pool: str

    @property
    def actor(self) -> str:
        return f"enrolment:{self.enrolment}"


@dataclass(frozen=True, slots=True)
class AgentCaller:
    tenant: str
    agent: str
    pool: str

    @property
    def actor(self) -> str:
        return f"agent:{self.agent}"


@dataclass(frozen=True, slots=True)
class JobCaller:
    """The pod of one attempt. pod_uid: where the cluster itself vouches for the pod."""

    tenant: str
    run: str
    attempt: int
    pod_uid: str | None = None

    @property
    def actor(self) -> str:
        return f"run:{self.run}"


Caller: TypeAlias = KeyCaller | EnrolmentCaller | AgentCaller | JobCaller

ROLES = tuple(Role)
"""Each may what those before it may."""


def may(caller: KeyCaller, role: Role) -> bool:
    return ROLES.index(caller.role) >= ROLES.index(role)


def unauthenticated() -> Refusal:
    """The one answer to a credential that is missing, malformed, unknown, used up, revoked or of another kind."""
    return Refusal(ErrorCode.UNAUTHENTICATED, "send `Authorization: Bearer` with a token that is good here")


class Callers:
    """Looks credentials up in the store."""

    def __init__(self, store: Store, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._store = store
        self._clock = clock
        self._known: dict[bytes, tuple[float, Caller]] = {}
        self._used: dict[str, float] = {}
        self._notes: set[asyncio.Future[None]] = set()

    async def find(self, kind: Credential, bearer: str, run: str = "", attempt: int = 0) -> Caller:
        """The one who holds this token. run, attempt: of the path, for a job's token. Refused as
        unauthenticated for any other token."""
        token = tokens.read(bearer)
        if token is None:
            if kind is not Credential.JOB or not pod_tokens.looks_like(bearer):
                raise unauthenticated()
            return await self._pod(bearer, run, attempt)
        if token.kind is not _KINDS.get(kind):
            raise unauthenticated()
        known = self._known.get(token.hash)
        if known is not None and known[0] > self._clock():
            return known[1]
        caller = await self._store.read(HUB, lambda tx: _look_up(tx, token))
        if caller is None:
            raise unauthenticated()
        if kind is not Credential.ENROLMENT:
            self._remember(token.hash, caller)
        if isinstance(caller, KeyCaller):
            self._note_use(caller)
        return caller

    def _note_use(self, caller: KeyCaller) -> None:
        """Keeps that the key was used, behind the request's back: nobody waits for it, and it may fail."""
        if self._used.get(caller.key, 0.0) > self._clock():
            return
        if len(self._used) >= REMEMBERED:
            self._used.clear()
        self._used[caller.key] = self._clock() + USED_US / 1_000_000
        task = asyncio.ensure_future(self._store.write(caller.tenant, lambda tx: note_use(tx, caller.key)))
        self._notes.add(task)
        task.add_done_callback(self._noted)

    def _noted(self, task: asyncio.Future[None]) -> None:
        self._notes.discard(task)
        if not task.cancelled():
            task.exception()

    def forget(self) -> None:
        """Lets every credential be looked up anew."""
        self._known.clear()

    def _remember(self, key: bytes, caller: Caller) -> None:
        if len(self._known) >= REMEMBERED:
            self._known.clear()
        self._known[key] = (self._clock() + REMEMBERED_S, caller)

    async def _pod(self, bearer: str, run: str, attempt: int) -> JobCaller:
        key = tokens.hash_of(f"{run} {attempt} {bearer}")
        known = self._known.get(key)
        if known is not None and known[0] > self._clock() and isinstance(known[1], JobCaller):
            return known[1]
        issuer = pod_tokens.issuer_of(bearer)
        if not issuer:
            raise unauthenticated()
        found = await self._store.read(HUB, lambda tx: _attempt_of_pod(tx, issuer, run, attempt))
        if found is None:
            raise unauthenticated()
        tenant, now, expected = found
        pod_uid = pod_tokens.verify(bearer, expected, now // 1_000_000)
        if pod_uid is None:
            raise unauthenticated()
        caller = JobCaller(tenant, run, attempt, pod_uid)
        self._remember(key, caller)
        return caller


_KINDS = {
    Credential.ENROLMENT: TokenKind.ENROLMENT,
    Credential.AGENT: TokenKind.AGENT,
    Credential.JOB: TokenKind.JOB,
    Credential.KEY: TokenKind.KEY,
}
_KEY = select(api_keys.c.tenant, api_keys.c.hash, api_keys.c.role, api_keys.c.last_used_at).where(
    api_keys.c.id == bindparam("id"), api_keys.c.revoked_at.is_(None)
)
_ENROLMENT = select(enrolments.c.tenant, enrolments.c.id, enrolments.c.pool).where(
    enrolments.c.hash == bindparam("hash"),
    enrolments.c.used_at.is_(None),
    enrolments.c.expires_at > bindparam("now"),
)
_AGENT = (
    select(agent_tokens.c.tenant, agent_tokens.c.hash, agent_tokens.c.expires_at, agents.c.pool)
    .join(agents, (agents.c.tenant == agent_tokens.c.tenant) & (agents.c.id == agent_tokens.c.agent))
    .where(agents.c.id == bindparam("id"), agents.c.revoked_at.is_(None))
)
_JOB = select(attempts.c.tenant, attempts.c.instruction, attempts.c.attempt, attempts.c.ended_at).where(
    attempts.c.job_token_hash == bindparam("hash")
)
_POD = (
    select(
        attempts.c.tenant,
        attempts.c.job_name,
        attempts.c.ended_at,
        agents.c.namespace,
        agents.c["keys"].label("cluster_keys"),
    )
    .join(agents, (agents.c.tenant == attempts.c.tenant) & (agents.c.id == attempts.c.agent))
    .where(
        agents.c.issuer == bindparam("issuer"),
        attempts.c.instruction == bindparam("run"),
        attempts.c.attempt == bindparam("attempt"),
        attempts.c.job_auth == "projected",
    )
)


def _look_up(tx: Tx, token: Token) -> Caller | None:
    match token.kind:
        case TokenKind.KEY:
            row = tx.row(_KEY, id=token.owner)
            if row is None or not tokens.same(row.hash, token.hash):
                return None
            return KeyCaller(row.tenant, token.owner, Role(row.role))
        case TokenKind.AGENT:
            for row in tx.rows(_AGENT, id=token.owner):
                if tokens.same(row.hash, token.hash) and (row.expires_at is None or row.expires_at > tx.now):
                    return AgentCaller(row.tenant, token.owner, row.pool)
            return None
        case TokenKind.ENROLMENT:
            row = tx.row(_ENROLMENT, hash=token.hash, now=tx.now)
            return EnrolmentCaller(row.tenant, row.id, row.pool) if row is not None else None
        case TokenKind.JOB:
            row = tx.row(_JOB, hash=token.hash)
            if row is None or _over(row.ended_at, tx.now):
                return None
            return JobCaller(row.tenant, row.instruction, row.attempt)


def _attempt_of_pod(
    tx: Tx, issuer: str, run: str, attempt: int
) -> tuple[str, int, pod_tokens.Expected] | None:
    row = tx.row(_POD, issuer=issuer, run=run, attempt=attempt)
    if row is None or _over(row.ended_at, tx.now) or not row.job_name:
        return None
    return row.tenant, tx.now, pod_tokens.Expected(issuer, row.cluster_keys, row.namespace, row.job_name)


def _over(ended_at: int | None, now: int) -> bool:
    return ended_at is not None and now > ended_at + LATE_US


_USED = (
    update(api_keys)
    .where(
        api_keys.c.id == bindparam("k"),
        (api_keys.c.last_used_at.is_(None)) | (api_keys.c.last_used_at < bindparam("before")),
    )
    .values(last_used_at=bindparam("now"))
)


def note_use(tx: Tx, key: str) -> None:
    """Keeps when a key was used, to the minute."""
    tx.changed(_USED, k=key, now=tx.now, before=tx.now - USED_US)
