"""The programs of the cluster: built once from `kube/` with Go, or those of KUBEBUILDER_ASSETS.

The result is kept in a cache folder outside of the checkout, under a name made of what it was built from.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from tools.cluster.box import Unavailable

SOURCE = Path(__file__).parent / "kube"
FILES = ("go.mod", "go.sum", "main.go")
CONTROL_PLANE = ("etcd", "kube-apiserver", "kube-controller-manager", "kube-scheduler")
ALL = (*CONTROL_PLANE, "kubelet")
BUILD_COMMAND = "make cluster-build"
# A Go 1.27 builds an API server with broken OpenAPI documents.
GO = (1, 26)
REPORT_SECONDS = 10.0


def cache() -> Path:
    """Where what takes long to make is kept: XDG_CACHE_HOME, or ~/.cache."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "assay" / "cluster"


def built() -> Path:
    """Where the program is, once it is built."""
    made = hashlib.sha256()
    for name in FILES:
        data = (SOURCE / name).read_bytes()
        made.update(f"{name} {len(data)}\n".encode() + data)
    return cache() / made.hexdigest()[:16] / "kube"


def version() -> str:
    """Kubernetes' version, such as v1.36.3."""
    found = re.search(r"k8s\.io/kubernetes (v[\d.]+)", (SOURCE / "go.mod").read_text(encoding="utf-8"))
    if found is None:
        raise ValueError("go.mod names no version of k8s.io/kubernetes")
    return found[1]


def programs(*, node: bool) -> dict[str, Path]:
    """The file of each part; one file may be many parts. Raises Unavailable."""
    parts = ALL if node else CONTROL_PLANE
    assets = os.environ.get("KUBEBUILDER_ASSETS")
    if assets:
        given = {part: Path(assets, part) for part in parts}
        if all(path.is_file() for path in given.values()):
            return given
    path = built()
    if not path.exists():
        raise Unavailable(
            f"Kubernetes is not built yet; {_go() or f'`{BUILD_COMMAND}` does it, in 6 to 15 minutes'}"
        )
    return dict.fromkeys(parts, path)


def kubectl() -> list[str] | None:
    """The command, where there is one: it is a part of our build."""
    path = built()
    if path.exists():
        return [str(path), "kubectl"]
    found = shutil.which("kubectl")
    return None if found is None else [found]


def build() -> Path:
    """Builds it where it is not there yet, and shows how far it is. Raises Unavailable."""
    path = built()
    if path.exists():
        return path
    lacking = _go()
    if lacking:
        raise Unavailable(lacking)
    path.parent.mkdir(parents=True, exist_ok=True)
    with _alone(path.parent / "lock"):
        if not path.exists():
            _compile(path)
    return path


def _go() -> str | None:
    """Why Go cannot build it here; None where it can."""
    where = shutil.which("go")
    if where is None:
        return f"building it needs Go {GO[0]}.{GO[1]}, and there is no `go`"
    told = subprocess.run(
        [where, "env", "GOVERSION"], capture_output=True, text=True, check=False, timeout=30
    )
    found = re.match(r"go(\d+)\.(\d+)", told.stdout)
    if found is None or (int(found[1]), int(found[2])) != GO:
        return f"building it needs Go {GO[0]}.{GO[1]}; `go` is {told.stdout.strip() or 'of no known version'}"
    return None


@contextmanager
def _alone(lock: Path) -> Iterator[None]:
    with lock.open("w") as held:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            _say("another process builds it: waiting")
            fcntl.flock(held, fcntl.LOCK_EX)
        yield


def _compile(path: Path) -> None:
    environment = {**os.environ, "GOTOOLCHAIN": "local", "GOWORK": "off"}
    _say(f"Kubernetes {version()}: fetching what is not here yet")
    listed = subprocess.run(
        ["go", "list", "-deps", "."],  # noqa: S607 - whichever Go the developer has
        cwd=SOURCE,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if listed.returncode != 0:
        raise Unavailable(f"its sources cannot be fetched:\n{_last(listed.stderr.splitlines())}")
    packages = len(listed.stdout.splitlines())
    _say(f"compiling {packages:,} packages; what is cached already goes quickly")
    made = path.with_name(f"kube.{os.getpid()}")
    number = version()
    _, minor = re.findall(r"\d+", number)[:2]
    stamps: Mapping[str, str] = {
        "k8s.io/component-base/version.gitVersion": number,
        "k8s.io/component-base/version.gitMajor": "1",
        "k8s.io/component-base/version.gitMinor": minor,
        "k8s.io/client-go/pkg/version.gitVersion": number,
    }
    flags = " ".join(["-s", "-w", *(f"-X {name}={value}" for name, value in stamps.items())])
    try:
        _go_build(
            ["go", "build", "-v", "-mod=readonly", "-trimpath", "-ldflags", flags, "-o", str(made), "."],
            environment,
            packages,
        )
        made.rename(path)
    finally:
        made.unlink(missing_ok=True)


def _go_build(command: list[str], environment: Mapping[str, str], packages: int) -> None:
    """Runs Go, counting the packages that it names. Raises Unavailable with its last lines."""
    started = shown = time.monotonic()
    lines: list[str] = []
    with subprocess.Popen(
        command, cwd=SOURCE, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        for line in process.stdout or ():
            lines.append(line.rstrip())
            if time.monotonic() - shown >= REPORT_SECONDS:
                shown = time.monotonic()
                _say(f"{len(lines):,} of {packages:,} packages, {shown - started:.0f} s")
    if process.returncode != 0:
        raise Unavailable(f"`{' '.join(command[:2])}` failed:\n{_last(lines)}")
    _say(f"built in {time.monotonic() - started:.0f} s")


def _last(lines: list[str]) -> str:
    return "\n".join(lines[-15:])


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)
