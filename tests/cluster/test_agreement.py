"""The compiler's own rules and the API server: what passes here is not refused there, in strict mode."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assay.compiler.bundle import seal
from assay.compiler.diagnostics import Sink
from assay.compiler.manifests import manifests
from assay.compiler.profile import parse_profile
from tests.manifests.given import SOURCE, Schedule, bundle, profile_doc
from tests.manifests.test_any_text import NAME, TEXT
from tests.manifests.test_validate import PLACES, faults, fresh, together
from tools.cluster.api import Api, collection
from tools.cluster.cluster import Cluster

VALUES: tuple[object, ...] = (
    *("", "-", "a", "a b", "A", "a.b", "x" * 64, "x" * 254, "1", "1Gi", "$(X)", "é", "a/b", "\x00", "/"),
    *(-1, 0, 1, 2**31, 2**63, 0.5, True, False, None),
    *([], {}, ["a"], {"a": "b"}),
)
LEAST_SENT = 500
DAILY = Schedule("0 6 * * *", "Europe/Brussels")


def refusal(api: Api, namespace: str, item: Mapping[str, Any]) -> str:
    """What the API server says against it; nothing is kept."""
    item = {**item, "metadata": {**item["metadata"], "namespace": namespace}}
    query = {"dryRun": "All", "fieldValidation": "Strict"}
    answer = api.send("POST", collection(item), item, query=query)
    return "" if answer.status < 400 else str(answer.json()["message"])


def changed() -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Every value of a usual deployment set to every one of VALUES, where our rules have nothing against it."""
    for kind, way in PLACES:
        place = ".".join(map(str, way))
        # which namespaces and time zones there are is known to the cluster alone
        if place in ("metadata.namespace", "spec.timeZone") or kind in ("Files", "Token"):
            continue
        for value in VALUES:
            made = copy.deepcopy(fresh())
            tree: Any = made[kind]
            for part in way[:-1]:
                tree = tree[part]
            if tree[way[-1]] == value:
                continue
            tree[way[-1]] = value
            if not faults(together(kind, made)):
                yield kind, f"{place} = {value!r}", made[kind]


def test_one_value_that_our_rules_let_pass_passes_there(control_plane: Cluster, plane_namespace: str) -> None:
    def ask(kind: str, what: str, item: dict[str, Any]) -> str:
        said = refusal(control_plane.api, plane_namespace, item)
        return said and f"{kind}: {what}: {said}"

    with ThreadPoolExecutor(4) as threads:
        answers = list(threads.map(ask, *zip(*changed(), strict=True)))
    assert [said for said in answers if said] == []
    assert len(answers) >= LEAST_SENT


@pytest.fixture
def counted() -> Iterator[list[str]]:
    accepted: list[str] = []
    yield accepted
    assert len(accepted) >= 100


@settings(
    deadline=None,
    max_examples=150,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(NAME, TEXT, TEXT, TEXT, NAME, TEXT, st.booleans(), st.booleans())
def test_whatever_text_a_contract_has_its_objects_pass(
    control_plane: Cluster,
    plane_namespace: str,
    counted: list[str],
    contract: str,
    version: str,
    sql: str,
    prose: str,
    source: str,
    user: str,
    hub: bool,
    scheduled: bool,
) -> None:
    made = bundle(contract=contract, version=version, prose=prose, file=sql, source=source)
    binding = {
        "secretName": "assay-source-shop",
        "keys": ["PGPASSWORD"],
        "hosts": ["db.example.com"],
        "networks": [{"cidr": "10.1.0.0/16", "ports": [5432]}],
    }
    sink = Sink()
    more = {"hub": {"url": "https://hub.example.com"}} if hub else {}
    profile = parse_profile(profile_doc(sources={source: binding}, **more), sink)
    if profile is None:
        return
    doc = {**SOURCE, "user": user, "sslmode": "verify-full"}
    found = manifests(seal(made).data, made, doc, profile, sink, schedule=DAILY if scheduled else None)
    for each in found:
        assert refusal(control_plane.api, plane_namespace, yaml.safe_load(each.text)) == "", each.text
        counted.append(each.name)
