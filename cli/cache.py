"""Compiled bundles, kept by what they were made from, so that an unchanged contract is not compiled twice.

The folder is ASSAY_CACHE_DIR, else `assay` in XDG_CACHE_HOME, else `~/.cache/assay`. An entry's name is the
hash of the toolchain, the dialect and the contract's name and text; inside are the hashes of the files that
it imports (also of those that were looked for and not there), the bundle, and the warnings as they were
shown. An entry that is damaged, or of another layout, is as good as none. Nothing here may ever fail a
command.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TypeVar

import msgspec

import assay

_T = TypeVar("_T", bound=msgspec.Struct)

LAYOUT = 1
MAX_ENTRIES = 4_000
MAX_BYTES = 256 * 1024 * 1024
_TRIM_EVERY = 64


class Shown(msgspec.Struct, frozen=True, array_like=True):
    """A diagnostic as each kind of output has it."""

    severity: str
    code: str
    text: str
    colour: str
    github: str
    json: bytes


class Read(msgspec.Struct, frozen=True, array_like=True):
    """A file that was looked for: the hash of its text, empty where there was none."""

    name: str
    hash: str


class Entry(msgspec.Struct, frozen=True, array_like=True):
    reads: tuple[Read, ...]
    bundle: bytes
    digest: str
    shown: tuple[Shown, ...]


def folder() -> Path | None:
    """Where the cache is; None where there is no home either, or the cache is switched off by an empty
    name."""
    given = os.environ.get("ASSAY_CACHE_DIR")
    if given is not None:
        return Path(given) if given else None
    base = os.environ.get("XDG_CACHE_HOME")
    if base and Path(base).is_absolute():
        return Path(base) / "assay"
    try:
        return Path.home() / ".cache" / "assay"
    except RuntimeError:
        return None


def hash_text(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


_toolchain = ""


def toolchain() -> str:
    """Names what compiles: the version, and every file of the compiler and of the SQL printer by size and
    time, so that neither a change while developing nor an upgrade finds an entry of before."""
    global _toolchain
    if not _toolchain:
        digest = hashlib.sha256(f"{LAYOUT} {assay.__version__}".encode())
        base = Path(assay.__file__).parent
        for room in ("compiler", "grammar", "protocol", "templates"):
            for line in sorted(_stamps(str(base / room))):
                digest.update(line.encode())
        from importlib.util import find_spec

        spec = find_spec("sqlglot")
        if spec is not None and spec.origin is not None:
            status = Path(spec.origin).stat()
            digest.update(f"{spec.origin} {status.st_size} {status.st_mtime_ns}".encode())
        _toolchain = digest.hexdigest()
    return _toolchain


def _stamps(folder: str) -> Iterable[str]:
    try:
        entries = list(os.scandir(folder))
    except OSError:
        return
    for entry in entries:
        if entry.is_dir():
            if entry.name != "__pycache__":
                yield from _stamps(entry.path)
        else:
            status = entry.stat()
            yield f"{entry.path} {status.st_size} {status.st_mtime_ns}\n"


def key(dialect: str, root: str, text: str) -> str:
    parts = "\0".join((toolchain(), dialect, root, hash_text(text)))
    return hashlib.sha256(parts.encode("utf-8", "surrogatepass")).hexdigest()


def load_struct(path: Path, kind: type[_T]) -> _T | None:
    """What `save_struct` wrote; None where there is nothing, or something else."""
    try:
        data = path.read_bytes()
    except OSError:
        return None
    if hashlib.sha256(data[32:]).digest() != data[:32]:
        return None
    try:
        return msgspec.msgpack.decode(data[32:], type=kind)
    except (msgspec.DecodeError, ValueError):
        return None


def save_struct(path: Path, value: msgspec.Struct) -> None:
    body = msgspec.msgpack.encode(value)
    save(path, hashlib.sha256(body).digest() + body)


def get(name: str, read: Callable[[str], str | None]) -> Entry | None:
    """The entry of this name, where every file that went into it is as it was."""
    base = folder()
    if base is None:
        return None
    entry = load_struct(base / "bundles" / name[:2] / name, Entry)
    if entry is None:
        return None
    for item in entry.reads:
        text = read(item.name)
        if (hash_text(text) if text is not None else "") != item.hash:
            return None
    return entry


def put(name: str, entry: Entry) -> None:
    base = folder()
    if base is None:
        return
    save_struct(base / "bundles" / name[:2] / name, entry)
    if int(name[-4:], 16) % _TRIM_EVERY == 0:
        trim(base / "bundles")


def save(path: Path, data: bytes) -> None:
    """Puts a file there at once; a cache that cannot be written is no fault."""
    beside = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        beside.write_bytes(data)
        beside.replace(path)
    except OSError:
        try:
            beside.unlink(missing_ok=True)
        except OSError:
            return


def trim(base: Path, entries: int = MAX_ENTRIES, size: int = MAX_BYTES) -> None:
    """Removes the oldest entries until the cache is in bounds; other processes may do the same at once."""
    found: list[tuple[int, int, Path]] = []
    for path in base.rglob("*"):
        try:
            status = path.stat()
        except OSError:
            continue
        if path.is_file():
            found.append((status.st_mtime_ns, status.st_size, path))
    found.sort(reverse=True)
    total = 0
    for number, (_, length, path) in enumerate(found):
        total += length
        if number >= entries or total > size:
            try:
                path.unlink()
            except OSError:
                continue
