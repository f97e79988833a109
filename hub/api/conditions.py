"""Entity tags: a strong one names the bytes of an answer, and begins with the revision that a change asks for.

    "7-3f1c2a9b04d85e61"     revision 7, and the digest of the body

If-None-Match compares all of it: equal is 304. If-Match compares the revision: what a schedule's next fire time
does to the bytes is no change that anybody could overwrite.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping

from assay.hub.refusal import Refusal
from assay.hub.users.preconditions import Precondition
from assay.protocol.wire import ErrorCode

_TAG = re.compile(r'(?:W/)?"([!\x23-\x7e\x80-\xff]*)"')
_LIST = re.compile(r'\s*(?:(?:W/)?"[!\x23-\x7e\x80-\xff]*"\s*(?:,\s*|$))+')
_OWN = re.compile(r"([0-9]{1,9})-[0-9a-f]{16}")
LONGEST = 2_000


def tag(revision: int, body: bytes) -> str:
    return f'"{revision}-{hashlib.sha256(body).hexdigest()[:16]}"'


def precondition(given: Mapping[bytes, bytes]) -> Precondition:
    match, none = given.get(b"if-match"), given.get(b"if-none-match")
    if none is not None and none.strip() != b"*":
        raise Refusal(
            ErrorCode.MALFORMED, "a change takes If-None-Match with `*` only", parameter="If-None-Match"
        )
    if match is None:
        return Precondition(new=none is not None)
    if match.strip() == b"*":
        return Precondition(any=True, new=none is not None)
    own = (_OWN.fullmatch(text) for text in _tags(match, "If-Match", weak=False))
    return Precondition(frozenset(int(found[1]) for found in own if found), new=none is not None)


def unchanged(given: Mapping[bytes, bytes], current: str) -> bool:
    """Whether If-None-Match names the current tag, or any."""
    none = given.get(b"if-none-match")
    if none is None:
        return False
    if none.strip() == b"*":
        return True
    return current.strip('"') in _tags(none, "If-None-Match", weak=True)


def _tags(value: bytes, name: str, *, weak: bool) -> list[str]:
    """The tags of a list, without their quotes. A weak one counts where weak comparison is meant."""
    text = value.decode("latin-1")
    if len(text) > LONGEST or not _LIST.fullmatch(text):
        raise Refusal(ErrorCode.MALFORMED, "the header has not the form that it should", parameter=name)
    return [found[1] for found in _TAG.finditer(text) if weak or not found[0].startswith("W/")]
