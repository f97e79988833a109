"""No text, wherever it stands, becomes structure of a manifest."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from assay.compiler.bundle import seal
from assay.compiler.diagnostics import Sink
from assay.compiler.manifests import manifests
from assay.compiler.profile import parse_profile
from tests.manifests.given import (
    DAILY,
    HUB,
    SOURCE,
    bundle,
    objects,
    profile_doc,
)

TEXT = st.text(max_size=40) | st.text(
    alphabet="{}[]&*!|>%@`'\"#,:?- \n\t\r\x85\u2028\ufeff\\$()~<=", max_size=40
)
NAME = TEXT.filter(bool)


def skeleton(tree: Any) -> Any:
    """The tree without its texts; numbers and booleans stay."""
    match tree:
        case dict():
            return {key: skeleton(value) for key, value in tree.items()}
        case list():
            return [skeleton(item) for item in tree]
        case str():
            return "text"
        case _:
            return tree


PLAIN = {
    (hub, scheduled): {
        kind: skeleton(each)
        for kind, each in objects(
            profile_doc(**({"hub": HUB} if hub else {})), schedule=DAILY if scheduled else None
        ).items()
    }
    for hub in (False, True)
    for scheduled in (False, True)
}


@settings(deadline=None)
@given(NAME, TEXT, TEXT, TEXT, NAME, TEXT, st.booleans(), st.booleans())
def test_no_text_of_a_contract_or_a_source_changes_the_shape(
    contract: str, version: str, sql: str, prose: str, source: str, user: str, hub: bool, scheduled: bool
) -> None:
    made = bundle(contract=contract, version=version, prose=prose, file=sql, source=source)
    binding = {"secretName": "assay-source-shop", "keys": ["PGPASSWORD"], "hosts": ["db.example.com"]}
    sink = Sink()
    profile = parse_profile(profile_doc(sources={source: binding}, **({"hub": HUB} if hub else {})), sink)
    if profile is None:
        assert {item.code for item in sink.items} <= {"E515"}
        return
    doc = SOURCE | {"user": user}
    found = manifests(seal(made).data, made, doc, profile, sink, schedule=DAILY if scheduled else None)
    if sink.failed:
        assert found == ()
        assert {item.code for item in sink.items} <= {"E515", "E522"}
        return
    for each in found:
        loaded = yaml.safe_load(each.text)
        assert skeleton(loaded) == PLAIN[hub, scheduled][loaded["kind"]]
        if loaded["kind"] == "ConfigMap":
            assert json.loads(loaded["data"]["source.json"])["user"] == user
            assert json.loads(loaded["data"]["run.json"])["contract"] == contract


FIELDS = ["namespace", "image", "serviceAccount", "priorityClassName", "timeout", "ttl"]


@settings(deadline=None)
@given(st.sampled_from(FIELDS), TEXT | st.integers() | st.just("assay-$(X)"))
def test_no_value_of_a_profile_changes_the_shape(field: str, value: object) -> None:
    sink = Sink()
    profile = parse_profile(profile_doc(**{field: value}), sink)
    if profile is None:
        assert sink.failed
        return
    profile = replace(profile, priority_class=None)
    found = manifests(seal(bundle()).data, bundle(), SOURCE, profile, sink)
    assert not sink.failed
    spec = skeleton(yaml.safe_load(found[1].text))
    plain = PLAIN[False, False]["Job"]
    for key in ("activeDeadlineSeconds", "ttlSecondsAfterFinished"):
        spec["spec"][key] = plain["spec"][key]
    assert spec == plain
