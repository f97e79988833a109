"""Faults by script: which requests, how often, and what happens to them."""

from __future__ import annotations

import re
import threading
from dataclasses import dataclass, field
from typing import Any, Literal


@dataclass(slots=True)
class Fault:
    """The next `times` requests whose `METHOD path?query` matches `pattern`.

    status, body, headers   the answer in place of the true one
    drop     `before`: the connection ends and nothing is done; `after`: it is done, and the answer is lost
    delay    seconds before anything happens
    """

    pattern: str
    times: int = 1
    status: int = 0
    body: dict[str, Any] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)
    drop: Literal["", "before", "after"] = ""
    delay: float = 0.0
    seen: int = 0


class Faults:
    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._rules: list[Fault] = []

    def add(self, fault: Fault) -> Fault:
        with self._lock:
            self._rules.append(fault)
        return fault

    def clear(self) -> None:
        with self._lock:
            self._rules.clear()

    def next(self, request: str) -> Fault | None:
        with self._lock:
            for rule in self._rules:
                if rule.times > 0 and re.search(rule.pattern, request):
                    rule.times -= 1
                    rule.seen += 1
                    return rule
        return None
