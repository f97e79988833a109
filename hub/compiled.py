"""What goes into the compiler's process and what comes out. Apart from it, so that the hub itself has no compiler."""

from __future__ import annotations

import msgspec

from assay.protocol.user import CheckSummary
from assay.protocol.wire import Found


class Order(msgspec.Struct, frozen=True):
    root: str
    files: dict[str, str]


class Compiled(msgspec.Struct, frozen=True):
    """contract to params: empty where it compiles to no dialect. found: the diagnostics by dialect; dialects:
    those to which it compiles. params: the parameters that a run may give; required: those that it must."""

    found: dict[str, tuple[Found, ...]]
    dialects: tuple[str, ...] = ()
    contract: str = ""
    version: str = ""
    source: str = ""
    checks: tuple[CheckSummary, ...] = ()
    params: tuple[str, ...] = ()
    required: tuple[str, ...] = ()
