"""The DuckDB file: opened when no other process has it, every failure in coded form."""

from __future__ import annotations

import os
import time as clock
from contextlib import suppress
from pathlib import Path

from assay.runner.engines.duckdb import driver
from assay.runner.store import StoreError

_HEADERS = 3 * 4096
_FIRST_WAIT = 0.02
_LONGEST_WAIT = 0.5


class Reading:
    def __init__(self, path: Path, wait: float) -> None:
        self._path, self._wait = path, wait

    def __enter__(self) -> driver.DuckDBPyConnection:
        self._store = open_file(self._path, self._wait, read_only=True)
        return self._store

    def __exit__(self, *_: object) -> None:
        self._store.close()


def open_file(path: Path, wait: float, *, read_only: bool) -> driver.DuckDBPyConnection:
    if read_only and not path.exists():
        raise StoreError("FileNotFound", f"there is no diagnostics store at {path}")
    deadline = clock.monotonic() + wait
    pause = _FIRST_WAIT
    while True:
        try:
            if not read_only:
                path.parent.mkdir(parents=True, exist_ok=True)
                _discard_torn(path)
            config = {"autoinstall_known_extensions": False, "autoload_known_extensions": False}
            return driver.connect(str(path), read_only=read_only, config=dict(config))
        except driver.Error as error:
            if "lock" not in str(error).lower():
                fault = StoreError(type(error).__name__, str(error))
                break
            fault = StoreError("StoreLocked", f"another process writes to {path}; waited {wait:g} s")
        except OSError as error:
            fault = StoreError(type(error).__name__, str(error))
            break
        if clock.monotonic() + pause > deadline:
            break
        # Two that wait must not knock in step.
        clock.sleep(pause * (0.5 + os.urandom(1)[0] / 256))
        pause = min(pause * 2, _LONGEST_WAIT)
    raise fault


def do(store: driver.DuckDBPyConnection, sql: str, values: list[object] | None = None) -> None:
    try:
        store.execute(sql, values)
        return
    except Exception as error:  # noqa: BLE001
        fault = StoreError(type(error).__name__, str(error))
    raise fault


def fetch(
    store: driver.DuckDBPyConnection, sql: str, values: list[object] | None = None
) -> list[tuple[object, ...]]:
    try:
        return store.execute(sql, values).fetchall()
    except Exception as error:  # noqa: BLE001
        fault = StoreError(type(error).__name__, str(error))
    raise fault


def _discard_torn(path: Path) -> None:
    """Removes what a run left whose disk was full before DuckDB's headers were written: nothing can open it.
    DuckDB locks a file that it makes, so what is locked is not torn."""
    with suppress(OSError, ImportError):
        if path.stat().st_size >= _HEADERS:
            return
        import fcntl

        with path.open("r+b") as file:
            fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if file.read(12)[8:] in (b"", b"DUCK", bytes(4)):
                path.unlink()
