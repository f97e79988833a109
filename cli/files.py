"""Reading text that may be anything, and writing so that a file is there whole or not at all."""

from __future__ import annotations

import os
from pathlib import Path

from assay.cli.problems import problem, reason, unwritable

TEXT_LIMIT = 2 * 1024 * 1024


def read_text(path: Path, shown: str, limit: int = TEXT_LIMIT) -> str | None:
    """The text of a file, None where there is none; `shown` is the name in messages."""
    data = read_bytes(path, shown, limit)
    return None if data is None else to_text(data, shown)


def read_bytes(path: Path, shown: str, limit: int = TEXT_LIMIT) -> bytes | None:
    try:
        with path.open("rb") as file:
            data = file.read(limit + 1)
            size = len(data) if len(data) <= limit else os.fstat(file.fileno()).st_size
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise problem("E601", file=shown, reason=reason(error)) from error
    if len(data) > limit:
        raise problem("E608", file=shown, size=_size(size), limit=_size(limit))
    return data


def to_text(data: bytes, shown: str) -> str:
    """UTF-8; a byte order mark is taken off."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        at = error.start
        raise problem("E602", file=shown, at=f"{at + 1:,}", what=f"0x{data[at]:02x}") from None


def _size(count: int) -> str:
    return f"{count / 1024 / 1024:,.1f} MB" if count >= 1024 * 1024 else f"{count:,} bytes"


def replace(path: Path, data: bytes) -> None:
    """Writes beside the place and renames: readers see the old file or the new one. Raises OSError."""
    beside = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        with beside.open("wb") as file:
            file.write(data)
        beside.replace(path)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise


def write_output(path: Path, data: bytes) -> None:
    """A file that the user asked for; an OutputError where that fails."""
    try:
        if path.exists() and not path.is_file():
            path.write_bytes(data)
            return
        try:
            replace(path, data)
        except FileNotFoundError:
            path.parent.mkdir(parents=True, exist_ok=True)
            replace(path, data)
    except OSError as error:
        raise unwritable(path, error) from error
