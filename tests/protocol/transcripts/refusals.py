"""What a hub refuses whoever asks: our clients send none of it."""

from __future__ import annotations

from contextlib import closing

import msgspec
import pytest

from assay.agent.attempt import Attempt
from assay.agent.hub import Over
from assay.protocol.agent import EnrolRequest, Phase, SessionRequest
from assay.protocol.wire import ErrorCode
from tests.protocol.transcripts.cast import CLUSTER, Agent, furnish, known, queue
from tests.protocol.transcripts.stage import VERSION, Stage

NOBODY = "0" * 26


def refusals(stage: Stage) -> None:
    furnish(stage, warehouse=False)
    agent = Agent(stage)
    agent.enrol()
    with closing(agent):
        _foreign(stage)
        _forms(stage)
        _agents(stage, agent)


def _foreign(stage: Stage) -> None:
    """What belongs to another tenant is answered as what does not exist."""
    run = queue(stage)
    other = stage.keys["umbrella"]
    stage.refused(
        "another tenant's run does not exist", ErrorCode.NOT_FOUND, other, "get_run", at={"run": run}
    )
    stage.refused("as one that nobody has", ErrorCode.NOT_FOUND, other, "get_run", at={"run": NOBODY})
    stage.refused("nor does another tenant's contract", ErrorCode.NOT_FOUND, other, "get_contract",
                  at={"contract": "shop.orders"})  # fmt: skip
    stage.refused("nor can it be cancelled", ErrorCode.NOT_FOUND, other, "cancel_run", at={"run": run})
    assert stage.raw("a path that there is not", "GET /v1/nothing", _bearer(other)) == 404


def _forms(stage: Stage) -> None:
    key = stage.keys["acme"]
    run = b'{"contract":"shop.orders"}'
    where = "POST /v1/runs"

    def sent(says: str, status: int, body: bytes, **changed: str) -> None:
        headers = {"Content-Type": "application/json", "Content-Length": str(len(body)), **_bearer(key)}
        headers |= {name.replace("_", "-"): value for name, value in changed.items()}
        found = stage.raw(says, where, {name: value for name, value in headers.items() if value}, body)
        assert found == status, (says, found)

    sent("without a credential", 401, run, Authorization="")
    sent("with a credential that nobody has", 401, run, Authorization="Bearer ayk_nobody")
    sent("a field that this version does not know: refused, so that a misspelling is never ignored", 422,
         b'{"contract":"shop.orders","priority":7}')  # fmt: skip
    sent("a field that is missing", 422, b"{}")
    sent("a value of another type: its place is told, not the value", 422,
         b'{"contract":"shop.orders","deadline_s":"soon"}')  # fmt: skip
    sent("a value that is too small", 422, b'{"contract":"shop.orders","deadline_s":1}')
    sent("no JSON", 400, b'{"contract":')
    sent("brackets without end", 400, b'{"params":' + b"[" * 40 + b"]" * 40 + b"}")
    sent("the character NUL", 422, rb'{"contract":"shop.\u0000orders"}')
    sent("half a character", 400, rb'{"contract":"shop.\ud800orders"}')
    sent("another content type", 415, run, Content_Type="application/x-www-form-urlencoded")
    sent("a body that is compressed", 415, run, Content_Encoding="gzip")
    sent("without a length", 411, b"", Content_Length="")
    sent(
        "a body of 5 MiB: refused before it is read",
        413,
        b"",
        Content_Length=str(5 << 20),
        Connection="close",
    )
    sent("an answer that is not JSON", 406, run, Accept="text/html")
    assert stage.raw("a method that the path does not take", "PUT /v1/runs", _bearer(key)) == 405
    assert stage.raw("a query that the list does not take", "GET /v1/runs?colour=red", _bearer(key)) == 422
    assert stage.raw("a cursor of nobody", "GET /v1/runs?cursor=abc", _bearer(key)) == 422


def _agents(stage: Stage, agent: Agent) -> None:
    stage.refused("an enrolment token is good once", ErrorCode.UNAUTHENTICATED, agent.enrolment, "enrol",
                  EnrolRequest(name="agent-2", cluster=CLUSTER))  # fmt: skip
    stage.refused("an API key is no agent's token", ErrorCode.UNAUTHENTICATED, stage.keys["acme"], "open_session",
                  _session(1, 1))  # fmt: skip
    stage.refused("hub and agent have no version in common", ErrorCode.UPGRADE_REQUIRED, agent.token,
                  "open_session", _session(98, 99))  # fmt: skip
    both = stage.call("an agent that is newer, and speaks this version too", agent.token, "open_session",
                      _session(1, 99)).body  # fmt: skip
    assert both.protocol == 1
    agent.begin()
    given, _ = agent.take()
    queue(stage, start_s=60)
    polled = agent.poll("it is given a run that has a minute to start", known(given, Phase.DELIVERED), free=1)
    (late,) = polled.deliver
    attempt_late = Attempt(late.instruction, late.attempt, late)
    agent_order = agent.fetch(attempt_late)
    stage.wait(61)
    stage.say("it accepts too late")
    with pytest.raises(Over):
        agent.accept("", late, attempt_late, agent_order)
    body = msgspec.json.encode({"fence": given.fence, "reason_code": "quota"})
    start = f"POST /v1/agent/instructions/{NOBODY}/attempts/1/release"
    headers = {"Content-Type": "application/json", "Content-Length": str(len(body)), **_bearer(agent.token)}
    assert stage.raw("an attempt that there is not", start, headers, body) == 404


def _session(oldest: int, newest: int) -> SessionRequest:
    return SessionRequest(oldest=oldest, newest=newest, version=VERSION, cluster=CLUSTER)


def _bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}
