"""Do two trees say the same, wherever it was written?"""

from __future__ import annotations

from assay.compiler.source import Span
from assay.compiler.tree import Node, parts


def same(a: object, b: object) -> bool:
    """Equality without spans."""
    todo = [(a, b)]
    while todo:
        one, other = todo.pop()
        if isinstance(one, Span) and isinstance(other, Span):
            continue
        if type(one) is not type(other):
            return False
        if isinstance(one, tuple) and isinstance(other, tuple):
            if len(one) != len(other):
                return False
            todo.extend(zip(one, other, strict=True))
        elif isinstance(one, Node) and isinstance(other, Node):
            todo.extend((mine, getattr(other, name)) for name, mine in parts(one))
        elif one != other:
            return False
    return True
