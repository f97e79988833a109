"""The base of every node of the trees between stages.

A contract of 30 checks becomes some 2,000 nodes in each dialect: they are made, hashed and compared by msgspec
in C, several times faster than dataclasses. `gc=False`: a frozen tree has no cycle, so that the collector need
not look at it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

replace = msgspec.structs.replace


class Node(msgspec.Struct, frozen=True, gc=False, cache_hash=True):
    """Equal to a node of the same class with equal fields. Its class pattern takes the fields by position."""


def parts(node: Node) -> Iterator[tuple[str, Any]]:
    """Name and value of each field, in the order in which the class declares them."""
    return ((name, getattr(node, name)) for name in node.__struct_fields__)
