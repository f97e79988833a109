"""Tenants, keys, agents and their sessions."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "tenants",
        sa.Column("tenant", sa.String(length=26), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("keep_runs_days", sa.Integer(), nullable=False),
        sa.Column("keep_audit_days", sa.Integer(), nullable=False),
        sa.Column("max_queued", sa.Integer(), nullable=False),
        sa.Column("max_running", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("tenant", name=op.f("pk_tenants")),
        sa.UniqueConstraint("name", name=op.f("uq_tenants_name")),
    )
    op.create_table(
        "agents",
        sa.Column("tenant", sa.String(length=26), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("pool", sa.String(length=100), nullable=False),
        sa.Column("cluster", sa.String(length=36), nullable=False),
        sa.Column("namespace", sa.String(length=253), nullable=False),
        sa.Column("issuer", sa.String(length=500), nullable=False),
        sa.Column("keys", sa.LargeBinary(), nullable=False),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("session", sa.String(length=26), nullable=True),
        sa.Column("version", sa.String(length=40), nullable=True),
        sa.Column("enrolled_at", sa.BigInteger(), nullable=False),
        sa.Column("revoked_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["tenant"], ["tenants.tenant"], name=op.f("fk_agents_tenant")),
        sa.PrimaryKeyConstraint("tenant", "id", name=op.f("pk_agents")),
        sa.UniqueConstraint("id", name=op.f("uq_agents_id")),
    )
    op.create_table(
        "api_keys",
        sa.Column("tenant", sa.String(length=26), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("label", sa.String(length=100), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("last_used_at", sa.BigInteger(), nullable=True),
        sa.Column("revoked_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["tenant"], ["tenants.tenant"], name=op.f("fk_api_keys_tenant")),
        sa.PrimaryKeyConstraint("tenant", "id", name=op.f("pk_api_keys")),
        sa.UniqueConstraint("id", name=op.f("uq_api_keys_id")),
    )
    op.create_table(
        "enrolments",
        sa.Column("tenant", sa.String(length=26), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("pool", sa.String(length=100), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.Column("used_at", sa.BigInteger(), nullable=True),
        sa.Column("agent", sa.String(length=26), nullable=True),
        sa.ForeignKeyConstraint(["tenant"], ["tenants.tenant"], name=op.f("fk_enrolments_tenant")),
        sa.PrimaryKeyConstraint("tenant", "id", name=op.f("pk_enrolments")),
        sa.UniqueConstraint("hash", name=op.f("uq_enrolments_hash")),
    )
    op.create_table(
        "tenant_keys",
        sa.Column("tenant", sa.String(length=26), nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("master", sa.String(length=16), nullable=False),
        sa.Column("wrapped", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["tenant"], ["tenants.tenant"], name=op.f("fk_tenant_keys_tenant")),
        sa.PrimaryKeyConstraint("tenant", "version", name=op.f("pk_tenant_keys")),
    )
    op.create_table(
        "agent_sessions",
        sa.Column("tenant", sa.String(length=26), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("agent", sa.String(length=26), nullable=False),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("pool", sa.String(length=100), nullable=False),
        sa.Column("cluster", sa.String(length=36), nullable=False),
        sa.Column("protocol", sa.Integer(), nullable=False),
        sa.Column("opened_at", sa.BigInteger(), nullable=False),
        sa.Column("lease_until", sa.BigInteger(), nullable=False),
        sa.Column("superseded_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant", "agent"], ["agents.tenant", "agents.id"], name=op.f("fk_agent_sessions_tenant_agent")
        ),
        sa.PrimaryKeyConstraint("tenant", "id", name=op.f("pk_agent_sessions")),
        sa.UniqueConstraint("tenant", "agent", "epoch", name=op.f("uq_agent_sessions_tenant_agent_epoch")),
    )
    op.create_index("ix_agent_sessions_lease", "agent_sessions", ["lease_until"], unique=False)
    op.create_table(
        "agent_tokens",
        sa.Column("tenant", sa.String(length=26), nullable=False),
        sa.Column("agent", sa.String(length=26), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant", "agent"], ["agents.tenant", "agents.id"], name=op.f("fk_agent_tokens_tenant_agent")
        ),
        sa.PrimaryKeyConstraint("tenant", "agent", "hash", name=op.f("pk_agent_tokens")),
    )
