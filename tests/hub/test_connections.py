"""What a client can do to a connection, and what it gets for it: always a coded answer, or the end."""

from __future__ import annotations

import http.client
import json
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from assay.hub.api.connections import Limits
from assay.protocol.wire import MAX_BODY, MAX_RESULTS
from tests.support.hub import copy
from tests.support.live import Http, LiveHub, live

LIMITS = Limits(connections=20, header_bytes=8_000, headers_s=1.5, taken_s=3.0)


@pytest.fixture(scope="module")
def hub(empty_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveHub]:
    address = copy(empty_sqlite, tmp_path_factory.mktemp("connections") / "hub.db")
    with live(address, upkeep=False, limits=LIMITS) as made:
        yield made


@pytest.fixture
def http_(hub: LiveHub) -> Http:
    return hub.http


def exchange(http_: Http, data: bytes, *, more: bytes = b"", pause: float = 0.0) -> bytes:
    """Sends bytes as they are, and reads until the hub closes or 10 seconds are over."""
    with socket.create_connection((http_.host, http_.port), timeout=10) as connection:
        connection.sendall(data)
        if more:
            time.sleep(pause)
            connection.sendall(more)
        return read_all(connection)


def read_all(connection: socket.socket) -> bytes:
    found = b""
    try:
        while part := connection.recv(65_536):
            found += part
    except (TimeoutError, ConnectionResetError):
        pass
    return found


def head(http_: Http, line: str, *lines: str) -> bytes:
    fields = (line, "Host: hub", f"Authorization: Bearer {http_.token}", "Connection: close", *lines)
    return "\r\n".join((*fields, "", "")).encode("latin-1")


def refusal(answer: bytes) -> tuple[int, str]:
    status, _, rest = answer.partition(b"\r\n")
    return int(status.split()[1]), json.loads(rest.partition(b"\r\n\r\n")[2])["code"]


POST = "POST /v1/runs HTTP/1.1"
JSON = "Content-Type: application/json"


@pytest.mark.parametrize(
    ("lines", "body", "expected"),
    [
        ((JSON,), b"", (411, "length_required")),
        ((JSON, "Content-Length: 0"), b"", (400, "malformed")),
        (("Content-Length: 2",), b"{}", (415, "unsupported_media_type")),
        (("Content-Type: text/plain", "Content-Length: 2"), b"{}", (415, "unsupported_media_type")),
        ((JSON + "; charset=latin-1", "Content-Length: 2"), b"{}", (415, "unsupported_media_type")),
        ((JSON, "Content-Encoding: gzip", "Content-Length: 2"), b"{}", (415, "unsupported_media_type")),
        ((JSON, "Content-Length: 2", "Accept: text/html"), b"{}", (406, "not_acceptable")),
        ((JSON, "Content-Length: 2", "Idempotency-Key: a b"), b"{}", (400, "malformed")),
        ((JSON, "Content-Length: 2", "Authorization: Bearer x"), b"{}", (400, "malformed")),
        ((JSON, f"Content-Length: {5 << 20}"), b"{}", (413, "too_large")),
        ((JSON, f"Content-Length: {MAX_BODY + 1}"), b"", (413, "too_large")),
        ((JSON, "Transfer-Encoding: chunked"), b"2\r\n{}\r\n0\r\n\r\n", (422, "invalid")),
        ((JSON, "Content-Length: 4"), b"nope", (400, "malformed")),
        ((JSON, "Content-Length: 2", "X-Nothing: 1"), b"{}", (422, "invalid")),
    ],
)  # fmt: skip
def test_a_body_that_is_not_as_it_should_be_is_refused(
    http_: Http, lines: tuple[str, ...], body: bytes, expected: tuple[int, str]
) -> None:
    assert refusal(exchange(http_, head(http_, POST, *lines) + body)) == expected


def test_five_megabytes_in_pieces_are_refused_when_they_are_too_many(http_: Http) -> None:
    piece = b"10000\r\n" + b"x" * 65_536 + b"\r\n"
    with socket.create_connection((http_.host, http_.port), timeout=10) as connection:
        connection.sendall(head(http_, POST, JSON, "Transfer-Encoding: chunked"))
        try:
            for _ in range(80):
                connection.sendall(piece)
        except OSError:
            pass
        assert refusal(read_all(connection)) == (413, "too_large")


def test_results_may_be_larger_than_other_bodies(http_: Http) -> None:
    run = "7zzzzzzzzzzzzzzzzzzzzzzzzz"
    line = f"PUT /v1/runs/{run}/attempts/1/results/0 HTTP/1.1"
    too_much = head(http_, line, JSON, f"Content-Length: {MAX_RESULTS + 1}")
    assert refusal(exchange(http_, too_much))[0] == 401  # who asks is known before anything is read


def test_a_body_that_stops_in_the_middle_is_nobodys(hub: LiveHub) -> None:
    before = len(hub.http.call("list_audit").items)
    data = head(hub.http, "POST /v1/enrolments HTTP/1.1", JSON, "Content-Length: 20")
    with socket.create_connection((hub.http.host, hub.http.port), timeout=10) as connection:
        connection.sendall(data + b'{"pool":')
    time.sleep(0.3)
    assert len(hub.http.call("list_audit").items) == before


def test_a_get_has_no_body(http_: Http) -> None:
    answer = exchange(http_, head(http_, "GET /v1/runs HTTP/1.1", "Content-Length: 2") + b"{}")
    assert refusal(answer) == (400, "malformed")


@pytest.mark.parametrize("method", ["PATCH", "OPTIONS", "TRACE", "PUT", "DELETE"])
def test_a_method_that_a_path_does_not_take_is_told_those_that_it_does(http_: Http, method: str) -> None:
    reply = http_.ask(method, "/v1/runs")
    assert (reply.status, reply.code) == (405, "method_not_allowed")
    assert reply.headers["allow"] == "GET, HEAD, POST"


def test_head_is_get_without_its_body(http_: Http) -> None:
    for path in ("/v1/runs", "/healthz", "/v1/nothing", "/v1/tenant"):
        got, asked = http_.ask("GET", path), http_.ask("HEAD", path)
        assert asked.body == b""
        varying = ("date",)
        assert asked.status == got.status
        assert {k: v for k, v in asked.headers.items() if k not in varying} == {
            k: v for k, v in got.headers.items() if k not in varying
        }


@pytest.mark.parametrize(
    "data",
    [
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"nonsense\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
        b"GET \xff\xfe HTTP/1.1\r\nHost: hub\r\n\r\n",
        b"GET /v1/runs HTTP/1.1\r\nHost: hub\r\nno colon\r\n\r\n",
        b"GET /v1/runs HTTP/1.1\r\nHost: hub\r\nContent-Length: x\r\n\r\n",
        b"POST /v1/runs HTTP/1.1\r\nHost: hub\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
        b"POST /v1/runs HTTP/1.1\r\nHost: hub\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"GET /v1/runs HTTP/1.1\r\nHost: hub\r\nA: \x00\r\n\r\n",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    ],
)
def test_what_is_no_request_is_refused_and_closed(http_: Http, data: bytes) -> None:
    answer = exchange(http_, data)
    assert refusal(answer) in ((400, "malformed"), (401, "unauthenticated"))
    assert b"text/plain" not in answer


def test_the_hub_goes_on_after_all_of_it(http_: Http) -> None:
    assert http_.ask("GET", "/readyz").json == {"ready": True, "store": "ok"}


@pytest.mark.parametrize("upgrade", ["websocket", "h2c"])
def test_nothing_is_upgraded(http_: Http, upgrade: str) -> None:
    lines = (
        "Connection: Upgrade",
        f"Upgrade: {upgrade}",
        "Sec-WebSocket-Version: 13",
        "Sec-WebSocket-Key: x",
    )
    data = "\r\n".join(("GET /healthz HTTP/1.1", "Host: hub", *lines, "", "")).encode()
    with socket.create_connection((http_.host, http_.port), timeout=10) as connection:
        connection.sendall(data)
        assert b" 101 " not in connection.recv(65_536)


def test_headers_that_never_end_cost_a_connection_for_a_moment(http_: Http) -> None:
    began = time.monotonic()
    with socket.create_connection((http_.host, http_.port), timeout=10) as connection:
        connection.sendall(b"GET /healthz HTTP/1.1\r\n")
        connection.settimeout(0.3)
        answer = b""
        while time.monotonic() - began < 10:
            try:
                connection.sendall(b"X: 1\r\n")
                part = connection.recv(65_536)
            except TimeoutError:
                continue
            except OSError:
                break
            if not part:
                break
            answer += part
    assert refusal(answer) == (408, "request_timeout")
    assert time.monotonic() - began < 8


def test_a_connection_without_a_request_is_closed(http_: Http) -> None:
    assert exchange(http_, b"") == b""


def test_headers_have_a_size(http_: Http) -> None:
    answer = exchange(
        http_, head(http_, "GET /healthz HTTP/1.1", *(f"X-{n}: {'x' * 90}" for n in range(100)))
    )
    assert refusal(answer) == (431, "headers_too_large")


def test_a_large_body_in_one_piece_with_its_headers_is_not_taken_for_headers(http_: Http) -> None:
    body = json.dumps({"root": "a", "files": {"a": "-" * 200_000}}).encode()
    data = head(http_, "POST /v1/contracts HTTP/1.1", JSON, f"Content-Length: {len(body)}") + body
    assert refusal(exchange(http_, data)) == (422, "compile_failed")


def test_more_connections_than_allowed_are_turned_away(http_: Http) -> None:
    held: list[http.client.HTTPConnection] = []
    try:
        answers = []
        for _ in range(LIMITS.connections + 5):
            held.append(http.client.HTTPConnection(http_.host, http_.port, timeout=10))
            held[-1].request("GET", "/healthz")
            answers.append(held[-1].getresponse().status)
        assert answers[0] == 200
        assert answers[-1] == 503
    finally:
        for one in held:
            one.close()
    time.sleep(0.5)
    assert http_.ask("GET", "/healthz").status == 200


def test_requests_in_a_row_on_one_connection_are_answered_in_their_order(http_: Http) -> None:
    one = b"GET /version HTTP/1.1\r\nHost: hub\r\n\r\n"
    last = b"GET /healthz HTTP/1.1\r\nHost: hub\r\nConnection: close\r\n\r\n"
    answer = exchange(http_, one + one + last)
    assert answer.count(b"HTTP/1.1 200 OK") == 3
    assert answer.rstrip().endswith(b"{}")


def test_a_client_that_asks_first_is_told_to_go_on_or_refused(http_: Http) -> None:
    good = head(http_, "POST /v1/enrolments HTTP/1.1", JSON, "Content-Length: 2", "Expect: 100-continue")
    answer = exchange(http_, good, more=b"{}", pause=0.3)
    assert answer.startswith(b"HTTP/1.1 100 Continue")
    assert b"HTTP/1.1 201 Created" in answer
    bad = head(http_, POST, JSON, f"Content-Length: {MAX_BODY + 1}", "Expect: 100-continue")
    assert refusal(exchange(http_, bad)) == (413, "too_large")
