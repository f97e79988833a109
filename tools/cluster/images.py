"""Images of the project's programs, made without a container builder and without a download.

Three layers: the Python that runs this (as it is installed here, without its tests), the packages of some extras as
the environment has them, and the project's own wheel, of which only the named folders are taken. All of it is compiled
to bytecode that is never checked against the sources, so the first import costs no more than the hundredth.
"""

from __future__ import annotations

import functools
import hashlib
import importlib.metadata
import os
import py_compile
import re
import subprocess
import sys
import sysconfig
import tempfile
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from packaging.requirements import Requirement

from tools.cluster.box import ROOT, Unavailable
from tools.cluster.build import cache
from tools.cluster.oci import Image, Item, Layer, read_layer, write_layer

REGISTRY = "registry.assay.invalid"
USER = 65532
PYTHON = f"python{sys.version_info.major}.{sys.version_info.minor}"
LIBRARY = f"usr/local/lib/{PYTHON}"
PACKAGES = f"{LIBRARY}/site-packages"
DISTRIBUTION = "assay-contracts"
# Parts of the standard library that no program of ours can use.
LEFT_OUT = {
    "__pycache__",
    "site-packages",
    "dist-packages",
    "test",
    "tests",
    "idle_test",
    "idlelib",
    "lib2to3",
}
LEFT_OUT |= {"ensurepip", "turtledemo", "tkinter", "pydoc_data", "distutils", "turtle.py"}
PAUSE = """
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

static void end(int number) { (void)number; _exit(0); }
static void reap(int number) { (void)number; while (waitpid(-1, 0, WNOHANG) > 0) {} }

int main(void) {
    signal(SIGINT, end);
    signal(SIGTERM, end);
    signal(SIGCHLD, reap);
    for (;;) pause();
}
"""


@dataclass(frozen=True, slots=True)
class Recipe:
    """name: of the repository; folders: of the project; extras: of pyproject.toml; base: its own dependencies too;
    without: distributions that none of its modules loads; command: there is an `assay` to call."""

    name: str
    folders: tuple[str, ...]
    extras: tuple[str, ...]
    base: bool = False
    without: tuple[str, ...] = ()
    command: bool = False


RUNNER = Recipe("assay-runner", ("protocol", "client", "runner"), ("runner",))
AGENT = Recipe(
    "assay-agent",
    ("protocol", "client", "grammar", "templates", "compiler", "sandbox", "agent", "cli"),
    ("agent",),
    base=True,
    without=("duckdb",),
    command=True,
)
ENTRY = b"""#!/usr/local/bin/python3 -I
from assay.cli.main import main

main()
"""


def image(recipe: Recipe) -> Image:
    """The image of what is in the checkout now."""
    folder = cache() / "images"
    folder.mkdir(parents=True, exist_ok=True)
    layers = [_python(folder), _packages(folder, recipe), _project(folder, recipe)]
    settings = {"Env": ["PATH=/usr/local/bin", "LANG=C.UTF-8"], "User": f"{USER}:{USER}", "WorkingDir": "/"}
    return Image(f"{REGISTRY}/{recipe.name}", layers, settings)


def pause() -> Image:
    """The image of every pod's first container: it waits."""
    folder = cache() / "images"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"pause-layer-{_key(PAUSE)}.tar"
    if not path.exists():
        with tempfile.TemporaryDirectory() as place:
            source, program = Path(place, "pause.c"), Path(place, "pause")
            source.write_text(PAUSE, encoding="ascii")
            command = ["gcc", "-Os", "-static", "-s", "-o", str(program), str(source)]
            try:
                done = subprocess.run(command, capture_output=True, text=True, check=False)
            except OSError as error:
                raise Unavailable(f"the pause image needs gcc: {error}") from error
            if done.returncode != 0:
                raise Unavailable(
                    f"the pause image needs a C compiler and a static libc: {done.stderr.strip()}"
                )
            write_layer(path, [Item("pause", program, 0o755)])
    settings = {"Entrypoint": ["/pause"], "User": f"{USER}:{USER}"}
    return Image(f"{REGISTRY}/pause", [read_layer(path)], settings)


def _key(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:16]


@functools.cache
def _source() -> str:
    """What the layers are made by: another program makes other layers."""
    here = Path(__file__)
    return _key(here.read_text(encoding="utf-8"), (here.parent / "oci.py").read_text(encoding="utf-8"))


def _python(folder: Path) -> Layer:
    prefix = Path(sys.base_prefix)
    program = (prefix / "bin" / PYTHON).resolve()
    path = (
        folder / f"python-{_key(_source(), sys.version, str(program), str(program.stat().st_mtime_ns))}.tar"
    )
    if not path.exists():
        library = Path(
            sysconfig.get_path("stdlib", vars={"installed_base": str(prefix), "base": str(prefix)})
        )
        items = [
            Item(f"usr/local/bin/{PYTHON}", program, 0o755),
            Item("usr/local/bin/python3", link=PYTHON),
            # where Debian's own Python looks
            Item(f"{LIBRARY}/dist-packages", link="site-packages"),
            Item("etc/passwd", f"assay:x:{USER}:{USER}::/:/nonexistent\n".encode()),
            Item("etc/group", f"assay:x:{USER}:\n".encode()),
            Item("tmp", mode=0o1777),
            *_library(library),
            *_shared([program, *library.glob("lib-dynload/*.so")]),
        ]
        write_layer(path, items)
    return read_layer(path)


def _library(library: Path) -> Iterator[Item]:
    for place, folders, files in os.walk(library):
        folders[:] = sorted(
            name for name in folders if name not in LEFT_OUT and not name.startswith("config-")
        )
        for name in sorted(files):
            if name not in LEFT_OUT and not name.endswith(".pyc"):
                path = Path(place, name)
                yield from _compiled(f"{LIBRARY}/{path.relative_to(library)}", path.read_bytes())


def _compiled(name: str, data: bytes) -> Iterator[Item]:
    """A file, and its bytecode where it is a module that compiles."""
    yield Item(name, data, 0o755 if ".so" in name else 0o644)
    if not name.endswith(".py"):
        return
    with tempfile.NamedTemporaryFile(suffix=".py") as source, tempfile.NamedTemporaryFile() as target:
        source.write(data)
        source.flush()
        try:
            py_compile.compile(
                source.name,
                target.name,
                dfile=f"/{name}",
                doraise=True,
                invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH,
            )
        except py_compile.PyCompileError:
            return  # such as the templates of some packages
        path = Path(name)
        yield Item(
            f"{path.parent}/__pycache__/{path.stem}.{sys.implementation.cache_tag}.pyc",
            Path(target.name).read_bytes(),
        )


def _shared(programs: Iterable[Path]) -> Iterator[Item]:
    """The shared libraries that the programs load, where the loader looks for them without being told."""
    done = subprocess.run(
        ["ldd", *map(str, programs)],  # noqa: S607
        capture_output=True,
        text=True,
        check=False,
    )
    found = {Path(path) for path in re.findall(r"(?:=> |^\t)(/\S+) \(0x", done.stdout, re.MULTILINE)}
    if not found:
        raise Unavailable(f"ldd tells no libraries of {sys.executable}: {done.stderr.strip()}")
    home = next((path.parent for path in found if path.name.startswith("libc.so")), None)
    if home is not None:
        # glibc loads it by itself to end a thread, and ends the process where it is not there
        found |= {path for path in [home / "libgcc_s.so.1"] if path.exists()}
    for path in sorted(found):
        loader = path.name.startswith("ld-")
        place = path.parent if home is None or loader else home
        yield Item(f"{str(place).lstrip('/')}/{path.name}", path.resolve(), 0o755)


def _packages(folder: Path, recipe: Recipe) -> Layer:
    found = list(distributions(recipe))
    versions = [f"{each.metadata['Name']}=={each.version}" for each in found]
    path = folder / f"packages-{_key(_source(), sys.version, *versions)}.tar"
    if not path.exists():
        files = {name: file for each in found for name, file in _files(each)}
        items = [
            item
            for name, file in files.items()
            for item in _compiled(f"{PACKAGES}/{name}", file.read_bytes())
        ]
        own = {Path(name).name for name in files}
        shared = _shared([file for file in files.values() if ".so" in file.name])
        # what a package brings itself is where its own modules look for it
        write_layer(path, [*items, *(item for item in shared if Path(item.name).name not in own)])
    return read_layer(path)


def _files(distribution: importlib.metadata.Distribution) -> Iterator[tuple[str, Path]]:
    for entry in distribution.files or ():
        parts = entry.parts
        if ".." not in parts and not LEFT_OUT & set(parts) and entry.suffix not in (".pyc", ".sh", ".exe"):
            yield str(entry), Path(str(distribution.locate_file(entry)))


def distributions(recipe: Recipe) -> Iterator[importlib.metadata.Distribution]:
    """All distributions that the extras of a recipe need, as installed here, sorted by name."""
    found: dict[str, importlib.metadata.Distribution] = {}
    todo = [each for each in _requirements(DISTRIBUTION) if _asked(recipe, each)]
    seen: set[tuple[str, frozenset[str]]] = set()
    while todo:
        requirement = todo.pop()
        name = re.sub(r"[-_.]+", "-", requirement.name).lower()
        step = (name, frozenset(requirement.extras))
        if name in recipe.without or step in seen:
            continue
        seen.add(step)
        found[name] = importlib.metadata.distribution(requirement.name)
        todo += [each for each in _requirements(name) if _holds(each, {"", *requirement.extras})]
    return (found[name] for name in sorted(found))


def _asked(recipe: Recipe, requirement: Requirement) -> bool:
    """The project's own dependencies only where the recipe says so, those of its extras always."""
    always = _holds(requirement, {""})
    return recipe.base if always else _holds(requirement, set(recipe.extras))


def _holds(requirement: Requirement, extras: set[str]) -> bool:
    marker = requirement.marker
    return marker is None or any(marker.evaluate({"extra": extra}) for extra in extras)


def _requirements(name: str) -> list[Requirement]:
    return [Requirement(text) for text in importlib.metadata.requires(name) or ()]


def _project(folder: Path, recipe: Recipe) -> Layer:
    """From the project's wheel, built as a release is: by hatchling, without a download."""
    with tempfile.TemporaryDirectory(prefix="assay-wheel-") as place:
        done = subprocess.run(
            [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", place],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode != 0:
            raise Unavailable(f"the project's wheel cannot be built: {done.stderr.strip()[-2000:]}")
        (wheel,) = Path(place).glob("*.whl")
        kept = ("assay/__init__.py", "assay/py.typed", *(f"assay/{each}/" for each in recipe.folders))
        with zipfile.ZipFile(wheel) as archive:
            names = [name for name in archive.namelist() if name.startswith(kept) or ".dist-info/" in name]
            files = {name: archive.read(name) for name in names}
    made = hashlib.sha256()
    for name, data in files.items():
        made.update(f"{name} {len(data)}\n".encode() + data)
    path = folder / f"project-{_key(_source(), sys.version, str(recipe.command), made.hexdigest())}.tar"
    if not path.exists():
        items = [each for name, data in files.items() for each in _compiled(f"{PACKAGES}/{name}", data)]
        if recipe.command:
            items.append(Item("usr/local/bin/assay", ENTRY, 0o755))
        write_layer(path, items)
    return read_layer(path)
