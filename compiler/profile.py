"""The deployment profile: what the customer allows a run to be, to use and to reach in their cluster.

It comes from the customer's side alone. A contract or a data source chooses among what is listed here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from assay.compiler import access, keeping
from assay.compiler import kubernetes as k8s
from assay.compiler.access import Access, Network, Tls, read_access, read_certificates, read_network
from assay.compiler.diagnostics import Sink
from assay.compiler.reading import Reader
from assay.protocol.address import Address, AddressError, hub_address, proxy_address
from assay.protocol.warehouse import WarehousePolicy

RESOURCES = ("cpu", "memory", "ephemeral-storage")


class Identity(StrEnum):
    """The cloud's way to give a service account a role. The account itself is the customer's."""

    NONE = "none"
    IRSA = "irsa"
    POD_IDENTITY = "pod-identity"
    GKE = "gke"
    AKS = "aks"


@dataclass(frozen=True, slots=True)
class Resources:
    """Amounts by resource, in the order of RESOURCES. `tmp` is the size of the scratch volume."""

    requests: tuple[tuple[str, str], ...]
    limits: tuple[tuple[str, str], ...]
    tmp: str


@dataclass(frozen=True, slots=True)
class Binding:
    """What one data source may use.

    resources  of its runs, in place of the profile's
    pools      whose agents may use it; empty: all
    warehouse  the name of the one that its failed rows go to; None: none are kept
    policy     what may be kept of them
    """

    source: str
    access: Access
    service_account: str
    resources: Resources
    pools: tuple[str, ...]
    warehouse: str | None
    policy: WarehousePolicy


@dataclass(frozen=True, slots=True)
class WarehouseBinding:
    """What a run may use to write to one diagnostics warehouse."""

    name: str
    access: Access


@dataclass(frozen=True, slots=True)
class Options:
    """What depends on the cluster.

    supplemental_groups  "Strict" needs Kubernetes 1.31 and containerd 2: elsewhere the pod never starts
    host_users           False gives the pod a user namespace: Kubernetes 1.33 and a recent kernel
    istio_inject         True leaves the choice to the mesh; a sidecar keeps a Job from ending on old versions
    """

    supplemental_groups: str | None
    host_users: bool | None
    istio_inject: bool
    identity: Identity


@dataclass(frozen=True, slots=True)
class Hub:
    """Who asks for runs, and gets their reports. A Job that is made for an instruction carries a token for it and
    is born suspended: the agent starts it.

    url, cleartext, proxy   as `protocol.address` reads them
    ca   root certificates in PEM, in place of those of the image; None: those of the image
    """

    url: str
    ca: str | None
    cleartext: str
    proxy: str
    audience: str
    token_seconds: int
    networks: tuple[Network, ...]


@dataclass(frozen=True, slots=True)
class Profile:
    namespace: str
    image: str
    bindings: tuple[Binding, ...]
    warehouses: tuple[WarehouseBinding, ...]
    resources: Resources
    labels: tuple[tuple[str, str], ...]
    annotations: tuple[tuple[str, str], ...]
    priority_class: str | None
    timeout: int
    ttl: int
    options: Options
    hub: Hub | None

    def binding(self, source: str) -> Binding | None:
        return next((b for b in self.bindings if b.source == source), None)

    def warehouse(self, binding: Binding) -> WarehouseBinding | None:
        """The one that the failed rows of a data source go to."""
        return next((w for w in self.warehouses if w.name == binding.warehouse), None)


DEFAULT_ACCOUNT = "assay-runner"
DEFAULT_REQUESTS = {"cpu": "100m", "memory": "256Mi", "ephemeral-storage": "64Mi"}
DEFAULT_LIMITS = {"memory": "1Gi", "ephemeral-storage": "1Gi"}
DEFAULT_TMP = "512Mi"

_Map: TypeAlias = Mapping[str, object]
_PROFILE_KEYS = (
    "namespace", "image", "serviceAccount", "sources", "warehouses", "resources", "labels", "annotations",
    "priorityClassName", "timeout", "ttl", "options", "hub",
)  # fmt: skip
_BINDING_KEYS = (*access.KEYS, "serviceAccount", "resources", "pools", "diagnostics")
_HUB_KEYS = ("url", "ca", "cleartextHost", "proxy", "audience", "tokenSeconds", "networks")
_OPTION_KEYS = ("supplementalGroupsPolicy", "hostUsers", "istioInject", "workloadIdentity")
_LABEL_RULE = "use lower case letters, digits and `-`, a letter or digit at both ends, 63 characters at most"
_NAME_RULE = "use lower case letters, digits, `-` and `.`, a letter or digit at both ends"


def parse_profile(doc: object, sink: Sink) -> Profile | None:
    """The profile in an already loaded document, or None where anything in it is wrong."""
    inner = Sink()
    profile = _profile(Reader(inner), doc)
    sink.extend(inner.items)
    return None if inner.failed else profile


def _profile(read: Reader, doc: object) -> Profile:
    top = read.mapping("profile", doc, _PROFILE_KEYS, required=("namespace", "image"))
    account = _account(read, top, "serviceAccount", DEFAULT_ACCOUNT)
    priority = read.text("priorityClassName", top.get("priorityClassName"))
    if priority is not None and (not k8s.dns_subdomain(priority) or priority.startswith("system-")):
        what = "the name of a priority class of yours"
        read.fault("E505", "priorityClassName", value=priority, what=what, rule=_NAME_RULE)
    image = read.text("image", top.get("image")) or ""
    if image and not k8s.image_by_digest(image):
        read.fault("E504", "image", value=image)
    resources = _resources(read, "resources", top.get("resources"))
    warehouses = _warehouses(read, top)
    namespace = read.text("namespace", top.get("namespace")) or ""
    if namespace and not k8s.dns_label(namespace):
        read.fault("E505", "namespace", value=namespace, what="the name of a namespace", rule=_LABEL_RULE)
    return Profile(
        namespace=namespace,
        image=image,
        bindings=_bindings(read, top, account, resources, warehouses),
        warehouses=warehouses,
        resources=resources,
        labels=_labels(read, "labels", top.get("labels")),
        annotations=_labels(read, "annotations", top.get("annotations")),
        priority_class=priority,
        timeout=read.number("timeout", top.get("timeout"), 3_600, 60, 604_800),
        ttl=read.number("ttl", top.get("ttl"), 86_400, 300, 2_592_000),
        options=_options(read, top.get("options")),
        hub=_hub(read, top.get("hub")),
    )


def _bindings(
    read: Reader, top: _Map, account: str, resources: Resources, warehouses: tuple[WarehouseBinding, ...]
) -> tuple[Binding, ...]:
    found: list[Binding] = []
    for source, value in read.entries("sources", top.get("sources")):
        path = f"sources.{source}"
        item = read.mapping(path, value, _BINDING_KEYS)
        own = item.get("resources")
        kept = read.mapping(f"{path}.diagnostics", item.get("diagnostics"), ("warehouse", *keeping.KEYS))
        names = {warehouse.name: warehouse for warehouse in warehouses}
        # Where the warehouses cannot be read, that was said.
        given = kept.get("warehouse") if isinstance(top.get("warehouses", {}), dict) else None
        name = read.choice(f"{path}.diagnostics.warehouse", given, tuple(names))
        own_access = read_access(read, path, item, k8s.SECRET_PREFIX, _least(top))
        if name is not None and own_access.networks and not names[name].access.networks:
            # What is not listed is closed.
            read.fault("E503", f"warehouses.{name}", name="networks")
        found.append(
            Binding(
                source=source,
                access=own_access,
                service_account=_account(read, item, f"{path}.serviceAccount", account),
                resources=resources if own is None else _resources(read, f"{path}.resources", own),
                pools=read.sequence(f"{path}.pools", item.get("pools"), _pool),
                warehouse=name,
                policy=keeping.read_policy(read, f"{path}.diagnostics", kept),
            )
        )
    return tuple(found)


def _warehouses(read: Reader, top: _Map) -> tuple[WarehouseBinding, ...]:
    found: list[WarehouseBinding] = []
    for name, value in read.entries("warehouses", top.get("warehouses")):
        path = f"warehouses.{name}"
        item = read.mapping(path, value, access.KEYS)
        given = read_access(read, path, item, k8s.WAREHOUSE_PREFIX, _least(top))
        found.append(WarehouseBinding(name, given))
    return tuple(found)


def _least(top: _Map) -> Tls | None:
    """To a host that a hub names, a password goes over a verified connection only."""
    return Tls.VERIFY_FULL if top.get("hub") is not None else None


def _account(read: Reader, item: _Map, path: str, default: str) -> str:
    name = read.text(path, item.get("serviceAccount"))
    if name is None:
        return default
    if not (name.startswith(k8s.ACCOUNT_PREFIX) and k8s.dns_subdomain(name)):
        read.fault("E510", path, value=name)
    return name


def _pool(read: Reader, path: str, value: object) -> str | None:
    return read.text(path, value)


def _resources(read: Reader, path: str, doc: object) -> Resources:
    item = read.mapping(path, doc, ("requests", "limits", "tmp"))
    requests = _amounts(read, f"{path}.requests", item.get("requests"), DEFAULT_REQUESTS)
    limits = _amounts(read, f"{path}.limits", item.get("limits"), DEFAULT_LIMITS)
    given = read.quantity(f"{path}.tmp", item.get("tmp"), "ephemeral-storage")
    for name, amount in requests.items():
        _within(read, f"{path}.requests.{name}", amount, limits.get(name), name)
    tmp = given or DEFAULT_TMP
    _within(read, f"{path}.tmp", tmp, limits["ephemeral-storage"], "ephemeral-storage")
    return Resources(_ordered(requests), _ordered(limits), tmp)


def _amounts(read: Reader, path: str, doc: object, defaults: Mapping[str, str]) -> dict[str, str]:
    item = read.mapping(path, doc, RESOURCES)
    given = {name: read.quantity(f"{path}.{name}", item.get(name), name) for name in RESOURCES}
    merged = {name: amount or defaults.get(name) for name, amount in given.items()}
    return {name: amount for name, amount in merged.items() if amount is not None}


def _within(read: Reader, path: str, amount: str, limit: str | None, resource: str) -> None:
    asked, most = k8s.amount(resource, amount), k8s.amount(resource, limit or "")
    if limit is not None and asked is not None and most is not None and asked > most:
        read.fault("E507", path, value=amount, limit=limit)


def _ordered(amounts: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    return tuple((name, amounts[name]) for name in RESOURCES if name in amounts)


def _labels(read: Reader, path: str, doc: object) -> tuple[tuple[str, str], ...]:
    """Labels, or annotations: the keys of both have one form, only labels restrict the value."""
    kind, article = path.removesuffix("s"), "a" if path == "labels" else "an"
    found: dict[str, str] = {}
    for key, value in read.entries(path, doc):
        place = f"{path}.{key}"
        if not k8s.label_key(key):
            read.fault("E511", place, value=key, what=f"the key of {article} {kind}")
        elif k8s.reserved_key(key):
            read.fault("E512", place, kind=kind, name=key)
        text = read.text(place, value)
        if text is not None and kind == "label" and not k8s.label_value(text):
            read.fault("E511", place, value=text, what="the value of a label")
        if text is not None and len(text) > 4_096:
            read.fault("E513", place, value=f"{len(text)} characters long", low="0", high="4096")
        found[key] = text or ""
    return tuple(sorted(found.items()))


def _options(read: Reader, doc: object) -> Options:
    item = read.mapping("options", doc, _OPTION_KEYS)
    identity = read.choice("options.workloadIdentity", item.get("workloadIdentity"), tuple(Identity))
    policy = item.get("supplementalGroupsPolicy")
    return Options(
        supplemental_groups=read.choice("options.supplementalGroupsPolicy", policy, ("Strict", "Merge")),
        host_users=read.flag("options.hostUsers", item.get("hostUsers")),
        istio_inject=bool(read.flag("options.istioInject", item.get("istioInject"))),
        identity=Identity(identity or Identity.NONE),
    )


def _hub(read: Reader, doc: object) -> Hub | None:
    if doc is None:
        return None
    item = read.mapping("hub", doc, _HUB_KEYS, required=("url",))
    url, cleartext, proxy = (
        read.text(f"hub.{key}", item.get(key)) or "" for key in ("url", "cleartextHost", "proxy")
    )
    if url and not _addressed(lambda: hub_address(url, cleartext=cleartext)):
        sample = "`https://` and its name; `http://` goes to the loopback, or to the host at `cleartextHost`"
        read.fault("E516", "hub.url", value=_without_user(url), what="the address of a hub", sample=sample)
    if proxy and not _addressed(lambda: proxy_address(proxy)):
        sample = "`http://` or `https://`, its name and its port"
        read.fault(
            "E516", "hub.proxy", value=_without_user(proxy), what="the address of a proxy", sample=sample
        )
    audience = read.text("hub.audience", item.get("audience"))
    seconds = read.number("hub.tokenSeconds", item.get("tokenSeconds"), 3_600, 600, 86_400)
    networks = read.sequence("hub.networks", item.get("networks"), read_network)
    return Hub(
        url,
        read_certificates(read, "hub.ca", item.get("ca")),
        cleartext,
        proxy,
        audience or "assay-hub",
        seconds,
        networks,
    )


def _addressed(read_address: Callable[[], Address]) -> bool:
    try:
        read_address()
    except AddressError:
        return False
    return True


def _without_user(url: str) -> str:
    """A password that somebody wrote into an address is not repeated."""
    before, at, after = url.rpartition("@")
    return f"…@{after}" if at and before else url
