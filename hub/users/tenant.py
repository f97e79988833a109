"""Who am I, what holds for my tenant, and who changed what."""

from __future__ import annotations

from typing import Any

import msgspec
from sqlalchemy import bindparam, or_, select, update

from assay.hub.audit import note
from assay.hub.callers import KeyCaller
from assay.hub.instants import instant
from assay.hub.refusal import Refusal
from assay.hub.store.tx import Tx, mine
from assay.hub.tables import audit, tenants
from assay.hub.users.pages import Query, after, page
from assay.hub.users.preconditions import Precondition
from assay.protocol.user import AuditEntry, Page, Tenant, TenantRequest, WhoAmI
from assay.protocol.wire import ErrorCode

_TENANT = select(tenants).where(mine(tenants))
_CHANGE = (
    update(tenants)
    .where(mine(tenants), tenants.c.revision == bindparam("seen"))
    .values(
        revision=tenants.c.revision + 1,
        **{name: bindparam(f"to_{name}") for name in TenantRequest.__struct_fields__},
    )
)
_AUDIT = (
    select(audit)
    .where(mine(audit), or_(bindparam("after") == "", audit.c.id < bindparam("after")))
    .order_by(audit.c.id.desc())
    .limit(bindparam("most"))
)


def whoami(tx: Tx, caller: KeyCaller) -> WhoAmI:
    return WhoAmI(tenant=tx.one(_TENANT).name, role=caller.role, key=caller.key)


def get_tenant(tx: Tx, caller: KeyCaller) -> Tenant:
    return _shown(tx.one(_TENANT))


def put_tenant(tx: Tx, caller: KeyCaller, request: TenantRequest, precondition: Precondition) -> Tenant:
    """The same settings again change nothing."""
    row = tx.one(_TENANT)
    if _shown(row).settings == request:
        return _shown(row)
    precondition.check(row.revision)
    values = {f"to_{name}": value for name, value in msgspec.structs.asdict(request).items()}
    if not tx.changed(_CHANGE, seen=row.revision, **values):
        raise Refusal(ErrorCode.PRECONDITION_FAILED, "it was changed at the same moment")
    note(tx, caller.actor, "tenant.put", f"tenant:{row.name}", row.revision + 1)
    return _shown(tx.one(_TENANT))


def list_audit(tx: Tx, caller: KeyCaller, query: Query) -> Page[AuditEntry]:
    """Newest first."""
    rows = tx.rows(_AUDIT, after=after(query.cursor), most=query.limit + 1)
    return page(rows, query.limit, _entry, lambda row: row.id)


def _shown(row: Any) -> Tenant:
    values = {name: getattr(row, name) for name in TenantRequest.__struct_fields__}
    return Tenant(name=row.name, revision=row.revision, settings=TenantRequest(**values))


def _entry(row: Any) -> AuditEntry:
    return AuditEntry(
        id=row.id,
        at=instant(row.at),
        actor=row.actor,
        action=row.action,
        subject=row.subject,
        revision=row.revision,
    )
