"""Contracts: a version is compiled when it is published, and never changes afterwards."""

from __future__ import annotations

from typing import Any

from sqlalchemy import bindparam, or_, select, update

from assay.hub import bodies
from assay.hub.audit import note
from assay.hub.bodies import VersionBody
from assay.hub.callers import KeyCaller
from assay.hub.compiled import Compiled
from assay.hub.instants import instant
from assay.hub.refusal import Refusal
from assay.hub.store.tx import Tx, mine
from assay.hub.tables import contract_versions, contracts, documents, schedules
from assay.hub.users.pages import Query, after, number_after, page
from assay.protocol.user import ContractHead, ContractText, ContractVersion, Page, PublishRequest
from assay.protocol.wire import ErrorCode, Found, Nothing, checks_sha256, encode, sha256

_CONTRACT = select(contracts).where(mine(contracts), contracts.c.name == bindparam("c"))
_LIVE = _CONTRACT.where(contracts.c.retired_at.is_(None))
_HEADS = (
    select(contracts)
    .where(mine(contracts), contracts.c.retired_at.is_(None), contracts.c.name > bindparam("after"))
    .order_by(contracts.c.name)
    .limit(bindparam("most"))
)
_VERSION = select(contract_versions).where(
    mine(contract_versions),
    contract_versions.c.contract == bindparam("c"),
    contract_versions.c.version == bindparam("v"),
)
_VERSIONS = (
    select(contract_versions)
    .where(
        mine(contract_versions),
        contract_versions.c.contract == bindparam("c"),
        or_(bindparam("before") == 0, contract_versions.c.revision < bindparam("before")),
    )
    .order_by(contract_versions.c.revision.desc())
    .limit(bindparam("most"))
)
_SOURCE = select(documents.c.type).where(
    mine(documents),
    documents.c.kind == bodies.SOURCE,
    documents.c.name == bindparam("n"),
    documents.c.deleted_at.is_(None),
)
_NEWER = (
    update(contracts)
    .where(mine(contracts), contracts.c.name == bindparam("c"), contracts.c.revision == bindparam("seen"))
    .values(
        version=bindparam("v"),
        revision=bindparam("r"),
        source=bindparam("s"),
        checks=bindparam("n"),
        published_at=bindparam("now"),
        retired_at=None,
    )
)
_BACK = (
    update(contracts)
    .where(mine(contracts), contracts.c.name == bindparam("c"), contracts.c.retired_at.is_not(None))
    .values(retired_at=None)
)
_RETIRE = (
    update(contracts)
    .where(mine(contracts), contracts.c.name == bindparam("c"), contracts.c.retired_at.is_(None))
    .values(retired_at=bindparam("now"))
)
_SCHEDULED = select(schedules.c.name).where(
    mine(schedules), schedules.c.contract == bindparam("c"), schedules.c.deleted_at.is_(None)
)


def publish(tx: Tx, caller: KeyCaller, request: PublishRequest, compiled: Compiled) -> ContractVersion:
    """Keeps a version that compiles to the dialect of its data source; to any, where the source is not there
    yet. The same files again change nothing; other files under a version that is there are a conflict."""
    diagnostics = _accepted(tx, compiled)
    digest = sha256(encode(request))
    known = tx.row(_VERSION, c=compiled.contract, v=compiled.version)
    if known is not None:
        if known.sha256 != digest:
            raise Refusal(
                ErrorCode.CONFLICT,
                "this version was published with other content, and a version never changes: raise the version",
                pointer="/files",
            )
        if tx.changed(_BACK, c=compiled.contract):
            note(tx, caller.actor, "contract.restore", f"contract:{compiled.contract}", known.revision)
        return _shown(tx, known)
    body = VersionBody(
        request.root,
        request.files,
        compiled.checks,
        diagnostics,
        compiled.dialects,
        compiled.params,
        compiled.required,
    )
    _add(tx, caller, compiled, digest, body)
    return _shown(tx, tx.one(_VERSION, c=compiled.contract, v=compiled.version), created=True)


def _accepted(tx: Tx, compiled: Compiled) -> tuple[Found, ...]:
    """The diagnostics of the dialect that counts; refused where the contract does not compile to it."""
    if compiled.contract and not compiled.version:
        raise Refusal(ErrorCode.INVALID, "a contract that is published has a version", pointer="/files")
    source = tx.row(_SOURCE, n=compiled.source) if compiled.source else None
    dialect = source.type if source is not None else next(iter(compiled.dialects or compiled.found))
    diagnostics = compiled.found.get(dialect, ())
    if dialect not in compiled.dialects:
        raise Refusal(
            ErrorCode.COMPILE_FAILED, "see the diagnostics", pointer="/files", diagnostics=diagnostics
        )
    return diagnostics


def _add(tx: Tx, caller: KeyCaller, compiled: Compiled, digest: str, body: VersionBody) -> None:
    name, version, count = compiled.contract, compiled.version, len(compiled.checks)
    head = tx.row(_CONTRACT, c=name)
    revision = head.revision + 1 if head is not None else 1
    values = {"version": version, "revision": revision, "source": compiled.source, "checks": count}
    if head is None:
        tx.add(contracts, name=name, published_at=tx.now, **values)
    elif not tx.changed(
        _NEWER, c=name, seen=head.revision, v=version, r=revision, s=compiled.source, n=count, now=tx.now
    ):
        raise Refusal(ErrorCode.CONFLICT, "another version was published at the same moment: try again")
    tx.add(
        contract_versions,
        contract=name,
        sha256=digest,
        checks_sha256=checks_sha256([check.id for check in compiled.checks]),
        published_at=tx.now,
        actor=caller.actor,
        body=bodies.seal_version(tx, name, version, body),
        **values,
    )
    note(tx, caller.actor, "contract.publish", f"contract:{name}", revision)


def list_contracts(tx: Tx, caller: KeyCaller, query: Query) -> Page[ContractHead]:
    rows = tx.rows(_HEADS, after=after(query.cursor), most=query.limit + 1)
    return page(rows, query.limit, lambda row: _head(row.name, row), lambda row: row.name)


def get_contract(tx: Tx, caller: KeyCaller, contract: str) -> ContractVersion:
    return get_version(tx, caller, contract, tx.one(_LIVE, c=contract).version)


def list_versions(tx: Tx, caller: KeyCaller, contract: str, query: Query) -> Page[ContractHead]:
    """Also those of a contract that was retired: runs name them."""
    tx.one(_CONTRACT, c=contract)
    rows = tx.rows(_VERSIONS, c=contract, before=number_after(query.cursor) or 0, most=query.limit + 1)
    return page(rows, query.limit, lambda row: _head(contract, row), lambda row: row.revision)


def get_version(tx: Tx, caller: KeyCaller, contract: str, version: str) -> ContractVersion:
    return _shown(tx, tx.one(_VERSION, c=contract, v=version))


def get_text(tx: Tx, caller: KeyCaller, contract: str, version: str) -> ContractText:
    row = tx.one(_VERSION, c=contract, v=version)
    body = bodies.open_version(tx, contract, version, row.body)
    return ContractText(
        contract=contract, version=version, revision=row.revision, root=body.root, files=body.files
    )


def delete_contract(tx: Tx, caller: KeyCaller, contract: str) -> Nothing:
    """Retires it: no new runs. Its versions stay, for the runs that name them."""
    tx.one(_LIVE, c=contract)
    if tx.row(_SCHEDULED, c=contract) is not None:
        raise Refusal(ErrorCode.CONFLICT, "a schedule runs it: remove the schedule first")
    if tx.changed(_RETIRE, c=contract, now=tx.now):
        note(tx, caller.actor, "contract.retire", f"contract:{contract}")
    return Nothing()


def _head(name: str, row: Any) -> ContractHead:
    return ContractHead(
        contract=name,
        version=row.version,
        revision=row.revision,
        source=row.source,
        published_at=instant(row.published_at),
        checks=row.checks,
    )


def _shown(tx: Tx, row: Any, *, created: bool = False) -> ContractVersion:
    body = bodies.open_version(tx, row.contract, row.version, row.body)
    return ContractVersion(
        contract=row.contract,
        version=row.version,
        revision=row.revision,
        sha256=row.sha256,
        source=row.source,
        published_at=instant(row.published_at),
        checks=body.checks,
        created=created,
        diagnostics=body.diagnostics,
    )
