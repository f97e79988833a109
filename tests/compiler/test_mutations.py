"""Contracts with pieces taken out, put in and moved: the parser finds something to say, and never breaks."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from hypothesis import given
from hypothesis import strategies as st

from assay.compiler.diagnostics import Sink
from assay.compiler.parse import parse
from assay.compiler.render import render_text
from assay.compiler.source import Source
from tests.support.search import search

DATA = Path(__file__).parent / "data"
TEXTS = tuple((DATA / name).read_text("utf-8") for name in ("orders.contract", "everything.contract"))
SPLINTERS = (
    *"{}(),`/#%;'\"\n\x00\ud800",
    *('"""', "==", "!=", "<>", "5%", "1__0", "in (", "between 1 and "),
    *("not ", "case ", "check ", "column ", "contract ", " else ", " where "),
)
PLACES = st.integers(0, max(map(len, TEXTS)))


@dataclass(frozen=True, slots=True)
class Edit:
    """At `at`: `length` characters are taken out, and `piece` is put in, or as many characters from `other`."""

    at: int
    length: int
    piece: str | None
    other: int

    def apply(self, text: str) -> str:
        at, other = self.at % (len(text) + 1), self.other % (len(text) + 1)
        if self.piece is None:
            return text[:at] + text[other : other + self.length] + text[at:]
        return text[:at] + self.piece + text[at + self.length :]


PIECES = st.one_of(st.just(""), st.none(), st.sampled_from(SPLINTERS), st.characters())
EDITS = st.lists(
    st.builds(Edit, PLACES, st.sampled_from((0, 1, 3, 10, 80)), PIECES, PLACES), min_size=1, max_size=4
)
Which = Literal[0, 1]


@search(600, full=20_000)
@given(which=st.sampled_from((0, 1)), edits=EDITS)
def test_mutated_contracts_are_read(which: Which, edits: list[Edit]) -> None:
    text = TEXTS[which]
    for edit in edits:
        text = edit.apply(text)
    sink = Sink()
    source = Source("x.contract", text)
    parse(source, sink)
    assert len(sink.items) <= 130
    render_text(sink.items, {"x.contract": source}).encode()
    for item in sink.items:
        assert item.span is not None
        assert 0 <= item.span.start <= item.span.end <= len(text), item
