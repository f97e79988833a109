"""The predicates, on both sides of their borders."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assay.compiler import kubernetes as k8s

DIGEST = "@sha256:" + "a" * 64


@pytest.mark.parametrize("text", ["a", "a-b", "0", "a" * 63])
def test_dns_label(text: str) -> None:
    assert k8s.dns_label(text)


@pytest.mark.parametrize("text", ["", "-a", "a-", "A", "a.b", "a_b", "a" * 64, "a\n", "é", "a\0"])
def test_no_dns_label(text: str) -> None:
    assert not k8s.dns_label(text)


@pytest.mark.parametrize("text", ["", ".", "a..b", "a.", "-a.b", ".".join(["a" * 63] * 5), "a/b", "a.b\n"])
def test_no_dns_subdomain(text: str) -> None:
    assert not k8s.dns_subdomain(text)


@pytest.mark.parametrize(
    ("text", "fine"),
    [
        ("a", True),
        ("example.com/A_b.c", True),
        ("assay/x", True),
        ("", False),
        ("/a", False),
        ("a/", False),
        ("a/b/c", False),
        ("Example.com/a", False),
        ("a" * 64, False),
        ("a b", False),
        ("a\n", False),
    ],
)
def test_label_key(text: str, fine: bool) -> None:
    assert k8s.label_key(text) is fine


@pytest.mark.parametrize(
    ("key", "reserved"),
    [
        ("team", False),
        ("example.com/team", False),
        ("kueue.x-k8s.io/queue-name", False),
        ("job-name", True),
        ("assay/contract", True),
        ("app.kubernetes.io/name", True),
        ("kubernetes.io/x", True),
        ("node-role.k8s.io/x", True),
        ("sidecar.istio.io/inject", True),
    ],
)
def test_reserved_key(key: str, reserved: bool) -> None:
    assert k8s.reserved_key(key) is reserved


@pytest.mark.parametrize(
    "text",
    [
        "assay" + DIGEST,
        "r.example.com:5000/a/b-c__d.e" + DIGEST,
        "localhost/a:1.2" + DIGEST,
        "1.2.3.4/a" + DIGEST,
    ],
)
def test_image(text: str) -> None:
    assert k8s.image_by_digest(text)


@pytest.mark.parametrize(
    "text",
    [
        "assay",
        "assay:1.0",
        "assay@sha256:" + "a" * 63,
        "assay@sha256:" + "A" * 64,
        "assay@md5:" + "a" * 64,
        DIGEST,
        "A/B" + DIGEST,
        "a//b" + DIGEST,
        "https://r/a" + DIGEST,
        "a b" + DIGEST,
        "a" + DIGEST + "\n",
        "$(IMAGE)" + DIGEST,
        "a-" * 400 + "!" + DIGEST,
    ],
)
def test_no_image(text: str) -> None:
    assert not k8s.image_by_digest(text)


@pytest.mark.parametrize(
    ("text", "value"),
    [("1", 1), ("100m", 0.1), ("1.5", 1.5), (".5", 0.5), ("1Ki", 1024), ("2M", 2_000_000), ("1e3", 1000)],
)
def test_quantity(text: str, value: float) -> None:
    found = k8s.quantity(text)
    assert found is not None
    assert float(found) == value


@pytest.mark.parametrize(
    "text", ["", "0", "-1", "1 Gi", "1GB", "1gi", "lots", "1e999", "0x10", "1_000", "٣", "NaN"]
)
def test_no_quantity(text: str) -> None:
    assert k8s.quantity(text) is None


def test_half_a_byte_is_no_amount_of_memory() -> None:
    assert k8s.amount("memory", "512m") is None
    assert k8s.amount("cpu", "512m") is not None


@pytest.mark.parametrize(
    ("text", "fine"),
    [
        ("db", True),
        ("db.Example.com", True),
        ("10.0.0.1", True),
        ("::1", True),
        ("10.0.0.256", False),
        ("1.2.3", False),
        ("2130706433", False),
        ("db:5432", False),
        ("http://db", False),
        ("db/x", False),
        ("*.example.com", False),
        ("", False),
    ],
)
def test_host(text: str, fine: bool) -> None:
    assert k8s.host(text) is fine


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("0 * * * *", "0 * * * *"),
        ("*/5 0-6,12 1,15 jan-mar mon", "*/5 0-6,12 1,15 jan-mar mon"),
        ("0 6 * * 7", "0 6 * * 0"),
        ("0 6 * * 5-7", "0 6 * * 5,6,0"),
        ("0 6 * * 1-7/2", "0 6 * * 1,3,5,0"),
        ("0  6 * * MON", "0 6 * * mon"),
        ("@daily", "@daily"),
    ],
)
def test_cron(text: str, result: str) -> None:
    assert k8s.cron(text) == result


@pytest.mark.parametrize(
    "text",
    [
        "",
        "* * * *",
        "* * * * * *",
        "60 * * * *",
        "* 24 * * *",
        "* * 0 * *",
        "* * * 13 *",
        "* * * * 8",
        "*/0 * * * *",
        "5-1 * * * *",
        "1- * * * *",
        "0 0 L * *",
        "0 0 1W * *",
        "0 0 * * 5#3",
        "TZ=UTC 0 0 * * *",
        "@every 1s",
        "@reboot",
        "٣ * * * *",
        "0 0 * * 7/2",
    ],
)
def test_no_cron(text: str) -> None:
    assert k8s.cron(text) is None


@pytest.mark.parametrize(("text", "fine"), [("Europe/Brussels", True), ("UTC", True), ("Etc/GMT+1", True)])
def test_time_zone(text: str, fine: bool) -> None:
    assert k8s.time_zone(text) is fine


@pytest.mark.parametrize("text", ["", "Local", "local", "../etc/passwd", "Europe/", "/UTC", "UTC\n", "+1"])
def test_no_time_zone(text: str) -> None:
    assert not k8s.time_zone(text)


@settings(deadline=None)
@given(st.text(), st.integers(12, 63))
def test_any_text_has_a_slug(text: str, limit: int) -> None:
    for made in (k8s.slug(text, limit), k8s.unique_slug(text, limit)):
        assert k8s.dns_label(made)
        assert len(made) <= limit


def test_unlike_names_have_unlike_slugs() -> None:
    names = ["orders", "Orders", "orders!", "été", "日本", "注文", "o" * 64, "o" * 65, ""]
    assert len({k8s.unique_slug(name) for name in names}) == len(names)
