"""Encryption at rest: a data key per tenant, wrapped by a master key that never touches the store.

AES-256-GCM with a random nonce. What is sealed is bound to its tenant, table and row: a row copied elsewhere
does not open. A tenant gets a new data key every month, long before a key has sealed 2**32 messages (NIST SP
800-38D, 8.3); older ones stay for reading.

    sealed   1 byte format, 4 bytes version of the data key, 12 bytes nonce, ciphertext and tag
    wrapped  12 bytes nonce, ciphertext and tag
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import os
import struct
from collections.abc import Mapping, Sequence
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

VARIABLE = "ASSAY_MASTER_KEY"
OLD_VARIABLE = "ASSAY_OLD_MASTER_KEY"
FORMAT = 1
_HEAD = struct.Struct(">BI12s")


class KeyProblem(Exception):
    """A master key is missing or malformed, or something sealed does not open with the keys that are known."""


class Keyring:
    """The master keys: the first wraps, all unwrap, so that an old one can be replaced while the hub serves.

    Data keys that were unwrapped are kept in memory by tenant and version.
    """

    def __init__(self, masters: Sequence[bytes]) -> None:
        if not masters or any(len(master) != 32 for master in masters):
            raise KeyProblem("a master key is 32 bytes")
        self._masters = {_name(master): AESGCM(master) for master in masters}
        self.master = _name(masters[0])
        self._data: dict[tuple[str, int], AESGCM] = {}
        self.newest: dict[str, int] = {}

    def adopt(self, other: Keyring) -> None:
        """Takes the master keys of another ring from now on, as when their files were written anew."""
        self._masters = {**other._masters}
        self.master = other.master

    def knows(self, master: str) -> bool:
        """Whether the master key of this name is here."""
        return master in self._masters

    def new(self, tenant: str, version: int) -> bytes:
        """Makes a tenant's data key and gives it wrapped."""
        return self.wrap(tenant, version, AESGCM.generate_key(256))

    def wrap(self, tenant: str, version: int, key: bytes) -> bytes:
        nonce = os.urandom(12)
        return nonce + self._masters[self.master].encrypt(nonce, key, _aad(tenant, "tenant_keys", version))

    def unwrap(self, tenant: str, version: int, master: str, wrapped: bytes) -> bytes:
        """Raises KeyProblem where the master key is not known or the bytes were changed."""
        known = self._masters.get(master)
        if known is None:
            raise KeyProblem(f"the data are under master key {master}, which is not known here")
        try:
            return known.decrypt(wrapped[:12], wrapped[12:], _aad(tenant, "tenant_keys", version))
        except InvalidTag:
            raise KeyProblem("a data key does not open: the store was changed") from None

    def keep(self, tenant: str, version: int, key: bytes) -> None:
        """Remembers an unwrapped data key."""
        self._data[tenant, version] = AESGCM(key)
        self.newest[tenant] = max(version, self.newest.get(tenant, 0))

    def forget(self, tenant: str) -> None:
        """Lets the next use read the tenant's keys anew."""
        self.newest.pop(tenant, None)

    def forget_newest(self) -> None:
        """Lets the next use of every tenant read its keys anew: another hub may have added one."""
        self.newest.clear()

    def has(self, tenant: str, version: int) -> bool:
        return (tenant, version) in self._data

    def seal(self, tenant: str, table: str, row: str, data: bytes) -> bytes:
        version = self.newest.get(tenant) or max(v for name, v in self._data if name == tenant)
        nonce = os.urandom(12)
        head = _HEAD.pack(FORMAT, version, nonce)
        return head + self._data[tenant, version].encrypt(nonce, data, _aad(tenant, table, row))

    def open(self, tenant: str, table: str, row: str, sealed: bytes) -> bytes:
        """Raises KeyProblem for bytes of another tenant, table or row, and for changed ones."""
        _, version, nonce = _HEAD.unpack_from(sealed)
        key = self._data.get((tenant, version))
        if key is None:
            raise KeyProblem(f"a row of {table} is sealed with a data key that there is none of")
        try:
            return key.decrypt(nonce, sealed[_HEAD.size :], _aad(tenant, table, row))
        except InvalidTag:
            raise KeyProblem(f"a row of {table} does not open: the store was changed") from None


def version_of(sealed: bytes) -> int:
    """The version of the data key that sealed it."""
    if len(sealed) < _HEAD.size or sealed[0] != FORMAT:
        raise KeyProblem("sealed bytes of an unknown format")
    return int(_HEAD.unpack_from(sealed)[1])


def new_master() -> str:
    """A master key as text: 32 random bytes in base 64."""
    return base64.b64encode(os.urandom(32)).decode()


def load(
    file: Path | None, old_file: Path | None = None, environment: Mapping[str, str] = os.environ
) -> Keyring:
    """The keys from files, or else from ASSAY_MASTER_KEY and ASSAY_OLD_MASTER_KEY. Raises KeyProblem."""
    texts = [
        _text(file, environment.get(VARIABLE)),
        _text(old_file, environment.get(OLD_VARIABLE)),
    ]
    if texts[0] is None:
        raise KeyProblem(f"no master key: name a file with --master-key-file, or set {VARIABLE}")
    return Keyring([_parse(text) for text in texts if text is not None])


def _text(file: Path | None, variable: str | None) -> str | None:
    if file is None:
        return variable
    try:
        return file.read_text(encoding="ascii")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "not a key"
        raise KeyProblem(f"the master key file {file}: {reason}") from None


def _parse(text: str) -> bytes:
    try:
        key = base64.b64decode(text.strip(), validate=True)
    except (binascii.Error, ValueError):
        raise KeyProblem("a master key is 32 bytes in base 64") from None
    if len(key) != 32:
        raise KeyProblem("a master key is 32 bytes in base 64")
    return key


def _name(master: bytes) -> str:
    """Tells master keys apart, and says nothing about them."""
    return hashlib.sha256(b"assay master key\0" + master).hexdigest()[:16]


def _aad(tenant: str, table: str, row: str | int) -> bytes:
    return f"{tenant}\0{table}\0{row}".encode()
