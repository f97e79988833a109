"""The parser: what it reads, where nodes stand, and that no text can break it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from assay.compiler import ast
from assay.compiler.diagnostics import Sink
from assay.compiler.dump import dump
from assay.compiler.parse import build, parse, tables
from assay.compiler.render import render_text
from assay.compiler.source import Source, Span
from assay.compiler.tree import Node, parts

DATA = Path(__file__).parent / "data"
ORDERS = (DATA / "orders.contract").read_text("utf-8")
EVERYTHING = (DATA / "everything.contract").read_text("utf-8")
GRAMMAR_PAGE = Path(__file__).parents[2] / "grammar" / "README.md"


def clean(text: str) -> ast.File:
    sink = Sink()
    file = parse(Source("x.contract", text), sink)
    assert sink.items == (), render_text(sink.items, {"x.contract": Source("x.contract", text)})
    return file


def codes(text: str) -> list[str]:
    sink = Sink()
    parse(Source("x.contract", text), sink)
    return [d.code for d in sink.items]


def inside(body: str) -> tuple[ast.Item, ...]:
    return clean(f"contract a.b {{\n{body}\n}}").contracts[0].items


def nodes(node: object, parent: Span | None = None) -> Iterator[tuple[object, Span | None]]:
    if isinstance(node, tuple):
        for item in node:
            yield from nodes(item, parent)
    elif isinstance(node, Node) and not isinstance(node, Span):
        yield node, parent
        span = getattr(node, "span", None) or parent
        for _, part in parts(node):
            yield from nodes(part, span)


def test_saved_tables_are_current_and_the_grammar_has_no_conflict() -> None:
    grammar = tables.grammar_text()
    saved = Path(__file__).parents[2] / "grammar" / "contract.tables"
    assert saved.read_text("utf-8") == build.tables_text(grammar)


@pytest.mark.parametrize("text", [ORDERS, EVERYTHING], ids=["orders", "everything"])
def test_lark_reads_the_same_language(text: str) -> None:
    build.lark_of(tables.grammar_text()).parse(text)
    clean(text)


@pytest.mark.parametrize("text", [ORDERS, EVERYTHING], ids=["orders", "everything"])
def test_every_node_stands_inside_its_parent(text: str) -> None:
    for node, parent in nodes(clean(text)):
        span = getattr(node, "span", None)
        if span is None:
            continue
        assert span.start < span.end <= len(text)
        written = text[span.start : span.end]
        assert written == written.strip()
        if parent is not None:
            assert parent.start <= span.start
            assert span.end <= parent.end
        if isinstance(node, ast.Name):
            assert written.strip("`").replace("``", "`") == node.text
        if isinstance(node, ast.Binary):
            assert text[node.op_span.start : node.op_span.end].lower() == node.op


def test_checks() -> None:
    (check,) = inside("check missing(email) < 1% else warn, < 5% else fail")
    assert isinstance(check, ast.Check)
    assert dump(check.bounds[0]) == (
        "LeveledBound(bound=CompareBound(op='<', value=Percent(1)), level=Level('warn'))\n"
    )
    (check,) = inside("check paid: avg(a) between 1 and 2 where b else warn by c as d was e.f release value")
    assert isinstance(check, ast.Check)
    assert isinstance(check.bounds[0].bound, ast.BetweenBound)
    assert check.bounds[0].level is None
    assert check.mods.level is not None
    (check,) = inside("check rows within 3 sigma of last 30 runs")
    assert isinstance(check, ast.Check)
    assert isinstance(check.bounds[0].bound, ast.SigmaBound)
    (check,) = inside("check a or b else warn")
    assert isinstance(check, ast.Check)
    assert check.bounds == ()
    assert check.mods.level is not None


def test_precedence() -> None:
    (let,) = inside("let x = not a = 1 + 2 * -b || 'c' and d or e over last 7 days > 5 % 2")
    assert isinstance(let, ast.Let)
    assert isinstance(let.body, ast.Binary)
    assert let.body.op == "or"
    left, right = let.body.left, let.body.right
    assert isinstance(left, ast.Binary)
    assert left.op == "and"
    assert isinstance(left.left, ast.Unary)
    assert isinstance(right, ast.Binary)
    assert isinstance(right.left, ast.History)
    assert isinstance(right.right, ast.Binary)
    assert right.right.op == "%"


@pytest.mark.parametrize(
    "word",
    [
        "name",
        "date",
        "rows",
        "version",
        "owner",
        "status",
        "length",
        "time",
        "year",
        "day",
        "check",
        "column",
        "missing",
        "unique",
        "format",
        "cast",
        "sql",
        "value",
        "last",
        "runs",
        "warn",
        "matches",
        "where",
        "in",
        "end",
        "required",
        "array",
        "filter",
        "match",
        "example",
        "by",
        "and",
        "or",
    ],
)
def test_words_are_names_where_nothing_else_is_meant(word: str) -> None:
    column, check = inside(f"column {word} int required\n check avg({word}) + {word} > {word}")
    assert isinstance(column, ast.Column)
    assert column.name.text == word
    assert isinstance(check, ast.Check)


@pytest.mark.parametrize("word", ["case", "not", "null", "true", "false"])
def test_five_words_need_backticks_in_expressions(word: str) -> None:
    assert codes(f"contract a {{ check avg({word}) > {word} + 1 is }}") != []
    inside(f"column {word} int\n check avg(`{word}`) > 0")


def test_keywords_may_be_upper_case() -> None:
    (check,) = inside("CHECK avg(a) BETWEEN 1 AND 2 WHERE b IS NOT NULL ELSE WARN")
    assert isinstance(check, ast.Check)
    assert check.mods.level is not None
    assert check.mods.level.value == "warn"


def test_a_column_keeps_what_could_be_read() -> None:
    sink = Sink()
    file = parse(Source("x", "contract a {\n column x int nonsense of mine\n column y int\n}"), sink)
    assert [type(item).__name__ for item in file.contracts[0].items] == ["Column", "Column"]
    assert [d.code for d in sink.items] == ["E118"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("\ufeffcontract a {}", []),
        ("contract a {\r\n check rows > 0\r\n}\r\n", []),
        ("\x00", ["E132"]),
        ('contract a { owner "\ud800" }', ["E132"]),
        ("contract a { check " + "(" * 10_000 + "1" + ")" * 10_000 + " = 1 }", ["E134"]),
        ("contract a { check " + " + ".join("1" * 10_000) + " = 1\n check rows > 0 }", ["E134"]),
        ("contract a { check x " + "or not y " * 5_000 + " }", ["E134"]),
        ("contract a { column x array" + "<array" * 5_000 + " }", ["E134"]),
        ("contract a { column x int in (" + ", ".join("1" * 10_000) + ") }", []),
        ("contract a { check rows > 1e999999999 }", ["E127"]),
        ("contract a { check a = 1 # not closed", ["E103"]),
    ],
)
def test_strange_texts(text: str, expected: list[str]) -> None:
    assert codes(text) == expected


def test_snippets_of_the_reference_parse() -> None:
    blocks = GRAMMAR_PAGE.read_text("utf-8").split("```contract\n")[1:]
    assert len(blocks) > 5
    for block in blocks:
        text = block.split("```")[0]
        whole = text if text.lstrip().startswith(("contract", "import", "format", "let shared")) else None
        clean(whole if whole is not None else f"contract a.b {{\n{text}}}\n")
