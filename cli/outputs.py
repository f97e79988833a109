"""Which compiled files are as they should be, without reading them: one index for each output folder.

For every contract the index has the files that were read and the files that were written, each with size,
time and hash. Size and time as they were mean that the content is as it was, unless the file was touched so
shortly before the index was saved that a later change could bear the same time; then, and whenever they
differ, the content is hashed. The index lives in the cache: without it everything is compiled again, and
files that come out equal are not rewritten.
"""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Iterable, Mapping
from pathlib import Path

import msgspec

from assay.cli import cache
from assay.cli.cache import Shown

_MARGIN = 100_000_000
_COARSE = 2_000_000_000
"""Nanoseconds: a file system that keeps whole seconds (or every second one) has times that end in zeros."""


class Stamp(msgspec.Struct, frozen=True, array_like=True):
    """A file; size -1 where there is none."""

    name: str
    size: int
    time: int
    hash: str


class Row(msgspec.Struct, frozen=True, array_like=True):
    """A contract: what was read, what was written, and what was said."""

    inputs: tuple[Stamp, ...]
    outputs: tuple[Stamp, ...]
    shown: tuple[Shown, ...]


class Index(msgspec.Struct, array_like=True):
    made_by: str
    saved: int
    rows: dict[str, Row]


def open_index(out: Path, made_by: str) -> Index:
    """The index of an output folder; an empty one where it is missing, damaged or of another toolchain or
    wish."""
    path = _path(out)
    if path is not None:
        index = cache.load_struct(path, Index)
        if index is None:
            return Index(made_by, 0, {})
        if index.made_by == made_by:
            return index
        return Index(made_by, 0, {name: Row((), row.outputs, ()) for name, row in index.rows.items()})
    return Index(made_by, 0, {})


def save_index(out: Path, index: Index) -> None:
    path = _path(out)
    if path is not None:
        index.saved = time.time_ns()
        cache.save_struct(path, index)


def _path(out: Path) -> Path | None:
    base = cache.folder()
    if base is None:
        return None
    return base / "outputs" / hashlib.sha256(os.fsencode(os.path.realpath(out))).hexdigest()


def unchanged(row: Row, root: str, out: str, saved: int) -> bool:
    """Whether everything that was read and written is still the same."""
    if not row.inputs:
        return False
    return all(_same(root, stamp, saved) for stamp in row.inputs) and all(
        _same(out, stamp, saved) for stamp in row.outputs
    )


def _same(folder: str, stamp: Stamp, saved: int) -> bool:
    path = f"{folder}/{stamp.name}"
    try:
        status = os.stat(path)  # noqa: PTH116 - thousands of times
    except OSError:
        return stamp.size < 0
    if stamp.size != status.st_size:
        return False
    changed = status.st_mtime_ns
    margin = _COARSE if changed % 1_000_000_000 == 0 else _MARGIN
    if changed == stamp.time and changed + margin < saved:
        return True
    try:
        return hash_bytes(Path(path).read_bytes()) == stamp.hash
    except OSError:
        return False


def hash_bytes(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def stamp(folder: Path, name: str, digest: str) -> Stamp:
    try:
        status = (folder / name).stat()
    except OSError:
        return Stamp(name, -1, 0, "")
    return Stamp(name, status.st_size, status.st_mtime_ns, digest)


def write(out: Path, files: Mapping[str, bytes]) -> tuple[tuple[Stamp, ...], int]:
    """Writes what differs; gives the stamps of all and the number of files written. Raises OutputError."""
    from assay.cli.files import write_output

    stamps: list[Stamp] = []
    written = 0
    for name, data in files.items():
        path = out / name
        try:
            same = path.read_bytes() == data
        except OSError:
            same = False
        if not same:
            write_output(path, data)
            written += 1
        stamps.append(stamp(out, name, hash_bytes(data)))
    return tuple(stamps), written


def remove(out: Path, stamps: Iterable[Stamp], keep: Iterable[str]) -> int:
    """Removes files of an earlier run that nothing makes any more, if they are as they were written."""
    kept = set(keep)
    count = 0
    for old in stamps:
        path = out / old.name
        if old.name in kept or old.size < 0:
            continue
        try:
            if hash_bytes(path.read_bytes()) == old.hash:
                path.unlink()
                count += 1
                _empty_folders(path.parent, out)
        except OSError:
            continue
    return count


def _empty_folders(folder: Path, out: Path) -> None:
    while folder != out and not any(folder.iterdir()):
        folder.rmdir()
        folder = folder.parent
