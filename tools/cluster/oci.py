"""Container images as OCI archives: layers are plain tar files, digests depend on the content alone."""

from __future__ import annotations

import hashlib
import io
import json
import os
import platform
import tarfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

_INDEX = "application/vnd.oci.image.index.v1+json"
_MANIFEST = "application/vnd.oci.image.manifest.v1+json"
_CONFIG = "application/vnd.oci.image.config.v1+json"
_LAYER = "application/vnd.oci.image.layer.v1.tar"
_ARCHITECTURES = {"x86_64": "amd64", "aarch64": "arm64"}


@dataclass(frozen=True, slots=True)
class Item:
    """A file, a folder (`data` None, no `link`) or a link of a layer. `name` has no slash in front."""

    name: str
    data: bytes | Path | None = None
    mode: int = 0o644
    link: str | None = None


@dataclass(frozen=True, slots=True)
class Layer:
    path: Path
    digest: str


def write_layer(path: Path, items: Iterable[Item]) -> Layer:
    """A tar file with the items, sorted, owned by root, without times; missing folders are added."""
    unique = {item.name: item for item in items}
    for name in list(unique):
        for parent in Path(name).parents:
            if str(parent) != ".":
                unique.setdefault(str(parent), Item(str(parent), mode=0o755))
    part = path.with_name(f"{path.name}.{os.getpid()}")
    with tarfile.open(part, "w", format=tarfile.PAX_FORMAT) as archive:
        for name in sorted(unique):
            _add(archive, unique[name])
    part.replace(path)
    return read_layer(path)


def read_layer(path: Path) -> Layer:
    with path.open("rb") as file:
        return Layer(path, "sha256:" + hashlib.file_digest(file, "sha256").hexdigest())


def _add(archive: tarfile.TarFile, item: Item) -> None:
    entry = tarfile.TarInfo(item.name)
    entry.mode = item.mode
    if item.link is not None:
        entry.type, entry.linkname = tarfile.SYMTYPE, item.link
        archive.addfile(entry)
    elif item.data is None:
        entry.type = tarfile.DIRTYPE
        archive.addfile(entry)
    else:
        data = item.data.read_bytes() if isinstance(item.data, Path) else item.data
        entry.size = len(data)
        archive.addfile(entry, io.BytesIO(data))


class Image:
    """An image, written as an archive when it is wanted.

    reference   repository@digest, as a manifest names it
    """

    def __init__(self, repository: str, layers: Sequence[Layer], settings: Mapping[str, object]) -> None:
        self._layers = layers
        self._config = _json(
            {
                "architecture": _ARCHITECTURES.get(platform.machine(), platform.machine()),
                "os": "linux",
                "config": settings,
                "rootfs": {"type": "layers", "diff_ids": [layer.digest for layer in layers]},
            }
        )
        self._manifest = _json(
            {
                "schemaVersion": 2,
                "mediaType": _MANIFEST,
                "config": _descriptor(_CONFIG, self._config),
                "layers": [
                    {"mediaType": _LAYER, "digest": layer.digest, "size": layer.path.stat().st_size}
                    for layer in layers
                ],
            }
        )
        self.digest = _digest(self._manifest)
        self.reference = f"{repository}@{self.digest}"

    def write(self, file: IO[bytes]) -> None:
        """The archive that `ctr images import` takes; the image is known there by its reference."""
        named = {"io.containerd.image.name": self.reference}
        manifests = [{**_descriptor(_MANIFEST, self._manifest), "annotations": named}]
        index = _json({"schemaVersion": 2, "mediaType": _INDEX, "manifests": manifests})
        with tarfile.open(fileobj=file, mode="w|", format=tarfile.PAX_FORMAT) as archive:
            _add(archive, Item("oci-layout", b'{"imageLayoutVersion":"1.0.0"}'))
            _add(archive, Item("index.json", index))
            for data in (self._config, self._manifest):
                _add(archive, Item(_blob(_digest(data)), data))
            for layer in self._layers:
                _add(archive, Item(_blob(layer.digest), layer.path))


def _json(value: object) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":")).encode()


def _digest(data: bytes) -> str:
    return "sha256:" + hashlib.sha256(data).hexdigest()


def _descriptor(kind: str, data: bytes) -> dict[str, object]:
    return {"mediaType": kind, "digest": _digest(data), "size": len(data)}


def _blob(digest: str) -> str:
    return "blobs/" + digest.replace(":", "/")
