"""A small client of the API server: JSON in and out, for tests, tools and benchmarks."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any
from urllib.parse import urlencode

import urllib3

MERGE = "application/merge-patch+json"
STRATEGIC = "application/strategic-merge-patch+json"
APPLY = "application/apply-patch+yaml"

# Where each kind lives: its path below the namespace, and whether it has one.
KINDS: Mapping[str, tuple[str, str, bool]] = {
    "ConfigMap": ("/api/v1", "configmaps", True),
    "CronJob": ("/apis/batch/v1", "cronjobs", True),
    "Job": ("/apis/batch/v1", "jobs", True),
    "Lease": ("/apis/coordination.k8s.io/v1", "leases", True),
    "LimitRange": ("/api/v1", "limitranges", True),
    "Namespace": ("/api/v1", "namespaces", False),
    "NetworkPolicy": ("/apis/networking.k8s.io/v1", "networkpolicies", True),
    "Node": ("/api/v1", "nodes", False),
    "Pod": ("/api/v1", "pods", True),
    "ResourceQuota": ("/api/v1", "resourcequotas", True),
    "Role": ("/apis/rbac.authorization.k8s.io/v1", "roles", True),
    "RoleBinding": ("/apis/rbac.authorization.k8s.io/v1", "rolebindings", True),
    "ClusterRoleBinding": ("/apis/rbac.authorization.k8s.io/v1", "clusterrolebindings", False),
    "Secret": ("/api/v1", "secrets", True),
    "ServiceAccount": ("/api/v1", "serviceaccounts", True),
    "ValidatingAdmissionPolicy": (
        "/apis/admissionregistration.k8s.io/v1",
        "validatingadmissionpolicies",
        False,
    ),
    "ValidatingAdmissionPolicyBinding": (
        "/apis/admissionregistration.k8s.io/v1",
        "validatingadmissionpolicybindings",
        False,
    ),
}


class ApiError(Exception):
    """The API server answered with an error; `body` is its Status object."""

    def __init__(self, status: int, body: Mapping[str, Any], what: str) -> None:
        super().__init__(f"{what}: {status} {body.get('message', '')}")
        self.status, self.body = status, body

    @property
    def reason(self) -> str:
        """Such as NotFound, Forbidden, Invalid, AlreadyExists."""
        return str(self.body.get("reason", ""))


class Api:
    """One user of an API server. Safe to share between threads."""

    def __init__(
        self,
        url: str,
        authority: Path,
        *,
        certificate: Path | None = None,
        key: Path | None = None,
        token: str | None = None,
        timeout: float = 30.0,
    ) -> None:
        self.url = url
        self._headers = {"Authorization": f"Bearer {token}"} if token else {}
        self._pool = urllib3.PoolManager(
            ca_certs=str(authority),
            cert_file=str(certificate) if certificate else None,
            key_file=str(key) if key else None,
            maxsize=32,
            retries=False,
            timeout=urllib3.Timeout(connect=min(10.0, timeout), read=timeout),
        )

    def __enter__(self) -> Api:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        self._pool.clear()

    def send(
        self,
        method: str,
        path: str,
        body: object = None,
        *,
        content: str = "application/json",
        query: Mapping[str, str] | None = None,
    ) -> urllib3.BaseHTTPResponse:
        """The answer, whatever its status. OSError where there is none."""
        data = None if body is None else json.dumps(body).encode()
        headers = {**self._headers, "Accept": "application/json, */*", "Content-Type": content}
        full = self.url + path + ("?" + urlencode(query) if query else "")
        try:
            return self._pool.request(method, full, body=data, headers=headers)
        except urllib3.exceptions.HTTPError as error:
            raise OSError(f"{method} {path}: {error}") from error

    def request(self, method: str, path: str, body: object = None, **how: Any) -> Any:
        """The answer's object. Raises ApiError, OSError."""
        answer = self.send(method, path, body, **how)
        text = answer.data
        if answer.status >= 400:
            raise ApiError(answer.status, _status(text), f"{method} {path}")
        return json.loads(text)

    def text(self, path: str, **query: str) -> str:
        """An answer that is no JSON, such as a pod's log."""
        answer = self.send("GET", path, query=query)
        if answer.status >= 400:
            raise ApiError(answer.status, _status(answer.data), f"GET {path}")
        return answer.data.decode("utf-8", "replace")

    def get(self, path: str, **query: str) -> Any:
        return self.request("GET", path, query=query)

    def create(self, item: Mapping[str, Any], **query: str) -> Any:
        """Creates an object of a kind that KINDS knows, in the namespace of its metadata."""
        return self.request("POST", collection(item), item, query=query)

    def apply(self, item: Mapping[str, Any], **query: str) -> Any:
        """Server-side apply: creates it, or brings what is there to it."""
        path = f"{collection(item)}/{item['metadata']['name']}"
        asked = {"fieldManager": "assay-tools", "force": "true", **query}
        return self.request("PATCH", path, item, content=APPLY, query=asked)

    def patch(self, path: str, body: object, *, content: str = MERGE) -> Any:
        return self.request("PATCH", path, body, content=content)

    def delete(self, path: str, *, grace: int | None = None, propagation: str = "Background") -> Any:
        options: dict[str, object] = {"propagationPolicy": propagation}
        if grace is not None:
            options["gracePeriodSeconds"] = grace
        return self.request("DELETE", path, options)

    def watch(self, path: str, *, seconds: int, **query: str) -> Iterator[Mapping[str, Any]]:
        """Events until the server ends the stream after `seconds`. Raises ApiError, OSError."""
        asked = urlencode({"watch": "true", "timeoutSeconds": str(seconds), **query})
        headers = {**self._headers, "Accept": "application/json, */*"}
        timeout = urllib3.Timeout(connect=10.0, read=seconds + 10.0)
        try:
            answer = self._pool.request(
                "GET", f"{self.url}{path}?{asked}", headers=headers, preload_content=False, timeout=timeout
            )
            try:
                if answer.status >= 400:
                    raise ApiError(answer.status, _status(answer.read()), f"GET {path}")
                for line in _lines(answer):
                    yield json.loads(line)
            finally:
                answer.close()
        except urllib3.exceptions.HTTPError as error:
            raise OSError(f"watch of {path}: {error}") from error


def collection(item: Mapping[str, Any]) -> str:
    """The path of all objects of its kind, in its namespace where the kind has one."""
    group, plural, namespaced = KINDS[item["kind"]]
    if not namespaced:
        return f"{group}/{plural}"
    return f"{group}/namespaces/{item['metadata'].get('namespace', 'default')}/{plural}"


def _status(data: bytes) -> Mapping[str, Any]:
    try:
        body = json.loads(data)
    except ValueError:
        body = None
    return body if isinstance(body, dict) else {"message": data.decode("utf-8", "replace")}


def _lines(answer: urllib3.BaseHTTPResponse) -> Iterator[bytes]:
    rest = b""
    while piece := answer.read1(1 << 16):
        *whole, rest = (rest + piece).split(b"\n")
        yield from whole
