"""The first process inside the box: makes its mounts and its network, then starts and stops programs when told.

Standard input is a socket: one JSON request per message (with file descriptors beside it), one JSON answer each.
When the other end is gone this process ends, and with it every process of the box.

    {"start": NAME, "argv": [...], "log": PATH}    runs a program
    {"signal": NAME, "number": 9}                  sends a signal and waits until the program is gone
    {"freeze": NAME, "number": 19}                 sends a signal, no more
    {"state": NAME}                                null while it runs, else its exit code
    {"inward": NAME, "to": [HOST, PORT]}           descriptor: a listener outside, which leads to that address here
    {"within": NAME, "at": [HOST, PORT], "to": [HOST, PORT]}
                                                   a port here leads to another one here
    {"outward": NAME, "at": [HOST, PORT], "to": [HOST, PORT]}
                                                   descriptor: a network namespace; a port here leads into it
"""

from __future__ import annotations

import json
import os
import signal
import socket
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from tools.cluster.boxmounts import enter_network, make_cgroups, make_mounts, make_network
from tools.cluster.forward import forward

END_TIMEOUT = 30.0


class Init:
    """Programs by name. Orphans of the whole box are reaped too: that is a first process's duty."""

    def __init__(self, owner: socket.socket) -> None:
        self.owner = owner
        self.running: dict[str, int] = {}
        self.ended: dict[str, int] = {}

    def serve(self) -> None:
        signal.signal(signal.SIGCHLD, lambda *_: self.reap())
        while True:
            data, descriptors, _, _ = socket.recv_fds(self.owner, 1 << 20, 8)
            if not data:
                return
            try:
                answer = {"ok": self.answer(json.loads(data), descriptors)}
            except (OSError, KeyError) as error:
                answer = {"error": f"{type(error).__name__}: {error}"}
            for descriptor in descriptors:
                os.close(descriptor)
            self.owner.send(json.dumps(answer).encode())

    def answer(self, request: dict[str, Any], descriptors: list[int]) -> object:
        match request:
            case {"start": name, "argv": argv, "log": log}:
                return self.start(name, lambda: _execute(argv, log))
            case {"signal": name, "number": number}:
                return self.signal(name, number)
            case {"freeze": name, "number": number}:
                os.kill(self.running[name], number)
                return None
            case {"state": name}:
                return None if name in self.running else self.ended.get(name)
            case {"inward": name, "to": [host, port]}:
                listener = socket.socket(fileno=os.dup(descriptors[0]))
                with listener:
                    return self.start(name, lambda: forward(listener, (host, port)))
            case {"within": name, "at": [host, port], "to": [inner_host, inner_port]}:
                with socket.create_server((host, port), backlog=512) as listener:
                    return self.start(name, lambda: forward(listener, (inner_host, inner_port)))
            case {"outward": name, "at": [host, port], "to": [outer_host, outer_port]}:
                with socket.create_server((host, port), backlog=512) as listener:

                    def serve() -> None:
                        enter_network(descriptors[0])
                        forward(listener, (outer_host, outer_port))

                    self.start(name, serve)
                    return listener.getsockname()[1]
        raise OSError("an unknown request")

    def start(self, name: str, work: Callable[[], None]) -> int:
        """The process id inside the box."""
        if name in self.running:
            raise OSError(f"{name} runs already")
        # held back: a child that ends at once must find its name
        signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGCHLD])
        try:
            pid = os.fork()
            if pid == 0:
                self._child(work)
            self.running[name] = pid
            self.ended.pop(name, None)
        finally:
            signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGCHLD])
        return pid

    def _child(self, work: Callable[[], None]) -> None:
        try:
            self.owner.close()
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            signal.pthread_sigmask(signal.SIG_SETMASK, [])
            os.setsid()
            work()
        except OSError as error:
            sys.stderr.write(f"{error}\n")
        finally:
            os._exit(126)

    def signal(self, name: str, number: int) -> int | None:
        """The exit code, None where nothing of that name ever ran."""
        pid = self.running.get(name)
        if pid is None:
            return self.ended.get(name)
        os.kill(pid, number)
        until = time.monotonic() + END_TIMEOUT
        while name in self.running:
            if time.monotonic() > until:
                raise TimeoutError(f"{name} did not end in {END_TIMEOUT:.0f} s")
            time.sleep(0.005)
        return self.ended[name]

    def reap(self) -> None:
        names = {pid: name for name, pid in self.running.items()}
        with suppress(ChildProcessError):
            while True:
                pid, status = os.waitpid(-1, os.WNOHANG)
                if pid == 0:
                    return
                if pid in names:
                    self.ended[names[pid]] = os.waitstatus_to_exitcode(status)
                    del self.running[names[pid]]


def _execute(argv: list[str], log: str) -> None:
    output = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    os.dup2(output, 1)
    os.dup2(output, 2)
    environment = {"PATH": os.environ["PATH"], "HOME": "/var/tmp", "TMPDIR": "/var/tmp"}  # noqa: S108
    # A small machine has memory to spare sooner than a processor: garbage is looked for a quarter as often.
    environment["GOGC"] = "400"
    os.execvpe(argv[0], argv, environment)  # noqa: S606


def main(home: Path, node: bool, programs: list[Path]) -> None:
    owner = socket.socket(fileno=os.dup(0))
    # no child may hold our end open: the owner would never see us go
    with Path(os.devnull).open("rb") as nothing:
        os.dup2(nothing.fileno(), 0)
    try:
        make_mounts(home, programs)
        if node:
            make_cgroups()
        make_network(node=node)
    except OSError as error:
        owner.send(json.dumps({"error": str(error)}).encode())
        return
    owner.send(json.dumps({"ok": None}).encode())
    Init(owner).serve()


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2] == "node", [Path(name) for name in sys.argv[3:]])
