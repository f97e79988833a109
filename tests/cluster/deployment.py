"""What a customer applies before the first run, applied."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from tools.cluster.api import ApiError
from tools.cluster.cluster import Cluster, wait

FOLDER = Path(__file__).parents[2] / "deploy"
SYSTEM, RUNS = "assay-system", "assay-runs"
AGENT = f"system:serviceaccount:{SYSTEM}:assay-agent"
IMAGES = f"/api/v1/namespaces/{RUNS}/configmaps/assay-images"


def files() -> list[str]:
    """In the order of kustomization.yaml."""
    listed: list[str] = yaml.safe_load((FOLDER / "kustomization.yaml").read_text(encoding="utf-8"))[
        "resources"
    ]
    return listed


def objects(file: str) -> Iterator[dict[str, Any]]:
    yield from yaml.safe_load_all((FOLDER / file).read_text(encoding="utf-8"))


def deploy(cluster: Cluster, *more: str) -> None:
    """Applies deploy/, lists further images, and waits until the admission policy is in force."""
    for file in files():
        for item in objects(file):
            cluster.api.apply(item, fieldValidation="Strict")
    allow_images(cluster, *more)
    nothing = {
        "apiVersion": "batch/v1",
        "kind": "Job",
        "metadata": {"name": "nothing", "namespace": RUNS},
        "spec": {
            "template": {"spec": {"restartPolicy": "Never", "containers": [{"name": "x", "image": "x"}]}}
        },
    }

    def in_force() -> bool:
        try:
            cluster.api.create(nothing, dryRun="All")
        except ApiError as error:
            return "ValidatingAdmissionPolicy" in str(error)
        return False

    wait(in_force, 30, "admission policy")


def allow_images(cluster: Cluster, *images: str) -> None:
    """The listed image of deploy/images.yaml, and these."""
    (given,) = objects("images.yaml")
    lines = "\n".join([given["data"]["images"].strip(), *images]) + "\n"
    cluster.api.patch(IMAGES, {"data": {"images": lines}})
