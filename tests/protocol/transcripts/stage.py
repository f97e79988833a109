"""Where a story is played: its clients are ours and real; behind the stage stands a hub, or a transcript."""

from __future__ import annotations

import http.client
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest

import assay.agent.hub
import assay.client.hub
import assay.runner.hub
from assay.client import HubClient, Refused, Reply, token_text
from assay.protocol.address import hub_address
from assay.protocol.wire import ErrorCode
from tests.protocol.transcripts.form import Exchange, Message, Transcript
from tests.protocol.transcripts.wire import TIMEOUT, exchange, serving
from tests.support.hub import Clock
from tests.support.live import LiveHub

VERSION = "0.1.0"
"""The version that the clients of the transcripts say of themselves."""


@dataclass
class Stage:
    """What a story has: `say` and `wait` are about the exchanges that come next."""

    folder: Path
    keys: dict[str, str]
    host: str = ""
    port: int = 0
    says: list[str] = field(default_factory=list)
    waited: float = 0.0

    @property
    def url(self) -> str:
        return f"http://{self.host}:{self.port}"

    def say(self, *texts: str) -> None:
        """What happens next, an exchange each."""
        assert not self.says, f"{self.says} did not happen"
        self.says = list(texts)

    def wait(self, seconds: float) -> None:
        """The hub's clock goes on."""
        self.waited += seconds

    def client(self, token: str, role: str = "cli") -> HubClient:
        return HubClient(hub_address(self.url), token_text(token) if token else None, role=role)

    def call(self, says: str, token: str, name: str, request: object = None, **more: Any) -> Reply:
        """One call, as a person's client makes it."""
        self.say(says)
        client = self.client(token)
        try:
            return client.call(name, request, **more)
        finally:
            client.close()

    def refused(
        self, says: str, code: ErrorCode, token: str, name: str, request: object = None, **more: Any
    ) -> None:
        refused(code, lambda: self.call(says, token, name, request, **more))

    def raw(self, says: str, start: str, headers: dict[str, str], body: bytes = b"") -> int:
        """What no client of ours would send; gives the status."""
        self.say(says)
        connection = http.client.HTTPConnection(self.host, self.port, timeout=TIMEOUT)
        try:
            method, path = start.split()
            connection.putrequest(method, path, skip_accept_encoding=True)
            for name, value in headers.items():
                connection.putheader(name, value)
            connection.endheaders(body or None)
            answer = connection.getresponse()
            answer.read()
            return answer.status
        finally:
            connection.close()

    def take(self) -> tuple[str, float]:
        """What was said and waited for the exchange that happens now."""
        says, waited = self.says.pop(0) if self.says else "", self.waited
        self.waited = 0.0
        return says, waited


def refused(code: ErrorCode, call: Callable[[], object]) -> None:
    with pytest.raises(Refused) as caught:
        call()
    assert caught.value.code is code


Story = Callable[[Stage], None]


@dataclass
class Recorder:
    """Passes on to the hub, and writes down."""

    stage: Stage
    hub: LiveHub
    clock: Clock
    exchanges: list[Exchange] = field(default_factory=list)

    def answer(self, request: Message) -> Message:
        says, waited = self.stage.take()
        assert says, f"{request.start}: nothing is said about it"
        self.clock.pass_(waited)
        answer = exchange(self.hub.http.host, self.hub.http.port, request)
        self.exchanges.append(Exchange(says, waited, request, answer))
        return answer


@dataclass
class Player:
    """Answers as it is written, and wants to be asked as it is written."""

    stage: Stage
    left: list[Exchange]
    faults: list[str] = field(default_factory=list)

    def answer(self, request: Message) -> Message:
        says, waited = self.stage.take()
        if not self.left:
            self.faults.append(f"{request.start} is not in the transcript")
            return Message("500", (("Content-Length", "0"),), b"")
        expected = self.left.pop(0)
        if (says, waited, request) != (expected.says, expected.wait, expected.request):
            self.faults.append(f"{says}: {request}\n  is not\n{expected.says}: {expected.request}")
        return expected.answer


def record(story: Story, about: str, hub: LiveHub, clock: Clock, folder: Path) -> Transcript:
    stage = Stage(folder, hub.keys)
    recorder = Recorder(stage, hub, clock)
    _play(story, stage, recorder.answer)
    return Transcript(about, hub.keys, recorder.exchanges)


def play(story: Story, transcript: Transcript, folder: Path) -> list[str]:
    """The story with the transcript in the hub's place; gives where the clients asked for something else."""
    stage = Stage(folder, transcript.keys)
    player = Player(stage, list(transcript.exchanges))
    try:
        _play(story, stage, player.answer)
    except Exception as error:
        raise AssertionError("\n".join(player.faults) or "the story went another way") from error
    return [*player.faults, *(f"{one.says}: was not asked" for one in player.left)]


def _play(story: Story, stage: Stage, answer: Callable[[Message], Message]) -> None:
    with serving(answer) as (stage.host, stage.port), _one_version():
        story(stage)


@contextmanager
def _one_version() -> Iterator[None]:
    with (
        patch.object(assay.agent.hub, "__version__", VERSION),
        patch.object(assay.client.hub, "__version__", VERSION),
        patch.object(assay.runner.hub, "__version__", VERSION),
        patch.object(assay.runner.hub, "BATCH_CHECKS", 2),
    ):
        yield
