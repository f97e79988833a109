"""Secrets that a run has read, looked for in everything that goes out.

No line of the runner puts one there. This is for the line that somebody will write: what holds a secret is not
sent, and a line of the log is cleaned.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable, Iterable, Iterator
from enum import Enum
from urllib.parse import quote, quote_plus

import msgspec

from assay.protocol import agent, delivery, report, wire

SHORTEST = 6
"""Characters. Shorter values stand in too many innocent texts, as a port does among counts."""
_SHOWN = b"[secret]"


def vocabulary() -> Iterator[bytes]:
    """The words that messages are made of: somebody's password may be one of them."""
    for module in (agent, delivery, report, wire):
        for kind in vars(module).values():
            if isinstance(kind, type) and issubclass(kind, Enum):
                yield from (str(member.value).encode() for member in kind)
            elif isinstance(kind, type) and issubclass(kind, msgspec.Struct):
                yield from (name.encode() for name in kind.__struct_fields__)


class Scrubber:
    """`public`: texts that are read by many in any case, as the contract's; a value that stands in one is none
    to hide, such as the name of a user that is also a schema's."""

    def __init__(self, public: Iterable[bytes] = ()) -> None:
        self._public = b"\n".join([*public, *vocabulary()])
        self._values: set[str] = set()
        self._pattern: re.Pattern[bytes] | None = None

    def add(self, *values: str) -> None:
        new = {value for value in values if len(value) >= SHORTEST and value.encode() not in self._public}
        if not new <= self._values:
            self._values |= new
            forms = {form for value in self._values for form in written(value)}
            # The longest first: a form may begin with another one.
            ordered = sorted(forms, key=lambda form: (-len(form), form))
            self._pattern = re.compile(b"|".join(map(re.escape, ordered)))

    def holds(self, data: bytes) -> bool:
        return self._pattern is not None and self._pattern.search(data) is not None

    def clean(self, data: bytes) -> bytes:
        return data if self._pattern is None else self._pattern.sub(_SHOWN, data)

    def __repr__(self) -> str:
        return f"Scrubber({len(self._values)})"


def written(value: str) -> Iterator[bytes]:
    """A value as it may stand in a message: plain, and escaped as for an URL, JSON, SQL, base64."""
    data = value.encode("utf-8", "surrogatepass")
    yield data
    for escaped in (quote(data, safe=""), quote(data, safe="/"), quote_plus(data)):
        yield escaped.encode()
        yield re.sub(r"%[0-9A-F]{2}", lambda found: found[0].lower(), escaped).encode()
    for escaped in (json.dumps(value)[1:-1], json.dumps(value, ensure_ascii=False)[1:-1]):
        yield escaped.encode("utf-8", "surrogatepass")
        yield escaped.replace("/", "\\/").encode("utf-8", "surrogatepass")
    yield data.replace(b"'", b"''")
    yield data.replace(b"\\", b"\\\\").replace(b"'", b"\\'")
    yield data.hex().encode()
    for encode in (base64.b64encode, base64.urlsafe_b64encode):
        for before in range(3):
            inside = _within(encode, data, before)
            if len(inside) >= SHORTEST:
                yield inside


def _within(encode: Callable[[bytes], bytes], data: bytes, before: int) -> bytes:
    """What stays the same of base64 when other bytes come before and after: without the characters that the
    neighbours have a part in."""
    text = encode(bytes(before) + data)
    whole = (before + len(data)) * 8 // 6
    return text[(before * 8 + 5) // 6 : whole]
