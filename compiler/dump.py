"""A frozen tree as readable text: the form in which trees are kept as golden files."""

from __future__ import annotations

from decimal import Decimal
from enum import Enum

from assay.compiler.source import Span
from assay.compiler.tree import Node, parts

_WIDTH = 100


def dump(node: object, *, spans: bool = False) -> str:
    """One node per line with its fields below it; what fits stands on one line. Ends with a line end."""
    return "\n".join(_lines(node, spans)) + "\n"


def _lines(node: object, spans: bool) -> list[str]:
    flat = _flat(node, spans)
    if flat is not None and len(flat) <= _WIDTH:
        return [flat]
    if isinstance(node, tuple | list):
        return ["[", *_indented([line for item in node for line in _lines(item, spans)]), "]"]
    if isinstance(node, dict):
        below: list[str] = []
        for key, value in node.items():
            below += _labelled(repr(key), value, spans)
        return ["{", *_indented(below), "}"]
    if isinstance(node, Node):
        below = []
        for name, value in _shown(node, spans):
            below += _labelled(name, value, spans)
        return [type(node).__name__, *_indented(below)]
    return [repr(node)]


def _labelled(name: str, value: object, spans: bool) -> list[str]:
    first, *rest = _lines(value, spans)
    return [f"{name} = {first}", *rest]


def _indented(lines: list[str]) -> list[str]:
    return ["  " + line for line in lines]


def _shown(node: Node, spans: bool) -> list[tuple[str, object]]:
    """The fields that say something: no spans unless asked for, nothing that is empty or None."""
    found: list[tuple[str, object]] = []
    for name, value in parts(node):
        if value is None or value == () or value == {} or (isinstance(value, Span) and not spans):
            continue
        if _says_nothing(value):
            continue
        found.append((name, value))
    return found


def _says_nothing(value: object) -> bool:
    """A record of which nothing is set, such as the modifiers of a bare clause."""
    if not isinstance(value, Node) or isinstance(value, Span):
        return False
    return all(part in (None, ()) for _, part in parts(value)) and bool(value.__struct_fields__)


def _flat(node: object, spans: bool) -> str | None:
    match node:
        case Span():
            return f"{node.start}..{node.end}"
        case Enum() | Decimal():
            return str(node)
        case None | bool() | int() | float() | str():
            return repr(node)
        case tuple() | list():
            items = [_flat(item, spans) for item in node]
            known = [item for item in items if item is not None]
            return f"[{', '.join(known)}]" if len(known) == len(items) else None
        case dict():
            pairs = [(repr(k), _flat(v, spans)) for k, v in node.items()]
            return "{" + ", ".join(f"{k}: {v}" for k, v in pairs) + "}" if all(v for _, v in pairs) else None
        case frozenset() | set():
            return "{" + ", ".join(sorted(str(item) for item in node)) + "}"
        case Node():
            shown = [(name, _flat(value, spans)) for name, value in _shown(node, spans)]
            if any(value is None for _, value in shown):
                return None
            if len(shown) == 1:
                return f"{type(node).__name__}({shown[0][1]})"
            return f"{type(node).__name__}({', '.join(f'{name}={value}' for name, value in shown)})"
        case _:
            return repr(node)
