"""A namespace for each test, in the cluster with pods and in the one without."""

from __future__ import annotations

import secrets
from collections.abc import Iterator

import pytest

from tools.cluster import images
from tools.cluster.cluster import Cluster, wait

RESTRICTED = {
    "pod-security.kubernetes.io/enforce": "restricted",
    "pod-security.kubernetes.io/enforce-version": "latest",
}


def namespace(cluster: Cluster, labels: dict[str, str]) -> Iterator[str]:
    """Its name. It is deleted at the end, and nobody waits for that."""
    name = f"test-{secrets.token_hex(4)}"
    cluster.api.create(
        {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name, "labels": labels}}
    )
    account = f"/api/v1/namespaces/{name}/serviceaccounts/default"
    wait(lambda: cluster.api.send("GET", account).status == 200, 30, "a ServiceAccount")
    yield name
    cluster.api.delete(f"/api/v1/namespaces/{name}")


@pytest.fixture
def plane_namespace(control_plane: Cluster) -> Iterator[str]:
    yield from namespace(control_plane, RESTRICTED)


@pytest.fixture
def pod_namespace(cluster: Cluster) -> Iterator[str]:
    yield from namespace(cluster, RESTRICTED)


@pytest.fixture(scope="session")
def runner_image(cluster: Cluster) -> str:
    """The reference of the runner's image, made from this checkout."""
    return cluster.import_image(images.image(images.RUNNER))
