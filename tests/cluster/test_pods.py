"""Real pods: what the kubelet, the runtime and the network do with what is asked of them."""

from __future__ import annotations

import hashlib
import http.server
import json
import socketserver
import threading
from collections.abc import Iterator
from typing import Any

import jwt
import pytest

from tests.cluster.objects import (
    NOTHING,
    conditions,
    container_state,
    finish,
    job,
    pod,
    pod_spec,
    pods_of,
    run,
    waits_for,
)
from tools.cluster.api import ApiError
from tools.cluster.cluster import Cluster, wait

SLEEP = "import time; time.sleep(600)"


def test_a_restricted_pod_has_no_rights(cluster: Cluster, pod_namespace: str, runner_image: str) -> None:
    script = """
import json, os, pathlib
status = dict(line.split(":\\t", 1) for line in pathlib.Path("/proc/self/status").read_text().splitlines())
try:
    pathlib.Path("/mine").write_text("")
    wrote = True
except OSError:
    wrote = False
print(json.dumps({"uid": os.getuid(), "wrote": wrote, **{n: status[n].strip() for n in ("CapEff", "CapBnd",
    "Seccomp", "NoNewPrivs")}}))
"""
    state, log = run(cluster.api, pod_namespace, "rights", pod_spec(runner_image, script))
    assert state["exitCode"] == 0
    none = "0" * 16
    rights = {"CapEff": none, "CapBnd": none, "Seccomp": "2", "NoNewPrivs": "1"}
    assert json.loads(log) == {"uid": 65532, "wrote": False, **rights}


def test_a_pod_with_more_rights_is_refused(cluster: Cluster, pod_namespace: str, runner_image: str) -> None:
    spec = pod_spec(runner_image, securityContext={"capabilities": {"drop": ["ALL"]}})
    with pytest.raises(ApiError, match="violates PodSecurity") as refused:
        cluster.api.create(pod(pod_namespace, "privileged", spec))
    assert refused.value.status == 403


def test_the_runner_image_has_no_compiler_and_no_shell(
    cluster: Cluster, pod_namespace: str, runner_image: str
) -> None:
    script = """
import importlib.util, json, os, pathlib
programs = [str(p) for folder in ("/bin", "/usr/bin", "/usr/local/bin", "/sbin", "/usr/sbin")
    if os.path.isdir(folder) for p in pathlib.Path(folder).iterdir()]
scripts = [str(p) for p in pathlib.Path("/usr").rglob("*.sh")]
import assay.runner.job, psycopg
assay = sorted(p.name for p in pathlib.Path(assay.__file__).parent.iterdir() if p.is_dir())
found = [n for n in ("duckdb", "sqlglot", "jinja2", "lark", "pip") if importlib.util.find_spec(n)]
print(json.dumps({"programs": sorted(programs), "scripts": scripts, "assay": assay, "found": found}))
"""
    _, log = run(cluster.api, pod_namespace, "content", pod_spec(runner_image, script))
    inside = json.loads(log)
    python = [name for name in inside["programs"] if not name.startswith("/usr/local/bin/python3")]
    assert (python, inside["scripts"], inside["found"]) == ([], [], [])
    assert [name for name in inside["assay"] if name != "__pycache__"] == ["client", "protocol", "runner"]


def test_a_pods_files_and_environment(cluster: Cluster, pod_namespace: str, runner_image: str) -> None:
    """A ConfigMap as files, a Secret's key as a variable, scratch space, and a token that the hub can verify."""
    api = cluster.api
    for kind, data in (("ConfigMap", {"run.json": '{"format":1}'}), ("Secret", {"PASSWORD": "aHVzaA=="})):
        metadata = {"name": "given", "namespace": pod_namespace}
        api.create({"apiVersion": "v1", "kind": kind, "metadata": metadata, "data": data, "immutable": True})
    script = """
import json, os, pathlib
pathlib.Path("/tmp/scratch").write_text("x")
print(json.dumps([pathlib.Path("/etc/assay/run.json").read_text(), os.environ["ASSAY_SECRET_PASSWORD"],
    pathlib.Path("/run/assay/hub/token").read_text(), oct(os.stat("/run/assay/hub/token").st_mode & 0o777)]))
"""
    token = {"audience": "assay-hub", "expirationSeconds": 600, "path": "token"}
    spec = pod_spec(
        runner_image,
        script,
        env=[
            {
                "name": "ASSAY_SECRET_PASSWORD",
                "valueFrom": {"secretKeyRef": {"name": "given", "key": "PASSWORD", "optional": False}},
            }
        ],
        volumeMounts=[
            {"name": "spec", "mountPath": "/etc/assay", "readOnly": True},
            {"name": "hub", "mountPath": "/run/assay/hub", "readOnly": True},
            {"name": "tmp", "mountPath": "/tmp"},  # noqa: S108
        ],
    )
    spec["volumes"] = [
        {"name": "spec", "configMap": {"name": "given", "defaultMode": 0o440}},
        {"name": "hub", "projected": {"defaultMode": 0o440, "sources": [{"serviceAccountToken": token}]}},
        {"name": "tmp", "emptyDir": {"sizeLimit": "16Mi"}},
    ]
    _, log = run(api, pod_namespace, "mounts", spec)
    text, password, given, mode = json.loads(log)
    # with an fsGroup the kubelet sets the mode of a token itself, whatever defaultMode says
    assert (text, password, mode) == ('{"format":1}', "hush", "0o640")
    keys = jwt.PyJWKSet.from_dict(api.get("/openid/v1/jwks"))
    key = keys[jwt.get_unverified_header(given)["kid"]]
    issuer = api.get("/.well-known/openid-configuration")["issuer"]
    claims = jwt.decode(given, key, algorithms=["RS256"], audience="assay-hub", issuer=issuer)
    uid = api.get(f"/api/v1/namespaces/{pod_namespace}/pods/mounts")["metadata"]["uid"]
    assert claims["kubernetes.io"]["pod"] == {"name": "mounts", "uid": uid}


def test_a_pod_calls_the_api_server_with_its_own_token(
    cluster: Cluster, pod_namespace: str, runner_image: str
) -> None:
    script = f"""
import json, pathlib, ssl, urllib.request
folder = pathlib.Path("/var/run/secrets/kubernetes.io/serviceaccount")
context = ssl.create_default_context(cafile=str(folder / "ca.crt"))
request = urllib.request.Request("{cluster.api_address}/apis/authentication.k8s.io/v1/selfsubjectreviews",
    json.dumps({{"apiVersion": "authentication.k8s.io/v1", "kind": "SelfSubjectReview"}}).encode(),
    {{"Authorization": "Bearer " + (folder / "token").read_text(), "Content-Type": "application/json"}})
print(json.load(urllib.request.urlopen(request, context=context, timeout=10))["status"]["userInfo"]["username"])
"""
    spec = {**pod_spec(runner_image, script), "automountServiceAccountToken": True}
    _, log = run(cluster.api, pod_namespace, "caller", spec)
    assert log.strip() == f"system:serviceaccount:{pod_namespace}:default"


class Echo(http.server.BaseHTTPRequestHandler):
    """Answers a body with itself."""

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def echo() -> Iterator[int]:
    """The port of a server on this machine's loopback."""
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Echo) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_address[1]
        server.shutdown()


def test_an_exposed_service_of_the_machine_is_reached_and_no_other(
    cluster: Cluster, pod_namespace: str, runner_image: str, echo: int
) -> None:
    host, port = cluster.expose(echo)
    script = f"""
import hashlib, json, socket, urllib.request
body = b"0123456789abcdef" * (1 << 20)
answer = urllib.request.urlopen("http://{host}:{port}", body, timeout=30).read()
def reach(address, port):
    try:
        socket.create_connection((address, port), timeout=3).close()
    except OSError as error:
        return type(error).__name__
    return "reached"
print(json.dumps([hashlib.sha256(answer).hexdigest(), reach("127.0.0.1", {port}), reach("{host}", 1),
    reach("192.0.2.1", 80)]))
"""
    _, log = run(cluster.api, pod_namespace, "client", pod_spec(runner_image, script))
    digest, own_loopback, not_exposed, outside = json.loads(log)
    assert digest == hashlib.sha256(b"0123456789abcdef" * (1 << 20)).hexdigest()
    assert (own_loopback, not_exposed, outside) == (
        "ConnectionRefusedError",
        "ConnectionRefusedError",
        "OSError",
    )


def test_too_much_memory_ends_a_pod(cluster: Cluster, pod_namespace: str, runner_image: str) -> None:
    limits = {"memory": "64Mi", "cpu": "1"}
    spec = pod_spec(
        runner_image,
        "x = bytearray(256 << 20); print(len(x))",
        resources={"requests": limits, "limits": limits},
    )
    state, log = run(cluster.api, pod_namespace, "greedy", spec)
    assert (state["reason"], state["exitCode"], log) == ("OOMKilled", 137, "")


def waiting(cluster: Cluster, namespace: str, name: str, *reasons: str) -> None:
    path = f"/api/v1/namespaces/{namespace}/pods/{name}"
    wait(lambda: waits_for(cluster.api.get(path)) in reasons, 60, " or ".join(reasons))


def test_a_pod_without_image_or_secret_waits_and_says_why(
    cluster: Cluster, pod_namespace: str, runner_image: str
) -> None:
    cluster.api.create(pod(pod_namespace, "no-image", pod_spec(NOTHING)))
    reference = {"name": "nothing", "key": "X", "optional": False}
    variable = {"name": "X", "valueFrom": {"secretKeyRef": reference}}
    cluster.api.create(pod(pod_namespace, "no-secret", pod_spec(runner_image, env=[variable])))
    waiting(cluster, pod_namespace, "no-image", "ErrImagePull", "ImagePullBackOff")
    waiting(cluster, pod_namespace, "no-secret", "CreateContainerConfigError")


def test_a_job_outlives_the_api_server(cluster: Cluster, pod_namespace: str, runner_image: str) -> None:
    api = cluster.api
    api.create(
        job(pod_namespace, "patient", pod_spec(runner_image, "import time; time.sleep(3); print('done')"))
    )
    running = ["Running"]
    wait(lambda: [p["status"]["phase"] for p in pods_of(api, pod_namespace, "patient")] == running, 30, "pod")
    cluster.restart_apiserver()
    wait(lambda: "Complete" in conditions(api, pod_namespace, "patient"), 60, "complete Job")
    (ended,) = pods_of(api, pod_namespace, "patient")
    assert finish(api, pod_namespace, ended["metadata"]["name"])[1] == "done\n"


def test_an_evicted_pod_is_replaced_without_counting_as_a_failure(
    cluster: Cluster, pod_namespace: str, runner_image: str
) -> None:
    api = cluster.api
    ignored = {"action": "Ignore", "onPodConditions": [{"type": "DisruptionTarget", "status": "True"}]}
    policy: dict[str, Any] = {"podReplacementPolicy": "Failed", "podFailurePolicy": {"rules": [ignored]}}
    api.create(job(pod_namespace, "steady", pod_spec(runner_image, SLEEP), **policy))

    def running(but: str = "") -> list[Any]:
        found = [p for p in pods_of(api, pod_namespace, "steady") if p["metadata"]["uid"] != but]
        return [p for p in found if "running" in container_state(p)]

    wait(lambda: len(running()) == 1, 30, "running pod")
    (first,) = running()
    metadata = {"name": first["metadata"]["name"], "namespace": pod_namespace}
    eviction = {"apiVersion": "policy/v1", "kind": "Eviction", "metadata": metadata}
    api.request("POST", f"/api/v1/namespaces/{pod_namespace}/pods/{metadata['name']}/eviction", eviction)
    wait(lambda: len(running(but=first["metadata"]["uid"])) == 1, 60, "new pod")
    assert conditions(api, pod_namespace, "steady") == {}


def test_a_deadline_ends_a_running_pod(cluster: Cluster, pod_namespace: str, runner_image: str) -> None:
    cluster.api.create(job(pod_namespace, "late", pod_spec(runner_image, SLEEP), activeDeadlineSeconds=3))
    wait(lambda: "Failed" in conditions(cluster.api, pod_namespace, "late"), 60, "failed Job")
    assert conditions(cluster.api, pod_namespace, "late")["Failed"] == "DeadlineExceeded"


def test_a_runtime_without_strict_groups_rejects_a_pod(
    cluster: Cluster, pod_namespace: str, runner_image: str
) -> None:
    """Only the pod's own status says why: no container was ever made, and the Job counts a failure as any other."""
    api, spec = cluster.api, pod_spec(runner_image)
    spec["securityContext"] = {**spec["securityContext"], "supplementalGroupsPolicy": "Strict"}
    api.create(job(pod_namespace, "strict", spec))
    wait(lambda: "Failed" in conditions(api, pod_namespace, "strict"), 60, "failed Job")
    assert conditions(api, pod_namespace, "strict")["Failed"] == "BackoffLimitExceeded"
    (rejected,) = pods_of(api, pod_namespace, "strict")
    assert rejected["status"]["reason"] == "SupplementalGroupsPolicyNotSupported"
    assert "containerStatuses" not in rejected["status"]
