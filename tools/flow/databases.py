"""A real PostgreSQL that shows a certificate, with the tables of the flights example where they are wanted."""

from __future__ import annotations

import os
import pwd
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
import psycopg

from tests.support.postgres import Server, postgres
from tools.cluster.pki import Authority

FLIGHTS = Path(__file__).parents[2] / "examples" / "flights" / "data" / "public"
TYPES = {"INTEGER": "int", "BIGINT": "bigint", "DOUBLE": "double precision", "VARCHAR": "text"}


@contextmanager
def secure_postgres(authority: Authority, *names: str, **settings: str) -> Iterator[Server]:
    """A server whose certificate is good for these names and addresses."""
    given = os.environ.pop("ASSAY_TEST_POSTGRES", None)
    try:
        with tempfile.TemporaryDirectory(prefix="assay-tls-") as name:
            folder = Path(name)
            folder.chmod(0o755)
            authority.server(*names).write(folder, "server")
            for file in folder.iterdir():
                if os.geteuid() == 0:
                    os.chown(file, pwd.getpwnam("nobody").pw_uid, -1)
            files = {"ssl_cert_file": str(folder / "server.crt"), "ssl_key_file": str(folder / "server.key")}
            with postgres(ssl="on", **files, **settings) as server:
                yield server
    finally:
        if given is not None:
            os.environ["ASSAY_TEST_POSTGRES"] = given


def load_flights(server: Server) -> int:
    """The five tables of the example, copied from their Parquet files; gives the number of flights."""
    with duckdb.connect() as files, server.connect() as connection:
        for path in sorted(FLIGHTS.glob("*.parquet")):
            relation = files.read_parquet(str(path))
            types = [TYPES.get(str(kind), str(kind)) for kind in relation.types]
            columns = ", ".join(
                f'"{name}" {kind}' for name, kind in zip(relation.columns, types, strict=True)
            )
            connection.execute(f'CREATE TABLE public."{path.stem}" ({columns})'.encode())
            _copy(connection, path.stem, relation)
        row = connection.execute("SELECT count(*) FROM public.flights").fetchone()
    return 0 if row is None else int(row[0])


def _copy(connection: psycopg.Connection, table: str, relation: duckdb.DuckDBPyRelation) -> None:
    with tempfile.TemporaryDirectory(prefix="assay-copy-") as folder:
        file = Path(folder) / "table.csv"
        relation.write_csv(str(file), header=False)
        statement = f'COPY public."{table}" FROM STDIN (FORMAT csv)'
        with connection.cursor() as cursor, cursor.copy(statement.encode()) as copy, file.open("rb") as data:
            while part := data.read(1 << 20):
                copy.write(part)
