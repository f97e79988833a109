"""The stories of protocol version 1, each with our own clients. STORIES names the files."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import closing

import pytest

from assay.agent.hub import Over, Superseded
from assay.protocol.agent import AttemptOutcome, Phase, ReasonCode
from assay.protocol.delivery import EndWord, HeartbeatRequest, StartRequest
from assay.protocol.report import Outcome, Report
from assay.protocol.user import RunState
from assay.protocol.wire import ErrorCode, encode, sha256
from assay.runner.hub import Hub as RunnerHub
from assay.runner.hub import batches
from tests.protocol.transcripts.cast import PLAN, PODS, Agent, at, batch, furnish, known, pod, queue, report
from tests.protocol.transcripts.people import people
from tests.protocol.transcripts.refusals import refusals
from tests.protocol.transcripts.stage import VERSION, Stage, Story, refused

PATIENCE = 5.0
"""Seconds that a client may try again: in a story nothing needs that."""


def life(stage: Stage) -> None:
    furnish(stage)
    agent = Agent(stage)
    agent.enrol()
    with closing(agent):
        agent.begin()
        assert not agent.poll("it polls, and there is nothing to do").deliver
        run = queue(stage, warehouse=True)
        given, attempt = agent.take()
        again = agent.poll("it polls again without having heard: the same is delivered again").deliver
        assert again == (given,)
        order = agent.fetch(attempt)
        token = agent.accept("it has compiled them, and accepts", given, attempt, order)
        assert token == agent.accept("it accepts again: the same token", given, attempt, order)
        stage.say("its Job is in the cluster")
        agent.hub.applied(attempt, given.fence)
        stage.say("it says so again")
        agent.hub.applied(attempt, given.fence)
        runner = pod(stage, given, token)
        start(stage, runner, PODS[0])
        stage.say("the agent has seen the pod run")
        agent.hub.running(attempt, given.fence, "assay-run-x7k2p")
        agent.poll("it polls: what it knows needs no word", known(given, Phase.RUNNING))
        stage.wait(15)
        stage.say("the pod is alive")
        assert not runner.heartbeat(10.0)
        found = report(order, unique=3)
        stage.say("the pod sends its results, a batch", "another", "and the last",
                  "it commits: everything is readable at once")  # fmt: skip
        runner.deliver(found, time.monotonic() + PATIENCE)
        client = stage.client(token, "runner")
        stage.say("the last batch again: it is here, and unchanged")
        client.call("put_results", batch(1, *found.checks[4:]), at={**at(given), "seq": 2})
        stage.say("the commit again")
        client.call("commit_results", runner._commit(found, digests(found)), at=at(given))
        client.close()
        stage.say("the Job has ended, and the agent says so")
        agent.hub.complete(attempt, given.fence, AttemptOutcome.SUCCEEDED, ReasonCode.JOB_COMPLETE, 0)
        stage.say("it says so again")
        agent.hub.complete(attempt, given.fence, AttemptOutcome.SUCCEEDED, ReasonCode.JOB_COMPLETE, 0)
        forget = agent.poll(
            "it polls: the hub has no more interest in the Job", known(given, Phase.ENDED)
        ).forget
        assert [item.instruction for item in forget] == [run]
    key = stage.keys["acme"]
    done = stage.call("a person looks at the run", key, "get_run", at={"run": run}).body
    assert (done.state, done.verdict) == (RunState.SUCCEEDED, Outcome.FAILED)
    results = stage.call("and at its results", key, "get_results", at={"run": run}).body
    assert results.report.summary.failed == 1
    (seen,) = stage.call("and at the agents", key, "list_agents").body.items
    assert seen.online
    assert stage.call("and at who changed what", key, "list_audit").body.items


def cancel(stage: Stage) -> None:
    furnish(stage, warehouse=False)
    agent = Agent(stage)
    agent.enrol()
    with closing(agent):
        agent.begin()
        run = queue(stage)
        given, attempt, _, token = agent.apply()
        runner = pod(stage, given, token)
        start(stage, runner, PODS[0])
        told = stage.call("a person cancels it: what runs is asked to end", stage.keys["acme"], "cancel_run",
                          at={"run": run}).body  # fmt: skip
        assert told.cancel_requested
        stage.call("a person cancels it again", stage.keys["acme"], "cancel_run", at={"run": run})
        stage.say("the pod's heartbeat hears of it")
        assert runner.heartbeat(10.0)
        poll = agent.poll("so does the agent's poll, until it is no longer true", known(given, Phase.RUNNING))
        assert [item.instruction for item in poll.cancel] == [run]
        stage.say("the pod's last word: there is nothing to commit")
        runner.last_word(EndWord.ERROR, ReasonCode.CANCEL_REQUESTED)
        stage.say("the Job is gone")
        agent.hub.complete(attempt, given.fence, AttemptOutcome.CANCELLED, ReasonCode.CANCEL_REQUESTED)
        waiting = queue(stage)
        stage.call(
            "a run that waits is cancelled at once", stage.keys["acme"], "cancel_run", at={"run": waiting}
        )
    done = stage.call("it is cancelled", stage.keys["acme"], "get_run", at={"run": run}).body
    assert done.state is RunState.CANCELLED


def decline(stage: Stage) -> None:
    furnish(stage, warehouse=False)
    agent = Agent(stage)
    agent.enrol()
    with closing(agent):
        agent.begin()
        run = queue(stage)
        given, attempt = agent.take()
        order = agent.fetch(attempt)
        stage.say("the namespace's quota is used up: the agent gives the run back")
        agent.hub.release(attempt, given.fence, ReasonCode.QUOTA)
        stage.say("it says so again")
        agent.hub.release(attempt, given.fence, ReasonCode.QUOTA)
        assert not agent.poll("it polls: the run rests for a moment").deliver
        stage.wait(15)
        newer, attempt = agent.take("it polls later, and is given the same attempt under a new fence")
        assert (newer.attempt, newer.fence) == (given.attempt, given.fence + 1)
        failed, done = AttemptOutcome.FAILED, AttemptOutcome.SUCCEEDED
        over(stage, "an accept with the old fence is refused",
             lambda: agent.accept("", given, attempt, order), stale=True)  # fmt: skip
        over(stage, "the old fence cannot end it either",
             lambda: agent.hub.complete(attempt, given.fence, failed, ReasonCode.QUOTA), stale=True)  # fmt: skip
        stage.say("the order cannot be done here: the agent declines it for good")
        agent.hub.complete(attempt, newer.fence, failed, ReasonCode.NOT_BOUND)
        over(stage, "another end of the same attempt is refused",
             lambda: agent.hub.complete(attempt, newer.fence, done, ReasonCode.JOB_COMPLETE), stale=False)  # fmt: skip
    seen = stage.call("a person looks at the run", stage.keys["acme"], "get_run", at={"run": run}).body
    assert (seen.state, seen.reason_code) == (RunState.FAILED, ReasonCode.NOT_BOUND)


def takeover(stage: Stage) -> None:
    furnish(stage, warehouse=False)
    agent = Agent(stage)
    agent.enrol()
    with closing(agent):
        agent.begin()
        queue(stage)
        given, attempt, order, token = agent.apply()
        first, second = pod(stage, given, token), pod(stage, given, token)
        start(stage, first, PODS[0])
        start(stage, first, PODS[0], "it asks again: its answer was lost")
        found = report(order)
        client = stage.client(token, "runner")
        stage.say("a second pod is refused while the first one lives")
        refused(
            ErrorCode.ALREADY_STARTED,
            lambda: client.call("start", start_of(given.fence, PODS[1]), at=at(given)),
        )
        stage.say("a pod with a fence of another Job is refused")
        refused(ErrorCode.STALE_FENCE, lambda: client.call("start", start_of(9, PODS[1]), at=at(given)))
        stage.say("the first pod is told to end by its node, and says so")
        first.last_word(EndWord.INTERRUPTED, ReasonCode.INTERRUPTED)
        start(stage, second, PODS[1], "the second pod takes over, as the next generation")
        stage.say("a heartbeat of the generation before is refused")
        refused(
            ErrorCode.STALE_FENCE,
            lambda: client.call("heartbeat", HeartbeatRequest(generation=1), at=at(given)),
        )
        stage.say("so are its results")
        place = {**at(given), "seq": 0}
        refused(ErrorCode.STALE_FENCE, lambda: client.call("put_results", batch(1, *found.checks), at=place))
        stage.say("the second pod sends a batch")
        client.call("put_results", batch(2, *found.checks[:2]), at=place)
        stage.say("the same batch with other content is refused")
        refused(ErrorCode.CONFLICTING_REPLAY, lambda: client.call("put_results", batch(2), at=place))
        whole = second._commit(found, digests(found, 2))
        stage.say("a commit before all batches are here is refused")
        refused(ErrorCode.INCOMPLETE_RESULTS, lambda: client.call("commit_results", whole, at=at(given)))
        stage.say("the next batch", "the last batch")
        client.call("put_results", batch(2, *found.checks[2:4]), at={**at(given), "seq": 1})
        client.call("put_results", batch(2, *found.checks[4:]), at={**at(given), "seq": 2})
        stage.say("a commit with another root is refused")
        wrong = second._commit(found, digests(found, 2)[::-1])
        refused(ErrorCode.INCOMPLETE_RESULTS, lambda: client.call("commit_results", wrong, at=at(given)))
        stage.say("the commit: everything is readable at once")
        client.call("commit_results", whole, at=at(given))
        stage.say("another commit of the same run is refused")
        other = second._commit(found, digests(found, 2)[:1])
        refused(ErrorCode.CONFLICTING_REPLAY, lambda: client.call("commit_results", other, at=at(given)))
        stage.say("so is a batch that comes late")
        late = {**at(given), "seq": 3}
        refused(
            ErrorCode.ILLEGAL_TRANSITION, lambda: client.call("put_results", batch(2, *found.checks), at=late)
        )
        client.close()
        stage.say("the Job failed after its commit: the commit wins, with a warning")
        agent.hub.complete(attempt, given.fence, AttemptOutcome.FAILED, ReasonCode.JOB_FAILED, 1)
    done = stage.call(
        "a person looks at the run", stage.keys["acme"], "get_run", at={"run": given.instruction}
    ).body
    assert (done.state, done.warning) == (RunState.SUCCEEDED, True)


def sessions(stage: Stage) -> None:
    furnish(stage, warehouse=False)
    agent = Agent(stage)
    agent.enrol()
    with closing(agent):
        agent.begin()
        queue(stage)
        given, _, _, _ = agent.apply()
        before = Agent(stage, "agent-before", agent.token)
        before.connect()
        before.hub._session = agent.hub.session
        agent.begin("the agent starts anew: another session, another epoch")
        stage.say("the process before is told that it is superseded")
        with pytest.raises(Superseded):
            before.hub.poll(2, (), 0.0)
        before.close()
        (held,) = agent.poll("the new one knows nothing yet, and is told what runs in its cluster").unnamed
        assert held.instruction == given.instruction
        stage.say("the agent changes its token; the old one stays good for a day")
        agent.token = agent.hub.rotate_token().token
        agent.close()
        agent.connect()
        agent.begin("a session with the new token")
        stage.say("it changes its token again")
        unused = agent.hub.rotate_token().token
        stage.call("an admin revokes the agent", stage.keys["acme"], "revoke_agent",
                   at={"agent": agent.token.split("_")[1]})  # fmt: skip
        stage.say("its process is told at once")
        with pytest.raises(Superseded):
            agent.hub.poll(2, (), 0.0)
        # One that no hub process has seen before: they know a credential for three seconds.
        stage.refused("its tokens are good for nothing any more", ErrorCode.UNAUTHENTICATED, unused,
                      "rotate_agent_token")  # fmt: skip


def start(
    stage: Stage, runner: RunnerHub, uid: str, says: str = "a pod asks to be the one that runs"
) -> None:
    stage.say(says)
    runner.start(uid, PLAN, time.monotonic() + PATIENCE)


def start_of(fence: int, uid: str) -> StartRequest:
    return StartRequest(fence=fence, pod_uid=uid, runner_version=VERSION, plan_sha256=PLAN)


def digests(found: Report, generation: int = 1) -> list[str]:
    """Of the batches of these results."""
    return [sha256(encode(batch(generation, *checks))) for checks in batches(found)]


def over(stage: Stage, says: str, call: Callable[[], object], *, stale: bool) -> None:
    """The agent's client hears that it has no more say in the attempt."""
    stage.say(says)
    with pytest.raises(Over) as caught:
        call()
    assert caught.value.stale is stale


STORIES: dict[str, tuple[Story, str]] = {
    "life": (
        life,
        "A run from the queue to its results: agent, pod and people, each message and its repetition.",
    ),
    "people": (
        people,
        "What people do: documents, contracts, schedules, runs, keys, settings; and who may not.",
    ),
    "cancel": (cancel, "A person ends a run that runs, and one that waits."),
    "decline": (decline, "An agent gives a run back, and is given it again; then it declines it for good."),
    "takeover": (takeover, "A second pod of the same attempt; batches and commits that do not fit."),
    "sessions": (sessions, "An agent's processes follow each other; its token changes, and is revoked."),
    "refusals": (refusals, "What a hub refuses whoever asks, and how it says so."),
}
