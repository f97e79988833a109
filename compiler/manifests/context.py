"""What the templates may say: every variable of templates/*.yaml.j2 is a field of one of these."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, TypeAlias

Pairs: TypeAlias = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Variable:
    """An environment variable that is a key of a Secret."""

    name: str
    secret: str
    key: str


@dataclass(frozen=True, slots=True)
class SecretFiles:
    """Keys of a Secret as files in a folder."""

    volume: str
    folder: str
    secret: str
    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class JobSpec:
    """jobspec.yaml.j2, the part that a Job and a CronJob share. `env` and `files` give the secrets.

    pod_uid       the variable that gets the pod's uid; None: there is none
    audience      of the cluster's token for the hub; None: no token
    token_secret  the Secret with the token that the hub gave, in place of the cluster's
    """

    deadline: int
    ttl: int
    suspend: bool
    labels: Pairs
    annotations: Pairs
    service_account: str
    host_users: bool | None
    priority_class: str | None
    supplemental_groups: str | None
    image: str
    pod_uid: str | None
    env: tuple[Variable, ...]
    files: tuple[SecretFiles, ...]
    requests: Pairs
    limits: Pairs
    tmp: str
    config_map: str
    audience: str | None
    token_seconds: int
    token_secret: str | None


@dataclass(frozen=True, slots=True)
class Job:
    TEMPLATE: ClassVar[str] = "job.yaml.j2"
    name: str
    namespace: str
    labels: Pairs
    annotations: Pairs
    job: JobSpec


@dataclass(frozen=True, slots=True)
class CronJob:
    TEMPLATE: ClassVar[str] = "cronjob.yaml.j2"
    name: str
    namespace: str
    labels: Pairs
    annotations: Pairs
    schedule: str
    zone: str
    starting_deadline: int
    job: JobSpec


@dataclass(frozen=True, slots=True)
class ConfigMap:
    """configmap.yaml.j2. more: further files beside the three that are always there."""

    TEMPLATE: ClassVar[str] = "configmap.yaml.j2"
    name: str
    namespace: str
    labels: Pairs
    annotations: Pairs
    bundle: str
    source: str
    run: str
    more: Pairs


@dataclass(frozen=True, slots=True)
class Egress:
    cidr: str
    excepted: tuple[str, ...]
    ports: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class NetworkPolicy:
    TEMPLATE: ClassVar[str] = "networkpolicy.yaml.j2"
    name: str
    namespace: str
    labels: Pairs
    annotations: Pairs
    selector: Pairs
    egress: tuple[Egress, ...]


Context: TypeAlias = Job | CronJob | ConfigMap | NetworkPolicy
