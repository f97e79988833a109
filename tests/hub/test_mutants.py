"""The mutants fit the hub as it is; `make mutants` shows that each is caught."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.hub.mutants.catalogue import MUTANTS, Mutant

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.name)
def test_a_mutant_changes_what_stands_in_the_hub_once(mutant: Mutant) -> None:
    for edit in mutant.edits:
        text = (ROOT / edit.file).read_text(encoding="utf-8")
        assert text.count(edit.old) == 1, f"{edit.file}: {edit.old}"
        assert edit.new != edit.old
