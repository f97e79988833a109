"""The store's tables. Each row belongs to a tenant, and the tenant is part of every key.

    identity   tenants, keys, agents and their sessions
    content    what people wrote: contracts, sources, warehouses, schedules
    work       instructions, attempts, results, the audit log

Instants are whole microseconds since 1970-01-01 UTC, by the clock of the store.
"""

from __future__ import annotations

from assay.hub.tables.base import METADATA
from assay.hub.tables.content import (
    contract_versions,
    contracts,
    document_revisions,
    documents,
    fires,
    schedules,
)
from assay.hub.tables.identity import (
    agent_sessions,
    agent_tokens,
    agents,
    api_keys,
    enrolments,
    tenant_keys,
    tenants,
)
from assay.hub.tables.work import attempts, audit, batches, idempotency, instructions, loads, reports

__all__ = [
    "METADATA",
    "agent_sessions",
    "agent_tokens",
    "agents",
    "api_keys",
    "attempts",
    "audit",
    "batches",
    "contract_versions",
    "contracts",
    "document_revisions",
    "documents",
    "enrolments",
    "fires",
    "idempotency",
    "instructions",
    "loads",
    "reports",
    "schedules",
    "tenant_keys",
    "tenants",
]
