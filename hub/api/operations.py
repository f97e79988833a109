"""What those ask who run the hub: is it alive, is it ready, what does it do, what does it speak."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable
from functools import cached_property
from typing import Literal

import structlog
from sqlalchemy import func, select

import assay
from assay.hub.api.answers import COMMON, JSON, Answer
from assay.hub.api.openapi import document
from assay.hub.api.problems import plain
from assay.hub.api.telemetry import CONTENT_TYPE, Telemetry
from assay.hub.refusal import Refusal
from assay.hub.store import HUB, Store, Tx
from assay.hub.tables import attempts, tenants
from assay.protocol.endpoints import Endpoint
from assay.protocol.user import Health, Version
from assay.protocol.wire import OLDEST, PROTOCOL, ErrorCode, Nothing, encode

FRESH_S = 1.0
"""How long an answer about the store is good for all who ask."""
PATIENCE_S = 3.0
METRICS = ((b"content-type", CONTENT_TYPE.encode()), *COMMON)
OVER = ("succeeded", "failed", "cancelled", "timed_out", "expired", "lost")
_WRITABLE = tenants.update().where(tenants.c.tenant == "").values(revision=tenants.c.revision)
_STATES = (
    select(attempts.c.state, func.count(), func.min(attempts.c.queued_at))
    .where(attempts.c.state.not_in(OVER))
    .group_by(attempts.c.state)
)
log = structlog.get_logger("assay.hub.api")
Word = Literal["ok", "unavailable", "read_only"]


class Operations:
    def __init__(self, store: Store, telemetry: Telemetry) -> None:
        self._store = store
        self.telemetry = telemetry
        self._word: Word = "ok"
        self._word_until = 0.0
        self._work_until = 0.0
        self._asking = asyncio.Lock()

    async def answer(self, endpoint: Endpoint) -> Answer:
        match endpoint.name:
            case "healthz":
                return Answer(200, JSON, encode(Nothing()))
            case "readyz":
                return await self._ready()
            case "metrics":
                return await self._metrics()
            case "version":
                return Answer(
                    200, JSON, encode(Version(version=assay.__version__, protocol=PROTOCOL, oldest=OLDEST))
                )
            case "openapi":
                return Answer(200, JSON, self._openapi)
            case _:
                return plain(ErrorCode.NOT_FOUND)

    @cached_property
    def _openapi(self) -> bytes:
        return document()

    async def _ready(self) -> Answer:
        async with self._asking:
            if time.monotonic() >= self._word_until:
                self._word = await self._ask()
                self._word_until = time.monotonic() + FRESH_S
        ready = self._word == "ok"
        return Answer(200 if ready else 503, JSON, encode(Health(ready=ready, store=self._word)))

    async def _ask(self) -> Word:
        """Whether the store takes a write, and if not, whether it answers at all."""
        if await self._works(self._store.write(HUB, _touch)):
            return "ok"
        return "read_only" if await self._works(self._store.read(HUB, _look)) else "unavailable"

    async def _works(self, asked: Awaitable[object]) -> bool:
        try:
            async with asyncio.timeout(PATIENCE_S):
                await asked
        except (TimeoutError, Refusal):
            return False
        except Exception as error:  # noqa: BLE001 - whatever it is, the store is not ready
            log.error("the store does not work", kind=type(error).__name__)
            return False
        return True

    async def _metrics(self) -> Answer:
        if time.monotonic() >= self._work_until:
            self._work_until = time.monotonic() + FRESH_S
            try:
                states, oldest = await self._store.read(HUB, _work)
                self.telemetry.work(states, oldest)
            except Refusal:
                self.telemetry.work({}, 0.0)
        return Answer(200, METRICS, self.telemetry.text())


def _touch(tx: Tx) -> int:
    """A write that changes nothing: refused where nothing may be changed."""
    return tx.changed(_WRITABLE)


def _look(tx: Tx) -> object:
    return tx.row(select(func.count()).select_from(tenants))


def _work(tx: Tx) -> tuple[dict[str, int], float]:
    """Attempts that are not over by state, and how long the oldest of the queue waits."""
    rows = tx.rows(_STATES)
    queued = [first for state, _, first in rows if state == "queued"]
    return {state: count for state, count, _ in rows}, (tx.now - min(queued)) / 1e6 if queued else 0.0
