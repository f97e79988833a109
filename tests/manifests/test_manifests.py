"""The stage as a whole: what a cluster gets, for which input, and what never gets there."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import kubernetes_validate  # type: ignore[import-untyped] # has no stubs
import pytest

from assay.compiler.bundle import seal
from assay.compiler.manifests import Instruction
from assay.protocol import run
from assay.protocol.bundle import BindSpec, TypeSpec
from tests.manifests.given import (
    CA,
    DAILY,
    INSTRUCTION,
    SOURCE,
    Doc,
    bundle,
    deploy,
    full_profile_doc,
    objects,
    profile_doc,
)

VERSIONS = ["1.28", "1.29", "1.30", "1.31", "1.32", "1.33", "1.34", "1.35", "1.36", "1.37"]
TOKEN = replace(INSTRUCTION, job_token=True)


def full_since(version: str) -> Doc:
    """Everything set that a version of Kubernetes knows."""
    doc = full_profile_doc()
    if int(version.split(".")[1]) < 31:
        del doc["options"]["supplementalGroupsPolicy"]
    return doc


@pytest.mark.parametrize("version", VERSIONS)
def test_published_schemas_take_the_manifests(version: str) -> None:
    for doc in (profile_doc(), full_since(version)):
        given_: list[dict[str, Any]] = [{}, {"schedule": DAILY}]
        given_ += [{"instruction": one} for one in (INSTRUCTION, TOKEN) if "hub" in doc]
        for options in given_:
            for made in objects(doc, **options).values():
                if version == "1.28":
                    complete_for_1_28(made)
                kubernetes_validate.validate(made, version, strict=True)


def complete_for_1_28(made: Doc) -> None:
    """Up to 1.28 the schema, though not the API server, asks for this field in every rule."""
    spec = made["spec"]["jobTemplate"]["spec"] if made["kind"] == "CronJob" else made.get("spec", {})
    for rule in spec.get("podFailurePolicy", {}).get("rules", ()):
        rule.setdefault("onPodConditions", [])


def pod(made: Mapping[str, Doc]) -> Doc:
    found: Doc = made["Job"]["spec"]["template"]["spec"]
    return found


def test_secrets_come_by_reference() -> None:
    container = pod(objects())["containers"][0]
    reference = {"name": "assay-source-shop", "key": "PGPASSWORD", "optional": False}
    assert container["env"] == [
        {"name": "ASSAY_SECRET_PGPASSWORD", "valueFrom": {"secretKeyRef": reference}},
    ]


def test_secrets_come_as_files() -> None:
    made = objects(full_profile_doc())
    assert "env" not in pod(made)["containers"][0]
    volume = next(v for v in pod(made)["volumes"] if v["name"] == "secrets")
    keys = [{"key": key, "path": key, "mode": 0o440} for key in ("PGPASSWORD", "PGUSER")]
    secret = {"name": "assay-source-shop", "optional": False, "items": keys}
    assert volume["projected"] == {"defaultMode": 0o440, "sources": [{"secret": secret}]}


def test_a_source_without_secrets() -> None:
    made = objects(profile_doc(sources={"shop": {}}), source={"type": "duckdb", "folder": "data"})
    assert "env" not in pod(made)["containers"][0]
    assert [volume["name"] for volume in pod(made)["volumes"]] == ["spec", "tmp"]


# ---------------------------------------------------------------- for an instruction of a hub


def attempt(given: Instruction = INSTRUCTION, **changes: Any) -> dict[str, Doc]:
    return objects(full_profile_doc(**changes), instruction=given)


def token(made: Mapping[str, Doc]) -> list[Doc]:
    volumes = [volume for volume in pod(made)["volumes"] if volume["name"] == "hub-token"]
    return [source for volume in volumes for source in volume["projected"]["sources"]]


def test_the_objects_of_an_attempt_have_one_name() -> None:
    made = attempt()
    assert {kind: each["metadata"]["name"] for kind, each in made.items()} == {
        "Job": "assay-01j9zzzzzzzzzzzzzzzzzzzzzz-a2",
        "ConfigMap": "assay-01j9zzzzzzzzzzzzzzzzzzzzzz-a2",
    }
    assert made["Job"]["spec"]["suspend"] is True
    assert pod(made)["volumes"][0]["configMap"]["name"] == made["ConfigMap"]["metadata"]["name"]
    for each in (*made.values(), made["Job"]["spec"]["template"]):
        labels = each["metadata"]["labels"]
        assert (labels["assay/instruction"], labels["assay/attempt"]) == (INSTRUCTION.id, "2")


def test_a_run_is_told_whose_it_is() -> None:
    data = attempt()["ConfigMap"]["data"]
    assert run.decode(data["run.json"].encode()).hub == run.HubSpec(
        url="https://hub.example.com/assay",
        instruction=INSTRUCTION.id,
        attempt=2,
        fence=7,
        ca="hub-ca.pem",
        proxy="http://proxy.example.com:3128",
    )
    assert data["hub-ca.pem"] == CA
    assert pod(attempt())["containers"][0]["env"] == [
        {"name": "ASSAY_POD_UID", "valueFrom": {"fieldRef": {"fieldPath": "metadata.uid"}}}
    ]


def test_the_token_is_the_clusters_or_one_that_the_hub_gave() -> None:
    assert token(attempt()) == [
        {"serviceAccountToken": {"audience": "assay-hub", "expirationSeconds": 1800, "path": "token"}}
    ]
    items = [{"key": "token", "path": "token", "mode": 0o440}]
    name = attempt()["Job"]["metadata"]["name"]
    assert token(attempt(TOKEN)) == [{"secret": {"name": name, "optional": False, "items": items}}]


def test_a_fence_is_told_and_makes_no_other_job() -> None:
    before, after = attempt(), attempt(replace(INSTRUCTION, fence=8))
    assert (fenced(before), fenced(after)) == ("7", "8")
    assert digest_of(before) == digest_of(after)
    assert before["ConfigMap"]["data"]["run.json"] != after["ConfigMap"]["data"]["run.json"]


@pytest.mark.parametrize(
    "change",
    [
        {"doc": full_profile_doc(image="r/x@sha256:" + "f" * 64)},
        {"made": bundle(version="2.1.1")},
        {"instruction": replace(INSTRUCTION, attempt=3)},
        {"instruction": replace(INSTRUCTION, deadline=600)},
        {"instruction": TOKEN},
    ],
    ids=["image", "bundle", "attempt", "deadline", "token"],
)
def test_another_spec_has_another_digest(change: dict[str, Any]) -> None:
    other = objects(**({"doc": full_profile_doc(), "instruction": INSTRUCTION} | change))
    assert digest_of(other) != digest_of(attempt())


def fenced(made: Mapping[str, Doc]) -> str:
    return str(made["Job"]["metadata"]["annotations"]["assay/fence"])


def digest_of(made: Mapping[str, Doc]) -> str:
    return str(made["Job"]["metadata"]["annotations"]["assay/spec-sha256"])


@pytest.mark.parametrize(("asked", "limit", "deadline"), [(1800, 7200, 1800), (9000, 7200, 7200)])
def test_the_shorter_time_counts(asked: int, limit: int, deadline: int) -> None:
    made = attempt(replace(INSTRUCTION, deadline=asked), timeout=limit)
    assert made["Job"]["spec"]["activeDeadlineSeconds"] == deadline
    assert run.decode(made["ConfigMap"]["data"]["run.json"].encode()).timeout == deadline


def test_without_an_instruction_nothing_waits_for_a_hub() -> None:
    made = objects(full_profile_doc())
    assert made["Job"]["spec"]["suspend"] is False
    assert token(made) == []
    assert "hub-ca.pem" not in made["ConfigMap"]["data"]
    assert run.decode(made["ConfigMap"]["data"]["run.json"].encode()).hub is None


def test_an_instruction_comes_from_a_hub() -> None:
    cases: list[dict[str, Any]] = [{"doc": profile_doc()}, {"doc": full_profile_doc(), "schedule": DAILY}]
    for options in cases:
        with pytest.raises(ValueError, match="hub"):
            deploy(**options, instruction=INSTRUCTION)


def test_options_of_the_cluster() -> None:
    made = objects(full_profile_doc())
    template = made["Job"]["spec"]["template"]
    assert template["metadata"]["labels"]["azure.workload.identity/use"] == "true"
    assert template["metadata"]["annotations"]["sidecar.istio.io/inject"] == "false"
    assert template["spec"]["hostUsers"] is False
    assert template["spec"]["priorityClassName"] == "batch-low"
    assert template["spec"]["securityContext"]["supplementalGroupsPolicy"] == "Strict"
    assert template["spec"]["serviceAccountName"] == "assay-source-shop"
    plain = objects(profile_doc(options={"istioInject": True}))["Job"]["spec"]["template"]
    assert "sidecar.istio.io/inject" not in plain["metadata"]["annotations"]
    assert "hostUsers" not in plain["spec"]


def test_a_schedule_makes_a_cron_job() -> None:
    spec = objects(schedule=DAILY)["CronJob"]["spec"]
    assert (spec["schedule"], spec["timeZone"]) == ("0 6 * * 1,2,3,4,5,6,0", "Europe/Brussels")
    assert spec["concurrencyPolicy"] == "Forbid"
    assert spec["jobTemplate"]["spec"] | {"template": None} == objects()["Job"]["spec"] | {"template": None}


@pytest.mark.parametrize(
    ("identity", "addresses"),
    [
        ("none", []),
        ("irsa", []),
        ("pod-identity", ["169.254.170.23/32", "fd00:ec2::23/128"]),
        ("gke", ["169.254.169.252/32", "169.254.169.254/32"]),
    ],
)
def test_the_network_is_open_where_the_profile_says(identity: str, addresses: list[str]) -> None:
    doc = full_profile_doc(options={"workloadIdentity": identity})
    made = objects(doc)
    spec = made["NetworkPolicy"]["spec"]
    blocks = [peer["ipBlock"] for rule in spec["egress"][1:] for peer in rule["to"]]
    assert blocks[0] == {"cidr": "0.0.0.0/0", "except": ["169.254.0.0/16"]}
    assert [block["cidr"] for block in blocks[1:]] == [
        *("10.1.0.0/16", "10.2.0.0/16", "203.0.113.7/32"),
        *addresses,
    ]
    labels = made["Job"]["spec"]["template"]["metadata"]["labels"]
    assert spec["podSelector"]["matchLabels"].items() <= labels.items()
    assert "NetworkPolicy" not in objects()


def test_the_config_map_has_all_that_a_run_needs() -> None:
    made = bundle(binds=(BindSpec("since", TypeSpec("date")), BindSpec("now", TypeSpec("timestamptz"))))
    data = objects(made=made, params={"since": "2024-01-01"})["ConfigMap"]["data"]
    spec = run.decode(data["run.json"].encode())
    assert data["bundle.json"].encode() == seal(made).data
    assert spec.bundle_sha256 == seal(made).digest
    assert json.loads(data["source.json"]) == SOURCE
    assert (spec.contract, spec.params, spec.report) == ("shop.orders", {"since": "2024-01-01"}, "stdout")
    assert (spec.secrets, spec.keys, spec.hosts) == ("env", ("PGPASSWORD",), ("db.example.com",))


# ---------------------------------------------------------------- names


def names(*args: Any, **named: Any) -> dict[str, str]:
    return {kind: made["metadata"]["name"] for kind, made in objects(*args, **named).items()}


def test_the_same_input_gives_the_same_text() -> None:
    assert deploy(full_profile_doc()) == deploy(full_profile_doc())
    shuffled = dict(reversed(full_profile_doc().items()))
    assert deploy(shuffled, source=dict(reversed(SOURCE.items()))) == deploy(full_profile_doc())


@pytest.mark.parametrize(
    "change",
    [
        {"made": bundle(version="2.1.1")},
        {"source": SOURCE | {"user": "other"}},
        {"doc": profile_doc(timeout=60)},
        {"doc": profile_doc(namespace="other")},
    ],
    ids=["bundle", "source", "timeout", "namespace"],
)
def test_what_cannot_change_in_place_gets_another_name(change: dict[str, Any]) -> None:
    before, after = names(), names(**change)
    assert before["Job"] != after["Job"]
    assert before["ConfigMap"] != after["ConfigMap"]
    assert names(schedule=DAILY)["CronJob"] == names(schedule=DAILY, **change)["CronJob"]


def test_another_image_is_another_job_for_the_same_data() -> None:
    other = names(profile_doc(image="r/x@sha256:" + "f" * 64))
    assert other["Job"] != names()["Job"]
    assert other["ConfigMap"] == names()["ConfigMap"]


@pytest.mark.parametrize("contract", ["a" * 500, "Ünïcode", "注文", "...", "-x-", "a" * 29 + "-b"])
def test_any_contract_has_short_names(contract: str) -> None:
    made = bundle(contract=contract)
    for kind, name in (names(made=made) | names(made=made, schedule=DAILY)).items():
        assert re.fullmatch(r"assay-[a-z0-9](-?[a-z0-9])*-[0-9a-f]{12}", name)
        assert len(name) <= (52 if kind == "CronJob" else 63)
