"""What stands between the command line and a run: contracts compiled, each with its data source and
parameters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from assay.cli import programs
from assay.cli.problems import InputError, listed, problem
from assay.cli.programs import Loaded
from assay.cli.project import Project
from assay.protocol.bundle import Bundle

if TYPE_CHECKING:
    from assay.cli.datafiles import Given
    from assay.protocol.source import Source


@dataclass(frozen=True, slots=True)
class Ready:
    """A contract that can run. `base` is where the paths of `source` start; None where they are absolute."""

    name: str
    data: bytes
    bundle: Bundle
    source: Source
    base: Path | None


@dataclass(frozen=True, slots=True)
class Refused:
    """A contract that cannot: its diagnostics are in `loaded`, or in `error`."""

    name: str
    loaded: Loaded | None
    error: InputError | None


def prepare(project: Project, given: Sequence[Given]) -> tuple[list[Loaded], list[Ready | Refused]]:
    """Everything that compiled (for its warnings), and one entry for each contract, in order."""
    names = project.contracts
    wanted = ["duckdb" if given else first_dialect(project, name) for name in names]
    compiled: list[Loaded] = []
    pairs: list[tuple[Loaded, Bundle] | Refused] = []
    for name, loaded in zip(names, programs.load_many(project, names, wanted), strict=True):
        if isinstance(loaded, InputError):
            pairs.append(Refused(name, None, loaded))
            continue
        bundle = loaded.bundle
        if bundle is None:
            pairs.append(Refused(name, loaded, None))
            continue
        compiled.append(loaded)
        pairs.append((loaded, bundle))
    mapped: Mapping[str, Source] = {}
    bundles = [pair[1] for pair in pairs if not isinstance(pair, Refused)]
    if given and bundles:
        from assay.cli.datafiles import assign

        mapped = assign(given, bundles)
    found = [pair if isinstance(pair, Refused) else _ready(project, *pair, mapped) for pair in pairs]
    return compiled, found


def first_dialect(project: Project, name: str) -> str:
    """The dialect to try: that of the source that the contract seems to name."""
    sources = project.config.sources
    dialects = list(dict.fromkeys(dialect_of(source) for source in sources.values()))
    if len(dialects) > 1:
        try:
            source = sources.get(programs.guess_source(project.text(name)) or "")
        except InputError:
            source = None
        if source is not None:
            return dialect_of(source)
    return dialects[0] if dialects else "duckdb"


def dialect_of(source: Source) -> str:
    """The dialect that a data source speaks: its type."""
    return str(type(source).__struct_config__.tag)


def _ready(project: Project, loaded: Loaded, bundle: Bundle, mapped: Mapping[str, Source]) -> Ready | Refused:
    name = loaded.name
    local = mapped.get(bundle.file)
    source = local or project.config.sources.get(bundle.source)
    if source is None:
        return Refused(name, None, problem("E612", source=bundle.source, table=bundle.table[-1]))
    if bundle.dialect != dialect_of(source):
        try:
            loaded = programs.load(project, name, dialect_of(source))
        except InputError as error:
            return Refused(name, None, error)
        again = loaded.bundle
        if again is None:
            return Refused(name, loaded, None)
        bundle = again
    return Ready(name, loaded.data, bundle, source, None if local is not None else project.base)


# ---------------------------------------------------------------- parameters


def parameters(values: Sequence[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for text in values:
        name, equals, value = text.partition("=")
        if not equals or not name.strip():
            raise problem("E650", given=text)
        found[name.strip()] = value
    return found


def known_parameters(params: Mapping[str, str], bundles: Sequence[Bundle]) -> None:
    """Raises where a name is that of no parameter of any contract."""
    known = tuple(dict.fromkeys(name for bundle in bundles for name in own_parameters(bundle)))
    for name in params:
        if bundles and name not in known:
            from assay.compiler.diagnostics import did_you_mean

            raise problem("E651", name=name, known=listed(known), suggestion=did_you_mean(name, known))


def own_parameters(bundle: Bundle) -> tuple[str, ...]:
    return tuple(bind.name for bind in bundle.binds if bind.name not in ("now", "today"))


_SAMPLES = {
    "date": "write `2024-01-31`",
    "time": "write `12:30:00`",
    "timestamp": "write `2024-01-31T12:30:00`",
    "timestamptz": "write `2024-01-31T12:30:00Z`",
    "boolean": "write `true` or `false`",
}


def parameter_problem(bundle: Bundle, name: str, value: str | None) -> InputError:
    """Why the runner refuses a parameter."""
    kind = next((bind.type.kind for bind in bundle.binds if bind.name == name), "text")
    if value is None:
        return problem("E652", name=name, type=kind)
    return problem(
        "E653", name=name, type=kind, value=value, sample=_SAMPLES.get(kind, "write a number in its range")
    )


def instant(text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise problem("E654", value=text) from None
    if moment.tzinfo is None:
        raise problem("E654", value=text)
    return moment
