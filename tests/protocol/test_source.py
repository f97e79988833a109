"""Data sources as configured: what is refused, and that no secret is ever shown."""

from __future__ import annotations

import pytest

from assay.protocol.source import (
    DuckdbSource,
    FileTable,
    MissingValueError,
    PostgresSource,
    Problem,
    WrongValueError,
    parse_sources,
    placeholders,
    resolve,
)

WAREHOUSE = {
    "type": "postgres",
    "host": "${env.DB_HOST}",
    "port": "${env.DB_PORT}",
    "database": "shop",
    "user": "reader",
    "password": "${env.DB_PASSWORD}",
    "options": {"statement_timeout": "5min"},
}


def problem(fields: dict[str, object]) -> Problem:
    sources, problems = parse_sources({"w": fields})
    assert sources == {}
    assert len(problems) == 1
    return problems[0]


def test_placeholders_are_filled_in_at_connect_time() -> None:
    sources, problems = parse_sources({"w": WAREHOUSE})
    assert problems == []
    source = sources["w"]
    assert placeholders(source) == ("DB_HOST", "DB_PASSWORD", "DB_PORT")
    values = {"DB_HOST": "db", "DB_PORT": "5433", "DB_PASSWORD": "s${env.DB_HOST}"}
    filled = resolve(source, values.get)
    assert isinstance(filled, PostgresSource)
    assert (filled.host, filled.port) == ("db", 5433)
    assert filled.password == "s${env.DB_HOST}", "a value is not looked into again"
    assert "s$" not in repr(filled)


def test_a_missing_or_wrong_value_says_names_only() -> None:
    source = parse_sources({"w": WAREHOUSE})[0]["w"]
    with pytest.raises(MissingValueError) as missing:
        resolve(source, {"DB_HOST": "db", "DB_PORT": "1"}.get)
    assert missing.value.names == ("DB_PASSWORD",)
    for values in ({"DB_PORT": "none5ecret"}, {"DB_PASSWORD": "none5ecret\n"}, {"DB_PORT": "70000"}):
        given = {"DB_HOST": "db", "DB_PORT": "1", "DB_PASSWORD": "x", **values}
        with pytest.raises(WrongValueError) as wrong:
            resolve(source, given.get)
        assert "none5ecret" not in str(wrong.value)


@pytest.mark.parametrize(
    ("changes", "fault", "path", "help_"),
    [
        ({"pasword": "x"}, "unknown_key", "w.pasword", "`password`"),
        ({"password": "none5ecret"}, "literal_secret", "w.password", "${env.W_PASSWORD}"),
        ({"password": "x${env.A}"}, "literal_secret", "w.password", "${env.W_PASSWORD}"),
        ({"type": "postgre"}, "unknown_type", "w.type", "`postgres`"),
        ({"type": None}, "missing_key", "w.type", "`duckdb`"),
        ({"user": None}, "missing_key", "w.user", ""),
        ({"host": "${HOME}"}, "placeholder", "w.host", "${env.NAME}"),
        ({"host": "${env.lower}"}, "placeholder", "w.host", "capitals"),
        (
            {"options": {"application_name": "${env.X}"}},
            "placeholder",
            "w.options.application_name",
            "`host`",
        ),
        ({"options": {"work_men": "1MB"}}, "unknown_key", "w.options.work_men", "`work_mem`"),
        ({"options": {"search_path": "mine"}}, "unknown_key", "w.options.search_path", ""),
        ({"options": {"work_mem": "1; DROP"}}, "wrong_value", "w.options.work_mem", ""),
        ({"port": 0}, "wrong_value", "w.port", ""),
        ({"sslmode": "verify"}, "wrong_value", "w.sslmode", "`verify-ca`"),
        ({"sslmode": "allow"}, "wrong_value", "w.sslmode", ""),
        ({"require_auth": "scram"}, "wrong_value", "w.require_auth", "`scram-sha-256`"),
        ({"connect_timeout": 600}, "wrong_value", "w.connect_timeout", ""),
    ],
)
def test_faults_are_found_with_help(changes: dict[str, object], fault: str, path: str, help_: str) -> None:
    found = problem({**WAREHOUSE, **changes})
    assert (found.path, found.fault) == (path, fault)
    assert help_ in found.help
    assert "none5ecret" not in repr(found)


@pytest.mark.parametrize(
    ("fields", "fault"),
    [
        ({"path": "/data/w.duckdb"}, "outside_folder"),
        ({"folder": "a/../../b"}, "outside_folder"),
        ({"path": "s3://bucket/x"}, "outside_folder"),
        ({"files": {"public.orders": "../orders.csv"}}, "outside_folder"),
        ({"files": {"public.orders": "orders.xlsx"}}, "wrong_value"),
        ({"files": "orders.csv"}, "wrong_value"),
        ({}, "missing_key"),
        ({"path": "a.duckdb", "folder": "b"}, "missing_key"),
        ({"path": "a.duckdb", "memory_limit": "much"}, "wrong_value"),
        ({"path": "${env.X}"}, "placeholder"),
    ],
)
def test_files_stay_in_the_folder(fields: dict[str, object], fault: str) -> None:
    assert problem({"type": "duckdb", **fields}).fault == fault


def test_files_stand_for_tables() -> None:
    sources, problems = parse_sources(
        {"w": {"type": "duckdb", "files": {"public.orders": "data/orders.csv"}}}
    )
    assert problems == []
    assert sources["w"] == DuckdbSource(files=(FileTable(("public", "orders"), "data/orders.csv"),))


@pytest.mark.parametrize("doc", [None, [], "x", {"w": 1}, {1: {}}, {"": {}}])
def test_what_is_no_mapping_is_a_problem(doc: object) -> None:
    assert parse_sources(doc)[1]
