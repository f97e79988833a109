"""Runs a function in processes of its own, with limits: what one input can do to it stays there.

A contract is text from outside. Whatever it makes a compiler do, the hub and the agent go on: a call that
takes too much memory or time ends its process and is told as `Exceeded`. Bytes go in and come out; imports
nothing else of Assay.

child   the loop of the process itself
"""

from __future__ import annotations

import os
import queue
import selectors
import subprocess
import sys
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from types import TracebackType
from typing import IO, Literal

from assay.sandbox.frames import FAULT, HEAD, MEMORY, OK, pack, unpack_head

_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Limits:
    """Of one call.

    memory   bytes of address space that the process may have, all in all
    cpu      seconds of processor time
    wall     seconds until the process is ended, whatever it waits for
    answer   bytes of an answer
    """

    memory: int = 512 << 20
    cpu: int = 10
    wall: float = 60.0
    answer: int = 16 << 20


class Exceeded(Exception):
    """A call did not come to its end: what it had too little of, or that its process died."""

    def __init__(self, what: Literal["memory", "time", "answer", "death"]) -> None:
        super().__init__(what)
        self.what = what


class Fault(Exception):
    """The function raised. kind: the exception's class; its words may hold the input and stay in the process."""

    def __init__(self, kind: str) -> None:
        super().__init__(kind)
        self.kind = kind


class Sandbox:
    """Processes that serve one function, each one call at a time.

    target   `package.module:function`, which takes bytes and gives bytes; imported in the process alone
    calls    after which a process makes room for a new one, so that nothing can pile up in it

    Processes start when they are first needed, or by `warm`. Calls may come from any thread; a call waits
    while all processes are busy.
    """

    def __init__(
        self, target: str, limits: Limits | None = None, *, processes: int = 1, calls: int = 2_000
    ) -> None:
        self._target = target
        self._limits = limits or Limits()
        self._calls = calls
        self._idle: queue.LifoQueue[_Process | None] = queue.LifoQueue()
        self._lock = threading.Lock()
        self._living: set[_Process] = set()
        self._closed = False
        for _ in range(processes):
            self._idle.put(None)

    def warm(self) -> None:
        """Starts a process ahead of the first call, without waiting for it."""
        process = self._take()
        self._idle.put(process)

    def call(self, request: bytes) -> bytes:
        """Raises Exceeded, or Fault where the function raised."""
        process = self._take()
        fresh = process.served == 0
        try:
            return self._call(process, request)
        except Exceeded as error:
            if fresh or error.what not in ("memory", "death"):
                raise
        # Its memory may have been full of the calls before: a call is blamed only where it was alone.
        return self._call(self._take(), request)

    def pids(self) -> tuple[int, ...]:
        with self._lock:
            return tuple(process.pid for process in self._living)

    def close(self) -> None:
        """Ends all processes, also those in a call."""
        with self._lock:
            self._closed = True
            living = tuple(self._living)
        for process in living:
            process.stop()
        idle: list[_Process | None] = []
        with suppress(queue.Empty):
            while True:
                idle.append(self._idle.get_nowait())
        for unused in idle:
            if unused is not None:
                unused.kill()
            self._idle.put(None)

    def __enter__(self) -> Sandbox:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _take(self) -> _Process:
        process = self._idle.get()
        if process is not None and process.alive():
            return process
        if process is not None:
            self._gone(process)
        try:
            process = _Process(self._target, self._limits)
        except BaseException:
            self._idle.put(None)
            raise
        with self._lock:
            closed = self._closed
            if not closed:
                self._living.add(process)
        if closed:
            process.kill()
            self._idle.put(None)
            raise Exceeded("death")
        return process

    def _call(self, process: _Process, request: bytes) -> bytes:
        keep = False
        try:
            answer = process.call(request)
            keep = process.served < self._calls
            return answer
        except Fault:
            keep = True
            raise
        finally:
            if keep:
                self._idle.put(process)
            else:
                process.kill()
                self._gone(process)
                self._idle.put(None)

    def _gone(self, process: _Process) -> None:
        with self._lock:
            self._living.discard(process)


class _Process:
    """One process. Its environment is empty: what the parent knows by variables is not the function's."""

    def __init__(self, target: str, limits: Limits) -> None:
        self._limits = limits
        self.served = 0
        command = [
            sys.executable,
            "-I",
            "-m",
            "assay.sandbox.child",
            target,
            str(limits.memory),
            str(limits.cpu),
        ]
        self._popen = subprocess.Popen(  # noqa: S603 - our own interpreter and module
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={"LC_ALL": "C.UTF-8"},
            cwd="/",
            bufsize=0,
        )
        self.pid = self._popen.pid
        self._in = _pipe(self._popen.stdin)
        self._out = _pipe(self._popen.stdout)
        for end in (self._in, self._out):
            os.set_blocking(end.fileno(), False)

    def alive(self) -> bool:
        return self._popen.poll() is None

    def stop(self) -> None:
        """Its pipes stay open for the thread that waits for an answer: to close them would take their end from it."""
        self._popen.kill()
        self._popen.wait()

    def kill(self) -> None:
        self.stop()
        for end in (self._in, self._out):
            end.close()

    def call(self, request: bytes) -> bytes:
        deadline = time.monotonic() + self._limits.wall
        self.served += 1
        try:
            self._write(pack(OK, request), deadline)
            kind, size = unpack_head(self._read(HEAD, deadline))
            if size > self._limits.answer:
                raise Exceeded("answer")
            answer = self._read(size, deadline)
        except (BrokenPipeError, EOFError, ValueError):
            raise Exceeded(self._why()) from None
        if kind == MEMORY:
            raise Exceeded("memory")
        if kind == FAULT:
            raise Fault(answer.decode("utf-8", "replace"))
        return answer

    def _why(self) -> Literal["time", "death"]:
        """What a process died of: the signal of the processor's time limit, or something else."""
        try:
            status = self._popen.wait(timeout=5)
        except subprocess.TimeoutExpired:
            return "death"
        import signal

        return "time" if status == -signal.SIGXCPU else "death"

    def _write(self, data: bytes, deadline: float) -> None:
        view = memoryview(data)
        while view:
            self._ready(self._in, selectors.EVENT_WRITE, deadline)
            view = view[os.write(self._in.fileno(), view[:_CHUNK]) :]

    def _read(self, size: int, deadline: float) -> bytes:
        found = bytearray()
        while len(found) < size:
            self._ready(self._out, selectors.EVENT_READ, deadline)
            part = os.read(self._out.fileno(), min(_CHUNK, size - len(found)))
            if not part:
                raise EOFError
            found += part
        return bytes(found)

    def _ready(self, end: IO[bytes], event: int, deadline: float) -> None:
        with selectors.DefaultSelector() as selector:
            selector.register(end, event)
            if not selector.select(max(0.0, deadline - time.monotonic())):
                raise Exceeded("time")


def _pipe(end: IO[bytes] | None) -> IO[bytes]:
    if end is None:
        raise RuntimeError("a process without pipes")
    return end
