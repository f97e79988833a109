"""Reading finished objects: paths into untyped trees, and faults at those paths."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TypeAlias

from assay.compiler.diagnostics import Sink
from assay.compiler.reading import shown

Node: TypeAlias = Mapping[str, object]
_EMPTY: Node = {}


class At:
    """A value in an object, and the way to it. `whose` is the object, as `Job/name`."""

    __slots__ = ("_key", "_parent", "sink", "value", "whose")

    def __init__(
        self, sink: Sink, whose: str, value: object, parent: At | None = None, key: str = ""
    ) -> None:
        self.sink = sink
        self.whose = whose
        self.value = value
        self._parent = parent
        self._key = key

    @property
    def path(self) -> str:
        """Keys from the top, joined by dots. Put together only where there is a fault to tell."""
        above = self._parent.path if self._parent is not None else ""
        return f"{above}.{self._key}" if above else self._key

    def __getitem__(self, key: str) -> At:
        """What stands under a key; nothing under a key of something that is no mapping."""
        value = self.value.get(key) if isinstance(self.value, dict) else None
        return At(self.sink, self.whose, value, self, key)

    def __iter__(self) -> Iterator[At]:
        for n, item in enumerate(self.value if isinstance(self.value, list) else ()):
            yield At(self.sink, self.whose, item, self, str(n))

    @property
    def map(self) -> Node:
        return self.value if isinstance(self.value, dict) else _EMPTY

    @property
    def text(self) -> str:
        return self.value if isinstance(self.value, str) else ""

    @property
    def absent(self) -> bool:
        return self.value is None

    def fault(self, code: str, problem: str) -> None:
        self.sink.add(code, None, object=self.whose, path=shown(self.path), problem=shown(problem))

    def must(self, code: str, value: object) -> None:
        """The value, and of the same type: to Python, 1 is True."""
        if self.value != value or type(self.value) is not type(value):
            self.fault(code, f"must be {plain(value)}")

    def known(self, *keys: str) -> None:
        """A mapping with no other keys than these."""
        if self.value is not None and not isinstance(self.value, dict):
            self.fault("E549", "must be a mapping")
        for key in self.map:
            if key not in keys:
                self.fault("E549", f"`{key}` is not used by Assay")

    def listed(self) -> None:
        if not isinstance(self.value, list):
            self.fault("E549", "must be a list")

    def number(self, code: str, low: int, high: int) -> None:
        value = self.value
        if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
            self.fault(code, f"must be a whole number from {low} to {high}")


def plain(value: object) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case list():
            return "[" + ", ".join(plain(item) for item in value) + "]"
        case _:
            return str(value)
