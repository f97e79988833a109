"""What is sealed in a row, and the name under which it is bound to it."""

from __future__ import annotations

from typing import Any

import msgspec
from sqlalchemy import bindparam, select

from assay.hub.store.tx import Tx, mine
from assay.hub.tables import contract_versions, document_revisions, instructions
from assay.protocol.decoding import decode
from assay.protocol.user import CheckSummary
from assay.protocol.wire import Found, encode

SOURCE = "source"
WAREHOUSE = "warehouse"


class VersionBody(msgspec.Struct, frozen=True):
    """A published contract: its files, and what the compiler said.

    dialects   to which it compiles
    params     that a run may give; required: those that it must
    """

    root: str
    files: dict[str, str]
    checks: tuple[CheckSummary, ...]
    diagnostics: tuple[Found, ...] = ()
    dialects: tuple[str, ...] = ()
    params: tuple[str, ...] = ()
    required: tuple[str, ...] = ()


_VERSION = select(contract_versions.c.body).where(
    mine(contract_versions),
    contract_versions.c.contract == bindparam("c"),
    contract_versions.c.version == bindparam("v"),
)
_DOCUMENT = select(document_revisions.c.body).where(
    mine(document_revisions),
    document_revisions.c.kind == bindparam("k"),
    document_revisions.c.name == bindparam("n"),
    document_revisions.c.revision == bindparam("r"),
)


def seal_version(tx: Tx, contract: str, version: str, body: VersionBody) -> bytes:
    return tx.seal(contract_versions, f"{contract}\0{version}", encode(body))


def open_version(tx: Tx, contract: str, version: str, sealed: bytes) -> VersionBody:
    return decode(tx.open(contract_versions, f"{contract}\0{version}", sealed), VersionBody)


def read_version(tx: Tx, contract: str, version: str) -> VersionBody:
    """Refused as not found where there is none."""
    return open_version(tx, contract, version, tx.one(_VERSION, c=contract, v=version).body)


def seal_document(tx: Tx, kind: str, name: str, revision: int, document: dict[str, Any]) -> bytes:
    return tx.seal(document_revisions, f"{kind}\0{name}\0{revision}", encode(document))


def open_document(tx: Tx, kind: str, name: str, revision: int, sealed: bytes) -> dict[str, Any]:
    return decode(tx.open(document_revisions, f"{kind}\0{name}\0{revision}", sealed), dict[str, Any])


def read_document(tx: Tx, kind: str, name: str, revision: int) -> dict[str, Any]:
    """Refused as not found where there is none."""
    return open_document(tx, kind, name, revision, tx.one(_DOCUMENT, k=kind, n=name, r=revision).body)


def seal_params(tx: Tx, run: str, params: dict[str, str]) -> bytes:
    return tx.seal(instructions, run, encode(params))


def open_params(tx: Tx, run: str, sealed: bytes) -> dict[str, str]:
    return decode(tx.open(instructions, run, sealed), dict[str, str])
