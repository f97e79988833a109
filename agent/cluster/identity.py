"""Which cluster this is, and the keys with which anybody can verify its pods' tokens.

The identity is the uid of the namespace that Jobs live in: an attempt's Job has a name that is unique there, so
this is what an attempt is pinned to. A Role in that namespace can grant it; nothing of the cluster is needed.
"""

from __future__ import annotations

import msgspec

from assay.agent.cluster.answers import Kind, Refused
from assay.agent.cluster.api import Api
from assay.agent.cluster.objects import Head
from assay.agent.cluster.rights import Right
from assay.protocol import decoding
from assay.protocol.agent import Jwk


def right(namespace: str) -> Right:
    """What reading the identity takes."""
    return Right("", "namespaces", "get", namespace)


class _KeySet(msgspec.Struct, frozen=True):
    keys: tuple[msgspec.Raw, ...] = ()


class _Discovery(msgspec.Struct, frozen=True):
    issuer: str


def namespace_uid(api: Api, namespace: str) -> str:
    """Raises Refused: FORBIDDEN where the Role lacks the right, MISSING where there is no such namespace."""
    return api.request("GET", f"/api/v1/namespaces/{namespace}").read(Head).metadata.uid


def issuer_and_keys(api: Api) -> tuple[str, tuple[Jwk, ...]] | None:
    """The issuer of ServiceAccount tokens and its public keys, or None where the cluster does not show them.
    Raises Refused where it does not answer."""
    try:
        issuer = api.request("GET", "/.well-known/openid-configuration").read(_Discovery).issuer
        return issuer, key_set(api.request("GET", "/openid/v1/jwks").body)
    except Refused as refused:
        if refused.kind in (Kind.FORBIDDEN, Kind.MISSING):
            return None
        raise


def key_set(data: bytes) -> tuple[Jwk, ...]:
    """The keys of a JSON Web Key Set that can sign; of each only what verifying takes. Raises Refused(GARBAGE)."""
    try:
        found = [_key(raw) for raw in decoding.decode(data, _KeySet).keys]
    except (ValueError, RecursionError):
        raise Refused(Kind.GARBAGE) from None
    keys = tuple(key for key in found if key is not None)
    if not keys:
        raise Refused(Kind.GARBAGE)
    return keys[:16]


def _key(raw: msgspec.Raw) -> Jwk | None:
    fields = decoding.decode(raw, dict[str, msgspec.Raw])
    known = {
        name: msgspec.json.decode(value) for name, value in fields.items() if name in Jwk.__struct_fields__
    }
    try:
        return msgspec.convert(known, Jwk)
    except msgspec.ValidationError:
        return None
