"""assay.yml: data sources, the deployment profile, where failed rows are kept; a place for every fault.

contracts: [contracts]          # files or folders; without it all *.contract files beside and under it
sources: {shop: {type: duckdb, folder: data}}
warehouse: {type: postgres, host: …}                        # without it the file at diagnostics.store
deployment: {namespace: assay-runs, image: …}
diagnostics: {store: .assay/rows.duckdb, rows: 1000, masks: {email: hash}}
"""

from __future__ import annotations

import re
from collections.abc import Mapping as Map
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

import msgspec

from assay.cli import cache
from assay.cli.files import read_text
from assay.cli.problems import InputError, listed

if TYPE_CHECKING:
    from assay.compiler.diagnostics import Sink
    from assay.compiler.profile import Profile
    from assay.protocol.source import Problem, Source
    from assay.protocol.warehouse import Warehouse, WarehousePolicy

NAME = "assay.yml"
LIMIT = 256 * 1024
KEYS = ("contracts", "sources", "warehouse", "deployment", "diagnostics")
STORE = ".assay/rows.duckdb"

_CODES = {
    "unknown_key": "E605",
    "missing_key": "E610",
    "wrong_value": "E607",
    "unknown_type": "E611",
    "literal_secret": "E614",
    "placeholder": "E613",
    "outside_folder": "E615",
}


@dataclass(frozen=True, slots=True)
class Config:
    """What assay.yml says. `contracts` is empty where it does not choose; `store` is relative to the root.
    `policy`: what runs on this machine keep of failed rows; None: the defaults."""

    contracts: tuple[str, ...] = ()
    sources: Map[str, Source] = field(default_factory=dict)
    profile: Profile | None = None
    store: str = STORE
    warehouse: Warehouse | None = None
    policy: WarehousePolicy | None = None


def find(start: Path) -> Path | None:
    """The folder with an assay.yml, from `start` upward to the root of the repository or of the system."""
    for folder in (start, *start.parents):
        if (folder / NAME).is_file():
            return folder
        if (folder / ".git").exists():
            return None
    return None


def load(file: Path, *, shown: str = NAME, profile: bool = False) -> Config:
    """Raises InputError with every fault that there is. A file that was found right is not parsed twice,
    unless its `profile` is wanted: what the other keys say is in the cache. `shown` names it in messages."""
    text = read_text(file, shown, LIMIT)
    if text is None:
        return Config()
    base = cache.folder()
    path = base / "configs" / cache.hash_text(cache.toolchain() + text) if base is not None else None
    if path is not None and not profile:
        kept = _kept(path)
        if kept is not None:
            return kept
    config = parse(text, shown)
    if path is not None:
        _keep(path, config)
    return config


class Kept(msgspec.Struct, array_like=True):
    """A configuration in the cache. Placeholders stand as they are: no secret is in it. What has a type of
    its own is JSON, and empty where it is not there."""

    contracts: tuple[str, ...]
    sources: bytes
    store: str
    warehouse: bytes
    policy: bytes


def _kept(path: Path) -> Config | None:
    from assay.protocol.source import DuckdbSource, PostgresSource

    kept = cache.load_struct(path, Kept)
    if kept is None:
        return None
    sources = msgspec.json.decode(kept.sources, type=dict[str, DuckdbSource | PostgresSource])
    if not kept.warehouse and not kept.policy:
        return Config(kept.contracts, sources, None, kept.store)
    from assay.protocol.warehouse import Warehouse, WarehousePolicy

    warehouse = msgspec.json.decode(kept.warehouse, type=Warehouse) if kept.warehouse else None
    policy = msgspec.json.decode(kept.policy, type=WarehousePolicy) if kept.policy else None
    return Config(kept.contracts, sources, None, kept.store, warehouse, policy)


def _keep(path: Path, config: Config) -> None:
    sources, warehouse, policy = (
        b"" if value is None else msgspec.json.encode(value)
        for value in (config.sources, config.warehouse, config.policy)
    )
    cache.save_struct(path, Kept(config.contracts, sources, config.store, warehouse, policy))


def parse(text: str, shown: str = NAME) -> Config:
    from assay.cli.yamltree import Mapping, read_yaml
    from assay.compiler.diagnostics import Sink
    from assay.compiler.source import Source as Text

    sink = Sink()
    source = Text(shown, text)
    tree = read_yaml(source, sink)
    config = Config()
    if isinstance(tree, Mapping):
        config = _Reader(tree, sink, shown).config()
    elif tree is not None:
        message = f"{shown} is a mapping of " + listed(KEYS)
        sink.add(
            "E607",
            tree.span,
            message=message,
            label="not a mapping",
            advice="see `assay init` for a first one",
        )
    if sink.failed:
        raise InputError(sink.items, {shown: Text(shown, _masked(text, sink))})
    return config


def _masked(text: str, sink: Sink) -> str:
    """The text as it may be shown: a password that stands in it is as long, but not there."""
    for item in sink.items:
        if item.code == "E614" and item.span is not None:
            start, end = item.span.start, item.span.end
            text = text[:start] + "*" * (end - start) + text[end:]
    return text


class _Reader:
    def __init__(self, tree: Any, sink: Sink, shown: str) -> None:
        self.tree = tree
        self.sink = sink
        self.shown = shown

    def config(self) -> Config:
        from assay.cli.yamltree import plain

        doc = plain(self.tree)
        self.known("", doc, KEYS)
        diagnostics = doc.get("diagnostics")
        config = Config(
            contracts=self.contracts(doc.get("contracts")),
            store=self.store(diagnostics),
            policy=self.policy(diagnostics),
        )
        if doc.get("warehouse") is not None:
            config = replace(config, warehouse=self.warehouse(doc["warehouse"]))
        if doc.get("sources") is not None:
            config = replace(config, sources=self.sources(doc["sources"]))
        if doc.get("deployment") is not None:
            config = replace(config, profile=self.profile(doc["deployment"]))
        return config

    def fault(
        self, code: str, path: str, message: str, advice: str, *, key: bool = False, label: str = ""
    ) -> None:
        from assay.cli.yamltree import place

        span = place(self.tree, path, key=key)
        self.sink.add(code, span, message=message, advice=advice, label=label)

    def known(self, path: str, doc: Map[str, object], names: tuple[str, ...]) -> None:
        from assay.compiler.diagnostics import did_you_mean

        for key in doc:
            if key not in names:
                near = did_you_mean(key, names)
                advice = f"did you mean `{near}`?" if near else "the keys here are " + listed(names)
                name = f"{path}.{key}".lstrip(".")
                self.fault("E605", name, f"{self.shown} has no `{name}`", advice, key=True)

    def contracts(self, value: object) -> tuple[str, ...]:
        if value is None:
            return ()
        items = [value] if isinstance(value, str) else value
        if not isinstance(items, list) or not all(isinstance(item, str) and item for item in items):
            advice = "write a list, such as `[contracts, shop/orders.contract]`"
            self.fault(
                "E607",
                "contracts",
                "`contracts` is a list of files and folders",
                advice,
                label="not a list of names",
            )
            return ()
        for number, item in enumerate(items):
            path = f"contracts.{number}" if isinstance(value, list) else "contracts"
            self.inside(path, item)
        return tuple(items)

    def inside(self, path: str, name: str) -> None:
        if name.startswith(("/", "\\", "~")) or ".." in PurePosixPath(name).parts or ":" in name:
            advice = f"name something beside or under {self.shown}"
            self.fault("E615", path, f"`{name}` leads out of the folder of {self.shown}", advice)

    def store(self, doc: object) -> str:
        if doc is None:
            return STORE
        if not isinstance(doc, dict):
            self.fault(
                "E607",
                "diagnostics",
                "`diagnostics` is a mapping",
                "write `store: FILE` under it",
                label="not a mapping",
            )
            return STORE
        from assay.compiler.keeping import KEYS as KEPT

        self.known("diagnostics", doc, ("store", *KEPT))
        store = doc.get("store", STORE)
        if not isinstance(store, str) or not store.endswith(".duckdb"):
            message = "`store` is the file that failed rows are kept in"
            self.fault(
                "E607",
                "diagnostics.store",
                message,
                f"write a file, such as `{STORE}`",
                label="not a DuckDB file",
            )
            return STORE
        self.inside("diagnostics.store", store)
        return store

    def policy(self, doc: object) -> WarehousePolicy | None:
        from assay.compiler.diagnostics import Sink
        from assay.compiler.keeping import KEYS as KEPT
        from assay.compiler.keeping import parse_policy

        own = {key: value for key, value in doc.items() if key in KEPT} if isinstance(doc, dict) else {}
        if not own:
            return None
        inner = Sink()
        policy = parse_policy(own, inner)
        self.placed(inner, "")
        return policy

    def warehouse(self, doc: object) -> Warehouse | None:
        from assay.protocol.warehouse import parse_warehouse

        found, problems = parse_warehouse(doc)
        self.problems(problems, "")
        return found

    def sources(self, doc: object) -> Map[str, Source]:
        from assay.protocol.source import parse_sources

        found, problems = parse_sources(doc)
        self.problems(problems, "sources.")
        return found

    def problems(self, items: list[Problem], under: str) -> None:
        told: set[str] = set()
        for item in sorted(items, key=lambda item: item.fault == "wrong_value"):
            # What is wrong with a placeholder's place is not wrong with its value, too.
            if item.path not in told or item.fault != "wrong_value":
                self.problem(item, item.path if item.path == "sources" else under + item.path)
            told.add(item.path)

    def problem(self, item: Problem, path: str) -> None:
        on_key = item.fault in ("unknown_key", "missing_key")
        self.fault(
            _CODES[item.fault], path, _plain(item), item.help, key=on_key, label="not a value for this key"
        )

    def profile(self, doc: object) -> Profile | None:
        from assay.compiler.diagnostics import Sink
        from assay.compiler.profile import parse_profile

        inner = Sink()
        profile = parse_profile(doc, inner)
        self.placed(inner, "deployment")
        return profile

    def placed(self, inner: Sink, under: str) -> None:
        """Diagnostics of a part, at their places in the whole."""
        from assay.cli.yamltree import place

        for item in inner.items:
            where = item.facts.get("path", "")
            tail = item.facts.get("name", "") if item.code == "E502" else ""
            path = ".".join(part for part in (under, "" if where == "profile" else where, tail) if part)
            span = place(self.tree, path, key=item.code in ("E502", "E503"))
            self.sink.add(item.code, span, suggestion=item.suggestion, labels=item.labels, **item.facts)


_KINDS = {
    "int": "a whole number",
    "str": "text",
    "bool": "true or false",
    "float": "a number",
    "object": "a mapping",
    "array": "a list",
    "null": "nothing",
}
_EXPECTED = re.compile(r"expected `([a-z| ]+)`, got `([a-z]+)`")


def _plain(item: Problem) -> str:
    """The message, without names of types that only programmers have."""
    found = _EXPECTED.fullmatch(item.message)
    if found is None:
        return item.message
    wanted = " or ".join(_KINDS.get(word.strip(), word.strip()) for word in found[1].split("|"))
    return f"`{item.path.rpartition('.')[2]}` takes {wanted}, not {_KINDS.get(found[2], found[2])}"


def relative(root: Path, path: Path) -> str | None:
    """The name of a file in the project, with `/`; None where it lies outside."""
    try:
        return path.relative_to(root).as_posix()
    except ValueError:
        return None
