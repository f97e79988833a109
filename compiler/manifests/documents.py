"""A data source or a warehouse as it is configured, into the ConfigMap: only what may be there, and no secret."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias

import msgspec

from assay.compiler import kubernetes as k8s
from assay.compiler.access import Access, Tls
from assay.compiler.diagnostics import Sink
from assay.compiler.reading import kind_of, shown
from assay.protocol.source import PLACEHOLDER

Json: TypeAlias = "dict[str, Json] | list[Json] | str | int | float | bool | None"

# A key of a data source whose value is not for everybody; `sslrootcert` and the like are public.
_SECRET_KEY = re.compile(
    r"(?i)(^|[_.-])(pass(word|wd|phrase|code)?|pwd|secret|token|credentials?)s?$"
    r"|(api|access|private|secret|account|signing|mask)[_-]?key$|(?<=[a-z])(Password|Secret|Token)$"
)
_URL_PASSWORD = re.compile(r"://[^/?#@\s:]*:([^/?#@\s]+)@")
_DEEPEST = 16
_MOST = 4_096


@dataclass(frozen=True, slots=True)
class Whose:
    """name: of the document, for paths. title: for people. bound: its place in the profile. ca: the file beside it
    that its certificates would be in."""

    name: str
    title: str
    bound: str
    ca: str


def document_text(doc: object, access: Access, whose: Whose, hub: bool, sink: Sink) -> str | None:
    """The document as canonical JSON, or None where it holds what it must not. hub: a hub may have chosen where it
    leads, so that the hosts have to be listed."""
    reader = _Reader(access, whose, sink)
    plain = reader.plain(whose.name, doc, 0)
    if not isinstance(plain, dict):
        reader.fault("E501", whose.name, expected="a mapping", found=kind_of(doc))
    else:
        for path, value in _leaves(whose.name, plain):
            reader.leaf(path, value)
        reader.place(plain, required=hub)
        if plain.get("type") == "postgres":
            reader.protect(plain)
    return None if reader.failed else msgspec.json.encode(plain, order="deterministic").decode()


def _leaves(path: str, value: Json) -> Iterator[tuple[str, Json]]:
    match value:
        case dict():
            for key, item in value.items():
                yield from _leaves(f"{path}.{key}", item)
        case list():
            for n, item in enumerate(value):
                yield from _leaves(f"{path}.{n}", item)
        case _:
            yield path, value


@dataclass(slots=True)
class _Reader:
    """Walks one document and says what is wrong, without ever saying a value that may be secret."""

    access: Access
    whose: Whose
    sink: Sink
    failed: bool = False
    count: int = 0
    full: bool = False

    def fault(self, code: str, path: str, **facts: str) -> None:
        self.failed = True
        told = {"path": path, "whose": self.whose.title, "bound": self.whose.bound} | facts
        self.sink.add(code, None, suggestion=None, labels=(), **{k: shown(v) for k, v in told.items()})

    def plain(self, path: str, value: object, depth: int) -> Json:
        """The value as JSON has it. YAML has more: dates, keys that are numbers, references to itself."""
        self.count += 1
        if depth > _DEEPEST or self.count > _MOST:
            # Once: a document that holds itself would say it thousands of times.
            if not self.full:
                self.fault("E529", path, problem="it is too large or too deep")
            self.full = True
            return None
        match value:
            case None | bool():
                return value
            case int() if value.bit_length() < 64:
                return value
            case float() if math.isfinite(value):
                return value
            case str() if k8s.printable(value):
                return value
            case str():
                self.fault("E515", path)
            case list():
                items = enumerate(value[: _MOST + 1])
                return [self.plain(f"{path}.{n}", item, depth + 1) for n, item in items if not self.full]
            case dict():
                return self.mapping(path, value, depth)
            case int() | float():
                self.fault("E529", path, problem="the number is too large, or not a number")
            case _:
                self.fault("E529", path, problem=f"it is {kind_of(value)}")
        return None

    def mapping(self, path: str, value: Mapping[object, object], depth: int) -> Json:
        found: dict[str, Json] = {}
        for key, item in value.items():
            if self.full:
                break
            if not isinstance(key, str):
                self.fault("E529", path, problem=f"a key is {kind_of(key)}")
            elif not k8s.printable(key):
                self.fault("E515", path)
            elif "${" in key:
                self.fault("E522", path, value=key)
            else:
                found[key] = self.plain(f"{path}.{key}", item, depth + 1)
        return found

    def leaf(self, path: str, value: Json) -> None:
        text = value if isinstance(value, str) else ""
        for name in PLACEHOLDER.findall(text):
            if name not in self.access.keys:
                self.fault("E521", path, name=name)
        rest = PLACEHOLDER.sub("", text)
        key = next(part for part in reversed(path.split(".")) if not part.isdigit())
        named = _SECRET_KEY.search(key) is not None and not isinstance(value, bool | None)
        clear = rest != "" if isinstance(value, str) else named
        password = _URL_PASSWORD.search(rest)
        if "${" in rest:
            # Up to the brace only: what follows may be half of a password.
            bad = re.search(r"\$\{[A-Za-z0-9_.]{0,80}\}?", rest)
            self.fault("E522", path, value=bad[0] if bad else "${")
        elif (named and clear) or password:
            self.fault("E523", path)

    def place(self, doc: Mapping[str, Json], *, required: bool) -> None:
        """Where the connection goes. What a placeholder hides, the runner checks against the same lists."""
        host, port = doc.get("host"), doc.get("port")
        hosts, ports = self.access.hosts, self.access.ports
        if isinstance(host, str) and "${" not in host and (hosts or required) and host.lower() not in hosts:
            self.fault("E524", f"{self.whose.name}.host", value=host, what="hosts")
        if isinstance(port, int) and ports and port not in ports:
            self.fault("E524", f"{self.whose.name}.port", value=str(port), what="ports")

    def protect(self, doc: dict[str, Json]) -> None:
        """The protection of the connection, as the binding has it: filled in where the data source is silent."""
        least, asked, roots = self.access.tls, doc.get("sslmode"), doc.get("sslrootcert")
        if self.access.ca is not None:
            doc["sslrootcert"] = self.whose.ca
        elif isinstance(roots, str) and roots not in ("", "system"):
            self.fault("E531", f"{self.whose.name}.sslrootcert", value=roots)
        if least is None:
            return
        if asked in (None, ""):
            doc["sslmode"] = least.value
        elif not isinstance(asked, str) or asked not in tuple(Tls) or Tls(asked).rank < least.rank:
            self.fault("E530", f"{self.whose.name}.sslmode", value=str(asked), least=least.value)
