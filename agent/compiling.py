"""From a work order to the objects of its Job: `compile_order` runs in a sandbox, `Compiler` asks it to.

Everything that comes from the hub is read here and nowhere else in the agent: text of contracts, documents, names.
"""

from __future__ import annotations

from typing import Literal

import msgspec

from assay.agent.attempt import Made
from assay.protocol.agent import ReasonCode
from assay.sandbox import Exceeded, Fault, Limits, Sandbox

LIMITS = Limits(memory=512 << 20, cpu=10, wall=60.0, answer=16 << 20)
TARGET = "assay.agent.orders:compile_order"


class Asked(msgspec.Struct, frozen=True):
    """order: the bytes as they came. deployment: the profile's document."""

    order: bytes
    deployment: bytes
    pool: str
    fence: int
    deadline: int
    job_auth: Literal["projected", "token"]


class Refusal(msgspec.Struct, frozen=True, tag="refusal"):
    """codes: of the diagnostics, for the log. Their words stay in the sandbox: a contract's text is in them."""

    reason: ReasonCode
    codes: tuple[str, ...] = ()


class Compiled(msgspec.Struct, frozen=True, tag="compiled"):
    made: Made


class Compiler:
    """May be used from several threads; each order has a process to itself while it is compiled."""

    def __init__(
        self, deployment: bytes, job_auth: Literal["projected", "token"], processes: int = 1
    ) -> None:
        self._deployment = deployment
        self._job_auth: Literal["projected", "token"] = job_auth
        self._sandbox = Sandbox(TARGET, LIMITS, processes=processes)

    def warm(self) -> None:
        self._sandbox.warm()

    def compile(self, order: bytes, pool: str, fence: int, deadline: int) -> Made | Refusal:
        asked = Asked(order, self._deployment, pool, fence, deadline, self._job_auth)
        try:
            answer = self._sandbox.call(msgspec.msgpack.encode(asked))
        except Exceeded as exceeded:
            return Refusal(ReasonCode.COMPILE_ERROR, (f"exceeded {exceeded.what}",))
        except Fault as fault:
            return Refusal(ReasonCode.COMPILE_ERROR, (fault.kind,))
        answered = msgspec.msgpack.decode(answer, type=Compiled | Refusal)
        return answered.made if isinstance(answered, Compiled) else answered

    def pids(self) -> tuple[int, ...]:
        return self._sandbox.pids()

    def close(self) -> None:
        self._sandbox.close()
