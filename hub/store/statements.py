"""SQLAlchemy's statements, turned into the driver's own once, and run without it from then on.

A service's statements are made when its module is loaded, and are always the same objects; SQLAlchemy would look at
every part of each of them again at every execution, which took two thirds of the hub's time for its store.
"""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import Boolean, Connection, Table, insert
from sqlalchemy.engine.interfaces import Dialect
from sqlalchemy.sql import Executable
from sqlalchemy.sql.compiler import SQLCompiler

MOST = 4_000
"""Statements that are kept; more than the hub has."""
Make = Callable[[Sequence[Any]], Any]


class Statement:
    """One statement of one dialect. positions: the order of the parameters, where they have no names."""

    __slots__ = ("_constants", "_make", "_positions", "_reads", "sql")

    def __init__(self, compiled: SQLCompiler) -> None:
        required = {name for bind, name in compiled.bind_names.items() if bind.required}
        expanded = compiled.construct_expanded_state(dict.fromkeys(required))
        self.sql = expanded.statement
        self._constants = {name: value for name, value in expanded.parameters.items() if name not in required}
        self._positions = tuple(expanded.positiontup or ()) if compiled.positional else None
        self._reads = not (compiled.isinsert or compiled.isupdate or compiled.isdelete)
        self._make = _maker(compiled)

    def execute(self, driver: Any, values: dict[str, Any]) -> Any:
        """The driver's cursor."""
        if self._constants:
            values = {**self._constants, **values}
        if self._positions is None:
            return driver.execute(self.sql, values)
        return driver.execute(self.sql, tuple([values[name] for name in self._positions]))

    def first(self, cursor: Any) -> Any:
        """The first row or None. What a change gives back is read to its end: only then it is done."""
        if self._reads:
            row = cursor.fetchone()
            cursor.close()
            return None if row is None else self._make(row)
        rows = cursor.fetchall()
        return self._make(rows[0]) if rows else None

    def all(self, cursor: Any) -> list[Any]:
        return [self._make(row) for row in cursor.fetchall()]


class Statements:
    """Those of one database. Statements with a list of unknown length are left to SQLAlchemy: None."""

    def __init__(self, dialect: Dialect) -> None:
        self._dialect = dialect
        self._known: dict[Executable, Statement | None] = {}
        self._inserts: dict[tuple[str, tuple[str, ...]], Statement] = {}

    def of(self, statement: Executable) -> Statement | None:
        try:
            return self._known[statement]
        except KeyError:
            pass
        if len(self._known) >= MOST:
            self._known.clear()
        made = self._known[statement] = self._compile(statement)
        return made

    def insert(self, table: Table, names: tuple[str, ...]) -> Statement:
        known = self._inserts.get((table.name, names))
        if known is None:
            compiled = insert(table).compile(dialect=self._dialect, column_keys=list(names))
            assert isinstance(compiled, SQLCompiler)  # noqa: S101 - what an insert compiles to
            known = self._inserts[table.name, names] = Statement(compiled)
        return known

    def _compile(self, statement: Executable) -> Statement | None:
        compiled = statement.compile(dialect=self._dialect)  # type: ignore[attr-defined]
        if any(bind.expanding and bind.required for bind in compiled.bind_names):
            return None
        return Statement(compiled)


def of(connection: Connection) -> Statements:
    """Those of the connection's engine."""
    engine = connection.engine
    found = _of_engine.get(id(engine))
    if found is None or found[0] is not engine:
        if len(_of_engine) > 100:
            _of_engine.clear()
        found = _of_engine[id(engine)] = (engine, Statements(connection.dialect))
    return found[1]


_of_engine: dict[int, tuple[Any, Statements]] = {}


def _maker(compiled: SQLCompiler) -> Make:
    """Makes rows with a name for each column; SQLite has no truth values of its own."""
    columns = compiled._result_columns
    row = namedtuple("Row", [column.keyname for column in columns], rename=True)  # type: ignore[misc]
    flags = [n for n, column in enumerate(columns) if isinstance(column.type, Boolean)]
    make: Make = row._make
    if not flags or compiled.dialect.name != "sqlite":
        return make

    def with_flags(values: Sequence[Any]) -> Any:
        changed = list(values)
        for number in flags:
            if changed[number] is not None:
                changed[number] = bool(changed[number])
        return make(changed)

    return with_flags
