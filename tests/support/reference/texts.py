"""Text functions; positions count characters from 1."""

from __future__ import annotations

import re
from collections.abc import Callable
from fractions import Fraction
from string import ascii_lowercase, ascii_uppercase

from assay.protocol.report import Reason
from tests.support.reference.values import RowError, Value, to_fraction

_LOWER = str.maketrans(ascii_uppercase, ascii_lowercase)
_UPPER = str.maketrans(ascii_lowercase, ascii_uppercase)


def like(text: str, pattern: str) -> bool:
    out: list[str] = []
    at = 0
    while at < len(pattern):
        sign = pattern[at]
        if sign == "\\":
            at += 1
            out.append(re.escape(pattern[at : at + 1] or "\\"))
        else:
            out.append({"%": ".*", "_": "."}.get(sign, re.escape(sign)))
        at += 1
    return re.fullmatch("".join(out), text, re.DOTALL) is not None


def substring(text: str, start: int, count: int | None) -> str:
    """The characters at the positions start, start + 1, …; those before the first are no characters."""
    if count is None:
        return text[max(start, 1) - 1 :]
    if count < 0:
        raise RowError(Reason.DATA_ERROR)
    return text[max(start, 1) - 1 : max(start + count - 1, 0)]


def _text(value: Value) -> str:
    if isinstance(value, str):
        return value
    raise TypeError(f"no text: {value!r}")


def _whole(value: Value) -> int:
    return int(to_fraction(value))


def _replace(text: str, old: str, new: str) -> str:
    return text.replace(old, new) if old else text


def _right(text: str, count: int) -> str:
    return text[max(len(text) - count, 0) :]


FUNCTIONS: dict[str, Callable[[list[Value]], Value]] = {
    "like": lambda a: like(_text(a[0]), _text(a[1])),
    "concat": lambda a: "".join(_text(part) for part in a),
    "lower": lambda a: _text(a[0]).translate(_LOWER),
    "upper": lambda a: _text(a[0]).translate(_UPPER),
    "trim": lambda a: _text(a[0]).strip(" "),
    "ltrim": lambda a: _text(a[0]).lstrip(" "),
    "rtrim": lambda a: _text(a[0]).rstrip(" "),
    "length": lambda a: Fraction(len(_text(a[0]))),
    "substring": lambda a: substring(_text(a[0]), _whole(a[1]), _whole(a[2]) if len(a) > 2 else None),
    "left": lambda a: _text(a[0])[: _whole(a[1])],
    "right": lambda a: _right(_text(a[0]), _whole(a[1])),
    "replace": lambda a: _replace(_text(a[0]), _text(a[1]), _text(a[2])),
    "position": lambda a: Fraction(_text(a[0]).find(_text(a[1])) + 1),
    "starts_with": lambda a: _text(a[0]).startswith(_text(a[1])),
    "ends_with": lambda a: _text(a[0]).endswith(_text(a[1])),
    "contains": lambda a: _text(a[1]) in _text(a[0]),
}
