"""A cluster's token for a pod is good for that pod, its Job and its cluster, and for nothing else."""

from __future__ import annotations

import json
from typing import Any

import jwt
import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from assay.hub import pod_tokens
from assay.hub.pod_tokens import AUDIENCE, Expected
from assay.protocol.agent import Jwk

NOW = 1_750_000_000
ISSUER = "https://kubernetes.default.svc"
UID = "11111111-2222-3333-4444-555555555555"
JOB = "assay-01j9zzzzzzzzzzzzzzzzzzzzzz-a1"
RSA = rsa.generate_private_key(public_exponent=65537, key_size=2048)
EC = ec.generate_private_key(ec.SECP256R1())


def _jwk(key: Any, algorithm: str, kid: str) -> Jwk:
    text = jwt.get_algorithm_by_name(algorithm).to_jwk(key.public_key())
    fields = json.loads(text)
    known = {name: value for name, value in fields.items() if name in Jwk.__struct_fields__}
    return msgspec.convert({**known, "kid": kid}, Jwk)


KEYS = msgspec.json.encode((_jwk(RSA, "RS256", "one"), _jwk(EC, "ES256", "two")))
EXPECTED = Expected(ISSUER, KEYS, "assay", JOB)
CLAIMS: dict[str, Any] = {
    "iss": ISSUER,
    "aud": [AUDIENCE],
    "exp": NOW + 600,
    "nbf": NOW,
    "kubernetes.io": {"namespace": "assay", "pod": {"name": JOB + "-x7k2p", "uid": UID}},
}


def _token(claims: dict[str, Any], key: Any = RSA, algorithm: str = "RS256", kid: str | None = "one") -> str:
    return jwt.encode(claims, key, algorithm, headers={"kid": kid} if kid is not None else {})


@pytest.mark.parametrize(("key", "algorithm", "kid"), [(RSA, "RS256", "one"), (EC, "ES256", "two")])
def test_a_token_of_the_attempts_pod_says_which_pod(key: Any, algorithm: str, kid: str) -> None:
    token = _token(CLAIMS, key, algorithm, kid)
    assert pod_tokens.looks_like(token)
    assert pod_tokens.issuer_of(token) == ISSUER
    assert pod_tokens.verify(token, EXPECTED, NOW) == UID


def _with(**changes: Any) -> dict[str, Any]:
    return {name: value for name, value in {**CLAIMS, **changes}.items() if value is not None}


def _pod(**changes: Any) -> dict[str, Any]:
    return _with(
        **{"kubernetes.io": {"namespace": "assay", "pod": {"name": JOB + "-x7k2p", "uid": UID}, **changes}}
    )


@pytest.mark.parametrize(
    "claims",
    [
        _with(iss="https://elsewhere"),
        _with(aud=["another"]),
        _with(aud=None),
        _with(exp=NOW - 61),
        _with(exp=None),
        _with(exp="never"),
        _with(nbf=NOW + 61),
        _with(**{"kubernetes.io": None}),
        _pod(namespace="other"),
        _pod(pod=None),
        _pod(pod={"name": JOB, "uid": UID}),
        _pod(pod={"name": JOB + "0-x7k2p", "uid": UID}),
        _pod(pod={"name": "assay-01j9zzzzzzzzzzzzzzzzzzzzzz-a2-x7k2p", "uid": UID}),
        _pod(pod={"name": JOB + "-x7k2p", "uid": "x"}),
    ],
)
def test_claims_of_something_else_are_refused(claims: dict[str, Any]) -> None:
    assert pod_tokens.verify(_token(claims), EXPECTED, NOW) is None


def test_clocks_may_differ_by_a_minute() -> None:
    assert pod_tokens.verify(_token(_with(exp=NOW - 59)), EXPECTED, NOW) == UID


def test_a_key_that_is_not_the_clusters_is_refused() -> None:
    other = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    assert pod_tokens.verify(_token(CLAIMS, other), EXPECTED, NOW) is None
    assert pod_tokens.verify(_token(CLAIMS, kid="three"), EXPECTED, NOW) is None
    assert pod_tokens.verify(_token(CLAIMS, kid=None), EXPECTED, NOW) is None


def test_a_public_key_is_no_shared_secret() -> None:
    forged = jwt.encode(CLAIMS, "x" * 64, "HS256", headers={"kid": "one"})
    none = jwt.encode(CLAIMS, "", "none", headers={"kid": "one"})
    assert pod_tokens.verify(forged, EXPECTED, NOW) is None
    assert pod_tokens.verify(none, EXPECTED, NOW) is None


@pytest.mark.parametrize("text", ["", "a.b", "a.b.c", "a.b.c.d", "e30.e30.e30", "\u00e9.b.c", "a" * 9_000])
def test_what_is_no_token_is_refused(text: str) -> None:
    assert not pod_tokens.looks_like(text) or pod_tokens.verify(text, EXPECTED, NOW) is None
    assert pod_tokens.issuer_of(text) is None
