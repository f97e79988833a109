"""The recorded exchanges of the protocol: our clients still send these requests, and understand these answers.

`tests/hub/test_transcripts.py` asks the hub the same.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest

from assay.protocol.endpoints import AGENT_ENDPOINTS, RUNNER_ENDPOINTS
from assay.protocol.wire import ErrorCode
from tests.protocol.transcripts import record
from tests.protocol.transcripts.form import Exchange, parse, render
from tests.protocol.transcripts.future import EXTRA, endpoint_of, kind_of, later
from tests.protocol.transcripts.stage import play
from tests.protocol.transcripts.stories import STORIES
from tools.protocol import CURRENT, SCHEMA

FILES = sorted(CURRENT.glob("*.http"))
each = pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
NEVER = {
    ErrorCode.REQUEST_TIMEOUT, ErrorCode.TOO_MANY_REQUESTS, ErrorCode.HEADERS_TOO_LARGE, ErrorCode.INTERNAL,
    ErrorCode.UNAVAILABLE, ErrorCode.COMPILE_FAILED, ErrorCode.PLAN_MISMATCH,
}  # fmt: skip
"""Refusals that hang on time, load or the compiler; tests of the hub provoke them."""


def exchanges() -> list[Exchange]:
    return [one for path in FILES for one in parse(path.read_text(encoding="utf-8")).exchanges]


def test_every_story_has_a_transcript_and_nothing_is_left_over() -> None:
    assert {path.stem for path in FILES} == {*STORIES, record.LATER}


@each
def test_a_transcript_is_read_and_written_without_loss(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert render(parse(text)) == text


@each
def test_our_clients_send_these_requests_and_understand_these_answers(path: Path, tmp_path: Path) -> None:
    story = STORIES[record.LATER_OF if path.stem == record.LATER else path.stem][0]
    faults = play(story, parse(path.read_text(encoding="utf-8")), tmp_path)
    assert faults == [], "\n".join([*faults, "if the protocol was to change: `make golden`, and review"])


@pytest.mark.parametrize("name", STORIES)
def test_our_clients_skip_what_a_later_hub_has_more_to_say(name: str, tmp_path: Path) -> None:
    transcript = parse((CURRENT / f"{name}.http").read_text(encoding="utf-8"))
    assert play(STORIES[name][0], later(transcript, ""), tmp_path) == []


def test_a_client_that_asks_for_something_else_is_found(tmp_path: Path) -> None:
    transcript = parse((CURRENT / "cancel.http").read_text(encoding="utf-8"))
    transcript.exchanges[4], transcript.exchanges[5] = transcript.exchanges[5], transcript.exchanges[4]
    with pytest.raises(AssertionError, match="is not"):
        play(STORIES["cancel"][0], transcript, tmp_path)


def test_a_later_hub_has_more_to_say_in_every_answer() -> None:
    transcript = parse((CURRENT / f"{record.LATER}.http").read_text(encoding="utf-8"))
    (field,) = EXTRA
    assert all(field.encode() in one.answer.body for one in transcript.exchanges)
    assert not any(field.encode() in one.request.body for one in transcript.exchanges)


@pytest.mark.parametrize("name", STORIES)
def test_bodies_are_as_the_schema_says(name: str) -> None:
    schema: dict[str, Any] = json.loads(SCHEMA.read_text(encoding="utf-8"))
    for one in parse((CURRENT / f"{name}.http").read_text(encoding="utf-8")).exchanges:
        endpoint = endpoint_of(one.request)
        if kind_of(one) is None:
            continue
        assert endpoint is not None or int(one.answer.start) >= 400
        if int(one.answer.start) >= 400:
            wanted = {"$ref": "#/$defs/Problem"}
        else:
            assert endpoint is not None
            wanted = schema["endpoints"][endpoint.name]["response"]
            if one.request.body:
                _valid(schema, schema["endpoints"][endpoint.name]["request"], one.request.body)
        _valid(schema, wanted, one.answer.body)


def _valid(schema: dict[str, Any], wanted: Any, body: bytes) -> None:
    jsonschema_rs.validate({"$defs": schema["$defs"], **wanted}, json.loads(body))


def test_every_message_of_agents_and_runners_is_recorded() -> None:
    seen = {endpoint.name for one in exchanges() if (endpoint := endpoint_of(one.request)) is not None}
    assert {endpoint.name for endpoint in (*AGENT_ENDPOINTS, *RUNNER_ENDPOINTS)} <= seen


def test_every_refusal_that_can_be_repeated_is_recorded() -> None:
    seen = {json.loads(one.answer.body)["code"] for one in exchanges() if int(one.answer.start) >= 400}
    assert {code.value for code in set(ErrorCode) - NEVER} == seen


def test_what_is_anothers_and_what_is_not_there_are_answered_alike() -> None:
    missing = [one.answer for one in exchanges() if one.answer.start == "404"]
    assert len(missing) > 5
    assert len(set(missing)) == 1


def test_recording_is_refused_in_ci(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CI", "true")
    assert record.main() == 1
    assert "refused" in capsys.readouterr().err
