"""What goes through the pipes: one byte that says what it is, four of length, the bytes."""

from __future__ import annotations

import struct

HEAD = 5
OK, FAULT, MEMORY = 0, 1, 2
_FORM = struct.Struct(">BI")


def pack(kind: int, data: bytes) -> bytes:
    return _FORM.pack(kind, len(data)) + data


def unpack_head(data: bytes) -> tuple[int, int]:
    kind, size = _FORM.unpack(data)
    return int(kind), int(size)
