"""Tenants: made with a data key of their own, and given a new one every month."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import bindparam, func, select, update

from assay.hub.refusal import Refusal
from assay.hub.store.tx import HUB, Tx
from assay.hub.tables import tenant_keys, tenants
from assay.protocol.user import TenantRequest
from assay.protocol.wire import ErrorCode

RENEW_US = 30 * 86_400 * 1_000_000
"""The age at which a data key is followed by a new one."""
_NAMED = select(tenants.c.tenant).where(tenants.c.name == bindparam("n"))
_OLD = (
    select(tenant_keys.c.tenant, func.max(tenant_keys.c.version))
    .group_by(tenant_keys.c.tenant)
    .having(func.max(tenant_keys.c.created_at) < bindparam("before"))
)
_UNDER_OTHERS = (
    select(tenant_keys.c.tenant, tenant_keys.c.version, tenant_keys.c.master, tenant_keys.c.wrapped)
    .where(tenant_keys.c.master != bindparam("master"))
    .limit(100)
)
_WRAPPED_ANEW = (
    update(tenant_keys)
    .where(
        tenant_keys.c.tenant == bindparam("t"),
        tenant_keys.c.version == bindparam("v"),
        tenant_keys.c.master == bindparam("old"),
    )
    .values(master=bindparam("new"), wrapped=bindparam("w"))
)


def create_tenant(tx: Tx, name: str) -> str:
    """Makes a tenant and gives its id; in the hub's own transaction. Refused where the name is taken."""
    if tx.row(_NAMED, n=name) is not None:
        raise Refusal(ErrorCode.CONFLICT, "there is a tenant of this name")
    tenant = tx.new_id()
    defaults = TenantRequest()
    own = tx.acting(tenant)
    own.add(
        tenants,
        name=name,
        revision=1,
        keep_runs_days=defaults.keep_runs_days,
        keep_audit_days=defaults.keep_audit_days,
        max_queued=defaults.max_queued,
        max_running=defaults.max_running,
        max_results_a_minute=defaults.max_results_a_minute,
        created_at=tx.now,
    )
    _add_key(own, 1)
    return tenant


def renew_keys(tx: Tx) -> int:
    """Gives every tenant whose data key is a month old a new one; gives how many."""
    tx.keys.forget_newest()
    old = tx.rows(_OLD, before=tx.now - RENEW_US)
    return sum(_add_key(tx.acting(tenant), version + 1) for tenant, version in old)


def rewrap(write: Callable[[str, Callable[[Tx], int]], int]) -> int:
    """Wraps every data key under the first master key, a hundred a transaction, while the hub serves; gives
    how many were wrapped under another. `write` is `Store.write_now`."""
    total = 0
    while changed := write(HUB, _rewrap_some):
        total += changed
    return total


def _rewrap_some(tx: Tx) -> int:
    rows = tx.rows(_UNDER_OTHERS, master=tx.keys.master)
    for tenant, version, master, wrapped in rows:
        key = tx.keys.unwrap(tenant, version, master, wrapped)
        anew = tx.keys.wrap(tenant, version, key)
        tx.changed(_WRAPPED_ANEW, t=tenant, v=version, old=master, new=tx.keys.master, w=anew)
    return len(rows)


def _add_key(own: Tx, version: int) -> bool:
    wrapped = own.keys.new(own.tenant, version)
    added = own.add_once(
        tenant_keys, version=version, master=own.keys.master, wrapped=wrapped, created_at=own.now
    )
    own.keys.forget(own.tenant)
    return added
