"""Endpoints that wait for something else than the store: for work, for a change, for the compiler."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import cast

from assay.hub.agents.orders import fetched
from assay.hub.api.dispatch import Api, Call, Longer, Served
from assay.hub.api.requests import Receive
from assay.hub.api.waiting import until
from assay.hub.callers import AgentCaller
from assay.hub.compiling import Compiler
from assay.hub.store import Tx
from assay.hub.store.wake import agent_topic, pool_topic, run_topic
from assay.hub.users.pages import Query
from assay.protocol.agent import Poll, PollRequest
from assay.protocol.user import TERMINAL, Run


def longer(compiler: Compiler) -> Mapping[str, Longer]:
    async def publish(api: Api, call: Call, receive: Receive) -> Served:  # noqa: ARG001 - one form for all
        compiled = await compiler.compile(call.caller.tenant, call.arguments[0])
        return await api.run(call, compiled)

    return {"poll": poll, "get_order": get_order, "get_run": get_run, "publish": publish}


async def poll(api: Api, call: Call, receive: Receive) -> Served:
    """Answered when there is something to say, or when the agent's time to wait is over."""
    caller, request = cast(AgentCaller, call.caller), cast(PollRequest, call.arguments[0])
    topics = [agent_topic(caller.tenant, caller.agent)]
    if request.free_slots:
        topics.append(pool_topic(caller.tenant, caller.pool))

    def has_news(served: Served) -> bool:
        found = cast(Poll, served.response)
        return bool(found.deliver or found.cancel or found.forget or found.unnamed)

    return await until(
        lambda: api.run(call),
        has_news,
        wakeups=api.store.wakeups,
        topics=topics,
        seconds=request.wait_s,
        receive=receive,
    )


async def get_order(api: Api, call: Call, receive: Receive) -> Served:  # noqa: ARG001
    """Read, and then marked as read: bodies are decrypted beside the store's one writer."""
    served = await api.run(call)
    caller = cast(AgentCaller, call.caller)
    await api.store.write(caller.tenant, partial(_fetched, caller, *call.arguments))
    return served


def _fetched(caller: AgentCaller, instruction: str, attempt: int, tx: Tx) -> None:
    fetched(tx, caller, instruction, attempt)


async def get_run(api: Api, call: Call, receive: Receive) -> Served:
    """With `wait`: answered when the state is another than `state`; without `state`, when the run is over."""
    run, query = call.arguments[0], cast(Query, call.arguments[1])

    def has_come(served: Served) -> bool:
        state = cast(Run, served.response).state
        return state != query.state if query.state is not None else state in TERMINAL

    return await until(
        lambda: api.run(call),
        has_come,
        wakeups=api.store.wakeups,
        topics=[run_topic(call.caller.tenant, run)],
        seconds=query.wait,
        receive=receive,
    )
