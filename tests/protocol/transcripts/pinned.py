"""A hub that says the same each time: its clock stands still, and what it draws by chance is counted."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from types import SimpleNamespace
from unittest.mock import patch

from assay.hub import callers, tokens
from assay.hub.store import tx
from tests.support.hub import Clock
from tests.support.live import LiveHub, live

TENANTS = ("acme", "umbrella")


@contextmanager
def pinned_hub(address: str) -> Iterator[tuple[LiveHub, Clock]]:
    """A hub over an empty store, with two tenants. Upkeep does not run: it has no part in an exchange."""
    ids, secrets = count(1), count(1)

    def token_bytes(size: int) -> bytes:
        return hashlib.sha512(f"secret {next(secrets)} of a transcript".encode()).digest()[:size]

    clock = Clock()
    with (
        patch.object(tx, "randbits", lambda _bits: next(ids)),
        patch.object(tokens, "secrets", SimpleNamespace(token_bytes=token_bytes)),
        # How long a credential is known, and its use noted, goes by a clock of its own: it must not matter here.
        patch.object(callers, "REMEMBERED_S", 1e9),
        patch.object(callers, "USED_US", 10**15),
        live(address, clock, tenants=TENANTS, upkeep=False) as hub,
    ):
        yield hub, clock
