"""SQLAlchemy's statements, turned into the driver's own once, and run without it from then on.

A service's statements are made when its module is loaded, and are always the same objects; SQLAlchemy would look at
every part of each of them again at every execution, which took two thirds of the hub's time for its store.
"""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Callable, Mapping, Sequence
from typing import Any, cast

from sqlalchemy import Boolean, Connection, Table, insert
from sqlalchemy.engine.interfaces import Dialect
from sqlalchemy.sql import Executable, visitors
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.elements import BindParameter, ClauseElement

MOST = 4_000
"""Statements that are kept; more than the hub has."""
Make = Callable[[Sequence[Any]], Any]


class Statement:
    """One statement of one dialect, for lists of one length. Its constants stand in its text: with parameters in
    their place, neither database would use a partial index."""

    __slots__ = ("_constants", "_lists", "_make", "_positions", "reads", "sql")

    def __init__(self, compiled: SQLCompiler, lists: Mapping[str, Sequence[Any]] | None = None) -> None:
        required = {name for bind, name in compiled.bind_names.items() if bind.required}
        expanded = compiled.construct_expanded_state({**dict.fromkeys(required), **(lists or {})})
        self.sql = expanded.statement
        self._lists = {name: tuple(expanded.parameter_expansion[name]) for name in lists or ()}
        own = {part for parts in self._lists.values() for part in parts}
        self._constants = {
            name: value for name, value in expanded.parameters.items() if name not in required | own
        }
        self._positions = tuple(expanded.positiontup or ()) if compiled.positional else None
        self.reads = not (compiled.isinsert or compiled.isupdate or compiled.isdelete)
        self._make = _maker(compiled)

    def execute(self, driver: Any, values: dict[str, Any]) -> Any:
        """The driver's cursor."""
        if self._constants:
            values = {**self._constants, **values}
        if self._lists:
            values = self._spread(values)
        if self._positions is None:
            return driver.execute(self.sql, values)
        return driver.execute(self.sql, tuple([values[name] for name in self._positions]))

    def first(self, cursor: Any) -> Any:
        """The first row or None. What a change gives back is read to its end: only then it is done."""
        if self.reads:
            row = cursor.fetchone()
            cursor.close()
            return None if row is None else self._make(row)
        rows = cursor.fetchall()
        return self._make(rows[0]) if rows else None

    def all(self, cursor: Any) -> list[Any]:
        return [self._make(row) for row in cursor.fetchall()]

    def _spread(self, values: dict[str, Any]) -> dict[str, Any]:
        """Each item of a list under a name of its own; the last one again where the statement has room for more."""
        spread = dict(values)
        for name, parts in self._lists.items():
            items = spread.pop(name)
            flat = [one for item in items for one in (item if isinstance(item, tuple) else (item,))]
            width = len(flat) // len(items)
            flat += flat[-width:] * ((len(parts) - len(flat)) // width)
            spread.update(zip(parts, flat, strict=True))
        return spread


class Statements:
    """Those of one database."""

    def __init__(self, dialect: Dialect) -> None:
        self._dialect = dialect
        self._known: dict[Executable, Statement | SQLCompiler] = {}
        self._of_lists: dict[tuple[Executable, tuple[int, ...]], Statement] = {}
        self._inserts: dict[tuple[str, tuple[str, ...]], Statement] = {}

    def of(self, statement: Executable, values: Mapping[str, Any]) -> Statement:
        """values: what it will be run with; no list of them is empty."""
        known = self._known.get(statement)
        if known is None:
            if len(self._known) >= MOST:
                self._known.clear()
            known = self._known[statement] = self._compile(statement)
        return known if isinstance(known, Statement) else self._with_lists(statement, known, values)

    def insert(self, table: Table, names: tuple[str, ...]) -> Statement:
        known = self._inserts.get((table.name, names))
        if known is None:
            compiled = insert(table).compile(dialect=self._dialect, column_keys=list(names))
            assert isinstance(compiled, SQLCompiler)  # noqa: S101 - what an insert compiles to
            known = self._inserts[table.name, names] = Statement(compiled)
        return known

    def _compile(self, statement: Executable) -> Statement | SQLCompiler:
        """Where it has lists of a length that is not known yet, as far as it can be made."""
        given = cast(ClauseElement, statement)
        literal = visitors.cloned_traverse(given, {}, {"bindparam": _in_the_text})
        compiled = cast(SQLCompiler, literal.compile(dialect=self._dialect))
        return compiled if _lists_of(compiled) else Statement(compiled)

    def _with_lists(
        self, statement: Executable, compiled: SQLCompiler, values: Mapping[str, Any]
    ) -> Statement:
        """One for each size of lists, of which there are few: powers of two."""
        names = _lists_of(compiled)
        sizes = tuple([1 << (len(values[name]) - 1).bit_length() for name in names])
        known = self._of_lists.get((statement, sizes))
        if known is None:
            if len(self._of_lists) >= MOST:
                self._of_lists.clear()
            lists = {name: [values[name][0]] * size for name, size in zip(names, sizes, strict=True)}
            known = self._of_lists[statement, sizes] = Statement(compiled, lists)
        return known


def _in_the_text(bind: BindParameter[Any]) -> None:
    if not bind.required and bind.value is not None:
        bind.literal_execute = True


def _lists_of(compiled: SQLCompiler) -> list[str]:
    return [name for bind, name in compiled.bind_names.items() if bind.expanding and bind.required]


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
