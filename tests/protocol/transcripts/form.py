"""A transcript as a file that people read and diff, and that gives back every byte.

    # a sentence about the story
    key acme ayk_…              a credential that was there before

    ## what happens
    wait 60                     seconds that the hub's clock goes on before it
    > POST /v1/agent/poll
    > Content-Type: application/json
    >
    > {"epoch": 1, …            a body of compact JSON, laid out for reading
    < 200
    < content-type: application/json
    <
    < {"next_poll_ms": …

A body of any other form stands as it is, behind `>|` or `<|`. Left out are the headers that say where and when: Host,
Connection, and Date, whose form alone is checked. All others stand there in their order.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Message:
    """start: `POST /v1/…`, or a status."""

    start: str
    headers: tuple[tuple[str, str], ...]
    body: bytes

    def header(self, name: str) -> str:
        return next((value for key, value in self.headers if key.lower() == name.lower()), "")


@dataclass(frozen=True, slots=True)
class Exchange:
    says: str
    wait: float
    request: Message
    answer: Message


@dataclass(slots=True)
class Transcript:
    """keys: of the tenants that are there before."""

    about: str
    keys: dict[str, str]
    exchanges: list[Exchange] = field(default_factory=list)


def compact(text: str) -> bytes:
    """Laid-out JSON as the messages have it."""
    return json.dumps(json.loads(text), ensure_ascii=False, separators=(",", ":")).encode()


def render(transcript: Transcript) -> str:
    lines = [f"# {line}" for line in transcript.about.splitlines()]
    lines += [f"key {name} {key}" for name, key in transcript.keys.items()]
    for exchange in transcript.exchanges:
        lines += ["", f"## {exchange.says}"]
        lines += [f"wait {exchange.wait:g}"] if exchange.wait else []
        lines += [*_shown(">", exchange.request), *_shown("<", exchange.answer)]
    return "\n".join(lines) + "\n"


def _shown(mark: str, message: Message) -> Iterator[str]:
    yield f"{mark} {message.start}"
    for name, value in message.headers:
        yield f"{mark} {name}: {value}"
    if not message.body:
        return
    yield mark
    text = message.body.decode()
    laid = _laid_out(text)
    if laid is None:
        yield from (f"{mark}|{line}" for line in text.split("\n"))
    else:
        yield from (f"{mark} {line}" for line in laid.splitlines())


def _laid_out(text: str) -> str | None:
    """None where the bytes would not come back."""
    try:
        laid = json.dumps(json.loads(text), ensure_ascii=False, indent=2)
        same = compact(laid) == text.encode()
    except (ValueError, RecursionError):
        return None
    return laid if same else None


def parse(text: str) -> Transcript:
    head, *parts = text.split("\n\n## ")
    about = [line[2:] for line in head.splitlines() if line.startswith("# ")]
    keys = dict(line.split()[1:3] for line in head.splitlines() if line.startswith("key "))
    return Transcript("\n".join(about), keys, [_exchange(part) for part in parts])


def _exchange(part: str) -> Exchange:
    says, *lines = part.splitlines()
    waits = [float(line.split()[1]) for line in lines if line.startswith("wait ")]
    return Exchange(says, sum(waits), _message(">", lines), _message("<", lines))


def _message(mark: str, lines: list[str]) -> Message:
    own = [line[1:] for line in lines if line.startswith(mark)]
    start, *rest = own
    end = rest.index("") if "" in rest else len(rest)
    headers = tuple((name, value) for name, _, value in (line[1:].partition(": ") for line in rest[:end]))
    body = rest[end + 1 :]
    if not body:
        data = b""
    elif body[0].startswith("|"):
        data = "\n".join(line[1:] for line in body).encode()
    else:
        data = compact("\n".join(line[1:] for line in body))
    return Message(start[1:], headers, data)
