"""The process in a sandbox: `python -I -m assay.sandbox.child TARGET MEMORY CPU`. Ends with its parent's pipe."""

from __future__ import annotations

import os
import resource
import sys
from collections.abc import Callable
from importlib import import_module

from assay.sandbox.frames import FAULT, HEAD, MEMORY, OK, pack, unpack_head


def main(arguments: list[str]) -> None:
    target, memory, cpu = arguments[0], int(arguments[1]), int(arguments[2])
    source, out = os.dup(0), os.dup(1)
    nowhere = os.open(os.devnull, os.O_RDWR)
    for number in (0, 1):
        os.dup2(nowhere, number)  # What prints does not speak into the pipe.
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    serve = _function(target)
    _limit_memory(memory)
    while (head := _read(source, HEAD)) is not None:
        _, size = unpack_head(head)
        request = _read(source, size)
        if request is None:
            return
        _limit_time(cpu)
        _write(out, _answer(serve, request))


def _answer(serve: Callable[[bytes], bytes], request: bytes) -> bytes:
    try:
        return pack(OK, serve(request))
    except MemoryError:
        return pack(MEMORY, b"")
    except Exception as error:  # noqa: BLE001 - its class is all that is told
        return pack(FAULT, type(error).__name__.encode())


def _function(target: str) -> Callable[[bytes], bytes]:
    module, _, name = target.partition(":")
    found: Callable[[bytes], bytes] = getattr(import_module(module), name)
    return found


def _limit_memory(memory: int) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))


def _limit_time(seconds: int) -> None:
    """Of processor time from now on; then SIGXCPU ends the process."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    soft = int(used.ru_utime + used.ru_stime) + 1 + seconds
    if hard == resource.RLIM_INFINITY or soft <= hard:
        resource.setrlimit(resource.RLIMIT_CPU, (soft, hard))


def _read(number: int, size: int) -> bytes | None:
    """None at the end of the pipe."""
    found = bytearray()
    while len(found) < size:
        part = os.read(number, size - len(found))
        if not part:
            return None
        found += part
    return bytes(found)


def _write(number: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(number, view) :]


if __name__ == "__main__":
    main(sys.argv[1:])
