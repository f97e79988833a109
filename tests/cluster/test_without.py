"""What can be said without starting anything: what is missing, and what an image is."""

from __future__ import annotations

import io
import json
import os
import re
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

from tools.cluster import build, cluster, images
from tools.cluster.box import Box, Unavailable
from tools.cluster.oci import Image, Item, read_layer, write_layer

ROOT = Path(__file__).parents[2]


def test_a_missing_program_is_named_with_the_way_out(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("os.geteuid", lambda: 0)
    monkeypatch.setenv("PATH", str(tmp_path))
    lacking = cluster.why_not(node=True) or ""
    for word in ("unshare", "containerd", "runc", "tools/cluster/install.sh"):
        assert word in lacking
    assert "containerd" not in (cluster.why_not(node=False) or "")


def test_who_is_not_root_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    assert "root" in (cluster.why_not(node=False) or "")


def test_what_is_not_built_says_how(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("KUBEBUILDER_ASSETS", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    with pytest.raises(Unavailable, match="not built"):
        build.programs(node=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(Unavailable, match=r"needs Go 1\.26, and there is no `go`"):
        build.build()


def test_programs_of_the_environment_are_taken_where_all_are_there(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("KUBEBUILDER_ASSETS", str(tmp_path))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "empty"))
    for part in build.CONTROL_PLANE:
        (tmp_path / part).touch()
    assert build.programs(node=False) == {part: tmp_path / part for part in build.CONTROL_PLANE}
    with pytest.raises(Unavailable, match="not built"):
        build.programs(node=True)


@pytest.mark.parametrize(
    ("more", "code", "why"), [(["--if-possible"], 0, "(not installed|needs root)"), ([], 1, "needs Go")]
)
def test_make_test_goes_on_where_no_cluster_can_be(
    tmp_path: Path, more: list[str], code: int, why: str
) -> None:
    """And does not build for minutes what could not be started afterwards."""
    done = subprocess.run(
        [sys.executable, "-m", "tools.cluster", "build", *more],
        cwd=ROOT,
        env={"PATH": str(tmp_path), "XDG_CACHE_HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (code, "")
    assert re.match(f"no cluster here: .*{why}", done.stderr)


def test_programs_that_are_given_are_run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Separate programs, as `setup-envtest` and a release have them."""
    try:
        path = build.programs(node=False)["etcd"]
    except Unavailable as error:
        pytest.skip(f"Kubernetes: not run: {error}")
    lacking = cluster.why_not(node=False)
    if lacking:
        pytest.skip(f"Kubernetes: not run: {lacking}")
    for part in build.CONTROL_PLANE:
        program = tmp_path / part
        program.write_text(f'#!/bin/sh\nexec {path} {part} "$@"\n')
        program.chmod(0o755)
    monkeypatch.setenv("KUBEBUILDER_ASSETS", str(tmp_path))
    with cluster.Cluster(control_plane_only=True) as running:
        assert running.api.get("/version")["gitVersion"] == build.version()


def test_a_machine_that_denies_namespaces_is_told_apart_from_a_fault(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    program = tmp_path / "unshare"
    program.write_text("#!/bin/sh\necho 'unshare failed: Operation not permitted' >&2\nexit 1\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    with pytest.raises(Unavailable, match="unshare failed: Operation not permitted"):
        Box(node=False, programs=[])


def test_the_same_content_is_the_same_image(tmp_path: Path) -> None:
    items = [Item("usr/a", b"a"), Item("b", link="usr/a"), Item("tmp", mode=0o1777)]
    layers = [write_layer(tmp_path / name, each) for name, each in (("1", items), ("2", items[::-1]))]
    made = [Image("example.com/x", [layer], {"User": "65532"}) for layer in layers]
    assert made[0].reference == made[1].reference
    other = write_layer(tmp_path / "3", [*items, Item("c", b"")])
    assert Image("example.com/x", [other], {"User": "65532"}).reference != made[0].reference


def test_an_archive_holds_what_its_index_names(tmp_path: Path) -> None:
    layer = write_layer(tmp_path / "layer", [Item("etc/x", b"x")])
    made = Image("example.com/x", [read_layer(layer.path)], {})
    file = io.BytesIO()
    made.write(file)
    file.seek(0)
    with tarfile.open(fileobj=file) as archive:
        held = {entry.name: archive.extractfile(entry) for entry in archive.getmembers()}
    index = held["index.json"]
    assert index is not None
    (described,) = json.load(index)["manifests"]
    assert described["annotations"]["io.containerd.image.name"] == made.reference
    manifest = held["blobs/" + described["digest"].replace(":", "/")]
    assert manifest is not None
    document = json.load(manifest)
    for each in (document["config"], *document["layers"]):
        blob = held["blobs/" + each["digest"].replace(":", "/")]
        assert blob is not None
        assert len(blob.read()) == each["size"]


def test_the_runner_has_no_more_packages_than_its_extra_names() -> None:
    found = {each.metadata["Name"].lower() for each in images.distributions(images.RUNNER)}
    assert found == {"msgspec", "psycopg", "psycopg-binary", "typing_extensions", "urllib3"}


def test_the_agents_image_has_neither_a_database_driver_nor_the_hub() -> None:
    found = {each.metadata["Name"].lower() for each in images.distributions(images.AGENT)}
    assert {"kubernetes", "msgspec", "sqlglot", "lark", "jinja2", "click"} <= found
    assert not found & {"duckdb", "psycopg", "psycopg-binary", "litestar", "uvicorn", "pytest"}
    assert not {"hub", "runner", "tests"} & set(images.AGENT.folders)
