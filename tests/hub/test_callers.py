"""Credentials: which token is whom, and that every other is nobody."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from sqlalchemy import update

from assay.hub import tokens
from assay.hub.callers import (
    REMEMBERED_S,
    AgentCaller,
    Callers,
    EnrolmentCaller,
    KeyCaller,
    may,
    note_use,
)
from assay.hub.refusal import Refusal
from assay.hub.store import HUB, Store, Tx
from assay.hub.tables import agent_tokens, agents, api_keys, enrolments
from assay.hub.tenants import create_tenant
from assay.hub.tokens import TokenKind
from assay.protocol.endpoints import Credential
from assay.protocol.user import Role
from assay.protocol.wire import ErrorCode
from tests.support.hub import SECOND, Clock


class Watch:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def tenant(store: Store) -> str:
    return store.write_now(HUB, lambda tx: create_tenant(tx, "acme"))


@pytest.fixture
def watch() -> Watch:
    return Watch()


@pytest.fixture
def callers(store: Store, watch: Watch) -> Callers:
    return Callers(store, clock=watch)


def find(callers: Callers, kind: Credential, token: str) -> Any:
    return asyncio.run(callers.find(kind, token))


def refused(callers: Callers, kind: Credential, token: str) -> bool:
    try:
        find(callers, kind, token)
    except Refusal as refusal:
        return refusal.code is ErrorCode.UNAUTHENTICATED
    return False


def add_key(tx: Tx, role: Role = Role.EDITOR) -> tuple[str, str]:
    key = tx.new_id()
    token = tokens.mint(TokenKind.KEY, key)
    tx.add(api_keys, id=key, role=role, label="", hash=tokens.hash_of(token), created_at=tx.now)
    return key, token


def add_agent(tx: Tx) -> tuple[str, str]:
    agent = tx.new_id()
    token = tokens.mint(TokenKind.AGENT, agent)
    row = {
        "name": "one",
        "pool": "eu",
        "cluster": "",
        "namespace": "",
        "issuer": "",
        "keys": b"[]",
        "epoch": 0,
    }
    tx.add(agents, id=agent, enrolled_at=tx.now, **row)
    tx.add(agent_tokens, agent=agent, hash=tokens.hash_of(token), created_at=tx.now)
    return agent, token


def test_a_key_is_its_tenants_with_its_role(store: Store, tenant: str, callers: Callers) -> None:
    key, token = store.write_now(tenant, add_key)
    caller = find(callers, Credential.KEY, token)
    assert caller == KeyCaller(tenant, key, Role.EDITOR)
    assert [may(caller, role) for role in Role] == [True, True, False, False]


def test_an_agent_is_known_by_either_of_two_tokens_until_one_ends(
    store: Store, tenant: str, clock: Clock, watch: Watch, callers: Callers
) -> None:
    agent, token = store.write_now(tenant, add_agent)
    other = tokens.mint(TokenKind.AGENT, agent)
    ends = clock.now + 60 * SECOND

    def add(tx: Tx) -> None:
        tx.add(agent_tokens, agent=agent, hash=tokens.hash_of(other), created_at=tx.now, expires_at=ends)

    store.write_now(tenant, add)
    for known in (token, other):
        assert find(callers, Credential.AGENT, known) == AgentCaller(tenant, agent, "eu")
    clock.pass_(61)
    watch.now += REMEMBERED_S
    assert refused(callers, Credential.AGENT, other)
    assert not refused(callers, Credential.AGENT, token)


def test_an_enrolment_token_is_good_until_it_is_used_or_too_old(
    store: Store, tenant: str, clock: Clock, callers: Callers
) -> None:
    token = tokens.mint(TokenKind.ENROLMENT)
    row = {"id": "0" * 26, "pool": "eu", "hash": tokens.hash_of(token), "created_at": 0}
    store.write_now(tenant, lambda tx: tx.add(enrolments, expires_at=clock.now + 900 * SECOND, **row))
    assert find(callers, Credential.ENROLMENT, token) == EnrolmentCaller(tenant, "0" * 26, "eu")
    clock.pass_(900)
    assert refused(callers, Credential.ENROLMENT, token)
    clock.pass_(-900)
    store.write_now(HUB, lambda tx: tx.changed(update(enrolments).values(used_at=1)))
    assert refused(callers, Credential.ENROLMENT, token)


def test_a_revoked_key_is_nobody_within_seconds(
    store: Store, tenant: str, watch: Watch, callers: Callers
) -> None:
    _, token = store.write_now(tenant, add_key)
    assert not refused(callers, Credential.KEY, token)
    store.write_now(HUB, lambda tx: tx.changed(update(api_keys).values(revoked_at=1)))
    watch.now += REMEMBERED_S
    assert refused(callers, Credential.KEY, token)


def test_a_token_is_good_for_its_own_kind_alone(store: Store, tenant: str, callers: Callers) -> None:
    _, key = store.write_now(tenant, add_key)
    _, agent = store.write_now(tenant, add_agent)
    for kind in Credential:
        assert refused(callers, kind, key) == (kind is not Credential.KEY)
        assert refused(callers, kind, agent) == (kind is not Credential.AGENT)


def test_another_secret_with_a_known_id_is_nobody(store: Store, tenant: str, callers: Callers) -> None:
    key, _ = store.write_now(tenant, add_key)
    agent, _ = store.write_now(tenant, add_agent)
    assert refused(callers, Credential.KEY, tokens.mint(TokenKind.KEY, key))
    assert refused(callers, Credential.AGENT, tokens.mint(TokenKind.AGENT, agent))
    assert refused(callers, Credential.JOB, tokens.mint(TokenKind.JOB))
    assert refused(callers, Credential.KEY, "")


def test_the_last_use_of_a_key_is_kept_to_the_minute(store: Store, tenant: str, clock: Clock) -> None:
    key, _ = store.write_now(tenant, add_key)
    seen = []
    for seconds in (0, 30, 31):
        clock.pass_(seconds)
        store.write_now(tenant, lambda tx: note_use(tx, key))
        seen.append(store.read_now(tenant, lambda tx: tx.one(api_keys.select()).last_used_at))
    assert seen == [clock.now - 61 * SECOND, clock.now - 61 * SECOND, clock.now]
