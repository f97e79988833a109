"""Reads values of a document that nobody vouches for: every fault is one diagnostic, and a stand-in goes on."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeVar

from assay.compiler import kubernetes as k8s
from assay.compiler.diagnostics import Sink, did_you_mean

T = TypeVar("T")


class Reader:
    """Reads values of an untrusted document: every fault is one diagnostic, and a stand-in goes on."""

    __slots__ = ("sink",)

    def __init__(self, sink: Sink) -> None:
        self.sink = sink

    def fault(self, code: str, path: str, suggestion: str | None = None, **facts: str) -> None:
        told = {"path": path} | facts
        self.sink.add(code, None, suggestion=suggestion, labels=(), **{k: shown(v) for k, v in told.items()})

    def wrong(self, path: str, expected: str, value: object) -> None:
        self.fault("E501", path, expected=expected, found=kind_of(value))

    def entries(self, path: str, doc: object) -> list[tuple[str, object]]:
        """The entries of a mapping with free keys."""
        if doc is None:
            return []
        if not isinstance(doc, dict):
            self.wrong(path, "a mapping", doc)
            return []
        found: list[tuple[str, object]] = []
        for key, value in doc.items():
            if not isinstance(key, str):
                self.wrong(f"{path}.{key}", "a key that is text", key)
            elif not key or not k8s.printable(key) or len(key) > 256:
                self.fault("E515", f"{path}.{key}")
            else:
                found.append((key, value))
        return found

    def mapping(
        self, path: str, doc: object, known: tuple[str, ...], required: tuple[str, ...] = ()
    ) -> Mapping[str, object]:
        """A mapping with the keys `known`; a key without value counts as left out."""
        if doc is not None and not isinstance(doc, dict):
            self.wrong(path, "a mapping", doc)
            return {}
        found = {key: value for key, value in (doc or {}).items() if value is not None}
        for key in doc or {}:
            if key not in known:
                listed = ", ".join(f"`{name}`" for name in known)
                self.fault("E502", path, did_you_mean(str(key)[:64], known), name=str(key), known=listed)
        for key in required:
            if key not in found:
                self.fault("E503", path, name=key)
        return found

    def sequence(
        self, path: str, value: object, item: Callable[[Reader, str, object], T | None]
    ) -> tuple[T, ...]:
        if value is None:
            return ()
        if not isinstance(value, list):
            self.wrong(path, "a list", value)
            return ()
        if len(value) > 256:
            self.fault("E513", path, value=f"{len(value)} items long", low="0", high="256")
            return ()
        read = [item(self, f"{path}.{n}", each) for n, each in enumerate(value)]
        return tuple(each for each in read if each is not None)

    def text(self, path: str, value: object) -> str | None:
        if value is None:
            return None
        if not isinstance(value, str) or not value:
            self.wrong(path, "text", value)
            return None
        if not k8s.printable(value):
            self.fault("E515", path)
            return None
        return value

    def flag(self, path: str, value: object) -> bool | None:
        if value is None or isinstance(value, bool):
            return value
        self.wrong(path, "true or false", value)
        return None

    def number(self, path: str, value: object, default: int, low: int, high: int) -> int:
        if value is None:
            return default
        if not isinstance(value, int) or isinstance(value, bool):
            self.wrong(path, "a whole number", value)
            return default
        if not low <= value <= high:
            self.fault("E513", path, value=_digits(value), low=str(low), high=str(high))
            return default
        return value

    def quantity(self, path: str, value: object, resource: str) -> str | None:
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int | float | str):
            self.wrong(path, "a quantity", value)
            return None
        text = _digits(value) if isinstance(value, int) else str(value)
        if k8s.amount(resource, text) is None:
            sample = "500m" if resource == "cpu" else "512Mi"
            self.fault("E506", path, value=text, resource=resource, sample=sample)
            return None
        return text

    def choice(self, path: str, value: object, known: tuple[str, ...]) -> str | None:
        if value is None:
            return None
        if isinstance(value, str) and value in known:
            return value
        text = value if isinstance(value, str) else kind_of(value)
        listed = ", ".join(f"`{name}`" for name in known)
        self.fault("E514", path, did_you_mean(text[:64], known), value=text, known=listed)
        return None


def _digits(value: int) -> str:
    """Python refuses to print integers of thousands of digits."""
    return str(value) if value.bit_length() < 256 else "a number of many digits"


def shown(text: str) -> str:
    """A text of the document as it may stand in a message: one line, of bounded length."""
    line = "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in text[:400])
    return line if len(text) <= 400 else line + "…"


def kind_of(value: object) -> str:
    match value:
        case None:
            return "nothing"
        case "":
            return "empty"
        case bool():
            return "true or false"
        case int() | float():
            return "a number"
        case str():
            return "text"
        case list() | tuple():
            return "a list"
        case dict():
            return "a mapping"
        case _:
            return "a date" if type(value).__name__ in ("date", "datetime") else "something else"
