"""Caps that several hub processes keep together, one on the results of a minute, and what a session holds found by
its tenant as well."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.add_column(
        "tenants",
        sa.Column("max_results_a_minute", sa.Integer(), nullable=False, server_default="600000"),
    )
    op.create_table(
        "loads",
        sa.Column("tenant", sa.String(length=26), nullable=False),
        sa.Column("what", sa.String(length=10), nullable=False),
        sa.Column("most", sa.BigInteger(), nullable=False),
        sa.Column("counted_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["tenant"], ["tenants.tenant"], name=op.f("fk_loads_tenant")),
        sa.PrimaryKeyConstraint("tenant", "what", name=op.f("pk_loads")),
    )
    live = sa.text("state IN ('leased', 'accepted', 'applied', 'running', 'committed')")
    op.drop_index("ix_attempts_session", table_name="attempts")
    op.create_index(
        "ix_attempts_session",
        "attempts",
        ["tenant", "session"],
        unique=False,
        sqlite_where=live,
        postgresql_where=live,
    )
    if op.get_bind().dialect.name != "postgresql":
        return
    op.execute("ALTER TABLE loads ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE loads FORCE ROW LEVEL SECURITY")
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON loads TO assay_tenant, assay_hub")
    op.execute(
        "CREATE POLICY tenant_rows ON loads TO assay_tenant"
        " USING (tenant = current_setting('assay.tenant'))"
        " WITH CHECK (tenant = current_setting('assay.tenant'))"
    )
    op.execute("CREATE POLICY hub_rows ON loads TO assay_hub USING (true) WITH CHECK (true)")
