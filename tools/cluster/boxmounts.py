"""What the box's first process makes before anything runs: mounts, cgroups, addresses. Standard library only."""

from __future__ import annotations

import ctypes
import os
import socket
import subprocess
from pathlib import Path

NODE_ADDRESS = "10.244.0.1"
API_ADDRESS = "10.96.0.1"
WORK = Path("/mnt")
"""Everything that the box's programs write is in one tmpfs here, and is gone with it."""
PROGRAMS = WORK / "programs"

HIERARCHIES = ("cpu", "cpuacct", "cpuset", "memory", "devices", "freezer", "blkio", "pids", "name=systemd")
# What the kubelet wants to find, and would otherwise set for the whole machine.
SYSCTLS = {"vm/overcommit_memory": "1", "kernel/panic": "10", "kernel/panic_on_oops": "1"}

_MS_BIND = 4096
_MNT_DETACH = 2
_libc = ctypes.CDLL(None, use_errno=True)


def _mount(kind: str, target: Path | str, options: str = "") -> None:
    _call("mount", kind.encode(), os.fsencode(target), kind.encode(), 0, options.encode())


def _bind(source: Path | str, target: Path) -> None:
    _call("mount", os.fsencode(source), os.fsencode(target), None, _MS_BIND, None)


def _call(function: str, *arguments: object) -> None:
    if getattr(_libc, function)(*arguments) != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{function}: {os.strerror(number)}", str(arguments))


def enter_network(descriptor: int) -> None:
    """From here on this process makes its sockets in that network namespace."""
    _call("setns", descriptor, 0x40000000)  # CLONE_NEWNET


def make_mounts(home: Path, programs: list[Path]) -> None:
    """`home` becomes /mnt/home, and each program /mnt/programs/NAME."""
    _mount("proc", "/proc")
    # opened first: any of them may be under a folder that is covered below
    sources = {WORK / "home": home, **{PROGRAMS / path.name: path for path in programs}}
    opened = {target: os.open(path, os.O_PATH) for target, path in sources.items()}
    _mount("tmpfs", WORK, "mode=755,size=80%")
    PROGRAMS.mkdir()
    for target, descriptor in opened.items():
        if sources[target] == home:
            target.mkdir()
        else:
            target.touch()
        _bind(f"/proc/self/fd/{descriptor}", target)
        os.close(descriptor)
    for name in ("run", "var"):
        (WORK / name).mkdir()
        _bind(WORK / name, Path("/", name))
    for folder in ("lib/kubelet", "lib/cni", "log/pods", "tmp"):
        Path("/var", folder).mkdir(parents=True)
    for name, value in SYSCTLS.items():
        source = WORK / name.replace("/", "-")
        source.write_text(value + "\n", encoding="ascii")
        _bind(source, Path("/proc/sys", name))


def make_cgroups() -> None:
    """Each hierarchy again, as seen from the box's own cgroup namespace."""
    for place in sorted(_mounted_under("/sys"), key=len, reverse=True):
        _call("umount2", place.encode(), _MNT_DETACH)
    _mount("sysfs", "/sys")
    _mount("tmpfs", "/sys/fs/cgroup", "mode=755")
    for hierarchy in HIERARCHIES:
        folder = Path("/sys/fs/cgroup", hierarchy.removeprefix("name="))
        folder.mkdir()
        _mount("cgroup", folder, f"none,{hierarchy}" if "=" in hierarchy else hierarchy)


def _mounted_under(folder: str) -> list[str]:
    lines = Path("/proc/self/mounts").read_text(encoding="utf-8").splitlines()
    return [place for place in (line.split()[1] for line in lines) if f"{place}/".startswith(f"{folder}/")]


def make_network(*, node: bool) -> None:
    socket.sethostname("localhost")
    _ip("link", "set", "lo", "up")
    _ip("address", "add", f"{API_ADDRESS}/32", "dev", "lo")
    if node:
        # a node's address may not be loopback; the pods' bridge is where it belongs
        _ip("link", "add", "cni0", "type", "bridge")
        _ip("address", "add", f"{NODE_ADDRESS}/24", "dev", "cni0")
        _ip("link", "set", "cni0", "up")
    else:
        _ip("address", "add", f"{NODE_ADDRESS}/32", "dev", "lo")


def _ip(*arguments: str) -> None:
    done = subprocess.run(
        ["ip", *arguments],  # noqa: S607
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise OSError(f"ip {' '.join(arguments)}: {done.stderr.strip()}")
