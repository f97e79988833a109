"""One key, one request, one answer."""

from __future__ import annotations

import pytest

from assay.hub.idempotency import keep, recall
from assay.hub.refusal import Refusal
from assay.hub.store import Store
from assay.protocol.wire import ErrorCode
from tests.support.hub import Clock
from tests.support.world import World


def test_a_key_is_bound_to_its_route_and_to_what_was_asked(store: Store, clock: Clock) -> None:
    world = World(store, clock)
    world.write(lambda tx: keep(tx, "create_run", "k", b"one", 201, b"{}"))
    assert world.read(lambda tx: recall(tx, "create_run", "k", b"one")) == (201, b"{}")
    assert world.read(lambda tx: recall(tx, "create_key", "k", b"one")) is None
    with pytest.raises(Refusal) as refused:
        world.read(lambda tx: recall(tx, "create_run", "k", b"two"))
    assert refused.value.code is ErrorCode.CONFLICTING_REPLAY


def test_a_key_is_bound_to_its_tenant(store: Store, clock: Clock) -> None:
    world, other = World(store, clock), World(store, clock, "other")
    world.write(lambda tx: keep(tx, "create_run", "k", b"one", 201, b"{}"))
    assert other.read(lambda tx: recall(tx, "create_run", "k", b"two")) is None
