"""Messages between agent and hub. The agent asks, always: nothing of the customer's listens.

A poll carries all that the agent knows and answers with all that it should do. Both lists are states, not
events: they are repeated until they are no longer true, so a lost answer costs one poll. Durations are in
seconds from the moment of the answer; no clock is compared with another machine's.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Any, Literal

from msgspec import Meta

from assay.protocol.wire import (
    Answer,
    Attempt,
    ContractName,
    Digest,
    Fence,
    Instant,
    KubernetesName,
    Name,
    Request,
    Seconds,
    Seq,
    Uid,
    Ulid,
)


class Kind(StrEnum):
    """What a hub may ask for. Image, command, account, resources and network are never among it."""

    VERIFY = "verify"


class Phase(StrEnum):
    """Where an attempt stands in the cluster, as its agent sees it."""

    DELIVERED = "delivered"
    ACCEPTED = "accepted"
    APPLIED = "applied"
    RUNNING = "running"
    ENDED = "ended"


class AttemptOutcome(StrEnum):
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    LOST = "lost"
    CANCELLED = "cancelled"


class ReasonCode(StrEnum):
    """Why an attempt is where it is. From here on nothing is free text."""

    JOB_COMPLETE = "job_complete"
    JOB_FAILED = "job_failed"
    JOB_MISSING = "job_missing"
    JOB_DELETED = "job_deleted"
    DEADLINE_EXCEEDED = "deadline_exceeded"
    OUT_OF_MEMORY = "out_of_memory"
    EVICTED = "evicted"
    BAD_SPEC = "bad_spec"
    CONTRACT_REJECTED = "contract_rejected"
    SOURCE_UNAVAILABLE = "source_unavailable"
    RUNNER_BUG = "runner_bug"
    RESULT_UNDELIVERED = "result_undelivered"
    RESULT_MISSING = "result_missing"
    FENCED = "fenced"
    PERMISSION_DENIED = "permission_denied"
    MISSING_SECRET = "missing_secret"  # noqa: S105 - a code
    INTERRUPTED = "interrupted"
    COMPILE_ERROR = "compile_error"
    NOT_BOUND = "not_bound"
    PLAN_MISMATCH = "plan_mismatch"
    ORDER_CORRUPT = "order_corrupt"
    MANIFEST_REJECTED = "manifest_rejected"
    POD_SECURITY = "pod_security"
    NAME_CONFLICT = "name_conflict"
    POISON = "poison"
    START_TIMEOUT = "start_timeout"
    IMAGE_PULL = "image_pull"
    UNSCHEDULABLE = "unschedulable"
    SECRET_MISSING = "secret_missing"  # noqa: S105 - a code
    CONFIG_MISSING = "config_missing"
    UNSUPPORTED_FIELD = "unsupported_field"
    ACCOUNT_MISSING = "account_missing"
    POD_REFUSED = "pod_refused"
    QUOTA = "quota"
    RIGHTS_MISSING = "rights_missing"
    SHUTTING_DOWN = "shutting_down"
    CLUSTER_UNAVAILABLE = "cluster_unavailable"
    CANCEL_REQUESTED = "cancel_requested"


# -- who the agent is


class Jwk(Request, frozen=True):
    """One public key of the cluster's ServiceAccount issuer (RFC 7517): RSA (n, e) or EC (crv, x, y)."""

    kty: Literal["RSA", "EC"]
    kid: Annotated[str, Meta(max_length=200)] = ""
    alg: Annotated[str, Meta(max_length=20)] = ""
    use: Annotated[str, Meta(max_length=20)] = ""
    n: Annotated[str, Meta(max_length=2_000)] = ""
    e: Annotated[str, Meta(max_length=20)] = ""
    crv: Annotated[str, Meta(max_length=20)] = ""
    x: Annotated[str, Meta(max_length=200)] = ""
    y: Annotated[str, Meta(max_length=200)] = ""


class Cluster(Request, frozen=True):
    """The cluster as its agent knows it. id: the uid of its namespace `kube-system`. issuer and keys: what
    pods' tokens are verified with, offline; without keys, each attempt gets a token of its own from the hub."""

    id: Uid
    namespace: KubernetesName
    issuer: Annotated[str, Meta(max_length=500)] = ""
    keys: Annotated[tuple[Jwk, ...], Meta(max_length=16)] = ()


class EnrolRequest(Request, frozen=True):
    """name: what people will call the agent. The enrolment token comes as the bearer, and is used up."""

    name: Name
    cluster: Cluster


class Enrolled(Answer, frozen=True):
    """token: shown once, kept by the agent."""

    agent: Ulid
    pool: Name
    token: str


class SessionRequest(Request, frozen=True):
    """One process of the agent begins; the session before it is over. oldest, newest: protocol versions
    that it speaks. cluster: as at enrolment, with its keys as they are now."""

    oldest: int
    newest: int
    version: Annotated[str, Meta(max_length=40)]
    cluster: Cluster


class Session(Answer, frozen=True):
    """pool: whose instructions this agent is given."""

    session: Ulid
    epoch: int
    pool: Name
    protocol: int
    lease_s: Seconds
    poll_s: Seconds
    """How long a poll may wait for work."""
    server_time: Instant


# -- the poll


class Known(Request, frozen=True):
    instruction: Ulid
    attempt: Attempt
    fence: Fence
    phase: Phase
    job_uid: Uid | None = None


class PollRequest(Request, frozen=True):
    """wait_s: how long the hub may hold the answer back when there is nothing to say."""

    session: Ulid
    epoch: int
    free_slots: Annotated[int, Meta(ge=0, le=1000)]
    kinds: Annotated[tuple[Kind, ...], Meta(max_length=16)] = (Kind.VERIFY,)
    known: Annotated[tuple[Known, ...], Meta(max_length=5000)] = ()
    wait_s: Annotated[float, Meta(ge=0, le=25)] = 0.0


class Delivery(Answer, frozen=True):
    """An instruction leased to this agent. order_sha256: of the bytes that the work order will have.
    start_s: seconds until it may no longer be started. deadline_s: what the Job may take. lapsed: leases of this
    attempt that ended with their session, without a word, after its work order had been read: how often it was in a
    process's hands that died."""

    instruction: Ulid
    attempt: Attempt
    fence: Fence
    kind: Kind
    order_sha256: Digest
    start_s: Seconds
    deadline_s: int
    lapsed: int = 0


class Reference(Answer, frozen=True):
    instruction: Ulid
    attempt: Attempt


class Held(Answer, frozen=True):
    instruction: Ulid
    attempt: Attempt
    fence: Fence


class Poll(Answer, frozen=True):
    """deliver: what to start. cancel: what to end, and to report when it is gone. forget: what the hub has
    no more interest in: its Job may be left to its time to live. unnamed: what has a Job in this agent's cluster, as
    far as the hub knows, and stood not among the known: to be looked for, and reported as lost if it is missing."""

    next_poll_ms: int
    deliver: tuple[Delivery, ...] = ()
    cancel: tuple[Reference, ...] = ()
    forget: tuple[Reference, ...] = ()
    unnamed: tuple[Held, ...] = ()


# -- one instruction


class WorkOrder(Answer, frozen=True):
    """What to verify: texts and documents with placeholders. The agent compiles them itself.

    files       the contract's own text under `root`, and everything that it imports
    source      as `protocol.source` reads it; so is warehouse
    deadline_s  what the Job may take, at most
    """

    instruction: Ulid
    attempt: Attempt
    contract: ContractName
    version: str
    root: str
    files: dict[str, str]
    source_name: Name
    source: dict[str, Any]
    params: dict[str, str]
    checks_sha256: Digest
    deadline_s: int
    warehouse_name: Name | None = None
    warehouse: dict[str, Any] | None = None


class AcceptRequest(Request, frozen=True):
    """The agent has compiled the order and is about to create its Job. plan_sha256: the sealed bundle.
    job_auth: how the pod will say who it is."""

    fence: Fence
    order_sha256: Digest
    plan_sha256: Digest
    checks_sha256: Digest
    job_name: KubernetesName
    job_auth: Literal["projected", "token"]


class Accepted(Answer, frozen=True):
    """job_token: where the pod has no token of its cluster's. The same again when an accept is repeated."""

    job_token: str | None = None


class EventRequest(Request, frozen=True):
    """Grows in seq; one with a seq that was seen is a replay."""

    fence: Fence
    seq: Seq
    phase: Phase
    job_uid: Uid | None = None
    pod_name: KubernetesName | None = None
    reason_code: ReasonCode | None = None


class CompleteRequest(Request, frozen=True):
    fence: Fence
    outcome: AttemptOutcome
    reason_code: ReasonCode
    exit_code: Annotated[int, Meta(ge=0, le=255)] | None = None
    job_uid: Uid | None = None


class ReleaseRequest(Request, frozen=True):
    """Not here, not now: the instruction goes back into the queue."""

    fence: Fence
    reason_code: ReasonCode


def job_name(instruction: str, attempt: int) -> str:
    """The one Job of an attempt: a second create finds the first."""
    return f"assay-{instruction}-a{attempt}"
