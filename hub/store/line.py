"""A connection to PostgreSQL with a time limit on everything, made anew when it is broken."""

from __future__ import annotations

from typing import Any, cast

import psycopg
from sqlalchemy import Connection, create_engine
from sqlalchemy.engine import Engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool

from assay.hub.address import postgres_url

CONNECT_S = 5
STATEMENT_S = 10
LOCK_S = 5
IDLE_S = 30


def engine(address: str) -> Engine:
    """Connections in autocommit mode, with a time limit on everything; transactions are begun by hand."""
    limits = (
        f"-c statement_timeout={STATEMENT_S}s -c lock_timeout={LOCK_S}s"
        f" -c idle_in_transaction_session_timeout={IDLE_S}s -c timezone=UTC -c enable_seqscan=off"
    )
    return create_engine(
        postgres_url(address),
        poolclass=NullPool,
        isolation_level="AUTOCOMMIT",
        hide_parameters=True,
        connect_args={
            "connect_timeout": CONNECT_S,
            "application_name": "assay-hub",
            "options": limits,
            "keepalives_idle": 30,
            "tcp_user_timeout": 20_000,
        },
    )


class Line:
    """A thread's own connection, made when it is needed and thrown away when it is broken."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._connection: Connection | None = None

    def get(self) -> Connection:
        if self._connection is None:
            self._connection = self._engine.connect()
        return self._connection

    @property
    def raw(self) -> psycopg.Connection[tuple[Any, ...]]:
        return cast("psycopg.Connection[tuple[Any, ...]]", self.get().connection.driver_connection)

    def roll_back(self) -> None:
        """Also throws a connection away that cannot be used any more."""
        if self._connection is None:
            return
        if not self.is_whole:
            self.drop()
            return
        try:
            self.raw.execute("ROLLBACK")
        except (psycopg.Error, DBAPIError):
            self.drop()

    @property
    def is_whole(self) -> bool:
        """Whether there is a connection that can be used."""
        return self._connection is not None and not self._connection.invalidated and not self.raw.closed

    def drop(self) -> None:
        """Closes it, whatever state it is in; the next `get` makes another."""
        connection, self._connection = self._connection, None
        if connection is not None:
            try:
                connection.invalidate()
                connection.close()
            except (psycopg.Error, DBAPIError):
                pass
