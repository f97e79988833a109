"""Sealing: same bundle, same bytes, and nothing lost."""

from __future__ import annotations

import pytest

from assay.compiler.bundle import LIMIT, BundleTooLarge, seal
from assay.protocol.bundle import decode
from tests.manifests.given import bundle


def test_a_sealed_bundle_is_read_as_it_was() -> None:
    made = bundle(prose="é\u2028\0 🦊", keep_days=30)
    sealed = seal(made)
    assert decode(sealed.data) == made
    assert sealed.digest.startswith("sha256:")


def test_the_digest_is_of_the_content() -> None:
    assert seal(bundle()) == seal(bundle())
    assert seal(bundle()).digest != seal(bundle(version="2.1.1")).digest


def test_a_bundle_has_a_limit() -> None:
    with pytest.raises(BundleTooLarge, match="bytes"):
        seal(bundle(prose="x" * LIMIT))
