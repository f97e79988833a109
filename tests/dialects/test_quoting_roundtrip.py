"""Any name, text or pattern comes back from both engines as it went in."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assay.compiler import ir
from assay.compiler.dialects import DIALECTS
from assay.compiler.dialects.regexes import simplest
from assay.compiler.lower.printing import quote
from assay.compiler.types import BIGINT, BOOLEAN, TEXT
from tests.dialects.engines import Engine, engines, fill, printed
from tests.support.postgres import Server

TEXTS = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=20)
NAMES = TEXTS.filter(lambda name: 0 < len(name.encode()) <= 63)
NASTY = st.sampled_from(
    [
        "'",
        '"',
        "\\",
        "''",
        "\\'",
        "';--",
        "$1",
        "$a$",
        "%",
        ":x",
        "?",
        "{}",
        "a.b",
        "select",
        "é",
        "🤦🏼",
        "\n",
    ]
)
VALUES = st.one_of(TEXTS, st.lists(st.one_of(NASTY, TEXTS), max_size=4).map("".join))
ONCE = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture(scope="module")
def running(postgres_module_database: Server) -> Iterator[list[Engine]]:
    with engines(postgres_module_database) as found:
        yield found


@ONCE
@given(value=VALUES)
def test_a_text(running: list[Engine], value: str) -> None:
    for engine in running:
        text = printed(ir.Literal(value, TEXT), DIALECTS[engine.name])
        assert engine.rows(f"SELECT {text}") == [(value,)]


@ONCE
@given(name=st.one_of(NAMES, NASTY))
def test_a_name(running: list[Engine], name: str) -> None:
    for engine in running:
        fill(engine, name, [(name, BIGINT)], [[7]])
        column = printed(ir.Column(name, BIGINT, True), DIALECTS[engine.name])
        assert engine.rows(f"SELECT {column} FROM {quote(name)} WHERE {column} = 7") == [(7,)]
        engine.rows(f"DROP TABLE {quote(name)}")


def _escaped(text: str) -> str:
    return re.sub(r"([\\.\[\]{}()*+?^$|/])", r"\\\1", text)


@ONCE
@given(
    piece=VALUES.filter(bool),
    shape=st.sampled_from(["{}", "^{}", "{}$", "^{}$", "^(?:{}|x)$", "{}+", "[^a]?{}"]),
)
def test_a_pattern(running: list[Engine], piece: str, shape: str) -> None:
    escaped = _escaped(piece)
    if "+" in shape:
        escaped = f"(?:{escaped})"
    pattern = shape.format(escaped)
    assert simplest(pattern)
    for value, expected in ((piece, True), ("", False)):
        expr = ir.Matches(ir.Literal(value, TEXT), pattern, BOOLEAN, False)
        for engine in running:
            assert engine.rows("SELECT " + printed(expr, DIALECTS[engine.name])) == [(expected,)], pattern


@ONCE
@given(value=VALUES, part=VALUES)
def test_like(running: list[Engine], value: str, part: str) -> None:
    escaped = re.sub(r"([\\%_])", r"\\\1", part)
    for pattern, expected in ((f"%{escaped}%", part in value), (f"{escaped}%", value.startswith(part))):
        expr = ir.Call("like", (ir.Literal(value, TEXT), ir.Literal(pattern, TEXT)), BOOLEAN, False)
        for engine in running:
            assert engine.rows("SELECT " + printed(expr, DIALECTS[engine.name])) == [(expected,)]
