"""The warehouse as configured: the rules of a data source, its own fields, and the stricter of two policies."""

from __future__ import annotations

import msgspec
import pytest

from assay.protocol import run
from assay.protocol.source import MissingValueError, WrongValueError
from assay.protocol.warehouse import (
    Mask,
    Warehouse,
    WarehousePolicy,
    WarehouseSpec,
    document,
    parse_warehouse,
    placeholders,
    resolve,
    stricter,
)

DOC: dict[str, object] = {
    "type": "postgres",
    "host": "db.example.com",
    "database": "diagnostics",
    "user": "assay_runner",
    "password": "${env.DB_PASSWORD}",
    "schema": "shop_rows",
    "mask_key": "${env.MASK_KEY}",
}


def good(**changes: object) -> Warehouse:
    found, problems = parse_warehouse(DOC | changes)
    assert found is not None, problems
    assert problems == []
    return found


def test_a_warehouse_reads_back_as_it_was_written() -> None:
    found = good()
    assert (found.server.host, found.schema, found.mask_key) == (
        "db.example.com",
        "shop_rows",
        "${env.MASK_KEY}",
    )
    assert placeholders(found) == ("DB_PASSWORD", "MASK_KEY")
    assert parse_warehouse(msgspec.json.decode(msgspec.json.encode(document(found)))) == (found, [])
    assert good(schema=None).schema == "assay"


@pytest.mark.parametrize(
    ("changes", "fault", "path", "says"),
    [
        ({"password": "hunter2"}, "literal_secret", "warehouse.password", "password"),
        ({"mask_key": "a key of sixteen"}, "literal_secret", "warehouse.mask_key", "${env."),
        ({"shema": "x"}, "unknown_key", "warehouse.shema", "did you mean `schema`?"),
        ({"hots": "x"}, "unknown_key", "warehouse.hots", "did you mean `host`?"),
        ({"schema": "pg_rows"}, "wrong_value", "warehouse.schema", "lower case"),
        ({"schema": 'a"; DROP'}, "wrong_value", "warehouse.schema", "lower case"),
        ({"schema": "${env.X}"}, "wrong_value", "warehouse.schema", "lower case"),
        ({"sslmode": "${env.X}"}, "placeholder", "warehouse.sslmode", "placeholder"),
        ({"options": {"session_preload_libraries": "x"}}, "unknown_key", "warehouse.options", "server"),
        ({"type": "duckdb"}, "unknown_type", "warehouse.type", "diagnostics"),
        ({"type": "mysql"}, "unknown_type", "warehouse.type", "mysql"),
        ({"host": None}, "missing_key", "warehouse.host", "host"),
    ],
)
def test_faults_say_the_place_and_no_secret(
    changes: dict[str, object], fault: str, path: str, says: str
) -> None:
    found, problems = parse_warehouse(DOC | changes)
    assert found is None
    (problem, *more) = problems
    assert all(one.path == problem.path for one in more)
    assert problem.fault == fault
    assert problem.path.startswith(path)
    assert says in problem.message + problem.help
    assert "hunter2" not in repr(problem)
    assert "a key of sixteen" not in repr(problem)


def test_a_warehouse_is_a_mapping() -> None:
    assert parse_warehouse("postgres://x")[0] is None


def test_placeholders_are_filled_in_once_and_no_value_is_shown() -> None:
    asked: list[str] = []

    def lookup(name: str) -> str:
        asked.append(name)
        return {"DB_PASSWORD": "${env.MASK_KEY}", "MASK_KEY": "0123456789abcdef"}[name]

    filled = resolve(good(), lookup)
    assert filled.server.password == "${env.MASK_KEY}", "a value is not looked into"
    assert filled.mask_key == "0123456789abcdef"
    assert sorted(asked) == ["DB_PASSWORD", "MASK_KEY"]
    assert "0123" not in repr(filled)
    with pytest.raises(MissingValueError) as missing:
        resolve(good(), {"DB_PASSWORD": "x"}.get)
    assert missing.value.names == ("MASK_KEY",)
    with pytest.raises(WrongValueError) as wrong:
        resolve(good(), {"DB_PASSWORD": "x", "MASK_KEY": "short"}.get)
    assert wrong.value.field == "mask_key"
    assert "short" not in str(wrong.value)


def test_of_two_masks_the_one_that_shows_less_counts() -> None:
    order = [
        None,
        Mask("prefix", 9),
        Mask("prefix", 3),
        Mask("hash"),
        Mask("redact"),
    ]
    for weak, one in enumerate(order):
        for strong, other in enumerate(order):
            assert stricter(one, other) == order[max(weak, strong)]


def test_a_run_without_a_warehouse_has_the_bytes_it_had() -> None:
    fields: dict[str, object] = {
        "format": 1,
        "contract": "c",
        "version": "1.0.0",
        "bundle": "bundle.json",
        "bundle_sha256": "sha256:" + "0" * 64,
        "source": "source.json",
        "source_name": "shop",
        "params": {},
        "secrets": "env",
        "keys": [],
        "hosts": [],
        "ports": [],
        "timeout": 60,
        "report": "stdout",
    }
    spec = msgspec.convert(fields, run.RunSpec)
    assert msgspec.json.decode(run.encode(spec)) == fields
    policy = WarehousePolicy(rows=10, columns=("id",), masks={"email": Mask("hash")}, unmask_sensitive=True)
    told = msgspec.structs.replace(
        spec, warehouse=WarehouseSpec("warehouse.json", "file", ("DB_PASSWORD",), policy=policy)
    )
    assert run.decode(run.encode(told)) == told


@pytest.mark.parametrize("wrong", [{"rows": -1}, {"cell": 0}, {"days": 0}, {"rows": 10**7}, {"colums": []}])
def test_a_policy_that_makes_no_sense_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(wrong, WarehousePolicy)
