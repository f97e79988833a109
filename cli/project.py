"""Which contracts are meant, where their project begins, and its files, of which none outside it is read."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from assay.cli import config as configuration
from assay.cli.config import Config, relative
from assay.cli.files import read_text
from assay.cli.problems import problem, reason

ENDING = ".contract"
_SKIPPED = frozenset({"node_modules", "__pycache__", "venv"})


@dataclass(frozen=True, slots=True)
class Project:
    """`root` is the folder of assay.yml; without one, the current folder or the one that holds the
    contracts. `file` is the configuration that counts: assay.yml, or the one that `--config` names."""

    root: Path
    config: Config
    contracts: tuple[str, ...]
    file: Path

    @property
    def base(self) -> Path:
        """Where the paths in the configuration start."""
        return self.file.parent

    def read(self, name: str) -> str | None:
        """The text of a file of the project; None where there is none."""
        path = self.root / name
        if not path.exists():
            return None
        if not path.resolve().is_relative_to(self.root):
            raise problem("E609", file=name, root=str(self.root))
        return read_text(path, name)

    def text(self, name: str) -> str:
        """The text of a contract that has to be there."""
        text = self.read(name)
        if text is None:
            raise problem("E630", file=name, suggestion=_near(self.root / name))
        return text

    @property
    def store(self) -> Path:
        return self.base / self.config.store


def settings(folder: Path, other: str | None = None) -> tuple[Config, Path]:
    """The configuration of the project that a folder belongs to, and where its paths start."""
    root = (configuration.find(folder) or folder).resolve()
    file = _other(other) if other is not None else root / configuration.NAME
    return configuration.load(file, shown=other or configuration.NAME), file.parent


def open_project(
    arguments: Sequence[str], *, config: bool = True, profile: bool = False, other: str | None = None
) -> Project:
    """The project of the contracts named, or of the current folder. A folder stands for its contracts.
    `other` is a configuration to take in place of assay.yml; contracts stay where they are."""
    here = Path.cwd().resolve()
    paths = [Path(argument) for argument in arguments]
    for argument, path in zip(arguments, paths, strict=True):
        try:
            there = path.exists()
        except (OSError, ValueError) as error:
            why = reason(error) if isinstance(error, OSError) else "it is no name of a file"
            raise problem("E601", file=argument, reason=why) from None
        if not there:
            raise problem("E630", file=argument, suggestion=_near(path))
    folders = [(path if path.is_dir() else path.parent).resolve() for path in paths]
    root = configuration.find(folders[0] if folders else here)
    file = _other(other) if other is not None else None
    if file is not None:
        loaded = configuration.load(file, shown=other or "", profile=profile)
    else:
        loaded = (
            configuration.load(root / configuration.NAME, profile=profile) if root and config else Config()
        )
    if root is None:
        root = here if all(f.is_relative_to(here) for f in folders) else Path(os.path.commonpath(folders))
    root = root.resolve()
    file = file or root / configuration.NAME
    if not paths:
        return Project(root, loaded, _of_project(root, loaded, file), file)
    names: dict[str, None] = {}
    for argument, path in zip(arguments, paths, strict=True):
        if path.is_dir():
            names.update(dict.fromkeys(_in_folder(root, path)))
            continue
        name = relative(root, Path(os.path.realpath(path.parent)) / path.name)
        if name is None:
            raise problem("E609", file=argument, root=str(root))
        names[name] = None
    return Project(root, loaded, tuple(names), file)


def _other(given: str) -> Path:
    """The configuration that was named: it has to be there."""
    file = Path(given)
    if file.is_dir():
        raise problem("E601", file=given, reason="it is a folder")
    if not file.exists():
        raise problem("E636", file=given)
    return file.resolve()


def _of_project(root: Path, config: Config, file: Path) -> tuple[str, ...]:
    """The contracts that the configuration chooses; those of assay.yml where another does not say."""
    base, chosen = file.parent, config.contracts
    if not chosen and file != root / configuration.NAME:
        base, chosen = root, configuration.load(root / configuration.NAME).contracts
    names: dict[str, None] = {}
    for item in chosen or (".",):
        path = base / item
        if path.is_dir():
            names.update(dict.fromkeys(_in_folder(root, path, empty=item != ".")))
        elif path.exists():
            name = relative(root, path)
            if name is None:
                raise problem("E609", file=item, root=str(root))
            names[name] = None
        else:
            raise problem("E630", file=item, suggestion=_near(path))
    if not names:
        raise problem("E631", root=str(root))
    return tuple(names)


def _in_folder(root: Path, folder: Path, *, empty: bool = False) -> list[str]:
    """Contracts in a folder and below, in order; hidden folders and environments are left out."""
    found: list[str] = []
    for path, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith(".") and name not in _SKIPPED)
        for file in sorted(files):
            if file.endswith(ENDING):
                name = relative(root, Path(os.path.realpath(path)) / file)
                if name is None:
                    raise problem("E609", file=file, root=str(root))
                found.append(name)
    if not found and not empty:
        raise problem("E631", root=str(folder))
    return found


def _near(path: Path) -> str | None:
    """A contract beside `path` with nearly its name."""
    from assay.compiler.diagnostics import did_you_mean

    try:
        names = [entry.name for entry in os.scandir(path.parent) if entry.name.endswith(ENDING)]
    except OSError:
        return None
    return did_you_mean(path.name, names)
