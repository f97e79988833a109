"""A request before anything is done with it: what is let through, and what is said of the rest."""

from __future__ import annotations

import json
from typing import Any

import pytest

from assay.hub.api import conditions, requests
from assay.hub.api.problems import TITLES, problem
from assay.hub.api.routes import Routes
from assay.hub.refusal import Refusal
from assay.protocol.endpoints import BY_NAME, ENDPOINTS, Endpoint
from assay.protocol.user import PublishRequest, RunRequest, ScheduleRequest
from assay.protocol.wire import MAX_DEPTH, STATUS, ErrorCode

ULID = "01j9zzzzzzzzzzzzzzzzzzzzzz"
VALUES = {
    "attempt": "3", "seq": "0", "name": "a.b", "contract": "nyc.flights", "version": "1.0.0",
}  # fmt: skip


def refused(function: Any, *arguments: Any) -> Refusal:
    with pytest.raises(Refusal) as caught:
        function(*arguments)
    return caught.value


# ---------------------------------------------------------------- routes


@pytest.mark.parametrize("endpoint", ENDPOINTS, ids=lambda e: e.name)
def test_every_endpoint_is_found_with_its_values(endpoint: Endpoint) -> None:
    path, expected = endpoint.path, []
    for name in [part.partition("}")[0] for part in endpoint.path.split("{")[1:]]:
        expected.append(VALUES.get(name, ULID))
        path = path.replace("{" + name + "}", VALUES.get(name, ULID))
    route = Routes().find(path.encode())
    assert route is not None
    assert route.endpoint(endpoint.method) is endpoint
    assert route.values == tuple(expected)
    assert endpoint.method in route.allowed.split(", ")
    assert ("HEAD" in route.allowed) == ("GET" in route.endpoints)


@pytest.mark.parametrize(
    "path",
    [
        "/", "", "/v1", "/v1/", "/v1/runs/", "//v1/runs", "/v1//runs", "/v1/./runs", "/v1/runs?x", "/V1/runs",
        "/v1/runs/x", f"/v1/runs/{ULID.upper()}", f"/v1/runs/{ULID}/", f"/v1/runs/{ULID}:", f"/v1/runs/{ULID}0",
        f"/v1/runs/{ULID}/attempts/0/start", f"/v1/runs/{ULID}/attempts/10000/start",
        "/v1/contracts/a%2Fb", "/v1/contracts/a%2fb", "/v1/contracts/a%00", "/v1/contracts/a%0a",
        "/v1/contracts/%ff", "/v1/contracts/%ed%a0%80", "/v1/contracts/" + "a" * 201, "/v1/sources/-a",
        "/v1/sources/a%0A", "/v1/contracts/" + "a" * 3000, "/v1/contracts/%E2%80%AE",
    ],
)  # fmt: skip
def test_a_path_of_another_form_does_not_exist(path: str) -> None:
    assert Routes().find(path.encode()) is None


def test_an_escaped_path_is_the_path() -> None:
    route = Routes().find(b"/v1/contracts/caf%C3%A9%20au%20lait/versions/1%3A2")
    assert route is not None
    assert route.values == ("caf\u00e9 au lait", "1:2")
    assert Routes().find(f"/v1/runs/{ULID}%3Acancel".encode()) is not None


# ---------------------------------------------------------------- headers


def test_a_header_that_decides_stands_once() -> None:
    pairs = [(b"authorization", b"Bearer a"), (b"authorization", b"Bearer b")]
    assert refused(requests.headers, pairs).code is ErrorCode.MALFORMED
    assert requests.headers([(b"via", b"1"), (b"via", b"2")]) == {b"via": b"2"}


@pytest.mark.parametrize(
    "accept", ["*/*", "application/json", "text/html, application/*;q=0.1", "a/b,*/*;q=0"]
)
def test_who_takes_json_gets_it(accept: str) -> None:
    requests.accepts_json({b"accept": accept.encode()})


@pytest.mark.parametrize("accept", ["text/html", "application/jsonx", "", "application/xml, text/*"])
def test_who_does_not_take_json_is_told(accept: str) -> None:
    assert refused(requests.accepts_json, {b"accept": accept.encode()}).code is ErrorCode.NOT_ACCEPTABLE


# ---------------------------------------------------------------- query


def test_a_query_is_typed() -> None:
    found = requests.query(BY_NAME["list_runs"], b"limit=10&state=failed&contract=a%20b")
    assert found == {"limit": 10, "state": "failed", "contract": "a b"}
    assert requests.query(BY_NAME["get_run"], b"wait=2.5") == {"wait": 2.5}


@pytest.mark.parametrize(
    ("query", "code", "parameter"),
    [
        (b"SECRET=1", ErrorCode.INVALID, ""),
        (b"limit=1&limit=1", ErrorCode.INVALID, "limit"),
        (b"limit=0", ErrorCode.INVALID, "limit"),
        (b"limit=201", ErrorCode.INVALID, "limit"),
        (b"limit=SECRET", ErrorCode.INVALID, "limit"),
        (b"limit=", ErrorCode.INVALID, "limit"),
        (b"state=SECRET", ErrorCode.INVALID, "state"),
        (b"cursor=SECRET%0a", ErrorCode.INVALID, "cursor"),
        (b"contract=SECRET%00", ErrorCode.INVALID, "contract"),
        (b"contract=%ff", ErrorCode.MALFORMED, ""),
        (b"&&&", ErrorCode.MALFORMED, ""),
        (b"SECRET", ErrorCode.MALFORMED, ""),
        (b"contract=\xff", ErrorCode.MALFORMED, ""),
        (b"contract=" + b"a" * 9000, ErrorCode.TOO_LARGE, ""),
        (b"&".join(b"limit=1" for _ in range(30)), ErrorCode.MALFORMED, ""),
    ],
)
def test_a_wrong_query_is_refused_by_the_name_of_the_parameter(
    query: bytes, code: ErrorCode, parameter: str
) -> None:
    refusal = refused(requests.query, BY_NAME["list_runs"], query)
    assert (refusal.code, refusal.parameter) == (code, parameter)
    assert b"SECRET" not in problem(refusal).body


# ---------------------------------------------------------------- JSON


def nested(depth: int) -> bytes:
    return b"[" * depth + b"]" * depth


@pytest.mark.parametrize("inside", [b'"[[[[]]"', b'"\\"[["', b'"\\\\"', b"1", b'"]]]"'])
def test_brackets_are_counted_where_they_nest(inside: bytes) -> None:
    around = MAX_DEPTH - 1
    wide = b'[{"a":' + b"[" * (around - 2) + inside + b"]" * (around - 2) + b"}]"
    many = b"[" + b",".join([wide[1:-1]] * 30) + b"]"
    assert not requests.deep(many)
    assert requests.deep(b"[[" + many + b"]]")


def test_depth_is_exact() -> None:
    assert not requests.deep(nested(MAX_DEPTH))
    assert requests.deep(nested(MAX_DEPTH + 1))
    assert not requests.deep(b"[" + b",".join([nested(MAX_DEPTH - 1)] * 50) + b"]")
    assert requests.deep(b"[" + b",".join([nested(MAX_DEPTH)] * 50) + b"]")


MALFORMED = (
    b"", b" ", b"{", b'{"root":', b"nul", b"NaN", b'{"root":"a","files":{"a":"b"}} x', b'{"root":"\xff"}',
    b'{"root":"\xed\xa0\x80"}', b'{"root":"\\ud800","files":{}}', b'{"root":"\\udc00x","files":{}}',
    b"\xef\xbb\xbf{}", b'{"root":"a\n"}', b"\x00", b"{'root': 1}", nested(MAX_DEPTH + 1), b"[" * 1_000_000,
    b'{"a":' * 200_000, b"[{" * 100_000,
)  # fmt: skip


@pytest.mark.parametrize("body", MALFORMED, ids=range(len(MALFORMED)))
def test_what_is_no_json_is_malformed(body: bytes) -> None:
    assert refused(requests.parse, body, PublishRequest).code is ErrorCode.MALFORMED


INVALID: tuple[tuple[bytes, Any, str], ...] = (
    (b"[]", PublishRequest, ""),
    (b"{}", PublishRequest, ""),
    (b'{"root":1,"files":{"a":"b"}}', PublishRequest, "/root"),
    (b'{"root":"a","files":{"SECRET":1}}', PublishRequest, "/files"),
    (b'{"root":"a","files":{}}', PublishRequest, "/files"),
    (b'{"root":"a","files":{"a":"b"},"SECRET":1}', PublishRequest, ""),
    (b'{"root":"SECRET\\u0000","files":{"a":"b"}}', PublishRequest, ""),
    (b'{"contract":"a","cron":"*","concurrency":"SECRET"}', ScheduleRequest, "/concurrency"),
    (b'{"contract":"a","cron":"*","max_attempts":1000000000000000000000}', ScheduleRequest, "/max_attempts"),
    (b'{"contract":"a","cron":"*","max_attempts":1.5}', ScheduleRequest, "/max_attempts"),
    (b'{"contract":"a","params":{"":"SECRET"}}', RunRequest, "/params"),
    (b'{"contract":"a","deadline_s":1e999}', RunRequest, "/deadline_s"),
    (b'{"contract":"a","pool":"default\\n"}', RunRequest, "/pool"),
)


@pytest.mark.parametrize(("body", "kind", "pointer"), INVALID, ids=range(len(INVALID)))
def test_what_does_not_fit_is_said_by_its_place_and_never_repeated(
    body: bytes, kind: Any, pointer: str
) -> None:
    refusal = refused(requests.parse, body, kind)
    assert (refusal.code, refusal.pointer) == (ErrorCode.INVALID, pointer)
    answer = json.loads(problem(refusal).body)
    assert "SECRET" not in str(answer)
    assert answer["status"] == 422
    assert answer["detail"]


def test_an_escaped_backslash_before_u0000_is_no_nul() -> None:
    request = requests.parse(b'{"root":"\\\\u0000","files":{"a":"b"}}', PublishRequest)
    assert request.root == "\\u0000"


def test_every_code_has_a_title() -> None:
    assert set(TITLES) == set(STATUS)


# ---------------------------------------------------------------- conditions


def given(**headers: str) -> dict[bytes, bytes]:
    return {name.replace("_", "-").encode(): value.encode() for name, value in headers.items()}


def test_a_change_of_what_is_there_names_what_it_changes() -> None:
    tag = conditions.tag(7, b"x")
    none = conditions.precondition({})
    none.check(None)
    assert refused(none.check, 7).code is ErrorCode.PRECONDITION_REQUIRED
    match = conditions.precondition(given(if_match=tag))
    match.check(7)
    assert refused(match.check, 8).code is ErrorCode.PRECONDITION_FAILED
    assert refused(match.check, None).code is ErrorCode.PRECONDITION_FAILED
    conditions.precondition(given(if_match=f'"x", {tag}')).check(7)
    conditions.precondition(given(if_match="*")).check(7)
    assert (
        refused(conditions.precondition(given(if_match="*")).check, None).code
        is ErrorCode.PRECONDITION_FAILED
    )
    new = conditions.precondition(given(if_none_match="*"))
    new.check(None)
    assert refused(new.check, 7).code is ErrorCode.PRECONDITION_FAILED


def test_a_weak_tag_changes_nothing() -> None:
    match = conditions.precondition(given(if_match="W/" + conditions.tag(7, b"x")))
    assert refused(match.check, 7).code is ErrorCode.PRECONDITION_FAILED


def test_what_was_seen_is_not_sent_again() -> None:
    tag = conditions.tag(7, b"x")
    assert conditions.unchanged(given(if_none_match=tag), tag)
    assert conditions.unchanged(given(if_none_match=f'"a", W/{tag}'), tag)
    assert conditions.unchanged(given(if_none_match="*"), tag)
    assert not conditions.unchanged({}, tag)
    assert not conditions.unchanged(given(if_none_match=conditions.tag(7, b"y")), tag)


@pytest.mark.parametrize("text", ["x", '"a', 'a"', '"a" "b"', "", '"a\x00"', '"' + "a" * 3000 + '"'])
def test_a_tag_of_another_form_is_malformed(text: str) -> None:
    assert refused(conditions.precondition, given(if_match=text)).code is ErrorCode.MALFORMED
    assert refused(conditions.unchanged, given(if_none_match=text), '"a"').code is ErrorCode.MALFORMED
