"""Each rule catches its mutant: a manifest changed in one place, a fault at that place."""

from __future__ import annotations

import copy
import functools
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assay.compiler.diagnostics import Diagnostic, Sink
from assay.compiler.manifests import validate
from tests.manifests.given import (
    INSTRUCTION,
    REMOVE,
    Doc,
    Schedule,
    change,
    full_profile_doc,
    objects,
    profile_doc,
)


@functools.cache
def fresh() -> dict[str, Doc]:
    """All kinds, every option, the secrets as environment variables."""
    doc = full_profile_doc()
    doc["sources"]["shop"]["mode"] = "env"
    made = objects(doc)
    asked = objects(doc, instruction=replace(INSTRUCTION, job_token=True))
    cron = objects(doc, schedule=Schedule("0 6 * * *", "UTC"))
    files = objects(full_profile_doc(), instruction=INSTRUCTION)
    return made | {"CronJob": cron["CronJob"], "Files": files["Job"], "Token": asked["Job"]}


def together(kind: str, made: dict[str, Doc]) -> list[Doc]:
    """What is applied at once: the ConfigMap that each refers to has its own content."""
    if kind in ("Files", "Token"):
        other = objects(full_profile_doc(), instruction=INSTRUCTION)
        return [other["ConfigMap"], made[kind]]
    return [
        each
        for name, each in made.items()
        if name not in ("Files", "Token", "Job" if kind == "CronJob" else "CronJob")
    ]


def faults(found: list[Doc]) -> tuple[Diagnostic, ...]:
    sink = Sink()
    validate(found, sink)
    return sink.items


P = "spec.template.spec."
C = P + "containers.0."
TOKEN = {"optional": False, "items": [{"key": "token", "path": "token", "mode": 0o440}]}
MUTANTS: list[tuple[str, str, object, str]] = [
    ("Job", "metadata.name", "a" * 64, "E540"),
    ("Job", "metadata.name", "a.b", "E540"),
    ("Job", "metadata.namespace", "a.b", "E540"),
    ("Job", "metadata.generateName", "assay-", "E549"),
    ("Job", "metadata.finalizers", ["x/y"], "E549"),
    ("Job", "metadata.labels.team", "a b", "E540"),
    ("Job", "metadata.labels.team", 7, "E540"),
    ("Job", "metadata.annotations.a b", "x", "E540"),
    ("Job", "metadata.annotations.x", "x" * 300_000, "E540"),
    ("Job", "metadata.annotations.x", "a\0b", "E540"),
    ("Job", "spec.template.metadata.labels.x", "-", "E540"),
    ("Job", "apiVersion", "batch/v1beta1", "E549"),
    ("Job", "kind", "Pod", "E549"),
    ("Job", C + "resources.requests.memory", "3Gi", "E541"),
    ("Job", C + "resources.limits.memory", REMOVE, "E541"),
    ("Job", C + "resources.limits.memory", 1, "E541"),
    ("Job", C + "resources.limits.ephemeral-storage", REMOVE, "E541"),
    ("Job", P + "volumes.1.emptyDir.sizeLimit", "9Gi", "E541"),
    ("Job", C + "env.0.name", "PGPASSWORD", "E542"),
    ("Job", C + "env.0.name", "ASSAY_SECRET_$(X)", "E542"),
    ("Job", C + "env.1.name", "ASSAY_SECRET_PGPASSWORD", "E542"),
    ("Job", C + "env.0.value", "$(HOME)", "E549"),
    ("Job", C + "env.0.valueFrom.secretKeyRef.optional", True, "E542"),
    ("Job", C + "env.0.valueFrom.secretKeyRef.name", "assay-agent-token", "E542"),
    ("Job", C + "env.0.valueFrom.secretKeyRef.key", "OTHER", "E542"),
    ("Job", C + "env.0.valueFrom", {"fieldRef": {"fieldPath": "spec.nodeName"}}, "E549"),
    ("Job", C + "envFrom", [{"secretRef": {"name": "assay-source-shop"}}], "E549"),
    ("Job", P + "volumes.1", {"name": "tmp", "hostPath": {"path": "/"}}, "E543"),
    ("Job", P + "volumes.1", {"name": "tmp", "csi": {"driver": "x"}}, "E543"),
    ("Job", P + "volumes.1.secret", {"secretName": "assay-source-shop"}, "E543"),
    ("Job", P + "volumes.1.name", "spec", "E543"),
    ("Job", P + "volumes.1.name", "Tmp", "E543"),
    ("Job", P + "volumes.1.emptyDir.sizeLimit", REMOVE, "E543"),
    ("Job", P + "volumes.1.emptyDir.medium", "Memory", "E549"),
    ("Job", P + "volumes.0.configMap.defaultMode", 0o644, "E543"),
    ("Job", P + "volumes.0.configMap.optional", True, "E543"),
    ("Files", P + "volumes.3.projected.sources.0", {"secret": {"name": "other"}}, "E543"),
    ("Files", P + "volumes.3.projected.sources.0.configMap", {"name": "x"}, "E543"),
    ("Files", P + "volumes.3.projected.sources.1", {"secret": {"name": "other"}}, "E543"),
    ("Files", P + "volumes.3.projected.sources.0.serviceAccountToken.audience", REMOVE, "E543"),
    ("Files", P + "volumes.3.projected.sources.0.serviceAccountToken.expirationSeconds", 60, "E543"),
    ("Files", C + "env.0.valueFrom.fieldRef.fieldPath", "spec.nodeName", "E542"),
    ("Files", C + "env.0.valueFrom.secretKeyRef", {"name": "assay-source-shop", "key": "X"}, "E542"),
    ("Token", P + "volumes.2.projected.sources.0.secret", {**TOKEN, "name": "assay-source-shop"}, "E543"),
    ("Token", P + "volumes.2.projected.sources.0.secret.name", "assay-agent-token", "E543"),
    ("Token", P + "volumes.2.projected.sources.0.secret.items", REMOVE, "E543"),
    ("Token", P + "volumes.2.projected.sources.0.secret.items.0.path", "../x", "E543"),
    ("Token", P + "volumes.2.projected.sources.0.secret.optional", True, "E543"),
    ("Files", P + "volumes.2.projected.sources.0.secret.name", "other", "E543"),
    ("Files", P + "volumes.2.projected.sources.0.secret.items", REMOVE, "E543"),
    ("Files", P + "volumes.2.projected.sources.0.secret.optional", True, "E543"),
    ("Files", P + "volumes.2.projected.sources.0.secret.items.0.mode", 0o777, "E543"),
    ("Files", P + "volumes.2.projected.sources.0.secret.items.0.path", "../x", "E543"),
    ("Files", P + "volumes.2.projected.sources.0.secret.items.0.key", "a.b", "E543"),
    ("Job", C + "volumeMounts.0.mountPath", "etc", "E543"),
    ("Job", C + "volumeMounts.0.mountPath", "/a:b", "E543"),
    ("Job", C + "volumeMounts.0.mountPath", "/run/../etc", "E543"),
    ("Job", C + "volumeMounts.1.mountPath", "/etc/assay/", "E543"),
    ("Job", C + "volumeMounts.0.readOnly", REMOVE, "E543"),
    ("Job", C + "volumeMounts.0.subPath", "x", "E549"),
    ("Job", P + "hostPID", True, "E544"),
    ("Job", P + "hostNetwork", REMOVE, "E544"),
    ("Job", P + "hostIPC", 0, "E544"),
    ("Job", P + "hostUsers", "false", "E544"),
    ("Job", P + "automountServiceAccountToken", True, "E544"),
    ("Job", P + "enableServiceLinks", REMOVE, "E544"),
    ("Job", P + "serviceAccountName", "default", "E544"),
    ("Job", P + "priorityClassName", "system-cluster-critical", "E544"),
    ("Job", P + "securityContext.runAsNonRoot", REMOVE, "E544"),
    ("Job", P + "securityContext.runAsUser", 0, "E544"),
    ("Job", P + "securityContext.runAsGroup", 0, "E544"),
    ("Job", P + "securityContext.fsGroup", REMOVE, "E544"),
    ("Job", P + "securityContext.fsGroupChangePolicy", "Always", "E544"),
    ("Job", P + "securityContext.seccompProfile.type", "Unconfined", "E544"),
    ("Job", P + "securityContext.supplementalGroupsPolicy", "strict", "E544"),
    ("Job", P + "securityContext.sysctls", [], "E549"),
    ("Job", C + "securityContext.privileged", True, "E544"),
    ("Job", C + "securityContext.allowPrivilegeEscalation", REMOVE, "E544"),
    ("Job", C + "securityContext.readOnlyRootFilesystem", False, "E544"),
    ("Job", C + "securityContext.runAsNonRoot", False, "E544"),
    ("Job", C + "securityContext.capabilities.drop", [], "E544"),
    ("Job", C + "securityContext.capabilities.add", ["NET_ADMIN"], "E549"),
    ("Job", C + "securityContext.procMount", "Unmasked", "E549"),
    ("Job", C + "terminationMessagePolicy", "FallbackToLogsOnError", "E544"),
    ("Job", P + "restartPolicy", "OnFailure", "E545"),
    ("Job", P + "terminationGracePeriodSeconds", 0, "E545"),
    ("Job", "spec.backoffLimit", REMOVE, "E545"),
    ("Job", "spec.backoffLimit", False, "E545"),
    ("Job", "spec.parallelism", 2, "E545"),
    ("Job", "spec.completions", 2, "E545"),
    ("Job", "spec.completionMode", "Indexed", "E545"),
    ("Job", "spec.podReplacementPolicy", "TerminatingOrFailed", "E545"),
    ("Job", "spec.podFailurePolicy", REMOVE, "E545"),
    ("Job", "spec.podFailurePolicy.rules.1.onExitCodes.values", [0], "E545"),
    ("Job", "spec.activeDeadlineSeconds", REMOVE, "E545"),
    ("Job", "spec.ttlSecondsAfterFinished", -1, "E545"),
    ("Job", "spec.suspend", "no", "E545"),
    ("Job", "spec.managedBy", "example.com/x", "E549"),
    ("Job", "spec.manualSelector", True, "E549"),
    ("Job", P + "volumes.0.configMap.name", "assay-other", "E546"),
    ("Job", C + "volumeMounts.0.name", "other", "E546"),
    ("Job", "metadata.namespace", "other", "E546"),
    ("Job", C + "image", "assay-runner:latest", "E548"),
    ("Job", C + "image", REMOVE, "E548"),
    ("Job", C + "imagePullPolicy", "Always", "E548"),
    ("Job", C + "command", ["sh", "-c", "env"], "E548"),
    ("Job", C + "args", ["$(X)"], "E549"),
    ("Job", C + "name", "other", "E548"),
    ("Job", C + "lifecycle", {}, "E549"),
    ("Job", P + "containers.1", {"name": "second"}, "E549"),
    ("Job", P + "initContainers", [], "E549"),
    ("Job", P + "ephemeralContainers", [], "E549"),
    ("Job", P + "nodeName", "n", "E549"),
    ("Job", P + "dnsConfig", {}, "E549"),
    ("Job", P + "hostAliases", [], "E549"),
    ("ConfigMap", "immutable", REMOVE, "E547"),
    ("ConfigMap", "data.run~json", "a\0b", "E547"),
    ("ConfigMap", "data.run~json", 7, "E547"),
    ("ConfigMap", "data.run~json", REMOVE, "E547"),
    ("ConfigMap", "data.a b", "x", "E547"),
    ("ConfigMap", "data.more", "x" * 1_000_000, "E547"),
    ("ConfigMap", "binaryData", {}, "E549"),
    ("CronJob", "metadata.name", "a" * 53, "E540"),
    ("CronJob", "spec.schedule", "0 6 * * 7", "E545"),
    ("CronJob", "spec.schedule", "TZ=UTC 0 6 * * *", "E545"),
    ("CronJob", "spec.timeZone", "Local", "E545"),
    ("CronJob", "spec.concurrencyPolicy", "Allow", "E545"),
    ("CronJob", "spec.startingDeadlineSeconds", 5, "E545"),
    ("CronJob", "spec.failedJobsHistoryLimit", REMOVE, "E545"),
    ("CronJob", "spec.suspend", True, "E545"),
    ("CronJob", "spec.jobTemplate.spec.backoffLimit", 6, "E545"),
    ("CronJob", "spec.jobTemplate.spec.template.spec.hostPID", True, "E544"),
    ("CronJob", "spec.jobTemplate.spec.template.spec.volumes.0.configMap.name", "x", "E546"),
    ("NetworkPolicy", "spec.policyTypes", ["Ingress"], "E544"),
    ("NetworkPolicy", "spec.ingress", [{}], "E544"),
    ("NetworkPolicy", "spec.podSelector.matchLabels", {}, "E544"),
    ("NetworkPolicy", "spec.podSelector.matchLabels.assay/source", "a b", "E544"),
    ("NetworkPolicy", "spec.egress", {}, "E549"),
    ("NetworkPolicy", "spec.egress.0.to.0", {}, "E544"),
    ("NetworkPolicy", "spec.egress.0.to.0.namespaceSelector", {}, "E544"),
    ("NetworkPolicy", "spec.egress.0.to.0.podSelector.matchLabels", {}, "E544"),
    ("NetworkPolicy", "spec.egress.0.ports.0.protocol", "SCTP", "E544"),
    ("NetworkPolicy", "spec.egress.1.to.0.ipBlock", None, "E544"),
    ("NetworkPolicy", "spec.egress.1.to.0.ipBlock.except", "10.0.0.0/8", "E549"),
    ("NetworkPolicy", "spec.egress.1.to", [], "E544"),
    ("NetworkPolicy", "spec.egress.1.ports", REMOVE, "E544"),
    ("NetworkPolicy", "spec.egress.1.ports.0.port", 0, "E544"),
    ("NetworkPolicy", "spec.egress.1.to.0.ipBlock.cidr", "10.0.0.1/8", "E544"),
    ("NetworkPolicy", "spec.egress.1.to.0.ipBlock.cidr", "169.254.0.0/24", "E544"),
    ("NetworkPolicy", "spec.egress.1.to.0.ipBlock.except", ["::/0"], "E544"),
]  # fmt: skip


def test_what_the_compiler_makes_has_no_fault() -> None:
    for kind in fresh():
        assert faults(together(kind, fresh())) == ()


@pytest.mark.parametrize(
    ("kind", "path", "to", "code"), MUTANTS, ids=[f"{n}-{row[1]}" for n, row in enumerate(MUTANTS)]
)
def test_a_rule_catches_its_mutant(kind: str, path: str, to: object, code: str) -> None:
    made = copy.deepcopy(fresh())
    change(made[kind], path, to)
    found = faults(together(kind, made))
    place = path.replace("~", ".")
    assert any(
        (item.code == code and (place.startswith(item.facts["path"]) or item.facts["path"].startswith(place)))
        or item.code == code == "E546"
        for item in found
    ), [dict(item.facts) for item in found]


def test_two_objects_of_one_name() -> None:
    made = list(objects(profile_doc()).values())
    assert {item.code for item in faults([*made, made[1]])} == {"E546"}


def leaves(tree: Any, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    match tree:
        case dict():
            return [path, *(leaf for key, value in tree.items() for leaf in leaves(value, (*path, key)))]
        case list():
            return [path, *(leaf for n, value in enumerate(tree) for leaf in leaves(value, (*path, n)))]
        case _:
            return [path]


PLACES = [(kind, way) for kind, made in fresh().items() for way in leaves(made) if way]
ANY = st.recursive(
    st.none() | st.booleans() | st.integers(-2, 2) | st.text(max_size=5) | st.floats(),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=3), inner, max_size=2),
    max_leaves=4,
)


@settings(deadline=None)
@given(st.sampled_from(PLACES), ANY)
def test_no_object_breaks_the_rules(place: tuple[str, tuple[str | int, ...]], value: Any) -> None:
    kind, way = place
    made = copy.deepcopy(fresh())
    tree: Any = made[kind]
    for part in way[:-1]:
        tree = tree[part]
    tree[way[-1]] = value
    faults(together(kind, made))


@pytest.mark.parametrize("kind", ["Job", "ConfigMap"])
def test_nothing_of_the_pod_can_be_left_out(kind: str) -> None:
    """Removing any one field is noticed, but for what only informs or is an option."""
    optional = (
        "labels",
        "annotations",
        "metadata",
        "hostUsers",
        "priorityClassName",
        "supplementalGroupsPolicy",
    )
    kept: list[str] = []
    for way in leaves(fresh()[kind]):
        if (
            not way
            or any(part in optional for part in way)
            or any(part in ("requests", "cpu") for part in way)
        ):
            continue
        made = copy.deepcopy(fresh())
        tree: Any = made[kind]
        for part in way[:-1]:
            tree = tree[part]
        del tree[way[-1]]
        if not faults(together(kind, made)):
            kept.append(".".join(map(str, way)))
    # A source that uses fewer keys is a source that uses fewer keys.
    assert [way for way in kept if not way.startswith(C + "env")] == []
