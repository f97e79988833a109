"""The common forms of messages: what they let through, and what not."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from assay.protocol import report, wire

FORMS = {
    "ulid": (wire.Ulid, "01j9zzzzzzzzzzzzzzzzzzzzzz"),
    "name": (wire.Name, "warehouse-1"),
    "digest": (wire.Digest, "sha256:" + "0" * 64),
    "instant": (wire.Instant, "2024-01-31T12:30:00Z"),
    "kubernetes name": (wire.KubernetesName, "assay-1"),
    "uid": (wire.Uid, "00000000-0000-0000-0000-000000000000"),
    "report digest": (report.Digest, "sha256:" + "0" * 64),
    "report instant": (report.Instant, "2024-01-31T12:30:00.5Z"),
    "code": (report.Code, "23505"),
    "value": (report.Value, "12.5"),
    "truth value": (report.Value, "true"),
}


@pytest.mark.parametrize("form", FORMS)
def test_a_form_lets_nothing_through_behind_it(form: str) -> None:
    kind, text = FORMS[form]
    assert _reads(kind, text)
    assert not any(_reads(kind, text + tail) for tail in ("\n", "\r", " ", "\0", "\n\n"))


@pytest.mark.parametrize("form", FORMS)
def test_digits_are_ascii(form: str) -> None:
    kind, text = FORMS[form]
    other = text.translate({ord("0"): "\u0660", ord("1"): "\u0661", ord("2"): "\u0662", ord("5"): "\u0665"})
    assert other == text or not _reads(kind, other)


def _reads(kind: Any, text: str) -> bool:
    try:
        return bool(msgspec.convert(text, kind) == text)
    except msgspec.ValidationError:
        return False
