"""How deep a tree is, measured without recursion."""

from __future__ import annotations

from dataclasses import fields, is_dataclass

# Later stages walk trees by recursion; Python stops at 1,000 frames.
MAX_DEPTH = 128


def depth(node: object) -> int:
    deepest = 0
    todo: list[tuple[object, int]] = [(node, 1)]
    while todo:
        one, level = todo.pop()
        if isinstance(one, tuple):
            todo.extend((child, level) for child in one)
        elif is_dataclass(one):
            deepest = max(deepest, level)
            todo.extend((getattr(one, f.name), level + 1) for f in fields(one))
    return deepest
