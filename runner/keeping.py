"""What of a failed row is kept: columns, masks and caps, of the contract and of the customer, the stricter each.

Applied here, before a row goes to any store. What leaves the network never passes here.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import assert_never

import msgspec

from assay.protocol.bundle import Bundle, CaptureSpec, CheckSpec, Fragment, Query
from assay.protocol.warehouse import Mask, WarehousePolicy, stricter
from assay.runner.engines.port import Cell
from assay.runner.groups import Group
from assay.runner.judge import measures_in
from assay.runner.store import StoredGroup
from assay.runner.values import shown
from assay.runner.warehouses.cells import cell_text

CUT = " …[cut]"
"""Ends a text of which the rest was not kept."""
REDACTED = "[redacted]"
_REST = "…"
_TEXTUAL = ("VARCHAR", "BLOB", "JSON")
_FIXED = 8
_BATCH_BYTES = 1024 * 1024
_BATCH_ROWS = 1000
_FETCH_CELLS = 4 * 1024 * 1024

_Columns = Sequence[tuple[str, str]]
_Batch = list[tuple[Cell, ...]]


@dataclass(frozen=True, slots=True)
class Keeping:
    """key: of the mask `hash`."""

    bundle: Bundle
    policy: WarehousePolicy
    key: bytes = field(repr=False)

    @property
    def days(self) -> int | None:
        return min((days for days in (self.bundle.keep_days, self.policy.days) if days), default=None)

    def allowed(self, column: Fragment) -> bool:
        return self.policy.columns is None or all(name in self.policy.columns for name in column.columns)

    def limited(self, capture: CaptureSpec) -> CaptureSpec:
        return msgspec.structs.replace(capture, keep=min(capture.keep, self.policy.rows))

    def fetched(self, columns: int) -> int:
        """Rows to fetch at a time, so that the longest cells of as many columns fit into memory."""
        return max(1, min(_BATCH_ROWS, _FETCH_CELLS // (max(1, columns) * self.policy.cell)))

    def mask(self, column: str) -> Mask | None:
        """Names are compared without regard to upper and lower case: an engine may read both."""
        found: Mask | None = None
        name = column.casefold()
        for given, mask in self.policy.masks.items():
            if given.casefold() == name:
                found = stricter(found, mask)
        for spec in self.bundle.columns:
            if spec.name.casefold() == name:
                found = stricter(found, spec.mask)
                if spec.sensitive and found is None and not self.policy.unmask_sensitive:
                    found = Mask("redact")
        return found

    # -- rows

    def guarded(self, columns: _Columns, batches: Iterator[_Batch]) -> tuple[_Columns, Iterator[_Batch]]:
        """The columns and rows as they may be kept. Ends early where the cap of bytes is reached."""
        work: dict[int, Callable[[Cell], str]] = {}
        for place, (name, type_) in enumerate(columns):
            mask = self.mask(name)
            if mask is not None:
                work[place] = self._masked(mask)
            elif type_ in _TEXTUAL or type_.endswith("]") or "(" in type_.removeprefix("DECIMAL("):
                work[place] = self._cut
        kept = [(name, "VARCHAR" if place in work else type_) for place, (name, type_) in enumerate(columns)]
        return kept, self._capped(work, len(columns), batches)

    def _capped(
        self, work: dict[int, Callable[[Cell], str]], width: int, batches: Iterator[_Batch]
    ) -> Iterator[_Batch]:
        fixed = _FIXED * (width - len(work))
        left = self.policy.bytes
        ready: _Batch = []
        size = 0
        for batch in batches:
            for row in batch:
                cells = list(row)
                taken = fixed
                for place, change in work.items():
                    if (cell := cells[place]) is not None:
                        text = cells[place] = change(cell)
                        taken += len(text) if text.isascii() else len(text.encode(errors="replace"))
                left -= taken
                if left < 0:
                    if ready:
                        yield ready
                    return
                size += taken
                ready.append(tuple(cells))
                if len(ready) >= _BATCH_ROWS or size >= _BATCH_BYTES:
                    yield ready
                    ready, size = [], 0
        if ready:
            yield ready

    def _cut(self, cell: Cell) -> str:
        most = self.policy.cell
        if type(cell) is str and len(cell) <= most:
            return cell
        if isinstance(cell, bytes | bytearray | memoryview):
            return bytes(cell[:most]).hex() + (CUT if len(cell) > most else "")
        text = cell_text(cell) or ""
        return text if len(text) <= most else text[:most] + CUT

    def _masked(self, mask: Mask) -> Callable[[Cell], str]:
        match mask.kind:
            case "redact":
                return lambda _: REDACTED
            case "hash":
                return self._hashed
            case "prefix":
                return lambda cell: _prefix(cell_text(cell) or "", mask.characters)
            case _:
                assert_never(mask.kind)

    def _hashed(self, cell: Cell) -> str:
        text = (cell_text(cell) or "").encode("utf-8", "surrogatepass")
        return hmac.digest(self.key, text, "sha256").hex()[:32]

    # -- groups

    def groups(self, check: CheckSpec, query: Query, groups: Sequence[Group]) -> list[StoredGroup]:
        """Keys are cells. So can a value be that is withheld: it goes where a column that it may come from is
        masked, or may not be kept."""
        changes = [self._key(key) for key in query.keys]
        used = {*measures_in(check)}
        sources = {*check.columns, *(c for m in query.measures if m.name in used for c in m.columns)}
        hidden = check.withheld and any(self._restricted(name) for name in sources)
        kept = []
        for group in groups:
            value = group.judged.value
            text = value if isinstance(value, str) else shown(value, "number")
            keys = tuple(change(key) for change, key in zip(changes, group.keys, strict=True))
            kept.append(
                StoredGroup(keys, group.judged.outcome.value, None if hidden else text, group.judged.failed)
            )
        return kept

    def _restricted(self, column: str) -> bool:
        listed = self.policy.columns is None or column in self.policy.columns
        return not listed or self.mask(column) is not None

    def _key(self, key: Fragment) -> Callable[[str], str]:
        found: Mask | None = None if self.allowed(key) else Mask("redact")
        for name in key.columns:
            found = stricter(found, self.mask(name))
        return self._cut if found is None else self._masked(found)


def _prefix(text: str, characters: int) -> str:
    """Never more than half: a short value would be shown whole."""
    return text[: min(characters, len(text) // 2)] + _REST
