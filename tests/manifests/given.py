"""What the tests of manifests start from, and documents that say what to change in it."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import yaml

from assay.compiler.bundle import seal
from assay.compiler.codes import table
from assay.compiler.diagnostics import Diagnostic, Sink
from assay.compiler.manifests import Instruction, Manifest, manifests, validate
from assay.compiler.profile import Profile, parse_profile
from assay.compiler.render import render_text
from assay.protocol.bundle import BindSpec, Bundle, ColumnSpec, MeasureSpec, Query, SchemaSpec, TypeSpec

Doc = dict[str, Any]
IMAGE = "registry.example.com/assay-runner@sha256:" + "0123456789abcdef" * 4
CA = "-----BEGIN CERTIFICATE-----\nMIIB+/x=\n-----END CERTIFICATE-----\n"
INSTRUCTION = Instruction("01j9zzzzzzzzzzzzzzzzzzzzzz", 2, 7, 1800)
SOURCE: Doc = {
    "type": "postgres",
    "host": "db.example.com",
    "port": 5432,
    "user": "reader",
    "password": "${env.PGPASSWORD}",
}


WAREHOUSE: Doc = {
    "type": "postgres",
    "host": "rows.example.com",
    "port": 5433,
    "database": "diagnostics",
    "user": "assay_runner",
    "password": "${env.PGPASSWORD}",
    "mask_key": "${env.MASK_KEY}",
}


@dataclass(frozen=True)
class Schedule:
    cron: str
    zone: str


HUB: Doc = {"url": "https://hub.example.com"}
DAILY = Schedule("0 6 * * 1-7", "Europe/Brussels")


def profile_doc(**changes: Any) -> Doc:
    binding = {"secretName": "assay-source-shop", "keys": ["PGPASSWORD"], "hosts": ["db.example.com"]}
    return {"namespace": "assay-runs", "image": IMAGE, "sources": {"shop": binding}} | changes


def full_profile_doc(**changes: Any) -> Doc:
    """Every key of a profile is set."""
    doc: Doc = {
        "namespace": "assay-runs",
        "image": IMAGE,
        "serviceAccount": "assay-runner",
        "sources": {
            "shop": {
                "secretName": "assay-source-shop",
                "keys": ["PGUSER", "PGPASSWORD"],
                "hosts": ["db.example.com"],
                "ports": [5432],
                "networks": [
                    {"cidr": "0.0.0.0/0", "ports": [5432]},
                    {"cidr": "10.1.0.0/16", "ports": [5432]},
                ],
                "serviceAccount": "assay-source-shop",
                "mode": "file",
                "diagnostics": {
                    "warehouse": "main",
                    "rows": 1000,
                    "bytes": 1_000_000,
                    "cell": 200,
                    "columns": ["id", "email", "phone"],
                    "masks": {"email": "hash", "phone": "prefix 4", "note": "redact"},
                    "sensitive": "masked",
                    "days": 30,
                },
            }
        },
        "warehouses": {
            "main": {
                "secretName": "assay-warehouse-main",
                "keys": ["PGPASSWORD", "MASK_KEY"],
                "hosts": ["rows.example.com"],
                "ports": [5433],
                "networks": [{"cidr": "10.2.0.0/16", "ports": [5433]}],
                "mode": "file",
                "tls": "verify-full",
                "ca": CA,
            }
        },
        "resources": {
            "requests": {"cpu": "250m", "memory": "512Mi", "ephemeral-storage": "1Gi"},
            "limits": {"cpu": 2, "memory": "2Gi", "ephemeral-storage": "4Gi"},
            "tmp": "2Gi",
        },
        "labels": {"team": "data", "kueue.x-k8s.io/queue-name": "contracts"},
        "annotations": {"example.com/note": "see the runbook: $(HOME) {{ x }} 'é'"},
        "priorityClassName": "batch-low",
        "timeout": 7200,
        "ttl": 3600,
        "options": {
            "supplementalGroupsPolicy": "Strict",
            "hostUsers": False,
            "istioInject": False,
            "workloadIdentity": "aks",
        },
        "hub": {
            "url": "https://hub.example.com/assay",
            "ca": f"# the company's\n{CA}",
            "proxy": "http://proxy.example.com:3128",
            "audience": "assay-hub",
            "tokenSeconds": 1800,
            "networks": [{"cidr": "203.0.113.7/32", "ports": [443]}],
        },
    }
    return doc | changes


def profile(doc: Doc) -> Profile:
    sink = Sink()
    found = parse_profile(doc, sink)
    assert found is not None, [tell(item) for item in sink.items]
    return found


def bundle(**changes: Any) -> Bundle:
    fields: Doc = {
        "format": 1,
        "compiler": "0.1.0",
        "dialect": "postgres",
        "contract": "shop.orders",
        "version": "2.1.0",
        "file": "orders.contract",
        "source": "shop",
        "table": ("public", "orders"),
        "schema": SchemaSpec(id="orders.schema", mode="open", words="schema open", line=3),
        "columns": (ColumnSpec("id", TypeSpec("integer")),),
        "binds": (),
        "queries": (Query("q1", "FROM public.orders", (MeasureSpec("m1", "COUNT(*)", "count"),)),),
        "checks": (),
        "captures": (),
    }
    return Bundle(**(fields | changes))


def deploy(
    doc: Doc | None = None,
    *,
    made: Bundle | None = None,
    source: object = None,
    schedule: Schedule | None = None,
    params: Mapping[str, str] | None = None,
    instruction: Instruction | None = None,
    warehouse: object = None,
    warehouse_name: str | None = None,
) -> tuple[tuple[Manifest, ...], tuple[Diagnostic, ...]]:
    sink = Sink()
    made = made or bundle()
    doc = profile_doc() if doc is None else doc
    given = SOURCE if source is None else source
    data = seal(made).data
    found = manifests(
        data, made, given, profile(doc), sink,
        schedule=schedule, params=params or {}, instruction=instruction,
        warehouse_doc=warehouse, warehouse_name=warehouse_name,
    )  # fmt: skip
    return found, sink.items


def objects(*args: Any, **named: Any) -> dict[str, Doc]:
    """The objects of a deployment by kind, as any YAML reader has them."""
    found, wrong = deploy(*args, **named)
    assert not wrong, [tell(item) for item in wrong]
    loaded = [yaml.safe_load(each.text) for each in found]
    return {each["kind"]: each for each in loaded}


def tell(item: Diagnostic) -> str:
    """The diagnostic as people see it; a sentence with a gap is a fault."""
    code = table()[item.code]
    for sentence in (code.message, code.help):
        sentence.format(**item.facts)
    return render_text([item], {})


def diagnose(doc: Any) -> tuple[Diagnostic, ...]:
    """What a document of golden/errors gives. It is one of

    - a profile
    - `profile`, `source` and perhaps `warehouse`, `schedule`, `params`, `contract`: a deployment
    - `change`: one value of the manifests of a usual deployment, by `kind`, `path` and `to`
    - a manifest
    """
    sink = Sink()
    match doc:
        case {"profile": _}:
            return _deployment(doc)
        case {"change": {"kind": str(kind), "path": str(path), "to": to}}:
            schedule = Schedule("0 6 * * *", "UTC") if kind == "CronJob" else None
            found = objects(full_profile_doc(), schedule=schedule)
            change(found[kind], path, to)
            validate(list(found.values()), sink)
        case {"apiVersion": _}:
            validate([doc], sink)
        case _:
            parse_profile(doc, sink)
    return sink.items


def _deployment(doc: Doc) -> tuple[Diagnostic, ...]:
    contract = doc.get("contract", {})
    binds = [BindSpec(name, TypeSpec("date")) for name in contract.get("required", ())]
    binds += [BindSpec(name, TypeSpec("date"), "today-7d") for name in contract.get("optional", ())]
    schedule = doc.get("schedule")
    _, found = deploy(
        doc["profile"],
        made=bundle(prose="x" * contract.get("bytes", 0), binds=tuple(binds)),
        source=doc.get("source"),
        warehouse=doc.get("warehouse"),
        schedule=None if schedule is None else Schedule(schedule["cron"], schedule["zone"]),
        params=doc.get("params"),
    )
    return found


REMOVE = object()


def change(tree: Any, path: str, to: object) -> None:
    """Sets, or removes, what stands at a path such as `spec.containers.0.name`; `~` is a dot in a key."""
    way: list[Any] = [int(part) if part.isdigit() else part.replace("~", ".") for part in path.split(".")]
    last = way.pop()
    for part in way:
        tree = tree[part]
    if to is REMOVE:
        del tree[last]
    elif isinstance(tree, list) and last == len(tree):
        tree.append(copy.deepcopy(to))
    else:
        tree[last] = copy.deepcopy(to)
