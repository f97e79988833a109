"""All parts of one hub process, put together."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from litestar import Litestar

from assay.hub.agents import enrolment, orders, polling, reports, sessions
from assay.hub.api.app import make_app
from assay.hub.api.dispatch import Api
from assay.hub.api.longer import longer
from assay.hub.api.operations import Operations
from assay.hub.api.services import services
from assay.hub.api.telemetry import Telemetry
from assay.hub.compiling import Compiler
from assay.hub.runners import gate, results
from assay.hub.store import Store
from assay.hub.upkeep.loop import Upkeep
from assay.hub.users import access, contracts, documents, runs, schedules, tenant

SERVICES = services(
    (
        enrolment, orders, polling, reports, sessions,
        gate, results,
        access, contracts, documents, runs, schedules, tenant,
    )
)  # fmt: skip


def build(store: Store, compiler: Compiler, *, upkeep: bool = True) -> Litestar:
    """upkeep: whether this process also does the hub's own work (leases, schedules, retention)."""
    api = Api(store, SERVICES, Operations(store, Telemetry()), longer=longer(compiler))

    @asynccontextmanager
    async def lifespan(_: Litestar) -> AsyncIterator[None]:
        loop = Upkeep(store) if upkeep else None
        if loop is not None:
            loop.start()
        compiler.warm()
        try:
            yield
        finally:
            if loop is not None:
                await asyncio.to_thread(loop.stop)

    return make_app(api, lifespan)
