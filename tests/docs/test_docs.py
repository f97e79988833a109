"""The documentation is a contract too: generated parts are current, and every link leads somewhere."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from assay.compiler.diagnostics import Sink
from assay.compiler.parse import parse
from assay.compiler.source import Source
from assay.hub.api.telemetry import Telemetry
from assay.protocol.endpoints import BY_NAME
from assay.protocol.user import TenantRequest
from tools import api, docs

ROOT = docs.ROOT
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("grammar/*.md")])


def test_the_stage_table_is_current() -> None:
    text = docs.ARCHITECTURE.read_text(encoding="utf-8")
    assert docs.architecture(text) == text, "run `make golden`"


def test_the_states_of_an_attempt_are_current() -> None:
    text = docs.INSTRUCTIONS.read_text(encoding="utf-8")
    assert docs.instructions(text) == text, "run `make golden`"


def test_the_page_of_diagnostics_is_current() -> None:
    assert docs.DIAGNOSTICS.read_text(encoding="utf-8") == docs.diagnostics(), "run `make golden`"


def test_the_page_of_the_api_is_current() -> None:
    assert docs.API.read_text(encoding="utf-8") == api.page(), "run `make golden`"


def test_the_page_of_the_api_has_every_endpoint_and_a_place_for_each_of_its_links() -> None:
    text = api.page()
    assert [name for name in BY_NAME if f"\n### {name}\n" not in text] == []
    places = re.findall(r'<a id="([\w-]+)">', text)
    assert len(places) == len(set(places))
    assert set(re.findall(r"\]\(#([\w-]+)\)", text)) <= set(places)


def test_every_number_that_a_hub_shows_is_explained() -> None:
    text = (ROOT / "docs" / "hub.md").read_text(encoding="utf-8")
    shown = {one.name for one in Telemetry().registry.collect() if one.name.startswith("assay_")}
    assert shown
    assert [name for name in sorted(shown) if f"`{name}" not in text] == []


def test_every_setting_of_a_tenant_is_explained() -> None:
    text = (ROOT / "docs" / "hub.md").read_text(encoding="utf-8")
    names = [name.replace("_", "-") for name in TenantRequest.__struct_fields__]
    assert [name for name in names if f"--{name}" not in text] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_of_a_page_lead_somewhere(page: Path) -> None:
    text = re.sub(r"```.*?```|`[^`\n]*`", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    for target in re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", text):
        if "://" not in target:
            assert (page.parent / target).exists(), f"{target} of {page.name}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_files_that_a_page_names_exist(page: Path) -> None:
    folders = (
        "grammar|compiler|templates|protocol|runner|hub|cli|golden|tests|bench|examples|docs|tools|deploy"
    )
    for name in re.findall(rf"`((?:{folders})/[\w./-]*\w)`", page.read_text(encoding="utf-8")):
        assert (ROOT / name).exists() or "NAME" in name, f"{name} of {page.name}"


@pytest.mark.parametrize("page", [ROOT / "README.md"], ids=lambda page: page.name)
def test_contracts_of_a_page_parse(page: Path) -> None:
    for block in re.findall(r"```contract\n(.*?)```", page.read_text(encoding="utf-8"), flags=re.DOTALL):
        sink = Sink()
        parse(Source(page.name, block), sink)
        assert not sink.failed, [d.code for d in sink.items]
