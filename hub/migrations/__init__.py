"""Brings a store's tables to this version, step by step; a step that was released is never changed.

versions   one file a step, the number in front
"""

from __future__ import annotations

from contextlib import AbstractContextManager
from pathlib import Path

from sqlalchemy import Connection, create_engine, inspect, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool

from assay.hub.address import Problem, is_sqlite, postgres_url, sqlite_path

HERE = Path(__file__).parent
LOCK = 0x61737361
"""The advisory lock of PostgreSQL that one migration at a time holds."""


def upgrade(address: str) -> tuple[str | None, str]:
    """Makes or changes the tables; gives the steps before and after. Raises Problem."""
    from alembic import command
    from alembic.config import Config

    try:
        with _connect(address, create=True) as connection:
            if connection.dialect.name == "postgresql":
                connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
            before = _current(connection)
            config = Config()
            config.set_main_option("script_location", str(HERE))
            config.set_main_option("path_separator", "os")
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
            return before, newest()
    except DBAPIError as error:
        raise Problem(f"the store cannot be changed: {_words(error)}") from None


def newest() -> str:
    """The last step of this version; without Alembic, which takes half a second to load."""
    return max(path.stem[:4] for path in (HERE / "versions").glob("[0-9]*.py"))


def require_current(address: str) -> None:
    """Raises Problem where the tables are not those of this version."""
    try:
        with _connect(address, create=False) as connection:
            current = _current(connection)
    except DBAPIError as error:
        raise Problem(f"the store cannot be opened: {_words(error)}") from None
    if current is None:
        raise Problem("the store is empty: run `assay hub init`")
    if current != newest():
        raise Problem(f"the store is at step {current}, this hub needs {newest()}: run `assay hub migrate`")


def _connect(address: str, *, create: bool) -> AbstractContextManager[Connection]:
    if is_sqlite(address):
        path = sqlite_path(address)
        if not create and not path.exists():
            raise Problem(f"there is no store at {path}: run `assay hub init`")
        engine = create_engine(f"sqlite+pysqlite:///{path}", poolclass=NullPool)
    else:
        engine = create_engine(postgres_url(address), poolclass=NullPool, connect_args={"connect_timeout": 5})
    return engine.begin()


def _current(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def _words(error: DBAPIError) -> str:
    return " ".join(str(error.orig).split())
