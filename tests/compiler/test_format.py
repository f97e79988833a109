"""The formatter keeps the tree and every comment, and has nothing to do the second time."""

from __future__ import annotations

import random
import re
from pathlib import Path

import pytest

from assay.compiler.ast_compare import same
from assay.compiler.diagnostics import Sink
from assay.compiler.format import format_source
from assay.compiler.parse import parse, read
from assay.compiler.source import Source

DATA = Path(__file__).parent / "data"
GOLDEN = Path(__file__).parents[2] / "golden" / "cases"
CORPUS = sorted([*DATA.glob("*.contract"), *GOLDEN.glob("*/contract.contract")])


def formatted(text: str) -> str:
    sink = Sink()
    out = format_source(Source("x", text), sink)
    assert sink.items == ()
    assert out is not None
    return out


def holds(text: str) -> None:
    once = formatted(text)
    assert same(parse(Source("x", text), Sink()), parse(Source("x", once), Sink())), once
    assert formatted(once) == once
    assert sorted(comments(once)) == sorted(comments(text))
    assert "\n\n\n" not in re.sub(r'"""[\s\S]*?"""', "", once)


def comments(text: str) -> list[str]:
    _, tokens = read(Source("x", text), Sink())
    last, found = 0, []
    for start, end in [*((t.start, t.end) for t in tokens), (len(text), len(text))]:
        found += [c.rstrip() for c in re.findall(r"#[^\n]*", text[last:start])]
        last = end
    return found


@pytest.mark.parametrize("path", CORPUS, ids=lambda p: f"{p.parent.name}-{p.stem}")
def test_the_corpus(path: Path) -> None:
    text = path.read_text("utf-8")
    if not parses(text):
        pytest.skip("a contract with syntax errors has no form")
    holds(text)


def parses(text: str) -> bool:
    sink = Sink()
    parse(Source("x", text), sink)
    return not sink.failed


def relaid(rng: random.Random, text: str) -> str:
    """The same tokens with other gaps: blanks, line ends, comments."""
    _, tokens = read(Source("x", text), Sink())
    out: list[str] = []
    for token in tokens:
        written = token.text
        if token.kind in ("DOT", "LPAREN", "RPAREN", "LT", "GT"):
            gap = ""
        else:
            gap = rng.choice((" ", " ", " ", "\n", "\n\n\n", "  # a comment\n", "\n# own line\n", "\t"))
        out.append(gap + written)
    return "".join(out) + rng.choice(("", "\n", "\n# end", "  # end\n\n"))


@pytest.mark.parametrize("seed", range(60))
def test_any_layout(seed: int) -> None:
    rng = random.Random(seed)  # noqa: S311
    path = CORPUS[seed % len(CORPUS)]
    text = relaid(rng, path.read_text("utf-8"))
    if parses(text):
        holds(text)


def test_the_style() -> None:
    text = (DATA / "orders.contract").read_text("utf-8")
    assert "  column status      varchar(16)    required in ('new'" in formatted(text)
    assert formatted("contract  a.b{check  rows>-1}") == "contract a.b {\n  check rows > -1\n}\n"


def test_long_lines_are_broken() -> None:
    values = ", ".join(f"'value number {i}'" for i in range(20))
    out = formatted(f"contract a {{ column x text required in ({values}) for at least 99% else warn }}")
    assert all(len(line) <= 100 for line in out.splitlines())
    holds(out)


def test_a_faulty_text_is_left_alone() -> None:
    sink = Sink()
    assert format_source(Source("x", "contract a {"), sink) is None
    assert [d.code for d in sink.items] == ["E103"]
