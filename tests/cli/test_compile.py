"""`assay compile`: what is written, and what is left alone."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from assay.cli.sample import CONTRACT
from assay.protocol.bundle import decode
from tests.cli.conftest import Ended

Assay = Callable[..., Ended]

DEPLOYMENT = f"""\
deployment:
  namespace: assay-runs
  image: registry.example.com/assay-runner@sha256:{"0" * 64}
  sources:
    shop: {{}}
"""


def written(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def test_the_folder_of_a_contract(shop: Path, assay: Assay) -> None:
    assert assay("compile").out == "1 contract: 4 files written to compiled\n"
    made = shop / "compiled" / "orders"
    assert written(made) == ["duckdb.bundle.json", "duckdb.sql", "egress.txt", "plan.txt"]
    assert decode((made / "duckdb.bundle.json").read_bytes()).contract == "shop.orders"
    assert "SELECT" in (made / "duckdb.sql").read_text()
    egress = (made / "egress.txt").read_text()
    assert "orders.email.missing" in egress
    assert assay("compile", "--egress").out == egress


def test_all_dialects_where_the_source_is_unknown(shop: Path, assay: Assay) -> None:
    (shop / "assay.yml").unlink()
    assert assay("compile", "orders.contract").code == 0
    assert {"duckdb.sql", "postgres.sql"} < set(written(shop / "compiled" / "orders"))
    assert assay("compile", "--dialect", "postgres").out.endswith("2 removed\n")
    assert "duckdb.sql" not in written(shop / "compiled" / "orders")
    ended = assay("compile", "--dialect", "postgress")
    assert ended.code == 2
    assert "did you mean `postgres`" in ended.err


def test_what_is_the_same_is_left_alone(shop: Path, assay: Assay) -> None:
    assay("compile")
    made = shop / "compiled" / "orders" / "duckdb.sql"
    before = made.stat().st_mtime_ns
    assert assay("compile").out == "1 contract: compiled is up to date\n"
    os.utime(shop / "orders.contract")
    assert assay("compile").out == "1 contract: compiled is up to date\n"
    assert made.stat().st_mtime_ns == before


def test_what_was_changed_by_hand_is_made_again(shop: Path, assay: Assay) -> None:
    assay("compile")
    made = shop / "compiled" / "orders" / "duckdb.sql"
    text = made.read_text()
    made.write_text(text.replace("SELECT", "DELETE"))
    assert assay("compile").out == "1 contract: 1 file written to compiled\n"
    assert made.read_text() == text
    made.unlink()
    assay("compile")
    assert made.read_text() == text


def test_what_is_gone_is_removed_but_not_what_is_yours(shop: Path, assay: Assay) -> None:
    (shop / "two.contract").write_text(CONTRACT.replace("shop.orders version", "shop.two version"))
    assay("compile")
    (shop / "compiled" / "two" / "notes.txt").write_text("mine")
    (shop / "two.contract").unlink()
    assert assay("compile").out == "1 contract: compiled is up to date, 4 removed\n"
    assert written(shop / "compiled" / "two") == ["notes.txt"]


def test_errors_change_nothing(shop: Path, assay: Assay) -> None:
    assay("compile")
    before = (shop / "compiled" / "orders" / "duckdb.sql").read_bytes()
    (shop / "orders.contract").write_text(CONTRACT.replace("amount)", "amuont)"))
    ended = assay("compile")
    assert ended.code == 2
    assert "did you mean `amount`" in ended.err
    assert (shop / "compiled" / "orders" / "duckdb.sql").read_bytes() == before


def test_manifests_come_with_a_deployment(shop: Path, assay: Assay) -> None:
    with (shop / "assay.yml").open("a") as file:
        file.write(DEPLOYMENT)
    ended = assay("compile")
    names = written(shop / "compiled" / "orders")
    assert any(name.endswith(".yaml") for name in names) or "E5" in ended.err


def test_many_contracts_in_processes(shop: Path, assay: Assay) -> None:
    for number in range(20):
        text = CONTRACT.replace("shop.orders version", f"shop.c{number} version")
        (shop / f"c{number}.contract").write_text(text)
    assert assay("compile").out == "21 contracts: 84 files written to compiled\n"
    assert assay("compile").out == "21 contracts: compiled is up to date\n"
    assert assay("check").out.startswith("21 contracts: ")
