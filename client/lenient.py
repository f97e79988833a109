"""Answers of a hub that is newer than its client: what it has more to say is skipped.

Types of answers skip it by themselves. Those that are requests as well (settings, a schedule, a report) refuse what
they do not know, for a misspelling must not be ignored; inside an answer they are read here.
"""

from __future__ import annotations

from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

import msgspec

from assay.protocol.decoding import decode


def decode_answer(data: bytes, kind: Any) -> Any:
    """Raises msgspec.DecodeError, or its subclass ValidationError."""
    try:
        return decode(data, kind)
    except msgspec.ValidationError as error:
        if "unknown field" not in str(error):
            raise
    return msgspec.convert(known(msgspec.json.decode(data), kind), kind)


def known(value: Any, kind: Any) -> Any:
    """The JSON value without the fields that its type does not have."""
    origin, parts = get_origin(kind), get_args(kind)
    if origin is Annotated:
        return known(value, parts[0])
    if origin in (Union, UnionType):
        structs = [part for part in parts if part is not type(None)]
        return known(value, structs[0]) if len(structs) == 1 else value
    if isinstance(value, list):
        return [known(item, parts[0]) for item in value] if origin is tuple else value
    plain = origin or kind
    if not (isinstance(value, dict) and isinstance(plain, type) and issubclass(plain, msgspec.Struct)):
        return value
    fields = {one.encode_name: one.type for one in msgspec.structs.fields(kind)}
    return {name: known(item, fields[name]) for name, item in value.items() if name in fields}
