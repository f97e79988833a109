"""A request before anything is done with it: headers, query and body, each with its limits and its refusal."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable, Mapping
from typing import Any
from urllib.parse import parse_qsl

import msgspec

from assay.hub.refusal import Refusal
from assay.protocol.decoding import decode
from assay.protocol.endpoints import QUERY, Endpoint
from assay.protocol.wire import MAX_DEPTH, ErrorCode

Receive = Callable[[], Awaitable[Any]]
BODY_TIMEOUT = 30.0
"""Seconds that a body may take to arrive."""
LONGEST_QUERY = 8_000
_SINGLE = frozenset(
    (b"authorization", b"content-type", b"content-length", b"content-encoding", b"idempotency-key",
     b"if-match", b"if-none-match", b"host")
)  # fmt: skip
_JSON_TYPE = re.compile(rb'application/json(?:[ \t]*;[ \t]*charset[ \t]*=[ \t]*"?utf-8"?)?', re.IGNORECASE)
_ACCEPTS = re.compile(
    rb"(?:^|,)[ \t]*(?:\*/\*|application/(?:\*|json|problem\+json))[ \t]*(?:[;,]|$)", re.IGNORECASE
)


class Disconnected(Exception):
    """The client went away before its request was whole: there is nobody to answer."""


def headers(pairs: list[tuple[bytes, bytes]]) -> dict[bytes, bytes]:
    """By name, in small letters. One that may stand once only is refused where it stands twice."""
    found = dict(pairs)
    if len(found) != len(pairs):
        seen: set[bytes] = set()
        for name, _ in pairs:
            if name in seen and name in _SINGLE:
                raise Refusal(ErrorCode.MALFORMED, "a header stands there twice", parameter=name.decode())
            seen.add(name)
    return found


def accepts_json(given: Mapping[bytes, bytes]) -> None:
    accept = given.get(b"accept")
    if accept is not None and not _ACCEPTS.search(accept):
        raise Refusal(ErrorCode.NOT_ACCEPTABLE, "accept application/json", parameter="Accept")


def header_text(given: Mapping[bytes, bytes], name: str, form: re.Pattern[str]) -> str | None:
    """A header's value of a known form; None where there is none."""
    value = given.get(name.lower().encode())
    if value is None:
        return None
    text = value.decode("latin-1").strip()
    if not form.fullmatch(text):
        raise Refusal(ErrorCode.MALFORMED, "the header has not the form that it should", parameter=name)
    return text


# ---------------------------------------------------------------- query


def query(endpoint: Endpoint, raw: bytes) -> dict[str, Any]:
    """The typed values of the parameters that the endpoint takes."""
    if not raw:
        return {}
    if len(raw) > LONGEST_QUERY:
        raise Refusal(ErrorCode.TOO_LARGE, f"a query may have {LONGEST_QUERY:,} bytes")
    try:
        pairs = parse_qsl(
            raw.decode("ascii"),
            keep_blank_values=True,
            strict_parsing=True,
            errors="strict",
            max_num_fields=20,
        )
    except ValueError:
        raise Refusal(ErrorCode.MALFORMED, "the query cannot be read") from None
    values: dict[str, Any] = {}
    for name, text in pairs:
        if name not in endpoint.query:
            known = ", ".join(endpoint.query) or "none"
            raise Refusal(ErrorCode.INVALID, f"a query parameter is not known here; known are: {known}")
        if name in values:
            raise Refusal(ErrorCode.INVALID, "the parameter stands there twice", parameter=name)
        if not text.isprintable():
            raise Refusal(ErrorCode.INVALID, "the value has control characters", parameter=name)
        try:
            values[name] = msgspec.convert(text, QUERY[name], strict=False)
        except msgspec.ValidationError as error:
            raise Refusal(ErrorCode.INVALID, _sentence(str(error)), parameter=name) from None
    return values


# ---------------------------------------------------------------- body


async def body(endpoint: Endpoint, given: Mapping[bytes, bytes], receive: Receive) -> bytes:
    """The bytes of the body, never more than the endpoint takes. Raises Disconnected."""
    length = _length(given)
    chunked = b"transfer-encoding" in given
    if endpoint.request is None:
        if length or chunked:
            raise Refusal(ErrorCode.MALFORMED, "there should be no body")
        return b""
    _plain_json(given)
    if length is None and not chunked:
        raise Refusal(ErrorCode.LENGTH_REQUIRED, "the request has no body")
    if length is not None and length > endpoint.limit:
        raise _too_large(endpoint)
    try:
        async with asyncio.timeout(BODY_TIMEOUT):
            return await _whole(endpoint, receive)
    except TimeoutError:
        raise Refusal(ErrorCode.REQUEST_TIMEOUT, f"a body has {BODY_TIMEOUT:.0f} seconds to arrive") from None


async def _whole(endpoint: Endpoint, receive: Receive) -> bytes:
    parts: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] != "http.request":
            raise Disconnected
        part = message.get("body", b"")
        size += len(part)
        if size > endpoint.limit:
            raise _too_large(endpoint)
        parts.append(part)
        if not message.get("more_body", False):
            return parts[0] if len(parts) == 1 else b"".join(parts)


def _length(given: Mapping[bytes, bytes]) -> int | None:
    text = given.get(b"content-length")
    if text is None:
        return None
    if not text.isdigit() or len(text) > 15:
        raise Refusal(ErrorCode.MALFORMED, "the length is no number", parameter="Content-Length")
    return int(text)


def _plain_json(given: Mapping[bytes, bytes]) -> None:
    encoding = given.get(b"content-encoding", b"identity")
    if encoding.strip().lower() != b"identity":
        raise Refusal(
            ErrorCode.UNSUPPORTED_MEDIA_TYPE,
            "a body comes as it is, not compressed",
            parameter="Content-Encoding",
        )
    if not _JSON_TYPE.fullmatch(given.get(b"content-type", b"").strip()):
        raise Refusal(
            ErrorCode.UNSUPPORTED_MEDIA_TYPE, "the content type is application/json", parameter="Content-Type"
        )


def _too_large(endpoint: Endpoint) -> Refusal:
    return Refusal(ErrorCode.TOO_LARGE, f"a body may have {endpoint.limit:,} bytes here")


# ---------------------------------------------------------------- JSON

_STRINGS = re.compile(rb'"[^"\\]*(?:\\.[^"\\]*)*"', re.DOTALL)
_ONE_KIND = bytes.maketrans(b"{}", b"[]")
_NO_BRACKETS = bytes(byte for byte in range(256) if byte not in b"[]{}")
_NUL = re.compile(rb"(?<!\\)(?:\\\\)*\\u0000")


def deep(data: bytes, most: int = MAX_DEPTH) -> bool:
    """Whether more than `most` brackets stand open anywhere. Not to be relied on for what is no JSON."""
    if data.count(b"[") + data.count(b"{") <= most:
        return False
    left = _STRINGS.sub(b"", data).translate(_ONE_KIND, _NO_BRACKETS)
    for _ in range(most):
        shorter = left.replace(b"[]", b"")
        if len(shorter) == len(left):
            break
        left = shorter
    return b"[[" in left or b"[]" in left


def parse(data: bytes, kind: Any) -> Any:
    """The message that a body is. What is refused is said by its place; no value is repeated."""
    if deep(data):
        raise Refusal(ErrorCode.MALFORMED, f"brackets are nested more than {MAX_DEPTH} deep")
    if b"\\u0000" in data and _NUL.search(data):
        raise Refusal(ErrorCode.INVALID, "a text holds the character NUL")
    try:
        return decode(data, kind)
    except msgspec.ValidationError as error:
        sentence, _, place = str(error).partition(" - at ")
        raise Refusal(ErrorCode.INVALID, _sentence(sentence), pointer=_pointer(place)) from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise Refusal(ErrorCode.MALFORMED, "the body is not JSON in UTF-8") from None


_SAFE = re.compile(
    r"Expected `[^`]*`(?:,? (?:got `\w+`|matching regex .*|of length (?:<=|>=) \d+|[<>]=? -?[\d.e+]+))?"
)
_MISSING = re.compile(r"Object missing required field `(\w+)`")


def _sentence(text: str) -> str:
    """What is wrong, from the decoder's words, of which some repeat what was sent."""
    text = text.partition(" - at ")[0]
    missing = _MISSING.fullmatch(text)
    if missing:
        return f"the field `{missing[1]}` is missing"
    if text.startswith("Object contains unknown field"):
        return "a field is not known here"
    if text.startswith(("Invalid enum value", "Invalid value")):
        return "it is none of the words that may stand here"
    return text[:1].lower() + text[1:] if _SAFE.fullmatch(text) else "the value does not fit here"


def _pointer(place: str) -> str:
    """`$.a[0].b` as a JSON pointer, as far as names are the hub's own: a key of a mapping ends it."""
    path = place.rpartition(" in ")[2].strip("`").removeprefix("$")
    parts: list[str] = []
    for name, index in re.findall(r"\.(\w+)|\[([^\]]*)\]", path):
        if index == "...":
            break
        parts.append(name or index)
    return "".join(f"/{part}" for part in parts)
