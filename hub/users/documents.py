"""Data sources and warehouses: documents with placeholders. A secret that is written out is refused.

A revision never changes: a run names the one that it uses.
"""

from __future__ import annotations

from functools import partial
from typing import Any

from sqlalchemy import bindparam, select, update

from assay.hub import bodies
from assay.hub.audit import note
from assay.hub.callers import KeyCaller
from assay.hub.instants import instant
from assay.hub.refusal import Refusal, not_found
from assay.hub.store.tx import Tx, mine
from assay.hub.tables import contracts, document_revisions, documents
from assay.hub.users.pages import Query, after, page
from assay.hub.users.preconditions import Precondition
from assay.protocol.source import DuckdbSource, PostgresSource, parse_sources
from assay.protocol.user import Document, DocumentHead, DocumentRequest, Page
from assay.protocol.warehouse import parse_warehouse
from assay.protocol.wire import ErrorCode, Found, Nothing, encode

_DOCUMENT = select(documents).where(
    mine(documents), documents.c.kind == bindparam("k"), documents.c.name == bindparam("n")
)
_HEADS = (
    select(documents)
    .where(
        mine(documents),
        documents.c.kind == bindparam("k"),
        documents.c.deleted_at.is_(None),
        documents.c.name > bindparam("after"),
    )
    .order_by(documents.c.name)
    .limit(bindparam("most"))
)
_CHANGE = (
    update(documents)
    .where(
        mine(documents),
        documents.c.kind == bindparam("k"),
        documents.c.name == bindparam("n"),
        documents.c.revision == bindparam("seen"),
    )
    .values(revision=bindparam("r"), type=bindparam("y"), updated_at=bindparam("now"), deleted_at=None)
)
_DELETE = (
    update(documents)
    .where(
        mine(documents),
        documents.c.kind == bindparam("k"),
        documents.c.name == bindparam("n"),
        documents.c.deleted_at.is_(None),
    )
    .values(deleted_at=bindparam("now"))
)
_BY_CONTRACT = select(contracts.c.name).where(
    mine(contracts), contracts.c.source == bindparam("n"), contracts.c.retired_at.is_(None)
)


def _list(kind: str, tx: Tx, caller: KeyCaller, query: Query) -> Page[DocumentHead]:
    rows = tx.rows(_HEADS, k=kind, after=after(query.cursor), most=query.limit + 1)
    return page(rows, query.limit, _head, lambda row: row.name)


def _get(kind: str, tx: Tx, caller: KeyCaller, name: str) -> Document:
    row = tx.one(_DOCUMENT, k=kind, n=name)
    if row.deleted_at is not None:
        raise not_found()
    return _shown(row, bodies.read_document(tx, kind, name, row.revision))


def _put(
    kind: str, tx: Tx, caller: KeyCaller, name: str, request: DocumentRequest, precondition: Precondition
) -> Document:
    """The same document again changes nothing, and asks for no precondition."""
    type_ = _checked(kind, request.document)
    row = tx.row(_DOCUMENT, k=kind, n=name)
    there = row is not None and row.deleted_at is None
    if row is not None and there:
        current = bodies.read_document(tx, kind, name, row.revision)
        if encode(current) == encode(request.document):
            return _shown(row, current)
    precondition.check(row.revision if row is not None and there else None)
    revision = row.revision + 1 if row is not None else 1
    if row is None:
        tx.add(documents, kind=kind, name=name, revision=revision, type=type_, updated_at=tx.now)
    elif not tx.changed(_CHANGE, k=kind, n=name, seen=row.revision, r=revision, y=type_, now=tx.now):
        raise Refusal(ErrorCode.PRECONDITION_FAILED, "it was changed at the same moment")
    body = bodies.seal_document(tx, kind, name, revision, request.document)
    tx.add(
        document_revisions,
        kind=kind,
        name=name,
        revision=revision,
        created_at=tx.now,
        actor=caller.actor,
        body=body,
    )
    note(tx, caller.actor, f"{kind}.put", f"{kind}:{name}", revision)
    return _shown(tx.one(_DOCUMENT, k=kind, n=name), request.document)


def _delete(kind: str, tx: Tx, caller: KeyCaller, name: str) -> Nothing:
    """What a contract or a schedule would miss stays."""
    row = tx.one(_DOCUMENT, k=kind, n=name)
    if row.deleted_at is not None:
        raise not_found()
    if kind == bodies.SOURCE and tx.row(_BY_CONTRACT, n=name) is not None:
        raise Refusal(ErrorCode.CONFLICT, "a contract is about it: retire the contract first")
    if tx.changed(_DELETE, k=kind, n=name, now=tx.now):
        note(tx, caller.actor, f"{kind}.delete", f"{kind}:{name}", row.revision)
    return Nothing()


list_sources = partial(_list, bodies.SOURCE)
get_source = partial(_get, bodies.SOURCE)
put_source = partial(_put, bodies.SOURCE)
delete_source = partial(_delete, bodies.SOURCE)
list_warehouses = partial(_list, bodies.WAREHOUSE)
get_warehouse = partial(_get, bodies.WAREHOUSE)
put_warehouse = partial(_put, bodies.WAREHOUSE)
delete_warehouse = partial(_delete, bodies.WAREHOUSE)


def _checked(kind: str, document: dict[str, Any]) -> str:
    """The type of a document that holds no fault and no secret; refused with every fault, in words that repeat
    nothing of it."""
    problems = parse_sources({kind: document})[1] if kind == bodies.SOURCE else parse_warehouse(document)[1]
    if not problems:
        return str(document.get("type", "postgres"))
    found = tuple(
        Found(code=problem.fault, severity="error", message=_SENTENCES[problem.fault]) for problem in problems
    )
    first = problems[0]
    raise Refusal(ErrorCode.INVALID, _SENTENCES[first.fault], pointer=_pointer(first.path), diagnostics=found)


def _pointer(path: str) -> str:
    """As far as the names are the hub's own."""
    parts: list[str] = []
    for part in path.split(".")[1:]:
        if part not in _NAMES:
            break
        parts.append(part)
    return "".join(f"/{part}" for part in ("document", *parts))


_NAMES = {"type", "schema", "mask_key", *DuckdbSource.__struct_fields__, *PostgresSource.__struct_fields__}
_SENTENCES: dict[str, str] = {
    "unknown_key": "a field is not known for this type",
    "missing_key": "a field is missing",
    "wrong_value": "a value does not fit its field",
    "unknown_type": "there is no such type of data source",
    "literal_secret": "a secret does not stand in a document: write `${env.NAME}`, whose value only the cluster knows",
    "placeholder": "a placeholder stands where none may, or has another form than `${env.NAME}`",
    "outside_folder": "a path leads out of its folder",
}


def _head(row: Any) -> DocumentHead:
    return DocumentHead(
        name=row.name, revision=row.revision, type=row.type, updated_at=instant(row.updated_at)
    )


def _shown(row: Any, document: dict[str, Any]) -> Document:
    return Document(
        name=row.name, revision=row.revision, document=document, updated_at=instant(row.updated_at)
    )
