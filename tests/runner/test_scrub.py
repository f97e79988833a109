"""No form of a secret gets past the scrubber, and no innocent word is taken for one."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from urllib.parse import quote, quote_plus

import msgspec
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from assay.protocol.delivery import HeartbeatRequest, StartRequest
from assay.protocol.wire import encode
from assay.runner.scrub import SHORTEST, Scrubber, vocabulary
from assay.runner.telling import Log

SECRET = "p@ss'wö\"rd/\\ &+="
TEXT = st.text(st.characters(exclude_categories=["Cs"]), min_size=SHORTEST, max_size=30)


def knowing(*values: str) -> Scrubber:
    scrubber = Scrubber()
    scrubber.add(*values)
    return scrubber


FORMS = {
    "plain": SECRET.encode(),
    "url": quote(SECRET, safe="").encode(),
    "url path": quote(SECRET).encode(),
    "form": quote_plus(SECRET).encode(),
    "url in small letters": quote(SECRET, safe="").lower().encode(),
    "json": json.dumps(SECRET).encode(),
    "json in utf-8": json.dumps(SECRET, ensure_ascii=False).encode(),
    "json by msgspec": msgspec.json.encode(SECRET),
    "sql": ("'" + SECRET.replace("'", "''") + "'").encode(),
    "repr": repr(SECRET).encode(),
    "hex": SECRET.encode().hex().encode(),
    "base64": base64.b64encode(SECRET.encode()),
    "base64 of a URL": base64.urlsafe_b64encode(SECRET.encode()),
    "basic": base64.b64encode(b"reader:" + SECRET.encode()),
    "json in base64": base64.b64encode(b'{"p": "' + SECRET.encode() + b'"}'),
    "conninfo": f"host=x password='{SECRET}'".encode(),
}


@pytest.mark.parametrize("name", FORMS)
def test_a_form_of_a_secret_is_seen_and_removed(name: str) -> None:
    scrubber = knowing(SECRET)
    line = b"before " + FORMS[name] + b" after"
    assert scrubber.holds(line)
    assert not scrubber.holds(scrubber.clean(line))
    assert scrubber.clean(line).startswith(b"before ")
    assert scrubber.clean(line).endswith(b" after")


@settings(deadline=None)
@given(TEXT, st.binary(max_size=5), st.binary(max_size=5))
def test_any_secret_is_seen_in_any_surroundings(secret: str, before: bytes, after: bytes) -> None:
    data = secret.encode()
    assume(not any(data in word for word in vocabulary()))
    scrubber = knowing(secret)
    for form in (data, quote(secret, safe="").encode(), msgspec.json.encode(secret), data.hex().encode()):
        assert scrubber.holds(before + form + after)
    if len(data) >= 9:
        assert scrubber.holds(base64.b64encode(before + data + after))


def test_of_two_secrets_the_longer_goes_whole() -> None:
    assert knowing("secret", "secret-and-more").clean(b"x secret-and-more y") == b"x [secret] y"


@pytest.mark.parametrize(
    "value", ["seconds", "results", "generation", "failed_rows", "not_evaluated", "short"]
)
def test_words_of_every_message_are_no_secrets(value: str) -> None:
    """A run whose password is a word of the protocol can still report."""
    assert not knowing(value).holds(f'{{"{value}":1}}'.encode())


def test_what_everybody_can_read_is_no_secret() -> None:
    scrubber = Scrubber([b'{"contract":"orders_of_the_shop"}'])
    scrubber.add("orders_of_the_shop", "another-value")
    assert not scrubber.holds(b"orders_of_the_shop")
    assert scrubber.holds(b"another-value")


def test_without_secrets_nothing_changes() -> None:
    assert Scrubber().clean(b"text") == b"text"
    assert not Scrubber().holds(b"text")


def test_messages_of_the_runner_hold_none_of_its_words() -> None:
    digest = "sha256:" + "0" * 64
    uid = "0f0f0f0f-1111-2222-3333-444444444444"
    start = StartRequest(fence=1, pod_uid=uid, runner_version="1", plan_sha256=digest)
    for message in (start, HeartbeatRequest(generation=1)):
        assert not knowing(SECRET, "pod-token").holds(encode(message))


def test_the_log_and_the_last_words_are_cleaned(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    last = tmp_path / "termination-log"
    last.touch()
    log = Log(knowing("hunter2-hunter2"), last)
    log.tell("scan", "hunter2-hunter2", failures=2)
    log.end("hunter2-hunter2", "X")
    out, err = capfd.readouterr()
    assert out == ""
    assert "hunter2" not in err + last.read_text()
    assert json.loads(err.splitlines()[0]) == {"code": "[secret]", "stage": "scan", "failures": 2}
    assert json.loads(last.read_text()) == {"code": "X", "stage": "[secret]"}


def test_no_secret_is_in_its_representation() -> None:
    assert "hunter2" not in repr(knowing("hunter2-hunter2"))
