"""Secrets that prove who asks: how they look, and the only thing that is kept of them, a SHA-256.

    aye_<secret>             enrolment, once
    aya_<agent id>_<secret>  agent
    ayj_<secret>             one attempt of one run
    ayk_<key id>_<secret>    API key

The secret is 256 random bits in base 62, so a plain hash is enough, and ends in a CRC32 of all before it, so
that a scanner of sources can tell one from chance without asking the hub.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
import zlib
from dataclasses import dataclass
from enum import StrEnum

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
SECRET = 43
"""Characters of 256 bits in base 62."""
CHECK = 6
"""Characters of a CRC32 in base 62."""
LONGEST = 128
_FORM = re.compile(r"(ay[eajk])_(?:([0-9a-hjkmnp-tv-z]{26})_)?([0-9A-Za-z]{49})")


class TokenKind(StrEnum):
    ENROLMENT = "aye"
    AGENT = "aya"
    JOB = "ayj"
    KEY = "ayk"


@dataclass(frozen=True, slots=True)
class Token:
    """A token of the right form. owner: the id inside it, empty for kinds that have none."""

    kind: TokenKind
    owner: str
    hash: bytes


def mint(kind: TokenKind, owner: str = "") -> str:
    """A new token; whoever calls shows it once and keeps `hash_of` it."""
    start = f"{kind}_{owner}_" if owner else f"{kind}_"
    body = start + _base62(int.from_bytes(secrets.token_bytes(32), "big"), SECRET)
    return body + _check(body)


def read(text: str) -> Token | None:
    """None for anything that this hub cannot have minted; costs no look-up."""
    found = _FORM.fullmatch(text) if len(text) <= LONGEST else None
    if found is None or not hmac.compare_digest(_check(text[:-CHECK]), text[-CHECK:]):
        return None
    kind = TokenKind(found.group(1))
    if (found.group(2) is not None) != (kind in (TokenKind.AGENT, TokenKind.KEY)):
        return None
    return Token(kind, found.group(2) or "", hash_of(text))


def hash_of(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


def same(left: bytes, right: bytes) -> bool:
    """Compares hashes in a time that does not depend on them."""
    return hmac.compare_digest(left, right)


def _check(body: str) -> str:
    return _base62(zlib.crc32(body.encode()), CHECK)


def _base62(number: int, length: int) -> str:
    digits = []
    for _ in range(length):
        number, rest = divmod(number, 62)
        digits.append(ALPHABET[rest])
    return "".join(reversed(digits))
