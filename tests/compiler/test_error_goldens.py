"""golden/errors: each faulty contract ends with the messages it gets. ASSAY_UPDATE_GOLDEN=1 rewrites them."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from assay.compiler.codes import Code, syntax
from assay.compiler.parse import MAX_SIZE
from assay.compiler.render import explain, render_text
from tests.support.diagnose import diagnose, sources

ERRORS = Path(__file__).parents[2] / "golden" / "errors"
FILES = sorted(ERRORS.glob("*.contract"))
MARK = "# ---\n"

# Faults of size: their texts would be no reading for anyone.
BY_SIZE = {"E135", "E136"}


def split(text: str) -> tuple[str, str]:
    contract, _, expected = text.partition(MARK)
    return contract, expected


def rendered(contract: str, name: str) -> str:
    text = render_text(diagnose(contract, name), sources(contract, name))
    return "".join(f"# {line}".rstrip() + "\n" for line in text.splitlines())


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.stem)
def test_messages(path: Path) -> None:
    contract, expected = split(path.read_text("utf-8"))
    found = rendered(contract, path.name)
    if os.environ.get("ASSAY_UPDATE_GOLDEN") == "1":
        assert "CI" not in os.environ, "golden files are not rewritten in CI"
        path.write_text(contract + MARK + found, "utf-8")
        return
    assert found == expected


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.stem)
def test_the_code_in_the_name_is_reported(path: Path) -> None:
    contract, _ = split(path.read_text("utf-8"))
    codes = {d.code for d in diagnose(contract, path.name)}
    assert path.stem.split("_")[0] in codes or "all_in_one_run" in path.stem


@pytest.mark.parametrize("code", syntax.CODES, ids=lambda c: c.code)
def test_every_syntax_code_is_complete(code: Code) -> None:
    assert code.cause
    assert code.fix
    page = explain(code.code)
    assert page is not None
    assert "Fixed" in page
    if code.code not in BY_SIZE:
        assert any(path.name.startswith(code.code) for path in FILES)
        assert [d.code for d in diagnose(code.example, "example.contract")] == [code.code]
    assert not [d for d in diagnose(code.fix, "fix.contract") if d.code.startswith("E1")]


def test_faults_of_size() -> None:
    assert [d.code for d in diagnose("#" * (MAX_SIZE + 1), "x.contract")] == ["E135"]
    many = next(code for code in syntax.CODES if code.code == "E136").example
    codes = [d.code for d in diagnose(many, "x.contract")]
    assert codes == ["E109"] * 100 + ["E136"]
