"""Diagnostics as people and programs see them."""

from __future__ import annotations

import json

from assay.compiler.diagnostics import Diagnostic, Label
from assay.compiler.render import explain, render_github, render_text, to_json
from assay.compiler.source import Source, Span


def one(text: str, start: int, end: int, *labels: Label, code: str = "E109", color: bool = False) -> str:
    diagnostic = Diagnostic(code, Span("x.contract", start, end), {"op": "=="}, "=", labels)
    return render_text([diagnostic], {"x.contract": Source("x.contract", text)}, color=color)


def test_text() -> None:
    assert one("check rows == 5\n", 11, 13) == (
        "error[E109]: `==` is not an operator\n"
        " --> x.contract:1:12\n"
        "  |\n"
        "1 | check rows == 5\n"
        "  |            ^^ equality is written `=`\n"
        " help: did you mean `=`?\n"
    )


def test_tabs_and_wide_characters_are_aligned() -> None:
    text = "\tcheck '日本👍' == 5"
    at = text.index("==")
    lines = one(text, at, at + 2).splitlines()
    assert lines[3] == "1 |     check '日本👍' == 5"
    assert lines[4].index("^") == len("1 |     check '日本👍' ") + 3


def test_labels_on_other_lines() -> None:
    text = "contract a {\n" + "\n" * 9 + "check rows == 5\n"
    out = one(text, text.index("=="), text.index("==") + 2, Label(Span("x.contract", 11, 12), "opened here"))
    assert "1 | contract a {" in out
    assert "- opened here" in out
    assert " ⋮" in out
    assert "11 | check rows == 5" in out


def test_a_span_of_several_lines_ends_with_its_first() -> None:
    out = one("check\nrows\n", 0, 10)
    assert "| ^^^^^ equality" in out
    assert "rows" not in out


def test_places_at_the_end_and_in_the_empty_file() -> None:
    assert "^" in one("", 0, 0)
    assert "^" in one("abc", 3, 3)


def test_what_cannot_be_printed_is_replaced() -> None:
    out = one("check \ud800\x1b[31m == 5", 0, 5)
    out.encode()
    assert "\x1b" not in out


def test_a_long_line_is_cut_around_the_fault() -> None:
    text = "x" * 5_000 + " == " + "y" * 5_000
    out = one(text, 5_001, 5_003)
    assert max(len(line) for line in out.splitlines()) < 220
    assert "^^" in out


def test_colour_only_when_asked_for() -> None:
    assert "\x1b[" not in one("a == b", 2, 4)
    assert "\x1b[1;31m" in one("a == b", 2, 4, color=True)


def test_without_a_place() -> None:
    assert render_text([Diagnostic("E131", None)], {}) == "error[E131]: a semicolon\n help: remove it\n"


def test_json() -> None:
    diagnostic = Diagnostic("E109", Span("x.contract", 2, 4), {"op": "=="}, "=")
    (row,) = to_json([diagnostic], {"x.contract": Source("x.contract", "a == b")})
    assert json.loads(json.dumps(row)) == {
        "file": "x.contract", "line": 1, "column": 3, "end_line": 1, "end_column": 5, "code": "E109",
        "severity": "error", "message": "`==` is not an operator", "label": "equality is written `=`",
        "help": "did you mean `=`?", "labels": [],
    }  # fmt: skip


def test_github() -> None:
    diagnostic = Diagnostic("E101", Span("a,b:c%.contract", 0, 1), {"found": "50%", "expected": "x\ny"})
    out = render_github([diagnostic], {"a,b:c%.contract": Source("a,b:c%.contract", "a")})
    assert out == (
        "::error file=a%2Cb%3Ac%25.contract,line=1,col=1,endColumn=2,title=E101::"
        "unexpected `50%25`: x\ufffdy\n"
    )


def test_explain() -> None:
    page = explain("e109")
    assert page is not None
    assert page.startswith("E109: ")
    assert "\nExample\n\n    contract shop.orders" in page
    assert explain("E000") is None
