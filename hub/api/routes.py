"""Which endpoint a request means: the table of endpoints as one pattern.

A path is taken as it came, never tidied up: what has another form than in the table does not exist.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import unquote

from assay.protocol.endpoints import ENDPOINTS, PARAMETERS, Endpoint

LONGEST = 2_000
"""Bytes of a path."""


@dataclass(frozen=True, slots=True)
class Route:
    """One path: its endpoints by method, and the values of its parameters."""

    endpoints: dict[str, Endpoint]
    values: tuple[str, ...]

    @property
    def allowed(self) -> str:
        """For the header `Allow`."""
        methods = set(self.endpoints)
        if "GET" in methods:
            methods.add("HEAD")
        return ", ".join(sorted(methods))

    def endpoint(self, method: str) -> Endpoint | None:
        """HEAD is GET without its body."""
        return self.endpoints.get("GET" if method == "HEAD" else method)


class Routes:
    def __init__(self, endpoints: Sequence[Endpoint] = ENDPOINTS) -> None:
        paths: dict[str, dict[str, Endpoint]] = {}
        for endpoint in endpoints:
            paths.setdefault(endpoint.path, {})[endpoint.method] = endpoint
        self.paths = tuple(paths)
        self._tables: list[dict[str, Endpoint]] = []
        self._spans: list[tuple[int, int]] = []
        parts: list[str] = []
        group = 0
        for path, table in paths.items():
            count = path.count("{")
            self._tables.append(table)
            self._spans.append((group + 1, group + 1 + count))
            parts.append(f"({_pattern(path)})")
            group += 1 + count
        self._number = {start: number for number, (start, _) in enumerate(self._spans)}
        self._all = re.compile("|".join(parts))

    def find(self, raw: bytes) -> Route | None:
        """The route of a path as it stands in the request line; None where there is none."""
        path = _text(raw)
        found = self._all.fullmatch(path) if path is not None else None
        if found is None or found.lastindex is None:
            return None
        number = self._number[found.lastindex]
        start, end = self._spans[number]
        return Route(self._tables[number], found.groups()[start:end])


def _text(raw: bytes) -> str | None:
    """None for what no path of the table can be: long, not UTF-8, with a control character or a hidden `/`."""
    if len(raw) > LONGEST:
        return None
    try:
        path = raw.decode("ascii")
        if "%" in path:
            if "%2f" in path.lower():
                return None
            path = unquote(path, errors="strict")
    except UnicodeDecodeError:
        return None
    return path if path.isprintable() else None


def _pattern(path: str) -> str:
    """A path of the table as a pattern. Each parameter is one group, which has none inside."""
    parts = re.split(r"\{(\w+)\}", path)
    return "".join(
        f"({re.sub(r'[(](?![?])', '(?:', PARAMETERS[part])})" if number % 2 else re.escape(part)
        for number, part in enumerate(parts)
    )
