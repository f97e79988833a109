"""Tenants, and all who may ask for something in their name."""

from __future__ import annotations

from sqlalchemy import Column, Index, Integer, LargeBinary, Table, UniqueConstraint

from assay.hub.tables.base import METADATA, belongs, ident, instant, of_tenant, tenant, text

tenants = Table(
    "tenants",
    METADATA,
    tenant(),
    text("name", 100, nullable=False, unique=True),
    Column("revision", Integer, nullable=False),
    Column("keep_runs_days", Integer, nullable=False),
    Column("keep_audit_days", Integer, nullable=False),
    Column("max_queued", Integer, nullable=False),
    Column("max_running", Integer, nullable=False),
    Column("max_results_a_minute", Integer, nullable=False, server_default="600000"),
    instant("created_at", nullable=False),
)

# master: which master key wrapped it
tenant_keys = Table(
    "tenant_keys",
    METADATA,
    tenant(),
    Column("version", Integer, primary_key=True, autoincrement=False),
    text("master", 16, nullable=False),
    Column("wrapped", LargeBinary, nullable=False),
    instant("created_at", nullable=False),
    of_tenant(),
)

# a token is looked up before its tenant is known: by an id or a hash that is unique in the whole hub
api_keys = Table(
    "api_keys",
    METADATA,
    tenant(),
    ident("id", primary_key=True),
    text("role", 20, nullable=False),
    text("label", 100, nullable=False),
    Column("hash", LargeBinary, nullable=False),
    instant("created_at", nullable=False),
    instant("last_used_at"),
    instant("revoked_at"),
    of_tenant(),
    UniqueConstraint("id"),
)

enrolments = Table(
    "enrolments",
    METADATA,
    tenant(),
    ident("id", primary_key=True),
    text("pool", 100, nullable=False),
    Column("hash", LargeBinary, nullable=False, unique=True),
    instant("created_at", nullable=False),
    instant("expires_at", nullable=False),
    instant("used_at"),
    ident("agent"),
    of_tenant(),
)

# epoch: counts its sessions; session: the one that is not superseded. keys: the cluster's JSON Web Keys
agents = Table(
    "agents",
    METADATA,
    tenant(),
    ident("id", primary_key=True),
    text("name", 100, nullable=False),
    text("pool", 100, nullable=False),
    text("cluster", 36, nullable=False),
    text("namespace", 253, nullable=False),
    text("issuer", 500, nullable=False),
    Column("keys", LargeBinary, nullable=False),
    Column("epoch", Integer, nullable=False),
    ident("session"),
    text("version", 40),
    instant("enrolled_at", nullable=False),
    instant("revoked_at"),
    of_tenant(),
    UniqueConstraint("id"),
)

# two are valid while an agent changes from one to the next
agent_tokens = Table(
    "agent_tokens",
    METADATA,
    tenant(),
    ident("agent", primary_key=True),
    Column("hash", LargeBinary, primary_key=True),
    instant("created_at", nullable=False),
    instant("expires_at"),
    belongs("agents", ("agent", "id")),
)

# one process of an agent. Its lease is the lease of all that it holds: one update renews every one
agent_sessions = Table(
    "agent_sessions",
    METADATA,
    tenant(),
    ident("id", primary_key=True),
    ident("agent", nullable=False),
    Column("epoch", Integer, nullable=False),
    text("pool", 100, nullable=False),
    text("cluster", 36, nullable=False),
    Column("protocol", Integer, nullable=False),
    instant("opened_at", nullable=False),
    instant("lease_until", nullable=False),
    instant("superseded_at"),
    belongs("agents", ("agent", "id")),
    UniqueConstraint("tenant", "agent", "epoch"),
    Index("ix_agent_sessions_lease", "lease_until"),
)
