"""From a sealed bundle, a data source and a profile to manifests. Same input, same text."""

from __future__ import annotations

import hashlib
import ipaddress
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Protocol

from msgspec.structs import replace as replace_fields

from assay.compiler import kubernetes as k8s
from assay.compiler.access import CLOUD_NETWORKS, Access, Network, SecretMode
from assay.compiler.diagnostics import Sink, did_you_mean
from assay.compiler.manifests import context
from assay.compiler.manifests.data import (
    FILES,
    HUB_CA,
    LIMIT,
    SOURCE_CA,
    WAREHOUSE,
    WAREHOUSE_CA,
    Instruction,
    run_spec,
    source_text,
    timeout,
    warehouse_text,
)
from assay.compiler.manifests.render import Rendered, render
from assay.compiler.manifests.validate import validate
from assay.compiler.profile import Binding, Identity, Profile, WarehouseBinding
from assay.compiler.reading import shown
from assay.protocol import run
from assay.protocol import warehouse as kept_rows
from assay.protocol.agent import job_name
from assay.protocol.bundle import Bundle, digest

_STARTING_DEADLINE = 3_600
_IDENTITY_ADDRESS: Mapping[Identity, tuple[Network, ...]] = {
    # https://docs.aws.amazon.com/eks/latest/userguide/pod-identities.html
    Identity.POD_IDENTITY: (Network("169.254.170.23/32", (80,)), Network("fd00:ec2::23/128", (80,))),
    # https://cloud.google.com/kubernetes-engine/docs/how-to/workload-identity (988: without Dataplane V2)
    Identity.GKE: (Network("169.254.169.252/32", (988,)), Network("169.254.169.254/32", (80,))),
}


@dataclass(frozen=True, slots=True)
class Manifest:
    """One object: its name in the cluster, the file to write, the YAML, and what that loads to."""

    name: str
    filename: str
    text: str
    tree: Mapping[str, Any]


class Schedule(Protocol):
    """`ir.Schedule`, or anything like it."""

    @property
    def cron(self) -> str: ...

    @property
    def zone(self) -> str: ...


_NO_PARAMS: Mapping[str, str] = {}


def manifests(
    bundle_bytes: bytes,
    bundle: Bundle,
    source_doc: object,
    profile: Profile,
    sink: Sink,
    *,
    schedule: Schedule | None = None,
    params: Mapping[str, str] = _NO_PARAMS,
    instruction: Instruction | None = None,
    warehouse_doc: object = None,
    warehouse_name: str | None = None,
) -> tuple[Manifest, ...]:
    """A ConfigMap and a Job, or a CronJob where there is a schedule; and a NetworkPolicy where the binding
    names networks. Empty where anything is wrong: the sink says what.

    Names come from the content. Another bundle, source or profile makes another Job and ConfigMap, as both
    cannot be changed in place; a CronJob keeps its name, as it can. For an instruction of a hub they are named
    after its attempt, so that a second create finds the first; its NetworkPolicy is there already. The annotation
    `assay/spec-sha256` is the same whatever the fence is: a Job of an earlier lease is the same Job.

    warehouse_doc is the diagnostics warehouse that failed rows go to, warehouse_name what the hub calls it; None:
    failed rows are not kept.

    Raises ValueError for an instruction where the profile has no hub, or with a schedule.
    """
    if instruction is not None and (profile.hub is None or schedule is not None):
        raise ValueError("an instruction comes from a hub, which has the schedule")
    binding = profile.binding(bundle.source)
    if binding is None:
        near = did_you_mean(bundle.source, tuple(b.source for b in profile.bindings))
        sink.add("E520", None, suggestion=near, name=shown(bundle.source))
        return ()
    warehouse = None if warehouse_doc is None else profile.warehouse(binding)
    if warehouse_doc is not None and (warehouse is None or warehouse_name not in (None, warehouse.name)):
        sink.add("E532", None, source=shown(binding.source), which=_which(warehouse_name))
        return ()
    sha = digest(bundle_bytes)
    source = source_text(source_doc, binding, profile, sink)
    kept = None if warehouse is None else warehouse_text(warehouse_doc, warehouse, profile, sink)
    spec = run_spec(bundle, sha, params, binding, profile, sink, instruction, warehouse)
    cron = None if schedule is None else _cron(schedule, sink)
    if source is None or spec is None or (schedule is not None and cron is None):
        return ()
    if warehouse is not None and kept is None:
        return ()
    data = {
        "bundle.json": bundle_bytes.decode(),
        "source.json": source,
        "run.json": run.encode(spec).decode(),
    }
    if binding.access.ca is not None:
        data[SOURCE_CA] = binding.access.ca
    if kept is not None:
        data[WAREHOUSE] = kept
    if warehouse is not None and warehouse.access.ca is not None:
        data[WAREHOUSE_CA] = warehouse.access.ca
    if instruction is not None and profile.hub is not None and profile.hub.ca is not None:
        data[HUB_CA] = profile.hub.ca
    if instruction is None:
        contexts = _contexts(bundle, sha, data, profile, binding, warehouse, cron)
    else:
        contexts = _attempt(bundle, spec, data, profile, binding, warehouse, instruction)
    rendered = [(made, render(made)) for made in contexts]
    return _checked(rendered, sink)


def _which(name: str | None) -> str:
    return "this warehouse" if name is None else f"the warehouse `{shown(name)}`"


def _contexts(
    bundle: Bundle,
    sha: str,
    data: Mapping[str, str],
    profile: Profile,
    binding: Binding,
    warehouse: WarehouseBinding | None,
    cron: tuple[str, str] | None,
) -> tuple[context.Context, ...]:
    namespace = profile.namespace
    content = _hash(namespace, *data.values())
    labels = _labels(bundle, sha, profile)
    notes = (("assay/bundle-sha256", sha), *profile.annotations)
    name = f"assay-{k8s.slug(bundle.contract, 30)}"
    config = context.ConfigMap(
        name=f"{name}-{content[:12]}",
        namespace=namespace,
        labels=labels,
        annotations=tuple(sorted(notes)),
        bundle=data["bundle.json"],
        source=data["source.json"],
        run=data["run.json"],
        more=_further(data),
    )
    job = _job(profile, binding, warehouse, labels, config.name, None)
    spec = _hash(content, repr(job))
    notes = tuple(sorted((*notes, ("assay/spec-sha256", f"sha256:{spec}"))))
    job = replace(job, annotations=tuple(sorted((*notes, *job.annotations))))
    made: list[context.Context] = [config]
    if cron is None:
        made.append(context.Job(f"{name}-{spec[:12]}", namespace, labels, notes, job))
    else:
        name = f"{name}-{_hash(bundle.contract, bundle.source)[:12]}"
        late = _STARTING_DEADLINE
        made.append(context.CronJob(name, namespace, labels, notes, cron[0], cron[1], late, job))
    if binding.access.networks:
        made.append(_network_policy(profile, binding))
    return tuple(made)


def _attempt(
    bundle: Bundle,
    spec: run.RunSpec,
    data: Mapping[str, str],
    profile: Profile,
    binding: Binding,
    warehouse: WarehouseBinding | None,
    instruction: Instruction,
) -> tuple[context.Context, ...]:
    """The objects of one attempt, all under one name."""
    sha = spec.bundle_sha256
    fenceless = None if spec.hub is None else replace_fields(spec.hub, fence=1)
    lasting = run.encode(replace_fields(spec, hub=fenceless)).decode()
    content = _hash(profile.namespace, *({**data, "run.json": lasting}).values())
    name, namespace = job_name(instruction.id, instruction.attempt), profile.namespace
    own = (
        ("assay/instruction", instruction.id),
        ("assay/attempt", str(instruction.attempt)),
        ("assay/pool", k8s.unique_slug(instruction.pool)),
    )
    labels = tuple(sorted((*_labels(bundle, sha, profile), *own)))
    notes = [("assay/bundle-sha256", sha), ("assay/fence", str(instruction.fence)), *profile.annotations]
    config = context.ConfigMap(
        name=name,
        namespace=namespace,
        labels=labels,
        annotations=tuple(sorted(notes)),
        bundle=data["bundle.json"],
        source=data["source.json"],
        run=data["run.json"],
        more=_further(data),
    )
    job = _job(profile, binding, warehouse, labels, name, instruction)
    notes.append(("assay/spec-sha256", f"sha256:{_hash(content, repr(job))}"))
    job = replace(job, annotations=tuple(sorted((*notes, *job.annotations))))
    return (config, context.Job(name, namespace, labels, tuple(sorted(notes)), job))


def _further(data: Mapping[str, str]) -> context.Pairs:
    return tuple((name, text) for name, text in data.items() if name not in FILES)


def _hash(*parts: str) -> str:
    whole = hashlib.sha256()
    for part in parts:
        data = part.encode()
        whole.update(b"%d:" % len(data) + data)
    return whole.hexdigest()


def _labels(bundle: Bundle, sha: str, profile: Profile) -> context.Pairs:
    """Names that people gave come in as slugs, for the short alphabet. The ConfigMap has them in full."""
    return tuple(
        sorted(
            (
                ("app.kubernetes.io/name", "assay"),
                ("app.kubernetes.io/component", "run"),
                ("app.kubernetes.io/managed-by", "assay"),
                ("assay/bundle", sha.removeprefix("sha256:")[:32]),
                ("assay/contract", k8s.unique_slug(bundle.contract)),
                ("assay/source", k8s.unique_slug(bundle.source)),
                *profile.labels,
            )
        )
    )


def _job(
    profile: Profile,
    binding: Binding,
    warehouse: WarehouseBinding | None,
    labels: context.Pairs,
    config_map: str,
    instruction: Instruction | None,
) -> context.JobSpec:
    options, hub = profile.options, None if instruction is None else profile.hub
    given = instruction is not None and instruction.job_token
    notes = [("cluster-autoscaler.kubernetes.io/safe-to-evict", "false")]
    if not options.istio_inject:
        notes.append(("sidecar.istio.io/inject", "false"))
    if options.identity is Identity.AKS:
        labels = tuple(sorted((*labels, ("azure.workload.identity/use", "true"))))
    secrets = [("secrets", run.SECRET_VARIABLE, run.SECRET_FOLDER, binding.access)]
    if warehouse is not None:
        secrets.append(
            ("warehouse-secrets", kept_rows.SECRET_VARIABLE, kept_rows.SECRET_FOLDER, warehouse.access)
        )
    return context.JobSpec(
        deadline=timeout(profile, instruction),
        ttl=profile.ttl,
        suspend=instruction is not None,
        labels=labels,
        annotations=tuple(notes),
        service_account=binding.service_account,
        host_users=options.host_users,
        priority_class=profile.priority_class,
        supplemental_groups=options.supplemental_groups,
        image=profile.image,
        pod_uid=None if instruction is None else run.POD_UID,
        env=tuple(one for _, prefix, _, access in secrets for one in _variables(prefix, access)),
        files=tuple(one for volume, _, folder, access in secrets for one in _files(volume, folder, access)),
        requests=binding.resources.requests,
        limits=binding.resources.limits,
        tmp=binding.resources.tmp,
        config_map=config_map,
        audience=None if hub is None or given else hub.audience,
        token_seconds=0 if hub is None else hub.token_seconds,
        token_secret=config_map if given else None,
    )


def _variables(prefix: str, access: Access) -> Iterator[context.Variable]:
    if access.mode is SecretMode.ENV and access.secret is not None:
        for key in access.keys:
            yield context.Variable(prefix + key, access.secret, key)


def _files(volume: str, folder: str, access: Access) -> Iterator[context.SecretFiles]:
    if access.mode is SecretMode.FILE and access.secret is not None and access.keys:
        yield context.SecretFiles(volume, folder, access.secret, access.keys)


def _network_policy(profile: Profile, binding: Binding) -> context.NetworkPolicy:
    """The same for every contract of a data source, so that they share one object: with its warehouse, whether
    or not a contract keeps failed rows."""
    source = k8s.unique_slug(binding.source)
    selector = (("app.kubernetes.io/name", "assay"), ("assay/source", source))
    hub = () if profile.hub is None else profile.hub.networks
    identity = _IDENTITY_ADDRESS.get(profile.options.identity, ())
    warehouse = profile.warehouse(binding)
    kept = () if warehouse is None else warehouse.access.networks
    networks = dict.fromkeys((*binding.access.networks, *kept, *hub))
    rules = [context.Egress(n.cidr, _excepted(n.cidr), n.ports) for n in networks]
    rules += [context.Egress(n.cidr, (), n.ports) for n in identity]
    return context.NetworkPolicy(
        name=f"assay-egress-{k8s.unique_slug(binding.source, 50)}",
        namespace=profile.namespace,
        labels=tuple(sorted((*selector, *profile.labels))),
        annotations=profile.annotations,
        selector=selector,
        egress=tuple(rules),
    )


def _excepted(cidr: str) -> tuple[str, ...]:
    """The networks with a node's credentials that a wide network would open."""
    outer = ipaddress.ip_network(cidr)
    inside = [n for n in CLOUD_NETWORKS if n.version == outer.version and n.network_address in outer]
    return tuple(str(n) for n in inside if n.prefixlen > outer.prefixlen)


def _cron(schedule: Schedule, sink: Sink) -> tuple[str, str] | None:
    cron = k8s.cron(schedule.cron)
    if cron is None:
        rule = "write minute, hour, day, month and day of the week, with `*`, `,`, `-` and `/`"
        sink.add("E526", None, value=shown(schedule.cron), what="the schedule", rule=rule)
    if not k8s.time_zone(schedule.zone):
        rule = "write a name of the IANA list, such as `Europe/Brussels`"
        sink.add("E526", None, value=shown(schedule.zone), what="the time zone", rule=rule)
        return None
    return None if cron is None else (cron, schedule.zone)


def _checked(rendered: list[tuple[context.Context, Rendered]], sink: Sink) -> tuple[Manifest, ...]:
    found = Sink()
    for made, result in rendered:
        if isinstance(made, context.ConfigMap) and len(result.text.encode()) > LIMIT:
            parts = {
                "bundle.json": made.bundle,
                "source.json": made.source,
                "run.json": made.run,
                **dict(made.more),
            }
            largest = max(parts, key=lambda name: len(parts[name]))
            size, most = len(result.text.encode()), len(parts[largest].encode())
            found.add("E525", None, size=str(size), limit=str(LIMIT), largest=largest, bytes=str(most))
    if not found.failed:
        validate([result.tree for _, result in rendered], found)
    sink.extend(found.items)
    if found.failed:
        return ()
    return tuple(
        Manifest(made.name, made.TEMPLATE.removesuffix(".j2"), result.text, result.tree)
        for made, result in rendered
    )
