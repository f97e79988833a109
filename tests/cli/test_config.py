"""assay.yml: golden/errors/E6*.yml end with the messages they get. ASSAY_UPDATE_GOLDEN=1 rewrites them."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from assay.cli.config import STORE, Config, load, parse
from assay.cli.problems import InputError
from assay.compiler.codes import Code
from assay.compiler.codes import config as codes
from assay.compiler.render import explain, render_text
from assay.protocol.source import DuckdbSource, PostgresSource
from tests.cli.conftest import Ended

Assay = Callable[..., Ended]

ERRORS = Path(__file__).parents[2] / "golden" / "errors"
FILES = sorted(ERRORS.glob("E6*.yml"))
MARK = "# ---\n"
ABOUT_YAML = ("E603", "E604", "E605", "E606", "E607", "E610", "E611", "E613", "E614", "E615")


def told(text: str) -> tuple[list[str], str]:
    with pytest.raises(InputError) as caught:
        parse(text)
    error = caught.value
    lines = render_text(error.items, error.sources).splitlines()
    return [item.code for item in error.items], "".join(f"# {line}".rstrip() + "\n" for line in lines)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_messages(path: Path) -> None:
    document, _, expected = path.read_text("utf-8").partition(MARK)
    found, text = told(document)
    assert path.name[:4] in found
    if os.environ.get("ASSAY_UPDATE_GOLDEN") == "1":
        assert "CI" not in os.environ, "golden files are not rewritten in CI"
        path.write_text(document + MARK + text, "utf-8")
        return
    assert text == expected


def test_every_code_about_the_file_has_a_document() -> None:
    assert {path.name[:4] for path in FILES} == set(ABOUT_YAML)


@pytest.mark.parametrize("code", codes.CODES, ids=lambda code: code.code)
def test_every_code_is_complete(code: Code) -> None:
    assert all((code.message, code.help, code.cause, code.example, code.fix))
    page = explain(code.code)
    assert page is not None
    assert "Fixed" in page
    if code.code in ABOUT_YAML:
        assert code.label
        assert code.code in told(code.example)[0]
        parse(code.fix)


def test_a_whole_configuration() -> None:
    config = parse(
        "contracts: [contracts, one.contract]\n"
        "sources:\n"
        "  lake: {type: duckdb, folder: data}\n"
        "  warehouse:\n"
        "    type: postgres\n"
        "    host: ${env.HOST}\n"
        "    database: shop\n"
        "    user: no\n"
        "    password: ${env.PASSWORD}\n"
        "diagnostics: {store: kept/rows.duckdb}\n"
    )
    assert config.contracts == ("contracts", "one.contract")
    assert config.sources["lake"] == DuckdbSource(folder="data")
    warehouse = config.sources["warehouse"]
    assert isinstance(warehouse, PostgresSource)
    assert warehouse.user == "no"
    assert config.store == "kept/rows.duckdb"


@pytest.mark.parametrize("text", ["", "# nothing\n", "---\n", "sources:\n", "\ufeff"])
def test_an_empty_file_says_nothing(text: str) -> None:
    assert parse(text.removeprefix("\ufeff")) == Config(store=STORE)


def test_a_secret_in_clear_is_not_shown() -> None:
    _, text = told("sources:\n  w: {type: postgres, host: h, database: d, user: u, password: hunter2}\n")
    assert "hunter2" not in text
    assert "password: *******" in text


def test_bombs_are_refused_at_once() -> None:
    assert told("a: " + "[" * 5000)[0] == ["E604"]
    assert told("sources:\n" + "".join(f"  s{n}: {{}}\n" for n in range(20_000)))[0] == ["E604"]
    assert told("a: &a [1]\nb: *a\n")[0] == ["E604"]


def test_a_right_file_is_parsed_once(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "assay.yml").write_text("sources:\n  lake: {type: duckdb, folder: data}\n")
    first = load(folder / "assay.yml")

    def never(text: str, shown: str) -> Config:
        raise AssertionError(shown, text)

    monkeypatch.setattr("assay.cli.config.parse", never)
    assert load(folder / "assay.yml") == first
    with pytest.raises(AssertionError):
        load(folder / "assay.yml", profile=True)
    (folder / "assay.yml").write_text("sources: {}\n")
    with pytest.raises(AssertionError):
        load(folder / "assay.yml")


def test_a_damaged_entry_is_as_good_as_none(folder: Path, tmp_path: Path) -> None:
    (folder / "assay.yml").write_text("sources:\n  lake: {type: duckdb, folder: data}\n")
    first = load(folder / "assay.yml")
    for entry in (tmp_path / "cache" / "configs").iterdir():
        entry.write_bytes(entry.read_bytes()[:-3])
    assert load(folder / "assay.yml") == first


STAGING = """\
sources:
  shop: {type: duckdb, folder: staged}
diagnostics: {store: kept/rows.duckdb}
"""


def staged(shop: Path) -> Path:
    """A second configuration in a folder of its own, beside other data: one status is wrong there."""
    folder = shop / "stages"
    (folder / "staged").mkdir(parents=True)
    text = (shop / "data" / "orders.csv").read_text()
    (folder / "staged" / "orders.csv").write_text(text.replace(",new,", ",odd,", 1))
    file = folder / "staging.yml"
    file.write_text(STAGING)
    return file


def test_another_configuration(shop: Path, assay: Assay, monkeypatch: pytest.MonkeyPatch) -> None:
    staged(shop)
    assert assay("verify").code == 0
    ended = assay("verify", "--config", "stages/staging.yml")
    assert (ended.code, ended.err) == (1, "")
    assert "orders.contract:" in ended.out, "contracts stay where they are"
    assert (shop / "stages" / "kept" / "rows.duckdb").exists(), (
        "paths start at the folder of the configuration"
    )
    assert "orders.status.in" in assay("rows", "--config", "stages/staging.yml").out
    assert "orders.status.in" in assay("rows", "orders.contract", "--config", "stages/staging.yml").out
    assert "orders.status.in" not in assay("rows").out
    monkeypatch.chdir(shop / "stages")
    assert assay("verify", "--config", "staging.yml").code == 1
    assert assay("verify", "../orders.contract", "--config", "staging.yml").code == 1


def test_another_configuration_decides_the_dialect(shop: Path, assay: Assay) -> None:
    (shop / "production.yml").write_text(
        "sources:\n  shop: {type: postgres, host: h, database: d, user: u, password: '${env.P}'}\n"
    )
    for command in ("check", "explain"):
        assert assay(command, "orders.contract", "--config", "production.yml").code == 0
    assert assay("compile", "--config", "production.yml").code == 0
    made = shop / "compiled" / "orders"
    assert (made / "postgres.sql").exists()
    assert assay("compile").code == 0
    assert not (made / "postgres.sql").exists()
    assert (made / "duckdb.sql").exists()


def test_another_configuration_chooses_contracts_or_leaves_them(shop: Path, assay: Assay) -> None:
    text = (shop / "orders.contract").read_text()
    (shop / "old").mkdir()
    (shop / "old" / "broken.contract").write_text("contract")
    (shop / "assay.yml").write_text("contracts: orders.contract\n" + (shop / "assay.yml").read_text())
    file = staged(shop)
    assert assay("check", "--config", str(file)).code == 0
    (shop / "stages" / "other.contract").write_text(
        text.replace("contract shop.orders", "contract shop.other")
    )
    file.write_text("contracts: other.contract\n" + STAGING)
    assert "shop.other" in assay("verify", "--config", str(file)).out


@pytest.mark.usefixtures("shop")
def test_a_wrong_other_configuration_is_named(folder: Path, assay: Assay, tmp_path: Path) -> None:
    assert "E636" in assay("verify", "--config", "none.yml").err
    assert "E601" in assay("verify", "--config", ".").err
    (folder / "staging.yml").write_text("source: {}\n")
    ended = assay("verify", "--config", "staging.yml")
    assert ended.code == 2
    assert "staging.yml has no `source`" in ended.err
    assert "--> staging.yml:1:1" in ended.err
    (tmp_path / "away.yml").write_text("contracts: x.contract\n")
    (tmp_path / "x.contract").write_text("contract")
    assert "E609" in assay("check", "--config", str(tmp_path / "away.yml")).err
