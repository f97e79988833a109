"""Each golden/errors/E5*.yml ends with the messages that its document gives, as a comment.

`ASSAY_UPDATE_GOLDEN=1 pytest tests/manifests/test_error_goldens.py` writes them; `git diff` is the review.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest
import yaml

from assay.compiler.codes import Code, manifests
from tests.manifests.given import diagnose, tell

FOLDER = Path(__file__).parents[2] / "golden" / "errors"
FILES = sorted(FOLDER.glob("E5*.yml"))
EDGE = "# ---\n"
UPDATE = os.environ.get("ASSAY_UPDATE_GOLDEN") == "1"


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_messages_are_as_reviewed(path: Path) -> None:
    document, _, _ = path.read_text(encoding="utf-8").partition(EDGE)
    told = "".join(tell(item) for item in diagnose(yaml.safe_load(document)))
    actual = document + EDGE + "".join(f"# {line}\n" for line in told.splitlines())
    if UPDATE:
        assert not os.environ.get("CI"), "expected files are written and reviewed by people, not in CI"
        path.write_text(actual, encoding="utf-8")
    assert path.read_text(encoding="utf-8") == actual


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_document_shows_the_one_fault_of_its_name(path: Path) -> None:
    found = diagnose(yaml.safe_load(path.read_text(encoding="utf-8")))
    assert [item.code for item in found] == [path.name[:4]]


def test_every_code_has_a_document() -> None:
    assert {code.code for code in manifests.CODES} == {path.name[:4] for path in FILES}


@pytest.mark.parametrize("code", manifests.CODES, ids=lambda code: code.code)
def test_the_example_shows_the_fault_and_the_fix_does_not(code: Code) -> None:
    assert all((code.message, code.help, code.cause, code.example, code.fix))
    before, after = (
        [item.code for item in diagnose(yaml.safe_load(text))].count(code.code)
        for text in (code.example, code.fix)
    )
    whole = not code.example.startswith("apiVersion")
    assert before > after
    assert after == 0 or not whole
    if whole:
        assert diagnose(yaml.safe_load(code.fix)) == ()
