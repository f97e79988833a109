"""The agent's token: a file. Where it can be written, it is changed in time; where it cannot (a mounted Secret), it is
read anew for each request, and whoever writes the Secret changes it."""

from __future__ import annotations

import os
import tempfile
import time
from pathlib import Path

import structlog

from assay.agent.hub import Hub
from assay.client import HubError

ROTATE_S = 30 * 86_400
CHECK_S = 3_600
log = structlog.get_logger("assay.agent.token")


def write(path: Path, token: str) -> None:
    """At once, and readable by nobody else. Raises OSError."""
    number, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(number, "w", encoding="ascii") as file:
            os.fchmod(file.fileno(), 0o600)
            file.write(token + "\n")
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


class Rotation:
    """Looks from time to time whether the token is old. The age of a file is a matter of this machine's clock: a
    wrong one costs a rotation, no more."""

    def __init__(self, hub: Hub, path: Path) -> None:
        self._hub = hub
        self._path = path
        self._next = 0.0

    def look(self, now: float) -> None:
        """now: monotonic seconds."""
        if now < self._next:
            return
        self._next = now + CHECK_S
        try:
            if time.time() - self._path.stat().st_mtime < ROTATE_S:
                return
            if not os.access(self._path.parent, os.W_OK) or self._path.is_symlink():
                log.warning(
                    "the token is older than 30 days and cannot be written: enrol anew, or rotate the Secret"
                )
                return
            # Until the new one is on the disk the old one is good: a day, the hub says.
            write(self._path, self._hub.rotate_token().token)
            log.info("rotated")
        except HubError as error:
            log.warning("not rotated", why=str(error))
        except OSError as error:
            log.warning("not rotated", why=type(error).__name__)
