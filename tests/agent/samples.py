"""A Job and a ConfigMap as an agent makes them, small."""

from __future__ import annotations

from typing import Any

Tree = dict[str, Any]
IMAGE = "registry.example.com/assay-runner@sha256:" + "0123456789abcdef" * 4
LABELS = {"app.kubernetes.io/managed-by": "assay", "assay/pool": "default"}
SELECTOR = "app.kubernetes.io/managed-by=assay,assay/pool=default"


def job(name: str, **spec: Any) -> Tree:
    return {
        "apiVersion": "batch/v1",
        "kind": "Job",
        "metadata": {"name": name, "labels": LABELS, "annotations": {"assay/fence": "1"}},
        "spec": {
            "backoffLimit": 0,
            "suspend": True,
            "activeDeadlineSeconds": 600,
            "ttlSecondsAfterFinished": 86_400,
            "podReplacementPolicy": "Failed",
            "podFailurePolicy": {
                "rules": [
                    {
                        "action": "Ignore",
                        "onPodConditions": [{"type": "DisruptionTarget", "status": "True"}],
                    },
                    {
                        "action": "FailJob",
                        "onExitCodes": {
                            "containerName": "runner",
                            "operator": "In",
                            "values": [64, 65, 77, 78],
                        },
                    },
                ]
            },
            "template": {
                "metadata": {"labels": LABELS},
                "spec": {
                    "restartPolicy": "Never",
                    "terminationGracePeriodSeconds": 0,
                    "automountServiceAccountToken": False,
                    "securityContext": {
                        "runAsNonRoot": True,
                        "runAsUser": 65532,
                        "seccompProfile": {"type": "RuntimeDefault"},
                    },
                    "containers": [
                        {
                            "name": "runner",
                            "image": IMAGE,
                            "securityContext": {
                                "allowPrivilegeEscalation": False,
                                "capabilities": {"drop": ["ALL"]},
                            },
                        }
                    ],
                },
            },
        }
        | spec,
    }


def config_map(name: str) -> Tree:
    return {
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": {"name": name, "labels": LABELS},
        "immutable": True,
        "data": {"run.json": "{}"},
    }
