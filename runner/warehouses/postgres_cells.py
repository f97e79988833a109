"""Cells on their way into typed columns of PostgreSQL."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

import msgspec

from assay.runner.engines.port import Cell
from assay.runner.warehouses.cells import cell_text

_TYPES = {
    # DuckDB type: PostgreSQL type that holds all its values, or nearly all
    "BOOLEAN": "boolean",
    "TINYINT": "smallint",
    "SMALLINT": "smallint",
    "INTEGER": "integer",
    "BIGINT": "bigint",
    "HUGEINT": "numeric(39,0)",
    "UTINYINT": "smallint",
    "USMALLINT": "integer",
    "UINTEGER": "bigint",
    "UBIGINT": "numeric(20,0)",
    "UHUGEINT": "numeric(39,0)",
    "FLOAT": "real",
    "DOUBLE": "double precision",
    "UUID": "uuid",
    "DATE": "date",
    "TIME": "time",
    "TIMESTAMP": "timestamp",
    "TIMESTAMP_S": "timestamp",
    "TIMESTAMP_MS": "timestamp",
    "TIMESTAMP_NS": "timestamp",
    "TIMESTAMP WITH TIME ZONE": "timestamptz",
}
_DECIMAL = re.compile(r"DECIMAL\((\d{1,2}), ?(\d{1,2})\)")
_NUL = "\u2400"
"""PostgreSQL's text cannot hold the character 0: its picture stands in its place."""
_DAY = r"(\d{4,7})-\d\d-\d\d"
_CLOCK = r"\d\d:\d\d:\d\d(?:\.\d{1,9})?"
_ZONE = r"(?:[+-]\d\d(?::?\d\d){0,2})?"
_FORMS = {
    "date": re.compile(rf"-?infinity|{_DAY}( BC)?"),
    "timestamp": re.compile(rf"-?infinity|{_DAY}[ T]{_CLOCK}( BC)?"),
    "timestamptz": re.compile(rf"-?infinity|{_DAY}[ T]{_CLOCK}{_ZONE}( BC)?"),
    "time": re.compile(_CLOCK),
    "uuid": re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"),
}
_LAST_YEAR = {"date": 5_874_897, "timestamp": 294_276, "timestamptz": 294_276}
_FIRST_YEAR_BC = 4_713


def column_type(stored: str) -> str:
    """The type of a column for a DuckDB type; what has no plain form is text."""
    if found := _DECIMAL.fullmatch(stored):
        return f"numeric({found[1]},{found[2]})"
    return _TYPES.get(stored, "text")


def copied(
    run: str, names: Sequence[str], types: Sequence[str], first: int, batch: Sequence[Sequence[Cell]]
) -> Iterator[list[Cell]]:
    """Rows as they are copied: the run, the number, what the types cannot hold as JSON, the cells."""
    texts = [place for place, type_ in enumerate(types) if type_ == "text"]
    others = [place for place, type_ in enumerate(types) if type_ != "text"]
    for number, row in enumerate(batch, first):
        cells = list(row)
        odd: dict[str, str] = {}
        for place in texts:
            cell = cells[place]
            text = cell if type(cell) is str else cell_text(cell)
            cells[place] = text if text is None or "\0" not in text else text.replace("\0", _NUL)
        for place in others:
            cell = cells[place]
            if isinstance(cell, str) or (isinstance(cell, Decimal) and not cell.is_finite()):
                cells[place] = _fitting(types[place], str(cell))
                if cells[place] is None:
                    odd[names[place]] = str(cell).replace("\0", _NUL)
        yield [run, number, msgspec.json.encode(odd).decode() if odd else None, *cells]


def _fitting(type_: str, text: str) -> str | None:
    """A text as PostgreSQL reads it; None where the type does not hold it."""
    if type_.startswith(("numeric", "real", "double")):
        return text if text.lower() == "nan" else None
    if "(BC)" in text:
        text = text.replace(" (BC)", "") + " BC"
    form = _FORMS.get(type_)
    found = form.fullmatch(text) if form is not None else None
    if found is None:
        return None
    if type_ in _LAST_YEAR and found[1] is not None:
        return text if int(found[1]) < (_FIRST_YEAR_BC if found[2] else _LAST_YEAR[type_]) else None
    return text
