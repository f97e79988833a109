"""PostgreSQL: two roles that own nothing, and row-level security on every table.

`assay_tenant` sees the rows of the tenant that its transaction names, `assay_hub` those of all.
"""

from alembic import op

revision = "0004"
down_revision = "0003"

TABLES = (
    "tenants",
    "tenant_keys",
    "api_keys",
    "enrolments",
    "agents",
    "agent_tokens",
    "agent_sessions",
    "contracts",
    "contract_versions",
    "documents",
    "document_revisions",
    "schedules",
    "fires",
    "instructions",
    "attempts",
    "batches",
    "reports",
    "idempotency",
    "audit",
)
ROLE = """
DO $$ BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{role}') THEN
        CREATE ROLE {role} NOLOGIN;
    END IF;
EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
END $$
"""
GRANT = """
DO $$ BEGIN
    GRANT {role} TO CURRENT_USER;
EXCEPTION WHEN insufficient_privilege THEN NULL;
END $$
"""
"""Somebody who may has done it before, or `SET LOCAL ROLE` says that it is missing."""


def upgrade() -> None:
    if op.get_bind().dialect.name != "postgresql":
        return
    for role in ("assay_tenant", "assay_hub"):
        op.execute(ROLE.format(role=role))
        op.execute(GRANT.format(role=role))
        op.execute(f"SET LOCAL ROLE {role}")
        op.execute("RESET ROLE")
        op.execute(f"GRANT USAGE ON SCHEMA public TO {role}")
    for table in TABLES:
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO assay_tenant, assay_hub")
        op.execute(
            f"CREATE POLICY tenant_rows ON {table} TO assay_tenant"
            " USING (tenant = current_setting('assay.tenant'))"
            " WITH CHECK (tenant = current_setting('assay.tenant'))"
        )
        op.execute(f"CREATE POLICY hub_rows ON {table} TO assay_hub USING (true) WITH CHECK (true)")
