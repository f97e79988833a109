"""What a Job is told, read back: run.json, the files beside it, and the secrets that its source names."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

import msgspec

from assay.protocol.bundle import Bundle, digest
from assay.protocol.run import FORMAT, SECRET_FOLDER, SECRET_VARIABLE, RunSpec, decode, encode
from assay.protocol.source import (
    MissingValueError,
    PostgresSource,
    Source,
    WrongValueError,
    parse_sources,
    placeholders,
    resolve,
)
from assay.runner.bundles import BundleError, read_bundle
from assay.runner.exits import BAD_SPEC, FORBIDDEN, MISSING_SECRET, REJECTED, Ended

_LAST_WORDS = 30
"""Seconds that a run leaves for its report before the cluster ends it."""


@dataclass(frozen=True, slots=True)
class Work:
    """source: with its secrets filled in; it goes nowhere but to the engine. secrets: what was filled in.
    public: what others can read in any case: the bundle, and what the customer wrote down."""

    spec: RunSpec
    data: bytes
    bundle: Bundle
    source: Source
    folder: Path
    secrets: tuple[str, ...]
    public: tuple[bytes, ...]

    @property
    def seconds(self) -> float:
        """The run's own deadline: before the cluster's, so that there is a report that says so."""
        return max(self.spec.timeout - _LAST_WORDS, self.spec.timeout * 0.9)


def read_work(file: Path, secrets: Path = Path(SECRET_FOLDER)) -> Work:
    """Raises Ended."""
    spec = _spec(file)
    data = _beside(file, spec.bundle, "bundle")
    if digest(data) != spec.bundle_sha256:
        raise Ended(REJECTED, "WrongDigest", "bundle")
    try:
        bundle = read_bundle(data)
    except BundleError:
        raise Ended(REJECTED, "BadBundle", "bundle") from None
    if (spec.contract, spec.version, spec.source_name) != (bundle.contract, bundle.version, bundle.source):
        raise Ended(BAD_SPEC, "OtherBundle", "spec")
    written = _beside(file, spec.source, "source")
    source = _source(spec, written)
    if bundle.dialect != ("postgres" if isinstance(source, PostgresSource) else "duckdb"):
        raise Ended(BAD_SPEC, "OtherDialect", "source")
    values: dict[str, str] = {}
    filled = _filled(spec, source, secrets, values)
    public = (data, encode(spec), written)
    return Work(spec, data, bundle, filled, file.parent, tuple(values.values()), public)


def _spec(file: Path) -> RunSpec:
    try:
        spec = decode(file.read_bytes())
    except (OSError, ValueError, RecursionError):
        raise Ended(BAD_SPEC, "BadSpec", "spec") from None
    if spec.format != FORMAT:
        raise Ended(BAD_SPEC, "BadFormat", "spec")
    if (spec.report == "hub") is not (spec.hub is not None):
        # A run that nobody hears of is not worth the load on the data source.
        raise Ended(BAD_SPEC, "NoDelivery", "spec")
    if spec.hub is not None and spec.hub.ca:
        _beside(file, spec.hub.ca, "spec")
    if spec.timeout <= 0:
        raise Ended(BAD_SPEC, "BadSpec", "spec")
    return spec


def _beside(file: Path, name: str, stage: str) -> bytes:
    if Path(name).name != name or name == "..":
        raise Ended(BAD_SPEC, "BadPath", "spec")
    try:
        return (file.parent / name).read_bytes()
    except (OSError, ValueError):
        raise Ended(BAD_SPEC, "NoFile", stage) from None


def _source(spec: RunSpec, data: bytes) -> Source:
    try:
        document: object = msgspec.json.decode(data)
    except (ValueError, RecursionError):
        raise Ended(BAD_SPEC, "BadSource", "source") from None
    found, problems = parse_sources({spec.source_name: document})
    source = found.get(spec.source_name)
    if source is None or problems or any(name not in spec.keys for name in placeholders(source)):
        raise Ended(BAD_SPEC, "BadSource", "source")
    return source


def _filled(spec: RunSpec, source: Source, secrets: Path, values: dict[str, str]) -> Source:
    """Where the connection goes is checked last: a secret may say it. `values` gets what was filled in."""

    def lookup(name: str) -> str | None:
        value = _secret(spec, name, secrets)
        if value is not None:
            values[name] = value
        return value

    try:
        filled = resolve(source, lookup)
    except MissingValueError:
        raise Ended(MISSING_SECRET, "MissingSecret", "secrets") from None
    except WrongValueError:
        raise Ended(MISSING_SECRET, "WrongSecret", "secrets") from None
    if isinstance(filled, PostgresSource):
        if spec.hosts and filled.host.lower() not in spec.hosts:
            raise Ended(FORBIDDEN, "HostNotAllowed", "source")
        if spec.ports and int(filled.port) not in spec.ports:
            raise Ended(FORBIDDEN, "PortNotAllowed", "source")
    return filled


def _secret(spec: RunSpec, name: str, secrets: Path) -> str | None:
    """From the one place that the specification says. A line break at a file's end is the editor's."""
    if spec.secrets == "env":
        return os.environ.get(SECRET_VARIABLE + name)
    try:
        return (secrets / name).read_text(encoding="utf-8").removesuffix("\n")
    except (OSError, UnicodeDecodeError):
        return None
