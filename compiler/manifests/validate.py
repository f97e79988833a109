"""The rules that no JSON schema holds: what a real API server refuses, and what it takes but should not.

Each rule is a function over finished objects that says E54x. They do not trust the templates: a rule repeats
what the template says, so that a change of one needs a change of the other.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Mapping, Sequence

from assay.compiler import kubernetes as k8s
from assay.compiler.access import in_cloud
from assay.compiler.diagnostics import Sink
from assay.compiler.manifests import pod
from assay.compiler.manifests.data import FILES, LIMIT
from assay.compiler.manifests.tree import At

_KINDS = {
    "Job": "batch/v1",
    "CronJob": "batch/v1",
    "ConfigMap": "v1",
    "NetworkPolicy": "networking.k8s.io/v1",
}
_LONGEST_NAME = {"Job": 63, "CronJob": 52, "ConfigMap": 253, "NetworkPolicy": 253}
"""A CronJob adds eleven characters to make the name of a Job."""
_EXIT_CODES = [64, 65, 77, 78]
_IDENTITY = ("169.254.170.23/32", "fd00:ec2::23/128", "169.254.169.252/32", "169.254.169.254/32")
_DNS_CACHE = "169.254.20.10/32"
_DNS = {
    "namespaceSelector": {"kubernetes.io/metadata.name": "kube-system"},
    "podSelector": {"k8s-app": "kube-dns"},
}


def validate(objects: Sequence[Mapping[str, object]], sink: Sink) -> None:
    """All rules over all objects that are applied together."""
    found = [_root(each, sink) for each in objects]
    for at in found:
        kind = at["kind"].text
        if kind not in _KINDS:
            at["kind"].fault("E549", "must be one of " + ", ".join(_KINDS))
            continue
        for rule in _RULES[kind]:
            rule(at)
    references(found)


def _root(each: Mapping[str, object], sink: Sink) -> At:
    at = At(sink, "", each)
    name = at["metadata"]["name"].text
    return At(sink, f"{at['kind'].text or 'object'}/{name or '?'}", each)


# ---------------------------------------------------------------- every object


def metadata(at: At) -> None:
    kind, meta = at["kind"].text, at["metadata"]
    at["apiVersion"].must("E549", _KINDS[kind])
    meta.known("name", "namespace", "labels", "annotations")
    name = meta["name"].text
    form = k8s.dns_label if kind == "Job" else k8s.dns_subdomain
    if not form(name) or len(name) > _LONGEST_NAME[kind]:
        meta["name"].fault("E540", f"must be a DNS name of at most {_LONGEST_NAME[kind]} characters")
    if not k8s.dns_label(meta["namespace"].text):
        meta["namespace"].fault("E540", "must be a DNS label")
    labels(meta)


def labels(meta: At) -> None:
    for kind in ("labels", "annotations"):
        if not meta[kind].absent and not isinstance(meta[kind].value, dict):
            meta[kind].fault("E540", "must be a mapping")
        for key in meta[kind].map:
            value = meta[kind][key]
            if not k8s.label_key(key):
                value.fault("E540", "the key must be a short name, perhaps with a DNS name and `/` before it")
            if not isinstance(value.value, str):
                value.fault("E540", "must be text")
            elif kind == "labels" and not k8s.label_value(value.text):
                value.fault("E540", "must be a short name of at most 63 characters")
            elif not k8s.printable(value.text):
                value.fault("E540", "must hold no control characters")
    if sum(len(key) + len(str(value)) for key, value in meta["annotations"].map.items()) > 256 * 1024:
        meta["annotations"].fault("E540", "must have at most 256 KiB")


# ---------------------------------------------------------------- Job, CronJob


def job(at: At) -> None:
    at.known("apiVersion", "kind", "metadata", "spec")
    job_spec(at["spec"])


def job_spec(spec: At) -> None:
    spec.known(
        "completions", "parallelism", "completionMode", "backoffLimit", "podReplacementPolicy",
        "podFailurePolicy", "activeDeadlineSeconds", "ttlSecondsAfterFinished", "suspend", "template",
    )  # fmt: skip
    for key in ("completions", "parallelism"):
        spec[key].must("E545", 1)
    spec["completionMode"].must("E545", "NonIndexed")
    spec["backoffLimit"].must("E545", 0)
    spec["podReplacementPolicy"].must("E545", "Failed")
    spec["activeDeadlineSeconds"].number("E545", 60, 604_800)
    spec["ttlSecondsAfterFinished"].number("E545", 0, 2_592_000)
    if not isinstance(spec["suspend"].value, bool):
        spec["suspend"].fault("E545", "must be true or false")
    _failure_policy(spec["podFailurePolicy"])
    template = spec["template"]
    template.known("metadata", "spec")
    template["metadata"].known("labels", "annotations")
    labels(template["metadata"])
    inner = template["spec"]
    container = next(iter(inner["containers"]), inner["containers"]["0"])
    for rule in pod.RULES:
        rule(inner, container)
    _scratch(inner, container)


def _failure_policy(policy: At) -> None:
    policy.known("rules")
    policy["rules"].must(
        "E545",
        [
            {"action": "Ignore", "onPodConditions": [{"type": "DisruptionTarget", "status": "True"}]},
            {
                "action": "FailJob",
                "onExitCodes": {"containerName": "runner", "operator": "In", "values": _EXIT_CODES},
            },
        ],
    )


def _scratch(spec: At, container: At) -> None:
    """Scratch space beyond the storage limit evicts the pod in the middle of a run."""
    most = k8s.amount("ephemeral-storage", container["resources"]["limits"]["ephemeral-storage"].text)
    for volume in spec["volumes"]:
        size = k8s.amount("ephemeral-storage", volume["emptyDir"]["sizeLimit"].text)
        if size is not None and most is not None and size > most:
            volume["emptyDir"]["sizeLimit"].fault("E541", "is more than the limit of ephemeral-storage")


def cron_job(at: At) -> None:
    at.known("apiVersion", "kind", "metadata", "spec")
    spec = at["spec"]
    spec.known(
        "schedule", "timeZone", "concurrencyPolicy", "startingDeadlineSeconds", "successfulJobsHistoryLimit",
        "failedJobsHistoryLimit", "suspend", "jobTemplate",
    )  # fmt: skip
    if k8s.cron(spec["schedule"].text) != spec["schedule"].text:
        spec["schedule"].fault("E545", "must have the five fields of cron, Sunday as 0")
    if not k8s.time_zone(spec["timeZone"].text):
        spec["timeZone"].fault("E545", "must be the name of a time zone")
    spec["concurrencyPolicy"].must("E545", "Forbid")
    # Under ten seconds the controller, which looks every ten, may miss every start.
    spec["startingDeadlineSeconds"].number("E545", 10, 86_400)
    for key in ("successfulJobsHistoryLimit", "failedJobsHistoryLimit"):
        spec[key].number("E545", 0, 100)
    spec["suspend"].must("E545", False)
    spec["jobTemplate"].known("metadata", "spec")
    spec["jobTemplate"]["metadata"].known("labels", "annotations")
    labels(spec["jobTemplate"]["metadata"])
    job_spec(spec["jobTemplate"]["spec"])


# ---------------------------------------------------------------- ConfigMap, NetworkPolicy


def config_map(at: At) -> None:
    at.known("apiVersion", "kind", "metadata", "immutable", "data")
    at["immutable"].must("E547", True)
    total = 0
    for key in at["data"].map:
        value = at["data"][key]
        if not k8s.data_key(key):
            value.fault("E547", "the key must be of letters, digits, `-`, `_` and `.`")
        if not isinstance(value.value, str):
            value.fault("E547", "must be text")
        elif not k8s.storable(value.text):
            # The API server takes a NUL; what reads the file may stop there.
            value.fault("E547", "must hold no control characters")
        total += len(key) + len(value.text.encode("utf-8", "surrogatepass"))
    for key in FILES:
        if at["data"][key].absent:
            at["data"][key].fault("E547", "must be there")
    if total > LIMIT:
        at["data"].fault("E547", f"must have at most {LIMIT} bytes")


def network_policy(at: At) -> None:
    at.known("apiVersion", "kind", "metadata", "spec")
    spec = at["spec"]
    spec.known("podSelector", "policyTypes", "ingress", "egress")
    spec["policyTypes"].must("E544", ["Ingress", "Egress"])
    spec["ingress"].must("E544", [])
    spec["podSelector"].known("matchLabels")
    chosen = spec["podSelector"]["matchLabels"]
    if not chosen.map:
        spec["podSelector"].fault("E544", "must name labels: without, it is for every pod of the namespace")
    for key in chosen.map:
        value = chosen[key].value
        if not k8s.label_key(key) or not isinstance(value, str) or not k8s.label_value(value):
            chosen[key].fault("E544", "must be a label such as pods have")
    spec["egress"].listed()
    for rule in spec["egress"]:
        rule.known("to", "ports")
        if not list(rule["to"]) or not list(rule["ports"]):
            rule.fault("E544", "must name networks and ports: without, everything is open")
        for port in rule["ports"]:
            port.known("protocol", "port")
            if port["protocol"].value not in ("TCP", "UDP"):
                port["protocol"].fault("E544", "must be TCP or UDP")
            port["port"].number("E544", 1, 65_535)
        for peer in rule["to"]:
            _peer(peer)


def _peer(peer: At) -> None:
    """A network, or the cluster's names; an empty selector would be every pod there is."""
    if set(peer.map) == {"ipBlock"} and not peer["ipBlock"].absent:
        _block(peer["ipBlock"])
    elif set(peer.map) != set(_DNS):
        peer.fault("E544", "must be a network or the cluster's DNS")
    else:
        for key, labels in _DNS.items():
            peer[key].must("E544", {"matchLabels": labels})


def _block(block: At) -> None:
    block.known("cidr", "except")
    cidr = block["cidr"].text
    if not k8s.network(cidr):
        block["cidr"].fault("E544", "must be a network")
        return
    if in_cloud(cidr) and cidr not in (*_IDENTITY, _DNS_CACHE):
        block["cidr"].fault("E544", "is where clouds keep the credentials of a node")
    if not block["except"].absent:
        block["except"].listed()
    for excepted in block["except"]:
        if not k8s.network(excepted.text) or not _inside(excepted.text, cidr):
            excepted.fault("E544", "must be a network inside of the block")


def _inside(inner: str, outer: str) -> bool:
    small, large = ipaddress.ip_network(inner), ipaddress.ip_network(outer)
    return small.version == large.version and small.network_address in large and small != large


# ---------------------------------------------------------------- together


def references(objects: Sequence[At]) -> None:
    """A ConfigMap of that name comes along, in the same namespace: else a pod would wait for it for ever."""
    names: set[tuple[str, str]] = set()
    for at in objects:
        key = (at["kind"].text, at["metadata"]["name"].text)
        if key in names:
            at["metadata"]["name"].fault("E546", "two objects have this name")
        names.add(key)
    namespaces = {at["metadata"]["namespace"].text for at in objects}
    if len(namespaces) > 1:
        objects[-1]["metadata"]["namespace"].fault("E546", "the objects are in different namespaces")
    for at in objects:
        spec = at["spec"]["jobTemplate"]["spec"] if at["kind"].text == "CronJob" else at["spec"]
        for volume in spec["template"]["spec"]["volumes"]:
            name = volume["configMap"]["name"]
            if not volume["configMap"].absent and ("ConfigMap", name.text) not in names:
                name.fault("E546", "there is no such ConfigMap")


_RULES: Mapping[str, tuple[Callable[[At], None], ...]] = {
    "Job": (metadata, job),
    "CronJob": (metadata, cron_job),
    "ConfigMap": (metadata, config_map),
    "NetworkPolicy": (metadata, network_policy),
}
