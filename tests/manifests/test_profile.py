"""Profiles: what is read, what is refused, and that nothing breaks the reader."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assay.compiler.access import SecretMode
from assay.compiler.diagnostics import Sink
from assay.compiler.profile import Identity, parse_profile
from assay.protocol.warehouse import Mask, WarehousePolicy
from tests.manifests.given import CA, REMOVE, change, full_profile_doc, profile, profile_doc, tell


def test_defaults() -> None:
    found = profile(profile_doc())
    assert (found.timeout, found.ttl, found.priority_class, found.hub) == (3_600, 86_400, None, None)
    assert found.resources.limits == (("memory", "1Gi"), ("ephemeral-storage", "1Gi"))
    binding = found.binding("shop")
    assert binding is not None
    assert (binding.access.mode, binding.service_account) == (SecretMode.ENV, "assay-runner")
    assert found.binding("crm") is None


def test_every_key_is_read() -> None:
    found = profile(full_profile_doc())
    assert found.options.identity is Identity.AKS
    assert found.options.host_users is False
    assert found.hub is not None
    assert (found.hub.token_seconds, found.hub.url) == (1_800, "https://hub.example.com/assay")
    assert (found.hub.ca, found.hub.proxy) == (CA, "http://proxy.example.com:3128")
    assert found.bindings[0].access.keys == ("PGPASSWORD", "PGUSER")
    assert found.bindings[0].access.mode is SecretMode.FILE
    assert dict(found.resources.limits)["cpu"] == "2"
    warehouse = found.warehouse(found.bindings[0])
    assert warehouse is not None
    assert (warehouse.name, warehouse.access.keys) == ("main", ("MASK_KEY", "PGPASSWORD"))
    assert found.bindings[0].policy == WarehousePolicy(
        rows=1000,
        bytes=1_000_000,
        cell=200,
        columns=("id", "email", "phone"),
        masks={"email": Mask("hash"), "phone": Mask("prefix", 4), "note": Mask("redact")},
        unmask_sensitive=False,
        days=30,
    )


def test_without_a_word_no_failed_rows_are_kept_and_sensitive_columns_are_masked() -> None:
    binding = profile(profile_doc()).binding("shop")
    assert binding is not None
    assert (binding.warehouse, binding.policy) == (None, WarehousePolicy())
    assert binding.policy.unmask_sensitive is False


WRONG: list[tuple[str, object, str, str]] = [
    ("image", REMOVE, "E503", "profile"),
    ("image", 7, "E501", "image"),
    ("namespace", None, "E503", "profile"),
    ("namespace", "a" * 64, "E505", "namespace"),
    ("sources", [], "E501", "sources"),
    ("sources.shop", "x", "E501", "sources.shop"),
    ("sources.shop.keys", "PGUSER", "E501", "sources.shop.keys"),
    ("sources.shop.keys.1", 7, "E501", "sources.shop.keys.1"),
    ("sources.shop.keys.0", "LD PRELOAD", "E508", "sources.shop.keys.0"),
    ("sources.shop.secretName", "assay-source-A", "E509", "sources.shop.secretName"),
    ("sources.shop.mode", "file ", "E514", "sources.shop.mode"),
    ("sources.shop.ports.0", 0, "E513", "sources.shop.ports.0"),
    ("sources.shop.ports.0", True, "E501", "sources.shop.ports.0"),
    ("sources.shop.networks.0", {"cidr": "10.0.0.0/8"}, "E503", "sources.shop.networks.0"),
    ("sources.shop.networks.0.cidr", "10.0.0.0", "E516", "sources.shop.networks.0.cidr"),
    ("sources.shop.networks.0.cidr", "fd00:ec2::254/128", "E550", "sources.shop.networks.0.cidr"),
    ("sources.shop.tls", "full", "E514", "sources.shop.tls"),
    ("sources.shop.ca", "/etc/ca.pem", "E517", "sources.shop.ca"),
    ("sources.shop.ca", "-----BEGIN PRIVATE KEY-----\nTUlJQg==\n", "E517", "sources.shop.ca"),
    ("sources.shop.pools", "eu", "E501", "sources.shop.pools"),
    ("sources.shop.diagnostics", "main", "E501", "sources.shop.diagnostics"),
    ("sources.shop.diagnostics.store", "x", "E502", "sources.shop.diagnostics"),
    ("sources.shop.diagnostics.warehouse", "mian", "E514", "sources.shop.diagnostics.warehouse"),
    ("sources.shop.diagnostics.rows", 1_000_001, "E513", "sources.shop.diagnostics.rows"),
    ("sources.shop.diagnostics.cell", 0, "E513", "sources.shop.diagnostics.cell"),
    ("sources.shop.diagnostics.bytes", "1Mi", "E501", "sources.shop.diagnostics.bytes"),
    ("sources.shop.diagnostics.days", 0, "E513", "sources.shop.diagnostics.days"),
    ("sources.shop.diagnostics.columns", "id", "E501", "sources.shop.diagnostics.columns"),
    ("sources.shop.diagnostics.sensitive", True, "E514", "sources.shop.diagnostics.sensitive"),
    ("sources.shop.diagnostics.masks.email", "sha256", "E514", "sources.shop.diagnostics.masks.email"),
    ("sources.shop.diagnostics.masks.email", "prefix 0", "E514", "sources.shop.diagnostics.masks.email"),
    ("sources.shop.diagnostics.masks.email", "prefix 65", "E514", "sources.shop.diagnostics.masks.email"),
    ("warehouses", [], "E501", "warehouses"),
    ("warehouses.main.secretName", "assay-source-shop", "E509", "warehouses.main.secretName"),
    ("warehouses.main.serviceAccount", "assay-x", "E502", "warehouses.main"),
    ("warehouses.main.networks", [], "E503", "warehouses.main"),
    ("sources.shop.resources", {"limits": {"memory": "0"}}, "E506", "sources.shop.resources.limits.memory"),
    ("resources.requests.cpu", "9", "E507", "resources.requests.cpu"),
    ("resources.limits.cpu", -1, "E506", "resources.limits.cpu"),
    ("resources.limits.cpu", float("nan"), "E506", "resources.limits.cpu"),
    ("resources.limits.gpu", "1", "E502", "resources.limits"),
    ("resources.tmp", "8Gi", "E507", "resources.tmp"),
    ("resources.tmp", [], "E501", "resources.tmp"),
    ("labels.team", 7, "E501", "labels.team"),
    ("labels.assay/x", "y", "E512", "labels.assay/x"),
    ("labels.a b", "y", "E511", "labels.a b"),
    ("labels", {1: "x"}, "E501", "labels.1"),
    ("annotations", {"a\0": "x"}, "E515", "annotations.a\\u0000"),
    ("annotations.x", "\x1b[31m", "E515", "annotations.x"),
    ("annotations.x", "\ud800", "E515", "annotations.x"),
    ("annotations.x", "x" * 5000, "E513", "annotations.x"),
    ("priorityClassName", "system-node-critical", "E505", "priorityClassName"),
    ("timeout", 10**9, "E513", "timeout"),
    ("timeout", 10**5000, "E513", "timeout"),
    ("timeout", 3600.0, "E501", "timeout"),
    ("ttl", 10, "E513", "ttl"),
    ("options.hostUsers", "no", "E501", "options.hostUsers"),
    ("options.supplementalGroupsPolicy", "strict", "E514", "options.supplementalGroupsPolicy"),
    ("options.workloadIdentity", [], "E514", "options.workloadIdentity"),
    ("hub.tokenSeconds", 60, "E513", "hub.tokenSeconds"),
    ("hub.audience", "", "E501", "hub.audience"),
    ("hub.url", REMOVE, "E503", "hub"),
    ("hub.url", "http://hub.example.com", "E516", "hub.url"),
    ("hub.url", "https://reader:canary@hub.example.com", "E516", "hub.url"),
    ("hub.url", "hub.example.com", "E516", "hub.url"),
    ("hub.proxy", "socks5://proxy.example.com", "E516", "hub.proxy"),
    ("hub.ca", "/etc/ssl/ca.pem", "E517", "hub.ca"),
    ("hub.ca", CA + "-----BEGIN PRIVATE KEY-----\ncanary\n-----END PRIVATE KEY-----\n", "E517", "hub.ca"),
    ("hub.insecure", True, "E502", "hub"),
]


@pytest.mark.parametrize(("path", "to", "code", "place"), WRONG, ids=[row[0] for row in WRONG])
def test_one_slip_is_one_message(path: str, to: object, code: str, place: str) -> None:
    doc = full_profile_doc()
    change(doc, path, to)
    sink = Sink()
    assert parse_profile(doc, sink) is None
    assert [(item.code, item.facts["path"]) for item in sink.items] == [(code, place)]
    assert "canary" not in tell(sink.items[0])


def test_many_slips_are_all_told() -> None:
    sink = Sink()
    parse_profile(
        {"image": "x", "timeout": 0, "tll": 5, "sources": {"a": {"mode": "x", "keys": ["a"]}}}, sink
    )
    assert sorted(item.code for item in sink.items) == [
        "E502",
        "E503",
        "E503",
        "E504",
        "E508",
        "E513",
        "E514",
    ]


def test_an_older_fault_in_the_sink_does_not_count() -> None:
    sink = Sink()
    sink.add("E520", None, name="x")
    assert parse_profile(profile_doc(), sink) is not None


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.dates(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text() | st.integers(), inner, max_size=4),
    max_leaves=8,
)
PATHS = sorted(
    {path for path, *_ in WRONG if path != "labels.a b"}
    | {"options", "hub", "resources.limits", "sources.shop.hosts"}
)


@settings(deadline=None)
@given(VALUES)
def test_no_document_breaks_the_reader(doc: Any) -> None:
    sink = Sink()
    assert parse_profile(doc, sink) is None
    assert all(tell(item).isprintable() or "\n" in tell(item) for item in sink.items)


@settings(deadline=None)
@given(st.sampled_from(PATHS), VALUES)
def test_no_value_breaks_the_reader(path: str, value: Any) -> None:
    doc = full_profile_doc()
    change(doc, path, value)
    sink = Sink()
    assert (parse_profile(doc, sink) is None) == sink.failed
    for item in sink.items:
        assert all(line.isprintable() for line in tell(item).splitlines())
