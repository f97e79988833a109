"""Fills a template, and proves that no value became structure. The one door to jinja2 and YAML.

Every `{{ }}` is emitted as a JSON scalar between two NULs, which neither a template nor a JSON scalar can
hold. Cut at the NULs, the output is the template's own text and the values. The text with a mark in place of
each value is the shape that the template means; the finished text must load to that shape, filled.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, fields
from functools import lru_cache
from typing import TYPE_CHECKING, Any, TypeAlias

from assay.compiler.manifests.context import Context

if TYPE_CHECKING:
    from jinja2 import Environment

Tree: TypeAlias = "dict[str, Tree] | list[Tree] | str | int | float | bool | None"

_EDGE = "\0"
# What YAML calls a line break or not printable and JSON leaves as it is.
_DELICATE = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")


class TemplateFault(RuntimeError):
    """A template that lets a value become structure: a fault of the template, whatever the value."""


@dataclass(frozen=True, slots=True)
class Rendered:
    """The YAML text, and the object that it loads to."""

    text: str
    tree: dict[str, Tree]


def render(context: Context) -> Rendered:
    values = {field.name: getattr(context, field.name) for field in fields(context)}
    return fill(_environment().get_template(context.TEMPLATE).render(values))


def fill(output: str) -> Rendered:
    """Turns a template's output, with its values between NULs, into a proven manifest."""
    parts = (output.rstrip("\n") + "\n").split(_EDGE)
    shape = _shape("".join([f'"@{n // 2}"' if n % 2 else part for n, part in enumerate(parts)]))
    values: list[Tree] = [json.loads(part) for part in parts[1::2]]
    if len(shape.marks) != len(values):
        raise TemplateFault("a template has a value that is not one whole scalar")
    events = list(shape.events)
    for n, value, part in zip(shape.marks, values, parts[1::2], strict=True):
        events[n] = (events[n][0], value, '"') if isinstance(value, str) else (events[n][0], part, None)
    text = "".join(parts)
    if events != _events(text):
        raise TemplateFault("a value became structure")
    tree = _filled(shape.tree, {f"@{n}": value for n, value in enumerate(values)})
    if not isinstance(tree, dict):
        raise TemplateFault("a manifest is one mapping")
    return Rendered(text, tree)


def scalar(value: object) -> str:
    """A text, whole number or boolean as a JSON scalar that YAML reads as the same."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, str):
        return _DELICATE.sub(lambda m: f"\\u{ord(m[0]):04x}", json.dumps(value, ensure_ascii=False))
    raise TypeError(f"a manifest cannot hold {type(value).__name__}")


@lru_cache(maxsize=1)
def _environment() -> Environment:
    from importlib.resources import files

    from jinja2 import Environment, FunctionLoader, StrictUndefined

    folder = files("assay") / "templates"
    return Environment(
        loader=FunctionLoader(lambda name: (folder / name).read_text(encoding="utf-8")),
        undefined=StrictUndefined,
        finalize=lambda value: _EDGE + scalar(value) + _EDGE,
        autoescape=False,  # noqa: S701 - not HTML: every value is a JSON scalar
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )


_Event: TypeAlias = tuple[type, str | None, str | None]
"""What matters of a YAML event: its kind, a scalar's value, and how the scalar is quoted."""


@dataclass(frozen=True, slots=True)
class _Shape:
    """A manifest with marks `"@0"`, `"@1"`, … for its values. `marks`: where these are among the events."""

    events: tuple[_Event, ...]
    marks: tuple[int, ...]
    tree: Tree


@lru_cache(maxsize=64)
def _shape(text: str) -> _Shape:
    """Manifests differ in values much more than in shape."""
    import yaml

    events = tuple(_events(text))
    marks = [n for n, event in enumerate(events) if event[2] == '"' and (event[1] or "").startswith("@")]
    if [events[n][1] for n in marks] != [f"@{n}" for n in range(len(marks))]:
        raise TemplateFault("a template has a mark of its own")
    return _Shape(events, tuple(marks), yaml.load(text, Loader=_loader()))  # noqa: S506 - a safe one


def _loader() -> Any:
    """The safe loader in C where there is one: it is many times faster than the one in Python."""
    import yaml

    return getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def _events(text: str) -> list[_Event]:
    import yaml

    parser = _loader()(text)
    scalar_event, get = yaml.ScalarEvent, parser.get_event
    found: list[_Event] = []
    try:
        while (event := get()) is not None:
            kind = type(event)
            if kind is scalar_event:
                found.append((kind, event.value, event.style or None))
            else:
                found.append((kind, None, None))
            if getattr(event, "anchor", None) is not None or getattr(event, "tag", None) is not None:
                raise TemplateFault("a manifest has no anchors and no tags")
    finally:
        parser.dispose()
    return found


def _filled(tree: Tree, values: dict[str, Tree]) -> Tree:
    match tree:
        case str():
            return values.get(tree, tree)
        case dict():
            pairs = [(str(values.get(key, key)), _filled(value, values)) for key, value in tree.items()]
            if len(found := dict(pairs)) != len(pairs):
                raise TemplateFault("a mapping has a key twice")
            return found
        case list():
            return [_filled(item, values) for item in tree]
        case _:
            return tree
