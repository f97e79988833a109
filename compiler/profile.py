"""The deployment profile: what the customer allows a run to be, to use and to reach in their cluster.

It comes from the customer's side alone. A contract or a data source chooses among what is listed here.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from assay.compiler import kubernetes as k8s
from assay.compiler.diagnostics import Sink, did_you_mean
from assay.protocol.address import Address, AddressError, hub_address, proxy_address

RESOURCES = ("cpu", "memory", "ephemeral-storage")
CLOUD_NETWORKS = tuple(map(ipaddress.ip_network, ("169.254.0.0/16", "fe80::/10", "fd00:ec2::/32")))
"""Where clouds keep the credentials of a node. `workloadIdentity` opens single addresses of them."""


class SecretMode(StrEnum):
    """How a run gets its secrets: as environment variables, or as files that no /proc/*/environ shows."""

    ENV = "env"
    FILE = "file"


class Tls(StrEnum):
    """How a connection is protected, from nothing to a certificate for exactly this host (libpq's words)."""

    DISABLE = "disable"
    PREFER = "prefer"
    REQUIRE = "require"
    VERIFY_CA = "verify-ca"
    VERIFY_FULL = "verify-full"

    @property
    def rank(self) -> int:
        return tuple(Tls).index(self)


class Identity(StrEnum):
    """The cloud's way to give a service account a role. The account itself is the customer's."""

    NONE = "none"
    IRSA = "irsa"
    POD_IDENTITY = "pod-identity"
    GKE = "gke"
    AKS = "aks"


@dataclass(frozen=True, slots=True)
class Network:
    cidr: str
    ports: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Resources:
    """Amounts by resource, in the order of RESOURCES. `tmp` is the size of the scratch volume."""

    requests: tuple[tuple[str, str], ...]
    limits: tuple[tuple[str, str], ...]
    tmp: str


@dataclass(frozen=True, slots=True)
class Binding:
    """What one data source may use.

    hosts, ports   where it may connect to; empty sets no limit
    networks       the same for the cluster; empty makes no NetworkPolicy
    tls            the least that protects its connection; None leaves it to the data source
    ca             root certificates in PEM to verify its server with; None: those of the runner's system
    resources      of its runs, in place of the profile's
    pools          whose agents may use it; empty: all
    """

    source: str
    secret: str | None
    keys: tuple[str, ...]
    hosts: tuple[str, ...]
    ports: tuple[int, ...]
    networks: tuple[Network, ...]
    service_account: str
    mode: SecretMode
    tls: Tls | None
    ca: str | None
    resources: Resources
    pools: tuple[str, ...]


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


DEFAULT_ACCOUNT = "assay-runner"
DEFAULT_REQUESTS = {"cpu": "100m", "memory": "256Mi", "ephemeral-storage": "64Mi"}
DEFAULT_LIMITS = {"memory": "1Gi", "ephemeral-storage": "1Gi"}
DEFAULT_TMP = "512Mi"

_T = TypeVar("_T")
_Map = Mapping[str, object]
_PROFILE_KEYS = (
    "namespace", "image", "serviceAccount", "sources", "resources", "labels", "annotations",
    "priorityClassName", "timeout", "ttl", "options", "hub",
)  # fmt: skip
_BINDING_KEYS = (
    "secretName", "keys", "hosts", "ports", "networks", "serviceAccount", "mode", "tls", "ca", "resources", "pools",
)  # fmt: skip
_HUB_KEYS = ("url", "ca", "cleartextHost", "proxy", "audience", "tokenSeconds", "networks")
_OPTION_KEYS = ("supplementalGroupsPolicy", "hostUsers", "istioInject", "workloadIdentity")
_LABEL_RULE = "use lower case letters, digits and `-`, a letter or digit at both ends, 63 characters at most"
_NAME_RULE = "use lower case letters, digits, `-` and `.`, a letter or digit at both ends"


def parse_profile(doc: object, sink: Sink) -> Profile | None:
    """The profile in an already loaded document, or None where anything in it is wrong."""
    inner = Sink()
    profile = _profile(_Reader(inner), doc)
    sink.extend(inner.items)
    return None if inner.failed else profile


def _profile(read: _Reader, doc: object) -> Profile:
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
    namespace = read.text("namespace", top.get("namespace")) or ""
    if namespace and not k8s.dns_label(namespace):
        read.fault("E505", "namespace", value=namespace, what="the name of a namespace", rule=_LABEL_RULE)
    return Profile(
        namespace=namespace,
        image=image,
        bindings=_bindings(read, top, account, resources),
        resources=resources,
        labels=_labels(read, "labels", top.get("labels")),
        annotations=_labels(read, "annotations", top.get("annotations")),
        priority_class=priority,
        timeout=read.number("timeout", top.get("timeout"), 3_600, 60, 604_800),
        ttl=read.number("ttl", top.get("ttl"), 86_400, 300, 2_592_000),
        options=_options(read, top.get("options")),
        hub=_hub(read, top.get("hub")),
    )


def _bindings(read: _Reader, top: _Map, account: str, resources: Resources) -> tuple[Binding, ...]:
    # To a host that a hub names, a password goes over a verified connection only.
    tls = Tls.VERIFY_FULL if top.get("hub") is not None else None
    found: list[Binding] = []
    for source, value in read.entries("sources", top.get("sources")):
        path = f"sources.{source}"
        item = read.mapping(path, value, _BINDING_KEYS)
        secret = read.text(f"{path}.secretName", item.get("secretName"))
        if secret is not None and not (secret.startswith(k8s.SECRET_PREFIX) and k8s.dns_subdomain(secret)):
            read.fault("E509", f"{path}.secretName", value=secret)
        keys = read.sequence(f"{path}.keys", item.get("keys"), _secret_key)
        if keys and item.get("secretName") is None:
            read.fault("E503", path, name="secretName")
        mode = read.choice(f"{path}.mode", item.get("mode"), tuple(SecretMode))
        least = read.choice(f"{path}.tls", item.get("tls"), tuple(Tls))
        own = item.get("resources")
        found.append(
            Binding(
                source=source,
                secret=secret,
                keys=tuple(sorted(set(keys))),
                hosts=read.sequence(f"{path}.hosts", item.get("hosts"), _host),
                ports=read.sequence(f"{path}.ports", item.get("ports"), _port),
                networks=read.sequence(f"{path}.networks", item.get("networks"), _network),
                service_account=_account(read, item, f"{path}.serviceAccount", account),
                mode=SecretMode(mode or SecretMode.ENV),
                tls=tls if least is None else Tls(least),
                ca=_certificates(read, f"{path}.ca", item.get("ca")),
                resources=resources if own is None else _resources(read, f"{path}.resources", own),
                pools=read.sequence(f"{path}.pools", item.get("pools"), _pool),
            )
        )
    return tuple(found)


def _account(read: _Reader, item: _Map, path: str, default: str) -> str:
    name = read.text(path, item.get("serviceAccount"))
    if name is None:
        return default
    if not (name.startswith(k8s.ACCOUNT_PREFIX) and k8s.dns_subdomain(name)):
        read.fault("E510", path, value=name)
    return name


def _secret_key(read: _Reader, path: str, value: object) -> str | None:
    key = read.text(path, value)
    if key is not None and not k8s.secret_key(key):
        read.fault("E508", path, value=key)
    return key


def _host(read: _Reader, path: str, value: object) -> str | None:
    name = read.text(path, value)
    if name is not None and not k8s.host(name):
        sample = "a name such as `db.example.com`"
        read.fault("E516", path, value=name, what="a host name or an address", sample=sample)
    return name and name.lower()


def _pool(read: _Reader, path: str, value: object) -> str | None:
    return read.text(path, value)


def _port(read: _Reader, path: str, value: object) -> int | None:
    return read.number(path, value, 1, 1, 65_535)


def _network(read: _Reader, path: str, value: object) -> Network | None:
    item = read.mapping(path, value, ("cidr", "ports"), required=("cidr", "ports"))
    cidr = read.text(f"{path}.cidr", item.get("cidr"))
    ports = read.sequence(f"{path}.ports", item.get("ports"), _port)
    if cidr is None:
        return None
    if not k8s.network(cidr):
        sample = "the first address of the network and the length of its prefix, such as `10.0.0.0/8`"
        read.fault("E516", f"{path}.cidr", value=cidr, what="a network", sample=sample)
    elif in_cloud(cidr):
        read.fault("E550", f"{path}.cidr", value=cidr)
    return Network(cidr, tuple(sorted(set(ports))))


def in_cloud(cidr: str) -> bool:
    """Whether a network lies wholly where clouds keep credentials."""
    inner = ipaddress.ip_network(cidr)
    return any(
        inner.network_address in outer and inner.broadcast_address in outer
        for outer in CLOUD_NETWORKS
        if outer.version == inner.version
    )


def _resources(read: _Reader, path: str, doc: object) -> Resources:
    item = read.mapping(path, doc, ("requests", "limits", "tmp"))
    requests = _amounts(read, f"{path}.requests", item.get("requests"), DEFAULT_REQUESTS)
    limits = _amounts(read, f"{path}.limits", item.get("limits"), DEFAULT_LIMITS)
    given = read.quantity(f"{path}.tmp", item.get("tmp"), "ephemeral-storage")
    for name, amount in requests.items():
        _within(read, f"{path}.requests.{name}", amount, limits.get(name), name)
    tmp = given or DEFAULT_TMP
    _within(read, f"{path}.tmp", tmp, limits["ephemeral-storage"], "ephemeral-storage")
    return Resources(_ordered(requests), _ordered(limits), tmp)


def _amounts(read: _Reader, path: str, doc: object, defaults: Mapping[str, str]) -> dict[str, str]:
    item = read.mapping(path, doc, RESOURCES)
    given = {name: read.quantity(f"{path}.{name}", item.get(name), name) for name in RESOURCES}
    merged = {name: amount or defaults.get(name) for name, amount in given.items()}
    return {name: amount for name, amount in merged.items() if amount is not None}


def _within(read: _Reader, path: str, amount: str, limit: str | None, resource: str) -> None:
    asked, most = k8s.amount(resource, amount), k8s.amount(resource, limit or "")
    if limit is not None and asked is not None and most is not None and asked > most:
        read.fault("E507", path, value=amount, limit=limit)


def _ordered(amounts: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    return tuple((name, amounts[name]) for name in RESOURCES if name in amounts)


def _labels(read: _Reader, path: str, doc: object) -> tuple[tuple[str, str], ...]:
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


def _options(read: _Reader, doc: object) -> Options:
    item = read.mapping("options", doc, _OPTION_KEYS)
    identity = read.choice("options.workloadIdentity", item.get("workloadIdentity"), tuple(Identity))
    policy = item.get("supplementalGroupsPolicy")
    return Options(
        supplemental_groups=read.choice("options.supplementalGroupsPolicy", policy, ("Strict", "Merge")),
        host_users=read.flag("options.hostUsers", item.get("hostUsers")),
        istio_inject=bool(read.flag("options.istioInject", item.get("istioInject"))),
        identity=Identity(identity or Identity.NONE),
    )


def _hub(read: _Reader, doc: object) -> Hub | None:
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
    networks = read.sequence("hub.networks", item.get("networks"), _network)
    return Hub(
        url,
        _certificates(read, "hub.ca", item.get("ca")),
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


def _certificates(read: _Reader, path: str, value: object) -> str | None:
    text = read.text(path, value)
    found = None if text is None else k8s.certificates(text)
    if text is not None and found is None:
        read.fault("E517", path)
    return found


# ---------------------------------------------------------------- reading


class _Reader:
    """Reads values of an untrusted document: every fault is one diagnostic, and a stand-in goes on."""

    __slots__ = ("sink",)

    def __init__(self, sink: Sink) -> None:
        self.sink = sink

    def fault(self, code: str, path: str, suggestion: str | None = None, **facts: str) -> None:
        told = {"path": path} | facts
        self.sink.add(code, None, suggestion=suggestion, labels=(), **{k: shown(v) for k, v in told.items()})

    def wrong(self, path: str, expected: str, value: object) -> None:
        self.fault("E501", path, expected=expected, found=kind_of(value))

    def entries(self, path: str, doc: object) -> list[tuple[str, object]]:
        """The entries of a mapping with free keys."""
        if doc is None:
            return []
        if not isinstance(doc, dict):
            self.wrong(path, "a mapping", doc)
            return []
        found: list[tuple[str, object]] = []
        for key, value in doc.items():
            if not isinstance(key, str):
                self.wrong(f"{path}.{key}", "a key that is text", key)
            elif not key or not k8s.printable(key) or len(key) > 256:
                self.fault("E515", f"{path}.{key}")
            else:
                found.append((key, value))
        return found

    def mapping(self, path: str, doc: object, known: tuple[str, ...], required: tuple[str, ...] = ()) -> _Map:
        """A mapping with the keys `known`; a key without value counts as left out."""
        if doc is not None and not isinstance(doc, dict):
            self.wrong(path, "a mapping", doc)
            return {}
        found = {key: value for key, value in (doc or {}).items() if value is not None}
        for key in doc or {}:
            if key not in known:
                listed = ", ".join(f"`{name}`" for name in known)
                self.fault("E502", path, did_you_mean(str(key)[:64], known), name=str(key), known=listed)
        for key in required:
            if key not in found:
                self.fault("E503", path, name=key)
        return found

    def sequence(
        self, path: str, value: object, item: Callable[[_Reader, str, object], _T | None]
    ) -> tuple[_T, ...]:
        if value is None:
            return ()
        if not isinstance(value, list):
            self.wrong(path, "a list", value)
            return ()
        if len(value) > 256:
            self.fault("E513", path, value=f"{len(value)} items long", low="0", high="256")
            return ()
        read = [item(self, f"{path}.{n}", each) for n, each in enumerate(value)]
        return tuple(each for each in read if each is not None)

    def text(self, path: str, value: object) -> str | None:
        if value is None:
            return None
        if not isinstance(value, str) or not value:
            self.wrong(path, "text", value)
            return None
        if not k8s.printable(value):
            self.fault("E515", path)
            return None
        return value

    def flag(self, path: str, value: object) -> bool | None:
        if value is None or isinstance(value, bool):
            return value
        self.wrong(path, "true or false", value)
        return None

    def number(self, path: str, value: object, default: int, low: int, high: int) -> int:
        if value is None:
            return default
        if not isinstance(value, int) or isinstance(value, bool):
            self.wrong(path, "a whole number", value)
            return default
        if not low <= value <= high:
            self.fault("E513", path, value=_digits(value), low=str(low), high=str(high))
            return default
        return value

    def quantity(self, path: str, value: object, resource: str) -> str | None:
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int | float | str):
            self.wrong(path, "a quantity", value)
            return None
        text = _digits(value) if isinstance(value, int) else str(value)
        if k8s.amount(resource, text) is None:
            sample = "500m" if resource == "cpu" else "512Mi"
            self.fault("E506", path, value=text, resource=resource, sample=sample)
            return None
        return text

    def choice(self, path: str, value: object, known: tuple[str, ...]) -> str | None:
        if value is None:
            return None
        if isinstance(value, str) and value in known:
            return value
        text = value if isinstance(value, str) else kind_of(value)
        listed = ", ".join(f"`{name}`" for name in known)
        self.fault("E514", path, did_you_mean(text[:64], known), value=text, known=listed)
        return None


def _digits(value: int) -> str:
    """Python refuses to print integers of thousands of digits."""
    return str(value) if value.bit_length() < 256 else "a number of many digits"


def shown(text: str) -> str:
    """A text of the document as it may stand in a message: one line, of bounded length."""
    line = "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in text[:400])
    return line if len(text) <= 400 else line + "…"


def kind_of(value: object) -> str:
    match value:
        case None:
            return "nothing"
        case "":
            return "empty"
        case bool():
            return "true or false"
        case int() | float():
            return "a number"
        case str():
            return "text"
        case list() | tuple():
            return "a list"
        case dict():
            return "a mapping"
        case _:
            return "a date" if type(value).__name__ in ("date", "datetime") else "something else"
