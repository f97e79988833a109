"""Calls of a hub that answers well, badly, half, or never: over real sockets."""

from __future__ import annotations

import re
import socket
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from assay.client import Cause, HubClient, Refused, TokenFile, Unreachable, token_text
from assay.client.hub import endpoint_path
from assay.client.transport import MAX_ANSWER, Timeouts
from assay.protocol.address import hub_address, proxy_address
from assay.protocol.agent import PollRequest
from assay.protocol.delivery import Heartbeat, HeartbeatRequest, OutcomeRequest, StartRequest
from assay.protocol.endpoints import BY_NAME, ENDPOINTS
from assay.protocol.wire import ErrorCode, Nothing, Problem, encode
from tests.support.certificates import Authority, authority
from tests.support.misbehaving import (
    Behaviour,
    Server,
    answer,
    dripping,
    drop,
    raw,
    reset,
    serving,
    silent,
)

RUN: dict[str, str | int] = {"run": "01j9zzzzzzzzzzzzzzzzzzzzzz", "attempt": 2}
SECRET = "ayj_canarytoken"
QUICK = Timeouts(connect=2.0, read=0.5, total=1.0)
BEAT = HeartbeatRequest(generation=3)
GOOD = answer(b'{"cancel":true,"of_a_newer_hub":1}')


def client(server: Server, **options: object) -> HubClient:
    given = {"timeouts": QUICK} | options
    return HubClient(hub_address(server.url), token_text(SECRET), **given)  # type: ignore[arg-type]


def beat(server: Server) -> Heartbeat:
    body = client(server).call("heartbeat", BEAT, at=RUN).body
    assert isinstance(body, Heartbeat)
    return body


def test_a_call_is_typed_in_and_out() -> None:
    with serving(GOOD) as server:
        assert beat(server) == Heartbeat(cancel=True)
    (request,) = server.requests
    assert request.method == "POST"
    assert request.target == "/v1/runs/01j9zzzzzzzzzzzzzzzzzzzzzz/attempts/2/heartbeat"
    assert request.body == b'{"generation":3}'
    assert request.headers["authorization"] == f"Bearer {SECRET}"
    assert request.headers["content-type"] == "application/json"
    assert request.headers["accept-encoding"] == "identity"
    assert request.headers["user-agent"].startswith("assay-client/")


def test_a_connection_is_used_again() -> None:
    with serving(GOOD) as server:
        hub = client(server)
        for _ in range(5):
            hub.call("heartbeat", BEAT, at=RUN)
        assert (server.connections, len(server.requests)) == (1, 5)


def test_several_threads_call_at_once() -> None:
    with serving(GOOD) as server:
        hub = client(server)
        threads = [
            threading.Thread(target=hub.call, args=("heartbeat", BEAT), kwargs={"at": RUN}) for _ in range(8)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(10)
        assert len(server.requests) == 8


def test_a_path_prefix_a_query_and_headers() -> None:
    with serving(answer(b'{"items":[]}', ETag='"v1"')) as server:
        hub = HubClient(hub_address(server.url + "/assay/"), token_text(SECRET), timeouts=QUICK)
        reply = hub.call("list_runs", query={"limit": 5, "contract": "a b/ü", "cursor": None})
        assert (reply.etag, reply.data) == ('"v1"', b'{"items":[]}')
    assert server.requests[0].target == "/assay/v1/runs?limit=5&contract=a%20b%2F%C3%BC"


def test_parameters_are_escaped() -> None:
    path = endpoint_path(BY_NAME["get_version"], {"contract": "a b.ü?#%", "version": "1.0.0"})
    assert path == "/v1/contracts/a%20b.%C3%BC%3F%23%25/versions/1.0.0"


@pytest.mark.parametrize("value", ["", "..", ".", "a/b", "x" * 201])
def test_a_parameter_that_no_hub_has(value: str) -> None:
    with pytest.raises(ValueError, match=r"^there can be no such contract$"):
        endpoint_path(BY_NAME["get_contract"], {"contract": value})


def test_every_endpoint_has_a_path() -> None:
    sample = {"attempt": "1", "seq": "0", "name": "a", "contract": "a.b", "version": "1.0.0"}
    for endpoint in ENDPOINTS:
        wanted = re.findall(r"\{(\w+)\}", endpoint.path)
        path = endpoint_path(endpoint, {name: sample.get(name, RUN["run"]) for name in wanted})
        assert "{" not in path


def test_a_call_that_no_hub_could_take() -> None:
    with serving(GOOD) as server:
        hub = client(server)
        with pytest.raises(TypeError, match="heartbeat takes run, attempt"):
            hub.call("heartbeat", BEAT, at={"run": str(RUN["run"])})
        with pytest.raises(TypeError, match="heartbeat takes HeartbeatRequest"):
            hub.call("heartbeat", Heartbeat(cancel=False), at=RUN)
        with pytest.raises(TypeError, match="takes a request"):
            hub.call("heartbeat", at=RUN)
        with pytest.raises(TypeError, match="whoami has no limit"):
            hub.call("whoami", query={"limit": 1})
        with pytest.raises(ValueError, match="larger than"):
            hub.call("heartbeat", b" " * (BY_NAME["heartbeat"].limit + 1), at=RUN)
    assert server.requests == []


def test_an_answer_without_a_body_is_nothing_where_nothing_is_said() -> None:
    with serving(raw(b"HTTP/1.1 204 No Content\r\n\r\n")) as server:
        assert client(server).call("revoke_key", at={"key": str(RUN["run"])}).body == Nothing()


# -- refusals


def problem(code: ErrorCode, status: int) -> bytes:
    return encode(Problem(type="about:blank", title="No", status=status, code=code, detail="not now"))


def refused(server: Server) -> Refused:
    with pytest.raises(Refused) as caught:
        beat(server)
    assert caught.value.__context__ is None
    return caught.value


def test_a_refusal_has_its_code() -> None:
    with serving(answer(problem(ErrorCode.STALE_FENCE, 409), 409)) as server:
        error = refused(server)
    assert (error.code, error.status, error.retryable) == (ErrorCode.STALE_FENCE, 409, False)
    assert error.problem is not None
    assert error.problem.detail == "not now"
    assert str(error) == "refused: 409 stale_fence"


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_a_refusal_for_now(status: int) -> None:
    with serving(answer(problem(ErrorCode.UNAVAILABLE, status), status, Retry_After="7")) as server:
        error = refused(server)
    assert (error.retryable, error.retry_after) == (True, 7.0)


@pytest.mark.parametrize("said", ["Wed, 21 Oct 2026 07:28:00 GMT", "-1", "1e9", "99999999", "nan", ""])
def test_a_retry_after_that_is_no_number_of_seconds_is_as_if_not_said(said: str) -> None:
    with serving(answer(b"", 503, Retry_After=said)) as server:
        assert refused(server).retry_after is None


@pytest.mark.parametrize("body", [b"", b"<html>canary</html>", b'{"code":"of_a_newer_hub"}', b"[" * 100_000])
def test_a_refusal_by_something_else(body: bytes) -> None:
    with serving(answer(body, 403)) as server:
        error = refused(server)
    assert (error.code, error.problem, error.status) == (None, None, 403)
    assert str(error) == "refused: 403 without a code"


# -- no answer

NO_ANSWER: dict[str, tuple[Behaviour, Cause]] = {
    "dropped": (drop, Cause.DROPPED),
    "reset": (reset, Cause.DROPPED),
    "half-open": (silent, Cause.TIMEOUT),
    "headers drip": (dripping(b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 2000), Cause.TIMEOUT),
    "body drips": (dripping(b"HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n" + b" " * 9000), Cause.TIMEOUT),
    "body drips, length unsaid": (dripping(b"HTTP/1.1 200 OK\r\n\r\n" + b" " * 9000), Cause.TIMEOUT),
    "truncated": (raw(b"HTTP/1.1 200 OK\r\nContent-Length: 15\r\n\r\n" + b'{"canc'), Cause.DROPPED),
    "truncated, unsaid": (raw(b"HTTP/1.1 200 OK\r\n\r\n" + b'{"cancel"'), Cause.GARBAGE),
    "truncated chunks": (
        raw(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{"),
        Cause.DROPPED,
    ),
    "no HTTP": (raw(b"SSH-2.0-canary\r\n"), Cause.DROPPED),
    "no JSON": (answer(b"canary"), Cause.GARBAGE),
    "other JSON": (answer(b'{"cancel":"canary"}'), Cause.GARBAGE),
    "deep JSON": (answer(b'{"x":' + b"[" * 100_000), Cause.GARBAGE),
    "empty": (answer(b""), Cause.GARBAGE),
    "redirect": (answer(b"", 302, Location="http://127.0.0.1:1/canary"), Cause.REDIRECTED),
    "not modified": (answer(b"", 304), Cause.REDIRECTED),
    "gzip": (answer(b"canary", 200, Content_Encoding="gzip"), Cause.ENCODED),
    "huge": (
        raw(b"HTTP/1.1 200 OK\r\nContent-Length: 99999999\r\n\r\n" + b" " * (MAX_ANSWER + 70_000)),
        Cause.TOO_LARGE,
    ),
}


@pytest.mark.parametrize("name", NO_ANSWER)
def test_no_answer_has_a_cause_and_says_nothing_else(name: str) -> None:
    behaviour, cause = NO_ANSWER[name]
    with serving(behaviour, GOOD) as server:
        hub = client(server, timeouts=Timeouts(2.0, 20.0, 20.0) if name == "huge" else QUICK)
        with pytest.raises(Unreachable) as caught:
            hub.call("heartbeat", BEAT, at=RUN)
        error = caught.value
        assert (error.cause, error.retryable) == (cause, True)
        assert str(error) == f"unreachable: {cause.value}"
        assert error.__context__ is None
        assert SECRET not in repr(error.args)
        # What is left of a broken exchange is not taken for the next answer.
        assert hub.call("heartbeat", BEAT, at=RUN).body == Heartbeat(cancel=True)


def test_nobody_listens() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    with pytest.raises(Unreachable) as caught:
        HubClient(hub_address(f"http://127.0.0.1:{port}")).call("healthz")
    assert caught.value.cause is Cause.CONNECT


def test_no_such_host() -> None:
    with pytest.raises(Unreachable) as caught:
        HubClient(hub_address("https://no-such-host.invalid"), timeouts=QUICK).call("healthz")
    assert caught.value.cause in (Cause.NAME, Cause.CONNECT)


def test_a_server_that_takes_no_more_ends_in_time() -> None:
    """The request is larger than what the buffers on the way hold, and nobody reads it."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
        hub = HubClient(hub_address(f"http://127.0.0.1:{port}"), token_text(SECRET), timeouts=QUICK)
        started = time.monotonic()
        with pytest.raises(Unreachable):
            hub.call("put_results", b" " * BY_NAME["put_results"].limit, at=RUN | {"seq": 0})
        assert time.monotonic() - started < 10


def test_a_long_poll_may_take_longer_than_other_calls() -> None:
    def late(connection: socket.socket) -> None:
        time.sleep(1.2)
        answer(b'{"next_poll_ms":1}')(connection)

    poll = PollRequest(session=str(RUN["run"]), epoch=1, free_slots=1, wait_s=1.0)
    with serving(late) as server:
        assert client(server).call("poll", poll, wait=1.0).body.next_poll_ms == 1
        with pytest.raises(Unreachable):
            client(server).call("poll", poll)


def test_a_call_takes_no_longer_than_it_is_given() -> None:
    with serving(silent) as server:
        hub = client(server, timeouts=Timeouts())
        started = time.monotonic()
        with pytest.raises(Unreachable) as caught:
            hub.call("heartbeat", BEAT, at=RUN, seconds=0.3)
        assert time.monotonic() - started < 10
        assert caught.value.cause is Cause.TIMEOUT


# -- tokens


def test_a_token_file_is_read_for_each_request(tmp_path: Path) -> None:
    file = tmp_path / "token"
    file.write_text("first\n")
    with serving(GOOD) as server:
        hub = HubClient(hub_address(server.url), TokenFile(file), timeouts=QUICK)
        hub.call("heartbeat", BEAT, at=RUN)
        # As the kubelet does: another file in its place.
        (tmp_path / "new").write_text("second")
        (tmp_path / "new").replace(file)
        hub.call("heartbeat", BEAT, at=RUN)
        assert [one.headers["authorization"] for one in server.requests] == ["Bearer first", "Bearer second"]


@pytest.mark.parametrize("content", [None, b"", b"a\nInjected: yes", b"a b", b"\xff\xfe", b"x" * 20_000])
def test_a_token_that_is_none_is_not_sent(content: bytes | None, tmp_path: Path) -> None:
    file = tmp_path / "token"
    if content is not None:
        file.write_bytes(content)
    with serving(GOOD) as server:
        hub = HubClient(hub_address(server.url), TokenFile(file), timeouts=QUICK)
        with pytest.raises(Unreachable) as caught:
            hub.call("heartbeat", BEAT, at=RUN)
        assert (caught.value.cause, server.connections) == (Cause.TOKEN, 0)


def test_a_token_is_in_no_representation() -> None:
    token = token_text(SECRET)
    hub = HubClient(hub_address("http://127.0.0.1:1"), token)
    assert SECRET not in repr(token) + repr(hub) + repr(vars(hub))


# -- TLS


@pytest.fixture
def trusted(tmp_path: Path) -> Authority:
    return authority(tmp_path)


def secure(server: Server, ca: Path | None, host: str = "127.0.0.1", proxy: str = "") -> HubClient:
    return HubClient(
        hub_address(f"https://{host}:{server.port}"),
        token_text(SECRET),
        ca=ca,
        proxy=proxy_address(proxy) if proxy else None,
        timeouts=Timeouts(connect=5.0, read=2.0, total=5.0),
    )


def test_over_tls_with_an_authority_of_our_own(trusted: Authority, tmp_path: Path) -> None:
    with serving(GOOD, tls=trusted.server(tmp_path, "127.0.0.1")) as server:
        hub = secure(server, trusted.file)
        assert hub.call("heartbeat", BEAT, at=RUN).body == Heartbeat(cancel=True)
        assert hub.call("heartbeat", BEAT, at=RUN).body == Heartbeat(cancel=True)


def _no_authority(_folder: Path) -> Path | None:
    return None


def _another_authority(folder: Path) -> Path | None:
    other = folder / "other"
    other.mkdir()
    return authority(other, "another").file


@pytest.mark.parametrize("ca", [_no_authority, _another_authority])
def test_a_certificate_of_somebody_else(
    trusted: Authority, tmp_path: Path, ca: Callable[[Path], Path | None]
) -> None:
    with serving(GOOD, tls=trusted.server(tmp_path, "127.0.0.1")) as server:
        with pytest.raises(Unreachable) as caught:
            secure(server, ca(tmp_path)).call("heartbeat", BEAT, at=RUN)
        assert (caught.value.cause, caught.value.retryable) == (Cause.CERTIFICATE, False)
        assert SECRET.encode() not in server.heard


def test_a_certificate_for_another_host(trusted: Authority, tmp_path: Path) -> None:
    with serving(GOOD, tls=trusted.server(tmp_path, "hub.example.com")) as server:
        with pytest.raises(Unreachable) as caught:
            secure(server, trusted.file).call("heartbeat", BEAT, at=RUN)
        assert caught.value.cause is Cause.CERTIFICATE
        assert server.requests == []


def test_no_tls_where_tls_is_expected(trusted: Authority) -> None:
    with serving(GOOD) as server:
        with pytest.raises(Unreachable) as caught:
            secure(server, trusted.file).call("heartbeat", BEAT, at=RUN)
        assert caught.value.cause in (Cause.TLS, Cause.TIMEOUT, Cause.DROPPED)
        assert SECRET.encode() not in server.heard


def test_headers_that_drip_over_tls_end_in_time(trusted: Authority, tmp_path: Path) -> None:
    behaviour = dripping(b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 200)
    with serving(behaviour, GOOD, tls=trusted.server(tmp_path, "127.0.0.1")) as server:
        hub = secure(server, trusted.file)
        with pytest.raises(Unreachable) as caught:
            hub.call("heartbeat", BEAT, at=RUN, seconds=0.5)
        assert caught.value.cause is Cause.TIMEOUT
        assert hub.call("heartbeat", BEAT, at=RUN).body == Heartbeat(cancel=True)


def test_a_file_that_is_no_authority(tmp_path: Path) -> None:
    (tmp_path / "empty.pem").write_text("")
    for name in ("empty.pem", "missing.pem"):
        with pytest.raises(OSError, match=r"\[(X509|Errno 2)"):
            HubClient(hub_address("https://hub.example.com"), ca=tmp_path / name)


# -- proxies


def test_nothing_is_taken_from_the_environment(
    trusted: Authority, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys = tmp_path / "keys"
    monkeypatch.setenv("SSLKEYLOGFILE", str(keys))
    with serving(drop) as trap, serving(GOOD, tls=trusted.server(tmp_path, "127.0.0.1")) as server:
        for name in ("http_proxy", "https_proxy", "all_proxy"):
            monkeypatch.setenv(name, trap.url)
            monkeypatch.setenv(name.upper(), trap.url)
        assert secure(server, trusted.file).call("heartbeat", BEAT, at=RUN).body.cancel
        assert trap.connections == 0
        assert not keys.exists()


def test_a_proxy_sees_no_token(trusted: Authority, tmp_path: Path) -> None:
    def tunnel(connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 200 Connected\r\n\r\n")
        with socket.create_connection(("127.0.0.1", server.port)) as other:
            back = threading.Thread(target=pump, args=(other, connection), daemon=True)
            back.start()
            pump(connection, other)

    def pump(source: socket.socket, target: socket.socket) -> None:
        while data := source.recv(65536):
            seen.extend(data)
            target.sendall(data)

    seen = bytearray()
    with serving(GOOD, tls=trusted.server(tmp_path, "127.0.0.1")) as server, serving(tunnel) as proxy:
        assert secure(server, trusted.file, proxy=proxy.url).call("heartbeat", BEAT, at=RUN).body.cancel
        assert proxy.requests[0].method == "CONNECT"
        assert proxy.requests[0].target == f"127.0.0.1:{server.port}"
        assert len(seen) > 100
        assert SECRET.encode() not in seen + proxy.heard


def test_a_proxy_that_refuses(trusted: Authority) -> None:
    with serving(answer(b"canary", 407)) as proxy:
        with pytest.raises(Unreachable) as caught:
            secure(proxy, trusted.file, host="hub.example.com", proxy=proxy.url).call("healthz")
        assert caught.value.cause is Cause.PROXY


def test_a_proxy_is_not_for_clear_text() -> None:
    with pytest.raises(ValueError, match="https"):
        HubClient(hub_address("http://127.0.0.1:1"), proxy=proxy_address("http://127.0.0.1:2"))


def test_requests_are_what_their_endpoints_say() -> None:
    """The types that this file uses are those of the table."""
    assert BY_NAME["start"].request is StartRequest
    assert BY_NAME["end_run"].request is OutcomeRequest
