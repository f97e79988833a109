"""Contract -> bundle, through the cache; what is not there is compiled, in several processes where that
pays."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from assay.cli import cache
from assay.cli.cache import Entry, Read, Shown
from assay.cli.problems import InputError
from assay.cli.project import Project
from assay.protocol.bundle import Bundle, decode

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from assay.compiler.pipeline import Compilation

PAYS = 12
"""Contracts to compile before a second process is worth its start."""

_DATASET = re.compile(r"^\s*dataset\s+`?([A-Za-z_][A-Za-z0-9_]*)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Loaded:
    """`bundle` is None where the contract has errors; `shown` are its diagnostics."""

    name: str
    data: bytes
    digest: str
    shown: tuple[Shown, ...]
    cached: bool

    @property
    def bundle(self) -> Bundle | None:
        return decode(self.data) if self.data else None


class Reader:
    """Reads files of a project and remembers which, and what was in them."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.seen: dict[str, str | None] = {}
        self.times: dict[str, tuple[int, int]] = {}
        """Size and time of each file, taken before it was read; (-1, 0) where there was none."""

    def __call__(self, name: str) -> str | None:
        if name not in self.seen:
            try:
                status = (self.project.root / name).stat()
                self.times[name] = (status.st_size, status.st_mtime_ns)
            except OSError:
                self.times[name] = (-1, 0)
            self.seen[name] = self.project.read(name)
        return self.seen[name]

    def reads(self, *, besides: str) -> tuple[Read, ...]:
        return tuple(
            Read(name, cache.hash_text(text) if text is not None else "")
            for name, text in self.seen.items()
            if name != besides
        )


def guess_source(text: str) -> str | None:
    """The data source that a contract seems to name. Only ever used to choose what to try first."""
    found = _DATASET.search(text)
    return found[1] if found else None


def load(project: Project, name: str, dialect: str) -> Loaded:
    """From the cache, or compiled now. Raises InputError where a file cannot be read."""
    return lookup(project, name, dialect) or compiled(project, name, dialect)


def lookup(project: Project, name: str, dialect: str) -> Loaded | None:
    """What the cache has."""
    entry = cache.get(cache.key(dialect, name, project.text(name)), project.read)
    return Loaded(name, entry.bundle, entry.digest, entry.shown, cached=True) if entry is not None else None


def compiled(project: Project, name: str, dialect: str) -> Loaded:
    """Compiled now, and put into the cache."""
    key = cache.key(dialect, name, project.text(name))
    reader = Reader(project)
    return _keep(compile_now(reader, name, (dialect,)), reader, name, dialect, key)


def _keep(compilation: Compilation, reader: Reader, name: str, dialect: str, key: str) -> Loaded:
    from assay.cli.rendered import render

    shown = render(compilation.diagnostics, compilation.sources)
    program = compilation.programs.get(dialect)
    data, digest = (program.sealed.data, program.sealed.digest) if program is not None else (b"", "")
    if data:
        cache.put(key, Entry(reader.reads(besides=name), data, digest, shown))
    return Loaded(name, data, digest, shown, cached=False)


def compile_now(reader: Reader, name: str, dialects: Sequence[str]) -> Compilation:
    from assay.compiler.pipeline import compile_contract

    return compile_contract(name, reader, dialects)


# ---------------------------------------------------------------- many at once


def load_many(project: Project, names: Sequence[str], dialects: Sequence[str]) -> list[Loaded | InputError]:
    """One for each name, in order; `dialects` says which for each."""
    jobs = list(zip(names, dialects, strict=True))
    found = [_or_error(lookup, project, name, dialect) for name, dialect in jobs]
    missing = [number for number, loaded in enumerate(found) if loaded is None]
    results: Iterable[Loaded | InputError | None]
    if len(missing) < PAYS or workers() < 2:
        results = [_or_error(compiled, project, *jobs[number]) for number in missing]
    else:
        with pool() as executor:
            todo = [(project, *jobs[number]) for number in missing]
            results = list(executor.map(_compiled, todo, chunksize=chunk(len(todo))))
    for number, result in zip(missing, results, strict=True):
        found[number] = result
    return [loaded for loaded in found if loaded is not None]


def _or_error(
    do: Callable[[Project, str, str], Loaded | None], project: Project, name: str, dialect: str
) -> Loaded | InputError | None:
    try:
        return do(project, name, dialect)
    except InputError as error:
        return error


def _compiled(job: tuple[Project, str, str]) -> Loaded | InputError | None:
    return _or_error(compiled, *job)


def chunk(count: int) -> int:
    """Jobs to hand to a process at once."""
    return max(1, count // (workers() * 4))


def workers() -> int:
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:
        return os.cpu_count() or 1


def pool() -> Executor:
    """Processes that have the compiler already: they are forked after it was loaded, where forking is
    safe."""
    import multiprocessing
    import sys
    from concurrent.futures import ProcessPoolExecutor

    import assay.compiler.pipeline  # noqa: F401 - loaded here, so that the children need not

    method = "fork" if sys.platform == "linux" else "spawn"
    return ProcessPoolExecutor(workers(), mp_context=multiprocessing.get_context(method), initializer=_quiet)


def _quiet() -> None:
    """Ctrl-C is for the parent to handle. Trees of a contract live as long as its compilation, so that looking
    for garbage as often as Python does by default costs a fifth of the time and finds little."""
    import gc
    import signal

    gc.freeze()
    gc.set_threshold(100_000, 20, 100)

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
