"""Messages between people (or their programs) and the hub. The tenant comes from the credential alone."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Any, Generic, Literal, TypeVar

from msgspec import Meta, field

from assay.protocol.agent import ReasonCode
from assay.protocol.report import Outcome, Report
from assay.protocol.wire import (
    Answer,
    ContractName,
    Digest,
    Found,
    Instant,
    Name,
    Request,
    Ulid,
)

T = TypeVar("T")
Cron = Annotated[str, Meta(min_length=1, max_length=200)]
Zone = Annotated[str, Meta(min_length=1, max_length=64)]
FileName = Annotated[str, Meta(min_length=1, max_length=400)]
FileText = Annotated[str, Meta(max_length=1 << 20)]
Params = dict[
    Annotated[str, Meta(min_length=1, max_length=100)],
    Annotated[str, Meta(max_length=1000)],
]
Label = Annotated[str, Meta(max_length=100)]


class Role(StrEnum):
    """Each may what the one before it may. viewer reads; editor changes contracts, sources, warehouses and
    schedules; operator runs and cancels; admin has keys, agents, the audit log and the tenant's settings."""

    VIEWER = "viewer"
    EDITOR = "editor"
    OPERATOR = "operator"
    ADMIN = "admin"


class RunState(StrEnum):
    SCHEDULED = "scheduled"
    QUEUED = "queued"
    LEASED = "leased"
    ACCEPTED = "accepted"
    APPLIED = "applied"
    RUNNING = "running"
    COMMITTED = "committed"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELLED = "cancelled"
    TIMED_OUT = "timed_out"
    EXPIRED = "expired"
    LOST = "lost"


TERMINAL = frozenset(
    (
        RunState.SUCCEEDED,
        RunState.FAILED,
        RunState.CANCELLED,
        RunState.TIMED_OUT,
        RunState.EXPIRED,
        RunState.LOST,
    )
)


class Page(Answer, Generic[T], frozen=True):
    """next: the cursor of the next page; absent on the last one."""

    items: tuple[T, ...]
    next: str | None = None


# -- contracts


class PublishRequest(Request, frozen=True):
    """A contract and everything that it imports, by file name relative to the project's root."""

    root: FileName
    files: Annotated[dict[FileName, FileText], Meta(min_length=1, max_length=200)]


class CheckSummary(Answer, frozen=True):
    id: str
    kind: str


class ContractVersion(Answer, frozen=True):
    """revision: counts publications of the contract. sha256: of its files."""

    contract: ContractName
    version: str
    revision: int
    sha256: Digest
    source: str
    published_at: Instant
    checks: tuple[CheckSummary, ...]
    created: bool = False
    diagnostics: tuple[Found, ...] = ()


class ContractHead(Answer, frozen=True):
    contract: ContractName
    version: str
    revision: int
    source: str
    published_at: Instant
    checks: int


class ContractText(Answer, frozen=True):
    contract: ContractName
    version: str
    revision: int
    root: str
    files: dict[str, str]


# -- data sources and warehouses


class DocumentRequest(Request, frozen=True):
    """A data source or a diagnostics warehouse as `assay.yml` has it, with `${env.NAME}` in place of secrets."""

    document: dict[str, Any]


class Document(Answer, frozen=True):
    name: Name
    revision: int
    document: dict[str, Any]
    updated_at: Instant


class DocumentHead(Answer, frozen=True):
    name: Name
    revision: int
    type: str
    updated_at: Instant


# -- schedules


class ScheduleRequest(Request, frozen=True):
    """start_s: seconds after the fire time until which it may still start. concurrency: `forbid` leaves a
    fire out while the run before it is not over."""

    contract: ContractName
    cron: Cron
    zone: Zone = "UTC"
    pool: Name = "default"
    params: Params = field(default_factory=dict)
    warehouse: Name | None = None
    enabled: bool = True
    concurrency: Literal["forbid", "allow"] = "forbid"
    max_attempts: Annotated[int, Meta(ge=1, le=10)] = 2
    deadline_s: Annotated[int, Meta(ge=60, le=86_400)] = 3_600
    start_s: Annotated[int, Meta(ge=60, le=7 * 86_400)] = 3_600


class Schedule(Answer, frozen=True):
    name: Name
    revision: int
    schedule: ScheduleRequest
    next_fire_at: Instant | None = None
    last_fire_at: Instant | None = None


# -- runs


class RunRequest(Request, frozen=True):
    """version: absent is the newest. start_s: how long it may wait for an agent."""

    contract: ContractName
    version: Annotated[str, Meta(max_length=100)] | None = None
    pool: Name = "default"
    params: Params = field(default_factory=dict)
    warehouse: Name | None = None
    max_attempts: Annotated[int, Meta(ge=1, le=10)] = 1
    deadline_s: Annotated[int, Meta(ge=60, le=86_400)] = 3_600
    start_s: Annotated[int, Meta(ge=60, le=7 * 86_400)] = 3_600


class Run(Answer, frozen=True):
    """reason_code: of the last attempt. verdict: once its results are committed."""

    id: Ulid
    contract: ContractName
    version: str
    pool: Name
    state: RunState
    attempt: int
    queued_at: Instant
    schedule: Name | None = None
    fire_at: Instant | None = None
    leased_at: Instant | None = None
    accepted_at: Instant | None = None
    applied_at: Instant | None = None
    started_at: Instant | None = None
    committed_at: Instant | None = None
    ended_at: Instant | None = None
    reason_code: ReasonCode | None = None
    exit_code: int | None = None
    warning: bool = False
    cancel_requested: bool = False
    verdict: Outcome | None = None
    agent: Ulid | None = None


class Results(Answer, frozen=True):
    run: Ulid
    attempt: int
    report: Report


# -- agents, keys, tenant, audit


class EnrolmentRequest(Request, frozen=True):
    pool: Name = "default"


class Enrolment(Answer, frozen=True):
    """token: shown once, good for one agent and until expires_at."""

    token: str
    pool: Name
    expires_at: Instant


class Agent(Answer, frozen=True):
    id: Ulid
    name: Name
    pool: Name
    cluster: str
    enrolled_at: Instant
    online: bool
    last_poll_at: Instant | None = None
    version: str | None = None
    revoked: bool = False
    in_flight: int = 0


class KeyRequest(Request, frozen=True):
    role: Role
    label: Label = ""


class KeyHead(Answer, frozen=True):
    id: Ulid
    role: Role
    label: str
    created_at: Instant
    last_used_at: Instant | None = None
    revoked: bool = False


class Key(Answer, frozen=True):
    """key: shown once."""

    id: Ulid
    role: Role
    label: str
    key: str


class TenantRequest(Request, frozen=True):
    """Days that runs and the audit log are kept, and caps: what may wait and run at once, and
    the results of checks that may come in within a minute."""

    keep_runs_days: Annotated[int, Meta(ge=1, le=3_660)] = 90
    keep_audit_days: Annotated[int, Meta(ge=1, le=3_660)] = 366
    max_queued: Annotated[int, Meta(ge=1, le=1_000_000)] = 10_000
    max_running: Annotated[int, Meta(ge=1, le=100_000)] = 1_000
    max_results_a_minute: Annotated[int, Meta(ge=1_000, le=100_000_000)] = 600_000


class Tenant(Answer, frozen=True):
    name: Name
    revision: int
    settings: TenantRequest


class WhoAmI(Answer, frozen=True):
    tenant: Name
    role: Role
    key: Ulid


class AuditEntry(Answer, frozen=True):
    """Who changed what. actor: `key:ID`, `agent:ID`, `schedule:NAME` or `hub`."""

    id: Ulid
    at: Instant
    actor: str
    action: str
    subject: str
    revision: int | None = None


class Version(Answer, frozen=True):
    version: str
    protocol: int
    oldest: int


class Health(Answer, frozen=True):
    """ready: the store answers, and can write."""

    ready: bool
    store: Literal["ok", "unavailable", "read_only"]
