"""A copy of an SQLite store as it is at one moment, while a hub serves it."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path

from assay.hub.address import Problem, is_sqlite, sqlite_path


def back_up(address: str, file: Path) -> int:
    """Copies the store to a file that is not there yet, checks the copy, and gives its bytes. Raises Problem."""
    if not is_sqlite(address):
        raise Problem("a PostgreSQL store is backed up with its own tools: pg_dump, or base backups and WAL")
    source = sqlite_path(address)
    if not source.exists():
        raise Problem(f"there is no store at {source}")
    if file.exists():
        raise Problem(f"{file} is there already")
    made = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        os.close(os.open(made, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600))
        _copy(source, made)
        made.replace(file)
    except sqlite3.Error as error:
        raise Problem(f"the store cannot be copied: {error}") from None
    except OSError as error:
        raise Problem(f"{file} cannot be written: {error.strerror}") from None
    finally:
        made.unlink(missing_ok=True)
    return file.stat().st_size


def _copy(source: Path, target: Path) -> None:
    """In one step: one read transaction sees one moment, and writers of a WAL database do not wait for it."""
    with (
        closing(sqlite3.connect(f"{source.absolute().as_uri()}?mode=ro", uri=True, timeout=30)) as one,
        closing(sqlite3.connect(target)) as other,
    ):
        one.backup(other, pages=-1)
        other.execute("PRAGMA journal_mode=DELETE")
        (found,) = other.execute("PRAGMA integrity_check").fetchone()
        if found != "ok":
            raise sqlite3.DatabaseError("the copy is damaged")
