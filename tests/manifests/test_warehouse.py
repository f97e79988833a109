"""A warehouse in the manifests: its document, its Secret apart from that of the data source, its network."""

from __future__ import annotations

import json
from typing import Any

import pytest

from assay.protocol import run
from assay.protocol.warehouse import Mask, WarehousePolicy
from tests.manifests.given import (
    CA,
    INSTRUCTION,
    WAREHOUSE,
    Doc,
    deploy,
    full_profile_doc,
    objects,
    profile_doc,
)


def pod(made: dict[str, Doc]) -> Doc:
    found: Doc = made["Job"]["spec"]["template"]["spec"]
    return found


def bound(**changes: Any) -> Doc:
    """A profile in which both the data source and the warehouse have a PGPASSWORD, each in its own Secret."""
    warehouse = {
        "secretName": "assay-warehouse-main",
        "keys": ["PGPASSWORD", "MASK_KEY"],
        "hosts": ["rows.example.com"],
    }
    source = profile_doc()["sources"]["shop"] | {"diagnostics": {"warehouse": "main", "rows": 10}}
    return profile_doc(sources={"shop": source}, warehouses={"main": warehouse | changes})


def test_the_run_is_told_of_its_warehouse() -> None:
    made = objects(bound(), warehouse=WAREHOUSE)
    data = made["ConfigMap"]["data"]
    assert json.loads(data["warehouse.json"]) == WAREHOUSE
    told = run.decode(data["run.json"].encode()).warehouse
    assert told is not None
    assert (told.file, told.secrets, told.keys) == ("warehouse.json", "env", ("MASK_KEY", "PGPASSWORD"))
    assert (told.hosts, told.ports, told.policy) == (("rows.example.com",), (), WarehousePolicy(rows=10))


def test_the_policy_of_the_binding_is_in_what_was_reviewed() -> None:
    data = objects(full_profile_doc(), warehouse=WAREHOUSE, instruction=INSTRUCTION)["ConfigMap"]["data"]
    told = run.decode(data["run.json"].encode()).warehouse
    assert told is not None
    assert (told.policy.columns, told.policy.days) == (("id", "email", "phone"), 30)
    assert told.policy.masks["phone"] == Mask("prefix", 4)
    assert data["warehouse-ca.pem"] == CA
    document = json.loads(data["warehouse.json"])
    assert (document["sslrootcert"], document["sslmode"]) == ("warehouse-ca.pem", "verify-full")


def test_two_secrets_may_have_a_key_of_one_name() -> None:
    env = pod(objects(bound(), warehouse=WAREHOUSE))["containers"][0]["env"]
    found = {one["name"]: one["valueFrom"]["secretKeyRef"] for one in env}
    assert found == {
        "ASSAY_SECRET_PGPASSWORD": {"name": "assay-source-shop", "key": "PGPASSWORD", "optional": False},
        "ASSAY_WAREHOUSE_MASK_KEY": {"name": "assay-warehouse-main", "key": "MASK_KEY", "optional": False},
        "ASSAY_WAREHOUSE_PGPASSWORD": {
            "name": "assay-warehouse-main",
            "key": "PGPASSWORD",
            "optional": False,
        },
    }


def test_each_secret_comes_in_its_own_mode() -> None:
    made = pod(objects(bound(mode="file"), warehouse=WAREHOUSE))
    env = [one["name"] for one in made["containers"][0]["env"]]
    assert env == ["ASSAY_SECRET_PGPASSWORD"]
    volume = next(one for one in made["volumes"] if one["name"] == "warehouse-secrets")
    secret = volume["projected"]["sources"][0]["secret"]
    assert secret["name"] == "assay-warehouse-main"
    assert [item["key"] for item in secret["items"]] == ["MASK_KEY", "PGPASSWORD"]
    mount = next(one for one in made["containers"][0]["volumeMounts"] if one["name"] == "warehouse-secrets")
    assert mount == {"name": "warehouse-secrets", "mountPath": "/run/assay/warehouse", "readOnly": True}


def test_a_run_without_a_warehouse_has_none_of_its_secrets() -> None:
    made = objects(bound())
    assert "warehouse.json" not in made["ConfigMap"]["data"]
    assert run.decode(made["ConfigMap"]["data"]["run.json"].encode()).warehouse is None
    assert "ASSAY_WAREHOUSE" not in json.dumps(made)


def test_the_network_is_open_to_the_warehouse() -> None:
    egress = objects(full_profile_doc(), warehouse=WAREHOUSE)["NetworkPolicy"]["spec"]["egress"]
    assert {
        "to": [{"ipBlock": {"cidr": "10.2.0.0/16"}}],
        "ports": [{"protocol": "TCP", "port": 5433}],
    } in egress


@pytest.mark.parametrize(
    ("changes", "code", "path"),
    [
        ({"password": "hunter2"}, "E523", "warehouse.password"),
        ({"mask_key": "hunter2hunter2hunter2"}, "E523", "warehouse.mask_key"),
        ({"password": "${env.DB_PASSWORD}"}, "E521", "warehouse.password"),
        ({"host": "evil.example.com"}, "E524", "warehouse.host"),
        ({"sslrootcert": "ca.pem"}, "E531", "warehouse.sslrootcert"),
        ({"user": "${env.user}"}, "E522", "warehouse.user"),
    ],
)
def test_what_a_warehouse_must_not_hold(changes: Doc, code: str, path: str) -> None:
    made, found = deploy(bound(), warehouse=WAREHOUSE | changes)
    assert made == ()
    (item,) = found
    assert (item.code, item.facts["path"]) == (code, path)
    assert "hunter2" not in repr(item)


@pytest.mark.parametrize("asked", ["require", "disable"])
def test_a_warehouse_cannot_ask_for_a_weaker_connection(asked: str) -> None:
    _, found = deploy(bound(tls="verify-full"), warehouse=WAREHOUSE | {"sslmode": asked})
    assert [item.code for item in found] == ["E530"]


def test_who_asks_for_a_run_cannot_send_failed_rows_elsewhere() -> None:
    for doc, name in ((profile_doc(), None), (bound(), "theirs")):
        made, found = deploy(doc, warehouse=WAREHOUSE, warehouse_name=name)
        assert made == ()
        assert [item.code for item in found] == ["E532"]
    assert deploy(bound(), warehouse=WAREHOUSE, warehouse_name="main")[1] == ()


def test_a_variable_of_one_kind_is_no_key_of_the_others_secret() -> None:
    """The admission of manifests does not trust the templates."""
    from assay.compiler.diagnostics import Sink
    from assay.compiler.manifests import validate

    made = objects(bound(), warehouse=WAREHOUSE)
    for variable in pod(made)["containers"][0]["env"]:
        name = variable["valueFrom"]["secretKeyRef"]["name"]
        other = {"assay-source-shop": "assay-warehouse-main", "assay-warehouse-main": "assay-source-shop"}
        variable["valueFrom"]["secretKeyRef"]["name"] = other[name]
    sink = Sink()
    validate(list(made.values()), sink)
    assert {item.code for item in sink.items} == {"E542"}
    assert len(sink.items) == 3
