"""What a data source, a binding and a profile must not hold, and what they may."""

from __future__ import annotations

import json
from typing import Any

import pytest

from assay.compiler.manifests.data import LIMIT
from tests.manifests.given import (
    HUB,
    SOURCE,
    Doc,
    Schedule,
    bundle,
    deploy,
    objects,
    profile_doc,
    tell,
)

CERTIFICATES = "-----BEGIN CERTIFICATE-----\nTUlJQg==\n-----END CERTIFICATE-----\n" * 2
SOURCES: list[tuple[object, list[str]]] = [
    (SOURCE | {"password": "${env.OTHER}"}, ["E521"]),
    (SOURCE | {"password": "${env.LD_PRELOAD}${env.PGPASSWORD}"}, ["E521"]),
    (SOURCE | {"user": "${env.pgpassword}"}, ["E522"]),
    (SOURCE | {"user": "${file:/etc/passwd}"}, ["E522"]),
    (SOURCE | {"user": "${env.PGPASSWORD"}, ["E522"]),
    (SOURCE | {"${env.PGPASSWORD}": "x"}, ["E522"]),
    (SOURCE | {"password": "hunter2"}, ["E523"]),
    (SOURCE | {"password": 12345}, ["E523"]),
    (SOURCE | {"password": "${env.PGPASSWORD}2"}, ["E523"]),
    (SOURCE | {"options": {"api_key": "abc", "apiToken": "d"}}, ["E523", "E523"]),
    (SOURCE | {"url": "postgres://u:hunter2@db/x"}, ["E523"]),
    (SOURCE | {"host": "evil.example.com"}, ["E524"]),
    (SOURCE | {"user": "a\0b"}, ["E515"]),
    (SOURCE | {"user": "\ud800"}, ["E515"]),
    (SOURCE | {"port": float("inf")}, ["E529"]),
    (SOURCE | {"port": 2**70}, ["E529"]),
    (SOURCE | {7: "x"}, ["E529"]),
    (SOURCE | {"x": {"a", "b"}}, ["E529"]),
    (["x"], ["E501"]),
    ("x", ["E501"]),
    (SOURCE | {"sslrootcert": "/etc/ca.pem"}, ["E531"]),
    (SOURCE | {"sslrootcert": "${env.PGPASSWORD}"}, ["E531"]),
]


@pytest.mark.parametrize(("source", "codes"), SOURCES, ids=range(len(SOURCES)))
def test_what_a_source_must_not_hold(source: object, codes: list[str]) -> None:
    made, found = deploy(source=source)
    assert made == ()
    assert [item.code for item in found] == codes
    assert all("hunter2" not in tell(item) for item in found)


@pytest.mark.parametrize("password", ["${env.PGPASSWORD}", "", None])
@pytest.mark.parametrize("url", ["postgres://u@db/x", "postgres://u:${env.PGPASSWORD}@db/x", "s3://b/k"])
def test_what_a_source_may_hold(password: str | None, url: str) -> None:
    _, found = deploy(source=SOURCE | {"password": password, "url": url, "sslrootcert": "system"})
    assert found == ()


def _bound(**changes: Any) -> Doc:
    doc = profile_doc()
    doc["sources"]["shop"] |= changes
    return doc


def _source_json(doc: Doc, source: Doc) -> Doc:
    found: Doc = json.loads(objects(doc, source=source)["ConfigMap"]["data"]["source.json"])
    return found


@pytest.mark.parametrize(
    ("least", "asked", "becomes"),
    [
        (None, None, None),
        (None, "disable", "disable"),
        ("verify-full", None, "verify-full"),
        ("verify-full", "", "verify-full"),
        ("require", "verify-full", "verify-full"),
        ("require", "require", "require"),
        ("disable", "prefer", "prefer"),
    ],
)
def test_a_connection_is_protected_as_the_binding_says_at_least(
    least: str | None, asked: str | None, becomes: str | None
) -> None:
    source = SOURCE if asked is None else SOURCE | {"sslmode": asked}
    assert _source_json(_bound(tls=least), source).get("sslmode") == becomes


@pytest.mark.parametrize("asked", ["disable", "prefer", "require", "verify-ca", "none", 1, True])
def test_a_data_source_cannot_ask_for_a_weaker_connection(asked: object) -> None:
    made, found = deploy(_bound(tls="verify-full"), source=SOURCE | {"sslmode": asked})
    assert (made, [item.code for item in found]) == ((), ["E530"])
    assert "sources.shop.tls" in tell(found[0])


def test_with_a_hub_a_connection_is_verified_unless_the_binding_says_otherwise() -> None:
    assert _source_json(profile_doc(hub=HUB), SOURCE)["sslmode"] == "verify-full"
    assert _source_json(_bound(tls="prefer") | {"hub": HUB}, SOURCE)["sslmode"] == "prefer"
    _, found = deploy(profile_doc(hub=HUB), source=SOURCE | {"sslmode": "require"})
    assert [item.code for item in found] == ["E530"]


def test_the_binding_says_whom_a_connection_trusts() -> None:
    doc = _bound(ca=CERTIFICATES)
    for source in (SOURCE, SOURCE | {"sslrootcert": "/etc/passwd"}, SOURCE | {"sslrootcert": "system"}):
        assert _source_json(doc, source)["sslrootcert"] == "source-ca.pem"
    assert objects(doc)["ConfigMap"]["data"]["source-ca.pem"] == CERTIFICATES
    assert objects(doc)["ConfigMap"]["metadata"]["name"] != objects()["ConfigMap"]["metadata"]["name"]


def test_a_data_source_has_its_own_resources() -> None:
    doc = _bound(resources={"limits": {"memory": "3Gi"}}) | {"resources": {"limits": {"memory": "2Gi"}}}
    assert _limits(objects(doc)) == {"memory": "3Gi", "ephemeral-storage": "1Gi"}
    doc = _bound() | {"resources": {"limits": {"memory": "2Gi"}}}
    assert _limits(objects(doc))["memory"] == "2Gi"


def _limits(found: dict[str, Doc]) -> dict[str, str]:
    (container,) = found["Job"]["spec"]["template"]["spec"]["containers"]
    limits: dict[str, str] = container["resources"]["limits"]
    return limits


def test_a_source_that_holds_itself_is_refused() -> None:
    source: Doc = {"type": "x"}
    source["again"] = source
    source["list"] = [source] * 100
    made, found = deploy(source=source)
    assert made == ()
    assert {item.code for item in found} == {"E529"}
    assert len(found) == 1


def test_a_port_outside_of_the_binding() -> None:
    binding = {"secretName": "assay-source-shop", "keys": ["PGPASSWORD"], "ports": [5433]}
    assert [item.code for item in deploy(profile_doc(sources={"shop": binding}))[1]] == ["E524"]


def test_with_a_hub_the_binding_must_name_the_hosts() -> None:
    binding = {"secretName": "assay-source-shop", "keys": ["PGPASSWORD"]}
    assert deploy(profile_doc(sources={"shop": binding}))[1] == ()
    assert [item.code for item in deploy(profile_doc(sources={"shop": binding}, hub=HUB))[1]] == ["E524"]


def test_the_budget_of_a_config_map() -> None:
    fits = bundle(prose="x" * (LIMIT - 3_000))
    made, found = deploy(made=fits)
    assert found == ()
    assert max(len(each.text) for each in made) <= LIMIT
    assert [item.code for item in deploy(made=bundle(prose='"' * (LIMIT // 3)))[1]] == ["E525"]


def test_a_schedule_that_a_cron_job_cannot_have() -> None:
    for schedule in (Schedule("0 0 L * *", "UTC"), Schedule("@daily", "Local"), Schedule("@every 1s", "UTC")):
        made, found = deploy(schedule=schedule)
        assert made == ()
        assert [item.code for item in found] == ["E526"]
