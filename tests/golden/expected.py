"""What the compiler makes of a case, as texts by file name: one per stage, one per dialect."""

from __future__ import annotations

import json
from functools import cache

import msgspec
import yaml

from assay.cli.artefacts import egress_text
from assay.compiler import ir
from assay.compiler.diagnostics import Sink
from assay.compiler.dump import dump
from assay.compiler.lower import sql_text
from assay.compiler.manifests import manifests
from assay.compiler.plan import Plan
from assay.compiler.profile import Profile, parse_profile
from assay.compiler.render import render_text
from tests.golden.cases import ENGINES, ROOT, Case

RESULTS = ("failed.json", "result.json")
"""Written by running the case; everything else by compiling it."""
MANIFESTS_OF = "postgres"


def stages(case: Case) -> dict[str, str]:
    made = case.compiled
    assert made.contract is not None, told(case)
    assert not made.failed, told(case)
    programs = made.programs
    files = {"ast.txt": dump(made.file), "ir.txt": dump(made.contract)}
    plans = {name: plan_text(programs[name].plan) for name in ENGINES}
    same = len(set(plans.values())) == 1
    files["plan.txt"] = plans[ENGINES[0]] if same else "\n".join(f"== {n}\n\n{x}" for n, x in plans.items())
    for name in ENGINES:
        files[f"{name}.sql"] = sql_text(programs[name].lowered)
    files["egress.txt"] = egress_text(programs[MANIFESTS_OF].lowered.bundle)
    files["bundle.json"] = _bundles(case)
    files |= _manifests(case, made.contract)
    if made.diagnostics:
        files["warnings.txt"] = told(case)
    return files


def told(case: Case) -> str:
    """What the compiler says about the contract."""
    return render_text(case.compiled.diagnostics, case.compiled.sources)


def plan_text(plan: Plan) -> str:
    """A plan without what it takes over from the contract as it is: ids stand for checks."""
    verdicts = [
        (v.head.id, {"unit": v.unit.value, "value": v.value, "bounds": v.bounds, "failed": v.failed,
                     "tested": v.tested, "egress": v.egress.value, "scan": v.scan})
        for v in plan.verdicts
    ]  # fmt: skip
    captures = [(c.check, type(c.rows).__name__, c.columns, c.keep) for c in plan.captures]
    parts = {"scans": list(plan.scans), "verdicts": verdicts, "captures": captures}
    return "\n".join(f"{name}\n\n{dump(part)}" for name, part in parts.items())


def _bundles(case: Case) -> str:
    head = {
        name: {"digest": program.sealed.digest, "bytes": len(program.sealed.data)}
        for name, program in case.compiled.programs.items()
    }
    shown = json.loads(case.compiled.programs[MANIFESTS_OF].sealed.data)
    return json.dumps({**head, "bundle": shown}, ensure_ascii=False, indent=1) + "\n"


@cache
def deployment() -> tuple[object, Profile]:
    """The data source and the profile of golden/profile.yml."""
    doc = yaml.safe_load((ROOT / "profile.yml").read_text(encoding="utf-8"))
    sink = Sink()
    profile = parse_profile(doc["deployment"], sink)
    assert profile is not None, sink.items
    return doc["source"], profile


def _manifests(case: Case, contract: ir.Contract) -> dict[str, str]:
    source, profile = deployment()
    program = case.compiled.programs[MANIFESTS_OF]
    sink = Sink()
    made = manifests(
        program.sealed.data,
        msgspec.json.decode(program.sealed.data, type=type(program.lowered.bundle)),
        source,
        profile,
        sink,
        schedule=contract.schedule,
        params=case.params,
    )
    assert not sink.items, sink.items
    return {item.filename: _without_bundle(item.text, program.sealed.data) for item in made}


def _without_bundle(text: str, data: bytes) -> str:
    """The bundle in a ConfigMap is the one of bundle.json, byte for byte; its text is left out here."""
    doc = yaml.safe_load(text)
    if doc["kind"] != "ConfigMap":
        return text
    assert doc["data"]["bundle.json"].encode() == data
    lines = [
        f"  bundle.json: …{len(data)} bytes" if line.startswith("  bundle.json:") else line
        for line in text.splitlines()
    ]
    return "\n".join(lines) + "\n"
