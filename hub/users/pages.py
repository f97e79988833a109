"""Lists, a page at a time. A cursor is the place behind the last row that was seen; it gives no access to
anything: the condition on the tenant stands in every statement."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from assay.hub.refusal import Refusal
from assay.protocol.user import Page
from assay.protocol.wire import ErrorCode

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Query:
    """What stands behind a path. limit: rows of a page."""

    cursor: str | None = None
    limit: int = 50
    contract: str | None = None
    state: str | None = None
    wait: float = 0.0


def cursor(after: str) -> str:
    return base64.urlsafe_b64encode(after.encode()).decode().rstrip("=")


def after(text: str | None) -> str:
    """The place behind which a page begins; empty for the first page."""
    if text is None:
        return ""
    try:
        found = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        found = "\0"
    if not found.isprintable() or not found or cursor(found) != text:
        raise Refusal(ErrorCode.INVALID, "this is no cursor of this list", parameter="cursor")
    return found


def number_after(text: str | None) -> int | None:
    """The same, where the place is a whole number."""
    found = after(text)
    if not found:
        return None
    if not found.isdecimal() or not found.isascii() or len(found) > 9:
        raise Refusal(ErrorCode.INVALID, "this is no cursor of this list", parameter="cursor")
    return int(found)


def page(
    rows: Sequence[Any], limit: int, show: Callable[[Any], T], place: Callable[[Any], object]
) -> Page[T]:
    """Of up to `limit` + 1 rows; the one too many tells that there are more."""
    shown = rows[:limit]
    more = cursor(str(place(shown[-1]))) if len(rows) > limit else None
    return Page(items=tuple(show(row) for row in shown), next=more)
