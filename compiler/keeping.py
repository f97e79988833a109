"""What the customer lets be kept of failed rows, as it is written: the keys of `diagnostics`."""

from __future__ import annotations

import re
from collections.abc import Mapping

from assay.compiler.diagnostics import Sink
from assay.compiler.reading import Reader, kind_of
from assay.protocol.warehouse import MOST_ROWS, Mask, WarehousePolicy

KEYS = ("rows", "bytes", "cell", "columns", "masks", "sensitive", "days")
_PREFIX = re.compile(r"prefix ([1-9]\d?)")
_LONGEST_PREFIX = 64


def parse_policy(doc: object, sink: Sink) -> WarehousePolicy | None:
    """The policy in an already loaded mapping, or None where anything in it is wrong."""
    inner = Sink()
    policy = read_policy(Reader(inner), "diagnostics", doc if isinstance(doc, Mapping) else {})
    sink.extend(inner.items)
    return None if inner.failed else policy


def read_policy(read: Reader, path: str, item: Mapping[str, object]) -> WarehousePolicy:
    """`item` has known keys only; what it leaves out is as WarehousePolicy has it."""
    least = WarehousePolicy()
    columns = read.sequence(f"{path}.columns", item.get("columns"), lambda r, at, value: r.text(at, value))
    given = read.choice(f"{path}.sensitive", item.get("sensitive"), ("masked", "unmasked"))
    days = item.get("days")
    return WarehousePolicy(
        rows=read.number(f"{path}.rows", item.get("rows"), least.rows, 0, MOST_ROWS),
        bytes=read.number(f"{path}.bytes", item.get("bytes"), least.bytes, 0, 2**40),
        cell=read.number(f"{path}.cell", item.get("cell"), least.cell, 1, 1024 * 1024),
        columns=None if item.get("columns") is None else tuple(dict.fromkeys(columns)),
        masks=_masks(read, f"{path}.masks", item.get("masks")),
        unmask_sensitive=given == "unmasked",
        days=None if days is None else read.number(f"{path}.days", days, 1, 1, 36_500),
    )


def _masks(read: Reader, path: str, doc: object) -> dict[str, Mask]:
    found: dict[str, Mask] = {}
    for column, value in read.entries(path, doc):
        prefix = _PREFIX.fullmatch(value) if isinstance(value, str) else None
        if value == "hash":
            found[column] = Mask("hash")
        elif value == "redact":
            found[column] = Mask("redact")
        elif prefix is not None and int(prefix[1]) <= _LONGEST_PREFIX:
            found[column] = Mask("prefix", int(prefix[1]))
        else:
            text = value if isinstance(value, str) else kind_of(value)
            read.fault("E514", f"{path}.{column}", value=text, known="`hash`, `redact`, `prefix 4`")
    return found
