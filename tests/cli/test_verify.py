"""`assay verify`: what it prints, what it writes, how it ends."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

import duckdb
import pytest

from assay.protocol.report import Reason, decode
from tests.cli.conftest import Ended

Assay = Callable[..., Ended]

PLAIN = """\
shop.orders 1.0.0 (orders.contract on duckdb)
passed         orders.schema
passed         orders.order_id.required     24 rows
passed         orders.order_id.unique       24 rows
passed         orders.customer_id.required  24 rows
passed         orders.status.required       24 rows
passed         orders.amount.required       24 rows
passed         orders.amount.between        24 rows
passed         orders.email.matches         24 rows
passed         orders.placed_on.required    24 rows
passed         orders.shipped_has_date      15 rows
passed         orders.shipped_after_placed  24 rows
passed         orders.rows                  24
passed         orders.amount.avg            71.9708
warned         orders.email.missing         3 of 24 rows (12.5 %), promised below 10 %
               orders.contract:LINE: check missing(email) < 10% else warn
failed         orders.status.in             1 of 24 rows (4.17 %)
               orders.contract:LINE: status in ('new', 'paid', 'shipped', 'void')
shop.orders: 13 passed, 1 warned, 1 failed · SCANS · TIME
"""

TINY = """\
contract shop.tiny version 1.0.0 {{
  dataset shop.tiny
  column id bigint required
  {checks}
}}
"""


PARAM = """\
contract p.tiny version 1.0.0 {
  dataset p.tiny
  param least int
  column id bigint
  check rows >= least
}
"""

TWO = """\
contract b.two version 1.0.0 {
  dataset b.two
  column id bigint
  check rows > 0
}
"""


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


def tiny(folder: Path, checks: str = "", rows: str = "id\n1\n2\n") -> None:
    (folder / "tiny.contract").write_text(TINY.format(checks=checks))
    (folder / "tiny.csv").write_text(rows)


def test_the_plain_output(shop: Path, process: Assay) -> None:
    edit(shop / "data" / "orders.csv", ",new,52.41,", ",n\x1bw,52.41,")
    ended = process("verify")
    text = re.sub(r"contract:\d+", "contract:LINE", ended.out)
    text = re.sub(r"· \d+ scans? · [0-9.]+ s\n", "· SCANS · TIME\n", text)
    assert text == PLAIN
    assert ended.err == ""
    assert ended.code == 1


def test_init_verifies_at_once(assay: Assay, folder: Path) -> None:
    assert assay("init").code == 0
    ended = assay("verify")
    assert ended.code == 0
    assert "14 passed, 1 warned" in ended.out
    assert assay("fmt", "--check").code == 0
    assert (folder / ".assay" / ".gitignore").exists() or not (folder / ".assay").exists()


def test_quiet_says_what_did_not_pass(shop: Path, assay: Assay) -> None:
    ended = assay("verify", "-q")
    assert "passed         " not in ended.out
    assert "orders.email.missing" in ended.out
    tiny(shop)
    assert assay("verify", "tiny.contract", "-q", "--data", "tiny.csv") == Ended(0, "", "")


@pytest.mark.parametrize(
    ("checks", "rows", "code"),
    [
        ("", "id\n1\n", 0),
        ("check rows >= 5 else warn", "id\n1\n", 0),
        ("check rows >= 5", "id\n1\n", 1),
        ("check missing(id) < 5%", "id\n", 3),
        ("check max(id) >= 1", "other\n1\n", 3),
        ("check rows >= 5\n check missing(id) < 5%", "id\n", 1),
    ],
)
def test_exit_codes(folder: Path, assay: Assay, checks: str, rows: str, code: int) -> None:
    tiny(folder, checks, rows)
    assert assay("verify", "tiny.contract", "--data", "tiny.csv").code == code


def test_json_is_a_report_a_line(shop: Path, assay: Assay) -> None:
    tiny(shop / "data")
    (shop / "data" / "tiny.contract").rename(shop / "tiny.contract")
    ended = assay("verify", "--json")
    reports = [decode(line.encode()) for line in ended.out.splitlines()]
    assert [report.contract for report in reports] == ["shop.orders", "shop.tiny"]
    assert ended.code == 0


def test_files_hold_no_rows(shop: Path, assay: Assay) -> None:
    edit(shop / "data" / "orders.csv", ",new,52.41,", ",CANARY]]><,52.41,")
    files = {form: shop / f"report.{form}" for form in ("json", "junit", "markdown")}
    ended = assay("verify", *(part for form, file in files.items() for part in ("-o", form, str(file))))
    assert ended.code == 1
    texts = {form: file.read_text() for form, file in files.items()}
    assert not any("CANARY" in text for text in (*texts.values(), ended.out, ended.err))
    suites = ElementTree.fromstring(texts["junit"])  # noqa: S314 - written a line above
    assert suites.attrib["tests"] == "15"
    assert suites.attrib["failures"] == "1"
    assert [case.attrib["name"] for case in suites.iter("testcase") if case.find("failure") is not None] == [
        "orders.status.in"
    ]
    assert json.loads(texts["json"])["outcome"] == "failed"
    assert "| ❌ | `orders.status.in`" in texts["markdown"]


def test_no_configuration_at_all(folder: Path, assay: Assay) -> None:
    tiny(folder)
    with duckdb.connect("all.duckdb") as connection:
        connection.sql("COPY (SELECT 1::BIGINT AS id) TO 'tiny.parquet'")
        connection.sql("CREATE TABLE tiny AS SELECT 1::BIGINT AS id")
    for data in ("tiny.parquet", "tiny=tiny.csv", "shop.tiny=tiny.csv", "all.duckdb", "shop=all.duckdb"):
        ended = assay("verify", "tiny.contract", "--data", data)
        assert (ended.code, ended.err) == (0, ""), data


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("verify", "nothing.contract"), "E630"),
        (("verify", "tiny.contract"), "E612"),
        (("verify", "tiny.contract", "-d", "none.csv"), "E632"),
        (("verify", "tiny.contract", "-d", "tiny.contract"), "E633"),
        (("verify", "tiny.contract", "-d", "."), "E633"),
        (("verify", "tiny.contract", "-d", "other=tiny.csv"), "E641"),
        (("verify", "tiny.contract", "-d", "tiny=tiny.csv", "-d", "tiny=tiny.csv"), "E644"),
        (("verify", "tiny.contract", "two.contract", "-d", "tiny.csv"), "E640"),
        (("verify", "tiny.contract", "two.contract", "-d", "t=tiny.csv"), "E641"),
        (("verify", "two.contract", "ref.contract", "-d", "two=tiny.csv"), "E642"),
        (("verify", "ref.contract", "-d", "a.two=tiny.csv"), "E643"),
        (("verify", "tiny.contract", "-d", "tiny.csv", "-p", "x"), "E650"),
        (("verify", "tiny.contract", "-d", "tiny.csv", "-p", "x=1"), "E651"),
        (("verify", "param.contract", "-d", "tiny.csv"), "E652"),
        (("verify", "param.contract", "-d", "tiny.csv", "-p", "least=many"), "E653"),
        (("verify", "tiny.contract", "-d", "tiny.csv", "--now", "2024-01-31"), "E654"),
        (("verify", "tiny.contract", "-d", "tiny.csv", "--now", "noon"), "E654"),
        (("explain", "nothing"), "E655"),
        (("rows",), "E656"),
        (("init",), "E635"),
    ],
)
def test_wrong_input_has_a_code(folder: Path, assay: Assay, arguments: tuple[str, ...], code: str) -> None:
    tiny(folder)
    (folder / "two.contract").write_text(TWO)
    (folder / "ref.contract").write_text(
        "contract a.ref version 1.0.0 {\n dataset a.two\n column id bigint references a.other.id\n}"
    )
    (folder / "param.contract").write_text(PARAM)
    ended = assay(*arguments)
    assert ended.err.startswith(f"error[{code}]: ") or f"\nerror[{code}]: " in ended.err, ended.err
    assert ended.code == 2


def test_placeholders_are_asked_for_before_anything_runs(
    shop: Path, assay: Assay, monkeypatch: pytest.MonkeyPatch
) -> None:
    (shop / "assay.yml").write_text(
        "sources:\n  shop:\n"
        "    {type: postgres, host: '${env.SHOP_HOST}', database: d, user: u, port: '${env.SHOP_PORT}'}\n"
    )
    monkeypatch.delenv("SHOP_HOST", raising=False)
    monkeypatch.setenv("SHOP_PORT", "secret-value")
    ended = assay("verify")
    assert "E616" in ended.err
    assert "`SHOP_HOST`" in ended.err
    monkeypatch.setenv("SHOP_HOST", "127.0.0.1")
    ended = assay("verify")
    assert "E617" in ended.err
    assert "secret-value" not in ended.err + ended.out
    assert ended.code == 2


def test_one_wrong_contract_does_not_stop_the_others(shop: Path, assay: Assay) -> None:
    (shop / "wrong.contract").write_text("contract shop.x version 1.0.0 { dataset shop.x column }")
    ended = assay("verify")
    assert ended.code == 2
    assert "shop.orders: 14 passed" in ended.out
    assert ended.out.splitlines()[-1].startswith("2 contracts: 1 warned, 1 with wrong input")


def test_now_and_parameters(folder: Path, assay: Assay) -> None:
    (folder / "p.contract").write_text(PARAM)
    (folder / "tiny.csv").write_text("id\n1\n2\n")
    base = ("verify", "p.contract", "-d", "tiny.csv", "--now", "2024-01-31T12:00:00+01:00", "--json")
    report = decode(assay(*base, "-p", "least=2").out.encode())
    assert report.now == "2024-01-31T11:00:00.000000Z"
    assert report.outcome == "passed"
    assert assay(*base, "-p", "least=3").code == 1


@pytest.mark.usefixtures("shop")
def test_an_output_that_cannot_be_written(assay: Assay) -> None:
    ended = assay("verify", "-o", "json", "assay.yml/report.json")
    assert "E634" in ended.err
    assert ended.code == 3


def test_a_missing_table_is_said_once(shop: Path, process: Assay) -> None:
    (shop / "data" / "orders.csv").rename(shop / "data" / "order.csv")
    ended = process("verify")
    lines = ended.out.splitlines()
    assert lines[0] == "shop.orders 1.0.0 (orders.contract on duckdb)"
    assert lines[1] == "error          shop.orders  the table is not there, or may not be seen"
    assert re.fullmatch(r" +orders\.contract:\d+: none of the 15 checks could run", lines[2])
    assert lines[3].strip() == "the data source `shop` is the folder `data`; a sub-folder is a schema"
    assert lines[4].strip() == "this table would be `data/orders` with .parquet or .csv"
    assert lines[5].startswith("shop.orders: 15 in error · 0 scans · ")
    assert len(lines) == 6
    assert ended.code == 3
    report = decode(process("verify", "--json").out.encode())
    assert len(report.checks) == 15
    assert {check.reason for check in report.checks} == {Reason.MISSING_TABLE}


def test_a_source_that_cannot_be_reached_is_said_once(shop: Path, process: Assay) -> None:
    (shop / "assay.yml").write_text(
        "sources:\n  shop: {type: postgres, host: '${env.H}', port: 1, database: d, user: u, password: '${env.P}'}\n"
    )
    ended = process("verify", H="127.0.0.1", P="secret")
    assert ended.code == 3
    assert ended.out.count("the data source cannot be reached") == 1
    assert "the PostgreSQL database `d` on ${env.H}, port 1, as `u`" in ended.out
    assert "secret" not in ended.out + ended.err
