"""JSON to typed messages, by any number of threads.

msgspec reads a type's fields when the type is first used, and shows them to other threads before it has read all:
whoever decodes the same type at that moment ends the process (SIGSEGV, msgspec 0.22). So one thread at a time
makes decoders, and all use only those that are whole.
"""

from __future__ import annotations

import threading
from typing import Any, TypeVar

import msgspec

T = TypeVar("T")
_lock = threading.Lock()
_known: dict[Any, msgspec.json.Decoder[Any]] = {}


def decoder(kind: type[T]) -> msgspec.json.Decoder[T]:
    """The one decoder of this type."""
    found = _known.get(kind)
    if found is None:
        with _lock:
            found = _known[kind] = msgspec.json.Decoder(kind)
    return found


def decode(data: bytes | str, kind: type[T]) -> T:
    """Raises msgspec.DecodeError (no JSON) or its subclass msgspec.ValidationError (not such a message)."""
    return decoder(kind).decode(data)
