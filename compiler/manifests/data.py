"""What goes into the ConfigMap: the data source as configured, and run.json. Neither may hold a secret."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias

import msgspec

from assay.compiler import kubernetes as k8s
from assay.compiler.diagnostics import Sink, did_you_mean
from assay.compiler.profile import Binding, Hub, Profile, Tls, kind_of, shown
from assay.protocol import run
from assay.protocol.bundle import Bundle
from assay.protocol.source import PLACEHOLDER

LIMIT = 900 * 1024
"""Bytes of a ConfigMap as JSON. The API server takes 1 MiB; other tools add annotations of their own."""
FILES = ("bundle.json", "source.json", "run.json")
SOURCE_CA = "source-ca.pem"
"""The root certificates of the binding, beside the others where it has some."""
HUB_CA = "hub-ca.pem"


@dataclass(frozen=True, slots=True)
class Instruction:
    """What the hub asked for, as far as the objects of its attempt say it.

    deadline   seconds that the Job may take
    job_token  the pod's token for the hub is in a Secret of the Job's name, made by the agent; False: it is the
               cluster's own
    """

    id: str
    attempt: int
    fence: int
    deadline: int
    job_token: bool = False


Json: TypeAlias = "dict[str, Json] | list[Json] | str | int | float | bool | None"

# A key of a data source whose value is not for everybody; `sslrootcert` and the like are public.
_SECRET_KEY = re.compile(
    r"(?i)(^|[_.-])(pass(word|wd|phrase|code)?|pwd|secret|token|credentials?)s?$"
    r"|(api|access|private|secret|account|signing)[_-]?key$|(?<=[a-z])(Password|Secret|Token)$"
)
_URL_PASSWORD = re.compile(r"://[^/?#@\s:]*:([^/?#@\s]+)@")
_DEEPEST = 16
_MOST = 4_096


def source_text(doc: object, binding: Binding, profile: Profile, sink: Sink) -> str | None:
    """The data source as canonical JSON, or None where it holds what it must not."""
    reader = _Source(binding, sink)
    plain = reader.plain("source", doc, 0)
    if not isinstance(plain, dict):
        reader.fault("E501", "source", expected="a mapping", found=kind_of(doc))
    else:
        for path, value in _leaves("source", plain):
            reader.leaf(path, value)
        reader.place(plain, required=profile.hub is not None)
        if plain.get("type") == "postgres":
            reader.protect(plain)
    return None if reader.failed else msgspec.json.encode(plain, order="deterministic").decode()


def run_spec(
    bundle: Bundle,
    digest: str,
    params: Mapping[str, str],
    binding: Binding,
    profile: Profile,
    sink: Sink,
    instruction: Instruction | None = None,
) -> run.RunSpec | None:
    """What run.json says, or None where the parameters are not those of the contract."""
    declared = {b.name: b for b in bundle.binds if b.name not in ("now", "today")}
    wrong = False
    for name, value in params.items():
        if name not in declared:
            known = ", ".join(f"`{n}`" for n in declared) or "none"
            near = did_you_mean(name[:64], tuple(declared))
            sink.add("E527", None, suggestion=near, name=shown(name), known=known)
            wrong = True
        elif not k8s.printable(value):
            sink.add("E515", None, path=shown(f"params.{name}"))
            wrong = True
    for name, bind in declared.items():
        if bind.default is None and name not in params:
            sink.add("E528", None, name=shown(name))
            wrong = True
    if wrong:
        return None
    return run.RunSpec(
        format=run.FORMAT,
        contract=bundle.contract,
        version=bundle.version,
        bundle=FILES[0],
        bundle_sha256=digest,
        source=FILES[1],
        source_name=binding.source,
        params=dict(params),
        secrets=binding.mode.value,
        keys=binding.keys,
        hosts=binding.hosts,
        ports=binding.ports,
        timeout=timeout(profile, instruction),
        report="stdout" if instruction is None else "hub",
        hub=_hub(profile.hub, instruction),
    )


def _hub(hub: Hub | None, instruction: Instruction | None) -> run.HubSpec | None:
    if hub is None or instruction is None:
        return None
    return run.HubSpec(
        url=hub.url,
        instruction=instruction.id,
        attempt=instruction.attempt,
        fence=instruction.fence,
        ca="" if hub.ca is None else HUB_CA,
        cleartext=hub.cleartext,
        proxy=hub.proxy,
    )


def timeout(profile: Profile, instruction: Instruction | None) -> int:
    """Seconds that a Job may take: the customer's limit, and the hub's where it is less."""
    return profile.timeout if instruction is None else min(profile.timeout, instruction.deadline)


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
class _Source:
    """Walks one data source and says what is wrong, without ever saying a value that may be secret."""

    binding: Binding
    sink: Sink
    failed: bool = False
    count: int = 0
    full: bool = False

    def fault(self, code: str, path: str, **facts: str) -> None:
        self.failed = True
        told = {"path": path, "source": self.binding.source} | facts
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
            if name not in self.binding.keys:
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
        hosts, ports = self.binding.hosts, self.binding.ports
        if isinstance(host, str) and "${" not in host and (hosts or required) and host.lower() not in hosts:
            self.fault("E524", "source.host", value=host, what="hosts")
        if isinstance(port, int) and ports and port not in ports:
            self.fault("E524", "source.port", value=str(port), what="ports")

    def protect(self, doc: dict[str, Json]) -> None:
        """The protection of the connection, as the binding has it: filled in where the data source is silent."""
        least, asked, roots = self.binding.tls, doc.get("sslmode"), doc.get("sslrootcert")
        if self.binding.ca is not None:
            doc["sslrootcert"] = SOURCE_CA
        elif isinstance(roots, str) and roots not in ("", "system"):
            self.fault("E531", "source.sslrootcert", value=roots)
        if least is None:
            return
        if asked in (None, ""):
            doc["sslmode"] = least.value
        elif not isinstance(asked, str) or asked not in tuple(Tls) or Tls(asked).rank < least.rank:
            self.fault("E530", "source.sslmode", value=str(asked), least=least.value)
