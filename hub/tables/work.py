"""What is to be done, what became of it, and who changed what."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, LargeBinary, Table

from assay.hub.tables.base import METADATA, belongs, ident, instant, of_tenant, partial, sealed, tenant, text

# attempt: the newest one. params: the run's parameters. lane: what shares fairly within a pool
instructions = Table(
    "instructions",
    METADATA,
    tenant(),
    ident("id", primary_key=True),
    text("kind", 20, nullable=False),
    text("pool", 100, nullable=False),
    text("contract", 200, nullable=False),
    text("version", 100, nullable=False),
    text("source", 100, nullable=False),
    Column("source_revision", Integer, nullable=False),
    text("warehouse", 100),
    Column("warehouse_revision", Integer),
    sealed("params", nullable=False),
    text("checks_sha256", 71, nullable=False),
    Column("attempt", Integer, nullable=False),
    Column("max_attempts", Integer, nullable=False),
    Column("deadline_s", Integer, nullable=False),
    Column("start_s", Integer, nullable=False),
    text("schedule", 100),
    instant("fire_at"),
    text("actor", 120, nullable=False),
    instant("queued_at", nullable=False),
    of_tenant(),
    belongs("contract_versions", ("contract", "contract"), ("version", "version")),
    Index("ix_instructions_contract", "tenant", "contract", "id"),
)
partial(
    "uq_instructions_fire",
    instructions.c.schedule.is_not(None),
    instructions.c.tenant,
    instructions.c.schedule,
    instructions.c.fire_at,
    unique=True,
)

# The state machine's rows (`machine`).
#   fence         grows with every lease, over all attempts of an instruction
#   job_fence     the fence of the first accept: what the Job was made with
#   cluster       pinned at the first accept
#   not_before    no agent gets it earlier; not_after: until when it may start
#   deadline_at   when the hub holds it for over, whoever is silent: the Job cannot run any more
#   fetched_fence the lease under which the work order was last read
#   lapsed        leases that ended with their session, without a word, after the order had been read
#   word_reason   the runner's last word (`end_run`), the reason of a Job that fails after it
#   reported_sha256, event_sha256, word_sha256   of requests, to tell a replay from another request
#   retry_at      when the next attempt may be queued; empty where there will be none
attempts = Table(
    "attempts",
    METADATA,
    tenant(),
    ident("instruction", primary_key=True),
    Column("attempt", Integer, primary_key=True, autoincrement=False),
    text("kind", 20, nullable=False),
    text("pool", 100, nullable=False),
    text("lane", 200, nullable=False),
    Column("min_protocol", Integer, nullable=False),
    text("state", 12, nullable=False),
    Column("fence", BigInteger, nullable=False),
    Column("fair_key", BigInteger, nullable=False),
    text("order_sha256", 71, nullable=False),
    Column("deadline_s", Integer, nullable=False),
    Column("max_attempts", Integer, nullable=False),
    instant("queued_at", nullable=False),
    instant("not_before", nullable=False),
    instant("not_after", nullable=False),
    Column("lapsed", Integer, nullable=False),
    ident("session"),
    ident("agent"),
    text("cluster", 36),
    instant("leased_at"),
    Column("fetched_fence", BigInteger),
    instant("accepted_at"),
    Column("job_fence", BigInteger),
    text("plan_sha256", 71),
    text("job_name", 63),
    text("job_auth", 10),
    Column("job_token_hash", LargeBinary),
    sealed("job_token"),
    instant("applied_at"),
    text("job_uid", 36),
    Column("event_seq", BigInteger),
    text("event_sha256", 71),
    text("pod_name", 253),
    instant("started_at"),
    text("pod_uid", 36),
    Column("generation", Integer, nullable=False),
    instant("heartbeat_at"),
    Column("interrupted", Boolean(create_constraint=False), nullable=False),
    text("word_sha256", 71),
    text("word_reason", 40),
    instant("deadline_at"),
    instant("committed_at"),
    instant("ended_at"),
    text("reason_code", 40),
    Column("exit_code", Integer),
    text("reported_sha256", 71),
    Column("warning", Boolean(create_constraint=False), nullable=False),
    instant("cancel_requested_at"),
    instant("retry_at"),
    belongs("instructions", ("instruction", "id")),
    Index("ix_attempts_state", "tenant", "state", "instruction"),
)
partial(
    "ix_attempts_queue",
    attempts.c.state == "queued",
    attempts.c.tenant,
    attempts.c.pool,
    attempts.c.fair_key,
    attempts.c.instruction,
)
partial(
    "ix_attempts_lane",
    attempts.c.state == "queued",
    attempts.c.tenant,
    attempts.c.pool,
    attempts.c.lane,
    attempts.c.fair_key,
)
LIVE = ("leased", "accepted", "applied", "running", "committed")
partial("ix_attempts_session", attempts.c.state.in_(LIVE), attempts.c.tenant, attempts.c.session)
partial("ix_attempts_start", attempts.c.state.in_(("queued", "leased")), attempts.c.not_after)
partial(
    "ix_attempts_deadline",
    attempts.c.state.in_(("accepted", "applied", "running")),
    attempts.c.deadline_at,
)
partial("ix_attempts_committed", attempts.c.state == "committed", attempts.c.committed_at)
partial("ix_attempts_retry", attempts.c.retry_at.is_not(None), attempts.c.retry_at)
partial(
    "ix_attempts_job_token",
    attempts.c.job_token_hash.is_not(None),
    attempts.c.job_token_hash,
    unique=True,
)

# a batch of results as it came; one row however many checks
batches = Table(
    "batches",
    METADATA,
    tenant(),
    ident("run", primary_key=True),
    Column("attempt", Integer, primary_key=True, autoincrement=False),
    Column("generation", Integer, primary_key=True, autoincrement=False),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    text("sha256", 71, nullable=False),
    Column("checks", Integer, nullable=False),
    sealed("body", nullable=False),
    instant("received_at", nullable=False),
    belongs("instructions", ("run", "id")),
)

# the commit: one a run, whatever happens
reports = Table(
    "reports",
    METADATA,
    tenant(),
    ident("run", primary_key=True),
    Column("attempt", Integer, nullable=False),
    Column("generation", Integer, nullable=False),
    Column("batches", Integer, nullable=False),
    text("root_sha256", 71, nullable=False),
    text("sha256", 71, nullable=False),
    text("verdict", 20, nullable=False),
    sealed("body", nullable=False),
    instant("committed_at", nullable=False),
    belongs("instructions", ("run", "id")),
)

idempotency = Table(
    "idempotency",
    METADATA,
    tenant(),
    text("route", 60, primary_key=True),
    text("key", 200, primary_key=True),
    text("body_sha256", 71, nullable=False),
    Column("status", Integer, nullable=False),
    sealed("answer", nullable=False),
    instant("created_at", nullable=False),
    of_tenant(),
    Index("ix_idempotency_created_at", "created_at"),
)

# what: a cap; most: what there is, or more (`loads`); counted_at: when that was counted
loads = Table(
    "loads",
    METADATA,
    tenant(),
    text("what", 10, primary_key=True),
    Column("most", BigInteger, nullable=False),
    instant("counted_at"),
    of_tenant(),
)

audit = Table(
    "audit",
    METADATA,
    tenant(),
    ident("id", primary_key=True),
    instant("at", nullable=False),
    text("actor", 120, nullable=False),
    text("action", 60, nullable=False),
    text("subject", 300, nullable=False),
    Column("revision", Integer),
    of_tenant(),
)
