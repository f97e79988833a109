"""The pages about the command line and the report say what there is."""

from __future__ import annotations

import re
from pathlib import Path

import msgspec
import pytest

from assay.cli.main import COMMANDS
from assay.cli.reference import page
from assay.protocol import report

DOCS = Path(__file__).parents[2] / "docs"


def test_the_reference_is_current() -> None:
    assert (DOCS / "cli.md").read_text("utf-8") == page()


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_examples(name: str) -> None:
    assert re.search(rf"^assay {name}|assay {name} ", page(), re.MULTILINE)


@pytest.mark.parametrize("kind", [report.Report, report.Summary, report.CheckResult])
def test_every_field_of_a_report_is_documented(kind: type[msgspec.Struct]) -> None:
    text = (DOCS / "report.md").read_text("utf-8")
    documented = set(re.findall(r"^\| `([a-z_]+)` \|", text, re.MULTILINE))
    assert set(kind.__struct_fields__) <= documented


def test_every_word_of_a_report_is_documented() -> None:
    text = (DOCS / "report.md").read_text("utf-8")
    for words in (report.Reason, report.Outcome, report.Unit):
        for word in words:
            assert f"`{word.value}`" in text
