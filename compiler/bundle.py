"""Seals a bundle: the bytes that are stored and run, and the digest that was reviewed."""

from __future__ import annotations

from dataclasses import dataclass

from assay.protocol.bundle import Bundle, decode, digest, encode

LIMIT = 4 * 1024 * 1024
"""Bytes. What goes into a ConfigMap has a smaller budget of its own (`manifests`)."""


class BundleTooLarge(ValueError):
    """Raised, not collected: limits on the contract's text stop an author long before this one."""

    def __init__(self, size: int) -> None:
        super().__init__(f"the bundle has {size} bytes, more than {LIMIT}")
        self.size = size


@dataclass(frozen=True, slots=True)
class Sealed:
    data: bytes
    digest: str


def seal(bundle: Bundle) -> Sealed:
    """Same bundle, same bytes. What the runner will read from them is what the compiler made."""
    data = encode(bundle)
    if len(data) > LIMIT:
        raise BundleTooLarge(len(data))
    if decode(data) != bundle:
        raise ValueError("the bundle does not survive its own encoding")
    return Sealed(data, digest(data))
