"""The box: private namespaces that a whole cluster lives in, and that one SIGKILL ends.

Mounts, network, processes, host name and the view of cgroups are its own. What its programs write is in a tmpfs that
only it sees. A keeper outside waits for its end, however it came, and removes the cgroups and the folder that are
left. The box ends with its owner too: its first process reads a socket whose other end the owner holds.
"""

from __future__ import annotations

import array
import json
import os
import secrets
import shutil
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any

from tools.cluster.boxmounts import HIERARCHIES, WORK

ROOT = Path(__file__).parents[2]
START_TIMEOUT = 30.0
ANSWER_TIMEOUT = 60.0
END_TIMEOUT = 30.0

# $1 the folder to remove at the end, $2 the cgroups to live in, then the command. Cgroups are empty when unshare
# has ended: the kernel ends the first process of a namespace after all others.
KEEPER = """
home=$1 cgroups=$2
shift 2
(
    for each in $cgroups; do
        mkdir "$each"
        for file in cpuset.cpus cpuset.mems; do
            [ ! -e "$each/$file" ] || cat "${each%/*}/$file" >"$each/$file"
        done
        echo 0 >"$each/cgroup.procs"
    done
    exec setpriv --pdeathsig KILL unshare --mount --propagation private --cgroup --net --uts --ipc --pid --fork \
        --kill-child "$@"
)
for each in $cgroups; do
    for _ in 1 2 3 4 5 6 7 8 9 10; do
        find "$each" -depth -type d -exec rmdir {} + 2>/dev/null && break
        sleep 0.1
    done
done
rm -rf "$home"
"""


class Unavailable(Exception):
    """No cluster can be had here; the message says why and what to do."""


class BoxError(Exception):
    """Something inside the box did not work; the message has the end of its log."""


class Box:
    """A running box. `home` is a folder that both sides see: /mnt/home inside."""

    def __init__(self, *, node: bool, programs: Sequence[Path]) -> None:
        self.home = Path(tempfile.mkdtemp(prefix="assay-cluster-"))
        (self.home / "log").mkdir()
        # kept open: it can be read when the folder is gone
        self._output = tempfile.TemporaryFile()  # noqa: SIM115
        self._lock = threading.Lock()
        self._host_network = os.open("/proc/self/ns/net", os.O_RDONLY)
        self._socket, inner = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 1)
        cgroups = _cgroups(f"assay-cluster-{secrets.token_hex(4)}") if node else []
        command = [sys.executable, "-s", "-S", "-m", "tools.cluster.boxinit", str(self.home)]
        command += ["node" if node else "plain", *map(str, programs)]
        with inner:
            self._keeper = subprocess.Popen(
                ["/bin/sh", "-c", KEEPER, "keeper", str(self.home), "\n".join(map(str, cgroups)), *command],
                stdin=inner.fileno(),
                stdout=self._output,
                stderr=self._output,
                start_new_session=True,
                env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"},
            )
        try:
            self.pid = self._first_answer()
        except BaseException:
            self.stop()
            raise

    def _first_answer(self) -> int:
        """The process id of the box's first process, as it is out here: the kernel tells it beside the message.

        Raises Unavailable: a machine that denies namespaces or mounts denies them here.
        """
        self._socket.settimeout(START_TIMEOUT)
        size = struct.calcsize("3i")
        try:
            data, beside, _, _ = self._socket.recvmsg(1 << 16, socket.CMSG_SPACE(size))
        except TimeoutError:
            raise Unavailable(f"no answer from the box in {START_TIMEOUT:.0f} s {self._said()}") from None
        if not data:
            raise Unavailable(f"no namespaces of our own: {self._said()}")
        try:
            self._answer(data)
        except BoxError as error:
            raise Unavailable(f"no mounts or network of our own: {error}") from error
        pid: int = struct.unpack("3i", beside[0][2][:size])[0]
        return pid

    def _answer(self, data: bytes) -> Any:
        answer = json.loads(data)
        if "error" in answer:
            raise BoxError(f"{answer['error']}\n{self._said()}".strip())
        return answer["ok"]

    def _ask(self, request: dict[str, Any], *descriptors: int) -> Any:
        with self._lock:
            self._socket.settimeout(ANSWER_TIMEOUT)
            passed = (
                [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", descriptors))] if descriptors else []
            )
            try:
                self._socket.sendmsg([json.dumps(request).encode()], passed)
                data = self._socket.recv(1 << 16)
            except OSError as error:
                raise BoxError(f"the box is gone ({type(error).__name__})") from error
        if not data:
            raise BoxError("the box is gone")
        return self._answer(data)

    def inside(self, path: Path) -> str:
        """What a file or folder under `home` is called in the box."""
        return str(WORK / "home" / path.relative_to(self.home))

    def start(self, name: str, argv: Sequence[str]) -> None:
        """Runs a program until it ends, is signalled, or the box ends. Its output goes to log/NAME.log."""
        log = self.inside(self.home / "log" / f"{name}.log")
        self._ask({"start": name, "argv": list(argv), "log": log})

    def signal(self, name: str, number: int = signal.SIGKILL) -> int | None:
        """Sends a signal to a program and waits for its end; its exit code, None where it never ran."""
        code: int | None = self._ask({"signal": name, "number": int(number)})
        return code

    def freeze(self, name: str, number: int) -> None:
        """SIGSTOP or SIGCONT, without waiting for an end."""
        self._ask({"freeze": name, "number": int(number)})

    def ended(self, name: str) -> int | None:
        """The exit code of a program; None while it runs."""
        code: int | None = self._ask({"state": name})
        return code

    def inward(self, to: tuple[str, int], *, port: int = 0) -> int:
        """A port on this machine's 127.0.0.1 (a free one for 0) that leads to an address in the box."""
        with socket.create_server(("127.0.0.1", port), backlog=512) as listener:
            taken: int = listener.getsockname()[1]
            self._ask({"inward": f"inward-{taken}", "to": to}, listener.fileno())
        return taken

    def outward(self, at: tuple[str, int], to: tuple[str, int]) -> int:
        """A port in the box (a free one for 0) that leads to an address of this machine."""
        name = f"outward-{secrets.token_hex(4)}"
        port: int = self._ask({"outward": name, "at": at, "to": to}, self._host_network)
        return port

    def serve(self, at: tuple[str, int], to: tuple[str, int]) -> None:
        """An address in the box that leads to another one in the box."""
        self._ask({"within": f"within-{at[0]}-{at[1]}", "at": at, "to": to})

    def run(
        self, argv: Sequence[str], *, stdin: IO[bytes] | int = subprocess.DEVNULL, timeout: float = 120
    ) -> str:
        """Runs a command inside to its end; what it printed. Raises BoxError."""
        try:
            done = subprocess.run(
                [*self._enter(), *argv],
                stdin=stdin,
                capture_output=True,
                text=True,
                check=False,
                timeout=timeout,
            )
        except subprocess.TimeoutExpired:
            raise BoxError(f"{argv[0]} did not end in {timeout:.0f} s") from None
        if done.returncode != 0:
            raise BoxError(f"{' '.join(argv)}: {(done.stderr or done.stdout).strip()}")
        return done.stdout

    @contextmanager
    def pipe(self, argv: Sequence[str], *, timeout: float = 300) -> Iterator[IO[bytes]]:
        """The standard input of a command inside, which must succeed within `timeout` after it is closed."""
        with tempfile.TemporaryFile() as output:
            process = subprocess.Popen(
                [*self._enter(), *argv], stdin=subprocess.PIPE, stdout=output, stderr=output
            )
            with process:
                assert process.stdin is not None
                try:
                    with suppress(BrokenPipeError):
                        yield process.stdin
                        process.stdin.close()
                    code = process.wait(timeout)
                except BaseException:
                    process.kill()
                    raise
            output.seek(0)
            if code != 0:
                raise BoxError(f"{' '.join(argv)}: {output.read().decode('utf-8', 'replace').strip()}")

    def _enter(self) -> list[str]:
        return ["nsenter", "-t", str(self.pid), "-m", "-n", "-p", "-C", "-u", "-i", "--wd=/", "--"]

    def wait(self, names: Sequence[str], ready: Callable[[], bool], timeout: float) -> None:
        """Waits until `ready`; raises BoxError where a program ends first, or the time (seconds) is up."""
        until = time.monotonic() + timeout
        while not ready():
            for name in names:
                code = self.ended(name)
                if code is not None:
                    raise BoxError(f"{name} ended with {code} before it was ready\n{self.log(name)}")
            if time.monotonic() > until:
                logs = "\n".join(self.log(name) for name in names)
                raise BoxError(f"{names[-1]} was not ready in {timeout:.0f} s\n{logs}")
            time.sleep(0.02)

    def _said(self) -> str:
        """What the keeper and the first process had to say: nothing, where all is well."""
        self._output.seek(0)
        return self._output.read().decode("utf-8", "replace").strip()[-2000:]

    def log(self, name: str, lines: int = 20) -> str:
        """The last lines that a program wrote."""
        try:
            text = (self.home / "log" / f"{name}.log").read_text(encoding="utf-8", errors="replace")
        except OSError:
            return ""
        return "\n".join(text.splitlines()[-lines:])

    def kill(self) -> None:
        """One SIGKILL for all of it; the keeper still cleans up. `stop` waits for that."""
        with suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGKILL)

    def stop(self) -> None:
        """Ends everything and waits until nothing is left."""
        self._socket.close()
        try:
            self._keeper.wait(timeout=END_TIMEOUT)
        except subprocess.TimeoutExpired:
            os.killpg(self._keeper.pid, signal.SIGKILL)
            self._keeper.wait()
            shutil.rmtree(self.home, ignore_errors=True)
        self._output.close()
        if self._host_network >= 0:
            os.close(self._host_network)
            self._host_network = -1


def _cgroups(name: str) -> list[Path]:
    """The folder of that name in this process's own cgroup, in each hierarchy."""
    wanted = {name.removeprefix("name="): name for name in HIERARCHIES}
    found: dict[str, Path] = {}
    for line in Path("/proc/self/cgroup").read_text(encoding="utf-8").splitlines():
        _, controllers, path = line.split(":", 2)
        for controller in controllers.split(","):
            plain = controller.removeprefix("name=")
            if plain in wanted:
                found[plain] = Path("/sys/fs/cgroup", plain) / path.lstrip("/") / name
    missing = [plain for plain, folder in found.items() if not folder.parent.is_dir()]
    if set(found) != set(wanted) or missing:
        lacking = ", ".join(sorted({*(set(wanted) - set(found)), *missing}))
        raise Unavailable(f"real pods need the cgroup v1 hierarchies, mounted one by one; missing: {lacking}")
    return list(found.values())
