"""A pod's own token, issued by its cluster (a projected ServiceAccount token), verified without asking the cluster.

The agent has registered the issuer's public keys. The token must be for us (`aud`), in time, and name a pod of
the attempt's Job; tokens that are not bound to a pod are refused.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import jwt
import msgspec
from jwt.types import Options

from assay.protocol import decoding
from assay.protocol.agent import Jwk

AUDIENCE = "assay-hub"
ALGORITHMS = ("RS256", "RS384", "RS512", "ES256", "ES384", "ES512", "PS256", "PS384", "PS512")
LONGEST = 8_192
LEEWAY_S = 60
"""Seconds that the clocks of cluster and hub may differ."""
_FORM = re.compile(r"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+")
_UID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@dataclass(frozen=True, slots=True)
class Expected:
    """What the token of an attempt's pod says. keys: the cluster's, as `Jwk` in JSON."""

    issuer: str
    keys: bytes
    namespace: str
    job: str


def looks_like(bearer: str) -> bool:
    return len(bearer) <= LONGEST and _FORM.fullmatch(bearer) is not None


def issuer_of(bearer: str) -> str | None:
    """Who the token says has issued it, not verified yet: tells whose keys to try."""
    try:
        found = jwt.decode(bearer, options={"verify_signature": False}).get("iss")
    except (jwt.PyJWTError, ValueError):
        return None
    return found if isinstance(found, str) and len(found) <= 500 and found.isprintable() else None


def verify(bearer: str, expected: Expected, now: int) -> str | None:
    """The uid of the pod that the cluster says this is; None for every token that is not good. now: seconds."""
    try:
        head = jwt.get_unverified_header(bearer)
        key = _key(expected.keys, str(head.get("kid", "")), str(head.get("alg", "")))
        claims = _claims(bearer, key) if key is not None else None
    except (jwt.PyJWTError, msgspec.DecodeError, ValueError):
        return None
    if claims is None or claims.get("iss") != expected.issuer or not _in_time(claims, now):
        return None
    kubernetes = claims.get("kubernetes.io")
    if not isinstance(kubernetes, dict) or kubernetes.get("namespace") != expected.namespace:
        return None
    pod = kubernetes.get("pod")
    name, uid = (pod.get("name"), pod.get("uid")) if isinstance(pod, dict) else (None, None)
    if not isinstance(name, str) or not isinstance(uid, str) or not _UID.fullmatch(uid):
        return None
    # a Job's pod is its name and five characters
    return uid if name.rpartition("-")[0] == expected.job else None


_CLAIMS: Options = {
    "require": ["exp", "iss", "aud"],
    "verify_exp": False,
    "verify_nbf": False,
    "verify_iat": False,
    "verify_sub": False,
    "verify_jti": False,
}


def _claims(bearer: str, key: jwt.PyJWK) -> dict[str, Any]:
    """Times are compared with the store's clock, in `_in_time`."""
    return dict(
        jwt.decode(bearer, key=key, algorithms=[key.algorithm_name], audience=AUDIENCE, options=_CLAIMS)
    )


def _in_time(claims: dict[str, Any], now: int) -> bool:
    ends, begins = claims.get("exp"), claims.get("nbf", 0)
    if not isinstance(ends, int | float) or not isinstance(begins, int | float):
        return False
    return begins - LEEWAY_S <= now < ends + LEEWAY_S


def _key(keys: bytes, kid: str, algorithm: str) -> jwt.PyJWK | None:
    """The one key that the token names, for an asymmetric algorithm that its kind has."""
    if algorithm not in ALGORITHMS:
        return None
    found = [key for key in decoding.decode(keys, tuple[Jwk, ...]) if key.kid == kid]
    if len(found) != 1 or (found[0].alg and found[0].alg != algorithm):
        return None
    if (found[0].kty == "RSA") != algorithm.startswith(("RS", "PS")):
        return None
    fields = {name: value for name, value in msgspec.to_builtins(found[0]).items() if value}
    return jwt.PyJWK.from_dict(fields, algorithm)
