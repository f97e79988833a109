"""YAML as a tree that knows where everything stands: the plain part of YAML, and nothing that can surprise.

No aliases, anchors, tags, merge keys or second documents; keys are text and stand once; depth and number of
values are bounded, so a small file cannot grow into a large one. Plain scalars mean what YAML 1.2 says:
`no` is text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, TypeAlias

import yaml

from assay.compiler.diagnostics import Label, Sink
from assay.compiler.source import Source, Span

MAX_DEPTH = 16
MAX_VALUES = 10_000

_INT = re.compile(r"[-+]?(0|[1-9][0-9]{0,17})")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]{1,3})?")
_WORDS: dict[str, object] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}


@dataclass(frozen=True, slots=True)
class Scalar:
    span: Span
    value: object


@dataclass(frozen=True, slots=True)
class Sequence:
    span: Span
    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Mapping:
    """`span` is the place of the first key, or of the braces."""

    span: Span
    keys: tuple[tuple[Scalar, Node], ...]

    def get(self, name: str) -> Node | None:
        return next((node for key, node in self.keys if key.value == name), None)


Node: TypeAlias = Scalar | Sequence | Mapping


class _Stop(Exception):
    """The rest of the file makes no sense after what was reported."""


def read_yaml(source: Source, sink: Sink) -> Node | None:
    """The tree of a file, or None where it is empty or at fault."""
    try:
        return _Reader(source, sink).document()
    except _Stop:
        return None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
        at = min(mark.index, len(source.text)) if mark is not None else 0
        problem = str(getattr(error, "problem", None) or "it cannot be read").strip()
        sink.add("E603", _at(source, at), file=source.name, problem=problem)
        return None


def plain(node: Node | None) -> Any:
    """The same tree as dicts, lists and values."""
    match node:
        case Scalar():
            return node.value
        case Sequence():
            return [plain(item) for item in node.items]
        case Mapping():
            return {str(key.value): plain(value) for key, value in node.keys}
        case None:
            return None


def place(node: Node, path: str, *, key: bool = False) -> Span:
    """Where the value (or the key) that a dotted path names stands; the closest that exists."""
    return _place(node, path, key, node.span)


def _place(node: Node, path: str, key: bool, best: Span) -> Span:
    if not path:
        return best
    match node:
        case Mapping():
            for name, value in node.keys:
                text = str(name.value)
                if path == text:
                    return name.span if key or not isinstance(value, Scalar) else value.span
                if path.startswith(text + "."):
                    return _place(value, path[len(text) + 1 :], key, name.span)
        case Sequence():
            head, _, rest = path.partition(".")
            if head.isdigit() and int(head) < len(node.items):
                item = node.items[int(head)]
                return _place(item, rest, key, item.span)
        case Scalar():
            pass
    return best


def _at(source: Source, offset: int) -> Span:
    """One character, or the empty place at the end of the text."""
    return Span(source.name, offset, min(offset + 1, len(source.text)))


class _Reader:
    def __init__(self, source: Source, sink: Sink) -> None:
        self.source = source
        self.sink = sink
        loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
        self.events = loader(source.text)
        self.values = 0

    def next(self) -> Any:
        return self.events.get_event()

    def span(self, event: Any) -> Span:
        start, end = event.start_mark.index, event.end_mark.index
        return Span(self.source.name, start, max(start, end))

    def refuse(self, span: Span, what: str) -> _Stop:
        self.sink.add("E604", span, what=what)
        return _Stop()

    def document(self) -> Node | None:
        self.next()
        event = self.next()
        if isinstance(event, yaml.StreamEndEvent):
            return None
        if getattr(event, "version", None) or getattr(event, "tags", None):
            raise self.refuse(self.span(event), "a directive")
        node = self.node(self.next(), 0)
        self.next()
        event = self.next()
        if not isinstance(event, yaml.StreamEndEvent):
            raise self.refuse(self.span(event), "a second document")
        return None if isinstance(node, Scalar) and node.value is None else node

    def node(self, event: Any, depth: int) -> Node:
        span = self.span(event)
        self.values += 1
        if self.values > MAX_VALUES:
            raise self.refuse(span, f"more than {MAX_VALUES:,} values")
        if depth > MAX_DEPTH:
            raise self.refuse(span, f"nesting of more than {MAX_DEPTH} levels")
        if isinstance(event, yaml.AliasEvent):
            raise self.refuse(span, f"the alias `*{event.anchor}`")
        if event.anchor is not None:
            raise self.refuse(
                Span(span.file, span.start, span.start + 1 + len(event.anchor)),
                f"the anchor `&{event.anchor}`",
            )
        if event.tag is not None:
            raise self.refuse(Span(span.file, span.start, span.start + 1), f"the tag `{event.tag}`")
        match event:
            case yaml.ScalarEvent():
                return Scalar(span, self.value(event))
            case yaml.SequenceStartEvent():
                return self.sequence(span, depth)
            case _:
                return self.mapping(span, depth)

    def sequence(self, span: Span, depth: int) -> Sequence:
        items: list[Node] = []
        while not isinstance(event := self.next(), yaml.SequenceEndEvent):
            items.append(self.node(event, depth + 1))
        return Sequence(span, tuple(items))

    def mapping(self, span: Span, depth: int) -> Mapping:
        keys: list[tuple[Scalar, Node]] = []
        seen: dict[str, Span] = {}
        while not isinstance(event := self.next(), yaml.MappingEndEvent):
            key = self.node(event, depth + 1)
            if not isinstance(key, Scalar):
                raise self.refuse(key.span, "a key that is not text")
            name = self.source.text[key.span.start : key.span.end] if key.value is None else str(event.value)
            if name == "<<":
                raise self.refuse(key.span, "the merge key `<<`")
            if name in seen:
                self.sink.add(
                    "E606", key.span, name=name, labels=(Label(seen[name], "written here already"),)
                )
            seen.setdefault(name, key.span)
            keys.append((Scalar(key.span, name), self.node(self.next(), depth + 1)))
        return Mapping(keys[0][0].span if keys else span, tuple(keys))

    def value(self, event: Any) -> object:
        text = str(event.value)
        if not event.implicit[0]:
            return text
        if text in _WORDS:
            return _WORDS[text]
        if _INT.fullmatch(text):
            return int(text)
        if _FLOAT.fullmatch(text):
            return float(text)
        return text
