"""A transcript as a later hub would have it: every answer has a field more, in every object that is a message.

Clients skip it, and ask for the same. The other way round a hub refuses what it does not know: `refusals.http`.
"""

from __future__ import annotations

import json
import re
from dataclasses import replace
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

import msgspec

from assay.protocol.endpoints import BY_NAME, ENDPOINTS, PARAMETERS, Endpoint
from assay.protocol.wire import Problem, sha256
from tests.protocol.transcripts.form import Exchange, Message, Transcript

EXTRA = {"a_field_of_a_later_version": {"with": ["whatever", 1, None, True]}}


def endpoint_of(request: Message) -> Endpoint | None:
    """None where the table has no such endpoint."""
    method, _, target = request.start.partition(" ")
    path = target.partition("?")[0]
    return next(
        (one for one in ENDPOINTS if one.method == method and _pattern(one.path).fullmatch(path)), None
    )


def _pattern(path: str) -> re.Pattern[str]:
    parts = re.split(r"\{(\w+)\}", path)
    return re.compile("".join(PARAMETERS[p] if n % 2 else re.escape(p) for n, p in enumerate(parts)))


def kind_of(one: Exchange) -> Any:
    """The type of an answer's body; None where it has none, or the table does not say."""
    if not one.answer.body:
        return None
    if int(one.answer.start) >= 400:
        return Problem
    found = endpoint_of(one.request)
    return None if found is None else found.response


def later(transcript: Transcript, about: str) -> Transcript:
    exchanges = [replace(one, answer=_widened(one)) for one in transcript.exchanges]
    made = Transcript(about, transcript.keys, exchanges)
    for before, after in zip(transcript.exchanges, exchanges, strict=True):
        if endpoint_of(before.request) is BY_NAME["get_order"]:
            # A later hub takes the digest of its own bytes.
            made = _renamed(made, sha256(before.answer.body), sha256(after.answer.body))
    return made


def _widened(one: Exchange) -> Message:
    kind = kind_of(one)
    if kind is None:
        return one.answer
    tree = _with_extra(json.loads(one.answer.body), kind)
    body = json.dumps(tree, ensure_ascii=False, separators=(",", ":")).encode()
    headers = tuple(
        (name, str(len(body)) if name.lower() == "content-length" else value)
        for name, value in one.answer.headers
    )
    return Message(one.answer.start, headers, body)


def _with_extra(value: Any, kind: Any) -> Any:
    origin, parts = get_origin(kind), get_args(kind)
    if origin is Annotated:
        return _with_extra(value, parts[0])
    if origin in (Union, UnionType):
        return _with_extra(value, next(part for part in parts if part is not type(None)))
    if origin is tuple:
        return [_with_extra(item, parts[0]) for item in value]
    plain = origin or kind
    if not (isinstance(value, dict) and isinstance(plain, type) and issubclass(plain, msgspec.Struct)):
        return value
    fields = {one.encode_name: one.type for one in msgspec.structs.fields(kind)}
    return {**{name: _with_extra(item, fields[name]) for name, item in value.items()}, **EXTRA}


def _renamed(transcript: Transcript, old: str, new: str) -> Transcript:
    def message(one: Message) -> Message:
        return replace(one, body=one.body.replace(old.encode(), new.encode()))

    exchanges = [
        replace(one, request=message(one.request), answer=message(one.answer)) for one in transcript.exchanges
    ]
    return replace(transcript, exchanges=exchanges)
