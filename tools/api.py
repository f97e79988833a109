"""docs/api.md: the table of endpoints and the types of its messages as a page for people."""

from __future__ import annotations

import inspect
import re
import textwrap
import types
from collections.abc import Callable
from enum import Enum
from typing import Annotated, Any, Literal, Union, get_args, get_origin

import msgspec
from msgspec import Meta

from assay.hub.api.openapi import refusals
from assay.hub.api.problems import TITLES
from assay.protocol import delivery, endpoints, report, user, wire
from assay.protocol.endpoints import PARAMETERS, QUERY, Credential, Endpoint
from assay.protocol.wire import MAX_BODY, MAX_DEPTH, PROTOCOL, STATUS, ErrorCode, Problem

GROUPS = (
    ("Agent", endpoints.AGENT_ENDPOINTS),
    ("Runner", endpoints.RUNNER_ENDPOINTS),
    ("People and their programs", endpoints.USER_ENDPOINTS),
    ("Operations", endpoints.OPERATIONS_ENDPOINTS),
)
WHO = {
    Credential.NONE: "everybody, without a credential",
    Credential.ENROLMENT: "an enrolment token, `aye_…`, once",
    Credential.AGENT: "an agent, `aya_…`",
    Credential.JOB: "the pod of this attempt: `ayj_…`, or its projected ServiceAccount token",
    Credential.KEY: "an API key, `ayk_…`",
}
HEAD = """# The HTTP API

Every endpoint of a hub, with its messages and refusals. This page is generated from `protocol/endpoints.py` and the
types that it names by `make golden`; the hub serves the same table as OpenAPI 3.1 at `/openapi.json`, and
`golden/protocol/` has it as JSON Schema, and recorded exchanges to read. [hub.md](hub.md) says how to run one.

## For all of them

- This is protocol version {protocol}. A request with a field that the hub does not know is refused; whoever reads an
  answer skips fields that it does not know.
- A credential stands in `Authorization: Bearer …`. It alone says which tenant; what belongs to another tenant is
  answered as what does not exist, to the byte.
- Bodies are JSON in UTF-8, not compressed, with `Content-Type: application/json` and a length or in chunks, nested
  {depth} deep at most, at most {body} unless said otherwise. A text holds no NUL and no lone surrogate.
- Fields of a message that have their default are left out. Instants are UTC and end in `Z`; durations are in seconds.
- `HEAD` is answered where `GET` is. A list has `items` and, unless it is the last page, `next`: the `cursor` of the
  next page.
- A refusal is [Problem](#type-problem) as `application/problem+json`. It repeats nothing that was sent. With 429 and
  503 stands `Retry-After`.
{common}

"""
COMMON = """- Every endpoint may refuse with {everywhere}; where there is a credential, also with {credential}; where
there is a request's body, also with {request}. Below stand only those that an endpoint has besides."""


def page() -> str:
    """The whole page."""
    head = HEAD.format(
        protocol=PROTOCOL,
        depth=MAX_DEPTH,
        body=_size(MAX_BODY),
        common=_common_codes(),
    )
    lines = [head.rstrip(), ""]
    for title, group in GROUPS:
        lines += [f"## {title}", ""]
        for endpoint in group:
            lines += [*_endpoint(endpoint), ""]
    lines += ["## Parameters", "", "| parameter | where | form |", "|---|---|---|"]
    lines += [f"| `{name}` | path | {_code(form)} |" for name, form in PARAMETERS.items()]
    lines += [f"| `{name}` | query | {_type(kind)} |" for name, kind in QUERY.items()]
    lines += ["", "## Refusals", "", "| status | code | says |", "|---|---|---|"]
    lines += [f"| {STATUS[code]} | `{code}` | {TITLES[code]} |" for code in ErrorCode]
    lines += [
        "",
        "## Forms",
        "",
        "Texts and numbers with a name of their own.",
        "",
        "| name | form |",
        "|---|---|",
    ]
    lines += [f'| <a id="type-{name.lower()}"></a>{name} | {_bare(kind)} |' for name, kind in FORMS.items()]
    lines += ["", "## Messages", ""]
    for kind in _messages():
        lines += [*_message(kind), ""]
    return "\n".join(lines).rstrip() + "\n"


# ---------------------------------------------------------------- endpoints


def _endpoint(endpoint: Endpoint) -> list[str]:
    who = WHO[endpoint.credential]
    if endpoint.role is not None:
        who += f", with the role `{endpoint.role}` or more"
    rows = [("who", who)]
    if endpoint.query:
        rows.append(("query", ", ".join(f"`{name}`" for name in endpoint.query)))
    if endpoint.request is not None:
        limit = "" if endpoint.limit == MAX_BODY else f", at most {_size(endpoint.limit)}"
        rows.append(("request", _type(endpoint.request) + limit))
    answer = _type(endpoint.response) if endpoint.response is not None else _OTHER[endpoint.name]
    rows += [
        ("answer", f"{endpoint.status}, {answer}"),
        ("again", _again(endpoint)),
        ("refusals", _refusals(endpoint)),
    ]
    summary = endpoint.summary[:1].upper() + endpoint.summary[1:] + "."
    return [
        f"### {endpoint.name}",
        "",
        f"`{endpoint.method} {endpoint.path}`",
        "",
        summary,
        "",
        "| | |",
        "|---|---|",
        *(f"| {name} | {text} |" for name, text in rows),
    ]


_OTHER = {"metrics": "text for Prometheus", "openapi": "OpenAPI 3.1"}


def _again(endpoint: Endpoint) -> str:
    """What a repetition does."""
    if endpoint.method == "GET":
        return "changes nothing" + ("; `If-None-Match` with the `ETag` answers 304" if endpoint.etag else "")
    if endpoint.credential is Credential.ENROLMENT:
        return "refused: the token is used up"
    if endpoint.name in _AGAIN:
        return _AGAIN[endpoint.name]
    if endpoint.credential in (Credential.AGENT, Credential.JOB):
        return "answered as the first time; with other content, `conflicting_replay`"
    if endpoint.idempotent:
        return (
            "with the same `Idempotency-Key`, for a day: done once, answered the same;"
            " with other content, `conflicting_replay`"
        )
    if endpoint.method == "DELETE":
        return "`not_found`"
    return (
        "takes `If-Match` with the `ETag` of what it changes, needed where something is there;"
        " `If-None-Match: *`: only where nothing is"
    )


_AGAIN = {
    "open_session": "opens one more session, and ends the one before",
    "rotate_agent_token": "one more token",
    "poll": "is how it is meant: what is to be done is repeated until it is done",
    "heartbeat": "is how it is meant",
    "revoke_agent": "changes nothing",
    "revoke_key": "changes nothing",
    "release": "answered as the first time while nobody else has leased it since",
}


def _refusals(endpoint: Endpoint) -> str:
    known = EVERYWHERE | (REQUEST if endpoint.request is not None else set())
    if endpoint.credential is not Credential.NONE:
        known |= CREDENTIAL
    return _codes(set(refusals(endpoint)) - known) or "no others"


def _common_codes() -> str:
    text = COMMON.format(
        everywhere=_codes(EVERYWHERE),
        credential=_codes(CREDENTIAL - EVERYWHERE),
        request=_codes(REQUEST - CREDENTIAL),
    )
    return textwrap.fill(text.replace("\n", " "), 118, subsequent_indent="  ", break_long_words=False)


def _codes(codes: set[ErrorCode]) -> str:
    return ", ".join(f"{STATUS[code]} `{code}`" for code in sorted(codes, key=lambda c: (STATUS[c], c)))


def _common(having: Callable[[Endpoint], bool]) -> set[ErrorCode]:
    """What all of these endpoints may refuse with."""
    return set.intersection(*(set(refusals(one)) for one in endpoints.ENDPOINTS if having(one)))


EVERYWHERE = _common(lambda _: True)
CREDENTIAL = _common(lambda one: one.credential is not Credential.NONE)
REQUEST = _common(lambda one: one.request is not None)


# ---------------------------------------------------------------- types


def _forms() -> dict[str, Any]:
    """The aliases that say more than their limits, and stand for one thing only."""
    found: dict[str, Any] = {}
    for module in (wire, report, delivery, user):
        for name, value in vars(module).items():
            if get_origin(value) is Annotated and not name.startswith("_"):
                found.setdefault(name, value)
    values = list(found.values())
    telling = {
        name: value
        for name, value in found.items()
        if values.count(value) == 1
        and any(meta.pattern or meta.ge is not None for meta in get_args(value)[1:])
    }
    return dict(sorted(telling.items()))


FORMS = _forms()


def _messages() -> list[type]:
    """Every struct and enum that a message holds, by name."""
    found: dict[str, type] = {}

    def walk(kind: Any) -> None:
        origin = get_origin(kind)
        if origin is not None:
            for part in (origin, *get_args(kind)):
                walk(part)
        elif isinstance(kind, type) and kind.__name__ not in found:
            if issubclass(kind, Enum):
                found[kind.__name__] = kind
            elif issubclass(kind, msgspec.Struct):
                found[kind.__name__] = kind
                for one in msgspec.structs.fields(kind):
                    walk(one.type)

    for root in (Problem, *(kind for e in endpoints.ENDPOINTS for kind in (e.request, e.response))):
        walk(root)
    return [found[name] for name in sorted(found)]


def _message(kind: type) -> list[str]:
    lines = [f'### {kind.__name__} <a id="type-{kind.__name__.lower()}"></a>', ""]
    lines += [*_prose(kind), ""] if _prose(kind) else []
    if issubclass(kind, Enum):
        return [*lines, ", ".join(f"`{one.value}`" for one in kind)]
    assert issubclass(kind, msgspec.Struct)
    fields = msgspec.structs.fields(kind)
    if not fields:
        return [*lines, "`{}`"]
    needed = "always there" if issubclass(kind, wire.Answer) else "needed"
    lines += ["| field | type | default |", "|---|---|---|"]
    return lines + [
        f"| `{one.encode_name}` | {_type(one.type)} | {needed if one.required else _absent(one)} |"
        for one in fields
    ]


def _prose(kind: type) -> list[str]:
    """The docstring of the type's own; its lists of fields stay lists."""
    text = inspect.cleandoc(kind.__dict__.get("__doc__") or "")
    if text.startswith(f"{kind.__name__}("):
        return []
    lines = [re.sub(r"^( *)([a-z_0-9, ]+?) {2,}(?=\S)", r"- `\2`: ", line) for line in text.splitlines()]
    return [line.replace("|", "\\|") for line in lines]


def _absent(one: msgspec.structs.FieldInfo) -> str:
    if one.default_factory is not msgspec.NODEFAULT:
        return f"`{msgspec.json.encode(one.default_factory()).decode()}`"
    if one.default is None:
        return ""
    return f"`{msgspec.json.encode(one.default).decode()}`"


def _type(kind: Any) -> str:
    """A type in words, with links to those that have a name."""
    for name, form in FORMS.items():
        if kind == form:
            return f"[{name}](#type-{name.lower()})"
    return _bare(kind)


def _bare(kind: Any) -> str:
    origin, parts = get_origin(kind), get_args(kind)
    if origin is Annotated:
        limits = " ".join(_limits(meta) for meta in parts[1:])
        if get_origin(parts[0]) in (tuple, dict):
            return f"{_bare(parts[0])}, {limits} of them"
        long = parts[0] is str and not limits.startswith("`")
        return f"{_bare(parts[0])} {limits}{' long' if long else ''}"
    if origin in (Union, types.UnionType):
        return " or ".join(_type(part) for part in parts if part is not type(None))
    if origin is Literal:
        return " or ".join(f"`{part}`" for part in parts)
    if origin is tuple:
        return f"list of {_type(parts[0])}"
    if origin is dict:
        return f"map of {_type(parts[0])} to {_type(parts[1])}"
    if origin is user.Page:
        return f"[Page](#type-page) of {_type(parts[0])}"
    if kind in _PLAIN:
        return _PLAIN[kind]
    if isinstance(kind, type):
        return f"[{kind.__name__}](#type-{kind.__name__.lower()})"
    return "item"


_PLAIN: dict[Any, str] = {str: "text", int: "integer", float: "number", bool: "boolean", Any: "any value"}


def _limits(meta: Meta) -> str:
    parts = [] if meta.pattern is None else [_code(meta.pattern.replace(r"(?!\n)", ""))]
    parts += [f"from {meta.ge:,}"] if meta.ge is not None else []
    parts += [f"to {meta.le:,}"] if meta.le is not None else []
    parts += [f"{meta.min_length:,}"] if meta.min_length is not None else []
    parts += [f"{'to' if parts else 'at most'} {meta.max_length:,}"] if meta.max_length is not None else []
    return " ".join(parts)


def _code(text: str) -> str:
    """As code in a table's cell."""
    return "`" + text.replace("|", "\\|") + "`"


def _size(count: int) -> str:
    return f"{count >> 20} MiB"
