"""What people wrote. Versions and revisions are immutable: a run names the one that it uses."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Index, Integer, Table

from assay.hub.tables.base import METADATA, belongs, ident, instant, of_tenant, partial, sealed, tenant, text

contracts = Table(
    "contracts",
    METADATA,
    tenant(),
    text("name", 200, primary_key=True),
    text("version", 100, nullable=False),
    Column("revision", Integer, nullable=False),
    text("source", 100, nullable=False),
    Column("checks", Integer, nullable=False),
    instant("published_at", nullable=False),
    instant("retired_at"),
    of_tenant(),
)

# body: root, files, checks and diagnostics
contract_versions = Table(
    "contract_versions",
    METADATA,
    tenant(),
    text("contract", 200, primary_key=True),
    text("version", 100, primary_key=True),
    Column("revision", Integer, nullable=False),
    text("sha256", 71, nullable=False),
    text("checks_sha256", 71, nullable=False),
    text("source", 100, nullable=False),
    Column("checks", Integer, nullable=False),
    instant("published_at", nullable=False),
    text("actor", 120, nullable=False),
    sealed("body", nullable=False),
    belongs("contracts", ("contract", "name")),
    Index("uq_contract_versions_revision", "tenant", "contract", "revision", unique=True),
)

# kind: source or warehouse; type: the data source's own, such as postgres
documents = Table(
    "documents",
    METADATA,
    tenant(),
    text("kind", 20, primary_key=True),
    text("name", 100, primary_key=True),
    Column("revision", Integer, nullable=False),
    text("type", 40, nullable=False),
    instant("updated_at", nullable=False),
    instant("deleted_at"),
    of_tenant(),
)

document_revisions = Table(
    "document_revisions",
    METADATA,
    tenant(),
    text("kind", 20, primary_key=True),
    text("name", 100, primary_key=True),
    Column("revision", Integer, primary_key=True, autoincrement=False),
    instant("created_at", nullable=False),
    text("actor", 120, nullable=False),
    sealed("body", nullable=False),
    belongs("documents", ("kind", "kind"), ("name", "name")),
)

# body: the ScheduleRequest. next_fire_at: empty where it is off or never comes
schedules = Table(
    "schedules",
    METADATA,
    tenant(),
    text("name", 100, primary_key=True),
    Column("revision", Integer, nullable=False),
    text("contract", 200, nullable=False),
    text("cron", 200, nullable=False),
    text("zone", 64, nullable=False),
    Column("enabled", Boolean(create_constraint=False), nullable=False),
    sealed("body", nullable=False),
    instant("updated_at", nullable=False),
    instant("next_fire_at"),
    instant("last_fire_at"),
    instant("deleted_at"),
    of_tenant(),
)
partial("ix_schedules_next", schedules.c.next_fire_at.is_not(None), schedules.c.next_fire_at)

# one row a fire time, whatever became of it. missed: fire times before it that found nobody. run is empty
# where it was left out
fires = Table(
    "fires",
    METADATA,
    tenant(),
    text("schedule", 100, primary_key=True),
    instant("fire_at", primary_key=True, autoincrement=False),
    instant("fired_at", nullable=False),
    Column("missed", Integer, nullable=False),
    ident("run"),
    text("left_out", 20),
    belongs("schedules", ("schedule", "name")),
)
