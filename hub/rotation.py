"""A new master key in place of the old one, while hubs serve. Can be begun again wherever it was stopped."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import func, select

from assay.hub import keyring, serving
from assay.hub.address import Problem
from assay.hub.keyring import KeyProblem
from assay.hub.serving import Settings
from assay.hub.store import HUB
from assay.hub.tables import tenant_keys
from assay.hub.tenants import rewrap

KNOWN_S = serving.WATCH_S + 3.0
"""After which every hub has read the keys' files again."""


@dataclass(frozen=True, slots=True)
class Rotated:
    """wrapped: data keys. old: where the key is that opens nothing any more."""

    wrapped: int
    old: Path | str


def rotate(settings: Settings, pause: float = KNOWN_S) -> Rotated:
    """Wraps every data key under a new master key. Where an old key is given (a file or a variable), nothing is
    made: the first key takes its place. pause: seconds until hubs know a key that was made. Raises Problem."""
    file = settings.key_file
    if settings.old_master_key is None and file is not None and not _unfinished(settings, file):
        _replace(file)
        time.sleep(pause)
    elif settings.old_master_key is None and file is None and keyring.OLD_VARIABLE not in os.environ:
        raise Problem(
            f"the master key comes from {keyring.VARIABLE}: put a new one there, the old one into"
            f" {keyring.OLD_VARIABLE}, restart the hubs with both, and run this with both"
        )
    with serving.beside(settings) as store:
        try:
            wrapped = rewrap(store.write_now)
        except KeyProblem as error:
            raise Problem(str(error)) from None
    return Rotated(wrapped, settings.old_key_file or keyring.OLD_VARIABLE)


def _unfinished(settings: Settings, file: Path) -> bool:
    """Whether a rotation was begun before, and data keys are still under its old key."""
    if not serving.old_name(file).exists():
        return False
    statement = select(func.count()).select_from(tenant_keys)
    with serving.beside(settings) as store:
        others = statement.where(tenant_keys.c.master != serving.load_keys(settings).master)
        return bool(store.read_now(HUB, lambda tx: tx.one(others)[0]))


def _replace(file: Path) -> None:
    """The old key is beside the file before the new one is in it: at no moment is one of them missing."""
    try:
        _write(serving.old_name(file), file.read_bytes())
        _write(file, keyring.new_master().encode() + b"\n")
    except OSError as error:
        raise Problem(f"the master key file {file}: {error.strerror}") from None


def _write(file: Path, data: bytes) -> None:
    made = file.with_name(f".{file.name}.{os.getpid()}")
    handle = os.open(made, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as out:
        out.write(data)
        out.flush()
        os.fsync(handle)
    made.replace(file)
