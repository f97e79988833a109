"""An agent knows at its start what it may: too little is told by name, too much is refused."""

from __future__ import annotations

import pytest

from assay.agent.cluster.answers import Kind, Refused
from assay.agent.cluster.identity import issuer_and_keys, key_set, namespace_uid, right
from assay.agent.cluster.rights import NEEDED, Right, excess, missing
from tests.agent.ground import Ground


def test_the_role_is_enough_and_not_too_much(ground: Ground) -> None:
    namespace = ground.namespace()
    role = (*NEEDED, right(namespace))
    api = ground.agent(namespace, role)
    assert missing(api, namespace, role) == ()
    assert excess(api, namespace, role) == ()


@pytest.mark.parametrize("without", NEEDED, ids=str)
def test_each_right_that_is_missing_is_named(ground: Ground, without: Right) -> None:
    namespace = ground.namespace()
    api = ground.agent(namespace, [each for each in NEEDED if each != without])
    assert missing(api, namespace, NEEDED) == (without,)
    assert str(without).startswith(without.verb)


@pytest.mark.parametrize(
    "more",
    [
        Right("", "secrets", "get"),
        Right("", "secrets", "patch", "assay-source-shop"),
        Right("", "pods/exec", "create"),
        Right("", "pods/log", "get"),
        Right("batch", "*", "*"),
        Right("*", "*", "*"),
        Right("batch", "jobs", "deletecollection"),
        Right("", "serviceaccounts/token", "create"),
    ],
    ids=str,
)
def test_every_further_right_is_too_much(ground: Ground, more: Right) -> None:
    namespace = ground.namespace()
    api = ground.agent(namespace, (*NEEDED, more))
    assert excess(api, namespace, NEEDED) == (more,)


def test_listing_shows_as_much_as_getting(ground: Ground) -> None:
    namespace = ground.namespace()
    api = ground.agent(namespace, (*NEEDED, Right("", "pods", "get")))
    assert excess(api, namespace, NEEDED) == ()


def test_the_identity_is_that_of_the_namespace(ground: Ground) -> None:
    namespace, other = ground.namespace(), ground.namespace()
    api = ground.agent(namespace, (*NEEDED, right(namespace)))
    uid = namespace_uid(api, namespace)
    assert uid == ground.get(f"/api/v1/namespaces/{namespace}")["metadata"]["uid"]
    assert uid != namespace_uid(ground.admin, other)
    with pytest.raises(Refused) as refused:
        namespace_uid(api, other)
    assert refused.value.kind is Kind.FORBIDDEN


def test_the_cluster_shows_the_keys_of_its_tokens(ground: Ground) -> None:
    if ground.kind == "fake":
        ground.fake.keys = [{"kty": "RSA", "kid": "k", "n": "AQAB", "e": "AQAB", "x5c": []}]  # type: ignore[attr-defined]
    found = issuer_and_keys(ground.agent(ground.namespace(), ()))
    assert found is not None
    issuer, keys = found
    assert issuer == "https://kubernetes.default.svc"
    assert [key.kty for key in keys] == ["RSA"]
    assert all(key.n and key.e for key in keys)


@pytest.mark.parametrize(
    "data", [b"", b"[]", b'{"keys": []}', b'{"keys": [{"kty": "oct", "k": "c2VjcmV0"}]}']
)
def test_a_key_set_without_a_public_key_is_none(data: bytes) -> None:
    with pytest.raises(Refused) as refused:
        key_set(data)
    assert refused.value.kind is Kind.GARBAGE
