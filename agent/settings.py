"""What the customer decides: where hub and cluster are, how much may run at once, what a run may use."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from assay.compiler.profile import Hub, Profile
from assay.protocol.agent import Jwk

SLOTS = 20
START_SECONDS = 600


@dataclass(frozen=True, slots=True)
class ClusterSettings:
    """kubeconfig: None is the pod that the agent runs in. id, issuer, keys: where the cluster does not tell them."""

    kubeconfig: Path | None = None
    context: str | None = None
    id: str | None = None
    issuer: str = ""
    keys: tuple[Jwk, ...] = ()


@dataclass(frozen=True, slots=True)
class HealthSettings:
    """port: 0 serves nothing. file: touched after each poll that went well, for a probe that looks at its age."""

    address: str = "127.0.0.1"
    port: int = 0
    file: Path | None = None


@dataclass(frozen=True, slots=True)
class Settings:
    """token       the file with the agent's token; rotated where it can be written
    slots          Jobs that may run at once
    start_seconds  that a Job's pod may take until its container runs
    job_auth       how pods say to the hub who they are: with their cluster's token, or with one of the hub's
    excess_rights  what becomes of an agent that may more than it needs
    deployment     the profile as a document: what compiles in a process of its own reads it there
    """

    token: Path
    profile: Profile
    hub: Hub
    deployment: bytes
    slots: int = SLOTS
    start_seconds: int = START_SECONDS
    job_auth: Literal["projected", "token"] = "projected"
    excess_rights: Literal["refuse", "warn"] = "refuse"
    cluster: ClusterSettings = ClusterSettings()
    health: HealthSettings = HealthSettings()
