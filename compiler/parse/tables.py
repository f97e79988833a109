"""The parser's tables: read from grammar/contract.tables, or made again where the grammar has changed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from importlib.resources import files
from typing import Any

FORMAT = 1
END = "$END"


@dataclass(frozen=True, slots=True)
class Production:
    """`origin` is made of the last `length` parts by `action`; no action: its single part is handed on."""

    origin: str
    length: int
    action: str | None


@dataclass(frozen=True, slots=True)
class Tables:
    """`actions[state][terminal]` is a state to shift to, or `~n` to reduce by production n."""

    actions: tuple[Mapping[str, int], ...]
    gotos: tuple[Mapping[str, int], ...]
    productions: tuple[Production, ...]
    keywords: Mapping[str, str]
    operators: Mapping[str, str]
    patterns: Mapping[str, str]


def grammar_text() -> str:
    return files("assay.grammar").joinpath("contract.lark").read_text("utf-8")


def digest(grammar: str) -> str:
    return sha256(f"{FORMAT}\n{grammar}".encode()).hexdigest()


@cache
def load() -> Tables:
    saved = files("assay.grammar").joinpath("contract.tables")
    grammar = grammar_text()
    if saved.is_file():
        data = json.loads(saved.read_text("utf-8"))
        if data["digest"] == digest(grammar):
            return read(data)
    from assay.compiler.parse import build

    return read(json.loads(build.tables_text(grammar)))


def read(data: dict[str, Any]) -> Tables:
    sets: list[list[str]] = [line.split() for line in data["lookaheads"]]
    actions: list[dict[str, int]] = []
    for shifts, reductions in data["states"]:
        row: dict[str, int] = dict(shifts)
        for production, lookaheads in reductions:
            row.update(dict.fromkeys(sets[lookaheads], ~production))
        actions.append(row)
    return Tables(
        actions=tuple(actions),
        gotos=tuple(data["gotos"]),
        productions=tuple(Production(*row) for row in data["productions"]),
        keywords=data["keywords"],
        operators=data["operators"],
        patterns=data["patterns"],
    )
