"""`python -m tools.cluster build | check | up | images`, as `make cluster-build`, `cluster` and `images` run it."""

from __future__ import annotations

import argparse
import shlex
import signal
import sys
import time
from types import FrameType

from tools.cluster import images
from tools.cluster.box import ROOT, BoxError, Unavailable
from tools.cluster.build import build, kubectl, programs
from tools.cluster.cluster import Cluster, why_not


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tools.cluster", description=__doc__)
    parser.add_argument("command", choices=("build", "check", "up", "images"))
    parser.add_argument("--control-plane-only", action="store_true", help="no node and no pods")
    parser.add_argument(
        "--if-possible", action="store_true", help="where it cannot be, say why and end with 0"
    )
    given = parser.parse_args()
    try:
        match given.command:
            case "build":
                _build(only_if_of_use=given.if_possible)
            case "check":
                _check(node=not given.control_plane_only)
            case "images":
                _images()
            case _:
                _up(control_plane_only=given.control_plane_only)
    except (Unavailable, BoxError) as error:
        print(f"no cluster here: {error}", file=sys.stderr)
        return 0 if given.if_possible else 1
    return 0


def _build(*, only_if_of_use: bool) -> None:
    """Minutes of work are not spent where nothing could be started afterwards."""
    lacking = why_not(node=False) if only_if_of_use else None
    if lacking:
        raise Unavailable(lacking)
    print(build())


def _check(*, node: bool) -> None:
    lacking = why_not(node=node)
    if lacking:
        raise Unavailable(lacking)
    programs(node=node)


def _images() -> None:
    """The images of runner and agent as OCI archives, and how they get to a registry."""
    folder = ROOT / "dist"
    folder.mkdir(exist_ok=True)
    for recipe in (images.RUNNER, images.AGENT):
        made, path = images.image(recipe), folder / f"{recipe.name}.oci.tar"
        with path.open("wb") as file:
            made.write(file)
        digest = made.reference.partition("@")[2]
        print(f"{path.relative_to(ROOT)}  {path.stat().st_size >> 20} MiB  {digest}")
        print(
            f"  skopeo copy oci-archive:{path.relative_to(ROOT)} docker://registry.example.com/{recipe.name}"
        )


def _up(*, control_plane_only: bool) -> None:
    build()
    started = time.monotonic()
    signal.signal(signal.SIGTERM, _interrupt)
    with Cluster(control_plane_only=control_plane_only) as cluster:
        print(
            f"Kubernetes {cluster.api.get('/version')['gitVersion']}, ready in {time.monotonic() - started:.1f} s"
        )
        print()
        print(f"export KUBECONFIG={shlex.quote(str(cluster.kubeconfig))}")
        command = kubectl()
        if command is not None and len(command) > 1:
            print(f"alias kubectl='{shlex.join(command)}'")
        print()
        print(f"logs: {cluster.home / 'log'}")
        print("Ctrl-C ends it, and nothing is left behind.", flush=True)
        try:
            signal.pause()
        except KeyboardInterrupt:
            print()


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main())
