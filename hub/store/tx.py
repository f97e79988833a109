"""What a function that reads or writes the store is given: one transaction of one tenant."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Table, bindparam, select, text
from sqlalchemy.sql import Executable
from sqlalchemy.sql.elements import ColumnElement, TextClause

from assay.hub.keyring import Keyring, version_of
from assay.hub.refusal import not_found
from assay.hub.store import statements
from assay.hub.tables import tenant_keys

HUB = ""
"""In place of a tenant: the hub itself, which sees the rows of all (reaper, scheduler, authentication)."""
randbits = secrets.randbits
_CROCKFORD = "0123456789abcdefghjkmnpqrstvwxyz"
_KEYS = select(tenant_keys.c.version, tenant_keys.c.master, tenant_keys.c.wrapped).where(
    tenant_keys.c.tenant == bindparam("t")
)
_once: dict[Table, TextClause] = {}


def mine(table: Table) -> ColumnElement[bool]:
    """The condition that every statement about a tenant's rows has."""
    return table.c.tenant == bindparam("t")


class Tx:
    """One transaction. now: microseconds since 1970 by the store's clock, the same all along. backlog: how many
    transactions wait behind it.

    A function that is given one may be called again, if the database asks for the transaction to be
    repeated: it changes nothing but the store. wrote: whether it has changed anything yet.
    """

    __slots__ = (
        "_driver",
        "_statements",
        "backlog",
        "connection",
        "keys",
        "now",
        "tenant",
        "topics",
        "wrote",
    )

    def __init__(
        self, connection: Connection, tenant: str, now: int, keys: Keyring, backlog: int = 0
    ) -> None:
        self.connection = connection
        self._driver: Any = connection.connection.driver_connection
        self._statements = statements.of(connection)
        self.tenant = tenant
        self.now = now
        self.keys = keys
        self.backlog = backlog
        self.topics: list[str] = []
        self.wrote = False

    def run(self, statement: Executable, **values: Any) -> None:
        """Runs a statement that has the condition `mine` (or, for the hub itself, none)."""
        self.changed(statement, **values)

    def row(self, statement: Executable, **values: Any) -> Any:
        """The first row, its columns by name and by place; None where there is none."""
        if self.tenant:
            values["t"] = self.tenant
        known = self._statements.of(statement, values)
        found = known.first(known.execute(self._driver, values))
        self.wrote = self.wrote or (not known.reads and found is not None)
        return found

    def one(self, statement: Executable, **values: Any) -> Any:
        """The row; refused as not found where there is none."""
        found = self.row(statement, **values)
        if found is None:
            raise not_found()
        return found

    def rows(self, statement: Executable, **values: Any) -> Sequence[Any]:
        if self.tenant:
            values["t"] = self.tenant
        known = self._statements.of(statement, values)
        found = known.all(known.execute(self._driver, values))
        self.wrote = self.wrote or (not known.reads and bool(found))
        return found

    def changed(self, statement: Executable, **values: Any) -> int:
        """Runs a change and tells how many rows it touched."""
        if self.tenant:
            values["t"] = self.tenant
        cursor = self._statements.of(statement, values).execute(self._driver, values)
        count: int = cursor.rowcount
        cursor.close()
        self.wrote = self.wrote or count != 0
        return count

    def add(self, table: Table, **values: Any) -> None:
        self.wrote = True
        values["tenant"] = self.tenant
        self._statements.insert(table, tuple(values)).execute(self._driver, values)

    def add_all(self, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
        for row in rows:
            self.add(table, **row)

    def add_once(self, table: Table, **values: Any) -> bool:
        """Adds a row unless one with its key is there; tells whether it was added."""
        statement = _once.get(table)
        if statement is None:
            names = [column.name for column in table.columns]
            statement = _once[table] = text(
                f"INSERT INTO {table.name} ({', '.join(names)})"  # noqa: S608 - names of our own tables
                f" VALUES ({', '.join(':' + name for name in names)}) ON CONFLICT DO NOTHING"
            )
        row: dict[str, Any] = dict.fromkeys((column.name for column in table.columns), None)
        return self.changed(statement, **{**row, **values, "tenant": self.tenant}) == 1

    def acting(self, tenant: str) -> Tx:
        """The hub's own transaction, in the name of one tenant: the reaper and the scheduler go through all."""
        other = Tx(self.connection, tenant, self.now, self.keys, self.backlog)
        other.topics = self.topics
        self.wrote = True
        return other

    def new_id(self) -> str:
        """A ULID: 48 bits of milliseconds and 80 random bits."""
        number = (self.now // 1000 << 80) | randbits(80)
        return "".join(_CROCKFORD[number >> shift & 31] for shift in range(125, -1, -5))

    def seal(self, table: Table, row: str, data: bytes) -> bytes:
        """Encrypts what will be kept in `row` of the table, with the tenant's newest data key."""
        if self.tenant not in self.keys.newest:
            self._read_keys()
        return self.keys.seal(self.tenant, table.name, row, data)

    def open(self, table: Table, row: str, data: bytes) -> bytes:
        """Decrypts what was sealed for this row of this tenant. Raises KeyProblem for any other."""
        if not self.keys.has(self.tenant, version_of(data)):
            self._read_keys()
        return self.keys.open(self.tenant, table.name, row, data)

    def wake(self, topic: str) -> None:
        """Tells those who wait for the topic, once this transaction is kept."""
        self.topics.append(topic)

    def _read_keys(self) -> None:
        for version, master, wrapped in self.rows(_KEYS):
            self.keys.keep(self.tenant, version, self.keys.unwrap(self.tenant, version, master, wrapped))
