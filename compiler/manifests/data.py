"""What goes into the ConfigMap: data source and warehouse as configured, and run.json. None may hold a secret."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from assay.compiler import kubernetes as k8s
from assay.compiler.diagnostics import Sink, did_you_mean
from assay.compiler.manifests.documents import Whose, document_text
from assay.compiler.profile import Binding, Hub, Profile, WarehouseBinding
from assay.compiler.reading import shown
from assay.protocol import run
from assay.protocol.bundle import Bundle
from assay.protocol.warehouse import WarehouseSpec

LIMIT = 900 * 1024
"""Bytes of a ConfigMap as JSON. The API server takes 1 MiB; other tools add annotations of their own."""
FILES = ("bundle.json", "source.json", "run.json")
SOURCE_CA = "source-ca.pem"
"""The root certificates of the binding, beside the others where it has some."""
HUB_CA = "hub-ca.pem"
WAREHOUSE = "warehouse.json"
WAREHOUSE_CA = "warehouse-ca.pem"


@dataclass(frozen=True, slots=True)
class Instruction:
    """What the hub asked for, as far as the objects of its attempt say it.

    deadline   seconds that the Job may take
    pool       whose agents may take the Job over from each other
    job_token  the pod's token for the hub is in a Secret of the Job's name, made by the agent; False: it is the
               cluster's own
    """

    id: str
    attempt: int
    fence: int
    deadline: int
    pool: str = "default"
    job_token: bool = False


def source_text(doc: object, binding: Binding, profile: Profile, sink: Sink) -> str | None:
    """The data source as canonical JSON, or None where it holds what it must not."""
    whose = Whose(
        "source", f"the data source `{shown(binding.source)}`", f"sources.{binding.source}", SOURCE_CA
    )
    return document_text(doc, binding.access, whose, profile.hub is not None, sink)


def warehouse_text(doc: object, warehouse: WarehouseBinding, profile: Profile, sink: Sink) -> str | None:
    """The same of the diagnostics warehouse."""
    name = warehouse.name
    whose = Whose("warehouse", f"the warehouse `{shown(name)}`", f"warehouses.{name}", WAREHOUSE_CA)
    return document_text(doc, warehouse.access, whose, profile.hub is not None, sink)


def run_spec(
    bundle: Bundle,
    digest: str,
    params: Mapping[str, str],
    binding: Binding,
    profile: Profile,
    sink: Sink,
    instruction: Instruction | None = None,
    warehouse: WarehouseBinding | None = None,
) -> run.RunSpec | None:
    """What run.json says, or None where the parameters are not those of the contract."""
    declared = {b.name: b for b in bundle.binds if b.name not in ("now", "today")}
    wrong = False
    for name, value in params.items():
        if name not in declared:
            known = ", ".join(f"`{n}`" for n in declared) or "none"
            near = did_you_mean(name[:64], tuple(declared))
            sink.add("E527", None, suggestion=near, name=shown(name), known=known)
            wrong = True
        elif not k8s.printable(value):
            sink.add("E515", None, path=shown(f"params.{name}"))
            wrong = True
    for name, bind in declared.items():
        if bind.default is None and name not in params:
            sink.add("E528", None, name=shown(name))
            wrong = True
    if wrong:
        return None
    return run.RunSpec(
        format=run.FORMAT,
        contract=bundle.contract,
        version=bundle.version,
        bundle=FILES[0],
        bundle_sha256=digest,
        source=FILES[1],
        source_name=binding.source,
        params=dict(params),
        secrets=binding.access.mode.value,
        keys=binding.access.keys,
        hosts=binding.access.hosts,
        ports=binding.access.ports,
        timeout=timeout(profile, instruction),
        report="stdout" if instruction is None else "hub",
        hub=_hub(profile.hub, instruction),
        warehouse=None if warehouse is None else _warehouse(warehouse, binding),
    )


def _warehouse(warehouse: WarehouseBinding, binding: Binding) -> WarehouseSpec:
    access = warehouse.access
    return WarehouseSpec(
        WAREHOUSE, access.mode.value, access.keys, access.hosts, access.ports, binding.policy
    )


def _hub(hub: Hub | None, instruction: Instruction | None) -> run.HubSpec | None:
    if hub is None or instruction is None:
        return None
    return run.HubSpec(
        url=hub.url,
        instruction=instruction.id,
        attempt=instruction.attempt,
        fence=instruction.fence,
        ca="" if hub.ca is None else HUB_CA,
        cleartext=hub.cleartext,
        proxy=hub.proxy,
    )


def timeout(profile: Profile, instruction: Instruction | None) -> int:
    """Seconds that a Job may take: the customer's limit, and the hub's where it is less."""
    return profile.timeout if instruction is None else min(profile.timeout, instruction.deadline)
