"""How deep a tree is, measured without recursion."""

from __future__ import annotations

from assay.compiler.tree import Node, parts

# Later stages walk trees by recursion; Python stops at 1,000 frames.
MAX_DEPTH = 128


def depth(node: object) -> int:
    deepest = 0
    todo: list[tuple[object, int]] = [(node, 1)]
    while todo:
        one, level = todo.pop()
        if isinstance(one, tuple):
            todo.extend((child, level) for child in one)
        elif isinstance(one, Node):
            deepest = max(deepest, level)
            todo.extend((part, level + 1) for _, part in parts(one))
    return deepest
