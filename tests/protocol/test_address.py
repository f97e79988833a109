"""Which addresses are spoken to, and how."""

from __future__ import annotations

import pytest

from assay.protocol.address import Address, AddressError, hub_address, proxy_address


@pytest.mark.parametrize(
    ("url", "address"),
    [
        ("https://hub.example.com", Address("https", "hub.example.com", 443)),
        ("https://Hub.Example.com:8443/assay/", Address("https", "hub.example.com", 8443, "/assay")),
        ("https://[2001:db8::1]/a/b", Address("https", "2001:db8::1", 443, "/a/b")),
        ("http://127.0.0.1:8080", Address("http", "127.0.0.1", 8080)),
        ("http://localhost", Address("http", "localhost", 80)),
        ("http://[::1]:1", Address("http", "::1", 1)),
    ],
)
def test_an_address(url: str, address: Address) -> None:
    assert hub_address(url) == address


def test_an_origin_has_its_port() -> None:
    assert hub_address("https://[2001:db8::1]/a").origin == "https://[2001:db8::1]:443"


@pytest.mark.parametrize(
    "url",
    [
        "", "hub.example.com", "ftp://hub.example.com", "https://", "https://:443", "https://hub:0",
        "https://hub:99999", "https://hub:x", "https://user:canary@hub", "https://canary@hub",
        "https://hub?x=canary", "https://hub#canary", "https://hub/..", "https://hub/a//b", "https://hub/a b",
        "https://hub/%2e%2e", "https://hub/a\r\nX: y", "https://hüb.example.com", "https://[::1", "https://-a",
        "https://a_b", "https://a" + "b" * 600, "https://hub\x00", "https://hub/é", "https://hub/?", "https:/hub",
    ],
)  # fmt: skip
def test_no_address(url: str) -> None:
    for kind in (hub_address, proxy_address):
        with pytest.raises(AddressError) as caught:
            kind(url)
        assert "canary" not in str(caught.value)


@pytest.mark.parametrize(
    "url",
    [
        *("http://hub.example.com", "http://10.0.0.1:8080", "http://localhost.example.com"),
        *("http://127.0.0.1.example.com", "http://0.0.0.0", "http://[::ffff:127.0.0.1]", "http://2130706433"),
    ],
)
def test_clear_text_goes_to_the_loopback_only(url: str) -> None:
    with pytest.raises(AddressError, match="https"):
        hub_address(url)


def test_clear_text_to_one_named_host() -> None:
    assert hub_address("http://hub.assay-system.svc", cleartext="hub.assay-system.svc").scheme == "http"
    for other in ("http://hub.example.com", "http://svc", "http://x.hub.assay-system.svc"):
        with pytest.raises(AddressError):
            hub_address(other, cleartext="hub.assay-system.svc")
    with pytest.raises(AddressError):
        hub_address("http://hub.example.com", cleartext="*")


def test_a_proxy_has_no_path() -> None:
    assert proxy_address("http://proxy.example.com:3128").port == 3128
    with pytest.raises(AddressError):
        proxy_address("http://proxy.example.com/x")
