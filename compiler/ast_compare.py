"""Do two trees say the same, wherever it was written?"""

from __future__ import annotations

from dataclasses import fields, is_dataclass

from assay.compiler.source import Span


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
        elif is_dataclass(one):
            todo.extend((getattr(one, f.name), getattr(other, f.name)) for f in fields(one))
        elif one != other:
            return False
    return True
