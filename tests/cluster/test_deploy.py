"""deploy/ on a real API server: it lets in what Assay makes, and refuses everything near it."""

from __future__ import annotations

import copy
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from assay.agent.cluster import rights
from assay.agent.cluster.api import Api as AgentApi
from assay.agent.cluster.connect import login
from assay.agent.cluster.identity import right
from assay.cli.agent.config import load
from assay.compiler.manifests import Instruction
from tests.cluster import deployment
from tests.cluster.deployment import AGENT, FOLDER, RUNS, SYSTEM
from tests.cluster.objects import NOTHING, pod, pod_spec
from tests.manifests.given import (
    IMAGE,
    INSTRUCTION,
    REMOVE,
    WAREHOUSE,
    change,
    full_profile_doc,
    objects,
    profile_doc,
)
from tests.manifests.test_warehouse import bound
from tests.support.closing import lacking
from tools.cluster.api import ApiError, collection
from tools.cluster.build import kubectl
from tools.cluster.cluster import Cluster, wait

ROOT = Path(__file__).parents[2]
CASES = sorted((ROOT / "golden" / "cases").iterdir())
TOKEN = Instruction("01j9zzzzzzzzzzzzzzzzzzzzzz", 2, 7, 1800, job_token=True)
HUB = {"url": "https://hub.example.com", "audience": "assay-hub"}


@pytest.fixture(scope="module")
def deployed(control_plane: Cluster) -> Cluster:
    deployment.deploy(control_plane)
    return control_plane


def jobs() -> dict[str, dict[str, Any]]:
    """One of each shape: for a person, for a hub, with files, with a token of the hub."""
    full = full_profile_doc()
    return {
        "plain": objects(profile_doc())["Job"],
        "full": objects(full)["Job"],
        "hub": objects(profile_doc(hub=HUB), instruction=INSTRUCTION)["Job"],
        "full hub": objects(full, instruction=INSTRUCTION)["Job"],
        "hub's token": objects(full, instruction=TOKEN)["Job"],
        "warehouse": objects(bound(), warehouse=WAREHOUSE)["Job"],
        "full hub with warehouse": objects(full, warehouse=WAREHOUSE, instruction=INSTRUCTION)["Job"],
    }


def try_out(cluster: Cluster, item: Mapping[str, Any]) -> str:
    """What the API server says to it without keeping it; empty where it takes it without a word."""
    query = {"dryRun": "All", "fieldValidation": "Strict"}
    answer = cluster.api.send("POST", collection(item), item, query=query)
    if answer.status >= 400:
        return f"{answer.status} {answer.json()['message']}"
    return answer.headers.get("Warning", "")


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_golden_manifest_is_accepted(deployed: Cluster, case: Path) -> None:
    found = sorted((case / "expected").glob("*.yaml"))
    assert found
    for path in found:
        item = yaml.safe_load(path.read_text(encoding="utf-8"))
        assert try_out(deployed, item) == "", path.name


@pytest.mark.parametrize("shape", jobs())
def test_a_job_of_each_shape_is_accepted(deployed: Cluster, shape: str) -> None:
    assert try_out(deployed, jobs()[shape]) == ""


POD = "spec.template.spec"
RUNNER = f"{POD}.containers.0"
STORE = {"secretKeyRef": {"name": "assay-source-shop", "key": "PGPASSWORD"}}
OTHER_SECRET = {"secret": {"name": "assay-agent-token", "items": [{"key": "token", "path": "token"}]}}
OUR_SECRET = {"secret": {"name": "assay-source-shop"}}
API_TOKEN = {"serviceAccountToken": {"path": "token", "audience": "https://kubernetes.default.svc"}}
NO_AUDIENCE = {"serviceAccountToken": {"path": "token"}}
METADATA = {"downwardAPI": {"items": [{"path": "x", "fieldRef": {"fieldPath": "metadata.name"}}]}}
SIDECAR = {"name": "more", "image": IMAGE}


def projected(*sources: Mapping[str, Any]) -> dict[str, Any]:
    return {"name": "more", "projected": {"sources": list(sources)}}


def mutant(name: str) -> dict[str, Any]:
    path, to = MUTANTS[name]
    item = copy.deepcopy(jobs()["plain"])
    change(item, path, to)
    if name == "another name":  # or the API server's own rules refuse it first
        change(item, "spec.podFailurePolicy", REMOVE)
    return item


MUTANTS: dict[str, tuple[str, object]] = {
    "an image by tag": (f"{RUNNER}.image", "registry.example.com/assay-runner:1"),
    "another image": (f"{RUNNER}.image", IMAGE.replace("assay-runner", "assay-other")),
    "another digest": (f"{RUNNER}.image", IMAGE.replace("0123", "3210")),
    "another command": (f"{RUNNER}.command", ["python3", "-c", "print(1)"]),
    "the image's own command": (f"{RUNNER}.command", REMOVE),
    "arguments": (f"{RUNNER}.args", ["--spec", "/etc/assay/other.json"]),
    "a hook": (f"{RUNNER}.lifecycle", {"preStop": {"exec": {"command": ["python3"]}}}),
    "a probe": (f"{RUNNER}.livenessProbe", {"exec": {"command": ["python3"]}}),
    "a second container": (f"{POD}.containers.1", {**SIDECAR}),
    "a container before": (f"{POD}.initContainers", [SIDECAR]),
    "another name": (f"{RUNNER}.name", "main"),
    "a literal variable": (f"{RUNNER}.env.0", {"name": "ASSAY_SECRET_PGPASSWORD", "value": "x"}),
    "a variable of the loader": (f"{RUNNER}.env.0", {"name": "LD_PRELOAD", "valueFrom": STORE}),
    "a key under another name": (f"{RUNNER}.env.0", {"name": "ASSAY_SECRET_OTHER", "valueFrom": STORE}),
    "a Secret that is no source's": (f"{RUNNER}.env.0.valueFrom.secretKeyRef.name", "assay-agent-token"),
    "a warehouse's Secret as a source's": (
        f"{RUNNER}.env.0.valueFrom.secretKeyRef.name",
        "assay-warehouse-main",
    ),
    "a source's Secret as a warehouse's": (f"{RUNNER}.env.0.name", "ASSAY_WAREHOUSE_PGPASSWORD"),
    "a variable of a ConfigMap": (
        f"{RUNNER}.env.0",
        {"name": "ASSAY_SECRET_X", "valueFrom": {"configMapKeyRef": {"name": "x", "key": "X"}}},
    ),
    "all of a Secret": (f"{RUNNER}.envFrom", [{"secretRef": {"name": "assay-source-shop"}}]),
    "a volume of a Secret": (
        f"{POD}.volumes.2",
        {"name": "more", "secret": {"secretName": "assay-source-shop"}},
    ),
    "a volume of the node": (f"{POD}.volumes.2", {"name": "more", "hostPath": {"path": "/etc"}}),
    "a claim": (f"{POD}.volumes.2", {"name": "more", "persistentVolumeClaim": {"claimName": "x"}}),
    "a projected Secret": (f"{POD}.volumes.2", projected(OTHER_SECRET)),
    "a projected Secret beside a token": (f"{POD}.volumes.2", projected(NO_AUDIENCE, OTHER_SECRET)),
    "a source's Secret as a whole": (f"{POD}.volumes.2", projected(OUR_SECRET)),
    "a token for the API server": (f"{POD}.volumes.2", projected(API_TOKEN)),
    "a token for nobody": (f"{POD}.volumes.2", projected(NO_AUDIENCE)),
    "facts of the pod": (f"{POD}.volumes.2", projected(METADATA)),
    "an account of others": (f"{POD}.serviceAccountName", "default"),
    "the account's token": (f"{POD}.automountServiceAccountToken", True),
    "the account's token by default": (f"{POD}.automountServiceAccountToken", REMOVE),
    "the node's network": (f"{POD}.hostNetwork", True),
    "the node's processes": (f"{POD}.hostPID", True),
    "a node by name": (f"{POD}.nodeName", "localhost"),
    "a host by name": (f"{POD}.hostAliases", [{"ip": "192.0.2.1", "hostnames": ["db.example.com"]}]),
    "names from elsewhere": (f"{POD}.dnsConfig", {"nameservers": ["192.0.2.1"]}),
    "a port": (f"{RUNNER}.ports", [{"containerPort": 80}]),
    "root": (f"{POD}.securityContext.runAsUser", 0),
    "root in the container": (f"{RUNNER}.securityContext.runAsUser", 0),
    "any user": (f"{POD}.securityContext.runAsNonRoot", REMOVE),
    "no seccomp": (f"{POD}.securityContext.seccompProfile", {"type": "Unconfined"}),
    "privileges": (f"{RUNNER}.securityContext", {"privileged": True}),
    "a way to more privileges": (f"{RUNNER}.securityContext.allowPrivilegeEscalation", True),
    "a writable root": (f"{RUNNER}.securityContext.readOnlyRootFilesystem", False),
    "a capability": (f"{RUNNER}.securityContext.capabilities.add", ["NET_ADMIN"]),
    "capabilities kept": (f"{RUNNER}.securityContext.capabilities.drop", ["NET_RAW"]),
    "no security at all": (f"{RUNNER}.securityContext", REMOVE),
    "no limit of memory": (f"{RUNNER}.resources.limits", {"ephemeral-storage": "1Gi"}),
    "its log as a message": (f"{RUNNER}.terminationMessagePolicy", "FallbackToLogsOnError"),
    "a mount from below": (f"{RUNNER}.volumeMounts.0.subPath", "run.json"),
    "a second try": ("spec.backoffLimit", 1),
    "two at once": ("spec.parallelism", 2),
    "no deadline": ("spec.activeDeadlineSeconds", REMOVE),
    "a month": ("spec.activeDeadlineSeconds", 2_592_000),
    "no end": ("spec.ttlSecondsAfterFinished", REMOVE),
    "another controller": ("spec.managedBy", "example.com/mine"),
}


@pytest.fixture(scope="module")
def answers(deployed: Cluster) -> dict[str, str]:
    return {name: try_out(deployed, mutant(name)) for name in MUTANTS}


@pytest.mark.parametrize("name", MUTANTS)
def test_a_job_that_is_a_little_different_is_refused(answers: dict[str, str], name: str) -> None:
    assert "ValidatingAdmissionPolicy 'assay-runs'" in answers[name]


def test_every_rule_of_the_policy_refuses_something(answers: dict[str, str]) -> None:
    said = "\n".join(answers.values())
    policy, _ = deployment.objects("admission.yaml")
    rules = [each["message"] for each in policy["spec"]["validations"]]
    assert [rule for rule in rules if rule not in said] == []


@pytest.mark.parametrize("secret", ["assay-agent-token", "assay-01j9zzzzzzzzzzzzzzzzzzzzzz-a3"])
def test_the_token_of_another_attempt_is_refused(deployed: Cluster, secret: str) -> None:
    item = jobs()["hub's token"]
    (volume,) = [each for each in item["spec"]["template"]["spec"]["volumes"] if each["name"] == "hub-token"]
    volume["projected"]["sources"][0]["secret"]["name"] = secret
    assert "a projected volume must hold" in try_out(deployed, item)


def test_a_job_of_an_image_that_was_taken_off_the_list_still_expires(deployed: Cluster) -> None:
    """Its TTL can be patched, it can be deleted; another one like it cannot be made."""
    old = "registry.example.com/assay-runner@sha256:" + "f" * 64
    deployment.allow_images(deployed, old)
    item = objects(profile_doc(image=old))["Job"]
    path = f"{collection(item)}/{item['metadata']['name']}"
    wait(lambda: try_out(deployed, item) == "", 10, "new list of images")
    deployed.api.create(item)
    try:
        deployment.allow_images(deployed)
        wait(lambda: "assay-images" in try_out(deployed, item), 10, "old list of images")
        deployed.api.patch(path, {"spec": {"ttlSecondsAfterFinished": 300}})
    finally:
        deployed.api.delete(path, propagation="Foreground")
    wait(lambda: deployed.api.send("GET", path).status == 404, 30, "end of the Job")


def test_other_namespaces_are_left_alone(deployed: Cluster, plane_namespace: str) -> None:
    item = jobs()["plain"]
    item["metadata"]["namespace"] = plane_namespace
    item["spec"]["template"]["spec"]["containers"][0]["image"] = NOTHING
    assert try_out(deployed, item) == ""


def test_the_agent_may_what_it_needs_and_no_more(deployed: Cluster) -> None:
    api = AgentApi(login(deployed.kubeconfig_for(AGENT, ("system:serviceaccounts",)), None))
    needed = (*rights.NEEDED, *rights.EVENTS, right(RUNS))
    assert rights.missing(api, RUNS, needed) == ()
    assert rights.excess(api, RUNS, needed) == ()
    assert rights.excess(api, SYSTEM, ()) == ()


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", f"/api/v1/namespaces/{RUNS}/secrets"),
        ("GET", f"/api/v1/namespaces/{RUNS}/secrets/assay-source-shop"),
        ("PATCH", f"/api/v1/namespaces/{RUNS}/secrets/assay-source-shop"),
        ("POST", f"/api/v1/namespaces/{RUNS}/secrets"),
        ("GET", f"/api/v1/namespaces/{SYSTEM}/secrets"),
        ("POST", f"/api/v1/namespaces/{RUNS}/pods"),
        ("GET", f"/api/v1/namespaces/{RUNS}/pods/x/log"),
        ("POST", f"/api/v1/namespaces/{RUNS}/pods/x/exec"),
        ("GET", f"/api/v1/namespaces/{RUNS}/configmaps"),
        ("PATCH", f"/api/v1/namespaces/{RUNS}/configmaps/assay-images"),
        ("DELETE", f"/api/v1/namespaces/{RUNS}/configmaps/assay-images"),
        ("POST", f"/api/v1/namespaces/{RUNS}/serviceaccounts/assay-runner/token"),
        ("PATCH", f"/apis/batch/v1/namespaces/{RUNS}/jobs/x/status"),
        ("POST", f"/apis/batch/v1/namespaces/{SYSTEM}/jobs"),
        ("GET", "/apis/batch/v1/jobs"),
        ("GET", "/api/v1/namespaces"),
        ("PATCH", f"/api/v1/namespaces/{RUNS}"),
        ("DELETE", f"/apis/batch/v1/namespaces/{RUNS}/jobs"),
    ],
)
def test_the_agent_is_refused_what_it_does_not_need(deployed: Cluster, method: str, path: str) -> None:
    body = None if method == "GET" else {"metadata": {"name": "x"}}
    content = "application/merge-patch+json" if method == "PATCH" else "application/json"
    with deployed.client(AGENT, ("system:serviceaccounts",)) as agent:
        assert agent.send(method, path, body, content=content).status == 403


def test_tokens_of_the_hub_take_one_right_more(deployed: Cluster) -> None:
    more = list(deployment.objects("job-tokens.yaml"))
    for item in more:
        deployed.api.apply(item, fieldValidation="Strict")
    try:
        api = AgentApi(login(deployed.kubeconfig_for(AGENT, ("system:serviceaccounts",)), None))
        needed = (*rights.NEEDED, *rights.TOKENS, *rights.EVENTS, right(RUNS))
        wait(lambda: rights.missing(api, RUNS, needed) == (), 10, "right to make Secrets")
        assert rights.excess(api, RUNS, needed) == ()
    finally:
        for item in more:
            deployed.api.delete(f"{collection(item)}/{item['metadata']['name']}")


def test_a_pod_with_more_rights_is_refused_in_both_namespaces(deployed: Cluster) -> None:
    for namespace in (SYSTEM, RUNS):
        spec = pod_spec(hostNetwork=True) | {"hostNetwork": True}
        with pytest.raises(ApiError, match="violates PodSecurity"):
            deployed.api.create(pod(namespace, "x", spec), dryRun="All")


def test_the_policy_has_no_warning_of_its_own(deployed: Cluster) -> None:
    """The API server checks the expressions against the types of a Job."""
    path = "/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicies/assay-runs"
    wait(lambda: "typeChecking" in deployed.api.get(path).get("status", {}), 30, "type check")
    assert deployed.api.get(path)["status"]["typeChecking"] == {}


def test_a_full_quota_says_so(deployed: Cluster) -> None:
    path = f"/api/v1/namespaces/{RUNS}/resourcequotas/assay-runs"
    before = deployed.api.get(path)["spec"]["hard"]["count/jobs.batch"]
    deployed.api.patch(path, {"spec": {"hard": {"count/jobs.batch": "0"}}})
    try:
        wait(lambda: "exceeded quota" in try_out(deployed, jobs()["plain"]), 30, "full quota")
    finally:
        deployed.api.patch(path, {"spec": {"hard": {"count/jobs.batch": before}}})
    wait(lambda: try_out(deployed, jobs()["plain"]) == "", 30, "room in the quota")


@pytest.mark.parametrize(
    ("folder", "files"), [(FOLDER, deployment.files()), (FOLDER / "agent", ["agent/deployment.yaml", ""])]
)
def test_kubectl_applies_the_folder(deployed: Cluster, folder: Path, files: list[str]) -> None:
    command = kubectl()
    if command is None:
        lacking("cluster", "kubectl", "it is neither built nor installed")
    how = [
        "apply",
        "-k",
        str(folder),
        "--server-side",
        "--force-conflicts",
        "--dry-run=server",
        "--validate=strict",
        "-o",
        "name",
    ]
    done = subprocess.run(
        [*command, "--kubeconfig", deployed.kubeconfig, *how], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    # a file without a name is the ConfigMap that kustomize makes
    expected = [len(list(deployment.objects(file))) if file else 1 for file in files]
    assert len(done.stdout.splitlines()) == sum(expected)


def test_the_agents_pod_keeps_the_rules_of_its_namespace(deployed: Cluster) -> None:
    """A Deployment whose pods break them is accepted, and none ever comes."""
    (item,) = deployment.objects("agent/deployment.yaml")
    template = item["spec"]["template"]
    made = {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": "agent", "namespace": SYSTEM, **template["metadata"]},
        "spec": template["spec"],
    }
    assert try_out(deployed, made) == ""
    assert item["spec"]["strategy"] == {"type": "Recreate"}
    for change_to in ({"runAsNonRoot": False}, {"seccompProfile": {"type": "Unconfined"}}):
        worse = copy.deepcopy(made)
        worse["spec"]["securityContext"] |= change_to
        assert "violates PodSecurity" in try_out(deployed, worse)


def test_the_agents_configuration_of_the_folder_is_one_that_the_agent_reads() -> None:
    settings = load(FOLDER / "agent" / "agent.yml")
    (item,) = deployment.objects("agent/deployment.yaml")
    (container,) = item["spec"]["template"]["spec"]["containers"]
    mounts = {each["name"]: each["mountPath"] for each in container["volumeMounts"]}
    assert str(settings.token.parent) == mounts["token"]
    assert container["command"][-1].startswith(mounts["config"] + "/")
    assert settings.profile.namespace == RUNS
    assert [port["containerPort"] for port in container["ports"]] == [settings.health.port]
    (listed,) = deployment.objects("images.yaml")
    assert settings.profile.image in listed["data"]["images"].split()


def test_every_file_of_the_folder_is_listed_or_named_as_a_choice() -> None:
    text = (FOLDER / "kustomization.yaml").read_text(encoding="utf-8")
    for path in FOLDER.glob("*.yaml"):
        assert path.name == "kustomization.yaml" or path.name in text
