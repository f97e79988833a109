"""Instructions, attempts, results, the audit log."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.create_table(
        "audit",
        sa.Column("tenant", sa.String(length=26), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("actor", sa.String(length=120), nullable=False),
        sa.Column("action", sa.String(length=60), nullable=False),
        sa.Column("subject", sa.String(length=300), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["tenant"], ["tenants.tenant"], name=op.f("fk_audit_tenant")),
        sa.PrimaryKeyConstraint("tenant", "id", name=op.f("pk_audit")),
    )
    op.create_table(
        "idempotency",
        sa.Column("tenant", sa.String(length=26), nullable=False),
        sa.Column("route", sa.String(length=60), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("body_sha256", sa.String(length=71), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("answer", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["tenant"], ["tenants.tenant"], name=op.f("fk_idempotency_tenant")),
        sa.PrimaryKeyConstraint("tenant", "route", "key", name=op.f("pk_idempotency")),
    )
    op.create_index("ix_idempotency_created_at", "idempotency", ["created_at"], unique=False)
    op.create_table(
        "instructions",
        sa.Column("tenant", sa.String(length=26), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("pool", sa.String(length=100), nullable=False),
        sa.Column("contract", sa.String(length=200), nullable=False),
        sa.Column("version", sa.String(length=100), nullable=False),
        sa.Column("source", sa.String(length=100), nullable=False),
        sa.Column("source_revision", sa.Integer(), nullable=False),
        sa.Column("warehouse", sa.String(length=100), nullable=True),
        sa.Column("warehouse_revision", sa.Integer(), nullable=True),
        sa.Column("params", sa.LargeBinary(), nullable=False),
        sa.Column("checks_sha256", sa.String(length=71), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("max_attempts", sa.Integer(), nullable=False),
        sa.Column("deadline_s", sa.Integer(), nullable=False),
        sa.Column("start_s", sa.Integer(), nullable=False),
        sa.Column("schedule", sa.String(length=100), nullable=True),
        sa.Column("fire_at", sa.BigInteger(), nullable=True),
        sa.Column("actor", sa.String(length=120), nullable=False),
        sa.Column("queued_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant", "contract", "version"],
            ["contract_versions.tenant", "contract_versions.contract", "contract_versions.version"],
            name=op.f("fk_instructions_tenant_contract_version"),
        ),
        sa.ForeignKeyConstraint(["tenant"], ["tenants.tenant"], name=op.f("fk_instructions_tenant")),
        sa.PrimaryKeyConstraint("tenant", "id", name=op.f("pk_instructions")),
    )
    op.create_index("ix_instructions_contract", "instructions", ["tenant", "contract", "id"], unique=False)
    op.create_index(
        "uq_instructions_fire",
        "instructions",
        ["tenant", "schedule", "fire_at"],
        unique=True,
        sqlite_where=sa.text("schedule IS NOT NULL"),
        postgresql_where=sa.text("schedule IS NOT NULL"),
    )
    op.create_table(
        "attempts",
        sa.Column("tenant", sa.String(length=26), nullable=False),
        sa.Column("instruction", sa.String(length=26), nullable=False),
        sa.Column("attempt", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("pool", sa.String(length=100), nullable=False),
        sa.Column("lane", sa.String(length=200), nullable=False),
        sa.Column("min_protocol", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("fence", sa.BigInteger(), nullable=False),
        sa.Column("fair_key", sa.BigInteger(), nullable=False),
        sa.Column("order_sha256", sa.String(length=71), nullable=False),
        sa.Column("deadline_s", sa.Integer(), nullable=False),
        sa.Column("max_attempts", sa.Integer(), nullable=False),
        sa.Column("queued_at", sa.BigInteger(), nullable=False),
        sa.Column("not_before", sa.BigInteger(), nullable=False),
        sa.Column("not_after", sa.BigInteger(), nullable=False),
        sa.Column("lapsed", sa.Integer(), nullable=False),
        sa.Column("session", sa.String(length=26), nullable=True),
        sa.Column("agent", sa.String(length=26), nullable=True),
        sa.Column("cluster", sa.String(length=36), nullable=True),
        sa.Column("leased_at", sa.BigInteger(), nullable=True),
        sa.Column("accepted_at", sa.BigInteger(), nullable=True),
        sa.Column("job_fence", sa.BigInteger(), nullable=True),
        sa.Column("plan_sha256", sa.String(length=71), nullable=True),
        sa.Column("job_name", sa.String(length=63), nullable=True),
        sa.Column("job_auth", sa.String(length=10), nullable=True),
        sa.Column("job_token_hash", sa.LargeBinary(), nullable=True),
        sa.Column("job_token", sa.LargeBinary(), nullable=True),
        sa.Column("applied_at", sa.BigInteger(), nullable=True),
        sa.Column("job_uid", sa.String(length=36), nullable=True),
        sa.Column("event_seq", sa.BigInteger(), nullable=True),
        sa.Column("event_sha256", sa.String(length=71), nullable=True),
        sa.Column("pod_name", sa.String(length=253), nullable=True),
        sa.Column("started_at", sa.BigInteger(), nullable=True),
        sa.Column("pod_uid", sa.String(length=36), nullable=True),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("heartbeat_at", sa.BigInteger(), nullable=True),
        sa.Column("interrupted", sa.Boolean(), nullable=False),
        sa.Column("word_sha256", sa.String(length=71), nullable=True),
        sa.Column("word_reason", sa.String(length=40), nullable=True),
        sa.Column("deadline_at", sa.BigInteger(), nullable=True),
        sa.Column("committed_at", sa.BigInteger(), nullable=True),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.Column("reason_code", sa.String(length=40), nullable=True),
        sa.Column("exit_code", sa.Integer(), nullable=True),
        sa.Column("reported_sha256", sa.String(length=71), nullable=True),
        sa.Column("warning", sa.Boolean(), nullable=False),
        sa.Column("cancel_requested_at", sa.BigInteger(), nullable=True),
        sa.Column("retry_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant", "instruction"],
            ["instructions.tenant", "instructions.id"],
            name=op.f("fk_attempts_tenant_instruction"),
        ),
        sa.PrimaryKeyConstraint("tenant", "instruction", "attempt", name=op.f("pk_attempts")),
    )
    op.create_index(
        "ix_attempts_committed",
        "attempts",
        ["committed_at"],
        unique=False,
        sqlite_where=sa.text("state = 'committed'"),
        postgresql_where=sa.text("state = 'committed'"),
    )
    op.create_index(
        "ix_attempts_deadline",
        "attempts",
        ["deadline_at"],
        unique=False,
        sqlite_where=sa.text("state IN ('accepted', 'applied', 'running')"),
        postgresql_where=sa.text("state IN ('accepted', 'applied', 'running')"),
    )
    op.create_index(
        "ix_attempts_job_token",
        "attempts",
        ["job_token_hash"],
        unique=True,
        sqlite_where=sa.text("job_token_hash IS NOT NULL"),
        postgresql_where=sa.text("job_token_hash IS NOT NULL"),
    )
    op.create_index(
        "ix_attempts_lane",
        "attempts",
        ["tenant", "pool", "lane", "fair_key"],
        unique=False,
        sqlite_where=sa.text("state = 'queued'"),
        postgresql_where=sa.text("state = 'queued'"),
    )
    op.create_index(
        "ix_attempts_queue",
        "attempts",
        ["tenant", "pool", "fair_key", "instruction"],
        unique=False,
        sqlite_where=sa.text("state = 'queued'"),
        postgresql_where=sa.text("state = 'queued'"),
    )
    op.create_index(
        "ix_attempts_retry",
        "attempts",
        ["retry_at"],
        unique=False,
        sqlite_where=sa.text("retry_at IS NOT NULL"),
        postgresql_where=sa.text("retry_at IS NOT NULL"),
    )
    op.create_index(
        "ix_attempts_session",
        "attempts",
        ["session"],
        unique=False,
        sqlite_where=sa.text("state IN ('leased', 'accepted', 'applied', 'running', 'committed')"),
        postgresql_where=sa.text("state IN ('leased', 'accepted', 'applied', 'running', 'committed')"),
    )
    op.create_index(
        "ix_attempts_start",
        "attempts",
        ["not_after"],
        unique=False,
        sqlite_where=sa.text("state IN ('queued', 'leased')"),
        postgresql_where=sa.text("state IN ('queued', 'leased')"),
    )
    op.create_index("ix_attempts_state", "attempts", ["tenant", "state", "instruction"], unique=False)
    op.create_table(
        "batches",
        sa.Column("tenant", sa.String(length=26), nullable=False),
        sa.Column("run", sa.String(length=26), nullable=False),
        sa.Column("attempt", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("generation", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("sha256", sa.String(length=71), nullable=False),
        sa.Column("checks", sa.Integer(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("received_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant", "run"], ["instructions.tenant", "instructions.id"], name=op.f("fk_batches_tenant_run")
        ),
        sa.PrimaryKeyConstraint("tenant", "run", "attempt", "generation", "seq", name=op.f("pk_batches")),
    )
    op.create_table(
        "reports",
        sa.Column("tenant", sa.String(length=26), nullable=False),
        sa.Column("run", sa.String(length=26), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("batches", sa.Integer(), nullable=False),
        sa.Column("root_sha256", sa.String(length=71), nullable=False),
        sa.Column("sha256", sa.String(length=71), nullable=False),
        sa.Column("verdict", sa.String(length=20), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("committed_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant", "run"], ["instructions.tenant", "instructions.id"], name=op.f("fk_reports_tenant_run")
        ),
        sa.PrimaryKeyConstraint("tenant", "run", name=op.f("pk_reports")),
    )
