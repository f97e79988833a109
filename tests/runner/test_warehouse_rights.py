"""What the accounts of a PostgreSQL warehouse may do, and what they may not."""

from __future__ import annotations

import psycopg
import pytest

from assay.runner.warehouses.postgres_schema import ddl
from tests.runner.warehouses import (
    Accounts,
    connect,
    elsewhere,
    postgres_place,
    write,
)
from tests.support.postgres import Server


def state_of(connection: psycopg.Connection, sql: str) -> str:
    """The SQLSTATE of a statement; empty where it runs."""
    try:
        connection.execute(sql.encode())
    except psycopg.Error as error:
        return error.sqlstate or type(error).__name__
    return ""


def table_of(made: Accounts, check: str = "check") -> str:
    ((place,),) = postgres_place(made).sql(
        f"SELECT DISTINCT place FROM assay.captures WHERE \"check\" = '{check}'"
    )
    return f"assay.{place}"


def test_the_writer_reads_no_failed_row_and_changes_no_table(made: Accounts) -> None:
    write(made.writer)
    rows = table_of(made)
    refused = [
        f"SELECT a FROM {rows}",
        f"SELECT * FROM {rows}",
        f"COPY {rows} TO STDOUT",
        f"UPDATE {rows} SET a = 0",
        f"TRUNCATE {rows}",
        f"DROP TABLE {rows}",
        f"ALTER TABLE {rows} ADD COLUMN b int",
        f"CREATE INDEX ON {rows} (a)",
        "SELECT report FROM assay.runs",
        "SELECT keys FROM assay.groups",
        "UPDATE assay.runs SET outcome = 'passed'",
        "CREATE TABLE assay.mine (a int)",
        "CREATE FUNCTION assay.mine() RETURNS int LANGUAGE sql AS 'SELECT 1'",
        "ALTER FUNCTION assay.rows_table(text, text, text[], text[]) OWNER TO CURRENT_USER",
        "DROP SCHEMA assay CASCADE",
    ]
    with connect(made.writer) as connection:
        assert {sql: state_of(connection, sql) for sql in refused} == dict.fromkeys(refused, "42501")
        assert state_of(connection, f"SELECT _run, _row FROM {rows}") == ""


def test_the_reader_changes_nothing(made: Accounts) -> None:
    write(made.writer)
    rows = table_of(made)
    refused = [
        *(f"INSERT INTO {table} DEFAULT VALUES" for table in ("assay.runs", "assay.captures", rows)),
        *(f"DELETE FROM {table}" for table in ("assay.runs", "assay.groups", "assay.outbox", rows)),
        "SELECT envelope FROM assay.outbox",
        "SELECT assay.rows_table('rows_x', 'x', ARRAY['a'], ARRAY['text'])",
    ]
    with connect(made.reader) as connection:
        assert {sql: state_of(connection, sql) for sql in refused} == dict.fromkeys(refused, "42501")
        assert state_of(connection, f"SELECT * FROM {rows}") == ""


def test_others_have_no_way_in(made: Accounts) -> None:
    write(made.writer)
    with made.server.connect() as admin:
        admin.execute("CREATE ROLE stranger_1 LOGIN PASSWORD 'x'")
    try:
        with connect(elsewhere(made.writer, user="stranger_1", password="x")) as connection:
            for sql in (
                "SELECT * FROM assay.runs",
                "SELECT assay.rows_table('rows_x', 'x', '{a}', '{text}')",
            ):
                assert state_of(connection, sql) == "42501"
    finally:
        with made.server.connect() as admin:
            admin.execute("DROP ROLE stranger_1")


@pytest.mark.parametrize(
    ("name", "names", "types"),
    [
        ("runs", "{a}", "{text}"),
        ("rows_x; DROP TABLE assay.runs", "{a}", "{text}"),
        ("rows_X", "{a}", "{text}"),
        ("rows_" + "x" * 59, "{a}", "{text}"),
        ("rows_x", "{a}", '{"text DEFAULT pg_sleep(9)"}'),
        ("rows_x", "{a}", "{serial}"),
        ("rows_x", "{a}", "{text[]}"),
        ("rows_x", "{a}", "{NULL}"),
        ("rows_x", "{a,b}", "{text}"),
        ("rows_x", "{a}", "{}"),
    ],
)
def test_the_function_that_makes_tables_makes_no_other(
    made: Accounts, name: str, names: str, types: str
) -> None:
    with connect(made.writer) as connection:
        with pytest.raises(psycopg.Error) as caught:
            connection.execute(
                "SELECT assay.rows_table(%s, 'x', %s::text[], %s::text[])", [name, names, types]
            )
        assert caught.value.sqlstate == "22023"
        connection.execute(
            "SELECT assay.rows_table('rows_x', %s, %s::text[], '{text}')", ["'; DROP", '{"a\\" text); --"}']
        )
    assert postgres_place(made).sql("SELECT count(*) FROM assay.runs") == [(0,)]


def test_the_ddl_needs_no_superuser_and_can_be_run_again(postgres_database: Server) -> None:
    server = postgres_database
    tag = server.dbname.removeprefix("assay_")
    names = [f"{role}_{tag}" for role in ("o", "w", "r")]
    from assay.runner.warehouses.postgres_schema import Roles

    with server.connect() as admin:
        admin.execute(f"CREATE ROLE maker_{tag} LOGIN CREATEROLE PASSWORD 'x'".encode())
        admin.execute(f"GRANT CREATE ON DATABASE {server.dbname} TO maker_{tag}".encode())
    try:
        with psycopg.connect(
            host=server.host, port=server.port, dbname=server.dbname, user=f"maker_{tag}", password="x",
            autocommit=True,
        ) as connection:  # fmt: skip
            for _ in range(2):
                connection.execute(ddl("rows", Roles(*names)).encode())
        with server.connect() as admin:
            owners = admin.execute(
                "SELECT DISTINCT tableowner FROM pg_tables WHERE schemaname = 'rows'"
            ).fetchall()
            assert owners == [(names[0],)]
    finally:
        with server.connect() as admin:
            for role in (*names, f"maker_{tag}"):
                admin.execute(f"DROP OWNED BY {role} CASCADE".encode())
                admin.execute(f"DROP ROLE {role}".encode())
