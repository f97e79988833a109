"""Compiles what is published, in a process with limits: one contract cannot stop the hub."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import structlog

from assay.hub.compiled import Compiled, Order
from assay.hub.refusal import Refusal, busy
from assay.protocol.decoding import decode
from assay.protocol.user import PublishRequest
from assay.protocol.wire import ErrorCode, encode
from assay.sandbox import Exceeded, Fault, Limits, Sandbox

LIMITS = Limits(memory=384 << 20, cpu=5, wall=20.0)
"""5,000 checks take 112 MiB and a second; see docs/performance.md."""
WAITING = 32
WAITING_OF_TENANT = 4
log = structlog.get_logger("assay.hub.compiling")
_WORDS = {
    "memory": "compiling it takes more memory than is allowed",
    "time": "compiling it takes more time than is allowed",
    "answer": "what comes out of it is too large",
    "death": "the compiler ended without a word",
}


class Compiler:
    """processes: compilations at once."""

    def __init__(self, limits: Limits = LIMITS, processes: int = 1) -> None:
        self._sandbox = Sandbox("assay.hub.compile_job:serve", limits, processes=processes)
        self._threads = ThreadPoolExecutor(processes, thread_name_prefix="hub-compiler")
        self._waiting: dict[str, int] = {}

    async def compile(self, tenant: str, request: PublishRequest) -> Compiled:
        """Refused where compiling it takes more than is allowed, and while too many wait."""
        if request.root not in request.files:
            raise Refusal(ErrorCode.INVALID, "the root is none of the files", pointer="/root")
        mine = self._waiting.get(tenant, 0)
        if mine >= WAITING_OF_TENANT or sum(self._waiting.values()) >= WAITING:
            raise busy(2.0, "too many contracts wait for the compiler")
        self._waiting[tenant] = mine + 1
        try:
            order = encode(Order(request.root, request.files))
            work = partial(self._call, order)
            return await asyncio.get_running_loop().run_in_executor(self._threads, work)
        finally:
            self._waiting[tenant] -= 1
            if not self._waiting[tenant]:
                del self._waiting[tenant]

    def _call(self, order: bytes) -> Compiled:
        try:
            return decode(self._sandbox.call(order), Compiled)
        except Exceeded as error:
            raise Refusal(ErrorCode.COMPILE_FAILED, _WORDS[error.what]) from None
        except Fault as error:
            log.error("the compiler failed", kind=error.kind)
            raise Refusal(
                ErrorCode.COMPILE_FAILED, "the compiler failed on it, which is a fault of Assay"
            ) from None

    def warm(self) -> None:
        """Starts a process ahead of the first contract."""
        self._threads.submit(self._sandbox.warm)

    def close(self) -> None:
        self._sandbox.close()
        self._threads.shutdown(wait=False, cancel_futures=True)
