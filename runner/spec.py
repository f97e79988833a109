"""What a Job is told, read back: run.json, the files beside it, and the secrets that they name."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import msgspec

from assay.protocol import warehouse as warehouses
from assay.protocol.bundle import Bundle, digest
from assay.protocol.run import FORMAT, SECRET_FOLDER, SECRET_VARIABLE, RunSpec, decode, encode
from assay.protocol.source import PostgresSource, Source, parse_sources, placeholders, resolve
from assay.protocol.warehouse import Warehouse, WarehouseSpec
from assay.runner.bundles import BundleError, read_bundle
from assay.runner.exits import BAD_SPEC, REJECTED, Ended
from assay.runner.secrets import Secrets, check_place

_LAST_WORDS = 30
"""Seconds that a run leaves for its report before the cluster ends it."""


@dataclass(frozen=True, slots=True)
class Mounts:
    """Where the kubelet puts Secrets."""

    source: Path = Path(SECRET_FOLDER)
    warehouse: Path = Path(warehouses.SECRET_FOLDER)


@dataclass(frozen=True, slots=True)
class Work:
    """source, warehouse: with their secrets filled in; they go nowhere but to their connections. secrets: what was
    filled in. public: what others can read in any case: the bundle, and what the customer wrote down."""

    spec: RunSpec
    data: bytes
    bundle: Bundle
    source: Source
    warehouse: Warehouse | None
    folder: Path
    secrets: frozenset[str]
    public: tuple[bytes, ...]

    @property
    def seconds(self) -> float:
        """The run's own deadline: before the cluster's, so that there is a report that says so."""
        return max(self.spec.timeout - _LAST_WORDS, self.spec.timeout * 0.9)


def read_work(file: Path, mounts: Mounts = Mounts()) -> Work:
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
    secrets = Secrets(spec.secrets, SECRET_VARIABLE, mounts.source)
    filled = secrets.filled(lambda lookup: resolve(source, lookup))
    if isinstance(filled, PostgresSource):
        check_place(filled, spec.hosts, spec.ports, "source")
    public = [data, encode(spec), written]
    values = secrets.values
    kept = None
    if spec.warehouse is not None:
        text = _beside(file, spec.warehouse.file, "warehouse")
        kept, more = _warehouse(spec.warehouse, text, mounts.warehouse)
        public.append(text)
        values |= more
    return Work(spec, data, bundle, filled, kept, file.parent, frozenset(values), tuple(public))


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


def _warehouse(spec: WarehouseSpec, data: bytes, folder: Path) -> tuple[Warehouse, set[str]]:
    try:
        document: object = msgspec.json.decode(data)
    except (ValueError, RecursionError):
        raise Ended(BAD_SPEC, "BadWarehouse", "warehouse") from None
    found, problems = warehouses.parse_warehouse(document)
    if found is None or problems or any(name not in spec.keys for name in warehouses.placeholders(found)):
        raise Ended(BAD_SPEC, "BadWarehouse", "warehouse")
    warehouse = found
    secrets = Secrets(spec.secrets, warehouses.SECRET_VARIABLE, folder)
    filled = secrets.filled(lambda lookup: warehouses.resolve(warehouse, lookup))
    check_place(filled.server, spec.hosts, spec.ports, "warehouse")
    return filled, secrets.values
