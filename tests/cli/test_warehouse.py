"""A warehouse from the command line: made, written to, read from, pruned; and what is wrong with assay.yml."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from assay.cli.sample import FILES
from tests.cli.conftest import Ended
from tests.runner.warehouses import Accounts, accounts, postgres_place
from tests.support.postgres import Server

Assay = Callable[..., Ended]
SOURCES = "sources: {shop: {type: duckdb, folder: data}}\n"
CONTRACT = """contract shop.orders version 1.0.0 {
  dataset shop.orders
  column id    int  required unique
  column email text sensitive
  column note  text length <= 3
  failed rows { keep 10 columns id, email, note for 30 days }
}
"""
ORDERS = "id,email,note\n1,ann@example.com,=1+1\n2,bob@example.com,fine\n3,,ok\n"


@pytest.fixture
def made(postgres_database: Server) -> Iterator[Accounts]:
    with accounts(postgres_database) as found:
        yield found


def warehouse(server: Server, user: str, more: str = "") -> str:
    return (
        "warehouse:\n  type: postgres\n"
        f"  host: {server.host}\n  port: {server.port}\n  database: {server.dbname}\n  user: {user}\n"
        f"  password: ${{env.ROWS_PASSWORD}}\n{more}"
    )


def project(folder: Path, config: str) -> None:
    (folder / "data").mkdir(exist_ok=True)
    (folder / "data" / "orders.csv").write_text(ORDERS)
    (folder / "orders.contract").write_text(CONTRACT)
    (folder / "assay.yml").write_text(config)


@pytest.fixture
def both(made: Accounts, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Accounts:
    """A project whose account may write and read."""
    user = made.writer.server.user
    with made.server.connect() as connection:
        connection.execute(f"GRANT {made.roles.reader} TO {user}".encode())
    project(folder, SOURCES + warehouse(made.server, user))
    monkeypatch.setenv("ROWS_PASSWORD", made.writer.server.password)
    return made


def test_verify_writes_to_the_warehouse_and_rows_reads_from_it(
    both: Accounts, folder: Path, assay: Assay
) -> None:
    ended = assay("verify", "--json")
    assert ended.code == 1, ended
    report = json.loads(ended.out)
    assert "store_failed" not in report
    assert not (folder / ".assay").exists(), "the warehouse is in place of the file"
    rows = assay("rows", "shop.orders", "orders.note.length", "--json")
    assert [json.loads(line) for line in rows.out.splitlines()] == [
        {"id": 1, "email": "[redacted]", "note": "=1+1"},
        {"id": 2, "email": "[redacted]", "note": "fine"},
    ]
    assert assay("rows", report["run"], "orders.note.length", "--json").out == rows.out
    assert assay("rows", "orders.contract", "orders.note.length", "--json").out == rows.out
    assert json.loads(assay("rows", "--json").out)["run"] == report["run"]
    other = assay("rows", "20240101T000000-000000000000", "orders.note.length")
    assert (other.code, "E656" in other.err) == (2, True)
    ((waiting,),) = postgres_place(both).sql("SELECT count(*) FROM assay.outbox")
    assert waiting == 0, "what is run by hand is delivered to nobody"


@pytest.mark.usefixtures("both")
def test_a_spreadsheet_runs_no_cell(assay: Assay) -> None:
    """T17: CSV injection."""
    assay("verify", "--json")
    found = assay("rows", "shop.orders", "orders.note.length", "--csv")
    assert list(csv.reader(io.StringIO(found.out)))[1:] == [
        ["1", "[redacted]", "'=1+1"],
        ["2", "[redacted]", "fine"],
    ]


def test_the_local_file_has_the_same_policy(folder: Path, assay: Assay) -> None:
    policy = "diagnostics: {sensitive: unmasked, masks: {note: redact}, columns: [email, note]}\n"
    project(folder, SOURCES + policy)
    for _ in range(2):  # the second time from the cache
        assert assay("verify", "--json").code == 1
        rows = assay("rows", "shop.orders", "orders.note.length", "--json").out.splitlines()
        assert json.loads(rows[0]) == {"email": "ann@example.com", "note": "[redacted]"}


def test_prune_removes_what_is_over(both: Accounts, assay: Assay) -> None:
    assay("verify", "--json")
    assert assay("warehouse", "prune").out == "0 runs removed\n"
    postgres_place(both).age(31)
    assert json.loads(assay("warehouse", "prune", "--json").out) == {"removed": 1}
    assert assay("rows").code == 2


def test_prune_of_a_file(folder: Path, assay: Assay) -> None:
    project(folder, SOURCES)
    assert assay("warehouse", "prune").out == "0 runs removed\n"
    assert not (folder / ".assay").exists()


# -- init


def test_init_prints_what_it_would_run(both: Accounts, assay: Assay) -> None:
    plain = assay("warehouse", "init")
    assert plain.code == 0
    assert 'CREATE SCHEMA IF NOT EXISTS "assay" AUTHORIZATION "assay_owner";' in plain.out
    told = json.loads(assay("warehouse", "init", "--writer", "runners", "--json").out)
    assert told["roles"] == {"owner": "assay_owner", "writer": "runners", "reader": "assay_reader"}
    assert told["applied"] is False
    assert 'TO "runners"' in told["sql"]
    assert both.writer.server.password not in plain.out


def test_init_makes_a_warehouse_that_can_be_used(
    postgres_database: Server, folder: Path, assay: Assay, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = postgres_database
    tag = server.dbname.removeprefix("assay_")
    account, roles = f"login_{tag}", [f"{role}_{tag}" for role in ("owner", "writer", "reader")]
    monkeypatch.setenv("ROWS_PASSWORD", "a password")
    monkeypatch.setenv("ADMIN_PASSWORD", server.password)
    project(folder, SOURCES + warehouse(server, account, "  schema: shop_rows\n"))
    with server.connect() as connection:
        connection.execute(f"CREATE ROLE {account} LOGIN PASSWORD 'a password'".encode())
    try:
        before = assay("verify", "--json")
        assert json.loads(before.out)["store_code"] in ("42P01", "3F000", "42501")
        named = [text for role, name in zip(("owner", "writer", "reader"), roles, strict=True)
                 for text in (f"--{role}", name)]  # fmt: skip
        for _ in range(2):
            done = assay(
                "warehouse", "init", "--apply", "--user", server.user, "--password-env", "ADMIN_PASSWORD",
                *named,
            )  # fmt: skip
            assert done.code == 0, done.err
            assert f'GRANT "{roles[1]}" TO' in done.out
        without = assay("rows")
        assert (without.code, "E620" in without.err, "assay warehouse init" in without.err) == (2, True, True)
        with server.connect() as connection:
            connection.execute(f"GRANT {roles[1]}, {roles[2]} TO {account}".encode())
        assert "store_failed" not in json.loads(assay("verify", "--json").out)
        assert assay("rows", "shop.orders", "orders.note.length").code == 0
        wrong = assay("warehouse", "init", "--apply", *named)
        assert (wrong.code, "E620" in wrong.err) == (2, True)
    finally:
        with server.connect() as connection:
            for role in (account, *roles):
                connection.execute(f"DROP OWNED BY {role} CASCADE".encode())
                connection.execute(f"DROP ROLE {role}".encode())


@pytest.mark.parametrize("name", ["Owner", "a b", "pg_owner", "x" * 64, 'a"b', "assay_writer"])
def test_init_takes_names_of_roles_only(folder: Path, assay: Assay, name: str) -> None:
    project(folder, "warehouse: {type: postgres, host: localhost, database: d, user: u}\n")
    ended = assay("warehouse", "init", "--owner", name)
    assert (ended.code, ended.out) == (2, "")


# -- what is wrong


@pytest.mark.parametrize(
    ("config", "code", "says"),
    [
        ("warehouse: postgres://u:p@h/d\n", "E607", "mapping"),
        ("warehouse: {type: postgres, host: h, database: d, user: u, password: hunter2}\n", "E614", "env."),
        ("warehouse: {type: postgres, host: h, database: d, user: u, mask_key: hunter2}\n", "E614", "env."),
        ("warehouse: {type: postgres, host: h, database: d, user: u, shema: x}\n", "E605", "`schema`"),
        ("warehouse: {type: postgres, host: h, database: d}\n", "E610", "user"),
        ("warehouse: {type: duckdb, path: rows.duckdb}\n", "E611", "diagnostics"),
        ("diagnostics: {masks: {email: sha256}}\n", "E514", "`hash`"),
        ("diagnostics: {colums: [id]}\n", "E605", "`columns`"),
        ("diagnostics: {rows: many}\n", "E501", "whole number"),
    ],
)
def test_what_is_wrong_in_assay_yml_is_said_at_its_place(
    folder: Path, assay: Assay, config: str, code: str, says: str
) -> None:
    project(folder, SOURCES + config)
    ended = assay("verify")
    assert ended.code == 2
    assert code in ended.err
    assert "assay.yml:2:" in ended.err
    assert says in ended.err
    assert "hunter2" not in ended.err


def test_a_password_that_is_not_there_is_said_before_anything_runs(folder: Path, assay: Assay) -> None:
    project(
        folder,
        SOURCES + "warehouse: {type: postgres, host: h, database: d, user: u, password: '${env.NO_SUCH}'}\n",
    )
    for arguments in (("verify",), ("rows",), ("warehouse", "prune")):
        ended = assay(*arguments)
        assert ended.code == 2
        assert "E616" in ended.err
        assert "NO_SUCH" in ended.err
    assert assay("warehouse", "init").code == 0, "to print needs no password"


def test_a_project_without_a_warehouse_has_nothing_to_make(folder: Path, assay: Assay) -> None:
    project(folder, SOURCES)
    ended = assay("warehouse", "init")
    assert (ended.code, "E619" in ended.err) == (2, True)


def test_a_warehouse_that_is_away_does_not_lose_the_verdict(
    both: Accounts, assay: Assay, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ROWS_PASSWORD", "wrong")
    ended = assay("verify")
    assert ended.code == 1
    assert "failed rows could not be kept (28P01)" in ended.out
    assert "orders.note.length" in ended.out
    assert both.writer.server.password not in ended.out + ended.err


def test_the_deployment_names_its_warehouse(folder: Path, assay: Assay) -> None:
    for name in FILES:
        assert not (folder / name).exists()
    project(
        folder,
        """sources: {shop: {type: postgres, host: db.example.com, database: d, user: u}}
warehouse: {type: postgres, host: rows.example.com, database: d, user: u, password: "${env.PGPASSWORD}"}
deployment:
  namespace: assay-runs
  image: registry.example.com/assay-runner@sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
  sources: {shop: {hosts: [db.example.com], diagnostics: {warehouse: main, rows: 7}}}
  warehouses: {main: {secretName: assay-warehouse-main, keys: [PGPASSWORD], hosts: [rows.example.com]}}
""",
    )
    (folder / "orders.contract").write_text(CONTRACT.replace("shop.orders\n", "shop.public.orders\n"))
    ended = assay("compile")
    assert ended.code == 0, ended.err
    text = (folder / "compiled" / "orders" / "configmap.yaml").read_text()
    assert "warehouse.json" in text
    assert '\\"rows\\":7' in text
    assert "ASSAY_WAREHOUSE_PGPASSWORD" in (folder / "compiled" / "orders" / "job.yaml").read_text()
