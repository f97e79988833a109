"""What people wrote."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.create_table(
        "contracts",
        sa.Column("tenant", sa.String(length=26), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("version", sa.String(length=100), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(length=100), nullable=False),
        sa.Column("checks", sa.Integer(), nullable=False),
        sa.Column("published_at", sa.BigInteger(), nullable=False),
        sa.Column("retired_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["tenant"], ["tenants.tenant"], name=op.f("fk_contracts_tenant")),
        sa.PrimaryKeyConstraint("tenant", "name", name=op.f("pk_contracts")),
    )
    op.create_table(
        "documents",
        sa.Column("tenant", sa.String(length=26), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("type", sa.String(length=40), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.Column("deleted_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["tenant"], ["tenants.tenant"], name=op.f("fk_documents_tenant")),
        sa.PrimaryKeyConstraint("tenant", "kind", "name", name=op.f("pk_documents")),
    )
    op.create_table(
        "schedules",
        sa.Column("tenant", sa.String(length=26), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("contract", sa.String(length=200), nullable=False),
        sa.Column("cron", sa.String(length=200), nullable=False),
        sa.Column("zone", sa.String(length=64), nullable=False),
        sa.Column("enabled", sa.Boolean(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.Column("next_fire_at", sa.BigInteger(), nullable=True),
        sa.Column("last_fire_at", sa.BigInteger(), nullable=True),
        sa.Column("deleted_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["tenant"], ["tenants.tenant"], name=op.f("fk_schedules_tenant")),
        sa.PrimaryKeyConstraint("tenant", "name", name=op.f("pk_schedules")),
    )
    op.create_index(
        "ix_schedules_next",
        "schedules",
        ["next_fire_at"],
        unique=False,
        sqlite_where=sa.text("next_fire_at IS NOT NULL"),
        postgresql_where=sa.text("next_fire_at IS NOT NULL"),
    )
    op.create_table(
        "contract_versions",
        sa.Column("tenant", sa.String(length=26), nullable=False),
        sa.Column("contract", sa.String(length=200), nullable=False),
        sa.Column("version", sa.String(length=100), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=71), nullable=False),
        sa.Column("checks_sha256", sa.String(length=71), nullable=False),
        sa.Column("source", sa.String(length=100), nullable=False),
        sa.Column("checks", sa.Integer(), nullable=False),
        sa.Column("published_at", sa.BigInteger(), nullable=False),
        sa.Column("actor", sa.String(length=120), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant", "contract"],
            ["contracts.tenant", "contracts.name"],
            name=op.f("fk_contract_versions_tenant_contract"),
        ),
        sa.PrimaryKeyConstraint("tenant", "contract", "version", name=op.f("pk_contract_versions")),
    )
    op.create_index(
        "uq_contract_versions_revision", "contract_versions", ["tenant", "contract", "revision"], unique=True
    )
    op.create_table(
        "document_revisions",
        sa.Column("tenant", sa.String(length=26), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("revision", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("actor", sa.String(length=120), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant", "kind", "name"],
            ["documents.tenant", "documents.kind", "documents.name"],
            name=op.f("fk_document_revisions_tenant_kind_name"),
        ),
        sa.PrimaryKeyConstraint("tenant", "kind", "name", "revision", name=op.f("pk_document_revisions")),
    )
    op.create_table(
        "fires",
        sa.Column("tenant", sa.String(length=26), nullable=False),
        sa.Column("schedule", sa.String(length=100), nullable=False),
        sa.Column("fire_at", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("fired_at", sa.BigInteger(), nullable=False),
        sa.Column("missed", sa.Integer(), nullable=False),
        sa.Column("run", sa.String(length=26), nullable=True),
        sa.Column("left_out", sa.String(length=20), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant", "schedule"],
            ["schedules.tenant", "schedules.name"],
            name=op.f("fk_fires_tenant_schedule"),
        ),
        sa.PrimaryKeyConstraint("tenant", "schedule", "fire_at", name=op.f("pk_fires")),
    )
